"""What is set right among the marks of a text, and the walls between its parts, before anything is read."""

from bisect import bisect_left
from itertools import pairwise
from operator import attrgetter

from pipelines.extract.language import Language
from pipelines.extract.mentions import Mention
from pipelines.extract.moment import Moment
from pipelines.extract.number import Number
from pipelines.extract.phrases import Mark
from pipelines.extract.tokens import Token

_first = attrgetter("first")
_LONGEST = 12  # tokens of the longest phrase
_TO_PLACE = 6  # tokens between "left" and the prison
_BESIDE = 20  # tokens between two nationalities of one list


def names_a_channel(name: Mark, mark: Mark) -> bool:
    """ "por vía del Ministerio Público" names a channel, not who speaks."""
    longer = (mark.last - mark.first) > (name.last - name.first)
    return longer and mark.first <= name.first and name.last <= mark.last


def with_days(marks: list[Mark], tokens: list[Token], language: Language) -> list[Mark]:
    """ "abandonó anoche la cárcel": the day that stands inside a phrase is found too."""
    inside = [
        Mark("day", language.day_words[tokens[i].text], i, i + 1)
        for mark in marks
        if mark.last - mark.first > 2 and mark.label == "class"
        for i in range(mark.first + 1, mark.last)
        if tokens[i].text in language.day_words
    ]
    return sorted([*marks, *inside], key=lambda m: m.first) if inside else marks


def leave_a_place(marks: list[Mark], places: list[Mark]) -> list[Mark]:
    """ "abandonaron este sábado El Helicoide": who leaves one of the situation's prisons is released."""
    starts = [p.first for p in places if p.value.startswith("facility=")]
    return [
        m._replace(value="release_verb")
        if m.value == "leave" and any(0 <= first - m.last <= _TO_PLACE for first in starts)
        else m
        for m in marks
    ]


def counted_departures(marks: list[Mark], ends: set[int]) -> list[Mark]:
    """ "12 salidas", "las salidas suman 41": departures that are counted are releases."""
    sums = [m.first for m in marks if m.label == "cumulative"]
    out = []
    for mark in marks:
        if mark.value == "departure":
            counted = not ends.isdisjoint((mark.first, mark.first - 1))
            if not counted and not any(0 <= first - mark.last <= _TO_PLACE for first in sums):
                continue
            mark = mark._replace(value="release_noun")
        out.append(mark)
    return out


def plain_people(marks: list[Mark], language: Language) -> list[Mark]:
    """ "7,000 Venezuelans have been freed" says no part; beside another nationality it does."""
    nations = [m for m in marks if m.label == "breakdown" and m.value.startswith("nationality=")]
    if not nations or all(m.value not in language.compatriots for m in nations):
        return marks
    others = [m.first for m in nations if m.value not in language.compatriots]
    return [
        m._replace(label="people", value="")
        if m.value in language.compatriots and not any(abs(m.first - i) <= _BESIDE for i in others)
        else m
        for m in marks
    ]


def asides(
    tokens: list[Token],
    numbers: list[Number],
    mentions: list[Mention],
    marks: list[Mark],
    language: Language,
) -> list[tuple[int, int]]:
    """ "recobraron la libertad, bajo restricciones, 55 presos": the commas about a short aside, which opens
    with a preposition and neither counts nor speaks nor names a part, divide nothing."""
    commas = [i for i, t in enumerate(tokens) if t.text == ","]
    busy = {n.first for n in numbers} | {m.first for m in mentions}
    busy |= {m.first for m in marks if m.label == "breakdown"}
    out = []
    for first, last in pairwise(commas):
        if not 2 <= last - first <= 7 or not busy.isdisjoint(range(first, last)):
            continue
        if tokens[first + 1].text in language.asides:
            out.append((first, last))
    return out


def counts(number: Number, marks: list[Mark], dated: dict[int, Moment]) -> bool:
    """An article is a number only before people or an event ("un menor de edad"), or a day ("una el 27")."""
    if number.last in dated or number.last + 1 in dated:
        return True
    first = bisect_left(marks, number.first - _LONGEST, key=_first)
    near = marks[first : bisect_left(marks, number.last + 2, lo=first, key=_first)]
    if any(m.first <= number.first < m.last and m.label == "ignored" for m in near):
        return False
    return any(m.first >= number.last and m.label in ("breakdown", "people", "class") for m in near)
