"""The picture that a messaging app shows of a page: the figure, its day and its source in large type.

Drawn by Pillow with the font that it carries: the same bytes everywhere, and no browser.
"""

import io
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from dashboards import exhibits, latest, telling
from dashboards.latest import Latest
from dashboards.site import charts, linked
from dashboards.site.folder import Folder
from dashboards.view import View
from pipelines.model import Measure

SIZE: Final = (1200, 630)
PAD: Final = 64
PAPER, INK, SOFT, HELD, LEFT = "#fdfcfa", "#1d1b19", "#5a544e", "#b8481f", "#146f7b"
PAGES: Final = (
    "charts", "claims", "contradictions", "revisions", "changes", "organisations", "limits",
    "definitions", "methods", "figures", "builds", "data",
)  # fmt: skip


def names(view: View) -> list[str]:
    """The pictures of one language."""
    own = [f"chart-{each.name}" for each in charts.shown(view) if each.exhibit.figure is not None]
    return ["home", *PAGES, *own]


def written(view: View, folder: Folder) -> Iterator[None]:
    """All pictures of one language."""
    words = view.words
    situation = words.of(view.situation.name)
    source = exhibits.overview(view).source
    folder.write(linked.picture(view.language, "home"), _home(view))
    yield
    for name in PAGES:
        title = words(f"site.{name}_title", situation=situation)
        folder.write(linked.picture(view.language, name), _card(words("app.name"), title, source))
        yield
    for each in charts.shown(view):
        if each.exhibit.figure is not None:
            kicker = f"{words('app.name')} · {situation}"
            drawn = _card(kicker, each.exhibit.title, each.exhibit.source, _newest(view, each.exhibit))
            folder.write(linked.picture(view.language, f"chart-{each.name}"), drawn)
            yield


def _newest(view: View, exhibit: exhibits.Exhibit) -> str:
    """The chart's newest figure with its moment, where its rows are figures."""
    frame = exhibit.frame
    if frame.is_empty() or not {"as_of", "qualifier", "value", "value_high", "as_of_precision"} <= set(
        frame.columns
    ):
        return ""
    row = frame.sort("as_of", maintain_order=True).to_dicts()[-1]
    return view.words(
        "site.newest", figure=telling.figure(row, view.words), moment=telling.short_moment(row, view.words)
    )


def _home(view: View) -> bytes:
    """Both headline figures, each with its day."""
    words = view.words
    image = Image.new("RGB", SIZE, PAPER)
    draw = ImageDraw.Draw(image)
    _text(draw, (PAD, 48), f"{words('app.name')} · {words.of(view.situation.name)}", 38, INK, bold=True)
    half = (SIZE[0] - 2 * PAD) // 2
    since = words("card.left", since=words.short_day(view.situation.baseline))
    sides: tuple[tuple[str, Latest | None, str], ...] = (
        (words(f"measure.{Measure.IN_CUSTODY}"), latest.held(view), HELD),
        (since, latest.left_prison(view), LEFT),
    )
    for number, (label, found, colour) in enumerate(sides):
        left = PAD + number * half
        draw.rectangle((left, 130, left + half - 40, 138), fill=colour)
        _lines(draw, (left, 160), label, 36, INK, half - 40, most=2)
        figure = words("no_data") if found is None else telling.figure(found.rows[0], words)
        size = 150
        while size > 40 and _font(size).getlength(figure) > half - 40:
            size -= 10
        _text(draw, (left, 250 + (150 - size) // 2), figure, size, colour, bold=True)
        if found is not None:
            _text(draw, (left, 425), telling.short_moment(found.rows[0], words), 38, INK, bold=True)
    source = words("card.who", organisation=view.names[view.situation.primary_organisation])
    _text(draw, (PAD, 500), source, 38, SOFT)
    _text(draw, (PAD, 555), words("site.build_short", build=view.build.id), 26, SOFT)
    return _png(image)


def _card(kicker: str, title: str, source: str, figure: str = "") -> bytes:
    image = Image.new("RGB", SIZE, PAPER)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, 16, SIZE[1]), fill=HELD)
    _text(draw, (PAD, 48), kicker, 34, SOFT, bold=True)
    below = _lines(draw, (PAD, 118), title, 60, INK, SIZE[0] - 2 * PAD, most=3, bold=True)
    if figure:
        size = 76
        while size > 36 and _font(size).getlength(figure) > SIZE[0] - 2 * PAD:
            size -= 4
        _text(draw, (PAD, below + 24), figure, size, HELD, bold=True)
    _lines(draw, (PAD, 500), source, 28, SOFT, SIZE[0] - 2 * PAD, most=3)
    return _png(image)


def _text(
    draw: ImageDraw.ImageDraw, at: tuple[int, int], text: str, size: int, colour: str, bold: bool = False
) -> None:
    draw.text(
        at, text, font=_font(size), fill=colour, stroke_width=size // 40 if bold else 0, stroke_fill=colour
    )


def _lines(
    draw: ImageDraw.ImageDraw,
    at: tuple[int, int],
    text: str,
    size: int,
    colour: str,
    width: int,
    *,
    most: int,
    bold: bool = False,
) -> int:
    """A text in at most so many lines; returns where the next may start."""
    lines: list[str] = []
    for word in text.split():
        if lines and _font(size).getlength(f"{lines[-1]} {word}") <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    if len(lines) > most:
        lines = [*lines[: most - 1], lines[most - 1] + " …"]
    for number, line in enumerate(lines):
        _text(draw, (at[0], at[1] + round(number * size * 1.25)), line, size, colour, bold)
    return at[1] + round(len(lines) * size * 1.25)


@lru_cache(maxsize=32)
def _font(size: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(size)
    assert isinstance(font, ImageFont.FreeTypeFont)
    return font


def _png(image: Image.Image) -> bytes:
    """Few colours, few bytes."""
    out = io.BytesIO()
    image.quantize(32, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()
