"""What a claim leans on: the total before it, earlier sentences, and the dates that it has from them."""

from datetime import date, timedelta
from itertools import takewhile

from pipelines.core.model import TOTAL, Basis, Kind, Measure, Precision, Role
from pipelines.core.model import Kind as MeasureKind
from pipelines.core.situation import Situation
from pipelines.intake.prose.claim_dates import Ask, Claim, State, group
from pipelines.intake.prose.counted_things import Reading
from pipelines.intake.prose.known_names import UNATTRIBUTED
from pipelines.intake.prose.number_context import FAMILIES, NOUNS, Head
from pipelines.intake.prose.text_marks import Attribution, Scene
from pipelines.intake.prose.text_matching import BREAK, WORD
from pipelines.intake.prose.written_numbers import Number

_RECENT = 5
_PARTS_OF_THE_HELD = ("sentenced=", "health=", "status=whereabouts_unknown")
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
        if not reading.family and reading.breakdowns[0].startswith(_PARTS_OF_THE_HELD):
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


def counted_since(organisation: str, measure: Measure, scene: Scene) -> date | None:
    known = scene.names.organisations.get(organisation)
    if known is None:
        return None
    return next((c.since for c in known.counts if c.measure is measure and c.since is not None), None)


def date_claim(
    ask: Ask, measure: Measure, breakdown: str, scene: Scene, situation: Situation, state: State
) -> Claim:
    period = ask.period
    as_of, basis, precision = period.as_of, period.basis, period.precision
    stock = measure.kind is Kind.STOCK
    beside = ask.anchor is not None and ask.anchor.sentence == ask.sentence
    renewed = ask.number in scene.changes.values()
    if stock and period.closes_window and period.before and not beside and not renewed:
        as_of = None
    if ask.head.kind == "breakdown" and ask.anchor is not None and period.cost > 1:
        as_of = None
    older = ask.against and ask.anchor is not None and _same_speaker(ask, ask.anchor)
    older = older or ask.number.first in scene.changes
    if as_of is None and not period.unknown and not older:
        as_of, basis, precision = _inherited_day(ask, measure, scene, situation, state)
    start, start_basis = _start(ask, measure, as_of, scene, situation)
    return Claim(
        number=ask.number,
        measure=measure,
        family=ask.reading.family,
        breakdown=breakdown,
        attribution=ask.attribution,
        as_of=as_of,
        basis=basis if as_of else None,
        precision=precision,
        start=start,
        start_basis=start_basis,
        head=ask.head,
        reading=ask.reading,
        period=period,
        sentence=ask.sentence,
        inherited=ask.inherited,
    )


def _group(ask: Ask, measure: Measure) -> str:
    """Those whose measures were lifted under the amnesty are counted with those who came out."""
    amnesty = (Measure.FULL_FREEDOM_TO_DATE, Measure.AMNESTY_GRANTED_TO_DATE)
    return "out" if measure in amnesty else group(ask.reading.family)


def _same_speaker(ask: Ask, anchor: Claim) -> bool:
    return ask.attribution.organisation == anchor.attribution.organisation


def _inherited_day(
    ask: Ask, measure: Measure, scene: Scene, situation: Situation, state: State
) -> tuple[date | None, Basis | None, Precision]:
    anchor = ask.anchor
    if anchor is not None and ask.head.kind == "breakdown":
        return anchor.as_of, anchor.basis, anchor.precision
    beside = anchor is not None and anchor.sentence == ask.sentence and ask.inherited
    if beside and anchor is not None and anchor.as_of is not None and _same_speaker(ask, anchor):
        return anchor.as_of, anchor.basis, anchor.precision
    key = (ask.attribution.organisation, _group(ask, measure))
    if key in state.here and state.here[key][0] == ask.sentence:
        return state.here[key][1]
    told = ask.period.window in ("week", "recent")  # "la última semana" of a bulletin ends on its day
    before = scene.published is not None and scene.published < situation.baseline
    listed = ask.head.label and ask.span[0] > 0 and scene.tokens[ask.span[0] - 1].kind is BREAK
    if key not in state.cut and (told or before or listed) and (key[0], "in") in state.cut:
        key = (key[0], "in")
    if key in state.cut:
        return state.cut[key]
    if state.title is not None:
        return state.title
    if anchor is not None and ask.inherited and measure is anchor.measure is Measure.RELEASED:
        return anchor.as_of, anchor.basis, anchor.precision
    if scene.published is None:
        other = (key[0], "in" if key[1] == "out" else "out")
        return state.cut.get(other, (None, None, Precision.DAY))
    if scene.opening is not None and scene.opening != scene.published:
        return scene.opening, Basis.EXPLICIT, Precision.DAY
    return scene.published, Basis.PUBLICATION_DATE, Precision.DAY


