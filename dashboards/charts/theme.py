"""The visual language that every chart keeps: one look for one meaning, never by colour alone.

stock         a thin line between the days that somebody stated, round marks
cumulative    the same with square marks
flow          a bar as wide as the window it counts
at least …    no point: a tick at the stated number and an open stem towards where the truth lies
about, range  a bar from the lowest to the highest number that the statement allows
contradicted  a hollow grey mark, and the line does not choose between the two
revised       a mark with a dot inside
second hand   a ring: a hollow mark in the colour of its line
in doubt      a small hollow grey mark off the line: nothing joins it, nothing counts it
silence       fine dots between two figures; after the last one, a hatched tab that says since when
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import plotly.graph_objects as go
import plotly.io
import polars as pl

from dashboards.charts.fonts import FAMILY

# Told apart under the common colour deficiencies, and 3:1 against both the light and the dark page.
PALETTE: Final = ("#C2512A", "#1B7F8C", "#7B5EA7", "#8A7000", "#B0508E", "#4F7942", "#5B7DB1", "#7D7D7D")
SHAPES: Final = ("circle", "square", "triangle-up", "pentagon", "hexagon", "star", "cross", "diamond")
DASHES: Final = ("solid", "dash", "dot", "dashdot", "longdash")
QUIET: Final = "rgba(128,128,128,0.55)"
GRID: Final = "rgba(128,128,128,0.18)"
HATCH: Final = "rgba(128,128,128,0.35)"
PAPER: Final = "#FDFCFA"
INK: Final = "#1E2126"
SOFT: Final = "#57524C"
RULE: Final = "#E7E2DA"
IN_DOUBT: Final = "#7A746C"
ON_PALE, ON_DARK = "#1A1A1A", "#FFFFFF"  # letters on a filled mark, in both themes
# A colour of the palette as that of small letters: 4.5:1 on the light ground.
LETTERS: Final = {"#C2512A": "#A8401F", "#1B7F8C": "#14656F", "#7D7D7D": "#5F5F5F", "#8A7000": "#6E5900"}
# Each colour of a picture on the light ground, and what takes its place on the dark one.
DARK: Final = {
    PAPER: "#14171B", INK: "#E9E6E0", SOFT: "#B5B0A8", RULE: "#363C44", IN_DOUBT: "#A39D94",
    "#C2512A": "#E98A66", "#A8401F": "#F0977A", "#1B7F8C": "#62BCC8", "#14656F": "#7CCBD6",
    "#7B5EA7": "#B29AE0", "#8A7000": "#D3B23C", "#6E5900": "#D3B23C", "#B0508E": "#DE8CBF",
    "#4F7942": "#8FBF80", "#5B7DB1": "#93B0DE", "#7D7D7D": "#A6A9AE", "#5F5F5F": "#B9BBBF",
}  # fmt: skip

# Plotly's own template is 3 kB in every figure, and has each axis drawn twice to make room for its labels.
plotly.io.templates["house"] = go.layout.Template(
    layout={
        "font": {"family": FAMILY, "size": 12, "color": INK},
        "colorway": PALETTE,
        "hoverlabel": {"align": "left"},
    }
)
plotly.io.templates.default = "house"


class Mark(StrEnum):
    """What one statement looks like."""

    POINT = "point"
    LOWER_BOUND = "lower_bound"
    UPPER_BOUND = "upper_bound"
    SPAN = "span"
    CONTRADICTED = "contradicted"
    REVISED = "revised"
    SECONDHAND = "secondhand"


# What a chart needs of each statement, beside the words that it shows.
POINT_SCHEMA: Final = {
    "series": pl.String(),  # the name to show; one series is one organisation, measure and baseline
    "slot": pl.Int64(),  # which colour and shape, the same for one organisation in every chart
    "variant": pl.Int64(),  # several series of one organisation: 0, 1, 2 …; another dash and shape for each
    "kind": pl.String(),
    "as_of": pl.Date(),
    "period_start": pl.Date(),
    "low": pl.Int64(),  # null: no lower bound stated
    "high": pl.Int64(),  # null: no upper bound stated
    "value": pl.Int64(),
    "qualifier": pl.String(),
    "contradicted": pl.Boolean(),
    "revision": pl.Int32(),
    "provenance": pl.String(),
    "hover": pl.String(),
    "claim_id": pl.String(),
    "epoch": pl.Int64(),  # how often what the series counts has changed with no bridge across; null: never
}

# What a chart needs of what is in doubt.
DOUBT_SCHEMA: Final = {
    "as_of": pl.Date(),
    "value": pl.Int64(),
    "hover": pl.String(),
    "claim_id": pl.String(),
}


@dataclass(frozen=True)
class Look:
    """Colour, shape and dash of one series."""

    colour: str
    shape: str
    dash: str


def choose_look(slot: int, variant: int = 0) -> Look:
    """The look of one series: its slot gives the colour, slot and variant the shape, the variant the dash."""
    shape = SHAPES[(slot + slot // len(PALETTE) + 3 * variant) % len(SHAPES)]
    return Look(PALETTE[slot % len(PALETTE)], shape, DASHES[variant % len(DASHES)])


# What is drawn as a ring: exact figures at second hand that nothing contradicts.
IS_RING: Final = (
    (pl.col("low") == pl.col("high")) & ~pl.col("contradicted") & (pl.col("provenance") == "secondhand")
).fill_null(False)


def add_marks(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with `mark`: how each statement is drawn, by its bounds first, then by what became of it."""
    bounded_below = pl.col("high").is_null()
    bounded_above = pl.col("low").is_null()
    return frame.with_columns(
        pl.when(bounded_below)
        .then(pl.lit(Mark.LOWER_BOUND.value))
        .when(bounded_above)
        .then(pl.lit(Mark.UPPER_BOUND.value))
        .when(pl.col("low") < pl.col("high"))
        .then(pl.lit(Mark.SPAN.value))
        .when(pl.col("contradicted"))
        .then(pl.lit(Mark.CONTRADICTED.value))
        .when(pl.col("revision") > 0)
        .then(pl.lit(Mark.REVISED.value))
        .when(pl.col("provenance") == "secondhand")
        .then(pl.lit(Mark.SECONDHAND.value))
        .otherwise(pl.lit(Mark.POINT.value))
        .alias("mark")
    )


