"""The picture that a messaging app shows of a page: the figure, its day and its source in large type.

Chromium draws many of them in one go, one below the other; they are cut apart here.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from markupsafe import Markup
from PIL import Image

from dashboards.charts import fonts
from dashboards.exhibits.chart_registry import list_shown
from dashboards.exhibits.exhibit import Exhibit
from dashboards.export import chromium
from dashboards.metrics import headline
from dashboards.metrics.headline import Headlines, find_headlines
from dashboards.queries.view import View
from dashboards.site import urls
from dashboards.site.output_folder import Folder
from dashboards.site.render import make_environment
from dashboards.text import amounts, labels, law
from dashboards.text.statement_sentences import compose_source
from dashboards.web import headline_card
from dashboards.web.headline_card import Card

WIDTH, HEIGHT = 1200, 630
AT_ONCE: Final = 12  # pictures in one screenshot
PAGES: Final = (
    "charts", "claims", "contradictions", "revisions", "corrected", "changes", "organisations", "limits",
    "definitions", "methods", "figures", "builds", "data",
)  # fmt: skip


@dataclass(frozen=True)
class Picture:
    """What one picture says."""

    name: str
    kicker: str
    source: str
    title: str = ""
    figure: str = ""
    moment: str = ""
    sides: tuple[Card, ...] = ()


def list_names(view: View) -> list[str]:
    """The pictures of one language."""
    own = [f"chart-{each.name}" for each in list_shown(view) if each.exhibit.figure is not None]
    return ["home", *(name for name, _ in _list_titled(view)), *own]


def write_pictures(view: View, folder: Folder) -> Iterator[None]:
    """All pictures of one language. Raises exports.MissingBrowserError."""
    pictures = _make_pictures(view)
    for start in range(0, len(pictures), AT_ONCE):
        group = pictures[start : start + AT_ONCE]
        for picture, drawn in zip(group, _draw_cards(view, group), strict=True):
            folder.write(urls.make_picture_path(view.language, picture.name), drawn)
            yield


def _draw_cards(view: View, pictures: list[Picture]) -> Iterator[bytes]:
    """Some pictures drawn, in order, in few colours."""
    template = make_environment().get_template("open_graph.html")
    page = template.render(
        pictures=pictures,
        language=view.language,
        face=Markup(fonts.write_face()),
        family=Markup(fonts.FAMILY),
    )
    shot = chromium.print_png(page, WIDTH, HEIGHT * len(pictures))
    with Image.open(io.BytesIO(shot)) as image:
        whole = image.convert("RGB")
    for number in range(len(pictures)):
        cut = whole.crop((0, number * HEIGHT, WIDTH, (number + 1) * HEIGHT))
        out = io.BytesIO()
        few = cut.quantize(32, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        few.save(out, "PNG")
        yield out.getvalue()


def _make_pictures(view: View) -> list[Picture]:
    words = view.words
    situation = words.of(view.situation.name)
    kicker = f"{words('app.name')} · {situation}"
    found = find_headlines(view)
    source = compose_source(view, found.shown)
    pages = [Picture(name, kicker, source, title) for name, title in _list_titled(view)]
    own = [
        Picture(
            f"chart-{each.name}",
            kicker,
            each.exhibit.source,
            each.exhibit.title,
            *_find_newest(view, each.exhibit),
        )
        for each in list_shown(view)
        if each.exhibit.figure is not None
    ]
    return [_make_home(view, found, kicker), *pages, *own]


def _list_titled(view: View) -> list[tuple[str, str]]:
    """Each page of one language that has a picture, but for the home and the charts, and its title."""
    words, told = view.words, law.find_law(view)
    pages = [(name, words.about(f"site.{name}_title", view.situation)) for name in PAGES]
    return pages if told is None else [*pages, (law.PAGE, told.title)]


def _find_newest(view: View, exhibit: Exhibit) -> tuple[str, str]:
    """The chart's newest figure and its moment, where its rows are figures of one series."""
    frame = exhibit.frame
    needed = {"as_of", "qualifier", "value", "value_high", "as_of_precision", "organisation", "measure"}
    if frame.is_empty() or not needed <= set(frame.columns):
        return "", ""
    if frame["organisation"].n_unique() > 1 or frame["measure"].n_unique() > 1:
        return "", ""
    row = headline.list_newest(view, frame.sort("as_of", maintain_order=True))[-1]
    return amounts.tell_amount(row, view.words), labels.tell_short_moment(row, view.words)


def _make_home(view: View, found: Headlines, kicker: str) -> Picture:
    """Both headline figures, each with its day."""
    words = view.words
    since = words.short_day(view.situation.baseline)
    sides = tuple(
        replace(
            headline_card.build_card(view, each), label=headline_card.name_card(view, each.measure, since)
        )
        for each in found.both
    )
    who = words("card.who", organisation=view.names[found.held.organisation])
    build = words("site.build_short", build=view.build.id)
    return Picture("home", kicker, f"{who}. {build}.", sides=sides)
