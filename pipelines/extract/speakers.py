"""Who says a number: the organisation in its clause, the one named for it after, or who spoke before."""

from typing import NamedTuple

from pipelines.extract.mentions import Mention
from pipelines.extract.scene import Scene

_FAR = 30


class Attribution(NamedTuple):
    """Who said it, and how the text shows it: named, anaphor, carried, cataphor, none."""

    organisation: str
    how: str
    cost: int = 0


def attribute(
    first: int,
    last: int,
    mentions: list[Mention],
    scene: Scene,
) -> tuple[Attribution, Mention] | None:
    """The one of a sentence's mentions that owns tokens `first` to `last`."""
    best: tuple[int, Mention] | None = None
    for mention in mentions:
        cost = _cost(first, last, mention, scene)
        if best is None or cost < best[0]:
            best = (cost, mention)
    if best is None or best[0] >= _FAR:
        return None
    how = "named" if best[1].named else "anaphor"
    return Attribution(best[1].organisation, how, best[0]), best[1]


def _cost(first: int, last: int, mention: Mention, scene: Scene) -> int:
    cost = _FAR if mention.spoken_to else 0
    if mention.last <= first:
        cost += scene.barrier(mention.last, first) + (first - mention.last) // 6
        if mention.opens:
            cost -= 2  # the clause that it opens is its own
        speaks = mention.marker >= 0 or mention.follows
        if not speaks and not any(i in scene.said for i in range(mention.last, first)):
            beside = first - mention.last <= 3 and not any(
                i in scene.walls for i in range(mention.last, first)
            )
            acting = any(
                i in scene.acts for i in range(mention.last, first)
            )  # "el gobierno excarceló a 40, según X"
            cost += 8 if acting else 1 if beside else 4
        return cost
    if mention.marker < 0 and not mention.follows:
        return cost + _FAR
    if (
        mention.opens
        and mention.marker < 0
        and any(i in scene.starts for i in range(mention.last, mention.last + 12))
    ):
        cost += _FAR
    start = mention.marker if mention.marker >= 0 else mention.first
    cost += scene.barrier(last, start) + max(0, start - last) // 6
    if mention.quoted and start == last:
        cost -= 2  # "and 53 according to JEP"
    if mention.relative:
        between = not scene.starts.isdisjoint(range(last, start))
        return cost + (8 if between else -6 if start - last <= 4 else 1)
    return cost + 1
