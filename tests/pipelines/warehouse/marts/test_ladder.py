"""The status ladder is a property of each measure: a forgotten one cannot vanish from the gaps."""

from pipelines.core.model import MEASURES, Measure
from tests.pipelines.warehouse.marts.conftest import figure, side_by_side

OUTSIDE = {Measure.RELEASE_ANNOUNCED}


def test_every_measure_has_a_rung_or_is_declared_outside() -> None:
    assert set(MEASURES) == set(Measure)
    assert {measure for measure in Measure if measure.rung is None} == OUTSIDE


def test_measures_of_one_rung_and_topic_are_of_one_kind() -> None:
    kinds = {(measure.rung, measure.kind) for measure in Measure if measure.rung}
    assert len(kinds) == len({rung for rung, _ in kinds})


def test_every_measure_on_the_ladder_meets_the_primary_organisations(tmp_path):
    measures = sorted(set(Measure) - OUTSIDE)
    assert measures
    sides = (("primary", 50), ("state", 60))
    starts = [None if measure.kind == "stock" else -10 for measure in measures]
    rows = [
        [figure(who, measure, value, 0, since=since) for who, value in sides]
        for measure, since in zip(measures, starts, strict=True)
    ]
    found = side_by_side(tmp_path, "gaps", rows)
    told = {
        m: mine.select("comparable", "difference_low").rows() for m, mine in zip(measures, found, strict=True)
    }
    assert told == {measure: [(True, 10)] for measure in measures}
