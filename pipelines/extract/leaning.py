"""Which numbers count by themselves, which only lean on others, and who says them."""

from pipelines.extract.labels import Head
from pipelines.extract.measures import Reading
from pipelines.extract.model import Claim, State
from pipelines.extract.number import Number
from pipelines.extract.places import UNATTRIBUTED
from pipelines.extract.scene import Scene
from pipelines.extract.speakers import Attribution, attribute
from pipelines.extract.supports import is_supported


def one_counts(head: Head, reading: Reading, here: list[Claim], number: Number) -> bool:
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


def attribution_of(
    number: Number, head: Head, span: tuple[int, int], scene: Scene, state: State
) -> Attribution:
    first = head.first if head.label else number.lead
    last = number.last if head.label else max(number.last, head.last)
    if any(i in scene.starts for i in range(number.last, last)):
        last = number.last  # "61 de las 99 excarcelaciones que anunció …": the noun is that of the 99
    found = attribute(first, last, scene.mentions_in(span), scene)
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


def leans(number: Number, head: Head, anchor: Claim | None, index: int, scene: Scene) -> bool:
    """ "un grupo de 60 personas reza": people of whom nothing is said are counted only beside a count, or
    where the words say that it goes on."""
    beside = anchor is not None and anchor.sentence == index
    parted = head.last < len(scene.tokens) and scene.tokens[head.last].text in (",", ":", "(")
    parted = parted and bool(scene.numbers_in((head.last, head.last + 3)))  # "4.203 personas, 3.980 con …"
    return beside or head.label or parted or is_supported(number, scene)
