"""The picture that a messaging app shows of a page: the figure, its day and its source in large type.

Chromium draws many of them in one go, one below the other; they are cut apart here.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from PIL import Image

from dashboards import headline_card, latest, law, telling
from dashboards.catalog import shown
from dashboards.exhibits import Exhibit
from dashboards.exports import browser
from dashboards.headline_card import Card
from dashboards.latest import Headlines, find_headlines
from dashboards.sentences import source_line
from dashboards.site import linked
from dashboards.site.folder import Folder
from dashboards.site.render import environment
from dashboards.view import View

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


def names(view: View) -> list[str]:
    """The pictures of one language."""
    own = [f"chart-{each.name}" for each in shown(view) if each.exhibit.figure is not None]
    return ["home", *(name for name, _ in _titled(view)), *own]


def written(view: View, folder: Folder) -> Iterator[None]:
    """All pictures of one language. Raises exports.MissingBrowserError."""
    pictures = _pictures(view)
    for start in range(0, len(pictures), AT_ONCE):
        group = pictures[start : start + AT_ONCE]
        for picture, drawn in zip(group, _drawn(view, group), strict=True):
            folder.write(linked.picture(view.language, picture.name), drawn)
            yield


def _drawn(view: View, pictures: list[Picture]) -> Iterator[bytes]:
    """Some pictures drawn, in order, in few colours."""
    page = environment().get_template("share.html").render(pictures=pictures, language=view.language)
    shot = browser.page_png(page, WIDTH, HEIGHT * len(pictures))
    with Image.open(io.BytesIO(shot)) as image:
        whole = image.convert("RGB")
    for number in range(len(pictures)):
        cut = whole.crop((0, number * HEIGHT, WIDTH, (number + 1) * HEIGHT))
        out = io.BytesIO()
        few = cut.quantize(32, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        few.save(out, "PNG")
        yield out.getvalue()


def _pictures(view: View) -> list[Picture]:
    words = view.words
    situation = words.of(view.situation.name)
    kicker = f"{words('app.name')} · {situation}"
    found = find_headlines(view)
    source = source_line(view, found.shown)
    pages = [Picture(name, kicker, source, title) for name, title in _titled(view)]
    own = [
        Picture(
            f"chart-{each.name}",
            kicker,
            each.exhibit.source,
            each.exhibit.title,
            *_newest(view, each.exhibit),
        )
        for each in shown(view)
        if each.exhibit.figure is not None
    ]
    return [_home(view, found, kicker), *pages, *own]


def _titled(view: View) -> list[tuple[str, str]]:
    """Each page of one language that has a picture, but for the home and the charts, and its title."""
    words, told = view.words, law.law_of(view)
    pages = [(name, words.about(f"site.{name}_title", view.situation)) for name in PAGES]
    return pages if told is None else [*pages, (law.PAGE, told.title)]


def _newest(view: View, exhibit: Exhibit) -> tuple[str, str]:
    """The chart's newest figure and its moment, where its rows are figures of one series."""
    frame = exhibit.frame
    needed = {"as_of", "qualifier", "value", "value_high", "as_of_precision", "organisation", "measure"}
    if frame.is_empty() or not needed <= set(frame.columns):
        return "", ""
    if frame["organisation"].n_unique() > 1 or frame["measure"].n_unique() > 1:
        return "", ""
    row = latest.newest(view, frame.sort("as_of", maintain_order=True))[-1]
    return telling.figure(row, view.words), telling.short_moment(row, view.words)


def _home(view: View, found: Headlines, kicker: str) -> Picture:
    """Both headline figures, each with its day."""
    words = view.words
    since = words.short_day(view.situation.baseline)
    sides = tuple(
        replace(headline_card.build_card(view, each), label=headline_card.label(view, each.measure, since))
        for each in found.both
    )
    who = words("card.who", organisation=view.names[found.held.organisation])
    build = words("site.build_short", build=view.build.id)
    return Picture("home", kicker, f"{who}. {build}.", sides=sides)
