"""Reports by command: the mapping that reads one is found, and what became of each is said."""

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipelines.__main__ import app
from pipelines.core.paths import ROOT, DataDir
from tests.pipelines.intake.mappings.workbooks import write_workbook

NAME = "FY25_detentionStats12182024.xlsx"
SITUATION = "us_immigration_detention"
KEPT = f"reports/ice-detention-statistics/{NAME}"


@pytest.fixture
def detention(tmp_path: Path) -> DataDir:
    """The situation of the workbooks alone."""
    data = DataDir(tmp_path / "data")
    shutil.copytree(ROOT / "data" / SITUATION, data.situation(SITUATION))
    return data


def run(data: DataDir, *arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, [*arguments, "--data-dir", str(data.root)])
    return result.exit_code, result.output


def test_ingest_finds_the_mapping_of_a_report_and_says_what_became_of_it(
    detention: DataDir, tmp_path: Path
) -> None:
    path = write_workbook(tmp_path / NAME)
    code, said = run(detention, "ingest", str(path), "--situation", SITUATION)
    assert code == 0
    assert f"→ {KEPT}" in said
    assert "88 read: 80 accepted, 0 held for a person, 8 quarantined" in said
    assert "Release to Remove: a removal is no release" in said
    again = run(
        detention, "ingest", str(path), "--situation", SITUATION, "--mapping", "ice-detention-statistics"
    )
    assert "was there already; nothing changed" in again[1]


def test_report_that_no_mapping_reads_is_named_with_what_changed_and_not_kept(
    detention: DataDir, tmp_path: Path
) -> None:
    def rename(sheet: object) -> None:
        sheet["F19"] = "All of them"  # type: ignore[index]

    path = write_workbook(tmp_path / NAME, rename)
    code, said = run(detention, "ingest", str(path), "--situation", SITUATION)
    assert code == 1
    assert "no mapping of us_immigration_detention reads it" in said
    assert "ice-detention-statistics: " in said
    assert "column 'All of them' is not in the mapping" in said
    assert not (detention.situation(SITUATION) / "reports").exists()


def test_unknown_mapping_is_refused_with_those_that_there_are(detention: DataDir, tmp_path: Path) -> None:
    path = write_workbook(tmp_path / NAME)
    code, said = run(detention, "ingest", str(path), "--situation", SITUATION, "--mapping", "other")
    assert code == 2
    assert "there are: ice-detention-statistics" in said


def test_build_says_of_every_report_what_was_accepted_and_why_the_rest_was_not(
    detention: DataDir,
) -> None:
    folder = detention.situation(SITUATION) / "reports" / "ice-detention-statistics"
    folder.mkdir(parents=True)
    write_workbook(folder / NAME)
    write_workbook(folder / "FY25_detentionStats01022025.xlsx", sheet="Custody")
    code, said = run(detention, "build")
    assert code == 0
    assert f"{SITUATION}/{KEPT}: 88 read: 80 accepted, 0 held for a person, 8 quarantined" in said
    assert "FY25_detentionStats01022025.xlsx: 1 read: 0 accepted" in said
    assert "find year: 2020 in one place, 2025 in another" in said
    assert "refused: Transferred: who is transferred stays in custody (1 row," in said


def test_map_shows_tables_claims_and_what_nothing_explains(detention: DataDir, tmp_path: Path) -> None:
    def add(sheet: object) -> None:
        for row, cells in enumerate([("Meals served",), ("Kind", "Count"), ("Warm", 7)], 100):
            for column, value in enumerate(cells, 1):
                sheet.cell(row, column, value)  # type: ignore[attr-defined]

    code, said = run(detention, "map", str(write_workbook(tmp_path / NAME, add)), "--situation", SITUATION)
    assert code == 0
    assert "Detention FY25 A9:D14: ICE Currently Detained by Processing Disposition" in said
    assert "Processing Disposition | FSC | Adult | Total" in said
    assert "in_custody basis=notice_to_appear: 450, 2024-12-15; sheet Detention FY25 row 12 column D" in said
    assert "80 figures; 1 of 7 tables unexplained" in said
    assert "unexplained: Detention FY25 A101:B102: Meals served" in said


def test_map_drafts_a_mapping_that_reads_once_it_is_completed(detention: DataDir, tmp_path: Path) -> None:
    mapping = detention.situation(SITUATION) / "mappings" / "ice-detention-statistics.toml"
    mapping.unlink()
    path = write_workbook(tmp_path / NAME)
    code, said = run(detention, "map", str(path), "--situation", SITUATION)
    assert code == 1
    draft = said[said.index('publisher = "TODO"') :]
    assert "months = 10, figure = {}" in draft
    tables = draft.split("[[table]]")
    (table,) = [each for each in tables if "A19:F23" in each]
    head = 'publisher = "ICE"\nformat = "xlsx"\ndefaults = { organisation = "ice", as_of = 2024-12-15 }\n'
    words = {"Total": "total", "Convicted Criminal": "convicted"}
    for label in ("Total", "Convicted Criminal", "Pending Criminal Charges", "Other Immigration Violator"):
        table = table.replace(f'"{label}" = "TODO"', f'"{label}" = "{words.get(label, "other_violation")}"')
    table = table.replace('measure = "TODO"', 'measure = "in_custody"').replace(
        'key = "TODO"', 'key = "status"'
    )
    for header in ("ICE", "CBP"):
        table = table.replace(f'"{header}", figure = {{}}', f'"{header}", check = true')
    for header in ("Percent ICE", "Percent CBP"):
        table = table.replace(f'"{header}", figure = {{}}', f'"{header}", skip = true')
    written = tmp_path / "draft.toml"
    written.write_text(f"{head}[[table]]{table}")
    code, said = run(detention, "map", str(path), "--situation", SITUATION, "--mapping", str(written))
    assert code == 0
    assert "in_custody status=convicted: 300, 2024-12-15" in said
