"""The moment and window of a claim: its own words, else what it leans on, else the page's day."""

from datetime import date, timedelta

from pipelines.extract.model import Ask, Claim, State, group
from pipelines.extract.scene import Scene
from pipelines.extract.tokens import BREAK
from pipelines.model import Basis, Kind, Measure, Precision, Role
from pipelines.situation import Situation


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
