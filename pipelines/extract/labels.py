"""Nouns that stand before their number: "Mujeres: 24", "los extranjeros son 89"."""

from typing import NamedTuple

from pipelines.extract.number import Number
from pipelines.extract.phrases import Mark
from pipelines.extract.scene import Scene
from pipelines.extract.tokens import BREAK, WORD

_ITEM = 6  # tokens of a list item's label
_LABEL_GAP = frozenset({":", ",", "-", "(", "="})


class Head(NamedTuple):
    """What a number counts. `kind`: class, people, breakdown or bare; what its noun means."""

    kind: str
    classes: tuple[str, ...] = ()
    breakdowns: tuple[str, ...] = ()
    first: int = -1
    last: int = -1
    label: bool = False  # the noun stands before the number: "Mujeres: 24"


def as_head(marks: list[Mark]) -> Head | None:
    """What the marks at one token make of a number; None: a unit or a comparison."""
    first, last = marks[0].first, marks[0].last
    if any(m.label in ("units", "compared", "ignored") for m in marks):
        return None
    classes = tuple(m.value for m in marks if m.label == "class")
    breakdowns = tuple(m.value for m in marks if m.label == "breakdown")
    if any(not c.endswith("_verb") for c in classes):
        return Head("class", classes, breakdowns, first, last)
    if breakdowns:
        return Head("breakdown", classes, breakdowns, first, last)
    if classes:
        return Head("bare", classes, (), first, first)
    return Head("people", (), (), first, last)


def find_label(number: Number, start: int, scene: Scene) -> Head | None:
    """ "Mujeres: 24", "Tocorón, 14;", "Valencia (30)"."""
    index = number.lead - 1
    gap = 0
    while index > start and scene.tokens[index].text in _LABEL_GAP and gap < 2:
        index, gap = index - 1, gap + 1
    if index < start:
        return None
    if not gap:
        copula = _said_label(index, start, scene)
        if copula is not None:
            return copula
    ending = [m for m in _ending(index + 1, start, scene) if m.label in ("class", "breakdown", "people")]
    if not ending:
        return None
    first = ending[-1].first
    if next(m for m in ending if m.first == first).value == "amnesty":
        return None  # the law's name before a colon is nobody's label
    if _counted_already(first, scene, start):
        return None
    head = as_head([m for m in scene.marks[first] if m.label in ("class", "breakdown", "people")])
    if head is None or head.kind == "bare" or (gap == 0 and head.kind != "breakdown"):
        return None
    return Head(head.kind, head.classes, head.breakdowns, first, index + 1, label=True)


def is_strange_item(number: Number, start: int, scene: Scene) -> bool:
    """ "Visitas negadas: 12": an item of a list whose label says nothing that is known."""
    colon = number.lead - 1
    if colon <= start or scene.tokens[colon].text != ":" or colon - start > _ITEM:
        return False
    if start == 0 or scene.tokens[start - 1].kind is not BREAK:
        return False
    words = [i for i in range(start, colon) if scene.tokens[i].kind is WORD]
    known = scene.marked | scene.named | scene.dated.keys()
    return bool(words) and not any(i in known for i in words)


def _said_label(index: int, start: int, scene: Scene) -> Head | None:
    """ "Los extranjeros son 89", "las mujeres presas suman 120", "sin condena hay 528"."""
    copula = scene.tokens[index].text in scene.language.copulas | scene.language.there_is
    if not copula:
        running = [m for m in _ending(index + 1, start, scene) if m.label == "cumulative"]
        if not running:
            return None
        index = running[0].first
    marks = _ending(index, start, scene)
    adjective = [m for m in marks if m.label == "class" and m.value == "custody_noun"]
    if adjective and not any(m.label == "breakdown" for m in marks):
        marks = _ending(adjective[0].first, start, scene)
    breakdowns = tuple(m.value for m in marks if m.label == "breakdown")
    if not breakdowns or _counted_already(marks[0].first, scene, start):
        return None
    first = next(m.first for m in marks if m.label == "breakdown")
    opens = first - start <= 3 or any(
        scene.tokens[i].text in ".,;:y" for i in range(max(start, first - 3), first)
    )
    return Head("breakdown", (), breakdowns, first, index, label=True) if opens else None


def _ending(last: int, start: int, scene: Scene) -> list[Mark]:
    """The marks that end just before token `last`."""
    return scene.until(last, max(start, last - 6))


def _counted_already(first: int, scene: Scene, start: int) -> bool:
    """Whether the noun at `first` is the head of a number just before it."""
    for number in scene.numbers_in((start, first)):
        if start <= number.first and number.last <= first and first - number.last <= 4:
            between = scene.tokens[number.last : first]
            if scene.tokens[number.lead - 1].text == ":" and number.lead > start and not between:
                continue  # "Mujeres: 24 Hombres: 30", but not ": 12 en El Rodeo, 5 en …"
            if all(t.kind is WORD and t.text not in scene.language.joint for t in between):
                return True
    return False
