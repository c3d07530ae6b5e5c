"""Numbers as people write them: figures, words, mixed, doubled, ranges, and their hedges."""

import re
from functools import lru_cache
from typing import NamedTuple

import text_to_num

from pipelines.intake.prose.grammar import Language
from pipelines.intake.prose.text_matching import DECIMAL, NUMBER, WORD, Mark, Token


class Number(NamedTuple):
    """A number in the text. Tokens `first` to `last` (exclusive) carry it."""

    first: int
    last: int
    value: int
    high: int | None = None
    qualifier: str = "exact"
    form: str = "figure"  # figure, word, mixed, noun, one, none


def join_ranges(
    numbers: list[Number], tokens: list[Token], marks: list[Mark], language: Language
) -> list[Number]:
    """Numbers with those of a range joined to one."""
    between = {m.last for m in marks if m.label == "role" and m.value == "between"}
    about = {m.last for m in marks if m.label == "qualifier" and m.value == "about"}
    out: list[Number] = []
    for number in numbers:
        low = out[-1] if out else None
        if low is not None and low.high is None and low.value < number.value and low.form != "one":
            gap = [t.text for t in tokens[low.last : number.first]]
            opened = low.first in between or low.first in about
            if gap == ["-"] or (opened and len(gap) == 1 and gap[0] in language.grammar.range_joiners):
                out[-1] = low._replace(last=number.last, high=number.value, qualifier="range")
                continue
        out.append(number)
    return out


_GREATEST = 10_000_000  # nobody holds that many people: longer digit strings are identity numbers and phones


class _Word(text_to_num.Token):  # type: ignore[misc]  # it comes without types
    """A token as text2num takes it."""

    def __init__(self, text: str) -> None:
        self._text = text

    def text(self) -> str:
        return self._text


_SPELLED_ON = 5  # tokens within which the next word of a number stands
_HYPHEN, _STOP = _Word("-"), _Word(".")
_make_word = lru_cache(maxsize=1 << 14)(_Word)


def _find_spelled(tokens: list[Token], plain: str, taken: set[int], language: Language) -> dict[int, Number]:
    """What text2num reads in the words outside `taken`, by the first token: their accents tell it more than
    the folded text has."""
    numbers, opens = language.numbers, language.opens_number
    words, places, until = [_STOP], [-1], 0
    for index, (text, start, end, kind) in enumerate(tokens):
        told = _STOP
        if kind is WORD and index not in taken:
            if opens(text):
                until = index + _SPELLED_ON
            if index < until:
                told = _make_word(numbers.spelling.get(text) or plain[start:end].lower())
        elif text == "-" and index < until:
            told = _HYPHEN
        if told is not _STOP or words[-1] is not _STOP:  # one stop parts what is far from each other
            words.append(told)
            places.append(index)
    return {
        first: Number(first, places[each.end - 1] + 1, int(each.value), form="one" if alone else "word")
        for each in text_to_num.find_numbers(words, language.code, 0)
        for first in [places[each.start]]
        if opens(tokens[first].text)
        if not each.is_ordinal and each.value % 1 == 0 and each.value <= _GREATEST
        for alone in [each.end - each.start == 1 and tokens[first].text in numbers.one]
    }


def find_numbers(
    tokens: list[Token], plain: str, marks: list[Mark], taken: set[int], language: Language
) -> list[Number]:
    """Numbers outside `taken`, left to right, ranges joined and qualifiers read. `plain` is what the tokens
    stand in."""
    single: list[Number] = []
    done = 0
    spelled = _find_spelled(tokens, plain, taken, language)
    number, word, starts = NUMBER, WORD, language.number_starts
    for index, (text, _, _, kind) in enumerate(tokens):
        if index < done or index in taken:
            continue
        if kind is number and not (index and tokens[index - 1].text == "#"):
            found = _figure(tokens, index, taken, language)
        elif kind is word and (index in spelled or text in starts):
            found = _told(tokens, index, spelled.get(index), taken, language)
        else:
            continue
        if found is not None:
            single.append(found)
            done = found.last
    return _qualified(join_ranges(single, tokens, marks, language), marks)


def _figure(tokens: list[Token], index: int, taken: set[int], language: Language) -> Number | None:
    value, last = int(re.sub(r"\D", "", tokens[index].text)), index + 1
    if value > _GREATEST:
        return None
    word = _text(tokens, last, taken)
    if word in language.numbers.multipliers and value < 1000:
        thousands = value * language.numbers.multipliers[word]
        return _add_rest(Number(index, last + 1, thousands, form="mixed"), tokens, taken)
    found = Number(index, last, value)
    return _noun(found, tokens, language) if word in language.numbers.nouns else found


def _told(
    tokens: list[Token], index: int, spelled: Number | None, taken: set[int], language: Language
) -> Number | None:
    """The number that a word begins; `spelled` is what text2num reads there."""
    text, multipliers = tokens[index].text, language.numbers.multipliers
    if text in multipliers and index and tokens[index - 1].kind is DECIMAL:
        size = round(float(tokens[index - 1].text.replace(",", ".")) * multipliers[text])
        return Number(index - 1, index + 1, size, qualifier="about", form="mixed")
    if text in language.numbers.nouns:
        return _noun(Number(index, index, 1), tokens, language)
    if text in language.numbers.none:
        return Number(index, index + 1, 0, form="none")
    if spelled is None:
        return Number(index, index + 1, 1, form="one") if text in language.numbers.one else None
    if _text(tokens, spelled.last, taken) in language.numbers.nouns:
        return _noun(spelled, tokens, language)
    thousands = spelled.value and spelled.value % 1000 == 0
    return _add_rest(spelled, tokens, taken) if thousands else spelled


def _add_rest(thousands: Number, tokens: list[Token], taken: set[int]) -> Number:
    """Thousands with what follows them in figures: the 400 of "3 mil 400"."""
    text, last = _text(tokens, thousands.last, taken), thousands.last + 1
    if not re.fullmatch(r"\d{1,3}", text):
        return thousands
    return thousands._replace(last=last, value=thousands.value + int(text), form="mixed")


def _noun(count: Number, tokens: list[Token], language: Language) -> Number | None:
    """ "un centenar", "dos docenas", "media docena". A bare plural ("decenas") is too vague."""
    size = language.numbers.nouns[tokens[count.last].text]
    if size == 0:
        return None
    for half in language.halves:
        first = count.last - len(half)
        if first >= 0 and tuple(t.text for t in tokens[first : count.last]) == half:
            return Number(first, count.last + 1, size // 2, qualifier="about", form="noun")
    return Number(count.first, count.last + 1, count.value * size, qualifier="about", form="noun")


def _qualified(numbers: list[Number], marks: list[Mark]) -> list[Number]:
    before = {m.last: m for m in marks if m.label == "qualifier"}
    after = {m.first: m for m in marks if m.label == "qualifier_after"}
    out = []
    for number in numbers:
        mark, behind = before.get(number.first), after.get(number.last)
        if mark is None and number.form == "noun":  # "más de un" centenar
            mark = before.get(number.first + 1)
        if mark and number.qualifier != "range":
            number = number._replace(qualifier=mark.value)
        elif behind and number.qualifier != "range":
            number = number._replace(qualifier=behind.value, last=behind.last)
        out.append(number)
    return out


def _text(tokens: list[Token], index: int, taken: set[int]) -> str:
    return tokens[index].text if index < len(tokens) and index not in taken else ""
