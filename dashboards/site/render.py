"""Templates to pages: Jinja with every value escaped, and the Content-Security-Policy of each page.

Nothing is allowed but what the page itself brings. A style within the page is allowed by its hash.
"""

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import polars as pl
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from dashboards.exhibits.situations import tell_signer
from dashboards.i18n.rich_text import Link
from dashboards.i18n.translations import read_words
from dashboards.queries import claim_rows
from dashboards.queries.view import View
from dashboards.site import urls
from dashboards.site.edition import Edition
from dashboards.site.output_folder import Folder
from dashboards.text import law, reader_questions
from dashboards.web import structured_data
from dashboards.web.headline_card import Card, render_card
from dashboards.web.html import Html, escape_text, is_web
from dashboards.web.question_link import render_question_link

# Plotly makes an empty style element and fills it by script: its content, the empty text, is allowed.
_EMPTY: Final = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
# And it measures text in an element with this one style attribute; a new version of Plotly may need another.
_MEASURING: Final = "'unsafe-hashes' 'sha256-wkY2X5hecQzbhnFCqvTpwrUJ1f4X8LH5WFjYUzv1wmU='"


def hash_text(text: str) -> str:
    """A text's hash as a policy names it."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def make_strict_policy(style: str = "") -> str:
    """For a page without scripts; `style` is the text of its own style element."""
    styles = hash_text(style) if style else "'self'"
    return f"default-src 'none'; style-src {styles}; img-src 'self'; base-uri 'none'; form-action 'none'"


def make_framing_policy() -> str:
    """For a page that shows other pages of the site in frames, with the script that gives them a height."""
    return f"{make_framed_policy()}; frame-src 'self'"


def make_framed_policy() -> str:
    """For a page that others show in a frame: our own script tells them how high it is."""
    return make_strict_policy().replace("; style-src", "; script-src 'self'; style-src", 1)


def make_drawing_policy() -> str:
    """For a page on which our own script draws a chart from data within the page."""
    return (
        f"default-src 'none'; script-src 'self'; style-src 'self' {_EMPTY} {_MEASURING}; "
        "style-src-attr 'unsafe-inline'; "  # plotly's letters of two sizes in one text
        "img-src 'self' blob: data:; "
        "base-uri 'none'; form-action 'none'"
    )


HERE: Final = Path(__file__).resolve().parent
STYLE: Final = urls.ASSETS + "style.css"
ICON: Final = urls.ASSETS + "icon.svg"
# The menu as the app has it: five and About, each with its pages, the first of which its link leads to.
SECTIONS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "today": ("index", "changes", "situations"),
        "charts": ("charts/index",),
        "verified": ("charts/index#compare",),
        "checks": ("contradictions", "revisions", "corrected"),
        "figures": ("claims", "figures/index", "organisations"),
        "about": ("methods", law.PAGE, "definitions", "limits", "data", "builds/index", "embeds"),
    }
)


@dataclass(frozen=True)
class Page:
    """One page: where it is, what it is called, and what its template is given."""

    template: str
    language: str
    path: str
    title: str
    description: str
    context: dict[str, Any] = field(default_factory=dict)
    picture: str = ""  # the Open Graph picture's path
    data: str = ""  # JSON-LD, already safe within a script element
    policy: str = ""  # empty: the strict one
    inline: bool = False  # the style within the page, so that it is one file
    listed: bool = True  # in the sitemap and for search engines
    canonical: str = ""  # where the same page is at home, if not here
    anywhere: bool = False  # the host shows it under addresses of any depth: no address in it is relative


@lru_cache(maxsize=2)
def read_style(inline: bool = False) -> str:
    """The site's style sheet, without what only its authors read; `inline` is what the front page needs."""
    text = (HERE / "assets" / "site.css").read_text(encoding="utf-8")
    if inline:
        text = re.sub(r"/\*\+\*/.*?/\*-\*/", "", text, flags=re.DOTALL)
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return re.sub(r"\s*([{}:;,>])\s*", r"\1", re.sub(r"\s+", " ", text)).replace(";}", "}").strip()


