"""What is stale and what is a break are one rule each: no two pages and no command disagree."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from dashboards.exhibits import figures_over_time
from dashboards.metrics import headline
from dashboards.metrics.change import Refusal
from dashboards.metrics.headline import find_headlines
from dashboards.queries import series
from dashboards.queries.view import View
from dashboards.text import headline_sentences
from pipelines.cli.status import read_figures
from pipelines.core.model import Measure
from pipelines.core.paths import DataDir
from pipelines.warehouse import published_build
from tests.conftest import row

Publish = Callable[[list[dict[str, str]]], View]
TODAY = date(2026, 11, 24)
RELEASED = {"measure": "released_to_date", "period_start": "2026-01-08"}


def every(days: int, newest: int, figures: int = 6, **cells: object) -> list[dict[str, str]]:
    """Figures so many days apart, the newest so many days before today."""
    moments = [TODAY - timedelta(days=newest + days * number) for number in range(figures)]
    return [row(value=500 - number, as_of=day, published=day, **cells) for number, day in enumerate(moments)]


def without_stated_rhythm(data: DataDir) -> None:
    path = data.situation("islandia") / "organisations.toml"
    path.write_text(path.read_text().replace("rhythm_days = 7\n", ""))


def judged(view: View, data: DataDir) -> tuple[bool, bool, bool]:
    """Whether La Lista's number of people held is old: on the Overview, in `status`, among the news."""
    held = find_headlines(view).held
    with published_build.open_current(data) as con:
        status = read_figures(con, {"islandia": view.today})
    own = series.select_rows(status, organisation="lista", measure="in_custody")
    (standing,) = (each for each in headline.list_freshness(view) if each.organisation == "lista")
    return held.stale, own["stale"][0], standing.late


@pytest.mark.parametrize("age", [29, 31, 55, 59, 61, 200])
def test_where_no_rhythm_is_stated_the_median_step_tells_what_is_old_everywhere(
    publish: Publish, data: DataDir, age: int
) -> None:
    without_stated_rhythm(data)
    view = publish(every(30, age))
    assert judged(view, data) == (age > 60,) * 3
    assert [each.rhythm_days for each in headline.list_freshness(view)] == [30]


def test_what_is_in_doubt_is_neither_a_newest_figure_nor_one_side_of_a_change(
    publish: Publish, data: DataDir
) -> None:
    without_stated_rhythm(data)
    misprint = row(value=90, as_of="2026-11-20", published="2026-11-20", **RELEASED)
    view = publish([*every(7, 20, provenance="primary", **RELEASED), misprint])
    left = find_headlines(view).left
    assert left.change is not None
    assert (left.as_of, left.stale, left.change.people) == (TODAY - timedelta(days=20), True, 1)
    assert [each.late for each in headline.list_freshness(view)] == [True]


@pytest.mark.parametrize("figures", [2, 3, 4])
def test_three_steps_show_no_rhythm_and_their_newest_is_old_after_thirty_days(
    publish: Publish, data: DataDir, figures: int
) -> None:
    without_stated_rhythm(data)
    view = publish(every(200, 40, figures=figures))
    assert judged(view, data) == (True,) * 3
    assert [each.rhythm_days for each in headline.list_freshness(view)] == [None]
    assert headline_sentences.tell_old(view, find_headlines(view).held) == view.words("card.old")


def test_who_was_not_named_does_not_fall_silent(publish: Publish, data: DataDir) -> None:
    path = data.situation("islandia") / "organisations.toml"
    path.write_text(path.read_text().replace('id = "gobierno"\n', 'id = "gobierno"\nunnamed = true\n'))
    view = publish([*every(30, 20), *every(30, 100, organisation="gobierno")])
    assert [each.organisation for each in headline.list_freshness(view)] == ["lista"]


def test_a_single_figure_is_old_after_thirty_days_everywhere(publish: Publish, data: DataDir) -> None:
    without_stated_rhythm(data)
    assert judged(publish(every(30, 30, figures=1)), data) == (False,) * 3
    view = publish(every(30, 31, figures=1))
    assert judged(view, data) == (True,) * 3


@pytest.mark.parametrize(("held", "left"), [(20, 25), (20, 70), (13, 70), (15, 59)])
def test_an_organisation_is_late_where_all_that_it_counts_is(
    publish: Publish, data: DataDir, held: int, left: int
) -> None:
    without_stated_rhythm(data)
    view = publish([*every(7, held), *every(30, left, **RELEASED)])
    (standing,) = headline.list_freshness(view)
    shown = headline_sentences.warn_of_staleness(view, find_headlines(view))
    assert standing.late == bool(shown) == (held > 14 and left > 60)
    assert standing.newest == TODAY - timedelta(days=held)


