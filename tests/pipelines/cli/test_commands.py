"""The commands as a person or a program uses them."""

import csv
import io
import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from typer.testing import CliRunner, Result

from pipelines.__main__ import app
from pipelines.core.paths import ROOT, DataDir
from pipelines.warehouse.table_registry import TABLES
from tests.conftest import GOOD_ROW, row, write_sheet

SERIES_COLUMNS = {
    "situation",
    "organisation",
    "measure",
    "kind",
    "population",
    "breakdown",
    "period_start",
    "as_of",
    "qualifier",
    "value",
    "value_high",
    "published",
    "revision",
    "provenance",
    "url",
}


def run(data: DataDir, *words: str) -> Result:
    return CliRunner().invoke(app, [*words, "--data-dir", str(data.root)])


@pytest.fixture
def incoming(tmp_path: Path) -> Path:
    return write_sheet(tmp_path / "bulletin.csv", [row(), row(value="1.697"), row(published="", value=3)])


def test_ingest_says_what_became_of_every_row(data: DataDir, incoming: Path) -> None:
    done = run(data, "ingest", str(incoming))
    assert done.exit_code == 0
    assert "3 read: 1 accepted, 1 held for a person, 1 quarantined" in done.output
    assert "El Diario, 2026-01-05" in done.output
    assert "transcriptions/bulletin.csv row 3: value 1.697" in done.output


def test_a_running_total_that_does_not_say_since_when_is_named(data: DataDir, tmp_path: Path) -> None:
    undated = row(measure="released_to_date", value=12)
    sheet = write_sheet(
        tmp_path / "totals.csv", [undated, {**undated, "period_start": "2026-01-01", "as_of": "2026-01-03"}]
    )
    told = "islandia: 1 running total does not say since when"
    assert told in run(data, "ingest", str(sheet)).output
    other = write_sheet(tmp_path / "held.csv", [row()])
    assert "running total" not in run(data, "ingest", str(other)).output
    write_sheet(data.situation("islandia") / "transcriptions" / "more.csv", [row(value="x")])
    built = run(data, "build").output
    assert "running total" not in built  # what nobody touched is told where somebody asks
    status = " ".join(run(data, "status").output.split())
    assert told in status
    assert "exact 12, since when is not said" in status
    assert "`export quarantine` and `export pending` say which rows do not count, and why" in built


def test_a_report_without_publisher_or_day_is_called_so(data: DataDir, tmp_path: Path) -> None:
    sheet = write_sheet(tmp_path / "bare.csv", [row(published=""), row(publisher="", published="")])
    told = run(data, "ingest", str(sheet)).output
    assert "  El Diario, no day: " in told
    assert "  no publisher, no day: " in told
    assert "None" not in told


def test_same_file_twice_changes_nothing(data: DataDir, incoming: Path) -> None:
    run(data, "ingest", str(incoming))
    before = run(data, "export", "series").output
    again = run(data, "ingest", str(incoming))
    assert "nothing changed" in again.output
    assert run(data, "export", "series").output == before
    assert len(list((data.situation("islandia") / "transcriptions").iterdir())) == 1


def test_other_file_of_the_same_name_is_kept_beside(data: DataDir, incoming: Path) -> None:
    run(data, "ingest", str(incoming))
    write_sheet(incoming, [row(value=7)])
    assert run(data, "ingest", str(incoming)).exit_code == 0
    assert len(list((data.situation("islandia") / "transcriptions").iterdir())) == 2


def test_ingest_takes_xlsx_and_names_formula_and_merged_cells(data: DataDir, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(GOOD_ROW))
    sheet.append(list(row(value=801).values()))
    sheet.append(list(row().values()))
    sheet["E3"] = "=1+1"
    sheet.append(list(row(value=802).values()))
    sheet.merge_cells("A4:B4")
    book.save(tmp_path / "boletin.xlsx")
    done = run(data, "ingest", str(tmp_path / "boletin.xlsx"))
    assert "3 read: 1 accepted, 0 held for a person, 2 quarantined" in done.output
    assert "E3" in done.output
    assert "A4:B4" in done.output


