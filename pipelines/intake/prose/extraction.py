"""Prose becomes candidate claims, each with its place in the text, for a person to accept.

A figure is sure only when independent signals agree: who says it is named beside it and nobody else is, what
it counts is its own noun, its day is written, and nothing in the sentence compares it with another count. A
part is sure when the parts beside it add up to a total of which the same holds, or nearly.

The grammar of claims is data (`languages/<code>.toml`), the names are the situation's; the code only knows
how numbers, nouns, speakers and moments lean on each other.
"""

from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from enum import StrEnum
from itertools import islice
from typing import Any, Final, NamedTuple

from pipelines.core.model import TOTAL, Basis, Measure, Precision, Qualifier
from pipelines.core.situation import Organisation, Situation
from pipelines.intake.prose.claim_dates import Claim
from pipelines.intake.prose.claim_reader import read_claims
from pipelines.intake.prose.composing import ReadClaim, compose_claims
from pipelines.intake.prose.encoder import DEFAULT_ENCODER, Encoder
from pipelines.intake.prose.grammar import GUESSED, guess_language, read_language
from pipelines.intake.prose.known_names import Names, compile_names
from pipelines.intake.prose.mentions import list_mentions
from pipelines.intake.prose.name_masking import is_public, mask_span
from pipelines.intake.prose.readings import read_numbers
from pipelines.intake.prose.text_marks import Scene, look_at
from pipelines.intake.prose.text_matching import BREAK, PUNCT, WORD, normalise, tokenise


@dataclass(frozen=True, slots=True)
class Candidate:
    """One figure as read. `span` counts characters of the original text; `phrase` is masked.

    `as_of` is None where neither the text nor a publication day tells. `auto` says that independent strong
    signals agree; it accepts nothing by itself. `probability` is that of all fields together, `choices` are
    what each field may be, the likeliest first; `day_span` and `speaker_span` are the words that say when and
    who. None and nothing where the reader does not say.
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
    period_start_basis: str | None  # explicit, month, same_day, context
    span: tuple[int, int]
    rule: str
    auto: bool
    phrase: str
    probability: float | None = None
    choices: dict[str, list[tuple[str, float]]] = field(default_factory=dict)
    day_span: tuple[int, int] | None = None
    speaker_span: tuple[int, int] | None = None

    def move(self, by: int) -> "Candidate":
        """The same figure where its text begins so many characters into a longer one."""

        def further(span: tuple[int, int] | None) -> tuple[int, int] | None:
            return (span[0] + by, span[1] + by) if span else None

        return replace(
            self,
            span=(self.span[0] + by, self.span[1] + by),
            day_span=further(self.day_span),
            speaker_span=further(self.speaker_span),
        )

    def as_json(self) -> dict[str, Any]:
        """Plain values for JSON: dates as ISO text, enums as their words, the span as a list."""
        out: dict[str, Any] = asdict(self)
        for key, value in out.items():
            if isinstance(value, date):
                out[key] = value.isoformat()
            elif isinstance(value, (Measure, Qualifier, Basis, Precision)):
                out[key] = value.value
        for key in ("span", "day_span", "speaker_span"):
            out[key] = list(out[key]) if out[key] else None
        return out


_PAIRS = (
    ("sex=female", "sex=male"),
    ("service=civilian", "service=military"),
    ("age=adolescent", "age=adult"),
    ("sentenced=no", "sentenced=yes"),
    ("prior_status=detained", "prior_status=precautionary"),
)
_SMALL = 10
_TOTALS = (Measure.IN_CUSTODY, Measure.RELEASED_TO_DATE, Measure.AMNESTY_APPLICATIONS_TO_DATE)


def sure(claim: Claim, claims: list[Claim], scene: Scene) -> bool:
    """Whether independent strong signals agree about every field of a claim."""
    if claim.as_of is None or claim.basis is Basis.PUBLICATION_DATE or claim.precision is not Precision.DAY:
        return False
    if claim.attribution.how in ("cataphor", "none"):
        return False
    if claim.breakdown == TOTAL:
        return _sure_total(claim, scene) or _parts_agree(claim, claims, scene)
    whole = _whole(claim, claims)
    if whole is None or not _parts_agree(whole, claims, scene):
        return False
    return claim.head.label or claim.sentence - whole.sentence <= 1


def _sure_total(claim: Claim, scene: Scene) -> bool:
    if claim.inherited or claim.measure not in _TOTALS or claim.number.value < _SMALL:
        return False
    if claim.attribution.how != "named" or claim.attribution.cost > 2 or _several_speak(claim, scene):
        return False
    if claim.reading.source != "noun" or claim.reading.also or not claim.head.classes:
        return False
    if claim.period.as_of != claim.as_of or claim.period.cost > 2 or claim.period.day:
        return False
    if claim.measure is Measure.RELEASED_TO_DATE and claim.period.window != "explicit":
        return False
    return not _tangled(claim, scene)


def _parts_agree(whole: Claim, claims: list[Claim], scene: Scene) -> bool:
    """Whether two complementary parts of one text add up to the whole."""
    if whole.breakdown != TOTAL or whole.number.qualifier != "exact" or _contradicted(whole, claims):
        return False
    if whole.inherited or whole.family == "death":
        return False  # what it counts is a guess
    if whole.measure is Measure.RELEASED and whole.reading.source == "noun":
        return False  # "29 de enero: 302 excarcelados": of that day, or until then
    if whole.attribution.how == "named" and _several_speak(whole, scene):
        return False
    return any(_adds_up(pair, whole, claims) for pair in _PAIRS)


def _adds_up(pair: tuple[str, str], whole: Claim, claims: list[Claim]) -> bool:
    found = []
    for breakdown in pair:
        parts = [c for c in claims if c.breakdown == breakdown and _whole(c, claims) is whole]
        if len(parts) != 1:
            return False
        found.append(parts[0].number.value)
    return sum(found) == whole.number.value


def _whole(part: Claim, claims: list[Claim]) -> Claim | None:
    """The total of the same organisation and day that a part stands under. The amnesty's parts have two
    measures, those released and those whose measures were lifted."""
    for claim in reversed(claims):
        same = claim.attribution.organisation == part.attribution.organisation and claim.as_of == part.as_of
        amnesty = claim.measure is Measure.AMNESTY_GRANTED_TO_DATE and part.breakdown.startswith("prior_")
        fits = same and claim.breakdown == TOTAL and (claim.measure is part.measure or amnesty)
        if fits and claim.number.value > part.number.value and claim.sentence <= part.sentence:
            return claim
    return None


def _contradicted(whole: Claim, claims: list[Claim]) -> bool:
    """Two totals of one measure in one text: which of them the parts belong to is a person's question."""
    others = [
        c
        for c in claims
        if c.breakdown == TOTAL and c.measure is whole.measure and c.number.value != whole.number.value
    ]
    return any(c.attribution.organisation == whole.attribution.organisation for c in others)


