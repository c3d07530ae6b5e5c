"""Queries: the published build as frames."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import polars as pl
import pytest

from dashboards.queries import claim_rows, database, series
from dashboards.queries.claim_rows import Filter
from dashboards.queries.view import View
from pipelines.warehouse.published_build import NoBuildError
from tests.conftest import row
from tests.dashboards.conftest import figures


def test_every_accepted_claim_is_listed_once(view: View) -> None:
    listed = claim_rows.read_claims(view.build, "islandia", Filter(), 100, 0)
    assert listed["claim_id"].is_unique().all()
    assert (
        listed.height
        == claim_rows.count_rows_by_state(view.build, "islandia")["accepted"]
        == len(figures()) - 1
    )


def test_pages_of_claims_join_to_the_whole_list(view: View) -> None:
    whole = claim_rows.read_claims(view.build, "islandia", Filter(), 100, 0)
    parts = [claim_rows.read_claims(view.build, "islandia", Filter(), 3, skip) for skip in range(0, 15, 3)]
    assert pl.concat(parts)["claim_id"].to_list() == whole["claim_id"].to_list()
    assert set(whole["statements"]) == {12}


ORDERS = {  # what it is sorted by first, and whether from the largest
    "newest": ("as_of", True),
    "oldest": ("as_of", False),
    "largest": ("value", True),
    "smallest": ("value", False),
    "published": ("published", True),
    "who": ("organisation", False),
}


@pytest.mark.parametrize("words", [(), (claim_rows.Word(text="in_custody", measures=("in_custody",)),)])
@pytest.mark.parametrize("sort", ORDERS)
def test_pages_hold_every_figure_once_in_the_order_asked_for(
    sort: str, words: tuple[claim_rows.Word, ...], publish: Callable[[list[dict[str, str]]], View]
) -> None:
    days = [date(2026, 1, 1 + n % 5) for n in range(40)]  # each key has several figures
    view = publish(
        [
            row(value=100 + n % 7, as_of=str(day), published=str(day), breakdown=f"sex={sex}")
            | {"organisation": ("lista", "gobierno")[n % 2]}
            for n, day in enumerate(days)
            for sex in ("female", "male")
        ]
    )
    chosen = Filter(sort=sort, words=words, ranked=("gobierno", "lista"))
    whole = claim_rows.list_figures(view.build, "islandia", chosen, 10**6, 0)
    pages = [
        claim_rows.list_figures(view.build, "islandia", chosen, 7, skip) for skip in range(0, whole.height, 7)
    ]
    assert pl.concat(pages).equals(whole)
    assert whole["claim_id"].is_unique().all()
    assert set(whole["matching"]) == {whole.height} != {0}
    assert claim_rows.list_figures(view.build, "islandia", chosen, 7, whole.height).is_empty()
    column, falling = ORDERS[sort]
    first = whole[column].to_list()
    known = sorted((each for each in first if each is not None), reverse=falling)
    assert first == [*known, *[None] * (len(first) - len(known))]


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        (Filter(organisation="gobierno"), {900}),
        (Filter(breakdown="sex=female"), {250}),
        (Filter(provenance="primary"), {806}),
        (Filter(since=date(2026, 2, 15), measure="in_custody"), {1591, 250}),
        (Filter(until=date(2025, 12, 31)), {900}),
        (Filter(standing="outranked"), {1568}),
        (Filter(organisation="nobody"), set()),
    ],
)
def test_a_filter_keeps_only_what_it_names(chosen: Filter, expected: set[int], view: View) -> None:
    assert set(claim_rows.read_claims(view.build, "islandia", chosen, 100, 0)["value"]) == expected


def test_all_reports_that_carry_a_statement_are_listed_with_it(
    publish: Callable[[list[dict[str, str]]], View],
) -> None:
    view = publish([row(), row(publisher="La Tarde"), row(publisher="El Alba")])
    listed = claim_rows.read_claims(view.build, "islandia", Filter(), 1, 0)
    assert sorted(listed["publisher"]) == ["El Alba", "El Diario", "La Tarde"]
    assert listed["leading_claim"].n_unique() == 1


def test_claims_of_two_windows_with_one_value_stay_apart(
    publish: Callable[[list[dict[str, str]]], View],
) -> None:
    cells = {"measure": "released_to_date", "value": 100}
    view = publish(
        [row(**cells, period_start="2026-01-01"), row(**cells, period_start="2025-12-01"), row(**cells)]
    )
    listed = claim_rows.read_claims(view.build, "islandia", Filter(), 100, 0)
    assert listed.height == 3
    assert set(listed["carriers"]) == {1}


def test_a_series_holds_what_stands_and_its_bounds(view: View) -> None:
    points = series.read_series(view.build, "islandia", "in_custody", ("lista",), "held")
    assert 1568 not in points["value"].to_list()
    bound = series.select_rows(points, qualifier="more_than")
    assert bound.select("low", "high").row(0) == (701, None)


def test_frames_hold_plain_text_and_never_an_enumeration(view: View) -> None:
    points = series.read_series(view.build, "islandia", "in_custody", ("lista",), "held")
    assert points.schema["organisation"] == pl.String


def test_many_readers_at_once_get_the_same_answer(view: View) -> None:
    def ask(skip: int) -> int:
        return (
            database.ask(view.build, "series_offered", situation="islandia", known_on=None).height + 0 * skip
        )

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(ask, range(40)))) == 1


def test_an_answer_is_kept_for_its_own_build_only(
    publish: Callable[[list[dict[str, str]]], View],
) -> None:
    first = publish([row(value=1)])
    second = publish([row(value=2)])
    for view, value in ((first, 1), (second, 2), (first, 1)):
        points = series.read_series(view.build, "islandia", "in_custody", ("lista",), "held")
        assert points["value"].to_list() == [value]


def test_without_a_build_the_error_names_the_command(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIBEROMETRO_DATA", str(tmp_path_factory.mktemp("empty")))
    with pytest.raises(NoBuildError, match="python -m pipelines build"):
        database.find_current_build()
