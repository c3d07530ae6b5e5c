"""The words that are a number's own: what it counts, and from where to where they run."""

from pipelines.extract.heads import find_head
from pipelines.extract.labels import Head
from pipelines.extract.number import Number
from pipelines.extract.scene import Scene


def head_of(i: int, numbers: list[Number], span: tuple[int, int], scene: Scene) -> Head | None:
    """What the `i`th number of a sentence counts."""
    number = numbers[i]
    head = find_head(number, span[1], span[0], scene)
    if number.first in scene.changes and i + 1 < len(numbers):
        whole = find_head(numbers[i + 1], span[1], span[0], scene)
        if whole is not None and whole.kind in ("class", "people", "breakdown") and not whole.label:
            return whole._replace(first=number.last, last=number.last)
    if head is not None and head.kind == "bare" and not head.classes and i + 1 < len(numbers):
        after = numbers[i + 1]
        if _of(number, after, scene):
            whole = find_head(after, span[1], span[0], scene)
            if whole is not None and whole.kind in ("class", "people") and not whole.label:
                return whole._replace(first=number.last)
    return head


def _of(number: Number, after: Number, scene: Scene) -> bool:
    """ "61 de las 99": one number out of another."""
    gap = [t for t in scene.tokens[number.last : after.lead] if t.text != "%"]
    return 1 <= len(gap) <= 3 and all(t.text in scene.language.fillers for t in gap)


def own_words(
    i: int, numbers: list[Number], heads: list[Head | None], span: tuple[int, int], scene: Scene
) -> tuple[int, int]:
    """The words about a number: from the one before it to the one after. In "50 of 800 prisoners were
    freed" the verb is about the 50."""
    left = span[0]
    if i and _of(numbers[i - 1], numbers[i], scene):
        head = heads[i]
        right = head.last if head is not None else numbers[i].last
        if right < span[1] and scene.tokens[right].text in scene.language.relative:
            right = min([span[1], *(n.lead for n in numbers[i + 1 :])])
            # "ninguno de los 300 que prometió liberar", but "32 de los 600 que cuenta X cruzaron la puerta"
            right = min(
                [
                    right,
                    *(m.last for m in scene.mentions if head is not None and 0 < m.first - head.last <= 4),
                ]
            )
        return numbers[i].lead, right
    if i + 1 < len(numbers) and _of(numbers[i], numbers[i + 1], scene):
        numbers, heads = numbers[: i + 1] + numbers[i + 2 :], heads[: i + 1] + heads[i + 2 :]
    if i:
        before = heads[i - 1]
        counted = [
            j for j in range(i) if heads[j] is not None
        ]  # "creció en siete, de 875 a 882": not the seven
        left = numbers[counted[-1]].last if counted else span[0]
        before = heads[counted[-1]] if counted else None
        if before is not None and not before.label and before.last <= numbers[i].lead:
            left = max(left, before.last)
    right = span[1]
    if i + 1 < len(numbers):
        after = heads[i + 1]
        right = numbers[i + 1].lead
        if after is not None and after.label:
            right = min(right, after.first)
    return left, right