def _several_speak(claim: Claim, scene: Scene) -> bool:
    speakers = {m.organisation for m in scene.mentions_in(scene.sentences[claim.sentence])}
    return len(speakers) > 1


def _tangled(claim: Claim, scene: Scene) -> bool:
    """Whether the sentence names several days, or holds its figure against another."""
    first, last = scene.sentences[claim.sentence]
    if any(m.label == "compared" for i in range(first, last) for m in scene.at(i)):
        return True
    ends = {m.last for m in scene.moments_in((first, last)) if m.role in ("on", "until")}
    return len(ends) > 1


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
    scene = look_at_text(text, published, situation, organisations, language)
    claims = read_claims(scene, situation)
    return [_candidate(claim, claims, scene, situation) for claim in claims]


def extract_learned(
    text: str,
    published: date | None,
    situation: Situation,
    organisations: list[Organisation],
    language: str | None = None,
    encoder: Encoder = DEFAULT_ENCODER,
) -> list[Candidate]:
    """`extract` by the learned reader. A claim is sure where the rules read the same in every field and the
    reader's probability clears the bar that the artefact's card gives."""
    scene = look_at_text(text, published, situation, organisations, language)
    mentions = list_mentions(scene)
    claims = compose_claims(read_numbers(mentions, encoder), situation, organisations)
    by_rules = read_claims(scene, situation)
    ruled = {_key(_candidate(claim, by_rules, scene, situation)) for claim in by_rules}
    bar = encoder.card["sure"]
    return [_learned(claim, scene, situation, ruled, bar) for claim in claims]


class Reader(StrEnum):
    """Who reads a text."""

    RULES = "rules"
    LEARNED = "learned"


READERS: Final[dict[Reader, Callable[..., list[Candidate]]]] = {
    Reader.RULES: extract,
    Reader.LEARNED: extract_learned,
}


def _key(candidate: Candidate) -> tuple[object, ...]:
    """What two readers must agree on."""
    return (
        candidate.measure, candidate.organisation, candidate.breakdown, candidate.qualifier, candidate.value,
        candidate.value_high, candidate.as_of,
    )  # fmt: skip


def _learned(
    claim: ReadClaim, scene: Scene, situation: Situation, ruled: Collection[tuple[object, ...]], bar: float
) -> Candidate:
    first, last = claim.number.tokens
    candidate = Candidate(
        organisation=claim.organisation,
        measure=claim.measure,
        breakdown=claim.breakdown,
        population=situation.measure_populations.get(claim.measure.value, situation.default_population),
        qualifier=claim.qualifier,
        value=claim.number.value,
        value_high=claim.number.high,
        as_of=claim.as_of,
        as_of_basis=claim.basis,
        as_of_precision=claim.precision,
        period_start=claim.start,
        period_start_basis=claim.start_basis,
        span=scene.normal.span(*claim.number.span),
        rule=f"{scene.language.code}.learned",
        auto=False,
        phrase=_words_around(first, last, scene),
        probability=claim.probability,
        choices=claim.choices,
        day_span=scene.normal.span(*claim.told) if claim.told else None,
        speaker_span=scene.normal.span(*claim.spoken) if claim.spoken else None,
    )
    return replace(candidate, auto=claim.probability >= bar and _key(candidate) in ruled)


def _words_around(first: int, last: int, scene: Scene) -> str:
    """The number in the known words around it: at a word that may be a name it ends."""
    begin, end = first, last
    while begin > max(0, first - _AROUND) and is_public(begin - 1, scene):
        begin -= 1
    while end < min(len(scene.tokens), last + _AROUND) and is_public(end, scene):
        end += 1
    return mask_span(scene, begin, end)


def find_written(text: str, situation: Situation, organisations: list[Organisation]) -> list[Written]:
    """Every number that a text writes, in figures or in words, whatever it counts; dates are none."""
    scene = look_at_text(text, None, situation, organisations, None)
    ends = [(scene.tokens[n.first].start, scene.tokens[n.last - 1].end) for n in scene.numbers]
    return [
        Written(number.value, number.high, scene.normal.span(start, end))
        for number, (start, end) in zip(scene.numbers, ends, strict=True)
    ]


def look_at_text(
    text: str,
    published: date | None,
    situation: Situation,
    organisations: list[Organisation],
    language: str | None = None,
) -> Scene:
    """Everything that the scan finds in a text."""
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
