"""What was fuzzed stays mended: every seed and everything that once failed goes through its target again."""

from pathlib import Path

import pytest

from tests.fuzz.corpus import CORPUS, read_corpus
from tests.fuzz.targets import TARGETS


@pytest.mark.parametrize(("target", "path"), read_corpus(), ids=lambda value: getattr(value, "name", value))
def test_input_is_read_or_refused_and_loses_nothing(target: str, path: Path) -> None:
    assert TARGETS[target][0](path.read_bytes()) is None  # a target raises where it fails


@pytest.mark.parametrize("target", TARGETS)
def test_no_input_at_all_and_noise_are_refused(target: str) -> None:
    for data in (b"", b"\0", b"\xff" * 40, bytes(range(256))):
        assert TARGETS[target][0](data) is None


def test_every_target_has_seeds() -> None:
    assert {folder.name for folder in CORPUS.iterdir()} == set(TARGETS)
