"""What one number of a sentence is read as, from its own words and from those that it shares."""

from pipelines.extract.clause import own_words
from pipelines.extract.labels import Head
from pipelines.extract.measures import Reading, read_measure
from pipelines.extract.nearness import FAMILIES, VERBS, words_near
from pipelines.extract.number import Number
from pipelines.extract.phrases import Mark
from pipelines.extract.scene import Scene

_OTHERWISE = frozenset({"abroad", "decided"})
_ASIDE = 24  # tokens of an aside of parts


def read_number(
    i: int, numbers: list[Number], heads: list[Head | None], span: tuple[int, int], scene: Scene, died: bool
) -> Reading | None:
    """The reading of the `i`th number of a sentence; None: it is no claim. `died`: the text has counted
    deaths in custody."""
    number, head = numbers[i], heads[i]
    if head is None:
        return None
    left, right = own_words(i, numbers, heads, span, scene)
    reading = read_measure(number, head, left, right, scene)
    beside = heads[i + 1] if i + 1 < len(heads) else None
    if not reading.family and beside is not None and _shares_verb(head, numbers[i + 1], beside, scene):
        ahead = own_words(i + 1, numbers, heads, span, scene)
        after = read_measure(numbers[i + 1], beside, *ahead, scene)
        if after.source == "verb_after":
            reading = after._replace(breakdowns=reading.breakdowns, also="")
    verb = None if reading.family else _after_aside(head, span[1], scene)
    if verb is not None:
        reading = reading._replace(family=FAMILIES[verb.value], source="verb_after", word=verb.value)
    return None if _is_elsewhere(number, head, reading, (left, right), span, scene, died) else reading


def _shares_verb(head: Head, after: Number, its: Head, scene: Scene) -> bool:
    """ "41 mujeres y 12 hombres siguen dentro": two parts of one kind before the verb of both."""
    if head.kind != "breakdown" or its.kind != "breakdown" or head.label or its.label:
        return False
    between = [t.text for t in scene.tokens[head.last : after.lead]]
    joined = between and between[-1] in scene.language.joint | {","} and len(between) <= 2
    return bool(joined) and head.breakdowns[0].split("=")[0] == its.breakdowns[0].split("=")[0]


def _after_aside(head: Head, stop: int, scene: Scene) -> Mark | None:
    """ "777 persone, fra cui 84 donne e 178 militari, rimangono in carcere": the verb straight after an aside
    of parts is about the whole before it."""
    tokens, first = scene.tokens, head.last
    if head.kind != "people" or first >= stop or tokens[first].text not in (",", "(", "-"):
        return None
    for index in range(first + 1, min(stop, first + _ASIDE)):
        if tokens[index].text not in (",", ")", "-") or not scene.numbers_in((first, index)):
            continue
        verbs = [m for m in scene.at(index + 1) if m.label == "class" and m.value in VERBS]
        if verbs:
            parts = [
                i
                for i in range(first, index)
                if any(
                    m.label == "part_of" or (m.label == "people" and m.last - m.first > 1)
                    for m in scene.at(i)
                )
            ]
            return verbs[0] if parts else None
    return None


def _is_elsewhere(
    number: Number,
    head: Head,
    reading: Reading,
    own: tuple[int, int],
    span: tuple[int, int],
    scene: Scene,
    died: bool,
) -> bool:
    """ "25 muertes en las protestas", "aprobó 379 excarcelaciones": deaths that no word puts in custody, and
    releases that are only decided. `died`: the text has counted deaths in custody."""
    left, right = own
    if reading.family != "death" and scene.values.isdisjoint(_OTHERWISE):
        return False
    words = [m.value for i in range(left, right) for m in scene.at(i) if m.label == "class"]
    if reading.family == "death" and not died:
        if (
            "died" not in head.classes
        ):  # "murieron 25 manifestantes": all of the sentence may say that they were held
            words = [m.value for i in range(*span) for m in scene.at(i) if m.label == "class"]
        bare = "death" not in head.classes and reading.word != "death"
        return bare and not any(FAMILIES.get(word) == "custody" or word == "was_held" for word in words)
    if "abroad" in words and head.kind != "class":  # "252 venezolanos fueron repatriados": no prisoners here
        return any(n.mark.value == "abroad" for n in words_near(head.last, right, True, scene) if n.cost <= 1)
    if reading.family == "release" and "decided" in words:
        return any(
            n.mark.value == "decided" for n in words_near(left, number.lead, False, scene) if n.cost <= 2
        )
    return False