def test_a_past_day_knows_the_rhythm_of_its_time(publish: Publish, data: DataDir) -> None:
    without_stated_rhythm(data)
    view = publish([*every(90, 200, figures=5), *every(7, 0, figures=12)])
    past = TODAY - timedelta(days=100)
    held = find_headlines(replace(view, today=past, known_on=past)).held
    assert (held.rhythm_days, held.stale) == (90, False)


def crossing(data: DataDir, bridge: str | None) -> None:
    """La Lista counts otherwise from 1 November 2026; `bridge` is the day on which a bridge was decided."""
    folder = data.situation("islandia")
    path = folder / "organisations.toml"
    counts = (
        '[[organisation.counts]]\nmeasure = "in_custody"\npopulation = "held"\nsince = 2026-11-01\n'
        'text = { es = "Sin militares.", en = "Without the military." }\n'
        'break_reason = { es = "Dejó de contar.", en = "It no longer counts." }\n'
    )
    path.write_text(path.read_text().replace("rhythm_days = 7\n", f"rhythm_days = 7\n{counts}"))
    if bridge:
        (folder / "bridges.toml").write_text(
            '[[bridge]]\norganisation = "lista"\nmeasure = "in_custody"\npopulation = "held"\n'
            f"at = 2026-11-01\ndecided = {bridge}\n"
            'reason = { es = "Recontado.", en = "Recounted." }\n'
        )


def drawn(view: View) -> bool:
    """Whether the chart joins the figures of October and November."""
    span = (date(2026, 10, 1), view.today)
    chart = figures_over_time.make_progress(view, Measure.IN_CUSTODY, ("lista",), (), *span, ())
    assert chart.figure is not None
    lines = [list(trace.y) for trace in chart.figure.data if trace.mode == "lines" and trace.y]
    return all(None not in line for line in lines)


ACROSS = [
    row(value=520, as_of="2026-10-14", published="2026-10-14"),
    row(value=510, as_of="2026-10-21", published="2026-10-21"),
    row(value=500, as_of="2026-10-28", published="2026-10-28"),
    row(value=480, as_of="2026-11-04", published="2026-11-04"),
]


@pytest.mark.parametrize("bridge", [None, "2026-11-10"])
def test_a_documented_crossing_keeps_the_line_and_gives_the_change(
    publish: Publish, data: DataDir, bridge: str | None
) -> None:
    crossing(data, bridge)
    view = publish(ACROSS)
    held = find_headlines(view).held
    assert held.change is not None
    assert (held.change.refusal is None) == drawn(view) == (bridge is not None)
    if bridge is None:
        assert held.change.refusal is Refusal.BREAK
        return
    before = date(2026, 11, 9)
    then = find_headlines(replace(view, today=before, known_on=before)).held
    assert then.change is not None
    assert then.change.refusal is Refusal.BREAK
    assert not drawn(replace(view, today=before, known_on=before))


@pytest.mark.parametrize(
    ("language", "total", "figure"),
    [
        ("es", "se espera uno cada 7 días", "Cifra antigua: se espera una cada 7 días."),
        ("en", "one is expected every 7 days", "An old figure: one is expected every 7 days."),
        ("pt", "espera-se um a cada 7 dias", "Número antigo: espera-se um a cada 7 dias."),
    ],
)
def test_a_rhythm_that_the_situation_states_is_not_told_as_what_was_read(
    publish: Publish, language: str, total: str, figure: str
) -> None:
    view = replace(publish(every(90, 200)), language=language)
    found = find_headlines(view)
    assert total in headline_sentences.warn_of_staleness(view, found)
    assert headline_sentences.tell_old(view, found.held) == figure


def test_the_rhythm_told_of_an_organisation_is_that_of_what_it_publishes_most_often(
    publish: Publish, data: DataDir
) -> None:
    without_stated_rhythm(data)
    view = publish([*every(7, 20), *every(30, 70, **RELEASED)])
    (standing,) = headline.list_freshness(view)
    warned = headline_sentences.warn_of_staleness(view, find_headlines(view))
    assert standing.late
    assert standing.rhythm_days == 7
    assert view.words("measure_in_sentence.in_custody") in warned
    assert "aquí suele haber uno cada 7 días" in warned
    assert "publica más a menudo" in view.words("news.rule", days="")
