"""Which kind of claim a counted thing makes: people held, releases, arrests, counts under an amnesty."""

from datetime import timedelta

from pipelines.core.model import TOTAL, Measure, Role
from pipelines.core.situation import Situation
from pipelines.intake.prose.claim_anchors import counted_since, date_claim
from pipelines.intake.prose.claim_dates import Ask, Claim, Period, State
from pipelines.intake.prose.number_context import counts_since
from pipelines.intake.prose.text_marks import Scene

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


_HELD = "prior_status=detained"
_OUT = "prior_status=precautionary"
_NEXT = 25  # tokens of the next sentence in which the rest may stand


def before_amnesty(ask: Ask, scene: Scene, state: State) -> bool:
    """ "155 beneficiados" before there was an amnesty: those whom the releases have reached."""
    since, moment = scene.names.amnesty_since, ask.period.as_of or scene.published
    if ask.reading.word != "benefited" or state.amnesty or since is None or moment is None:
        return False
    return moment < since - timedelta(days=1)


def by_amnesty(ask: Ask, scene: Scene) -> bool:
    """ "ninguna excarcelación por la Ley de Amnistía": the law is named after the number."""
    after = range(ask.number.last, ask.span[1])
    return any(m.value in ("amnesty", "ley de amnistía") for i in after for m in scene.at(i))


def under_amnesty(ask: Ask, scene: Scene, state: State) -> bool:
    """A government's figures once the text speaks of the amnesty, unless their window starts before it."""
    organisation = scene.names.organisations.get(ask.attribution.organisation)
    if organisation is None or organisation.role is not Role.GOVERNMENT:
        return False
    since = counted_since(organisation.id, Measure.AMNESTY_GRANTED_TO_DATE, scene)
    if since is None:
        since = scene.names.amnesty_since
        if not state.amnesty:
            return False
    moment = ask.period.as_of or scene.published
    if since is None or moment is None or moment < since - timedelta(days=1):
        return False
    return ask.period.start is None or ask.period.start >= since - timedelta(days=2)


def amnesty_measure(
    ask: Ask, family: str, prior: list[str], scene: Scene, state: State
) -> tuple[Measure, str] | None:
    """The measure and part under the amnesty, or None where the words say nothing of it."""
    if family == "release" and ask.reading.also == "restricted":
        return None
    if prior == [_HELD]:
        return Measure.AMNESTY_GRANTED_TO_DATE, _HELD
    if prior == [_OUT]:
        return Measure.FULL_FREEDOM_TO_DATE, _OUT
    parted = _parts_follow(ask, scene)
    if family == "freedom" and any(c in ("custody_noun", "was_held") for c in ask.head.classes):
        return Measure.AMNESTY_GRANTED_TO_DATE, _HELD  # "245 privadas de libertad recibieron libertad plena"
    if family == "freedom" and ask.head.kind == "bare" and near_mark("cumulative", ask, scene, 3):
        return Measure.FULL_FREEDOM_TO_DATE, TOTAL
    if family == "freedom":
        return Measure.FULL_FREEDOM_TO_DATE, (TOTAL if parted or not _held_beside(ask, scene) else _OUT)
    if family == "beneficiary":
        return Measure.AMNESTY_GRANTED_TO_DATE, TOTAL
    if family in ("custody", "restricted") and _part_of_amnesty(ask, state, scene):
        if family == "custody":
            return Measure.AMNESTY_GRANTED_TO_DATE, _HELD
        return Measure.FULL_FREEDOM_TO_DATE, _OUT
    if family == "release" and not ask.period.day:
        held = any(c in ("release_noun", "was_held") for c in ask.head.classes) or _out_beside(ask, scene)
        held = held or _part_of_amnesty(ask, state, scene)
        held = held and not parted
        return Measure.AMNESTY_GRANTED_TO_DATE, (_HELD if held else TOTAL)
    if family == "release" and ask.anchor is not None:
        return Measure.AMNESTY_GRANTED_TO_DATE, (TOTAL if parted else _HELD)
    return None