def _start(
    ask: Ask, measure: Measure, as_of: date | None, scene: Scene, situation: Situation
) -> tuple[date | None, str | None]:
    period, kind = ask.period, measure.kind.value
    if kind in ("stock", "promise"):
        return None, None
    if period.window == "election":
        cohort = _cohort(situation)
        return (cohort, "context") if cohort else (None, None)
    if period.start is not None:
        return period.start, ("explicit" if period.window == "explicit" else "month")
    if period.window in ("week", "recent"):
        return None, None
    if kind == "flow" and period.day and as_of is not None:
        return as_of, "same_day"
    if ask.inherited and ask.anchor is not None and ask.anchor.start is not None:
        same = ask.attribution.organisation == ask.anchor.attribution.organisation
        if measure is ask.anchor.measure and same:
            return ask.anchor.start, ask.anchor.start_basis
    if kind == "flow":
        happened = as_of is not None and (period.day or measure is Measure.RELEASED)
        return (as_of, "same_day") if happened else (None, None)
    if measure is Measure.DETAINED_TO_DATE:
        return None, None
    since = counted_since(ask.attribution.organisation, measure, scene)
    if since is None and measure is Measure.RELEASED_TO_DATE:
        organisation = scene.names.organisations.get(ask.attribution.organisation)
        if organisation is None or organisation.role is not Role.GOVERNMENT:
            since = situation.baseline
    if since is not None and as_of is not None and since <= as_of:
        return since, "context"
    return None, None


def _cohort(situation: Situation) -> date | None:
    """Where "post-election" windows start: the day after the situation's latest cohort begins."""
    found = [
        date.fromisoformat(value.rpartition("_")[2]) + timedelta(days=1)
        for value in situation.breakdown_values.get("cohort", [])
        if value.startswith("arrested_since_")
    ]
    return max(found) if found else None


_HEADER = 8  # tokens of a line that only names a day


def list_header(span: tuple[int, int], scene: Scene, state: State) -> tuple[int, int] | None:
    """The line with a colon above a list goes on speaking while the lines are items of it."""
    before = [t for t in scene.tokens[max(0, span[0] - 3) : span[0]] if t.kind is not BREAK]
    new_line = span[0] > 0 and scene.tokens[span[0] - 1].kind is BREAK
    if not new_line:
        return None
    if before and before[-1].text == ":":
        return max((s for s in scene.sentences if s[1] <= span[0]), key=lambda s: s[1], default=None)
    item = span[1] - span[0] <= 12 and scene.tokens[span[1] - 1].text not in ".!?"
    return state.header if item else None


def cut_off(span: tuple[int, int], scene: Scene, state: State) -> None:
    """A title that only names the day ("Balance al 28/01/2026.") dates the figures under it."""
    days = [m for m in scene.moments_in(span) if m.role == "until" and m.last]
    closing = span[1] == len(scene.tokens) and scene.tokens[span[1] - 1].text not in ".!?"
    alone = closing or scene.tokens[span[1] - 1].kind is BREAK or _names_its_source(span, scene)
    if not days and span[1] - span[0] <= _HEADER and alone:
        days = [m for m in scene.moments_in(span) if m.role == "on" and m.last]  # "28 de enero de 2026"
    families = [
        FAMILIES[mark.value]
        for index in range(*span)
        for mark in scene.at(index)
        if mark.label == "class" and mark.value in NOUNS
    ]
    if families:
        state.title_family = families[0]
    if len(days) == 1 and not days[0].closes:
        state.title = (days[0].last, days[0].basis, days[0].precision)
        state.told_day.append((len(state.heard), state.title))


def _names_its_source(span: tuple[int, int], scene: Scene) -> bool:
    """ "Fuente: Foro Penal, 20/10/2025.": a name and a day, and nothing that anybody says or does."""
    return bool(scene.mentions_in(span)) and not any(
        i in scene.said or m.label == "class" for i in range(*span) for m in scene.at(i)
    )


def listen(span: tuple[int, int], scene: Scene, state: State) -> None:
    """Who speaks at the end of a sentence speaks on, until somebody else does."""
    here = scene.mentions_in(span)
    spoke = [
        m
        for m in here
        if not m.spoken_to
        and not m.relative
        and (m.marker >= 0 or m.follows)
        and m.organisation != UNATTRIBUTED
    ]
    index = len(state.heard)
    just = list(takewhile(lambda claim: claim.sentence == index, reversed(state.claims)))
    counted = {c.attribution.organisation for c in just}
    spoke = [m for m in spoke if m.organisation in counted] or spoke  # not who only caused what is told
    state.heard.append(span[0])
    if spoke:
        state.speaker = Attribution(spoke[-1].organisation, "carried")
    elif counted and (named := [c for c in reversed(just) if c.attribution.how == "named"]):
        state.speaker = Attribution(named[-1].attribution.organisation, "carried")
    elif state.speaker is None:
        plain = [m for m in here if not m.spoken_to and m.named]
        if plain:
            state.speaker = Attribution(plain[0].organisation, "carried")


def remember(claim: Claim, state: State) -> None:
    """The first dated figure of a sentence sets the day for an organisation's undated ones after it."""
    organisation, period = claim.attribution.organisation, claim.period
    key = (organisation, group(claim.family))
    if state.cut_sentence.get(key) == claim.sentence:
        return
    if period.unknown or (claim.as_of is not None and period.as_of == claim.as_of):
        if (
            claim.held_against
            or period.closes_window
            or (period.day and claim.measure.kind is MeasureKind.FLOW)
        ):
            return
        day = (claim.as_of, claim.basis, claim.precision)
        state.here[key] = (claim.sentence, day)
        state.cut_sentence[key] = claim.sentence
        before = state.day.get(key)
        if before is None or claim.as_of is None or claim.as_of >= before:
            state.cut[key] = day  # else "el 3 de noviembre eran 370": an older count beside this one
