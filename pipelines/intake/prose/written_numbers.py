"""Numbers as people write them: figures, words, mixed, doubled, ranges, and their hedges."""

import re
from functools import lru_cache
from typing import NamedTuple

from text_to_num import text2num

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


def find_numbers(tokens: list[Token], marks: list[Mark], taken: set[int], language: Language) -> list[Number]:
    """Numbers outside `taken`, left to right, ranges joined and qualifiers read."""
    single: list[Number] = []
    done = 0
    number, word, starts = NUMBER, WORD, language.number_starts
    for index, (text, _, _, kind) in enumerate(tokens):
        if index < done or index in taken:
            continue
        if kind is number and not (index and tokens[index - 1].text == "#"):
            found = _figure(tokens, index, taken, language)
        elif kind is word and (
            text in starts or (language.numbers.compounds and language.is_number_word(text))
        ):
            found = _spelled(tokens, index, taken, language)
        else:
            continue
        if found is not None:
            single.append(found)
            done = found.last
    return _qualified(join_ranges(single, tokens, marks, language), tokens, marks, language)


def _figure(tokens: list[Token], index: int, taken: set[int], language: Language) -> Number | None:
    value, last = int(re.sub(r"\D", "", tokens[index].text)), index + 1
    if value > _GREATEST:
        return None
    word = _text(tokens, last, taken)
    if word in language.numbers.multipliers and value < 1000:
        rest = _rest(tokens, last + 1, taken)
        return Number(
            index,
            last + 1 + (rest is not None),
            value * language.numbers.multipliers[word] + (rest or 0),
            form="mixed",
        )
    found = Number(index, last, value)
    return _noun(found, tokens, language) if word in language.numbers.nouns else found


def _spelled(tokens: list[Token], index: int, taken: set[int], language: Language) -> Number | None:
    text = tokens[index].text
    if text in language.numbers.multipliers and index and tokens[index - 1].kind is DECIMAL:
        size = round(float(tokens[index - 1].text.replace(",", ".")) * language.numbers.multipliers[text])
        return Number(index - 1, index + 1, size, qualifier="about", form="mixed")
    if text in language.numbers.nouns:
        return _noun(Number(index, index, 1), tokens, language)
    if text in language.numbers.none:
        return Number(index, index + 1, 0, form="none")
    run: list[str] = []
    last = index
    while last < len(tokens) and last not in taken:
        word = tokens[last].text
        if language.is_number_word(word) or (not run and word in language.numbers.one):
            run.append(language.numbers.spelling.get(word, word))
        elif not (run and _joins(tokens, last, taken, language)):
            break
        elif word != "-":
            run.append(word)
        last += 1
    form = "one" if len(run) == 1 and text in language.numbers.one else "word"
    value = 1 if form == "one" else None
    while run and value is None and (value := spelled_value(" ".join(run), language.code)) is None:
        run.pop()
        last -= 1
    if value is None:
        return None
    found = Number(index, last, value, form=form)
    if _text(tokens, last, taken) in language.numbers.nouns:
        return _noun(found, tokens, language)
    rest = _rest(tokens, last, taken) if value and value % 1000 == 0 else None
    return found if rest is None else Number(index, last + 1, value + rest, form="mixed")


def _rest(tokens: list[Token], index: int, taken: set[int]) -> int | None:
    """What follows thousands in figures: the 400 of "3 mil 400"."""
    text = _text(tokens, index, taken)
    return int(text) if re.fullmatch(r"\d{1,3}", text) else None


def _joins(tokens: list[Token], index: int, taken: set[int], language: Language) -> bool:
    joins = tokens[index].text in language.numbers.joiners or tokens[index].text == "-"
    return joins and language.is_number_word(_text(tokens, index + 1, taken))


@lru_cache(maxsize=4096)
def spelled_value(words: str, code: str) -> int | None:
    """The value of a spelled number, or None where text2num does not read it as one number."""
    try:
        return int(text2num(words, code))
    except ValueError:
        return None


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


def _qualified(
    numbers: list[Number], tokens: list[Token], marks: list[Mark], language: Language
) -> list[Number]:
    ends = {number.last for number in numbers}
    before = {m.last: m for m in marks if m.label == "qualifier" and m.first not in ends}
    after = {m.first: m for m in marks if m.label == "qualifier_after"}
    out = []
    for number in numbers:
        mark, behind = before.get(number.first), after.get(number.last)
        if mark is None and number.form == "noun":
            mark = before.get(number.first + 1)
        if mark is None and number.first and tokens[number.first - 1].text in language.numbers.articles:
            mark = before.get(number.first - 1)
        if mark and number.qualifier != "range":
            number = number._replace(qualifier=mark.value)
        elif behind and number.qualifier != "range":
            number = number._replace(qualifier=behind.value, last=behind.last)
        out.append(number)
    return out


def _text(tokens: list[Token], index: int, taken: set[int]) -> str:
    return tokens[index].text if index < len(tokens) and index not in taken else ""
