"""Everything found in one text, token by token, before any claim is read."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate, repeat
from operator import attrgetter

from pipelines.extract.dates import find_moments, opening_day
from pipelines.extract.language import Language
from pipelines.extract.mentions import Mention, find_mentions
from pipelines.extract.moment import Moment
from pipelines.extract.normalise import Normal, normalise
from pipelines.extract.number import Number
from pipelines.extract.numbers import find_numbers
from pipelines.extract.phrases import Mark
from pipelines.extract.places import Names
from pipelines.extract.readied import (
    asides,
    counted_departures,
    counts,
    leave_a_place,
    names_a_channel,
    plain_people,
    with_days,
)
from pipelines.extract.spans import find_changes
from pipelines.extract.tokens import NUMBER, PUNCT, WORD, Token, sentences, tokenise

_first = attrgetter("first")


_NO_MARKS: tuple[Mark, ...] = ()


_WALLS = {",": 1, ";": 8, ":": 1, "(": 1, ")": 1, "-": 1}


@dataclass(frozen=True, slots=True)
class Scene:
    """A text's tokens with all that was found among them. Every position is a token index."""

    normal: Normal
    tokens: list[Token]
    sentences: list[tuple[int, int]]
    marks: dict[int, list[Mark]]  # by first token: class, breakdown, people, units …
    ending: dict[int, list[Mark]]  # the same by the token after their last
    moments: list[Moment]
    numbers: list[Number]
    starts: set[int]  # first tokens of the numbers
    ends: set[int]  # where they end
    counted: set[int]  # tokens inside numbers
    changes: dict[int, Number]  # "de 940 a 807": first token of the older → the newer
    mentions: list[Mention]
    mention_starts: list[int]  # their first tokens, and those of numbers and moments, for a quick look
    number_starts: list[int]
    moment_starts: list[int]
    dated: dict[int, Moment]  # token → the moment that covers it
    walls: dict[int, int]
    heights: list[int]  # the walls before each token, added up
    named: set[int]  # tokens inside an organisation's name
    said: set[int]  # where verbs of saying stand
    acts: set[int]  # where verbs of releasing and arresting stand
    places: set[int]  # tokens inside a place's name
    public: set[int]  # tokens inside either
    openings: set[int]  # first tokens of the sentences
    marked: set[int]  # tokens inside any mark
    values: set[str]  # what the marks of the text say
    published: date | None
    opening: date | None  # the day that opens the text, or the publication day
    language: Language
    names: Names

    def at(self, index: int) -> Sequence[Mark]:
        """The marks that start at a token."""
        return self.marks.get(index, _NO_MARKS)

    def until(self, last: int, first: int) -> list[Mark]:
        """The marks that end just before token `last` and start at `first` or after, left to right."""
        return [m for m in self.ending.get(last, _NO_MARKS) if m.first >= first]

    def barrier(self, first: int, last: int) -> int:
        """The cost of the walls between two tokens; nothing where they stand the other way round."""
        return self.heights[last] - self.heights[first] if first < last else 0

    def mentions_in(self, span: tuple[int, int]) -> list[Mention]:
        """The mentions that start between two tokens."""
        first = bisect_left(self.mention_starts, span[0])
        return self.mentions[first : bisect_left(self.mention_starts, span[1], first)]

    def moments_in(self, span: tuple[int, int]) -> list[Moment]:
        """The moments of a sentence, without a look at all the others."""
        first = bisect_left(self.moment_starts, span[0])
        return self.moments[first : bisect_left(self.moment_starts, span[1], first)]

    def numbers_in(self, span: tuple[int, int]) -> list[Number]:
        """The numbers of a sentence."""
        first = bisect_left(self.number_starts, span[0])
        return self.numbers[first : bisect_left(self.number_starts, span[1], first)]

    def capital(self, index: int) -> bool:
        """Whether a token starts with a capital in the text."""
        return self.normal.plain[self.tokens[index].start].isupper()


def look(text: str, published: date | None, language: Language, names: Names) -> Scene:
    """Find everything in a text."""
    return look_at(normalise(text), None, published, language, names)


