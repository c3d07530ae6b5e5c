"""What speaks against a figure: the confusion of two measures above all."""

from contextlib import closing
from datetime import date

import pytest

from pipelines.core.model import Measure, Qualifier
from pipelines.core.paths import DataDir
from pipelines.core.situation import read_situation
from pipelines.intake.review.impact import Impacts
from pipelines.intake.review.plausibility import Against, StatedFigure, find_doubts, find_jump
from pipelines.intake.review.worklist import Worklist
from tests.conftest import Built, row, rows_of, write_sheet
from tests.pipelines.intake.review.conftest import Read, build, candidate, folder, queue

RELEASES = row(
    measure="released_to_date",
    value=448,
    period_start="2026-01-08",
    as_of="2026-02-19",
    published="2026-02-19",
)


def figure(value: int, **cells: object) -> StatedFigure:
    words = {**candidate(value=value, claim_id=str(value)), **cells}
    names = ("claim_id", "organisation", "population", "breakdown", "value", "value_high", "period_start")
    return StatedFigure(
        **{name: words[name] for name in (*names, "as_of", "published", "publisher", "url")},
        measure=Measure(words["measure"]),
        qualifier=Qualifier(words["qualifier"]),
    )


def kinds(claim: StatedFigure, known: list[StatedFigure], data: DataDir) -> list[Against]:
    return [doubt.against for doubt in find_doubts(claim, known, read_situation(folder(data)))]


def test_stock_that_equals_the_verified_releases_is_held_with_that_very_explanation(
    data: DataDir, read: Read, desk: Worklist
) -> None:
    write_sheet(folder(data) / "transcriptions" / "sheet.csv", [RELEASES])
    rows = read()
    assert rows.select("organisation", "measure", "qualifier", "value").rows() == [
        ("lista", "in_custody", "more_than", 600),
        ("lista", "in_custody", "exact", 448),
    ]
    waiting = {each["value"]: each["reason"] for each in build(data)["pending"]}
    assert set(waiting) == {600, 448}
    assert (
        "equals that organisation's other measure: lista stated released_to_date 448 on 2026-02-19"
        in waiting[448]
    )
    assert "other measure" not in waiting[600]
    first, second = desk.waiting()
    assert first.claim["value"] == 448
    assert [doubt.against for doubt in first.doubts] == [Against.OTHER_MEASURE, Against.CONTRADICTS]
    assert "contradicts more than 600" in first.doubts[1].says
    assert [doubt.against for doubt in second.doubts] == [Against.CONTRADICTS]


def test_other_measure_of_another_organisation_is_no_doubt(data: DataDir) -> None:
    other = figure(790, measure="released_to_date", organisation="gobierno")
    assert kinds(figure(790), [other], data) == []


def test_small_numbers_that_two_measures_share_are_no_doubt(data: DataDir) -> None:
    assert kinds(figure(12), [figure(12, measure="detained", claim_id="x")], data) == []


def test_intervals_that_share_a_number_do_not_contradict(data: DataDir) -> None:
    assert kinds(figure(790), [figure(600, qualifier="more_than")], data) == []
    assert kinds(figure(600), [figure(600, qualifier="more_than", claim_id="x")], data) == [
        Against.CONTRADICTS
    ]


def test_running_total_that_falls_is_doubted(data: DataDir) -> None:
    start = date(2026, 1, 8)
    before = figure(800, measure="released_to_date", period_start=start, as_of=date(2026, 1, 10))
    now = figure(700, measure="released_to_date", period_start=start)
    assert kinds(now, [before], data) == [Against.FALLS]
    other_baseline = figure(800, measure="released_to_date", period_start=None, as_of=date(2026, 1, 10))
    assert kinds(now, [other_baseline], data) == []


@pytest.mark.parametrize(
    ("value", "qualifier", "share"),
    [(600, "exact", None), (599, "exact", 0.25125), (1001, "exact", 0.25125), (400, "more_than", None)],
)
def test_jump_is_the_distance_of_the_intervals_over_the_last_figure(
    value: int, qualifier: str, share: float | None
) -> None:
    last = figure(800, as_of=date(2026, 1, 5), published=date(2026, 1, 5))
    found = find_jump(figure(value, qualifier=qualifier), [last], 0.25)
    assert (found and found[1]) == (share and pytest.approx(share, abs=1e-9))


