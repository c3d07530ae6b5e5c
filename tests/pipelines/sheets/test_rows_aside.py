"""A file of nothing but rows at fault does not store them all, and does not lose count of one."""

from pathlib import Path

from pipelines.core.file_limits import DEFAULT, FileLimits
from pipelines.core.paths import DataDir
from pipelines.core.situation import read_organisations, read_situation
from pipelines.intake.files.file_kind import read_tables
from pipelines.sheets.transcription_sheet import read_sheet
from tests.conftest import GOOD_ROW, TODAY, Built, row, rows_of, write_sheet

MORE = DEFAULT.faults + 50


def test_reader_hands_on_so_many_faults_and_one_for_the_rest(tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    path.write_text("a,b\n" + "1,2\n3\n" * 30)
    (table,) = read_tables(path, limits=FileLimits(faults=10))
    assert table.cells.height == 30
    assert [fault.stands_for for fault in table.faults] == [1] * 10 + [20]
    assert table.faults[-1].raw == "… (20 rows)"
    assert table.faults[-1].reason.startswith("20 more rows at fault, up to row 61; the file keeps them.")


def test_rows_that_break_a_contract_are_kept_up_to_the_same_number(data: DataDir, tmp_path: Path) -> None:
    folder = data.situation("islandia")
    sheet = write_sheet(tmp_path / "sheet.csv", [row(value="x"), row()] * 5)
    tables = read_tables(sheet)
    rows = read_sheet(tables, "sheet.csv", read_situation(folder), read_organisations(folder), TODAY, most=2)
    assert rows["state"].to_list().count("accepted") == 5
    aside = rows.filter(rows["state"] == "quarantined")
    assert aside["stands_for"].to_list() == [None, None, 3]
    assert aside["place"][2] == "row 6"
    assert aside["organisation"][2] is None
    assert "value: expected a whole number" in aside["reason"][2]


def test_build_counts_every_row_of_a_file_of_bad_rows(built: Built, data: DataDir) -> None:
    bad = [row(value="x")] * MORE
    short = ",".join(GOOD_ROW) + "\n" + "1\n" * MORE
    extra = data.situation("islandia") / "transcriptions" / "short.csv"
    extra.write_text(short)
    con = built([*bad, row(), row(as_of="")])
    counts = {each["file"]: each for each in rows_of(con, "files")}
    whole = counts["transcriptions/sheet.csv"]
    assert (whole["rows_read"], whole["accepted"], whole["pending"], whole["quarantined"]) == (
        MORE + 2,
        1,
        1,
        MORE,
    )
    assert counts["transcriptions/short.csv"]["rows_read"] == MORE
    assert counts["transcriptions/short.csv"]["quarantined"] == MORE
    kept = rows_of(con, "quarantine")
    assert len(kept) == 2 * (DEFAULT.faults + 1)
    assert sum("50 more rows at fault" in each["reason"] for each in kept) == 2