def look_at(
    normal: Normal, tokens: list[Token] | None, published: date | None, language: Language, names: Names
) -> Scene:
    """`look` for a text that is normalised, and perhaps tokenised, already."""
    tokens = tokenise(normal.folded) if tokens is None else tokens
    proper = names.find(tokens, normal.plain)
    marks = language.matcher.find(tokens)
    swallowing = [m for m in marks if m.label in ("breakdown", "ignored") and m.last - m.first > 1]
    inside = {i for m in swallowing for i in range(m.first, m.last)}
    proper = [
        p
        for p in proper
        if p.label != "org" or p.first not in inside or not any(names_a_channel(p, m) for m in swallowing)
    ]
    covered = {i for mark in proper for i in range(mark.first, mark.last)}
    marks = [m for m in marks if covered.isdisjoint(range(m.first, m.last))]
    marks = leave_a_place(plain_people(with_days(marks, tokens, language), language), proper)
    opening = opening_day(tokens, normal.folded, published, language)
    moments = find_moments(tokens, normal.folded, marks, opening, language)
    moments = [m for m in moments if m.start not in covered]
    dated = {i: m for m in moments for i in range(m.start, m.stop)}
    taken = covered | set(dated)
    plain = (WORD, NUMBER, PUNCT)  # all the others are times, dates, decimals
    taken |= {i for i, token in enumerate(tokens) if token.kind not in plain}
    taken |= {i for m in marks if m.label == "breakdown" for i in range(m.first + 1, m.last)}  # "over 70"
    numbers = [
        n for n in find_numbers(tokens, marks, taken, language) if n.form != "one" or counts(n, marks, dated)
    ]
    mentions = find_mentions(tokens, proper, marks, names, language, dated)
    walls = {i: _WALLS[t.text] for i, t in enumerate(tokens) if t.text in _WALLS}
    ends = {number.last for number in numbers}
    marks = counted_departures(marks, ends)
    for mark in marks:
        after = mark.label == "role" and mark.value == "after" and mark.first not in dated
        if (mark.label == "boundaries" or after) and mark.first not in ends:
            walls[mark.first] = walls.get(mark.first, 0) + 3
    for number in numbers:
        walls[number.first] = walls.get(number.first, 0) + 2
    for first, last in asides(tokens, numbers, mentions, marks, language):
        for index in range(first, last + 1):
            walls.pop(index, None)
    by_first: dict[int, list[Mark]] = {}
    for mark in (*proper, *marks):
        if mark.label == "org" or mark.first in dated:
            continue
        by_first.setdefault(mark.first, []).append(mark)
    ending: dict[int, list[Mark]] = {}
    for start in sorted(by_first):
        for mark in by_first[start]:
            ending.setdefault(mark.last, []).append(mark)
    said = {mark.first for mark in marks if mark.label == "speech" and mark.value == "said"}
    places = {i for mark in proper if mark.label != "org" for i in range(mark.first, mark.last)}
    marked = {i for mark in (*proper, *marks) for i in range(mark.first, mark.last)}
    named = {i for mark in proper if mark.label == "org" for i in range(mark.first, mark.last)}
    parted = sentences(tokens, dated)
    return Scene(
        normal=normal,
        tokens=tokens,
        sentences=parted,
        marks=by_first,
        ending=ending,
        moments=moments,
        numbers=numbers,
        starts={n.first for n in numbers},
        ends=ends,
        counted={i for n in numbers for i in range(n.first, n.last)},
        changes=find_changes(numbers, tokens, language),
        mentions=mentions,
        mention_starts=[m.first for m in mentions],
        number_starts=[n.first for n in numbers],
        moment_starts=[m.start for m in moments],
        dated=dated,
        walls=walls,
        heights=list(accumulate(map(walls.get, range(len(tokens)), repeat(0)), initial=0)),
        named=named,
        said=said,
        acts={m.first for m in marks if m.value in ("release_verb", "arrest_verb")},
        places=places,
        public=named | places,
        openings={first for first, _ in parted},
        marked=marked,
        values={mark.value for mark in marks},
        published=published,
        opening=opening,
        language=language,
        names=names,
    )
