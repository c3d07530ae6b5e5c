"""All marks found in a text before claims are read, who speaks where, and what is set right among them."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate, pairwise, repeat
from operator import attrgetter
from typing import NamedTuple

from pipelines.intake.prose.grammar import Language
from pipelines.intake.prose.known_names import Mention, Names, find_mentions
from pipelines.intake.prose.relative_dates import Moment
from pipelines.intake.prose.text_matching import (
    NUMBER,
    PUNCT,
    WORD,
    Mark,
    Normal,
    Token,
    normalise,
    sentences,
    tokenise,
)
from pipelines.intake.prose.written_dates import find_moments, opening_day
from pipelines.intake.prose.written_numbers import Number, find_changes, find_numbers

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


_FAR = 30


class Attribution(NamedTuple):
    """Who said it, and how the text shows it: named, anaphor, carried, cataphor, none."""

    organisation: str
    how: str
    cost: int = 0


def attribute(
    first: int,
    last: int,
    mentions: list[Mention],
    scene: Scene,
) -> tuple[Attribution, Mention] | None:
    """The one of a sentence's mentions that owns tokens `first` to `last`."""
    best: tuple[int, Mention] | None = None
    for mention in mentions:
        cost = _cost(first, last, mention, scene)
        if best is None or cost < best[0]:
            best = (cost, mention)
    if best is None or best[0] >= _FAR:
        return None
    how = "named" if best[1].named else "anaphor"
    return Attribution(best[1].organisation, how, best[0]), best[1]


def _cost(first: int, last: int, mention: Mention, scene: Scene) -> int:
    cost = _FAR if mention.spoken_to else 0
    if mention.last <= first:
        cost += scene.barrier(mention.last, first) + (first - mention.last) // 6
        if mention.opens:
            cost -= 2  # the clause that it opens is its own
        speaks = mention.marker >= 0 or mention.follows
        if not speaks and not any(i in scene.said for i in range(mention.last, first)):
            beside = first - mention.last <= 3 and not any(
                i in scene.walls for i in range(mention.last, first)
            )
            acting = any(
                i in scene.acts for i in range(mention.last, first)
            )  # "el gobierno excarceló a 40, según X"
            cost += 8 if acting else 1 if beside else 4
        return cost
    if mention.marker < 0 and not mention.follows:
        return cost + _FAR
    if (
        mention.opens
        and mention.marker < 0
        and any(i in scene.starts for i in range(mention.last, mention.last + 12))
    ):
        cost += _FAR
    start = mention.marker if mention.marker >= 0 else mention.first
    cost += scene.barrier(last, start) + max(0, start - last) // 6
    if mention.quoted and start == last:
        cost -= 2  # "and 53 according to JEP"
    if mention.relative:
        between = not scene.starts.isdisjoint(range(last, start))
        return cost + (8 if between else -6 if start - last <= 4 else 1)
    return cost + 1
