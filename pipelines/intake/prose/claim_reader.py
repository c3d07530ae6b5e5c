"""Claims of a text, sentence by sentence, and what only the whole text shows."""

from pipelines.core.model import TOTAL, Basis, Kind, Measure, Role
from pipelines.core.model import Kind as MeasureKind
from pipelines.core.situation import Situation
from pipelines.intake.prose.claim_anchors import (
    cut_off,
    find_anchor,
    list_header,
    listen,
    opens_plainly,
    remember,
)
from pipelines.intake.prose.claim_dates import (
    Ask,
    Claim,
    Day,
    Period,
    State,
    find_period,
    group,
    opening_of_window,
)
from pipelines.intake.prose.claim_kinds import settle
from pipelines.intake.prose.claim_numbers import (
    attribution_of,
    find_sibling,
    find_topic,
    head_of,
    is_partitive,
    is_series,
    leans,
    one_counts,
    read_number,
    share_window,
)
from pipelines.intake.prose.counted_things import Reading
from pipelines.intake.prose.number_context import FAMILIES, Head, counts_since, is_held_against, is_supported
from pipelines.intake.prose.text_marks import Attribution, Scene
from pipelines.intake.prose.written_numbers import Number

_BLANK = 2  # lines without a figure between two labels of one list


def finish(claims: list[Claim], told: list[tuple[int, Day]]) -> list[Claim]:
    """The claims of a text, dated by later sentences where nothing before dated them, each once. `told`: the
    sentences that only name a cut-off, and which."""
    claims = _told_after(claims, told)
    return _distinct([_dated_later(claim, claims) for claim in claims])


def _told_after(claims: list[Claim], told: list[tuple[int, Day]]) -> list[Claim]:
    """ "893 presos. Es el dato del reporte con corte al 8 de diciembre.": the day follows the count, or the
    list of labels, and is that of their parts too."""
    out = list(claims)
    for sentence, (as_of, basis, precision) in told:
        above = sentence - 1
        dated: list[Claim] = []
        for index in range(len(out) - 1, -1, -1):
            claim = out[index]
            if claim.sentence > above or claim.sentence < above - (_BLANK if claim.head.label else 0):
                continue
            if _undated(claim):
                out[index] = claim._replace(as_of=as_of, basis=basis, precision=precision)
                dated.append(claim)
                above = min(above, claim.sentence)
        wholes = {(c.attribution.organisation, c.measure) for c in dated if c.breakdown == TOTAL}
        for index, claim in enumerate(out):
            part = claim.breakdown != TOTAL and claim.sentence > sentence and _undated(claim)
            if part and (claim.attribution.organisation, claim.measure) in wholes:
                out[index] = claim._replace(as_of=as_of, basis=basis, precision=precision)
    return out


def _undated(claim: Claim) -> bool:
    """Whether only the publication day dates a claim."""
    return claim.basis is Basis.PUBLICATION_DATE and claim.period.as_of is None


def _dated_later(claim: Claim, claims: list[Claim]) -> Claim:
    """Parts told before their dated total ("… un cubano. Al 5 de marzo el total es de 526") are of its
    day."""
    if claim.basis is not Basis.PUBLICATION_DATE:
        return claim
    weekly = claim.period.window == "week" and claim.measure.kind is Kind.FLOW
    if not weekly and (claim.breakdown == TOTAL or claim.family != "custody"):
        return claim
    days = {
        (c.as_of, c.basis)
        for c in claims
        if c.family == "custody"
        and c.breakdown == TOTAL
        and c.sentence > claim.sentence
        and c.attribution.organisation == claim.attribution.organisation
        and c.number.value > claim.number.value
        and c.basis is Basis.EXPLICIT
        and not c.held_against
    }
    if len(days) != 1:
        return claim
    as_of, basis = days.pop()
    return claim._replace(as_of=as_of, basis=basis)


def _distinct(claims: list[Claim]) -> list[Claim]:
    out: dict[tuple[object, ...], Claim] = {}
    for claim in claims:
        key = (
            claim.attribution.organisation,
            claim.measure,
            claim.breakdown,
            claim.number.value,
            claim.as_of,
        )
        out.setdefault(key, claim)
    return list(out.values())


_OF_AMNESTY = frozenset({"amnesty", "beneficiary", "application"})  # they are of nothing else
_RELEASES = (Measure.RELEASED, Measure.RELEASED_TO_DATE)
_NEVER_OF_THE_RELEASED = (
    "sentenced=",
    "health=",
    "status=excluded_from_amnesty",
)  # said of nobody who is out


def read_claims(scene: Scene, situation: Situation) -> list[Claim]:
    """All claims of a text in reading order."""
    state = State()
    state.amnesty = not scene.values.isdisjoint(_OF_AMNESTY)
    for index, span in enumerate(scene.sentences):
        _read_sentence(index, span, scene, situation, state)
    return finish(state.claims, state.told_day)


def _read_sentence(
    index: int, span: tuple[int, int], scene: Scene, situation: Situation, state: State
) -> None:
    state.header = list_header(span, scene, state)
    numbers = scene.numbers_in(span)
    if not numbers:
        cut_off(span, scene, state)
    heads = [head_of(i, numbers, span, scene) for i in range(len(numbers))]
    for i, (number, head) in enumerate(zip(numbers, heads, strict=True)):
        if head is None:
            continue
        reading = read_number(i, numbers, heads, span, scene, state.died)
        if reading is None:
            continue
        attribution = attribution_of(number, head, span, scene, state)
        if number.form in ("one", "none"):
            here = [c for c in state.claims if c.sentence == index]
            if not here and scene.tokens[number.lead - 1].text in scene.language.there_is:
                here = [
                    c for c in state.claims if c.sentence == index - 1
                ]  # "En la lista hay un menor de edad"
            if not here and head.kind == "breakdown" and opens_plainly(number, span, scene):
                here = [c for c in state.claims if c.sentence == index - 1 and c.breakdown != TOTAL]
            if not one_counts(head, reading, here, number):
                continue
        for claim in _claims(number, head, reading, attribution, index, span, scene, situation, state):
            state.claims.append(claim)
            state.died = state.died or claim.family == "death"
            remember(claim, state)
            key = (claim.attribution.organisation, group(claim.family))
            if claim.as_of is not None and claim.measure.kind is not MeasureKind.FLOW:
                state.day[key] = max(claim.as_of, state.day.get(key, claim.as_of))
    listen(span, scene, state)