@pytest.mark.parametrize(
    ("name", "content"), [("empty.csv", b""), ("picture.csv", b"\x89PNG\r\n\x1a\n" + b"0" * 40)]
)
def test_unreadable_file_is_refused_by_name_and_not_kept(
    data: DataDir, tmp_path: Path, name: str, content: bytes
) -> None:
    (tmp_path / name).write_bytes(content)
    done = run(data, "ingest", str(tmp_path / name))
    assert done.exit_code == 1
    assert name in done.output
    assert not list((data.situation("islandia") / "transcriptions").iterdir())


def test_missing_file_is_a_sentence_and_not_a_trace(data: DataDir, tmp_path: Path) -> None:
    done = run(data, "ingest", str(tmp_path / "nowhere.csv"))
    assert done.exit_code == 1
    assert "nowhere.csv" in done.output
    assert "Traceback" not in done.output


def test_unknown_situation_is_refused_with_the_known_ones(data: DataDir) -> None:
    done = run(data, "build", "--situation", "atlantis")
    assert done.exit_code == 2
    assert "islandia" in done.output


@pytest.mark.parametrize("command", ["outlook", "backtest"])
def test_an_organisation_that_nobody_knows_has_no_outlook_and_is_refused(data: DataDir, command: str) -> None:
    refused = run(data, command, "--organisation", "lisst")
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "no organisation is called 'lisst'; there is: lista" in refused.stderr


def test_export_of_series_has_the_agreed_columns_in_every_format(
    data: DataDir, incoming: Path, tmp_path: Path
) -> None:
    run(data, "ingest", str(incoming))
    as_csv = list(csv.DictReader(io.StringIO(run(data, "export", "series").output)))
    as_json = json.loads(run(data, "export", "series", "--format", "json").output)
    run(data, "export", "series", "--format", "parquet", "--out", str(tmp_path / "series.parquet"))
    as_parquet = pl.read_parquet(tmp_path / "series.parquet")
    assert set(as_csv[0]) >= SERIES_COLUMNS
    assert as_csv[0]["as_of"] == as_json[0]["as_of"] == "2026-01-05"
    assert (int(as_csv[0]["value"]), as_json[0]["value"], as_parquet["value"].to_list()) == (800, 800, [800])
    assert as_json[0]["value_high"] is None


def test_every_table_on_the_list_can_be_exported(data: DataDir, incoming: Path) -> None:
    run(data, "ingest", str(incoming))
    assert run(data, "export", "--list").output.split() == list(TABLES)
    for name in TABLES:
        done = run(data, "export", name, "--format", "json")
        assert done.exit_code == 0, (name, done.output)
        assert isinstance(json.loads(done.output), list)


def test_unknown_table_lists_those_that_there_are(data: DataDir, incoming: Path) -> None:
    run(data, "ingest", str(incoming))
    done = run(data, "export", "nothing")
    assert done.exit_code == 2
    assert "series" in done.output


def test_export_can_be_asked_as_known_on_a_day(data: DataDir, tmp_path: Path) -> None:
    rows = [row(value=863), row(value=806, published="2026-01-08")]
    run(data, "ingest", str(write_sheet(tmp_path / "a.csv", rows)))
    then = json.loads(run(data, "export", "series", "--format", "json", "--as-known-on", "2026-01-06").output)
    now = json.loads(run(data, "export", "series", "--format", "json").output)
    assert ([r["value"] for r in then], [r["value"] for r in now]) == ([863], [806])


@pytest.mark.parametrize("written", ["27.4.2026", "2026-13-01", "ayer", ""])
def test_what_is_no_day_is_refused_with_how_a_day_is_written(data: DataDir, written: str) -> None:
    done = run(data, "status", "--on", written)
    assert done.exit_code == 2
    said = " ".join(done.output.replace("│", " ").split())  # it is framed, and broken at any width
    assert f"{written!r}: expected a day as YYYY-MM-DD" in said


