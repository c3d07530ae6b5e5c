"""The training itself: passes over the texts, in batches of like length."""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import torch
from torch import Tensor, nn

from training.examples import WEIGHTS, Example, run_heads, sum_losses
from training.network import Encoder, Heads

PASSES: Final = 3  # to go on from an artefact; from nothing it takes seven and more
_BATCH: Final = 1200  # pieces
_WARM: Final = 150  # steps
_RATES: Final = (1e-4, 5e-4)  # of the encoder's layers, of the heads
_FORGOTTEN: Final = 0.15  # share of the pieces that are hidden
Say = Callable[[str], None]


@dataclass(frozen=True)
class Network:
    """The encoder and its heads; `edges` are the pieces that open and close a window."""

    encoder: Encoder
    heads: Heads
    edges: tuple[int, int]


def run_encoder(network: Network, examples: Sequence[Example]) -> Tensor:
    """[windows, pieces, width] of a batch of texts, brought to one scale."""
    begin, end = network.edges
    pieces = [[begin, *each.pieces.ids[a:b], end] for each in examples for a, b in each.covering]
    marks = [each for example in examples for each in example.kinds]
    size = max(map(len, pieces))
    ids, kinds = (torch.zeros(len(pieces), size, dtype=torch.long) for _ in range(2))
    mask = torch.zeros(len(pieces), 1, 1, size, dtype=torch.bool)
    for row, (piece, mark) in enumerate(zip(pieces, marks, strict=True)):
        ids[row, : len(piece)] = torch.tensor(piece)
        kinds[row, : len(mark)] = mark
        mask[row, :, :, : len(piece)] = True
    hidden = torch.rand(ids.shape) < _FORGOTTEN if network.encoder.training else None
    with torch.autocast("cpu", torch.bfloat16):
        out = network.encoder(network.encoder.words(ids), kinds, mask, hidden)
    return (out.float() - network.heads.mu) / network.heads.sd


def fit(network: Network, examples: Sequence[Example], passes: int, seed: int, say: Say) -> None:
    """Train in place. The same seed, texts and machine give the same weights."""
    random.seed(seed)
    torch.manual_seed(seed)
    examples = [each for each in examples if each.mentions.numbers]
    if not network.heads.mu.any():  # weights that were learnt before keep the scale that they were learnt at
        _find_scale(network, examples)
    for parameter in network.encoder.parameters():
        parameter.requires_grad = False
    trained = network.encoder.trained()
    for parameter in trained:
        parameter.requires_grad = True
    heads = list(network.heads.parameters())
    optimiser = torch.optim.AdamW(
        [{"params": trained, "lr": _RATES[0]}, {"params": heads, "lr": _RATES[1]}], weight_decay=0.01
    )
    steps, step = passes * sum(1 for _ in _batches(examples)), 0
    for number in range(passes):
        network.encoder.train()
        network.heads.train()
        begun, total = time.monotonic(), 0.0
        for batch in _batches(examples):
            share = min(1.0, (step + 1) / _WARM) * max(0.02, 1 - step / steps)
            for group, rate in zip(optimiser.param_groups, _RATES, strict=True):
                group["lr"] = rate * share
            losses = sum_losses(batch, run_heads(batch, run_encoder(network, batch), network.heads))
            loss = sum((WEIGHTS[name] * value for name, value in losses.items()), torch.zeros(()))
            (loss / max(10, sum(len(each.mentions.numbers) for each in batch))).backward()
            nn.utils.clip_grad_norm_([*trained, *heads], 1.0)
            optimiser.step()
            optimiser.zero_grad()
            step += 1
            total += float(loss.detach())
        numbers = sum(len(each.mentions.numbers) for each in examples)
        say(f"pass {number + 1} of {passes}: loss {total / numbers:.3f}, {time.monotonic() - begun:.0f} s")
    network.encoder.eval()
    network.heads.eval()


def _find_scale(network: Network, examples: Sequence[Example]) -> None:
    """The mean and spread of the encoder's states before training."""
    with torch.no_grad():
        found = []
        for batch in list(_batches(examples))[:30]:
            states = run_encoder(network, batch)
            lengths = [last - first + 2 for each in batch for first, last in each.covering]
            found += [states[row, :length] for row, length in enumerate(lengths)]
        every = torch.cat(found)
        network.heads.mu.copy_(every.mean(0))
        network.heads.sd.copy_(every.std(0) + 1e-6)


def _batches(examples: Sequence[Example]) -> Iterator[list[Example]]:
    """Texts of like length together, in random order."""
    order = random.sample(range(len(examples)), len(examples))
    made: list[list[Example]] = []
    for start in range(0, len(order), 64):
        batch: list[Example] = []
        for each in sorted((examples[i] for i in order[start : start + 64]), key=lambda e: len(e.pieces.ids)):
            if batch and sum(len(mark) for e in (*batch, each) for mark in e.kinds) > _BATCH:
                made.append(batch)
                batch = []
            batch.append(each)
        made.append(batch)
    random.shuffle(made)
    yield from made
