"""All that the scan finds in a text: numbers, days, who is named, and words for parts of the whole."""

from dataclasses import dataclass
from datetime import date

from pipelines.intake.prose.grammar import Language
from pipelines.intake.prose.known_names import Mention, Names, find_mentions
from pipelines.intake.prose.text_matching import NUMBER, PUNCT, WORD, Mark, Normal, Token, sentences
from pipelines.intake.prose.written_dates import Moment, find_moments, opening_day
from pipelines.intake.prose.written_numbers import Number, find_numbers


@dataclass(frozen=True, slots=True)
class Scene:
    """A text's tokens with all that was found among them. Every position is a token index."""

    normal: Normal
    tokens: list[Token]
    sentences: list[tuple[int, int]]
    parts: list[Mark]  # of the whole; places come first, names of organisations that may mean one last
    moments: list[Moment]
    numbers: list[Number]
    mentions: list[Mention]
    public: set[int]  # tokens inside the name of an organisation or a place
    openings: set[int]  # first tokens of the sentences
    published: date | None
    language: Language
    names: Names


def look_at(
    normal: Normal, tokens: list[Token], published: date | None, language: Language, names: Names
) -> Scene:
    """Find everything in a text, given as it was normalised, with its tokens."""
    proper = names.find(tokens, normal.plain)
    marks = _heeded(language.matcher.find(tokens), language.ignored.find(tokens))
    covered = {i for mark in proper for i in range(mark.first, mark.last)}
    marks = [m for m in marks if covered.isdisjoint(range(m.first, m.last))]
    marks = _plain_people(marks, names.everybody)
    opening = opening_day(tokens, normal.folded, published, language)
    moments = find_moments(tokens, normal.folded, marks, opening, language)
    moments = [m for m in moments if m.start not in covered]
    dated = {i for m in moments for i in range(m.start, m.stop)}
    taken = covered | dated
    plain = (WORD, NUMBER, PUNCT)  # all the others are times, dates, decimals
    taken |= {i for i, token in enumerate(tokens) if token.kind not in plain}
    taken |= {i for m in marks if m.label == "breakdown" for i in range(m.first + 1, m.last)}  # "over 70"
    # an article is a number only before people or an event ("un menor de edad"), or a day ("una el 27")
    counted = dated | {m.first for m in marks if m.label in ("breakdown", "counted")}
    found = find_numbers(tokens, normal.plain, marks, taken, language)
    numbers = [n for n in found if n.form != "one" or not counted.isdisjoint((n.last, n.last + 1))]
    parted = sentences(tokens, dated)
    meant = names.organisation_parts
    parts = [m for m in (*proper, *marks) if m.label == "breakdown"]
    parts += [m._replace(value=meant[m.value]) for m in proper if m.label == "org" and m.value in meant]
    return Scene(
        normal=normal,
        tokens=tokens,
        sentences=parted,
        parts=[m for m in parts if m.first not in dated or m.value.startswith("cohort=")],
        moments=moments,
        numbers=numbers,
        mentions=find_mentions(tokens, proper, marks, names, language),
        public=covered,
        openings={first for first, _ in parted},
        published=published,
        language=language,
        names=names,
    )


def _heeded(marks: list[Mark], ignored: list[Mark]) -> list[Mark]:
    """Those that no ignored phrase shares a token with, or that hold all of it and more."""
    return [
        mark
        for mark in marks
        if all(
            mark.last <= each.first
            or each.last <= mark.first
            or (mark.first <= each.first and each.last <= mark.last and mark[2:] != each[2:])
            for each in ignored
        )
    ]


def _plain_people(marks: list[Mark], everybody: str | None) -> list[Mark]:
    """ "7,000 islanders have been freed" says no part; in a text with another nationality it does."""
    nations = {m.value for m in marks if m.label == "breakdown" and m.value.startswith("nationality=")}
    if nations != {everybody}:
        return marks
    return [m._replace(label="counted", value="") if m.value == everybody else m for m in marks]
