"""Texts of our own in the manner of agencies, tweets and bulletins: `cases/<language>.toml`."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from pipelines.extract import Candidate, extract
from pipelines.situation import Organisation, Situation

CASES = [
    case
    for path in sorted((Path(__file__).parent / "cases").glob("*.toml"))
    for case in tomllib.loads(path.read_text(encoding="utf-8"))["case"]
]
Shipped = tuple[Situation, list[Organisation]]


def line(candidate: Candidate) -> str:
    """A candidate as the case files write claims."""
    high = f"-{candidate.value_high}" if candidate.value_high is not None else ""
    return (
        f"{candidate.organisation} {candidate.measure} {candidate.breakdown} {candidate.qualifier} "
        f"{candidate.value}{high} {candidate.as_of or 'unknown'}"
    )


def read(case: dict[str, Any], shipped: Shipped) -> list[str]:
    return [line(found) for found in extract(case["text"], case.get("published"), *shipped)]


@pytest.mark.parametrize("case", [c for c in CASES if c.get("exact", True)], ids=lambda c: str(c["id"]))
def test_claims_of_the_text_and_no_others(case: dict[str, Any], shipped: Shipped) -> None:
    assert sorted(read(case, shipped)) == sorted(case["claims"])


def test_texts_that_are_not_read_in_full_are_read_for_the_most_part(shipped: Shipped) -> None:
    wanted = found = hit = 0
    for case in CASES:
        got = read(case, shipped)
        wanted, found = wanted + len(case["claims"]), found + len(got)
        hit += sum(claim in got for claim in case["claims"])
    assert 2 * hit / (wanted + found) >= 0.90


def test_case_ids_are_unique() -> None:
    ids = [case["id"] for case in CASES]
    assert len(ids) == len(set(ids))
