"""A second reader, unlike the first: weighted words. It says where the learned reader may be sure.

For each number it adds up the weights of the words around it, their beginnings and what is mentioned there;
for each mention the weights of how it stands to the number. Names of features are hashed into a table
(Weinberger and others, "Feature Hashing for Large Scale Multitask Learning", 2009). It reads the same
mentions as the encoder and shares nothing else with it, so where both come to one claim that is worth more
than one of them being certain. `training/light.py` fits it.
"""

import zlib
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np

from pipelines.intake.prose import pointing
from pipelines.intake.prose.encoder import FOLDER, load_weights
from pipelines.intake.prose.mentions import Mentions, NumberMention
from pipelines.intake.prose.pointing import NOBODY_NAMED, Floats
from pipelines.intake.prose.readings import Reading, make_readings
from pipelines.intake.prose.text_marks import Scene

WORDS_SIZE: Final = 1 << 15
PAIRS_SIZE: Final = 1 << 15
POINTED: Final = {"sp": "speakers", "day": "days", "start": "days"}
OWN: Final = {"sp": len(NOBODY_NAMED), "day": 1, "start": 2}  # choices that are no mention
_NEAR, _AROUND, _BEGINNING = 4, 10, 5  # words told by their place, words told at all, letters of a beginning
_BESIDE: Final = 4  # words on each side of a mention
_WHERE: Final = ("", " s-1", " s0", " s1", " far")


@lru_cache(maxsize=1 << 16)
def _slot(name: str, size: int) -> int:
    return zlib.crc32(name.encode("utf-8", "replace")) % size


def describe_words(scene: Scene, mentions: Mentions) -> list[list[int]]:
    """For each number of a text the slots of its words, WORDS_SIZE."""
    told = _tell_tokens(scene, mentions)
    return [
        [_slot(name, WORDS_SIZE) for name in dict.fromkeys(_name_words(number, scene, told))]
        for number in mentions.numbers
    ]


def _tell_tokens(scene: Scene, mentions: Mentions) -> list[str]:
    """Each token as a word's beginning, or as what is mentioned there."""
    told = [token.text[:_BEGINNING] if token.text[:1].isalpha() else token.text[:1] for token in scene.tokens]
    places = {token.start: index for index, token in enumerate(scene.tokens)}
    speakers = [each for each in mentions.speakers if each.how in ("named", "actor")]
    for kind, found in (("<who>", speakers), ("<when>", mentions.days), ("<number>", mentions.numbers)):
        for place in (places[each.span[0]] for each in found if each.span[0] in places):
            told[place] = kind
    return told


def _name_words(number: NumberMention, scene: Scene, told: Sequence[str]) -> Iterator[str]:
    first, last = number.tokens
    opening, closing = scene.sentences[number.sentence]
    size, hedge, form = pointing.number_features([number])[0][[1, 2, 0]].tolist()
    yield from (f"size {size}", f"hedge {hedge}", f"form {form}", f"hedge {hedge} form {form}")
    for step in range(1, _NEAR + 1):
        for place, index in ((-step, first - step), (step, last - 1 + step)):
            yield f"{place} {told[index] if opening <= index < closing else '<edge>'}"
    yield f"both {told[first - 1] if first else ''} {told[last] if last < len(told) else ''}"
    yield f"after {' '.join(told[last : min(closing, last + 2)])}"
    yield from (f"before {word}" for word in told[max(0, first - _AROUND) : first])
    yield from (f"behind {word}" for word in told[last : last + _AROUND])
    yield from (f"sentence {word}" for word in told[opening:closing])
    if number.sentence:
        yield from (f"previous {word}" for word in told[slice(*scene.sentences[number.sentence - 1])])