@lru_cache(maxsize=1)
def make_environment() -> Environment:
    """Templates in which every value is escaped and a missing one is an error."""
    return Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def render(edition: Edition, page: Page) -> str:
    """The page as HTML."""
    view = edition.views[page.language]
    words = view.words
    link = (
        partial(urls.make_rooted_address, edition.root)
        if page.anywhere
        else partial(urls.make_relative_address, page.path)
    )
    html = make_html(page.path, page.language, claim_rows.read_figure_ids(view.build, view.situation_id))
    stated = page.policy or make_strict_policy(read_style(inline=True) if page.inline else "")
    rendered = (
        make_environment()
        .get_template(page.template)
        .render(
            **page.context,
            page=page,
            edition=edition,
            view=view,
            situation=view.situation,
            w=words,
            language=page.language,
            href=link,
            cell=lambda content: Markup(html.cell(content)),
            table=lambda *parts: Markup(html.table(*parts)),
            findings=lambda chunk: _render_findings(view, chunk, html),
            mistakes=lambda chunk: _render_mistakes(view, chunk, html),
            wrong_page=lambda: _link_wrong_page(edition, view, page, html),
            wrong_figure=lambda row: _link_wrong_figure(edition, view, row, html),
            wrong_chart=lambda name, title: _link_wrong_chart(edition, view, page, name, title, html),
            card=lambda card: Markup(_render_card(card, html)),
            policy=stated,
            style=read_style(inline=True) if page.inline else "",
            others=_list_other_languages(edition, page),
            regions=[read_words(code).region for code in edition.views if code != page.language],
            menu=lambda: _make_menu(view, page),  # the families' page does without
            below=_list_section(view, _find_section(page)),
            more=_list_all(view),
            signer=tell_signer(view),
            home=make_home_path(page.language),
            at=urls,
            STYLE=STYLE,
            ICON=ICON,
        )
    )
    return re.sub(r"\n[ \t]*(?=\n)", "", rendered)


def make_html(here: str, language: str, figures: Mapping[str, str]) -> Html:
    """How a page writes HTML: terms open in the app only; `figures` is claim → figure.

    Only http and https lead outside; the app's address of a claim or figure becomes the site's.
    """

    known = frozenset(figures.values())

    def link(target: Link) -> str:
        claim = urls.find_claim(target.url or "")
        figure = urls.find_figure(target.url or "") if claim is None else figures.get(claim)
        if figure in known:
            inside = urls.make_relative_address(here, urls.make_figure_path(language, figure))
            return f'<a href="{escape_text(inside)}">{escape_text(target.text)}</a>'
        if claim is not None or not target.url or not is_web(target.url):
            return escape_text(target.text)
        return f'<a href="{escape_text(target.url)}" rel="noopener noreferrer">{escape_text(target.text)}</a>'

    return Html("", link, lambda term: escape_text(term.text))


def list_figures(
    edition: Edition, view: View, frame: pl.DataFrame, most: int = structured_data.SOURCES
) -> list[str]:
    """The whole addresses of the newest figures behind a frame; none where the site's own is not known."""
    ids = claim_rows.read_figure_ids(view.build, view.situation_id)
    found = [ids[claim] for claim in structured_data.list_claims(frame, most) if claim in ids]
    return (
        [edition.absolute(urls.make_figure_path(view.language, each)) for each in dict.fromkeys(found)]
        if (edition.base_url)
        else []
    )


def _render_card(card: Card, html: Html) -> str:
    return render_card(card, card.marks, html, brief=True)


def _render_findings(view: View, chunk: Any, html: Html) -> Markup:
    from dashboards.web import conflict_list  # with plotly, which the families' page does without

    return Markup(conflict_list.render_findings(view, chunk, html))


def _render_mistakes(view: View, chunk: Any, html: Html) -> Markup:
    from dashboards.web import mistake_list  # the same

    return Markup(mistake_list.render_mistakes(view, chunk, html))


