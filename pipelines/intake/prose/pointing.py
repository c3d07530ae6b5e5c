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

from pipelines.core.model import Basis, Measure, Qualifier
from pipelines.intake.prose.known_names import FAMILIES, UNATTRIBUTED, UNSPECIFIED_NGO
from pipelines.intake.prose.mentions import DayMention, NumberMention, SpeakerMention
from pipelines.intake.prose.offices import OFFICES
from pipelines.intake.prose.short_days import SHORT_KINDS

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

NONE: Final = "none"
MEASURES: Final = (
    NONE,
    Measure.IN_CUSTODY,
    Measure.RELEASED_TO_DATE,
    Measure.RELEASED,
    Measure.DETAINED,
    Measure.DETAINED_TO_DATE,
    Measure.AMNESTY_GRANTED_TO_DATE,
    Measure.UNDER_MEASURES,
    Measure.FULL_FREEDOM_TO_DATE,
    Measure.AMNESTY_APPLICATIONS_TO_DATE,
    Measure.RELEASE_ANNOUNCED,
    Measure.DEATHS_IN_CUSTODY_TO_DATE,
)
QUALIFIERS: Final = tuple(q.value for q in (
    Qualifier.EXACT, Qualifier.AT_LEAST, Qualifier.MORE_THAN, Qualifier.ABOUT, Qualifier.AT_MOST,
    Qualifier.LESS_THAN, Qualifier.RANGE,
))  # fmt: skip
NOBODY_NAMED: Final = (UNATTRIBUTED, FAMILIES, UNSPECIFIED_NGO)
FORMS: Final = ("figure", "word", "mixed", "noun", "one", "none")
ROLES: Final = ("on", "since", "until", "after", "before", "between", "joined")
KINDS: Final = (
    "day",
    "month",
    "year",
    "week",
    "weekend",
    "recent",
    "election",
    "year_start",
    "month_start",
    *SHORT_KINDS,
)
WAYS: Final = ("actor", "named", "again", "office")
SPEAKER_CLASSES: Final = (len(WAYS), len(OFFICES))
_FAR: Final = 6  # sentences
DAY_CLASSES: Final = (len(ROLES), len(KINDS), 8, 2, 4)
_GAPS: Final = (1, 2, 8, 32, 367)  # days before publication, where a class of distances ends


def number_features(numbers: Sequence[NumberMention]) -> Ints:
    """[numbers, 3]: form, size class, hedge."""
    rows = [
        (_index(FORMS, n.form), min(9, int(math.log10(n.value + 1) * 2.5)), _index(QUALIFIERS, n.qualifier))
        for n in numbers
    ]
    return np.array(rows, dtype=np.int64).reshape(len(rows), 3)


def distance_features(
    numbers: Sequence[tuple[int, int]], others: Sequence[tuple[int, int]]
) -> tuple[Ints, Ints]:
    """[numbers, others] twice: class of the distance in sentences and in pieces. Each item is its sentence
    and its first piece."""
    shape = (len(numbers), len(others))
    sentences, pieces = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
    for row, (sentence, piece) in enumerate(numbers):
        for column, (other_sentence, other_piece) in enumerate(others):
            sentences[row, column] = max(-_FAR, min(_FAR, other_sentence - sentence)) + _FAR
            pieces[row, column] = _distance(other_piece - piece)
    return sentences, pieces


def _distance(pieces: int) -> int:
    size = min(7, int(math.log2(abs(pieces)))) if pieces else 0
    return size + 8 if pieces > 0 else size


def speaker_features(speakers: Sequence[SpeakerMention]) -> Ints:
    """[speakers, SPEAKER_CLASSES]: how it is told, the office of the organisation."""
    rows = [(_index(WAYS, s.how), s.office) for s in speakers]
    return np.array(rows, dtype=np.int64).reshape(len(rows), len(SPEAKER_CLASSES))


def day_features(days: Sequence[DayMention], published: date | None) -> Ints:
    """[days, DAY_CLASSES]: role, kind, distance to publication, told relative or written, first or last."""
    rows = [
        (_index(ROLES, d.role), _index(KINDS, d.kind), _gap(d, published), int(d.basis is Basis.RELATIVE),
         _edge(place, len(days)))
        for place, d in enumerate(days)
    ]  # fmt: skip
    return np.array(rows, dtype=np.int64).reshape(len(rows), len(DAY_CLASSES))


def _edge(place: int, count: int) -> int:
    """The only one of a text, the first, the last, or between."""
    return 3 if count == 1 else 0 if place == 0 else 1 if place == count - 1 else 2


def _gap(mention: DayMention, published: date | None) -> int:
    if mention.day is None or published is None:
        return 7
    days = (published - mention.day).days
    return 0 if days < 0 else 1 + sum(days >= end for end in _GAPS)


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
    mixed: Floats = _gelu(_linear(np.concatenate([own + told, around], axis=1), weights, "mix.0"))
    centred = mixed - mixed.mean(axis=1, keepdims=True)
    scaled = centred / np.sqrt(centred.var(axis=1, keepdims=True) + 1e-5)
    out: Floats = scaled * weights["mix.2.weight"] + weights["mix.2.bias"]
    return out


def score_measures(numbers: Floats, weights: Weights) -> Floats:
    """[numbers, MEASURES]."""
    return _linear(_gelu(_linear(numbers, weights, "meas.0")), weights, "meas.3")


def score_qualifiers(numbers: Floats, weights: Weights) -> Floats:
    """[numbers, QUALIFIERS]."""
    return _linear(numbers, weights, "qual")


def score_parts(numbers: Floats, weights: Weights) -> Floats:
    """[numbers, values of breakdowns that the artefact knows]."""
    return _linear(numbers, weights, "bd")


def point(numbers: Floats, others: Floats, features: Sequence[Ints], head: str, weights: Weights) -> Floats:
    """[numbers, others and then the head's own choices]: how well each choice fits each number. `features`
    are classes, [numbers, others] each."""
    query = _linear(numbers, weights, f"{head}.q")
    scale = math.sqrt(query.shape[1])
    scores = query @ _linear(others, weights, f"{head}.k").T / scale
    taste = _linear(numbers, weights, f"{head}.g")
    for index, feature in enumerate(features):
        scores = scores + weights[f"{head}.f.{index}.weight"][feature][..., 0]
        scores = scores + (weights[f"{head}.fe.{index}.weight"][feature] * taste[:, None, :]).sum(axis=-1)
    own = weights[f"{head}.spec"]
    out: Floats = np.concatenate([scores, query @ own.T / scale + weights[f"{head}.sb"]], axis=1)
    return out


def _linear(values: Floats, weights: Weights, name: str) -> Floats:
    out: Floats = values @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]
    return out


def _gelu(values: Floats) -> Floats:
    out: Floats = 0.5 * values * (1 + _erf(values / math.sqrt(2)))
    return out


_erf = np.vectorize(math.erf, otypes=[np.float32])
