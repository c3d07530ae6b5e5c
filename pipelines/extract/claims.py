"""Numbers become candidate claims, sentence by sentence, each leaning on those before it where it must."""

from pipelines.extract.anchors import counts_since, find_anchor, is_held_against, is_supported, opens_plainly
from pipelines.extract.finish import finish
from pipelines.extract.heads import Head, find_head
from pipelines.extract.kinds import settle
from pipelines.extract.measures import FAMILIES, NOUNS, Reading, read_measure
from pipelines.extract.model import Ask, Claim, State, group
from pipelines.extract.numbers import Number
from pipelines.extract.periods import find_period, opening_of_window
from pipelines.extract.places import UNATTRIBUTED
from pipelines.extract.scene import Scene
from pipelines.extract.series import find_sibling, find_topic, is_partitive, is_series, share_window
from pipelines.extract.speakers import Attribution, attribute
from pipelines.extract.tokens import Kind
from pipelines.model import TOTAL, Role
from pipelines.model import Kind as MeasureKind
from pipelines.situation import Situation

_HEADER = 8  # tokens of a line that only names a day


def read_claims(scene: Scene, situation: Situation) -> list[Claim]:
    """All claims of a text in reading order."""
    state = State()
    state.amnesty = any(m.value == "amnesty" for marks in scene.marks.values() for m in marks)
    for index, span in enumerate(scene.sentences):
        _read_sentence(index, span, scene, situation, state)
    return finish(state.claims)


def _read_sentence(
    index: int, span: tuple[int, int], scene: Scene, situation: Situation, state: State
) -> None:
    state.header = _header(span, scene, state)
    numbers = scene.numbers_in(span)
    if not numbers:
        _cut_off(span, scene, state)
    heads = [_head(i, numbers, span, scene) for i in range(len(numbers))]
    for i, (number, head) in enumerate(zip(numbers, heads, strict=True)):
        if head is None:
            continue
        left, right = _own_words(i, numbers, heads, span, scene)
        reading = read_measure(number, head, left, right, scene)
        attribution = _attribution(number, head, span, scene, state)
        here = [c for c in state.claims if c.sentence == index]
        if not here and scene.tokens[number.lead - 1].text in scene.language.there_is:
            here = [c for c in state.claims if c.sentence == index - 1]  # "En la lista hay un menor de edad"
        if number.form in ("one", "none") and not _one_counts(head, reading, here, number):
            continue
        for claim in _claims(number, head, reading, attribution, index, span, scene, situation, state):
            state.claims.append(claim)
            _remember(claim, state)
            key = (claim.attribution.organisation, group(claim.family))
            if claim.as_of is not None and claim.measure.kind is not MeasureKind.FLOW:
                state.day[key] = max(claim.as_of, state.day.get(key, claim.as_of))
    _listen(span, scene, state)


def _header(span: tuple[int, int], scene: Scene, state: State) -> tuple[int, int] | None:
    """The line with a colon above a list goes on speaking while the lines are items of it."""
    before = [t for t in scene.tokens[max(0, span[0] - 3) : span[0]] if t.kind is not Kind.BREAK]
    new_line = span[0] > 0 and scene.tokens[span[0] - 1].kind is Kind.BREAK
    if not new_line:
        return None
    if before and before[-1].text == ":":
        return max((s for s in scene.sentences if s[1] <= span[0]), key=lambda s: s[1], default=None)
    item = span[1] - span[0] <= 12 and scene.tokens[span[1] - 1].text not in ".!?"
    return state.header if item else None


def _head(i: int, numbers: list[Number], span: tuple[int, int], scene: Scene) -> Head | None:
    number = numbers[i]
    head = find_head(number, span[1], span[0], scene)
    if number.first in scene.changes and i + 1 < len(numbers):
        whole = find_head(numbers[i + 1], span[1], span[0], scene)
        if whole is not None and whole.kind in ("class", "people", "breakdown") and not whole.label:
            return whole._replace(first=number.last, last=number.last)
    if head is not None and head.kind == "bare" and not head.classes and i + 1 < len(numbers):
        after = numbers[i + 1]
        if _of(number, after, scene):
            whole = find_head(after, span[1], span[0], scene)
            if whole is not None and whole.kind in ("class", "people") and not whole.label:
                return whole._replace(first=number.last)
    return head


def _of(number: Number, after: Number, scene: Scene) -> bool:
    """ "61 de las 99": one number out of another."""
    gap = scene.tokens[number.last : after.lead]
    return 1 <= len(gap) <= 3 and all(t.text in scene.language.fillers for t in gap)


def _cut_off(span: tuple[int, int], scene: Scene, state: State) -> None:
    """A title that only names the day ("Balance al 28/01/2026.") dates the figures under it."""
    days = [m for m in scene.moments_in(span) if m.role == "until" and m.last]
    if not days and span[1] - span[0] <= _HEADER and scene.tokens[span[1] - 1].kind is Kind.BREAK:
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


