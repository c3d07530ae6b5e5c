"""What a number leans on: the total that it is a part of, the count that it goes on with."""

from pipelines.extract.labels import Head
from pipelines.extract.measures import Reading
from pipelines.extract.model import Claim, State
from pipelines.extract.number import Number
from pipelines.extract.scene import Scene
from pipelines.extract.speakers import Attribution
from pipelines.extract.tokens import WORD
from pipelines.model import TOTAL
from pipelines.model import Kind as MeasureKind

_RECENT = 5
_OF_THE_HELD = ("sentenced=", "health=", "status=whereabouts_unknown")
_ONE_SIZE = 1.5


def opens_plainly(number: Number, span: tuple[int, int], scene: Scene) -> bool:
    """Whether nothing but the words of a list opens the sentence: "Hay 815 hombres", not a story."""
    language = scene.language
    strange = 0
    left = range(span[0], number.lead)
    if any(m.value == "said" for i in left for m in scene.at(i)):
        return True
    for index in left:
        token = scene.tokens[index]
        if index in scene.counted:
            return strange <= 2
        if token.kind is not WORD or index in scene.marked or index in scene.dated:
            continue
        if any(
            token.text in known for known in (language.fillers, language.function_words, language.lead_in)
        ):
            continue
        if scene.capital(index) and index > span[0]:
            return False
        strange += 1
    return strange <= 2


def _whole(number: Number, reading: Reading, claims: list[Claim], index: int) -> Claim | None:
    """The total that a part belongs to: never smaller than the part, the nearest in its own sentence."""
    totals = [c for c in claims if c.breakdown == TOTAL and not c.held_against]
    totals = [c for c in totals if c.number.value >= number.value]
    if reading.family and reading.source != "none":
        totals = [c for c in totals if c.family == reading.family]
    totals = [c for c in totals if c.number.value > number.value] or totals
    here = [c for c in totals if c.sentence == index]
    if here:
        return here[-1]
    beside = [c for c in claims if c.sentence == index and c.number.value > number.value]
    if beside:
        return max(beside, key=lambda c: c.number.value)
    stocks = [c for c in totals if c.family == "custody"] or totals
    days = [c.as_of for c in stocks if c.as_of is not None]
    return [c for c in stocks if not days or c.as_of == max(days)][-1] if stocks else None


def find_anchor(
    number: Number,
    reading: Reading,
    head: Head,
    attribution: Attribution,
    index: int,
    state: State,
    windowed: bool = False,
) -> Claim | None:
    """The earlier claim that this number is a part or a continuation of. `windowed`: it counts since a day,
    so that it goes on with no count of those held."""
    claims = state.claims
    if windowed:
        claims = [c for c in claims if c.measure.kind is not MeasureKind.STOCK]
    who = attribution.organisation
    same = [c for c in claims if c.attribution.organisation == who]
    if not same:
        claims = [c for c in claims if c.family != "death"]  # nobody goes on counting another's dead
    if head.kind == "breakdown":
        return _whole(number, reading, same or ([] if reading.family else claims), index)
    if reading.breakdowns:
        totals = [c for c in same if c.breakdown == TOTAL] or same
        if not reading.family and reading.breakdowns[0].startswith(_OF_THE_HELD):
            totals = [c for c in totals if c.family == "custody"] or totals
    else:
        totals = same or ([] if index and head.kind != "bare" else claims)
        totals = totals or claims
    if reading.family:
        fitting = [c for c in totals if c.family == reading.family]
        return fitting[-1] if fitting else None
    if head.kind == "bare" and not reading.breakdowns:
        here = [c for c in claims if c.sentence == index]
        if here and not any(c in same for c in here):
            return here[-1]  # "las ONG calculan 800 presos, y la alianza, mil": the noun is left out
        return _alike(number, same or claims) or (totals[-1] if totals else None)
    return totals[-1] if totals else None


def _alike(number: Number, claims: list[Claim]) -> Claim | None:
    """The recent count that a number without a noun goes on with: two counts of one thing, by two days or two
    organisations, are of one size."""
    recent = [c for c in claims[-_RECENT:] if c.number.value and number.value]
    ratios = [max(c.number.value, number.value) / min(c.number.value, number.value) for c in recent]
    if not recent or ratios[-1] <= _ONE_SIZE:
        return None
    best = min(range(len(recent)), key=lambda i: ratios[i])
    return recent[best] if ratios[best] <= _ONE_SIZE else None
