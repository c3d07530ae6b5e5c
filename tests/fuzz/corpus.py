"""The seeds of each target, and what once failed: `corpus/<target>/`, replayed by the ordinary tests."""

from pathlib import Path
from typing import Final

CORPUS: Final = Path(__file__).parent / "corpus"


def read_corpus() -> list[tuple[str, Path]]:
    """Target and file, sorted."""
    return sorted((path.parent.name, path) for path in CORPUS.glob("*/*"))