def describe_pairs(scene: Scene, mentions: Mentions, head: str) -> list[list[list[int]]]:
    """[numbers][choices]: the slots of how each choice stands to each number, PAIRS_SIZE; mentions first,
    then the head's own choices."""
    others: Sequence[Any] = getattr(mentions, POINTED[head])
    kinds = _tell_kinds(mentions, head)
    starts = [token.start for token in scene.tokens]
    beside = [
        {where: [_slot(f"{head} {word}{where}", PAIRS_SIZE) for word in words] for where in _WHERE}
        for words in (_beside(scene, starts, other.span) for other in others)
    ]
    begins = sorted(number.span[0] for number in mentions.numbers)
    among = min(len(others), 4)
    out = []
    for number in mentions.numbers:
        gaps = [other.span[0] - number.span[0] for other in others]
        rank = np.argsort(np.argsort([abs(gap) for gap in gaps])).tolist()
        rows = []
        for other, kind, gap, order, words in zip(others, kinds, gaps, rank, beside, strict=True):
            sentences = max(-4, min(4, other.sentence - number.sentence))
            where = f" s{sentences}" if abs(sentences) < 2 else " far"
            names = (
                f"s{sentences}", f"g{max(-9, min(9, gap // 12))}", kind, f"r{min(order, 5)}",
                f"s{sentences} {kind}", f"b{_between(number, other.span, begins)} s{sentences}",
                f"r{min(order, 3)} {kind} {number.form}", *_joining(number, other.span, scene, starts),
            )  # fmt: skip
            slots = [_slot(f"{head} {name}", PAIRS_SIZE) for name in names]
            rows.append([*slots, *words[""], *words[where]])
        for choice in range(OWN[head]):
            own = (f"own {choice}", f"among {among} own {choice}", f"own {choice} {number.form}")
            rows.append([_slot(f"{head} {name}", PAIRS_SIZE) for name in own])
        out.append(rows)
    return out


def _tell_kinds(mentions: Mentions, head: str) -> list[str]:
    if head == "sp":
        return [f"{s.how} {s.office if s.how != 'named' else ''}" for s in mentions.speakers]
    features = pointing.day_features(mentions.days, mentions.published).tolist()
    return [
        f"{d.role} {d.kind} {gap} {edge}"
        for d, (_, _, gap, _, edge) in zip(mentions.days, features, strict=True)
    ]


def _beside(scene: Scene, starts: Sequence[int], span: tuple[int, int]) -> list[str]:
    """The words on both sides of a mention, by their side, the next ones also by their place."""
    first, last = bisect_left(starts, span[0]), bisect_left(starts, span[1])
    texts = [token.text[:_BEGINNING] for token in scene.tokens[max(0, first - _BESIDE) : first]]
    after = [token.text[:_BEGINNING] for token in scene.tokens[last : last + _BESIDE]]
    names = [f"w<{word}" for word in texts] + [f"w>{word}" for word in after]
    return [*names, f"next<{''.join(texts[-1:])}", f"next>{''.join(after[:1])}"]


def _joining(number: NumberMention, span: tuple[int, int], scene: Scene, starts: Sequence[int]) -> list[str]:
    """What stands between a number and a mention close by, and on which side that is."""
    first, last = bisect_left(starts, span[0]), bisect_left(starts, span[1])
    low, high = (last, number.tokens[0]) if first < number.tokens[0] else (number.tokens[1], first)
    if not 0 <= high - low <= _BESIDE:
        return []
    words = " ".join(token.text[:_BEGINNING] for token in scene.tokens[low:high])
    return [f"joined {first < number.tokens[0]} {words}", f"apart {first < number.tokens[0]} {high - low}"]


def _between(number: NumberMention, span: tuple[int, int], begins: Sequence[int]) -> int:
    """How many other numbers, which begin there, stand between a number and a mention; three at most."""
    low, high = sorted((number.span[0], span[0]))
    return max(0, min(3, bisect_left(begins, high) - bisect_right(begins, low)))


class LightReader:
    """The weights of the second reader. Loads them at first use; FileNotFoundError without."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder

    @cached_property
    def weights(self) -> dict[str, Floats]:
        """By name: "meas" and "qual" [WORDS_SIZE, choices], the others [PAIRS_SIZE]."""
        return load_weights(self._folder / "light.npz")

    def read(self, scene: Scene, mentions: Mentions) -> list[Reading]:
        """One reading for each number of a text, in reading order; of parts it says nothing."""
        if not mentions.numbers:
            return []
        words = describe_words(scene, mentions)
        scores = {
            name: [self.weights[name][slots].sum(axis=0) for slots in words] for name in ("meas", "qual")
        }
        for head in POINTED:
            table = self.weights[head]
            rows = describe_pairs(scene, mentions, head)
            scores[head] = [[float(table[slots].sum()) for slots in row] for row in rows]
        likely = {name: pointing.softmax(np.array(found, np.float32)) for name, found in scores.items()}
        return make_readings(mentions, likely, {})


DEFAULT_LIGHT_READER: Final = LightReader()