def fill_exact(rows: Sequence[dict[str, Any]], colour: str) -> dict[str, Any]:
    """Fill and edge of the marks of exact figures: hollow where contradicted (grey), at second hand, or drawn
    as revised: a dot inside a mark of its own colour would not be seen.
    """
    edges = [IN_DOUBT if row["contradicted"] else colour for row in rows]
    hollow = [
        row["contradicted"] or row["provenance"] == "secondhand" or row.get("mark") == Mark.REVISED
        for row in rows
    ]
    return {
        "color": [PAPER if ring else colour for ring in hollow],
        "line": {"color": edges, "width": [2 if ring else 0 for ring in hollow]},
    }


def find_marks(frame: pl.DataFrame) -> list[Mark]:
    """The marks that a chart of this frame shows, in the order of a key."""
    present = set(add_marks(frame)["mark"]) if frame.height else set()
    return [mark for mark in Mark if mark.value in present]


def draws_doubts(figure: go.Figure) -> bool:
    """Whether a figure has a small grey ring for what is in doubt: a drawing may have no room for any."""
    rings = (each for each in figure.data if each.mode == "markers" and each.marker.color == IN_DOUBT)
    return any(len(each.x or ()) for each in rings)


class UnknownSizeError(KeyError):
    """No size has this name; the message lists those that there are."""

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True)
class Size:
    """Pixels of a picture; `scale` is how many of them one pixel of a page takes: lettering as on a page of
    `width / scale` pixels."""

    name: str
    width: int
    height: int
    scale: float


SIZES: Final = {
    size.name: size
    for size in (
        Size("wide", 1200, 675, 1.17),
        Size("square", 1080, 1080, 2.0),
        Size("phone", 720, 900, 2.0),
        Size("tall", 1080, 1350, 2.0),
        Size("print", 2400, 1600, 2.34),
    )
}
USUAL: Final = "wide"


def find_size(name: str) -> Size:
    """A size by its name. Raises UnknownSizeError."""
    try:
        return SIZES[name]
    except KeyError:
        raise UnknownSizeError(f"no size is called {name!r}; there are {', '.join(SIZES)}") from None


def fix_colour(text: str, colour: str) -> str:
    """Letters that keep their colour in every theme, because the mark below them does."""
    return f"<span style='color:{colour}'>{text}</span>"
