"""Prose becomes candidate claims, each with its place in the text, for a person to accept.

The scan finds numbers, organisations, days and words for parts of the whole (`text_marks`, with the words of
`languages/<code>.toml` and the situation's names); two learned readers say of each number what it is, and
point at who says it, of when and of which part (`readings`, `light_reader`, `composing`). So no candidate
holds a number, a name or a day that the text does not.
"""

from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, NamedTuple

import msgspec

from pipelines.core.model import Basis, Measure, Precision, Qualifier
from pipelines.core.situation import Organisation, Situation
from pipelines.intake.kept_readings import KeptReading
from pipelines.intake.prose.composing import ReadClaim, compose_claims, find_difference
from pipelines.intake.prose.encoder import DEFAULT_ENCODER, Encoder
from pipelines.intake.prose.grammar import guess_language, read_language
from pipelines.intake.prose.known_names import Names, compile_names, list_words
from pipelines.intake.prose.light_reader import DEFAULT_LIGHT_READER, LightReader
from pipelines.intake.prose.mentions import NumberMention, list_mentions
from pipelines.intake.prose.name_masking import is_public, mask_span
from pipelines.intake.prose.readings import blend, read_numbers
from pipelines.intake.prose.text_marks import Scene, look_at
from pipelines.intake.prose.text_matching import BREAK, PUNCT, WORD, normalise, tokenise


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate(KeptReading):
    """One figure as read, with what the reader said of it. `span` counts characters of the original text;
    `phrase` is masked.

    `as_of` is None where neither the text nor a publication day tells. `auto` says that independent readers
    agree and are sure; it accepts nothing by itself.
    """

    organisation: str
    measure: Measure
    breakdown: str
    population: str
    qualifier: Qualifier
    value: int
    value_high: int | None
    as_of: date | None
    as_of_basis: Basis | None
    as_of_precision: Precision
    period_start: date | None
    period_start_basis: str | None  # explicit, context
    span: tuple[int, int]
    rule: str
    auto: bool
    phrase: str

    def move(self, by: int) -> "Candidate":
        """The same figure where its text begins so many characters into a longer one."""
        spans: dict[str, Any] = {
            name: (span[0] + by, span[1] + by)
            for name in ("span", "day_span", "speaker_span")
            if (span := getattr(self, name))
        }
        return replace(self, **spans)

    def as_json(self) -> dict[str, Any]:
        """Plain values for JSON: dates as ISO text, enums as their words, spans as lists."""
        out: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(self))
        return out


class Written(NamedTuple):
    """A number as it stands in a text; `high` is the end of a range, `span` counts characters."""

    value: int
    high: int | None
    span: tuple[int, int]


_AROUND = 4  # words kept on each side of a number
_PAIRS = 100_000  # of numbers and what they may point at: twenty times what the longest of 1,525 reports has
_compiled: list[tuple[Situation, list[Organisation], Names]] = []  # of the situation asked for last


def extract(
    text: str,
    published: date | None,
    situation: Situation,
    organisations: list[Organisation],
    language: str | None = None,
    encoder: Encoder = DEFAULT_ENCODER,
    light: LightReader = DEFAULT_LIGHT_READER,
) -> list[Candidate]:
    """Candidate claims of a text, in reading order. A flood of numbers and names is read in halves.

    Two readers read each number, and what they make of it is blended. A claim is `auto` where each alone
    comes to it and its probability clears the bar of the artefact's card.

    `published` is the page's day in the situation's time zone; without it relative days stay unknown.
    `language` is guessed where it is not given. Raises LanguageError on a language without a file.
    """
    scene = look_at_text(text, published, situation, organisations, language)
    mentions = list_mentions(scene)
    others = len(mentions.speakers) + len(mentions.days) + len(mentions.parts)
    if len(mentions.numbers) * others > _PAIRS:
        halves = (0, cut := _find_cut(text)), (cut, len(text))
        return [
            each.move(first)
            for first, last in halves
            for each in extract(
                text[first:last], published, situation, organisations, scene.language.code, encoder, light
            )
        ]
    first, second = read_numbers(mentions, encoder), light.read(scene, mentions)
    together, encoder_alone, light_alone = (
        compose_claims(blend(first, second, share), situation, organisations)
        for share in (encoder.card["share"], 1.0, 0.0)
    )
    out = []
    for claim in together:
        answers = {
            "encoder": find_difference(claim, encoder_alone), "light": find_difference(claim, light_alone),
        }  # fmt: skip
        answers = {name: said for name, said in answers.items() if said}
        sure = not answers and claim.probability >= encoder.card["sure"]
        out.append(replace(make_candidate(claim, scene, situation, sure=sure), answers=answers))
    return out


def _find_cut(text: str) -> int:
    """Where a text falls in two: after a line near its middle, else after a word, else in the middle."""
    middle = len(text) // 2
    for mark in ("\n", " "):
        found = text.find(mark, middle, middle + len(text) // 4)
        if found >= 0:
            return found + 1
    return middle


def make_candidate(
    claim: ReadClaim, scene: Scene, situation: Situation, *, sure: bool = False, reader: str = "learned"
) -> Candidate:
    """A claim as a candidate: its places in the original text, its phrase masked. `reader` names its rule."""
    shared: dict[str, Any] = {each.name: getattr(claim, each.name) for each in fields(claim)}
    number = shared.pop("number")
    for name in ("day_span", "speaker_span"):
        shared[name] = scene.normal.span(*shared[name]) if shared[name] else None
    return Candidate(
        **shared,
        population=situation.measure_populations.get(claim.measure.value, situation.default_population),
        value=number.value,
        value_high=number.high,
        span=scene.normal.span(*number.span),
        rule=f"{scene.language.code}.{reader}",
        auto=sure,
        phrase=_cut_phrase(number, scene),
    )


def _cut_phrase(number: NumberMention, scene: Scene) -> str:
    """The number in the known words around it in its sentence: at a word that may be a name it ends."""
    begin, end = number.tokens
    opening, closing = scene.sentences[number.sentence]
    first, last = max(opening, begin - _AROUND), min(closing, end + _AROUND)
    while begin > first and is_public(begin - 1, scene):
        begin -= 1
    while end < last and is_public(end, scene):
        end += 1
    while end > number.tokens[1] and scene.tokens[end - 1].kind in (PUNCT, BREAK):
        end -= 1
    return mask_span(scene, begin, end)


def find_written(text: str, situation: Situation, organisations: list[Organisation]) -> list[Written]:
    """Every number that a text writes, in figures or in words, whatever it counts; dates are none."""
    scene = look_at_text(text, None, situation, organisations, None)
    found = list_mentions(scene).numbers
    return [Written(each.value, each.high, scene.normal.span(*each.span)) for each in found]


def look_at_text(
    text: str,
    published: date | None,
    situation: Situation,
    organisations: list[Organisation],
    language: str | None = None,
) -> Scene:
    """Everything that the scan finds in a text. Raises LanguageError on a language without a file."""
    normal = normalise(text)
    tokens = tokenise(normal.folded)
    if language is None:
        language = guess_language([token.text for token in tokens if token.kind is WORD])
    names = _names(situation, organisations)
    grammar = read_language(language, list_words(situation, language))
    return look_at(normal, tokens, published, grammar, names)


def _names(situation: Situation, organisations: list[Organisation]) -> Names:
    for known, own, names in _compiled:
        if known is situation and own is organisations:
            return names
    names = compile_names(situation, organisations)
    _compiled[:] = [(situation, organisations, names)]
    return names
