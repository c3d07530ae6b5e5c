"""From what is counted to the measure of the closed list: flow or cumulative, total or part, its dates."""

from pipelines.extract.amnesty import amnesty_measure, before_amnesty, by_amnesty, under_amnesty
from pipelines.extract.dating import date_claim
from pipelines.extract.flows import adds_up, arrest_measure, release_measure, since_a_year, week_list
from pipelines.extract.model import Ask, Claim, State
from pipelines.extract.scene import Scene
from pipelines.model import TOTAL, Measure
from pipelines.situation import Situation

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