def _claims(
    number: Number,
    head: Head,
    reading: Reading,
    attribution: Attribution,
    index: int,
    span: tuple[int, int],
    scene: Scene,
    situation: Situation,
    state: State,
) -> list[Claim]:
    last = number.last if head.label else max(number.last, head.last)
    period = find_period(number.lead, last, span, scene)
    against = is_held_against(number, scene)
    if against:  # the day of the newer count is not that of the older
        newer = scene.changes.get(number.first)
        period = find_period(number.lead, last, (number.lead, newer.lead if newer else span[1]), scene)
        if period.said and scene.tokens[last].text not in scene.language.relative:
            period = Period()  # "down from 903, the group said Monday"
        if newer and period.as_of is None:
            period = opening_of_window(span, scene) or period
    if state.header is not None and period.cost == 99 and period.cost_start == 99:
        period = find_period(state.header[1], state.header[1], state.header, scene)
    topic = None if reading.family else find_topic(number.lead if not head.label else head.first, span, scene)
    if topic is not None:
        reading = reading._replace(
            family=FAMILIES[topic.value], source="verb_before", word=topic.value, event=True
        )
        if period.cost > 2 and period.cost_start > 2 and not against and number not in scene.changes.values():
            period = find_period(topic.last, topic.last, span, scene)
    beside = find_sibling(number, head, attribution, index, state)
    if beside is not None and reading.family in ("release", "arrest"):
        period = share_window(period, beside)
    if is_partitive(number, head, scene) and reading.breakdowns:
        head = head._replace(kind="breakdown", breakdowns=reading.breakdowns)
        reading = reading._replace(source="none")
    known = scene.names.organisations.get(attribution.organisation)
    official = known is not None and known.role is Role.GOVERNMENT  # holds that nobody is held for politics
    since = period.cost_start < 99 and period.window in ("explicit", "month", "year")
    since = (since and not period.closes_window) or counts_since(last, scene)
    windowed = head.kind == "bare" and (official or since)
    anchor = find_anchor(number, reading, head, attribution, index, state, windowed)
    lone = reading.source == "none" or (head.kind == "bare" and reading.family == "custody")
    if beside is not None and lone and is_series(head, reading.breakdowns, beside):
        anchor, reading = beside, reading._replace(family="", source="none")
    silent = attribution.how == "carried" and all(
        c.attribution.organisation != attribution.organisation for c in state.claims
    )
    if silent and anchor is not None and head.kind == "breakdown":
        attribution = anchor.attribution._replace(how="carried")  # its total's: the speaker counted nothing
    of_held = (
        bool(reading.breakdowns)
        and reading.breakdowns[0].startswith(_NEVER_OF_THE_RELEASED)
        and not reading.family
    )
    if of_held and anchor is not None and anchor.family in ("release", "death") and anchor.sentence != index:
        anchor = None  # who is convicted, or waits for it, is held
    family = reading.family
    inherited = False
    far = (
        head.kind == "breakdown"
        and not reading.family
        and not of_held
        and (anchor is None or anchor.sentence != index)
    )
    if far and not opens_plainly(number, span, scene):
        return []
    was_held = "prior_status=detained" in reading.breakdowns and reading.family == "custody"
    if was_held and anchor is None and state.claims and state.claims[-1].sentence == index:
        before = state.claims[-1]
        if before.family == "release" and before.number.value > number.value and before.breakdown == TOTAL:
            anchor, family, inherited = before, "release", True  # "35 salieron, once que estaban en El Faro"
            head = head._replace(kind="breakdown")
    if family == "release" and was_held:
        pass
    elif head.kind == "breakdown" and anchor is not None and reading.source in ("none", "verb_before"):
        if reading.source == "none" or anchor.sentence == index:
            family, inherited = _family_of(anchor), True
    elif of_held and anchor is None:
        family = "custody"
    elif not family:
        foreign = anchor is not None and anchor.attribution.organisation != attribution.organisation
        if (head.kind == "bare" or (foreign and head.kind == "people")) and not (
            reading.breakdowns or is_supported(number, scene)
        ):
            return []
        if head.kind == "people" and not reading.breakdowns and not leans(number, head, anchor, index, scene):
            return []
        titled = scene.tokens[number.lead - 1].text in (":", "-") or is_supported(number, scene)
        if anchor is None and not (state.title_family and titled):
            return []
        family, inherited = (_family_of(anchor), True) if anchor is not None else (state.title_family, False)
    if not family:
        return []
    reading = reading._replace(family=family)
    ask = Ask(
        number,
        head,
        reading,
        attribution,
        period,
        anchor,
        inherited,
        index,
        span,
        state.claims[-1] if state.claims else None,
        against,
    )
    return [claim._replace(held_against=against) for claim in settle(ask, scene, situation, state)]


def _family_of(anchor: Claim) -> str:
    """What goes on: where "beneficiados" were found to be released, the release."""
    return "release" if anchor.family == "beneficiary" and anchor.measure in _RELEASES else anchor.family
