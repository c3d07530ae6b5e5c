"""Releases and arrests: what happened on a day or in a week, or a running total since."""

from datetime import timedelta

from pipelines.extract.model import Ask, Claim, State
from pipelines.extract.periods import Period
from pipelines.extract.scene import Scene
from pipelines.extract.supports import counts_since
from pipelines.model import TOTAL, Measure, Role

_YEAR = timedelta(days=366)


def near_mark(label: str, ask: Ask, scene: Scene, reach: int = 9) -> bool:
    """Whether a mark of a label stands before the number, in its own clause."""
    first = max(ask.span[0], ask.number.lead - reach)
    for index in range(ask.number.lead - 1, first - 1, -1):
        if scene.tokens[index].text in ";:" and index < ask.number.lead - 1:
            return False
        if index in scene.starts:
            return False
        if any(m.label == label for m in scene.at(index)):
            return True
    return False


def _additional(ask: Ask, scene: Scene) -> bool:
    last = max(ask.head.last, ask.number.last) + 1
    around = range(max(ask.span[0], ask.number.lead - 1), min(ask.span[1], last))
    return any(m.label in ("additional", "compared") for i in around for m in scene.at(i))


def release_measure(ask: Ask, scene: Scene) -> Measure:
    """Releases of a day, or a running total of them."""
    period = ask.period
    if ask.inherited and ask.anchor is not None and ask.head.kind == "breakdown":
        return ask.anchor.measure
    if period.window in ("explicit", "month", "year") and period.start != period.as_of:
        return Measure.RELEASED_TO_DATE
    if period.window == "since":
        return Measure.RELEASED_TO_DATE
    if counts_since(max(ask.head.last, ask.number.last), scene) or counts_since(ask.number.last, scene):
        return Measure.RELEASED_TO_DATE
    cumulative = near_mark("cumulative", ask, scene)
    if period.window == "recent":
        return Measure.RELEASED_TO_DATE
    part = ask.last is not None and ask.last.sentence == ask.sentence
    part = part and ask.last is not None and ask.last.measure is Measure.RELEASED_TO_DATE
    if period.window == "week" and part and ask.last is not None and ask.last.number.value > ask.number.value:
        return Measure.RELEASED_TO_DATE  # "310 through Saturday, 151 of them in the past week"
    if period.window == "week":
        return Measure.RELEASED_TO_DATE if cumulative else Measure.RELEASED
    happened = (period.day or (period.said and _governed(ask))) and period.cost <= 3
    if happened and not (cumulative and _counts_up(ask, scene)):
        return Measure.RELEASED
    if cumulative:
        return Measure.RELEASED_TO_DATE
    if _additional(ask, scene):
        return Measure.RELEASED
    if ask.inherited and ask.anchor is not None and ask.anchor.family == "release":
        beyond = (
            ask.head.kind == "bare" and ask.number.value > ask.anchor.number.value
        )  # more than that batch
        return Measure.RELEASED_TO_DATE if beyond or _before_batch(ask) else ask.anchor.measure
    if _official(ask, scene) and _announced(ask, scene):
        return Measure.RELEASED
    return Measure.RELEASED_TO_DATE


def adds_up(ask: Ask, state: State) -> bool:
    """ "Tocorón (14), Yare III (2). Total: 16": the sum of the parts of a day is of that day."""
    parts: list[Claim] = []
    for claim in reversed(state.claims):
        like = not parts or claim.breakdown.split("=")[0] == parts[0].breakdown.split("=")[0]
        if claim.breakdown == TOTAL or claim.measure is not Measure.RELEASED or not like:
            break
        parts.append(claim)
    return len(parts) > 1 and ask.inherited and sum(c.number.value for c in parts) == ask.number.value


def _before_batch(ask: Ask) -> bool:
    """ "hasta el domingo había verificado 17", after Monday's 24: the count before that batch."""
    period, anchor = ask.period, ask.anchor
    if period.day or period.said or period.as_of is None or anchor is None or anchor.as_of is None:
        return False
    return period.as_of < anchor.as_of


def _counts_up(ask: Ask, scene: Scene) -> bool:
    """Whether the running total is said by more than a verb of saying: "asciende a", not "ha confirmado"."""
    first = max(ask.span[0], ask.number.lead - 9)
    for index in range(first, ask.number.lead):
        labels = {m.label for m in scene.at(index)}
        if "cumulative" in labels and "speech" not in labels:
            return True
    return False


def _governed(ask: Ask) -> bool:
    """ "reportó el viernes la salida de ocho": the day of the news is that of the release."""
    return ask.reading.source == "verb_before" and ask.reading.word == "release_noun"


def _official(ask: Ask, scene: Scene) -> bool:
    organisation = scene.names.organisations.get(ask.attribution.organisation)
    return organisation is not None and organisation.role is Role.GOVERNMENT


def _announced(ask: Ask, scene: Scene) -> bool:
    """ "anunció la excarcelación de 116": a batch, not a running total."""
    first = max(ask.span[0], ask.number.lead - 6)
    return any(m.label == "announce" for i in range(first, ask.number.lead) for m in scene.at(i))


def arrest_measure(ask: Ask, scene: Scene) -> Measure:
    """Arrests of a window, or all those since the count began."""
    period = ask.period
    if period.window == "year" or _long(period, scene):
        return Measure.DETAINED_TO_DATE
    if ask.inherited and ask.anchor is not None:
        return ask.anchor.measure
    day = period.day and period.cost <= 3
    if ask.anchor is not None and ask.head.kind == "breakdown" and ask.anchor.family == "arrest" and not day:
        return ask.anchor.measure
    if period.window:
        return Measure.DETAINED
    return Measure.DETAINED_TO_DATE if near_mark("cumulative", ask, scene) else Measure.DETAINED


def _long(period: Period, scene: Scene) -> bool:
    """ "desde enero de 2014": a month named for the history it opens, not for a week's or season's count."""
    end = period.as_of or scene.published
    if end is None or period.start is None:
        return False
    return period.window == "month" and end - period.start > _YEAR


def since_a_year(ask: Ask) -> bool:
    """ "453 activistas detenidos desde 2024": detentions since then, not people held now."""
    participle = ask.reading.word == "custody_noun" and ask.reading.source == "verb_after"
    return participle and ask.period.window == "year" and ask.period.cost_start <= 2


def week_list(ask: Ask) -> bool:
    """ "Desde la semana pasada: 9 encarcelados": in such a list people newly held are detentions."""
    if ask.period.window == "week" and ask.reading.word == "custody_noun":
        return ask.number.value < 500 and ask.period.cost_start <= 3
    return False
