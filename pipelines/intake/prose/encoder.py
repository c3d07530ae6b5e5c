"""The learned part of the reader: a small multilingual encoder, and the weights of the heads above it.

The artefact (`reader_model/`) is made by `python -m training`; its card says from what, and how good it is.
The encoder runs in onnxruntime; word vectors keep four bits a weight, as their source has them.
"""

import gzip
import json
import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from pathlib import Path
from typing import Any, Final

import numpy as np

from pipelines.intake.prose.pointing import Floats, Ints

FOLDER: Final = Path(__file__).with_name("reader_model")
WINDOW, SHARED = 510, 64  # pieces of one window at most; how many two neighbours share at least


@dataclass(frozen=True, slots=True)
class Pieces:
    """A text in pieces of words: their ids and the characters that each stands for."""

    ids: list[int]
    spans: list[tuple[int, int]]

    def at(self, span: tuple[int, int]) -> tuple[int, int]:
        """The pieces of some characters, one at least."""
        first = min(bisect_right(self.spans, span[0], key=itemgetter(1)), len(self.spans) - 1)
        return first, max(first + 1, bisect_left(self.spans, span[1], key=itemgetter(0)))


def windows(size: int) -> list[tuple[int, int]]:
    """The fewest windows that cover `size` pieces, evenly, all of one length."""
    more = max(0, math.ceil((size - WINDOW) / (WINDOW - SHARED)))
    length = math.ceil((size + more * SHARED) / (more + 1))
    starts = [(size - length) * number // max(1, more) for number in range(more + 1)]
    return [(start, start + length) for start in starts]


def inner_windows(size: int, covering: Sequence[tuple[int, int]]) -> Ints:
    """For each piece the window in which it stands furthest from a cut."""
    best, depth = np.zeros(size, np.int64), np.full(size, -1)
    for number, (first, last) in enumerate(covering):
        piece = np.arange(first, last)
        left = piece - first if first else np.full(last - first, size)
        right = last - 1 - piece if last < size else np.full(last - first, size)
        deeper = np.minimum(left, right) > depth[first:last]
        best[first:last][deeper] = number
        depth[first:last] = np.maximum(depth[first:last], np.minimum(left, right))
    return best


def load_weights(path: Path) -> dict[str, Floats]:
    """The tables of a file, by name, in 32 bits."""
    with np.load(path) as stored:
        return {name: stored[name].astype(np.float32) for name in stored.files}


class Encoder:
    """Vectors of a text's pieces. Loads the artefact at first use; raises FileNotFoundError without one."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder

    @cached_property
    def card(self) -> dict[str, Any]:
        """What the artefact says of itself: data, scores, thresholds, names of its outputs."""
        found: dict[str, Any] = json.loads((self._folder / "card.json").read_text("utf-8"))
        return found

    @cached_property
    def heads(self) -> dict[str, Floats]:
        """The weights of the heads, by name."""
        return load_weights(self._folder / "heads.npz")

    @cached_property
    def _vocabulary(self) -> Any:
        from sentencepiece import SentencePieceProcessor

        return SentencePieceProcessor(model_proto=(self._folder / "vocabulary.model").read_bytes())

    @cached_property
    def _session(self) -> Any:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        model = gzip.decompress((self._folder / "encoder.onnx.gz").read_bytes())
        return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])

    @cached_property
    def _words(self) -> tuple[Any, Any]:
        with np.load(self._folder / "words.npz") as stored:
            return stored["packed"], stored["scale"]

    def cut(self, text: str) -> Pieces:
        """The pieces of a plain text."""
        valid = text.encode("utf-8", "replace").decode("utf-8")  # a lone surrogate is no character
        found = self._vocabulary.encode(valid.replace("\n", " "), return_type="offset_mapping")
        return Pieces(found["ids"], found["offsets"])

    def vectors(self, pieces: Pieces, kinds: Ints) -> Floats:
        """[pieces, width]: one vector a piece, each from the window that shows most around it. `kinds` tells
        what stands at each piece: nothing, a number, a speaker, a day, a part."""
        covering = windows(len(pieces.ids))
        own = inner_windows(len(pieces.ids), covering)
        begin, end = self.card["edges"]
        out = np.zeros((len(pieces.ids), self.heads["mu"].shape[0]), np.float32)
        for number, (first, last) in enumerate(covering):
            ids = np.array([begin, *pieces.ids[first:last], end])
            around = np.concatenate([[0], kinds[first:last], [0]])
            made = self._session.run(None, {"words": self._look_up(ids)[None], "kinds": around[None]})[0][0]
            mine = own[first:last] == number
            out[first:last][mine] = made[1:-1][mine]
        centred: Floats = (out - self.heads["mu"]) / self.heads["sd"]
        return centred

    def _look_up(self, ids: Ints) -> Floats:
        """Word vectors out of their four bits: blocks of 32 weights, low halves of the bytes first."""
        packed, scale = self._words
        taken = packed[ids]
        low, high = (taken & 15).astype(np.int8) - 8, (taken >> 4).astype(np.int8) - 8
        blocks = np.concatenate([low, high], axis=2).astype(np.float32)
        vectors: Floats = (blocks * scale[ids][..., None].astype(np.float32)).reshape(len(ids), -1)
        return vectors


DEFAULT_ENCODER: Final = Encoder()
