"""The highest figure of people held is one on every page: exact or a lower bound, above the headline."""

from collections.abc import Callable
from datetime import date

import pytest

from dashboards.exhibits import figures_over_time, situations
from dashboards.metrics.headline import find_headlines
from dashboards.metrics.peak import find_peak
from dashboards.queries.view import View
from dashboards.web.headline_card import build_cards
from pipelines.core.paths import DataDir
from tests.conftest import row

Publish = Callable[..., View]


def held(value: int, day: str, **cells: str) -> dict[str, str]:
    return row(value=value, as_of=day, published=day, **cells)


OLD = [held(600, "2021-03-01"), held(990, "2023-02-01"), held(820, "2025-11-01")]
NEW = [held(830, "2025-12-01"), held(700, "2026-02-01")]


def test_the_card_and_the_list_of_all_situations_name_the_same_highest_figure(publish: Publish) -> None:
    view = publish([*OLD, *NEW])
    assert build_cards(view, find_headlines(view))[0].peak == "Máximo: 990, el 1 de febrero de 2023."
    (line,) = situations.list_situations(view).rows
    assert line.course.endswith("Máximo: 990, el 1 feb 2023.")


@pytest.mark.parametrize(
    ("qualifier", "value"), [("about", 990), ("at_most", 990), ("more_than", 1000), ("at_least", 1000)]
)
def test_about_so_many_is_not_the_highest_and_a_lower_bound_is(
    publish: Publish, qualifier: str, value: int
) -> None:
    view = publish([*OLD, held(1000, "2023-04-01", qualifier=qualifier), *NEW])
    peak = find_peak(view, find_headlines(view).held)
    assert peak is not None
    assert peak.row["value"] == value


def test_a_headline_that_is_the_highest_has_none_above_it(publish: Publish) -> None:
    view = publish([*OLD, *NEW, held(990, "2026-03-01")])
    assert find_peak(view, find_headlines(view).held) is None


def test_no_highest_is_named_below_a_newer_figure_that_nobody_confirmed(publish: Publish) -> None:
    above = held(1030, "2026-03-01")
    view = publish([*OLD, *NEW, above], read=[*OLD, *NEW])
    found = find_headlines(view).held
    assert [row["value"] for row in found.rows] == [700]
    assert find_peak(view, found) is None
    whole = figures_over_time.make_progress(
        view, found.measure, ("lista",), (), date(2021, 1, 1), view.today, ()
    )
    assert "700" in whole.title
    assert "máximo" not in whole.title


def test_across_a_change_of_what_is_counted_the_highest_says_since_when(
    data: DataDir, publish: Publish
) -> None:
    path = data.situation("islandia") / "organisations.toml"
    counts = (
        '[[organisation.counts]]\nmeasure = "in_custody"\npopulation = "held"\nsince = 2025-10-01\n'
        'text = { es = "Sin militares.", en = "Without the military." }\n'
        'break_reason = { es = "Dejó de contar.", en = "It no longer counts." }\n'
    )
    path.write_text(path.read_text().replace("rhythm_days = 7\n", f"rhythm_days = 7\n{counts}"))
    view = publish([*OLD, *NEW])
    peak = build_cards(view, find_headlines(view))[0].peak
    assert peak == "Máximo desde noviembre de 2025: 830, el 1 de diciembre de 2025."
