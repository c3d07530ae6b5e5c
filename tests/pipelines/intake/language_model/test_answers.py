"""What is taken of an answer: choices of the lists, of numbers of the text; all else is counted."""

import json
from collections import Counter
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.core.model import Measure
from pipelines.intake.language_model.answer import CHOSEN, Dropped, read_answer
from pipelines.intake.language_model.question import make_schema
from pipelines.intake.prose.composing import compose_claims
from tests.pipelines.intake.language_model.conftest import (
    PLAIN,
    Islandia,
    ask,
    assert_no_worse_than_mislabelled,
    claim,
)

QUOTE = "444 presos políticos"
WOMEN = "entre ellos 31 mujeres"


def answer(*claims: Any) -> str:
    return json.dumps({"claims": list(claims)}, ensure_ascii=False)


def test_a_right_answer_is_read_as_the_learned_reader_would_give_it(islandia: Islandia) -> None:
    scene, question = ask(PLAIN, islandia)
    day = next(index for index, each in question.days.items() if each.day == date(2026, 2, 23))
    found = read_answer(
        answer(claim(1, QUOTE, day=day), claim(2, WOMEN, day=day, parts=["sex=female"])), question
    )
    assert found.dropped == Counter()
    whole, part = assert_no_worse_than_mislabelled(found.readings, scene, question, islandia)
    assert (whole.value, whole.measure, whole.organisation, str(whole.as_of)) == (
        444, "in_custody", "lista", "2026-02-23",
    )  # fmt: skip
    assert (part.value, part.breakdown) == (31, "sex=female")
    assert found.readings[0].spoken["lista"] is not None


def test_two_measures_of_one_number_are_two_claims(islandia: Islandia) -> None:
    _, question = ask(PLAIN, islandia)
    found = read_answer(answer(claim(1, QUOTE, measures=["released", "under_measures"])), question)
    claims = compose_claims(found.readings, *islandia)
    assert {each.measure for each in claims} == {Measure.RELEASED, Measure.UNDER_MEASURES}


def test_no_claim_of_an_answer_is_likely_enough_to_be_sure(islandia: Islandia) -> None:
    _, question = ask(PLAIN, islandia)
    found = read_answer(answer(claim(1, QUOTE), claim(2, WOMEN, parts=["sex=female"])), question)
    claims = compose_claims(found.readings, *islandia)
    assert len(claims) == 2
    assert all(each.probability < 0.7 for each in claims)


