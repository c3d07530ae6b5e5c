"""Whether a candidate is sure enough to be accepted without a person, where a situation allows that.

A figure is sure only when independent signals agree: who says it is named beside it and nobody else is, what
it counts is its own noun, its day is written, and nothing in the sentence compares it with another count. A
part is sure when the parts beside it add up to a total of which the same holds, or nearly.
"""

from pipelines.extract.model import Claim
from pipelines.extract.scene import Scene
from pipelines.model import TOTAL, Basis, Measure, Precision

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
