"""How far a moment lies from a number, and whether it is told of it."""

from pipelines.extract.moment import Moment
from pipelines.extract.scene import Scene
from pipelines.extract.tokens import NUMBER


def is_spoken(moment: Moment, scene: Scene) -> bool:
    """Whether a day stands beside a verb of saying."""
    for index in range(max(0, moment.start - 9), moment.stop + 3):
        for mark in scene.at(index):
            if mark.value == "said" and mark.label == "speech":
                gap = scene.tokens[mark.last : max(mark.last, moment.start)]
                named = {i for i in range(mark.last, moment.start) if i in scene.named}
                gap = [t for i, t in enumerate(gap, mark.last) if i not in named]
                breaks = scene.language.relative | {",", ".", ";", ":"}
                plain = not any(t.text in breaks or t.kind is NUMBER for t in gap)
                if 0 <= moment.start - mark.last - len(named) <= (3 if named else 2) and plain:
                    return True
                if mark.first == moment.stop:
                    return True
    return False


def is_compared(moment: Moment, number: int, span: tuple[int, int], scene: Scene) -> bool:
    """The day of another count that this one is held against: "más que en el corte del sábado"."""
    first = max(span[0], number, moment.start - 12)
    return any(m.label == "compared" for i in range(first, moment.start) for m in scene.at(i))


def cost_of(first: int, last: int, moment: Moment, scene: Scene) -> int:
    """What lies between a number's words and a moment: walls, other numbers, distance."""
    reach = moment.reach if moment.reach >= 0 else moment.start
    if moment.stop <= first:
        crossed = sum(3 for n in scene.numbers_in((moment.stop, first)) if n.form != "one")
        walls = scene.barrier(moment.stop, first)
        if moment.role == "on" and _tells_anew(moment, first, scene):
            walls += 6
        own = moment.role == "until" and not moment.closes
        far = 3 if own and walls and _owned(reach, scene) else 0
        return walls + (first - moment.stop) // 5 + min(crossed, 3) + far
    walls = scene.barrier(last, reach)
    for index in range(last, max(last, reach)):
        if scene.tokens[index].text == ":":
            walls += 3  # what follows a colon is dated by itself
        if index in scene.starts:
            walls += 2
    if walls and _of_the_next(moment, scene):
        walls += 6  # "431 freigelassen, am Sonntag allein 35": the day is that of the number after it
    return walls + max(0, reach - last) // 5 - (1 if reach - last <= 1 else 0)


def _tells_anew(moment: Moment, number: int, scene: Scene) -> bool:
    """ "la salida de cuatro el miércoles y advirtió que hay seis": another verb of saying between."""
    joint = scene.language.joint
    return any(
        scene.tokens[i - 1].text in joint and i in scene.said and not is_spoken(moment, scene)
        for i in range(moment.stop + 1, number)
    )


def _of_the_next(moment: Moment, scene: Scene) -> bool:
    """Whether a day something happened stands straight before a number."""
    if moment.role != "on" or is_spoken(moment, scene):
        return False
    for index in range(moment.stop, moment.stop + 3):
        if index in scene.starts:
            return True
        if index in scene.walls:
            return False
    return False


def _owned(reach: int, scene: Scene) -> bool:
    """ "nueve habían salido hasta el viernes, …": a day that closes the clause of the number before it."""
    for index in range(reach - 1, max(-1, reach - 10), -1):
        if index in scene.starts:
            return True
        if index in scene.walls or scene.tokens[index].text in ".!?:":
            return False
    return False