def _part_of_amnesty(ask: Ask, state: State, scene: Scene) -> bool:
    """ "7.654 beneficiados, 247 de ellos privados de libertad": what they were, not what they are."""
    anchor = ask.last
    return (
        anchor is not None
        and anchor.sentence == ask.sentence
        and anchor.measure in (Measure.AMNESTY_GRANTED_TO_DATE, Measure.FULL_FREEDOM_TO_DATE)
        and not ask.head.label
        and (ask.reading.word != "custody_verb" or _completes(ask, anchor, state, scene))
    )


def _completes(ask: Ask, part: Claim, state: State, scene: Scene) -> bool:
    """ "8.110 beneficiados: 7.853 con medidas y 257 tras las rejas": the two parts make up the total."""
    rest = part.number.value + ask.number.value
    if any(
        c.sentence == ask.sentence and c.breakdown == TOTAL and c.number.value == rest for c in state.claims
    ):
        return True
    other = part.number.value - ask.number.value  # told after it
    near = (ask.number.last, ask.span[1] + _NEXT)
    return part.breakdown == TOTAL and any(n.value == other for n in scene.numbers_in(near))


def _parts_follow(ask: Ask, scene: Scene) -> bool:
    """Whether the sentence goes on to split this number: "de las cuales", a colon, "of them"."""
    for index in range(max(ask.head.last, ask.number.last), min(ask.span[1], ask.number.last + 14)):
        if any(m.label == "part_of" for m in scene.at(index)) or scene.tokens[index].text == ":":
            return True
        if index in scene.starts:
            return False
    return False


def _held_beside(ask: Ask, scene: Scene) -> bool:
    for index in range(*ask.span):
        for mark in scene.at(index):
            if mark.value in ("release_noun", "release_people", _HELD, "was_held", "custody_noun"):
                return True
    return False


def _out_beside(ask: Ask, scene: Scene) -> bool:
    """Whether the sentence also counts those who were out already."""
    return any(m.value in ("freedom", _OUT) for i in range(*ask.span) for m in scene.at(i))


_PLAIN = {
    "custody": Measure.IN_CUSTODY,
    "restricted": Measure.UNDER_MEASURES,
    "freedom": Measure.FULL_FREEDOM_TO_DATE,
    "application": Measure.AMNESTY_APPLICATIONS_TO_DATE,
    "beneficiary": Measure.AMNESTY_GRANTED_TO_DATE,
    "death": Measure.DEATHS_IN_CUSTODY_TO_DATE,
    "promise": Measure.RELEASE_ANNOUNCED,
}


def settle(ask: Ask, scene: Scene, situation: Situation, state: State) -> list[Claim]:
    """The claims of one number: none, one, or two where the words state two measures."""
    measure, breakdown = _measure(ask, scene, state)
    out = [date_claim(ask, measure, breakdown, scene, situation, state)]
    if ask.reading.also == "restricted" and measure in (Measure.RELEASED, Measure.RELEASED_TO_DATE):
        out.append(out[0]._replace(measure=Measure.UNDER_MEASURES, family="restricted"))
    return out