def _own_words(
    i: int, numbers: list[Number], heads: list[Head | None], span: tuple[int, int], scene: Scene
) -> tuple[int, int]:
    """The words about a number: from the one before it to the one after. In "50 of 800 prisoners were
    freed" the verb is about the 50."""
    left = span[0]
    if i and _of(numbers[i - 1], numbers[i], scene):
        head = heads[i]
        right = head.last if head is not None else numbers[i].last
        if right < span[1] and scene.tokens[right].text in scene.language.relative:
            right = min(
                [span[1], *(n.lead for n in numbers[i + 1 :])]
            )  # "ninguno de los 300 que prometió liberar"
        return numbers[i].lead, right
    if i + 1 < len(numbers) and _of(numbers[i], numbers[i + 1], scene):
        numbers, heads = numbers[: i + 1] + numbers[i + 2 :], heads[: i + 1] + heads[i + 2 :]
    if i:
        before = heads[i - 1]
        counted = [
            j for j in range(i) if heads[j] is not None
        ]  # "creció en siete, de 875 a 882": not the seven
        left = numbers[counted[-1]].last if counted else span[0]
        before = heads[counted[-1]] if counted else None
        if before is not None and not before.label and before.last <= numbers[i].lead:
            left = max(left, before.last)
    right = span[1]
    if i + 1 < len(numbers):
        after = heads[i + 1]
        right = numbers[i + 1].lead
        if after is not None and after.label:
            right = min(right, after.first)
    return left, right


def _one_counts(head: Head, reading: Reading, here: list[Claim], number: Number) -> bool:
    """ "una mujer" is a figure inside a list of figures, "una excarcelación" by itself."""
    if number.form == "none":
        counted = head.kind == "class" or (
            head.kind in ("people", "breakdown") and reading.source == "verb_after"
        )
        return counted and reading.family in ("release", "arrest")
    if head.kind == "class" and any(c in ("release_noun", "arrest_noun") for c in head.classes):
        return True
    event = head.kind == "people" and reading.family in ("release", "arrest")
    return bool(here) and (event or head.kind in ("breakdown", "bare") or bool(reading.breakdowns))


def _attribution(
    number: Number, head: Head, span: tuple[int, int], scene: Scene, state: State
) -> Attribution:
    first = head.first if head.label else number.lead
    last = number.last if head.label else max(number.last, head.last)
    if any(i in scene.starts for i in range(number.last, last)):
        last = number.last  # "61 de las 99 excarcelaciones que anunció …": the noun is that of the 99
    found = attribute(first, last, span, scene.mentions, scene.walls, scene.said, scene.starts)
    if found is not None:
        return found[0]
    if state.speaker is not None:
        return Attribution(state.speaker.organisation, "carried")
    for mention in scene.mentions:
        speaks = not mention.spoken_to and (mention.marker >= 0 or mention.follows)
        if mention.first > number.first and speaks:
            return Attribution(mention.organisation, "cataphor")
    for mention in scene.mentions:
        if not mention.spoken_to:
            return Attribution(mention.organisation, "cataphor", 9)
    return Attribution(UNATTRIBUTED, "none")


def _listen(span: tuple[int, int], scene: Scene, state: State) -> None:
    """Who speaks at the end of a sentence speaks on, until somebody else does."""
    spoke = [
        m
        for m in scene.mentions
        if span[0] <= m.first < span[1]
        and not m.spoken_to
        and not m.relative
        and (m.marker >= 0 or m.follows)
        and m.organisation != UNATTRIBUTED
    ]
    if spoke:
        state.speaker = Attribution(spoke[-1].organisation, "carried")
    elif state.speaker is None:
        plain = [m for m in scene.mentions if span[0] <= m.first < span[1] and not m.spoken_to and m.named]
        if plain:
            state.speaker = Attribution(plain[0].organisation, "carried")


def _remember(claim: Claim, state: State) -> None:
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
        if newer and period.as_of is None:
            period = opening_of_window(span, scene) or period
    if state.header is not None and period.cost == 99 and period.cost_start == 99:
        period = find_period(state.header[1], state.header[1], state.header, scene)
    topic = find_topic(number.lead if not head.label else head.first, span, scene)
    if topic is not None and not reading.family:
        reading = reading._replace(
            family=FAMILIES[topic.value], source="verb_before", word=topic.value, event=True
        )
        if period.cost > 2 and period.cost_start > 2:
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
        bool(reading.breakdowns) and reading.breakdowns[0].startswith("sentenced=") and not reading.family
    )
    if of_held and anchor is not None and anchor.family == "release" and anchor.sentence != index:
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
            family, inherited = anchor.family, True
    elif of_held and anchor is None:
        family = "custody"
    elif not family:
        foreign = anchor is not None and anchor.attribution.organisation != attribution.organisation
        if (head.kind == "bare" or (foreign and head.kind == "people")) and not is_supported(number, scene):
            return []
        titled = scene.tokens[number.lead - 1].text in (":", "-") or is_supported(number, scene)
        if anchor is None and not (state.title_family and titled):
            return []
        family, inherited = (anchor.family, True) if anchor is not None else (state.title_family, False)
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
