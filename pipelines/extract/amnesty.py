"""A government's counts under its amnesty: who came out of prison, and who had measures lifted."""

from datetime import timedelta

from pipelines.extract.dating import counted_since
from pipelines.extract.flows import (
    near_mark,
)
from pipelines.extract.model import Ask, Claim, State
from pipelines.extract.scene import Scene
from pipelines.model import TOTAL, Measure, Role

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
