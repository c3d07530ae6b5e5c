"""What a sentence leaves behind for the next: who speaks, which day counts, what a list is about."""

from itertools import takewhile

from pipelines.extract.model import Claim, State, group
from pipelines.extract.nearness import FAMILIES, NOUNS
from pipelines.extract.places import UNATTRIBUTED
from pipelines.extract.scene import Scene
from pipelines.extract.speakers import Attribution
from pipelines.extract.tokens import BREAK
from pipelines.model import Kind as MeasureKind

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
