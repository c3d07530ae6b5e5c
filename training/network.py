"""The network in torch: the encoder out of its packed weights, and the heads that point.

The same arithmetic as `pipelines/intake/prose/pointing.py` and its encoder, batched and with gradients. All
layers learn; the vectors of the words stay as they came. From one layer on (`_TOLD_FROM`) each piece is told
what stands there: a number, a speaker, a day, a part.
"""

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from pipelines.intake.prose.pointing import (
    DAY_CLASSES,
    FORMS,
    MEASURES,
    NOBODY_NAMED,
    QUALIFIERS,
    SPEAKER_CLASSES,
)
from training.source_weights import SourceWeights

LAYERS: Final = 8  # of twelve: the last ones are made for whole sentences
_TOLD_FROM: Final = 3
_PROJECTED: Final = 192
_SHORT: Final = 400  # pieces of a window, up to which attention written out is the faster one
_DISTANCES: Final = (13, 16)  # classes of sentences and of pieces between a number and a mention
_OF_DAYS: Final = (*_DISTANCES, *DAY_CLASSES)


class Layer(nn.Module):
    """One layer of the encoder: attention, then a step for each piece; both normalised after."""

    def __init__(self, source: SourceWeights, number: int) -> None:
        super().__init__()
        width, inner = source.width, source.inner
        self.heads = source.heads
        self.q, self.k, self.v, self.ao = (nn.Linear(width, width) for _ in range(4))
        self.fi, self.fo = nn.Linear(width, inner), nn.Linear(inner, width)
        self.aln, self.oln = (nn.LayerNorm(width, source.epsilon) for _ in range(2))
        for name in ("q", "k", "v", "ao", "fi", "fo"):
            module = getattr(self, name)
            module.weight.data = torch.tensor(source.matrix(f"l{number}.{name}.w", module.in_features))
            module.bias.data = torch.tensor(source.plain(f"l{number}.{name}.b"))
        for name in ("aln", "oln"):
            getattr(self, name).weight.data = torch.tensor(source.plain(f"l{number}.{name}.w"))
            getattr(self, name).bias.data = torch.tensor(source.plain(f"l{number}.{name}.b"))

    def forward(self, states: Tensor, mask: Tensor | None) -> Tensor:
        """[windows, pieces, width] to the same; `mask` says which pieces there are."""
        windows, pieces, width = states.shape

        def apart(values: Tensor) -> Tensor:
            return values.reshape(windows, pieces, self.heads, width // self.heads).transpose(1, 2)

        query, key, value = apart(self.q(states)), apart(self.k(states)), apart(self.v(states))
        if mask is None or pieces < _SHORT:  # the export knows no other
            scores = query @ key.transpose(2, 3) / math.sqrt(width // self.heads)
            scores = scores if mask is None else scores.masked_fill(~mask, -1e4)
            seen = torch.softmax(scores, -1).to(value.dtype) @ value
        else:
            seen = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        seen = self.ao(seen.transpose(1, 2).reshape(windows, pieces, width))
        states = self.aln(states + functional.dropout(seen, 0.1, self.training))
        stepped = self.fo(functional.gelu(self.fi(states)))
        return self.oln(states + functional.dropout(stepped, 0.1, self.training))


class Encoder(nn.Module):
    """Word vectors and layers; `rows` are the pieces of the vocabulary that are kept."""

    def __init__(self, source: SourceWeights, rows: np.ndarray) -> None:
        super().__init__()
        width = source.width
        self.words = nn.Embedding.from_pretrained(torch.tensor(source.matrix("emb.word", width, rows)))
        positions = torch.tensor(source.plain("emb.pos").reshape(source.positions, width))
        self.positions = nn.Parameter(positions, requires_grad=False)
        self.kind = nn.Parameter(torch.tensor(source.plain("emb.type")[:width]), requires_grad=False)
        self.norm = nn.LayerNorm(width, source.epsilon)
        self.norm.weight.data = torch.tensor(source.plain("emb.ln.w"))
        self.norm.bias.data = torch.tensor(source.plain("emb.ln.b"))
        self.layers = nn.ModuleList(Layer(source, number) for number in range(LAYERS))
        self.mentioned = nn.Embedding(5, width)
        nn.init.normal_(self.mentioned.weight, std=0.02)

    def forward(
        self, words: Tensor, kinds: Tensor, mask: Tensor | None = None, hidden: Tensor | None = None
    ) -> Tensor:
        """[windows, pieces, width] of word vectors. `kinds` is what stands at each piece, `mask` says which
        pieces there are, `hidden` which of them nothing is told of."""
        states = self.norm(words + self.positions[: words.shape[1]] + self.kind)
        if hidden is not None:
            states = states.masked_fill(hidden[:, :, None], 0.0)
        for number, layer in enumerate(self.layers):
            if number == _TOLD_FROM:
                states = states + self.mentioned(kinds)
            states = layer(states, mask)
        return states

    def trained(self) -> list[nn.Parameter]:
        """The parameters that training changes."""
        return [*self.layers.parameters(), *self.mentioned.parameters()]


class Pointer(nn.Module):
    """Scores each number against each mention, and against `own` choices that are no mention."""

    def __init__(self, width: int, own: int, classes: Sequence[int]) -> None:
        super().__init__()
        self.q, self.k = nn.Linear(width, _PROJECTED), nn.Linear(width, _PROJECTED)
        self.spec, self.sb = nn.Parameter(torch.randn(own, _PROJECTED) * 0.02), nn.Parameter(torch.zeros(own))
        self.f = nn.ModuleList(nn.Embedding(size, 1) for size in classes)
        self.fe = nn.ModuleList(nn.Embedding(size, 16) for size in classes)
        self.g = nn.Linear(width, 16)
        for plain, tasted in zip(self.f, self.fe, strict=True):
            nn.init.zeros_(plain.weight)
            nn.init.normal_(tasted.weight, std=0.05)

    def forward(self, numbers: Tensor, others: Tensor, features: Sequence[Tensor]) -> Tensor:
        """[numbers, others + own]; `features` are classes, [numbers, others] each."""
        query = self.q(numbers)
        scores = query @ self.k(others).T / math.sqrt(_PROJECTED)
        taste = self.g(numbers)
        for plain, tasted, feature in zip(self.f, self.fe, features, strict=True):
            scores = scores + plain(feature).squeeze(-1) + (tasted(feature) * taste[:, None, :]).sum(-1)
        return torch.cat([scores, query @ self.spec.T / math.sqrt(_PROJECTED) + self.sb], 1)


class Heads(nn.Module):
    """What each number is. `mu` and `sd` bring the encoder's states to one scale."""

    def __init__(self, width: int, parts: int) -> None:
        super().__init__()
        self.form, self.val, self.qualin = (
            nn.Embedding(size, width) for size in (len(FORMS), 10, len(QUALIFIERS))
        )
        for embedding in (self.form, self.val, self.qualin):
            nn.init.zeros_(embedding.weight)
        self.mix = nn.Sequential(nn.Linear(width * 2, width), nn.GELU(), nn.LayerNorm(width))
        self.meas = nn.Sequential(
            nn.Linear(width, 256), nn.GELU(), nn.Dropout(0.1), nn.Linear(256, len(MEASURES))
        )
        self.qual, self.bd = nn.Linear(width, len(QUALIFIERS)), nn.Linear(width, parts)
        self.sp = Pointer(width, len(NOBODY_NAMED), (*_DISTANCES, *SPEAKER_CLASSES))
        self.day, self.start = Pointer(width, 1, _OF_DAYS), Pointer(width, 2, _OF_DAYS)
        self.bp, self.bpb = Pointer(width, 0, _DISTANCES), nn.Parameter(torch.tensor(-2.0))
        self.register_buffer("mu", torch.zeros(width))
        self.register_buffer("sd", torch.ones(width))

    def describe(self, own: Tensor, around: Tensor, features: Tensor) -> Tensor:
        """[numbers, width]: as `pointing.describe`."""
        told = self.form(features[:, 0]) + self.val(features[:, 1]) + self.qualin(features[:, 2])
        return functional.dropout(self.mix(torch.cat([own + told, around], 1)), 0.2, self.training)
