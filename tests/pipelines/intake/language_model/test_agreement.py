"""The asked reader takes certainty away and never gives it."""

from dataclasses import replace
from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.core.model import Basis, Measure, Precision, Qualifier
from pipelines.intake.language_model.agreement import FIELDS, confirm, find_differences, list_unread
from pipelines.intake.prose.extraction import Candidate

READ = Candidate(
    organisation="lista",
    measure=Measure.IN_CUSTODY,
    breakdown="total",
    population="held",
    qualifier=Qualifier.EXACT,
    value=444,
    value_high=None,
    as_of=date(2026, 2, 23),
    as_of_basis=Basis.EXPLICIT,
    as_of_precision=Precision.DAY,
    period_start=None,
    period_start_basis=None,
    span=(20, 23),
    rule="es.learned",
    auto=True,
    phrase="444",
)
ASKED = replace(READ, rule="es.asked", auto=False)
OTHER = {
    "measure": Measure.RELEASED,
    "organisation": "vigilia",
    "breakdown": "sex=female",
    "qualifier": Qualifier.ABOUT,
    "value": 445,
    "value_high": 500,
    "as_of": date(2026, 2, 24),
}


def test_what_both_read_alike_stays_sure() -> None:
    assert confirm([READ], [ASKED]) == [READ]
    assert find_differences(READ, [ASKED]) == {}


@pytest.mark.parametrize("name", FIELDS)
def test_any_field_that_differs_takes_certainty_away(name: str) -> None:
    other = replace(ASKED, **{name: OTHER[name]})
    (read,) = confirm([READ], [other])
    assert not read.auto
    assert find_differences(READ, [other]) == {name: str(OTHER[name])}


def test_a_number_that_the_asked_reader_does_not_take_is_not_sure() -> None:
    assert [each.auto for each in confirm([READ], [])] == [False]
    assert find_differences(READ, [replace(ASKED, span=(40, 43))]) is None


def test_without_an_answer_nothing_changes() -> None:
    assert confirm([READ], None) == [READ]


def test_of_a_number_that_a_mask_hid_nothing_changes() -> None:
    assert confirm([READ], [], unasked=[(19, 24)]) == [READ]


def test_what_only_the_asked_reader_takes_is_shown_and_never_sure() -> None:
    alone = replace(ASKED, span=(40, 43), auto=True)
    assert list(list_unread([READ], [ASKED, alone])) == [replace(alone, auto=False)]


def test_of_two_readings_of_a_number_the_closest_counts() -> None:
    further = replace(ASKED, measure=Measure.UNDER_MEASURES, as_of=None)
    assert find_differences(READ, [further, ASKED]) == {}


READS = st.lists(
    st.sampled_from(
        [replace(READ, auto=auto, measure=measure, span=span) for auto, measure, span in product(
            (True, False), (Measure.IN_CUSTODY, Measure.RELEASED), ((0, 3), (20, 23), (21, 40))
        )]
    ),
    max_size=4,
)  # fmt: skip


@given(READS, st.none() | READS)
def test_nothing_is_sure_that_the_learned_reader_was_not_sure_of(
    learned: list[Candidate], asked: list[Candidate] | None
) -> None:
    for before, after in zip(learned, confirm(learned, asked), strict=True):
        assert before.auto or not after.auto
        assert replace(after, auto=before.auto) == before
    assert not any(each.auto for each in list_unread(learned, asked or []))
