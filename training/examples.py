"""Texts as the network takes them: windows of pieces, places, features, targets; several in one batch."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from pipelines.intake.prose import pointing
from pipelines.intake.prose.encoder import Pieces, inner_windows, windows
from pipelines.intake.prose.mentions import KINDS_OF_MENTION, Mentions
from pipelines.intake.prose.pointing import MEASURES
from pipelines.intake.prose.readings import mark_kinds
from training.labels import Target
from training.network import Heads

HEADS_OF_MENTIONS: Final = {"sp": "speakers", "day": "days", "start": "days", "bp": "parts"}
_AROUND: Final = 12
_Spans = list[tuple[int, int, int]]  # window, first and last piece in it, the opening piece counted


@dataclass
class Example:
    """One text. `kinds` has what stands at each piece of each window, its edges counted."""

    mentions: Mentions
    pieces: Pieces
    covering: list[tuple[int, int]]
    kinds: list[Tensor]
    spans: dict[str, _Spans]
    features: dict[str, list[Tensor]]
    form: Tensor
    values: list[str]
    named: list[tuple[int, int]]  # value, mention of a part that names it
    targets: "Targets | None" = None


@dataclass
class Targets:
    """What is right, as tensors: shares of measures for all numbers, the rest for those that are claims."""

    measures: Tensor
    taught: Tensor
    claims: list[int]
    qualifiers: Tensor
    choices: dict[str, Tensor]
    parts: Tensor


def prepare(
    mentions: Mentions, pieces: Pieces, known: Sequence[str], targets: Sequence[Target] | None
) -> Example:
    """One text with all that does not change while the network learns; `known` are the values of parts
    that the heads know by themselves."""
    size = len(pieces.ids)
    covering = windows(size)
    own = inner_windows(size, covering)
    places = {kind: [pieces.at(m.span) for m in getattr(mentions, kind)] for kind in KINDS_OF_MENTION}
    marked = np.asarray(mark_kinds(size, places))
    kinds = [torch.tensor(np.concatenate([[0], marked[first:last], [0]])) for first, last in covering]
    spans = {kind: _in_windows(found, own, covering, 0) for kind, found in places.items()}
    spans["around"] = _in_windows(places["numbers"], own, covering, _AROUND)
    values = list(known)
    named: list[tuple[int, int]] = []
    for index, part in enumerate(mentions.parts):
        for value in part.breakdown.split(";"):
            if value not in values:
                values.append(value)
            named.append((values.index(value), index))
    example = Example(
        mentions, pieces, covering, kinds, spans, _features(mentions, places),
        torch.tensor(pointing.number_features(mentions.numbers)), values, named,
    )  # fmt: skip
    if targets is not None:
        example.targets = _tensors(targets, example)
    return example


def _in_windows(
    places: Sequence[tuple[int, int]], own: np.ndarray, covering: Sequence[tuple[int, int]], around: int
) -> _Spans:
    out = []
    for first, last in places:
        window = int(own[first])
        begin, end = covering[window]
        low, high = max(begin, first - around) - begin, min(end, last + around) - begin
        out.append((window, 1 + low, 1 + max(high, low + 1)))
    return out


def _features(mentions: Mentions, places: dict[str, list[tuple[int, int]]]) -> dict[str, list[Tensor]]:
    days = pointing.day_features(mentions.days, mentions.published).T
    speakers = pointing.speaker_features(mentions.speakers).T
    own = {"sp": list(speakers), "day": list(days), "start": list(days), "bp": []}
    numbers = [(m.sentence, first) for m, (first, _) in zip(mentions.numbers, places["numbers"], strict=True)]
    out = {}
    for head, kind in HEADS_OF_MENTIONS.items():
        others = [
            (m.sentence, first) for m, (first, _) in zip(getattr(mentions, kind), places[kind], strict=True)
        ]
        wide = [np.broadcast_to(each, (len(numbers), len(each))) for each in own[head]]
        all_ = [*pointing.distance_features(numbers, others), *wide]
        out[head] = [torch.tensor(np.ascontiguousarray(each)) for each in all_]
    return out


def _tensors(targets: Sequence[Target], example: Example) -> Targets:
    claims = [i for i, each in enumerate(targets) if each.taught and each.qualifier is not None]
    mentions = example.mentions
    sizes = {"sp": len(mentions.speakers) + 3, "day": len(mentions.days) + 1, "start": len(mentions.days) + 2}
    choices = {}
    for head, field in (("sp", "speakers"), ("day", "days"), ("start", "starts")):
        right = torch.zeros(len(claims), sizes[head], dtype=torch.bool)
        for row, index in enumerate(claims):
            right[row, list(getattr(targets[index], field))] = True
        choices[head] = right
    parts = torch.zeros(len(claims), len(example.values))
    for row, index in enumerate(claims):
        for value in targets[index].parts:
            if value in example.values:
                parts[row, example.values.index(value)] = 1
    stacked = np.stack([each.measures for each in targets]) if targets else np.zeros((0, len(MEASURES)), "f4")
    return Targets(
        torch.tensor(stacked),
        torch.tensor([float(each.taught) for each in targets]),
        claims,
        torch.tensor([targets[i].qualifier for i in claims], dtype=torch.long),
        choices,
        parts,
    )


def run_heads(examples: Sequence[Example], states: Tensor, heads: Heads) -> list[dict[str, Tensor]]:
    """The scores of each text, from the states of all windows of a batch, [windows, pieces, width]."""
    flat, size = states.reshape(-1, states.shape[2]), states.shape[1]
    bases = np.cumsum([0, *(len(each.covering) for each in examples)])

    def pool(kind: str) -> Tensor:
        pieces: list[int] = []
        starts: list[int] = []
        for each, base in zip(examples, bases, strict=False):
            for window, first, last in each.spans[kind]:
                starts.append(len(pieces))
                pieces.extend(range((base + window) * size + first, (base + window) * size + last))
        if not starts:
            return flat.new_zeros((0, flat.shape[1]))
        return functional.embedding_bag(torch.tensor(pieces), flat, torch.tensor(starts), mode="mean")

    pooled = {kind: pool(kind) for kind in (*KINDS_OF_MENTION, "around")}
    described = heads.describe(
        pooled["numbers"], pooled["around"], torch.cat([each.form for each in examples])
    )
    measures, qualifiers, known = heads.meas(described), heads.qual(described), heads.bd(described)
    at = dict.fromkeys(KINDS_OF_MENTION, 0)
    out = []
    for each in examples:
        span = {kind: slice(at[kind], at[kind] + len(each.spans[kind])) for kind in KINDS_OF_MENTION}
        at = {kind: span[kind].stop for kind in KINDS_OF_MENTION}
        numbers = described[span["numbers"]]
        scores = {"meas": measures[span["numbers"]], "qual": qualifiers[span["numbers"]]}
        for head, kind in HEADS_OF_MENTIONS.items():
            scores[head] = getattr(heads, head)(numbers, pooled[kind][span[kind]], each.features[head])
        scores["parts"] = _score_parts(each, known[span["numbers"]], scores.pop("bp") + heads.bpb)
        out.append(scores)
    return out


def _score_parts(example: Example, known: Tensor, pointed: Tensor) -> Tensor:
    """[numbers, values]: as `readings._score_parts`."""
    columns: dict[int, list[int]] = defaultdict(list)
    for value, mention in example.named:
        columns[value].append(mention)
    found = []
    for index in range(len(example.values)):
        score = known[:, index] if index < known.shape[1] else known.new_zeros(len(known))
        if index in columns:
            score = score + pointed[:, columns[index]].max(1).values + (2 if index < known.shape[1] else 0)
        found.append(score)
    return torch.stack(found, 1) if found else known


WEIGHTS: Final = {"meas": 1.0, "qual": 0.2, "sp": 0.7, "day": 1.0, "start": 0.3, "parts": 0.5}


def sum_losses(examples: Sequence[Example], scores: Sequence[dict[str, Tensor]]) -> dict[str, Tensor]:
    """The loss of each head over a batch. Where several choices are right, any of them is."""
    out: dict[str, Tensor] = defaultdict(lambda: torch.zeros(()))
    for each, told in zip(examples, scores, strict=True):
        right = each.targets
        assert right is not None
        likely = functional.log_softmax(told["meas"], 1)
        out["meas"] = out["meas"] - ((right.measures * likely).sum(1) * right.taught).sum()
        if not right.claims:
            continue
        rows = right.claims
        out["qual"] = out["qual"] + functional.cross_entropy(
            told["qual"][rows], right.qualifiers, reduction="sum"
        )
        for head, choices in right.choices.items():
            known = choices.any(1)
            if known.any():
                likely = functional.log_softmax(told[head][rows], 1).masked_fill(~choices, -1e4)
                out[head] = out[head] - torch.logsumexp(likely, 1)[known].sum()
        out["parts"] = out["parts"] + functional.binary_cross_entropy_with_logits(
            told["parts"][rows], right.parts, reduction="sum"
        )
    return out
