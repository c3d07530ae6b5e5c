"""The site's llms.txt: one in each language, the first one's at the root."""

from typing import Final

from dashboards.i18n.translations import read_words
from dashboards.queries.view import View
from dashboards.site import feeds, json_api, open_data, urls
from dashboards.site.edition import Edition
from dashboards.site.output_folder import Folder
from dashboards.site.pages import data, figures
from dashboards.site.render import SECTIONS
from dashboards.text import law
from dashboards.web.llms_text import NAME, Entry, Section, write_text

UNSAID: Final = ("index", "situations", "embeds", law.PAGE)  # pages that have no sentence of their own here


def write_files(edition: Edition, folder: Folder) -> None:
    """Every language's file."""
    for language, view in edition.views.items():
        text = write(edition, view)
        folder.write(f"{language}/{NAME}", text)
        if view is edition.first:
            folder.write(NAME, text)


def write(edition: Edition, view: View) -> str:
    """The file of one language."""
    words = view.words
    sections = (
        Section(words("llms.data"), _list_data(edition, view)),
        Section(words("site.nav_figures"), _list_figures(edition, view)),
        Section(words("llms.pages"), _list_pages(edition, view)),
        Section("Optional", _list_others(edition, view)),
    )
    return write_text(words, words.of(view.situation.name), sections)


def _locate(edition: Edition, path: str) -> str:
    return edition.absolute(path) or path


def _make_entry(edition: Edition, view: View, name: str, note: str) -> Entry:
    """A page of the menu under its name there."""
    path = urls.make_page_path(view.language, name)
    return Entry(view.words(f"site.nav_{name.split('/')[0]}"), _locate(edition, path), note)


def _list_data(edition: Edition, view: View) -> list[Entry]:
    words = view.words
    tables = [
        Entry(f"{name}.{form}", _locate(edition, f"{open_data.PLACE}{name}.{form}"), words(f"package.{name}"))
        for name in open_data.NAMES
        for form in ("csv", "json")
    ]
    return [
        _make_entry(edition, view, "data", words("site.data_lead")),
        Entry("OpenAPI 3.1", _locate(edition, json_api.DESCRIPTION), words("package.api")),
        Entry(data.FIGURES, _locate(edition, data.FIGURES), words("site.data_figures")),
        *tables,
    ]


def _list_figures(edition: Edition, view: View) -> list[Entry]:
    words = view.words
    notes, figure = [words("site.figures_lead"), words("llms.observation")], figures.find_example(view)
    if figure is not None:
        address = _locate(edition, urls.make_figure_path(view.language, figure))
        notes.insert(1, words("site.figures_address", example=address))
    return [_make_entry(edition, view, "figures/index", " ".join(notes))]


def _list_pages(edition: Edition, view: View) -> list[Entry]:
    words = view.words
    names = [name for pages in SECTIONS.values() for name in pages if "#" not in name and name not in UNSAID]
    entries = [
        _make_entry(edition, view, name, words(f"site.{name.split('/')[0]}_lead"))
        for name in names
        if name not in ("figures/index", "data")
    ]
    return [_make_entry(edition, view, "index", words.about("family.title", view.situation)), *entries]


def _list_others(edition: Edition, view: View) -> list[Entry]:
    words = view.words
    others = [
        Entry(read_words(code).own_name, _locate(edition, f"{code}/{NAME}"))
        for code in edition.views
        if code != view.language
    ]
    feed = _locate(edition, feeds.make_feed_path(view.language))
    return [
        Entry(words("site.nav_feed"), feed, words("site.feed_all")),
        _make_entry(edition, view, "embeds", words("llms.embeds")),
        *others,
    ]
