"""Prose becomes candidate claims, each with its place in the text, for a person to accept or reject.

The grammar of claims is data (`languages/<code>.toml`), the names are the situation's; the code only knows
how numbers, nouns, speakers and moments lean on each other.
"""

from datetime import date
from itertools import islice
from typing import NamedTuple

from pipelines.extract.candidate import Candidate
from pipelines.extract.claims import read_claims
from pipelines.extract.confidence import sure
from pipelines.extract.language import GUESSED, LanguageError, guess_language, languages, read_language
from pipelines.extract.masking import is_public, mask_span
from pipelines.extract.model import Claim
from pipelines.extract.normalise import normalise
from pipelines.extract.places import Names, compile_names
from pipelines.extract.scene import Scene, look_at
from pipelines.extract.tokens import BREAK, PUNCT, WORD, tokenise
from pipelines.model import Qualifier
from pipelines.situation import Organisation, Situation

__all__ = ["Candidate", "LanguageError", "Written", "extract", "find_written", "languages"]


class Written(NamedTuple):
    """A number as it stands in a text; `high` is the end of a range, `span` counts characters."""

    value: int
    high: int | None
    span: tuple[int, int]


_AROUND = 4  # words kept on each side of a number and its noun
_compiled: dict[tuple[int, int], tuple[Situation, list[Organisation], Names]] = {}


def extract(
    text: str,
    published: date | None,
    situation: Situation,
    organisations: list[Organisation],
    language: str | None = None,
) -> list[Candidate]:
    """Candidate claims of a text, in reading order.

    `published` is the page's day in the situation's time zone; without it relative days stay unknown.
    `language` is guessed where it is not given. Raises LanguageError on a language without a file.
    """
    scene = _scene(text, published, situation, organisations, language)
    claims = read_claims(scene, situation)
    return [_candidate(claim, claims, scene, situation) for claim in claims]


def find_written(text: str, situation: Situation, organisations: list[Organisation]) -> list[Written]:
    """Every number that a text writes, in figures or in words, whatever it counts; dates are none."""
    scene = _scene(text, None, situation, organisations, None)
    ends = [(scene.tokens[n.first].start, scene.tokens[n.last - 1].end) for n in scene.numbers]
    return [
        Written(number.value, number.high, scene.normal.span(start, end))
        for number, (start, end) in zip(scene.numbers, ends, strict=True)
    ]


def _scene(
    text: str,
    published: date | None,
    situation: Situation,
    organisations: list[Organisation],
    language: str | None,
) -> Scene:
    normal = normalise(text)
    tokens = tokenise(normal.folded)
    if language is None:
        language = guess_language(list(islice((t.text for t in tokens if t.kind is WORD), GUESSED)))
    return look_at(normal, tokens, published, read_language(language), _names(situation, organisations))


def _names(situation: Situation, organisations: list[Organisation]) -> Names:
    key = (id(situation), id(organisations))
    found = _compiled.get(key)
    if found is None or found[0] is not situation or found[1] is not organisations:
        found = (situation, organisations, compile_names(situation, organisations))
        _compiled.clear()
        _compiled[key] = found
    return found[2]


def _candidate(claim: Claim, claims: list[Claim], scene: Scene, situation: Situation) -> Candidate:
    tokens, number = scene.tokens, claim.number
    start, end = tokens[min(number.lead, number.first)].start, tokens[number.last - 1].end
    population = situation.measure_populations.get(claim.measure.value, situation.default_population)
    return Candidate(
        organisation=claim.attribution.organisation,
        measure=claim.measure,
        breakdown=claim.breakdown,
        population=population,
        qualifier=Qualifier(number.qualifier),
        value=number.value,
        value_high=number.high,
        as_of=claim.as_of,
        as_of_basis=claim.basis,
        as_of_precision=claim.precision,
        period_start=claim.start,
        period_start_basis=claim.start_basis,
        span=scene.normal.span(start, end),
        rule=_rule(claim, scene),
        auto=sure(claim, claims, scene),
        phrase=_phrase(claim, scene),
    )


def _rule(claim: Claim, scene: Scene) -> str:
    how = "label" if claim.head.label else claim.reading.source
    if claim.inherited:
        how = "part" if claim.head.kind == "breakdown" else "continued"
    return f"{scene.language.code}.{claim.family}.{how}.{claim.attribution.how}"


def _phrase(claim: Claim, scene: Scene) -> str:
    """The number in the known words around it: at a word that may be a name it ends."""
    first, last = scene.sentences[claim.sentence]
    reach = max(claim.head.last, claim.number.last)
    begin = min(claim.number.lead, claim.head.first) if claim.head.label else claim.number.lead
    first, last = max(first, begin - _AROUND), min(last, reach + _AROUND)
    while first < begin and not all(is_public(i, scene) for i in range(first, begin)):
        first += 1
    last = next((i for i in range(reach, last) if not is_public(i, scene)), last)
    while last > reach and scene.tokens[last - 1].kind in (PUNCT, BREAK):
        last -= 1
    return mask_span(scene, first, last)
