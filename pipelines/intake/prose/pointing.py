"""How a number points to what it counts, who says it, its day, its start, its part: the heads of the reader.

The arithmetic above the encoder, in numpy. A head that chooses among a text's mentions scores each by the
product of two projections and by where it stands (sentences and words away, kind, role); some choices are no
mention (nobody named, the day of publication, no start) and have a vector of their own. `training/` does the
same in torch.
"""

import math
from collections.abc import Sequence
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from pipelines.core.model import Basis, Measure
from pipelines.intake.prose.known_names import FAMILIES, OFFICES, UNATTRIBUTED, UNSPECIFIED_NGO
from pipelines.intake.prose.mentions import DayMention, NumberMention, SpeakerMention
from pipelines.intake.prose.short_days import SHORT_KINDS

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

NONE: Final = "none"
MEASURES: Final = (NONE, *map(Measure, (
    "in_custody", "released_to_date", "released", "detained", "detained_to_date", "amnesty_granted_to_date",
    "under_measures", "full_freedom_to_date", "amnesty_applications_to_date", "release_announced",
    "deaths_in_custody_to_date",
)))  # fmt: skip
QUALIFIERS: Final = ("exact", "at_least", "more_than", "about", "at_most", "less_than", "range")
NOBODY_NAMED: Final = (UNATTRIBUTED, FAMILIES, UNSPECIFIED_NGO)
FORMS: Final = ("figure", "word", "mixed", "noun", "one", "none")
ROLES: Final = ("on", "since", "until", "after", "before", "between", "joined")
KINDS: Final = (
    "day", "month", "year", "week", "weekend", "recent", "election", "year_start", "month_start",
    *SHORT_KINDS,
)  # fmt: skip
WAYS: Final = ("actor", "named", "again", "office")
SPEAKER_CLASSES: Final = (len(WAYS), len(OFFICES))
DAY_CLASSES: Final = (len(ROLES), len(KINDS), 8, 2, 4)
_FAR: Final = 6  # sentences
_GAPS: Final = (1, 2, 8, 32, 367)  # days before publication, where a class of distances ends


def number_features(numbers: Sequence[NumberMention]) -> Ints:
    """[numbers, 3]: form, size class, hedge."""
    rows = [
        (_index(FORMS, n.form), min(9, int(math.log10(n.value + 1) * 2.5)), _index(QUALIFIERS, n.qualifier))
        for n in numbers
    ]
    return np.array(rows, dtype=np.int64).reshape(-1, 3)


def distance_features(
    numbers: Sequence[tuple[int, int]], others: Sequence[tuple[int, int]]
) -> tuple[Ints, Ints]:
    """[numbers, others] twice: class of the distance in sentences and in pieces. Each item is its sentence
    and its first piece."""
    here, there = (np.array(each, np.int64).reshape(-1, 2) for each in (numbers, others))
    sentences, pieces = np.moveaxis(there[None] - here[:, None], 2, 0)
    size = np.minimum(7, np.log2(np.maximum(1, abs(pieces)))).astype(np.int64)
    return sentences.clip(-_FAR, _FAR) + _FAR, size + 8 * (pieces > 0)


def speaker_features(speakers: Sequence[SpeakerMention]) -> Ints:
    """[speakers, SPEAKER_CLASSES]: how it is told, the office of the organisation."""
    rows = [(_index(WAYS, s.how), s.office) for s in speakers]
    return np.array(rows, dtype=np.int64).reshape(-1, len(SPEAKER_CLASSES))


def day_features(days: Sequence[DayMention], published: date | None) -> Ints:
    """[days, DAY_CLASSES]: role, kind, distance to publication, told relative or written, and whether it is
    the text's first, between, its last or its only one."""
    rows = []
    for place, each in enumerate(days):
        gap = (published - each.day).days if published and each.day else None
        far = 7 if gap is None else 0 if gap < 0 else 1 + sum(gap >= end for end in _GAPS)
        edge = 3 if len(days) == 1 else 0 if place == 0 else 1 if place == len(days) - 1 else 2
        told = int(each.basis is Basis.RELATIVE)
        rows.append((_index(ROLES, each.role), _index(KINDS, each.kind), far, told, edge))
    return np.array(rows, dtype=np.int64).reshape(-1, len(DAY_CLASSES))


def _index(names: Sequence[str], name: str) -> int:
    return names.index(name) if name in names else 0


Weights = dict[str, Floats]


def softmax(scores: Floats) -> Floats:
    """Probabilities along the last axis."""
    raised = np.exp(scores - scores.max(axis=-1, keepdims=True))
    out: Floats = (raised / raised.sum(axis=-1, keepdims=True)).astype(np.float32)
    return out


def sigmoid(scores: Floats) -> Floats:
    """Probabilities one by one."""
    out: Floats = (1 / (1 + np.exp(-scores))).astype(np.float32)
    return out


def pool(vectors: Floats, places: Sequence[tuple[int, int]], around: int = 0) -> Floats:
    """[places, width]: the mean of the pieces of each place, and of so many around it."""
    made = [vectors[max(0, first - around) : last + around].mean(axis=0) for first, last in places]
    return np.stack(made) if made else np.zeros((0, vectors.shape[1]), np.float32)


def describe(numbers: Sequence[NumberMention], own: Floats, around: Floats, weights: Weights) -> Floats:
    """[numbers, width]: what the heads read of each number: its pieces, those around, its form and size."""
    form, size, hedge = number_features(numbers).T
    told = weights["form.weight"][form] + weights["val.weight"][size] + weights["qualin.weight"][hedge]
    mixed: Floats = _gelu(linear(np.concatenate([own + told, around], axis=1), weights, "mix.0"))
    centred = mixed - mixed.mean(axis=1, keepdims=True)
    scaled = centred / np.sqrt(centred.var(axis=1, keepdims=True) + 1e-5)
    out: Floats = scaled * weights["mix.2.weight"] + weights["mix.2.bias"]
    return out


def score_measures(numbers: Floats, weights: Weights) -> Floats:
    """[numbers, MEASURES]."""
    return linear(_gelu(linear(numbers, weights, "meas.0")), weights, "meas.3")


def point(numbers: Floats, others: Floats, features: Sequence[Ints], head: str, weights: Weights) -> Floats:
    """[numbers, others and then the head's own choices]: how well each choice fits each number. `features`
    are classes, [numbers, others] each."""
    query = linear(numbers, weights, f"{head}.q")
    scale = math.sqrt(query.shape[1])
    scores = query @ linear(others, weights, f"{head}.k").T / scale
    taste = linear(numbers, weights, f"{head}.g")
    for index, feature in enumerate(features):
        scores = scores + weights[f"{head}.f.{index}.weight"][feature][..., 0]
        scores = scores + (weights[f"{head}.fe.{index}.weight"][feature] * taste[:, None, :]).sum(axis=-1)
    own = weights[f"{head}.spec"]
    out: Floats = np.concatenate([scores, query @ own.T / scale + weights[f"{head}.sb"]], axis=1)
    return out


def linear(values: Floats, weights: Weights, name: str) -> Floats:
    """The head's product with what each number is told by."""
    out: Floats = values @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]
    return out


def _gelu(values: Floats) -> Floats:
    out: Floats = 0.5 * values * (1 + _erf(values / math.sqrt(2)))
    return out


_erf = np.vectorize(math.erf, otypes=[np.float32])