def test_status_tells_age_rhythm_and_staleness(data: DataDir, incoming: Path) -> None:
    run(data, "ingest", str(incoming))
    told = json.loads(run(data, "status", "--json", "--on", "2026-01-25").output)
    (figure,) = told["figures"]
    assert (figure["value"], figure["age_days"], figure["rhythm_days"], figure["stale"]) == (800, 20, 7, True)
    assert told["rows"] == {"rows_read": 3, "accepted": 1, "pending": 1, "quarantined": 1}
    fresh = json.loads(run(data, "status", "--json", "--on", "2026-01-15").output)
    assert fresh["figures"][0]["stale"] is False


def test_status_counts_ages_by_the_day_of_the_situation_as_pages_do(
    data: DataDir, incoming: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(data, "ingest", str(incoming))
    hour = datetime(2026, 1, 26, 2, 30, tzinfo=UTC)  # in Caracas it is still the 25th
    clock = type("Clock", (), {"now": staticmethod(hour.astimezone)})
    monkeypatch.setattr("pipelines.cli.status.datetime", clock)
    told = json.loads(run(data, "status", "--json").output)
    assert (told["figures"][0]["age_days"], told["on"]) == (20, "2026-01-25")


def test_status_tells_both_ends_of_a_range(data: DataDir, tmp_path: Path) -> None:
    both = row(qualifier="range", value=154, value_high=162)
    run(data, "ingest", str(write_sheet(tmp_path / "a.csv", [both])))
    assert "range 154-162" in run(data, "status", "--on", "2026-01-25").output


def test_check_lists_what_the_reviewing_checks_found(data: DataDir, tmp_path: Path) -> None:
    run(data, "ingest", str(write_sheet(tmp_path / "a.csv", [row(value=5), row(value=6)])))
    done = run(data, "check")
    assert done.exit_code == 0
    assert "two_values_one_moment" in done.output
    assert "5 / 6" in done.output


def test_status_alerts_once_an_organisation_is_silent_for_twice_its_stated_rhythm(
    data: DataDir, incoming: Path
) -> None:
    run(data, "ingest", str(incoming))
    on_time = run(data, "status", "--alert", "--on", "2026-01-19")
    assert on_time.exit_code == 0, on_time.output
    late = run(data, "status", "--alert", "--on", "2026-02-15")
    assert late.exit_code == 4
    assert "islandia/lista" in late.output
    assert "rhythm 7" in late.output


@pytest.mark.parametrize("command", ["status", "check", "export"])
def test_reading_without_a_build_says_what_to_run(data: DataDir, command: str) -> None:
    words = [command, "series"] if command == "export" else [command]
    done = run(data, *words)
    assert done.exit_code == 1
    assert "python -m pipelines build" in done.output


@pytest.mark.parametrize("command", ["build", "ingest", "status", "check", "export"])
def test_every_command_explains_itself(command: str) -> None:
    done = CliRunner().invoke(app, [command, "--help"])
    assert done.exit_code == 0
    assert "--data-dir" in done.output
    assert "--situation" in done.output


def test_ingest_loads_no_library_that_a_sheet_does_not_need(data: DataDir, tmp_path: Path) -> None:
    write_sheet(tmp_path / "new.csv", [row()])
    words = ["-m", "pipelines", "ingest", str(tmp_path / "new.csv"), "--data-dir", str(data.root)]
    done = subprocess.run(
        [sys.executable, "-X", "importtime", *words], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "pipelines.warehouse.build" in loaded
    others = {
        "pandas.core.api",
        "pyarrow",
        "openpyxl",
        "pdfplumber",
        "lxml",
        "babel",
        "rich.progress",
        "uvicorn",
        "tokenizers",
    }
    assert loaded & others == set()
