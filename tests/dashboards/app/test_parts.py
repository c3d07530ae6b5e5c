"""Parts: each with its total, a small group of minors never with its number."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from dashboards.exhibits import breakdowns, definitions, figures_over_time
from dashboards.queries.view import View
from pipelines.core.model import Measure
from pipelines.core.paths import DataDir
from tests.conftest import TODAY, row
from tests.dashboards.conftest import day, opened, text_of

Publish = Callable[[list[dict[str, str]]], View]


def test_a_small_group_of_minors_is_fewer_than_five_and_a_part_stands_with_its_total(
    publish: Publish,
) -> None:
    view = publish(
        [
            row(value=800),
            row(value=3, breakdown="age=adolescent"),
            row(value=200, breakdown="sex=female"),
        ]
    )
    text = text_of(opened("parts", split="lista in_custody age"))
    assert "adolescentes menos de 5 800" in text
    small = breakdowns.make_newest_parts(view, "lista in_custody age")
    assert ",3," not in small.csv().decode()
    shown = breakdowns.make_newest_parts(view, "lista in_custody sex").rows[0]
    assert shown[3:5] == ("800", "25\xa0%")
    assert "fewer than 5" in text_of(opened("parts", split="lista in_custody age", lang="en"))


def test_a_bulletin_that_did_not_say_leaves_a_gap(publish: Publish) -> None:
    rows = [row(value=800 + n, as_of=f"2026-02-0{n}", published=f"2026-02-0{n}") for n in (1, 2, 3)]
    parts = [
        row(value=100 + n, breakdown="sex=female", as_of=f"2026-02-0{n}", published=f"2026-02-0{n}")
        for n in (1, 3)
    ]
    shown = breakdowns.make_newest_parts(publish(rows + parts), "lista in_custody sex").rows
    assert shown[1][2] == "el boletín no lo dijo"


def over_time(*values: int, breakdown: str = "sex=female") -> list[dict[str, str]]:
    """A total on each day of February, and one part of it; below zero stands for a day that left it out."""
    rows = []
    for place, value in enumerate(values, start=1):
        at = {"as_of": f"2026-02-0{place}", "published": f"2026-02-0{place}"}
        rows.append(row(value=800, **at))
        if value >= 0:
            rows.append(row(value=value, breakdown=breakdown, **at))
    return rows


def test_the_line_of_a_part_breaks_where_nobody_spoke_for_long(publish: Publish) -> None:
    days = ("2026-01-10", "2026-02-10", "2026-06-10", "2026-07-10")
    rows = [
        row(value=value, breakdown=part, as_of=day, published=day)
        for day in days
        for value, part in ((800, "total"), (90, "sex=female"))
    ]
    exhibit = breakdowns.make_parts_over_time(publish(rows), "lista in_custody sex")
    assert exhibit is not None
    assert exhibit.figure is not None
    line = next(trace for trace in exhibit.figure.data if trace.mode == "lines" and len(trace.x) > 1)
    assert [day is None for day in line.x] == [False, False, True, False, False, True]
    assert any("60 días" in each for each in exhibit.key)


def test_the_line_of_a_part_breaks_where_a_bulletin_did_not_say(publish: Publish) -> None:
    exhibit = breakdowns.make_parts_over_time(publish(over_time(80, 90, -1, 100)), "lista in_custody sex")
    assert exhibit is not None
    assert exhibit.figure is not None
    lines = [trace for trace in exhibit.figure.data if trace.mode == "lines"]
    assert [list(trace.y) for trace in lines] == [
        [80, 90, None, 100, None],
        [0.1, 0.1125, None, 0.125, None],
    ]
    assert "no es un cero" in " ".join(exhibit.key)
    assert "La más reciente de mujeres: 100 (4 de febrero de 2026)." in exhibit.summary


def test_a_withheld_part_is_a_cross_below_zero_and_never_a_number(publish: Publish) -> None:
    rows = over_time(60, 3, 70, breakdown="age=adolescent")
    exhibit = breakdowns.make_parts_over_time(publish(rows), "lista in_custody age")
    assert exhibit is not None
    assert exhibit.figure is not None
    (hidden,) = [trace for trace in exhibit.figure.data if trace.marker.symbol == "x-thin-open"]
    assert len(hidden.x) == 1
    assert hidden.y[0] < 0
    assert "menos de 5" in hidden.customdata[0][0]
    shown = [value for trace in exhibit.figure.data if trace.mode == "markers" for value in trace.y]
    assert 3 not in shown
    assert {len(trace.x) for trace in exhibit.figure.data if trace.mode == "lines"} == {4}


def test_one_day_alone_is_a_table_and_no_chart(publish: Publish) -> None:
    assert breakdowns.make_parts_over_time(publish(over_time(80)), "lista in_custody sex") is None


def with_a_change(data: DataDir) -> None:
    """La Lista stops counting the military on 2 February 2026."""
    path = data.situation("islandia") / "organisations.toml"
    counts = (
        '[[organisation.counts]]\nmeasure = "in_custody"\npopulation = "held"\nsince = 2026-02-02\n'
        'text = { es = "Sin militares.", en = "Without the military." }\n'
        'break_reason = { es = "Dejó de contar militares.", en = "It no longer counts the military." }\n'
    )
    first, rest = path.read_text().split("rhythm_days = 7\n")
    path.write_text(f"{first}rhythm_days = 7\n{counts}{rest}")


@pytest.mark.parametrize(
    ("language", "kind", "reason"),
    [
        ("es", "cambio de definición", "Dejó de contar militares."),
        ("en", "change of definition", "It no longer counts the military."),
    ],
)
def test_a_change_of_definition_is_listed_with_its_reason_and_marked_in_the_chart(
    publish: Publish, data: DataDir, language: str, kind: str, reason: str
) -> None:
    with_a_change(data)
    view = replace(publish(over_time(80, 90)), language=language)
    text = text_of(opened("parts", lang=language))
    assert kind in text
    assert reason in text
    chart = figures_over_time.make_progress(
        view, Measure.IN_CUSTODY, ("lista",), (), day("2026-02-01"), TODAY, ()
    )
    ((number, mark),) = chart.events
    assert (number, kind in mark.text, reason in mark.text) == ("1", True, True)
    other = figures_over_time.make_progress(
        view, Measure.RELEASED_TO_DATE, ("lista",), (), day("2026-02-01"), TODAY, ()
    )
    assert other.events == ()


def test_no_line_runs_across_a_change_of_definition(publish: Publish, data: DataDir) -> None:
    def lines(view: View) -> list[list[int | None]]:
        chart = figures_over_time.make_progress(
            view, Measure.IN_CUSTODY, ("lista",), (), day("2026-01-01"), TODAY, ()
        )
        assert chart.figure is not None
        return [list(trace.y) for trace in chart.figure.data if trace.mode == "lines" and trace.y]

    rows = over_time(80, 90)
    assert all(None not in line for line in lines(publish(rows)))
    with_a_change(data)
    assert any(None in line for line in lines(publish(rows)))


def test_no_line_of_a_part_runs_across_a_change_of_definition(publish: Publish, data: DataDir) -> None:
    with_a_change(data)
    exhibit = breakdowns.make_parts_over_time(publish(over_time(80, 90, 95)), "lista in_custody sex")
    assert exhibit is not None
    assert exhibit.figure is not None
    counts, *_ = [list(trace.y) for trace in exhibit.figure.data if trace.mode == "lines"]
    assert counts == [80, None, 90, 95, None]


def test_without_a_known_change_the_list_claims_no_more(publish: Publish) -> None:
    assert (
        "Eso no quiere decir que no lo haya habido."
        in definitions.make_definition_changes(publish([row()])).summary
    )
