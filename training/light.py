"""Fits the second reader (`pipelines/intake/prose/light_reader.py`): weights of words, in a minute."""

import random
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple, TypeVar

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from pipelines.intake.prose.light_reader import (
    PAIRS_SIZE,
    POINTED,
    WORDS_SIZE,
    describe_pairs,
    describe_words,
)
from pipelines.intake.prose.mentions import Mentions
from pipelines.intake.prose.pointing import MEASURES, QUALIFIERS
from pipelines.intake.prose.text_marks import Scene
from training.labels import Target

_PASSES: Final = 8
_RATE: Final = 0.02
_HIDDEN: Final = 0.25  # share of the features that are left out of a step
_SHRUNK: Final = 1e-5
_BATCH: Final = 256
_Row = TypeVar("_Row")


class Told(NamedTuple):
    """One text as the second reader sees it."""

    words: list[list[int]]
    pairs: dict[str, list[list[list[int]]]]
    targets: Sequence[Target]


def describe(scene: Scene, mentions: Mentions, targets: Sequence[Target]) -> Told:
    """The features of a text with what is right."""
    pairs = {head: describe_pairs(scene, mentions, head) for head in POINTED}
    return Told(describe_words(scene, mentions), pairs, targets)


def fit_light(texts: Sequence[Told], seed: int) -> dict[str, np.ndarray]:
    """The tables of weights, by the names that the reader asks for."""
    random.seed(seed)
    torch.manual_seed(seed)
    taught = [(t.words[i], each) for t in texts for i, each in enumerate(t.targets) if each.taught]
    claims = [(words, each.qualifier) for words, each in taught if each.qualifier is not None]
    shares = [(words, torch.from_numpy(each.measures)) for words, each in taught]
    out = {
        "meas": _fit(shares, (WORDS_SIZE, len(MEASURES)), _lose_shares),
        "qual": _fit(claims, (WORDS_SIZE, len(QUALIFIERS)), _lose_classes),
    }
    fields: dict[str, Callable[[Target], tuple[int, ...]]] = {
        "sp": lambda each: each.speakers,
        "day": lambda each: each.days,
        "start": lambda each: each.starts,
    }
    for head, field in fields.items():
        rows = [
            (t.pairs[head][i], field(each))
            for t in texts
            for i, each in enumerate(t.targets)
            if each.qualifier is not None and field(each)
        ]
        out[head] = _fit(rows, (PAIRS_SIZE, 1), _lose_choice)[:, 0]
    return out


def _bags(rows: Sequence[Sequence[int]], table: nn.EmbeddingBag) -> Tensor:
    kept = [[slot for slot in row if random.random() > _HIDDEN] for row in rows]
    offsets = np.cumsum([0, *map(len, kept)][:-1])
    flat = torch.tensor([slot for row in kept for slot in row], dtype=torch.long)
    scores: Tensor = table(flat, torch.tensor(offsets))
    return scores / (1 - _HIDDEN)


def _lose_shares(rows: Sequence[tuple[list[int], Tensor]], table: nn.EmbeddingBag) -> Tensor:
    likely = functional.log_softmax(_bags([words for words, _ in rows], table), 1)
    return -(torch.stack([right for _, right in rows]) * likely).sum(1).mean()


def _lose_classes(rows: Sequence[tuple[list[int], int]], table: nn.EmbeddingBag) -> Tensor:
    right = torch.tensor([each for _, each in rows])
    return functional.cross_entropy(_bags([words for words, _ in rows], table), right)


def _lose_choice(rows: Sequence[tuple[list[list[int]], tuple[int, ...]]], table: nn.EmbeddingBag) -> Tensor:
    scores = _bags([slots for choices, _ in rows for slots in choices], table)[:, 0]
    losses, at = [], 0
    for choices, right in rows:
        likely = functional.log_softmax(scores[at : at + len(choices)], 0)
        losses.append(-torch.logsumexp(likely[list(right)], 0))
        at += len(choices)
    return torch.stack(losses).mean()


def _fit(
    rows: Sequence[_Row], shape: tuple[int, int], lose: Callable[[Sequence[_Row], nn.EmbeddingBag], Tensor]
) -> np.ndarray:
    table = nn.EmbeddingBag(*shape, mode="sum")
    nn.init.zeros_(table.weight)
    steps = _PASSES * (len(rows) // _BATCH + 1)
    optimiser = torch.optim.Adam(table.parameters(), lr=_RATE, weight_decay=_SHRUNK)
    falling = torch.optim.lr_scheduler.LinearLR(optimiser, 1.0, 0.02, steps)
    for _ in range(_PASSES):
        order = random.sample(rows, len(rows))
        for start in range(0, len(order), _BATCH):
            lose(order[start : start + _BATCH], table).backward()
            optimiser.step()
            optimiser.zero_grad()
            falling.step()
    return table.weight.detach().numpy()
