"""The pictures that messaging apps show of the site's pages, one for each kind of page and each chart."""

from collections.abc import Iterator
from itertools import islice
from typing import Final

from dashboards.exhibits.chart_registry import draw_shown, list_shown
from dashboards.export import share_picture
from dashboards.export.share_picture import Picture
from dashboards.queries.view import View
from dashboards.site import urls
from dashboards.site.output_folder import Folder
from dashboards.text import law

AT_ONCE: Final = 12  # pictures in one screenshot
PAGES: Final = (
    "charts", "claims", "contradictions", "revisions", "corrected", "changes", "organisations", "limits",
    "definitions", "methods", "figures", "builds", "data",
)  # fmt: skip


def list_names(view: View) -> list[str]:
    """The pictures of one language."""
    own = [f"chart-{each.name}" for each in list_shown(view) if each.has_picture]
    return ["home", *(name for name, _ in _list_titled(view)), *own]


def write_pictures(view: View, folder: Folder) -> Iterator[None]:
    """All pictures of one language. Raises chromium.MissingBrowserError."""
    pictures = _make_pictures(view)
    while group := list(islice(pictures, AT_ONCE)):
        for picture, drawn in zip(group, share_picture.draw(view, group), strict=True):
            folder.write(urls.make_picture_path(view.language, picture.name), drawn)
            yield


def _make_pictures(view: View) -> Iterator[Picture]:
    yield share_picture.make_home(view)
    for name, title in _list_titled(view):
        yield share_picture.make_titled(view, name, title)
    for chart, exhibit in draw_shown(view):
        if chart.has_picture:
            yield share_picture.make_chart(view, chart.name, exhibit)


def _list_titled(view: View) -> list[tuple[str, str]]:
    """Each page of one language that has a picture, but for the home and the charts, and its title."""
    words, told = view.words, law.find_law(view)
    pages = [(name, words.about(f"site.{name}_title", view.situation)) for name in PAGES]
    return pages if told is None else [*pages, (law.PAGE, told.title)]
