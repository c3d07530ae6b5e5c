"""A gap in a series is filled by nothing but a figure that was read: in tables, files, charts, drawings."""

import random
from collections.abc import Callable
from datetime import date, timedelta

import polars as pl
import pytest

from dashboards.exhibits import chart_registry, situations
from dashboards.queries.view import View
from pipelines.core.paths import DataDir
from pipelines.warehouse import published_build
from pipelines.warehouse.table_registry import read_table
from tests.conftest import TODAY, row
from tests.dashboards.conftest import LEFT

Publish = Callable[..., View]
LINES = {"held": "in_custody", "left-prison": "released_to_date"}
Points = set[tuple[str, int]]


def make_history(seed: int) -> dict[str, Points]:
    """Measure → day and value of each of its figures, days to months apart."""
    chance = random.Random(seed)
    found: dict[str, Points] = {}
    for measure, value, step in (("in_custody", 900, -1), ("released_to_date", 100, 1)):
        day, points = date(2026, 1, 9), set()
        while day < TODAY:
            value += step * chance.randrange(1, 9)  # never twice the same: a value that is carried on shows
            points.add((day.isoformat(), value))
            day += timedelta(days=chance.choice([1, 6, 7, 20, 59, 61, 75]))
        found[measure] = points
    return found


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_point_of_a_line_is_a_figure_that_was_read(publish: Publish, data: DataDir, seed: int) -> None:
    history = make_history(seed)
    view = publish(
        [row(value=value, as_of=day, published=day) for day, value in history["in_custody"]]
        + [row(**LEFT, value=value, as_of=day, published=day) for day, value in history["released_to_date"]]
    )
    with published_build.open_current(data) as con:
        series = read_table(con, "series")
    for chart, measure in LINES.items():
        stated = history[measure]
        rows = series.filter(measure=measure).select("as_of", "value").rows()
        assert sorted((day.isoformat(), value) for day, value in rows) == sorted(stated)
        exhibit = chart_registry.find_exhibit(view, chart)
        assert exhibit is not None
        assert exhibit.figure is not None
        drawn = [
            (x.isoformat(), y)
            for trace in exhibit.figure.data
            for x, y in zip(trace.x, trace.y, strict=True)
            if isinstance(x, date)  # else a place beside the axis of days
        ]
        assert set(drawn) == stated
        assert not any(trace.connectgaps for trace in exhibit.figure.data)
        assert {trace.line.shape for trace in exhibit.figure.data} <= {None, "linear"}  # no steps, no curves
        file = pl.read_csv(exhibit.csv()).select("as_of", "value")
        assert set(file.rows()) == stated
    drawing = situations.list_situations(view, themed=False).rows[0].drawing
    assert drawing.count("h0") == len(history["in_custody"])  # a dot each
