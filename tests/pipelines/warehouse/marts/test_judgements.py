"""What a person decided must match something published: an entry that matches nothing stops the build."""

from pathlib import Path

import pytest

from pipelines.core.situation import SituationError
from pipelines.warehouse.annotations import UnmatchedAnnotationError
from tests.pipelines.warehouse.marts.conftest import CHANGE, built, figure, with_break, with_bridge, write

FALL = [
    figure("primary", "released_to_date", 100, 0, since=-30),
    figure("primary", "released_to_date", 90, 10, since=-30),
]
EXPLANATION = """
[[explanation]]
rule = "{rule}"
organisation = "primary"
values = [100, 90]
reason = {{ es = "Duplicados retirados.", en = "Duplicates were removed." }}
decided = 2026-03-20
"""
COMPARABLE = """
[[comparable]]
id = "left_prison"
since = {since}
text = {{ es = "Las dos cuentan a quienes salieron.", en = "Both count people who left." }}
[[comparable.side]]
organisation = "primary"
measure = "released_to_date"
population = "detainees"
"""


@pytest.mark.parametrize(
    ("file", "text", "named"),
    [
        ("explanations", EXPLANATION.format(rule="two_values_one_moment"), "two_values_one_moment primary"),
        ("explanations", EXPLANATION.format(rule="cumulative_fals"), "cumulative_fals primary"),
        ("comparable", COMPARABLE.format(since="2026-02-20"), "left_prison primary released_to_date"),
        ("bridges", with_bridge(["released_to_date"], at=3), "primary released_to_date detainees 2026-03-04"),
        ("changes", CHANGE, "primary in_custody detainees 2026-03-01 2026-03-08 3"),
    ],
)
def test_an_entry_that_matches_nothing_stops_the_build_and_names_itself(
    tmp_path: Path, file: str, text: str, named: str
) -> None:
    data = write(tmp_path, FALL, **{file: text})
    with pytest.raises(UnmatchedAnnotationError, match=f"demo/{file}.toml: {named}.*matches nothing"):
        built(data, "contradictions")
    assert not data.pointer.exists()


def test_entries_that_match_are_no_reason_to_stop(tmp_path: Path) -> None:
    data = write(
        tmp_path,
        [*FALL, figure("primary", "in_custody", 50, 7)],
        explanations=EXPLANATION.format(rule="cumulative_falls"),
        comparable=COMPARABLE.format(since="2026-01-30"),
        bridges=with_bridge(["released_to_date"], at=3),
        changes=CHANGE,
        organisations=with_break(["released_to_date"], at=3),
    )
    assert built(data, "contradictions")["explanation"].to_list() == ["Duplicates were removed."]


def test_a_reason_in_one_language_only_is_refused(tmp_path: Path) -> None:
    text = EXPLANATION.format(rule="cumulative_falls").replace(', en = "Duplicates were removed."', "")
    with pytest.raises(SituationError, match="no text in 'en'"):
        built(write(tmp_path, FALL, explanations=text), "contradictions")