FAULTS: dict[str, tuple[Any, Dropped]] = {
    "a number that is not asked about": (claim(3, QUOTE), Dropped.NUMBER),
    "number nought": (claim(0, QUOTE), Dropped.NUMBER),
    "a value in place of the number": (claim(444, QUOTE), Dropped.NUMBER),
    "a huge number": (claim(10**30, QUOTE), Dropped.NUMBER),
    "a number as text": (claim("1", QUOTE), Dropped.CLAIM_SHAPE),
    "truth for one": (claim(True, QUOTE), Dropped.CLAIM_SHAPE),
    "no measure": (claim(1, QUOTE, measures=[]), Dropped.MEASURE),
    "the measure none": (claim(1, QUOTE, measures=["none"]), Dropped.MEASURE),
    "an invented measure": (claim(1, QUOTE, measures=["killed"]), Dropped.MEASURE),
    "one measure twice": (claim(1, QUOTE, measures=["released", "released"]), Dropped.MEASURE),
    "three measures": (claim(1, QUOTE, measures=["released", "detained", "in_custody"]), Dropped.MEASURE),
    "an invented hedge": (claim(1, QUOTE, qualifier="surely"), Dropped.QUALIFIER),
    "a range where none is written": (claim(1, QUOTE, qualifier="range"), Dropped.QUALIFIER),
    "an unknown organisation": (claim(1, QUOTE, organisation="la_lista"), Dropped.ORGANISATION),
    "an organisation by its name": (claim(1, QUOTE, organisation="Lista Abierta"), Dropped.ORGANISATION),
    "a day that is not named": (claim(1, QUOTE, day=7), Dropped.DAY),
    "a start that is not named": (claim(1, QUOTE, start=-2), Dropped.DAY),
    "a date for a day": (claim(1, QUOTE, day="2026-02-23"), Dropped.CLAIM_SHAPE),
    "an unknown part": (claim(1, QUOTE, parts=["sex=other"]), Dropped.PART),
    "two parts of one kind": (claim(1, QUOTE, parts=["sex=female", "sex=male"]), Dropped.PART),
    "no quotation": (claim(1, ""), Dropped.QUOTE),
    "an invented quotation": (claim(1, "444 presos comunes"), Dropped.QUOTE),
    "a quotation in other letters": (claim(1, "444 PRESOS POLÍTICOS"), Dropped.QUOTE),
    "a quotation of another number": (claim(1, WOMEN), Dropped.QUOTE_ELSEWHERE),
    "half of the number": (claim(1, "44 presos"), Dropped.QUOTE_ELSEWHERE),
    "more than was asked for": (claim(1, QUOTE, value=5), Dropped.CLAIM_SHAPE),
    "no object": ("444", Dropped.CLAIM_SHAPE),
    "nothing": (None, Dropped.CLAIM_SHAPE),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_faulty_claim_is_dropped_with_its_reason_and_the_others_stay(name: str, islandia: Islandia) -> None:
    faulty, reason = FAULTS[name]
    scene, question = ask(PLAIN, islandia)
    found = read_answer(answer(faulty, claim(2, WOMEN)), question)
    assert found.dropped == Counter([reason])
    candidates = assert_no_worse_than_mislabelled(found.readings, scene, question, islandia)
    assert [each.value for each in candidates] == [31]


def test_a_number_has_one_claim(islandia: Islandia) -> None:
    _, question = ask(PLAIN, islandia)
    found = read_answer(answer(claim(1, QUOTE), claim(1, QUOTE, measures=["released"])), question)
    assert found.dropped == Counter([Dropped.NUMBER_AGAIN])
    assert found.readings[0].measures["in_custody"] == CHOSEN


def test_a_quotation_that_stands_twice_holds_the_number_where_it_stands(islandia: Islandia) -> None:
    text = "Lista Abierta cuenta 12 presos. Vigilia, dos días después, cuenta 12 presos."
    _, question = ask(text, islandia)
    twelve = [index for index, number in question.numbers.items() if number.value == 12]
    found = read_answer(answer(*(claim(index, "cuenta 12 presos") for index in twelve)), question)
    assert len(twelve) == 2
    assert found.dropped == Counter()


WHOLE: dict[str, tuple[str, Dropped]] = {
    "nothing": ("", Dropped.NOT_JSON),
    "words": ("There are no claims.", Dropped.NOT_JSON),
    "fenced": (f"```json\n{answer()}\n```", Dropped.NOT_JSON),
    "two objects": (answer() + answer(), Dropped.NOT_JSON),
    "not a number": ('{"claims": [NaN]}', Dropped.NOT_JSON),
    "cut": (answer(claim(1, QUOTE))[:-9], Dropped.NOT_JSON),
    "nested without end": ("[" * 100_000, Dropped.WRONG_SHAPE),
    "nested claims": ('{"claims": [' + "[" * 5_000 + "]" * 5_000 + "]}", Dropped.NOT_JSON),
    "a list": ("[]", Dropped.WRONG_SHAPE),
    "claims of another kind": ('{"claims": {}}', Dropped.WRONG_SHAPE),
    "no claims": ("{}", Dropped.WRONG_SHAPE),
    "more beside them": ('{"claims": [], "note": "sure"}', Dropped.WRONG_SHAPE),
    "a lone surrogate": ('{"claims": ["\ud800"]}', Dropped.CLAIM_SHAPE),
}


@pytest.mark.parametrize("name", WHOLE)
def test_an_answer_of_another_shape_gives_nothing(name: str, islandia: Islandia) -> None:
    content, reason = WHOLE[name]
    scene, question = ask(PLAIN, islandia)
    found = read_answer(content, question)
    assert found.dropped == Counter([reason])
    assert assert_no_worse_than_mislabelled(found.readings, scene, question, islandia) == []


TEXTS = st.sampled_from(
    [
        PLAIN,
        "Gobierno de Islandia: entre 3 y 5 excarcelados el 12 de febrero; Vigilia dice 40.",
        "Vigilia, 20 de febrero. Presos: 300. Mujeres: 24. Zutana Inventada pide 7 visas.",
        "Sin números.",
        "7",
    ]
)
PLAUSIBLE = st.fixed_dictionaries(
    {
        "quote": st.sampled_from(
            ["", "444", "7", "3 y 5", QUOTE, WOMEN, PLAIN, "Presos: 300", "x" * 500, "▒▒▒"]
        )
        | st.text(max_size=20),
        "number": st.integers(-2, 9) | st.integers() | st.none(),
        "measures": st.lists(st.sampled_from([*map(str, Measure), "none", "x"]), max_size=3),
        "qualifier": st.sampled_from(["exact", "about", "range", "", "sure"]),
        "organisation": st.sampled_from(["lista", "vigilia", "gobierno", "lista+vigilia", "families", "x"]),
        "day": st.integers(-3, 4),
        "start": st.integers(-3, 4),
        "parts": st.lists(
            st.sampled_from(["sex=female", "sex=male", "facility=el_faro", "sex", "="]), max_size=5
        ),
    }
)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=20,
)
ANSWERS = (
    st.text(max_size=200)
    | ANYTHING.map(json.dumps)
    | st.lists(PLAUSIBLE | ANYTHING, max_size=6).map(lambda claims: answer(*claims))
)


@given(TEXTS | st.text(max_size=80), ANSWERS, st.booleans())
@settings(max_examples=150, deadline=None)
def test_whatever_is_answered_the_worst_is_a_number_of_the_text_mislabelled(
    islandia: Islandia, text: str, content: str, unknown_words: bool
) -> None:
    scene, question = ask(text, islandia, unknown_words=unknown_words)
    found = read_answer(content, question)
    candidates = assert_no_worse_than_mislabelled(found.readings, scene, question, islandia)
    assert len(candidates) <= 2 * len(question.numbers)


@given(TEXTS)
@settings(max_examples=5, deadline=None)
def test_the_schema_lists_what_the_check_takes(islandia: Islandia, text: str) -> None:
    _, question = ask(text, islandia)
    fields = make_schema(question)["properties"]["claims"]["items"]["properties"]
    assert fields["number"]["enum"] == list(question.numbers)
    assert fields["organisation"]["enum"] == list(question.choices.organisations)
    assert set(fields["measures"]["items"]["enum"]) == set(map(str, Measure))
    assert fields["day"]["enum"] == [-1, *question.days]
