"""The status ladder is a property of each measure: a forgotten one cannot vanish from the gaps."""

import pytest

from pipelines.model import LADDER, Measure
from tests.marts.conftest import figure

OUTSIDE = {Measure.RELEASE_ANNOUNCED}


def test_every_measure_has_a_rung_or_is_declared_outside() -> None:
    assert set(LADDER) == set(Measure)
    assert {measure for measure in Measure if measure.rung is None} == OUTSIDE


def test_measures_of_one_rung_and_topic_are_of_one_kind() -> None:
    kinds = {(measure.rung, measure.kind) for measure in Measure if measure.rung}
    assert len(kinds) == len({rung for rung, _ in kinds})


@pytest.mark.parametrize("measure", sorted(set(Measure) - OUTSIDE))
def test_every_measure_on_the_ladder_meets_the_primary_organisations(mart, measure):
    since = None if measure.kind == "stock" else -10
    rows = [figure(who, measure, value, 0, since=since) for who, value in (("primary", 50), ("state", 60))]
    assert mart("gaps", rows).select("comparable", "difference_low").rows() == [(True, 10)]
