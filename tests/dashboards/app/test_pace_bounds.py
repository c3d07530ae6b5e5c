"""How the pace is drawn where figures are bounds, or old."""

from collections.abc import Callable

from dashboards.exhibits import pace_charts
from dashboards.queries.view import View
from pipelines.core.model import Kind
from tests.conftest import row

Publish = Callable[[list[dict[str, str]]], View]


def test_a_change_between_bounds_is_drawn_only_as_far_as_it_is_sure(show: Publish) -> None:
    said = [
        ("2026-01-05", 800, "exact"),
        ("2026-02-09", 900, "at_least"),
        ("2026-03-16", 850, "at_least"),
        ("2026-04-20", 700, "exact"),
    ]
    rows = [row(value=value, as_of=day, published=day, qualifier=how) for day, value, how in said]
    exhibit = pace_charts.make_intervals(show(rows), Kind.STOCK)
    assert exhibit.frame["central"].to_list() == [-100, 50, 150]  # the table is of what was said
    assert exhibit.frame["low"].to_list() == [None, None, 150]
    assert exhibit.frame["high"].to_list() == [-100, None, None]
    assert exhibit.figure is not None
    columns = [trace for trace in exhibit.figure.data if trace.type == "bar" and trace.marker.opacity]
    assert [value for trace in columns for value in trace.y] == [20, -30]  # a week
    texts = [note.text for note in exhibit.figure.layout.annotations]
    assert {"como mínimo", "no se sabe si subió o bajó"} <= set(texts)


def test_days_of_a_year_that_is_over_are_told_with_it(show: Publish) -> None:
    said = {"2025-10-20": 900, "2025-12-15": 700}
    exhibit = pace_charts.make_intervals(
        show([row(value=value, as_of=day, published=day) for day, value in said.items()]), Kind.STOCK
    )
    assert exhibit.fit is not None
    figure = exhibit.fit(780, 440)
    told = " ".join(note.text for note in figure.layout.annotations)
    assert "Sin cifras desde el 15 dic 2025:" in told
    hovers = [text for trace in figure.data for text in trace.hovertext or ()]
    assert any("21 oct 2025" in text and "15 dic 2025" in text for text in hovers)