def test_flow_has_no_jump() -> None:
    last = figure(5, measure="released", as_of=date(2026, 1, 5))
    assert find_jump(figure(500, measure="released"), [last], 0.25) is None


def test_intervals_are_those_of_the_warehouse(built: Built) -> None:
    rows = [
        row(
            qualifier=qualifier,
            value=100,
            value_high=120 if qualifier == "range" else "",
            as_of=f"2026-01-0{day}",
        )
        for day, qualifier in enumerate(Qualifier, start=1)
    ]
    for each in rows_of(built(rows), "series"):
        low, high = figure(each["value"], qualifier=each["qualifier"], value_high=each["value_high"]).interval
        assert low == (each["low"] or 0)
        assert high == (float("inf") if each["high"] is None else each["high"])


def test_what_would_change_is_computed_by_the_warehouse_itself(data: DataDir, desk: Worklist) -> None:
    write_sheet(
        folder(data) / "transcriptions" / "sheet.csv",
        [row(), row(as_of="2026-01-12", published="2026-01-12")],
    )
    queue(data, candidate(), candidate(as_of=date(2026, 1, 20), published=date(2026, 1, 20)))
    queue(data, candidate(value=805, qualifier="at_most", published=date(2026, 1, 12)))
    build(data)
    changes = {
        (each.claim["value"], str(each.claim["as_of"])): each.effect.changes for each in desk.waiting()
    }
    assert changes[790, "2026-01-20"] == ["it would stand for its moment"]
    assert "it would be revision 1 of its moment" in changes[790, "2026-01-12"]
    assert "800 on 2026-01-12: stands now, superseded with this figure" in changes[790, "2026-01-12"]
    assert changes[805, "2026-01-12"] == ["it would be an echo: something sharper is known"]
    around = {
        (each.claim["value"], str(each.claim["as_of"])): [words for _, words, _ in each.effect.series]
        for each in desk.waiting()
    }
    assert around == {
        (790, "2026-01-12"): ["800", "790"],
        (805, "2026-01-12"): ["800", "800", "at most 805"],
        (790, "2026-01-20"): ["800", "800", "790"],
    }
    with closing(Impacts(data)) as effects:  # no figure that was tried before is among those around
        tried = [effects.of(each.claim).series for each in desk.waiting() for _ in range(2)]
    assert tried == [each.effect.series for each in desk.waiting() for _ in range(2)]


def test_what_would_lose_its_moment_or_be_in_doubt_is_told_with_its_reason(
    data: DataDir, desk: Worklist
) -> None:
    days = ("2026-01-05", "2026-01-12", "2026-01-26")
    outlets = ("El Diario", "La Tarde")
    sheet = [row(as_of=day, published=day, publisher=outlet) for day in days for outlet in outlets]
    write_sheet(folder(data) / "transcriptions" / "sheet.csv", sheet)
    queue(data, candidate(value=791, publisher="El Otro", published=date(2026, 1, 12)))
    queue(data, candidate(value=500, as_of=date(2026, 1, 19), published=date(2026, 1, 19)))
    build(data)
    changes = {each.claim["value"]: each.effect.changes for each in desk.waiting()}
    lost = "it would be contradicted: more independent outlets carry another figure"
    assert f"{lost}, beside what contradicts it" in changes[791]
    assert changes[500] == ["it would stand for its moment, in doubt (out of line), on no line"]


def test_a_figure_that_another_would_put_in_doubt_is_named(data: DataDir, desk: Worklist) -> None:
    sheet = [
        row(as_of="2026-01-05", published="2026-01-05", provenance="primary"),
        row(value=500, as_of="2026-01-12", published="2026-01-12"),
    ]
    write_sheet(folder(data) / "transcriptions" / "sheet.csv", sheet)
    later = {"as_of": date(2026, 1, 19), "published": date(2026, 1, 19), "provenance": "primary"}
    queue(data, candidate(value=800, **later))
    build(data)
    (waiting,) = desk.waiting()
    assert waiting.effect.changes == [
        "500 on 2026-01-12: not in doubt now, in doubt (out of line) with this figure",
        "it would stand for its moment",
    ]
