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
_LONGEST = 16  # tokens of the longest name
_CLAUSE = 14  # tokens within which a clause says that it totals
_OF_THE_HELD = ("sentenced=", "health=", "status=whereabouts_unknown")
_ONE_SIZE = 1.5
_GOES_ON = ("cumulative", "speech", "additional", "announce")


def is_supported(number: Number, scene: Scene) -> bool:
    """Whether the words beside a bare number say that it goes on counting: "haber confirmado 53", "son 349",
    "32 el domingo", "etapa: 459"."""
    language, tokens = scene.language, scene.tokens
    if in_list_of_speakers(number, scene):
        return True
    if counts_since(number.last, scene) or number.first in scene.changes or number in scene.changes.values():
        return True
    if number.lead >= 2 and tokens[number.lead - 1].text == "(" and number.lead - 2 in scene.dated:
        return True  # "hace una semana (1.793)"
    if number.lead < number.first or number.last in scene.dated or number.last + 1 in scene.dated:
        return True
    if any(m.reach == number.last for m in scene.moments) or _goes_on_after(number, scene):
        return True
    dated = False
    for index in range(number.lead - 1, max(-1, number.lead - 7), -1):
        token = tokens[index]
        if index in scene.dated:
            dated = True
            continue  # "subió ese día a 372"
        if dated and token.text in ",;":
            return True  # "431 desde el 8 de enero, el domingo 35"
        if dated and index + 1 in scene.ends | {e + 1 for e in scene.ends}:
            return True  # "el domingo iban 17 y el lunes 41"
        if token.text == ":" or token.text in language.copulas:
            return True
        if token.text == "," and index - 1 in scene.named:
            return True  # "Foro Penal eleva la cifra a 41; JEP, a 53"
        marks = [m for first in range(max(0, index - 3), index + 1) for m in scene.at(first)]
        if any(m.last == index + 1 and m.label in _GOES_ON for m in marks):
            return True
        if token.text not in language.lead_in and token.text not in language.fillers:
            break
    return _totals_up(number, scene)


def in_list_of_speakers(number: Number, scene: Scene) -> bool:
    """ "Foro Penal suma 448, JEP 455 y la Plataforma 462": a number straight after a name that opens an item
    of a list, after another number."""
    close = scene.mentions_in((number.lead - _LONGEST, number.lead))
    gap = scene.tokens[number.lead - 1].text in scene.language.lead_in  # "X lo sitúa en 84 y JEP en 81"
    mention = next((m for m in close if m.named and number.lead - gap <= m.last <= number.lead), None)
    if mention is None:
        return False
    before = mention.first - 1
    while before > 0 and scene.tokens[before].text in scene.language.articles:
        before -= 1
    opens = scene.tokens[before].text in scene.language.joint | {",", ";", ":"}
    return opens and any(n.last <= before for n in scene.numbers_in((max(0, before - 25), before)))


def _totals_up(number: Number, scene: Scene) -> bool:
    """ "bringing the total since the law took effect to 22": a running total, said a clause before."""
    language = scene.language
    if scene.tokens[number.lead - 1].text not in language.change_to | language.lead_in:
        return False
    for index in range(number.lead - 1, max(-1, number.lead - _CLAUSE), -1):
        if index in scene.counted or scene.tokens[index].text in ",;:.(":
            return False
        if any(m.label == "cumulative" for m in scene.at(index)):
            return True
    return False


def _goes_on_after(number: Number, scene: Scene) -> bool:
    """ "las 406 que anunció …", "60 ocurrieron el 25", "uno menos que los 275 de su recuento"."""
    tokens, language = scene.tokens, scene.language
    if number.last < len(tokens) and tokens[number.last].text in language.relative:
        return any(m.label in ("speech", "announce") for m in scene.at(number.last + 1))
    index = number.last
    while index < min(len(tokens), number.last + 3) and tokens[index].text in language.fillers:
        index += 1
    if index in scene.dated and index > number.last:
        return True
    return is_held_against(number, scene)


def counts_since(last: int, scene: Scene) -> bool:
    """ "65 desde que entró en vigor la ley": since then, whenever that was."""
    after = last + 1 if last < len(scene.tokens) and scene.tokens[last].kind is WORD else last
    for index in {last, after}:
        roles = {m.value for m in scene.at(index) if m.label == "role"}
        if "since" in roles and (
            "between" not in roles or not scene.dated.keys().isdisjoint(range(index + 1, index + 3))
        ):
            return True  # "freed from Ramo Verde" opens no window
    return False


def is_held_against(number: Number, scene: Scene) -> bool:
    """Whether a number is the other count of a comparison: "uno menos que los 275", "down from 940"."""
    before = number.lead - 1
    if number.first in scene.changes:
        return True
    direct = scene.until(number.lead, max(0, before - 4))
    if any(m.label == "compared" and m.last - m.first > 1 for m in direct):
        return True
    if before <= 0 or scene.tokens[before].text not in scene.language.articles:
        return False
    marks = [m for first in range(before - 3, before) for m in scene.at(first)]
    if any(m.label == "compared" and m.last >= before for m in marks):
        return True
    # "192 más de los 875": the number before is the difference
    return any(m.label == "qualifier" and m.last == before and m.first in scene.ends for m in marks)


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