def _measure(ask: Ask, scene: Scene, state: State) -> tuple[Measure, str]:
    family = ask.reading.family
    if family == "beneficiary" and before_amnesty(ask, scene, state):
        family = "release"
    breakdowns = [b for b in ask.reading.breakdowns if not b.startswith("prior_status")]
    if family != "death":  # everybody held since an election is held "post-election"
        breakdowns = [b for b in breakdowns if b != "reason=post_election"]
    if ask.head.kind == "bare" and not breakdowns:
        breakdowns = _topic(state)
    prior = [b for b in ask.reading.breakdowns if b.startswith("prior_status")]
    if breakdowns and ask.last is not None and _of_them(ask, ask.last, scene, state):
        keys = {b.split("=")[0] for b in breakdowns}
        breakdowns += [b for b in ask.last.breakdown.split(";") if b != TOTAL and b.split("=")[0] not in keys]
    if not breakdowns and ask.last is not None and _of_those(ask, ask.last, scene):
        breakdowns = ask.last.breakdown.split(";")
    breakdown = ";".join(sorted({part for b in breakdowns for part in b.split(";")})) or TOTAL
    if under_amnesty(ask, scene, state):
        found = amnesty_measure(ask, family, prior, scene, state)
        if found is not None:
            return found[0], (found[1] if breakdown == TOTAL else breakdown)
    if "house_arrest" in breakdown:
        return Measure.IN_CUSTODY, breakdown
    if family == "freedom" and ask.head.kind == "bare" and ask.inherited and ask.period.day:
        return Measure.RELEASED, breakdown  # "54 libertades plenas: 32 el domingo, 15 el sábado"
    if family == "release" and ask.number.form == "none" and by_amnesty(ask, scene):
        return Measure.AMNESTY_GRANTED_TO_DATE, breakdown
    if family == "release":
        measure = Measure.RELEASED if adds_up(ask, state) else release_measure(ask, scene)
        whole = measure is Measure.RELEASED_TO_DATE and breakdown == TOTAL and not ask.inherited
        if whole and _all_free(ask, scene):
            return Measure.FULL_FREEDOM_TO_DATE, breakdown
        return measure, breakdown
    if family == "arrest":
        return arrest_measure(ask, scene), breakdown
    if family == "custody" and since_a_year(ask):
        return Measure.DETAINED_TO_DATE, breakdown
    if family == "custody" and breakdown == TOTAL and week_list(ask):
        return Measure.DETAINED, breakdown
    return _PLAIN[family], breakdown


def _of_them(ask: Ask, part: Claim, scene: Scene, state: State) -> bool:
    """ "10 personas con discapacidad, cuatro de ellas menores", "107 siguen presos: 82 hombres y 25 mujeres":
    a part of the part just before."""
    if part.sentence != ask.sentence or part.number.value <= ask.number.value or _in_series(part, state):
        return False
    last = max(part.number.last, part.head.last)
    if any(
        m.label == "part_of" or (m.label == "people" and m.last - m.first > 1)
        for m in scene.at(ask.number.last)
    ):
        return 0 <= ask.number.first - last <= 8
    return False


def _of_those(ask: Ask, part: Claim, scene: Scene) -> bool:
    """ "14 reporteros, de los que trece ya salieron": those of the part just told."""
    if part.breakdown == TOTAL or part.sentence != ask.sentence or part.number.value < ask.number.value:
        return False
    before = range(max(0, ask.number.lead - 5), ask.number.lead)
    return any(m.label == "part_of" and m.last == ask.number.lead for i in before for m in scene.at(i))


def _in_series(part: Claim, state: State) -> bool:
    """ "564 hombres, 80 mujeres, 55 de ellos extranjeros": after a list of like parts, "them" is all."""
    key = part.breakdown.split("=")[0]
    beside = [c for c in state.claims if c.sentence == part.sentence and c is not part]
    return any(c.breakdown != TOTAL and c.breakdown.split("=")[0] == key for c in beside)


def _topic(state: State) -> list[str]:
    """A text about one group ("31 militares … al menos ocho") means it where it leaves the noun out."""
    if any(claim.breakdown == TOTAL for claim in state.claims):
        return []
    parts = [set(claim.breakdown.split(";")) for claim in state.claims]
    common = set.intersection(*parts) if parts else set()
    return sorted(part for part in common if part.startswith(("service=", "occupation=", "affiliation=")))


def _all_free(ask: Ask, scene: Scene) -> bool:
    """ "54 liberaciones …, todas con libertad plena": said of the whole, after its parts."""
    return "all_freedom" in scene.values and any(
        m.value == "all_freedom" for i in range(*ask.span) for m in scene.at(i)
    )
