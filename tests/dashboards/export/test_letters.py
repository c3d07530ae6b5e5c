"""Every letter of every picture is in the font that it carries: one that is not is drawn as a box."""

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import plotly.graph_objects as go
import pytest
from PIL import ImageFont

from dashboards.charts.fonts import find_file
from dashboards.exhibits import chart_registry
from dashboards.exhibits.exhibit import Exhibit
from dashboards.i18n.translations import list_languages
from dashboards.queries import database
from dashboards.queries.view import View
from tests.dashboards.app.test_real_figures import TODAY, bundled

__all__ = ["bundled"]  # a fixture

TAG = re.compile(r"<[^>]*>")
ROOMS = ((957.0, 400.0), (324.0, 260.0))  # of a wide picture and of a phone's


@lru_cache
def is_there(letter: str) -> bool:
    """Whether the shipped font has a shape for a letter, and not the box that stands for all others."""
    font = ImageFont.truetype(str(find_file()), 40)
    return letter.isspace() or bytes(font.getmask(letter)) != bytes(font.getmask("\uffff"))


def list_texts(figure: go.Figure) -> Iterator[str]:
    for note in figure.layout.annotations:
        yield note.text
    for axis in figure.select_xaxes():
        yield from axis.ticktext or ()
    for axis in figure.select_yaxes():
        yield from axis.ticktext or ()
    for trace in figure.data:
        if "text" in str(getattr(trace, "mode", "")):
            yield from [trace.text] if isinstance(trace.text, str) else trace.text


def list_shown(exhibit: Exhibit) -> Iterator[str]:
    """What stands in a picture: its lines, and the letters of each of its drawings."""
    yield from (exhibit.title, exhibit.subtitle, exhibit.brief, exhibit.source)
    if exhibit.fit is None:
        yield from exhibit.key
        yield from (link.text for _, link in exhibit.events)
    for figure in (exhibit.figure, exhibit.narrow):
        if figure is not None:
            yield from list_texts(figure)
    if exhibit.fit is not None:
        for room in ROOMS:
            yield from list_texts(exhibit.fit(*room))


@pytest.mark.parametrize("language", list_languages())
def test_every_letter_of_every_picture_is_in_its_font(bundled: Path, language: str) -> None:
    assert bundled.exists()
    view = View(database.find_current_build(), "venezuela", language, TODAY)
    missing: dict[str, set[str]] = {}
    drawn = 0
    for chart in chart_registry.CHARTS:
        exhibit = chart_registry.find_exhibit(view, chart.name)
        if exhibit is None or exhibit.figure is None:
            continue
        drawn += 1
        letters = {letter for text in list_shown(exhibit) for letter in TAG.sub("", text or "")}
        if unknown := {letter for letter in letters if not is_there(letter)}:
            missing[chart.name] = unknown
    assert missing == {}
    assert drawn >= 10


def test_a_letter_that_the_font_lacks_is_found() -> None:
    assert is_there("á")
    assert is_there("−")
    assert not is_there("▯")
