"""The words about a number that may say what it counts, with the cost of reaching each."""

from typing import NamedTuple

from pipelines.extract.phrases import Mark
from pipelines.extract.scene import Scene

NOUNS = {
    "custody_noun": "custody",
    "arrest_noun": "arrest",
    "release_noun": "release",
    "release_people": "release",
    "restricted": "restricted",
    "freedom": "freedom",
    "application": "application",
    "beneficiary": "beneficiary",
    "benefited": "beneficiary",
    "death": "death",
    "died": "death",
}


VERBS = {
    "custody_verb": "custody",
    "arrest_verb": "arrest",
    "release_verb": "release",
    "promise": "promise",
}


FAMILIES = {**NOUNS, **VERBS}


class Near(NamedTuple):
    cost: int
    mark: Mark
    after: bool


def words_near(first: int, last: int, after: bool, scene: Scene) -> list[Near]:
    """Class and breakdown marks between two tokens, with the cost of reaching each from the number."""
    out = []
    for index in range(first, last):
        for mark in scene.at(index):
            if mark.label not in ("class", "breakdown") or mark.last > last:
                continue
            path = range(first, index) if after else range(mark.last, last)
            cost = 2 * scene.barrier(path.start, path.stop) + len(path) // 3
            if after and mark.value == "custody_noun" and any(_new_clause(i, scene) for i in path):
                cost += 9
            elif after and mark.value in VERBS and _second_verb(path, scene):
                cost += 6
            out.append(Near(cost, mark, after))
    return sorted(out, key=lambda n: (n.cost, n.mark.first if after else -n.mark.first))


def _second_verb(path: range, scene: Scene) -> bool:
    """ "han liberado a once y mantienen a mil": a verb straight after "and" has its own number."""
    return len(path) > 0 and scene.tokens[path[-1]].text in scene.language.joint


def _new_clause(index: int, scene: Scene) -> bool:
    """ "llegó a 452 y los detenidos superan …": and, with an article, opens with another subject."""
    tokens, language = scene.tokens, scene.language
    return tokens[index].text in language.joint and tokens[index + 1].text in language.articles
