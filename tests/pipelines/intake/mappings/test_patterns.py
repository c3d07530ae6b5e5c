"""A regular expression of a mapping takes a moment of a report, whatever it is and whatever it meets."""

import time
from contextlib import suppress
from pathlib import Path

import pytest

from pipelines.core.file_limits import FileLimits
from pipelines.intake.mappings.mapped_rows import collect_figures
from pipelines.intake.mappings.mapping_file import MappingError, read_mapping
from pipelines.intake.mappings.patterns import PatternError, allow_time, find_all, fit, search

MAPPING = """
publisher = "x"
format = "csv"
rows = [1, 99]
[defaults]
organisation = "foro_penal"
measure = "in_custody"
[[column]]
matches = '{column}'
figure = {{}}
[[column]]
name = "Nota"
skip = true
[[skip]]
column = "Nota"
matches = '{skip}'
"""
BOMBS = [r"(a+)+$", r"(a|aa)+$", r"(a|a?)+$", r"(.*)*x\1", r"^(([a-z])+.)+[A-Z]([a-z])+$", r"(?:(?:a*)*)*b"]


def write(folder: Path, *, column: str = "T.*", skip: str = "^F", note: str = "") -> tuple[Path, Path]:
    mapping, report = folder / "x.toml", folder / "report.csv"
    mapping.write_text(MAPPING.format(column=column, skip=skip))
    report.write_text(f"Total,Nota\n800,{note}\n")
    return mapping, report


@pytest.mark.parametrize("bomb", BOMBS)
def test_pattern_that_would_run_for_ever_is_stopped_or_harmless(bomb: str) -> None:
    begun = time.process_time()
    with allow_time(0.2):
        for text in ("a" * 40 + "!", "a" * 30_000 + "!"):
            for use in (search, fit):
                with suppress(PatternError):
                    use(bomb, text)
    assert time.process_time() - begun < 3


def test_report_whose_rows_a_pattern_cannot_cope_with_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipelines.intake.mappings.patterns._SECONDS", 0.3)
    mapping, report = write(tmp_path, skip=r"(x+x+)+y\1", note="x" * 5_000)
    with pytest.raises(MappingError, match=r"report\.csv: the pattern .* takes too long"):
        collect_figures(read_mapping(mapping), report)


def test_all_searches_of_a_report_share_one_allowance() -> None:
    def look_for_ever() -> None:
        while True:
            search("b$", "a" * 1_000)

    with allow_time(0.05), pytest.raises(PatternError, match="takes too long"):
        look_for_ever()


@pytest.mark.parametrize("pattern", ["(", "a{2,1}", "(?P<x>a)(?P<x>b", "a" * 2_000, "(" * 500 + ")" * 500])
def test_pattern_that_is_none_is_named_when_the_mapping_is_read(tmp_path: Path, pattern: str) -> None:
    mapping, _ = write(tmp_path, column=pattern)
    with pytest.raises(MappingError, match=r"x\.toml: the pattern"):
        read_mapping(mapping)


def test_every_place_is_found_once() -> None:
    assert [match[0] for match in find_all(r"\d*", "12a3")] == ["12", "", "3", ""]
    assert [match[1] for match in find_all(r"al (\d+)", "al 2, al 3")] == ["2", "3"]


def test_report_of_more_figures_than_any_has_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipelines.intake.mappings.mapped_rows.DEFAULT", FileLimits(figures=20))
    mapping, report = write(tmp_path)
    report.write_text("Total,Nota\n" + "800,\n" * 21)
    with pytest.raises(MappingError, match="more than 20 figures"):
        collect_figures(read_mapping(mapping), report)
