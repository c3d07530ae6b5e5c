"""Texts of our own in the manner of agencies, tweets and bulletins: `cases/<language>.toml`."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from pipelines.core.situation import Organisation, Situation
from pipelines.intake.prose.extraction import Candidate, extract
from tests.pipelines.intake.prose.score import trapped

FOLDER = Path(__file__).parent / "cases"
FIRST = "written_first_*"  # written from published figures before the rules had read them


def cases_of(pattern: str) -> list[dict[str, Any]]:
    """The cases of the files that a pattern names, in order."""
    paths = sorted(FOLDER.glob(f"{pattern}.toml"))
    return [case for path in paths for case in tomllib.loads(path.read_text(encoding="utf-8"))["case"]]


WRITTEN_FIRST = cases_of(FIRST)
CASES = [case for case in cases_of("*") if case not in WRITTEN_FIRST]
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


def whole_claims(cases: list[dict[str, Any]], shipped: Shipped) -> float:
    """F1 of claims with every field right."""
    wanted = found = hit = 0
    for case in cases:
        got = read(case, shipped)
        wanted, found = wanted + len(case["claims"]), found + len(got)
        hit += sum(claim in got for claim in case["claims"])
    return 2 * hit / (wanted + found)


def test_claims_of_each_text_and_no_others(shipped: Shipped) -> None:
    cases = [case for case in CASES if case.get("exact", True)]
    assert cases
    told = {case["id"]: sorted(read(case, shipped)) for case in cases}
    assert told == {case["id"]: sorted(case["claims"]) for case in cases}


def test_texts_that_are_not_read_in_full_are_read_for_the_most_part(shipped: Shipped) -> None:
    assert whole_claims(CASES, shipped) >= 0.90


@pytest.mark.parametrize(
    ("part", "reached"),
    [
        ("a", 0.82),
        ("b", 0.92),
        ("c", 0.79),
        ("d", 0.81),
        ("e", 0.73),
        ("f", 0.80),
        ("g", 0.76),
        ("h", 0.92),
        ("i", 0.78),
        ("j", 0.86),
        ("k", 0.77),
        ("l", 0.70),
        ("m", 0.68),
        ("n", 0.85),
    ],
)
def test_texts_written_before_the_rules_read_them(part: str, reached: float, shipped: Shipped) -> None:
    assert whole_claims(cases_of(f"written_first_{part}"), shipped) >= reached


def test_sure_candidates_of_the_texts_written_first_are_right(shipped: Shipped) -> None:
    sure = right = 0
    for case in WRITTEN_FIRST:
        found = [c for c in extract(case["text"], case.get("published"), *shipped) if c.auto]
        sure, right = sure + len(found), right + sum(line(c) in case["claims"] for c in found)
    assert sure >= 180
    assert right / sure >= 0.98


def test_fewer_than_one_distractor_in_twenty_of_the_texts_written_first_is_taken(shipped: Shipped) -> None:
    traps = taken = 0
    for case in WRITTEN_FIRST:
        found = extract(case["text"], case.get("published"), *shipped)
        traps += len(case.get("distractors", []))
        taken += len(trapped(case.get("distractors", []), [c.as_json() for c in found]))
    assert traps >= 150
    assert taken * 20 < traps


def test_case_ids_are_unique() -> None:
    ids = [case["id"] for case in cases_of("*")]
    assert len(ids) == len(set(ids))