def _link_wrong_page(edition: Edition, view: View, page: Page, html: Html) -> Markup:
    """What says that something is wrong on a page; empty where the situation names no channel."""
    name = page.path.removeprefix(f"{page.language}/").removesuffix(".html")
    address = edition.absolute(page.path)
    return Markup(
        render_question_link(view, reader_questions.ask_about_page(view, name, page.title, address), html)
    )


def _link_wrong_figure(edition: Edition, view: View, row: Mapping[str, Any], html: Html) -> Markup:
    address = edition.absolute(urls.make_figure_path(view.language, row["figure_id"]))
    return Markup(render_question_link(view, reader_questions.ask_about_figure(view, row, address), html))


def _link_wrong_chart(edition: Edition, view: View, page: Page, name: str, title: str, html: Html) -> Markup:
    """The same of a chart; from a frame in another site's page it leads out of that page."""
    address = edition.absolute(urls.make_chart_path(view.language, name))
    question = reader_questions.ask_about_chart(view, name, title, address)
    return Markup(render_question_link(view, question, html, whole=page.template == "embed.html"))


def make_home_path(language: str) -> str:
    """The families' page of one language."""
    return urls.make_page_path(language, "index")


def _find_section(page: Page) -> str:
    """The section that a page belongs to, by the folder it is in or its own name."""
    name = page.path.removeprefix(f"{page.language}/").removesuffix(".html")
    folder = f"{name.split('/')[0]}/index" if "/" in name else name
    return next((section for section, names in SECTIONS.items() if folder in names), "")


def _make_menu(view: View, page: Page) -> list[tuple[str, str, bool]]:
    """The sections: where each leads, its name, whether the page belongs to it."""
    here = _find_section(page)
    there = {section: _list_there(view, section) for section in SECTIONS}
    return [
        (_find_path(view, names[0]), view.words(f"nav.{section}"), section == here)
        for section, names in there.items()
        if names
    ]


def _list_section(view: View, section: str) -> list[tuple[str, str]]:
    """The pages of a section that has several: where each is, and its name."""
    if len(SECTIONS.get(section, ())) < 2:
        return []
    return [(_find_path(view, name), _name(view, name)) for name in _list_there(view, section)]


def _list_there(view: View, section: str) -> list[str]:
    """The pages of a section, and the parts of pages, that the situation has."""
    return [name for name in SECTIONS[section] if _is_there(view, name)]


def _is_there(view: View, name: str) -> bool:
    if name == law.PAGE:
        return law.find_law(view) is not None
    part = name.partition("#")[2]
    if not part:
        return True
    from dashboards.exhibits.chart_registry import list_shown  # with plotly, as below

    return any(chart.group == part for chart in list_shown(view))


def _list_all(view: View) -> list[tuple[str, str]]:
    return [each for section in SECTIONS for each in _list_section(view, section)]


def _find_path(view: View, name: str) -> str:
    page, _, place = name.partition("#")
    return urls.make_page_path(view.language, page) + (f"#{place}" if place else "")


def _name(view: View, name: str) -> str:
    return view.words(f"site.nav_{name.split('/')[0]}")


def _list_other_languages(edition: Edition, page: Page) -> list[tuple[str, str, str]]:
    """The same page in each language: code, path, what the language calls itself."""
    rest = page.path.removeprefix(f"{page.language}/")
    return [(code, f"{code}/{rest}", read_words(code).own_name) for code in edition.views]


@dataclass
class Site:
    """A site in the making: its edition, its folder, and the pages written so far."""

    edition: Edition
    folder: Folder
    pinned: frozenset[str] = frozenset()
    pages: list[Page] = field(default_factory=list)

    def write(self, page: Page) -> None:
        """Render and write one page."""
        self.folder.write(page.path, render(self.edition, page))
        self.pages.append(
            replace(page, context={}, data="")
        )  # what a page holds is not kept with its address
