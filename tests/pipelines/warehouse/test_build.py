"""A build is whole or it is not there: no change, kills, two at once, readers meanwhile, failing checks."""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from pipelines.core.paths import ROOT, SQL, DataDir
from pipelines.core.situation import SituationError
from pipelines.warehouse import build, lives, published_build
from pipelines.warehouse.corrections import CorrectionError
from tests.builds import FILL
from tests.conftest import TODAY, Built, row, rows_of, write_sheet


def sheet(data: DataDir, name: str = "sheet.csv") -> Path:
    return data.situation("islandia") / "transcriptions" / name


def values(data: DataDir) -> list[int]:
    with published_build.open_current(data) as con:
        return [each["value"] for each in rows_of(con, "claims")]


def test_unchanged_inputs_build_nothing(data: DataDir) -> None:
    write_sheet(sheet(data), [row()])
    first = build.build(data, today=TODAY)
    second = build.build(data, today=TODAY)
    assert (first.is_new, second.is_new) == (True, False)
    assert first.build == second.build


def test_same_inputs_give_the_same_rows_after_deleting_the_build(
    data: DataDir, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_sheet(sheet(data), [row(), row(value=801), row()])
    tables = ("claims", "quarantine", "series", "statements", "findings")

    def everything() -> list[list[dict[str, object]]]:
        build.build(data, today=TODAY)
        with published_build.open_current(data) as con:
            return [rows_of(con, name) for name in tables]

    before = everything()
    shutil.rmtree(data.build)
    assert everything() == before  # a copy of the first
    shutil.rmtree(data.build)
    monkeypatch.setattr(build, "_fill_safely", FILL)
    assert everything() == before


def test_future_figure_counts_once_its_day_has_come(data: DataDir) -> None:
    tomorrow = TODAY + timedelta(days=1)
    write_sheet(sheet(data), [row(), row(value=7, as_of=tomorrow, published=tomorrow)])
    build.build(data, today=TODAY)
    assert values(data) == [800]
    assert build.build(data, today=tomorrow).is_new
    assert sorted(values(data)) == [7, 800]


def test_reader_without_a_build_is_told_which_command_makes_one(data: DataDir) -> None:
    with (
        pytest.raises(published_build.NoBuildError, match="python -m pipelines build"),
        published_build.open_current(data),
    ):
        pass


def test_open_reader_keeps_its_build_while_another_is_published(data: DataDir) -> None:
    write_sheet(sheet(data), [row()])
    build.build(data, today=TODAY)
    with published_build.open_current(data) as con:
        write_sheet(sheet(data), [row(value=801)])
        build.build(data, today=TODAY)
        assert [each["value"] for each in rows_of(con, "claims")] == [800]
    assert values(data) == [801]


def test_reader_during_builds_never_sees_an_error_or_a_half(data: DataDir) -> None:
    write_sheet(sheet(data), [row(value=1), row(value=1, breakdown="sex=male")])
    build.build(data, today=TODAY)
    seen: list[set[int]] = []
    over = threading.Event()

    def read() -> None:
        while not over.is_set():
            seen.append(set(values(data)))

    reader = threading.Thread(target=read)
    reader.start()
    try:
        for value in range(2, 6):
            write_sheet(sheet(data), [row(value=value), row(value=value, breakdown="sex=male")])
            build.build(data, today=TODAY)
    finally:
        over.set()
        reader.join()
    assert all(len(each) == 1 for each in seen)
    assert seen


def test_killed_build_leaves_the_last_good_one_and_the_next_works(data: DataDir) -> None:
    write_sheet(sheet(data), [row()])
    build.build(data, today=TODAY)
    for delay in (0.4, 0.8, 1.2, 1.6):
        write_sheet(sheet(data), [row(value=int(delay * 1000) + n, as_of="2025-01-01") for n in range(2000)])
        command = [sys.executable, "-m", "pipelines", "build", "--data-dir", str(data.root)]
        child = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(delay)
        child.send_signal(signal.SIGKILL)
        child.wait()
        assert len(values(data)) in {1, 2000}
    build.build(data, today=max(TODAY, date.today()))  # the command's day is the clock's
    assert len(values(data)) == 2000
    assert not list(data.build.glob(".building-*"))


def test_second_build_waits_for_the_first_and_says_so(data: DataDir) -> None:
    write_sheet(sheet(data), [row()])
    command = [sys.executable, "-m", "pipelines", "build", "--data-dir", str(data.root)]
    children = [
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    outputs = [child.communicate(timeout=120) for child in children]
    assert [child.returncode for child in children] == [0, 0, 0]
    assert sum("published" in out for out, _ in outputs) == 1
    assert values(data) == [800]


def test_only_the_newest_builds_are_kept(data: DataDir, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.warehouse.build_pointer.KEPT_BUILDS", 2)
    for value in (1, 2, 3, 4):
        write_sheet(sheet(data), [row(value=value)])
        build.build(data, today=TODAY)
        os.utime(published_build.find_current(data).path, (value, value))
    assert len(list(data.build.glob("liberometro-*.duckdb"))) == 2
    assert values(data) == [4]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("situation.toml", "id = 'other'", "situation.toml"),
        ("organisations.toml", "[[organisation]]\nid = 1", "organisations.toml"),
    ],
)
def test_broken_settings_name_their_file(data: DataDir, name: str, content: str, message: str) -> None:
    (data.situation("islandia") / name).write_text(content, encoding="utf-8")
    with pytest.raises(SituationError, match=message):
        build.build(data, today=TODAY)


# --- checks -------------------------------------------------------------------------------------------------

BREAKING = {
    "impossible_value": "UPDATE claims_stored SET value = -1",
    "duplicate_claim_identity": "INSERT INTO claims_stored FROM claims_stored",
    "stock_without_as_of": "UPDATE claims_stored SET as_of = NULL",
    "unknown_measure": "DELETE FROM measures",
    "unknown_organisation": "UPDATE claims_stored SET organisation = 'nobody'",
    "unknown_breakdown_key": "UPDATE claims_stored SET breakdown = 'colour=red'",
    "unknown_state": "UPDATE rows_aside SET state = 'lost'",
}


def test_every_failing_check_has_rows_that_trip_it() -> None:
    assert set(BREAKING) == {path.stem for path in (SQL / "checks" / "fail").glob("*.sql")}


@pytest.mark.parametrize("check", BREAKING)
@pytest.mark.usefixtures("made_anew")
def test_failing_check_selects_the_wrong_rows(
    data: DataDir, check: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_sheet(sheet(data), [row(), row(value="x")])
    spoil = BREAKING[check]
    run = build.run_stage

    def run_then_spoil(con: duckdb.DuckDBPyConnection, *stages: str) -> None:
        run(con, *stages)
        if "4_statements" in stages:
            con.execute(spoil)

    monkeypatch.setattr(build, "run_stage", run_then_spoil)
    with pytest.raises(build.CheckError) as stopped:
        build.build(data, today=TODAY)
    assert check in {finding.check for finding in stopped.value.findings}
    assert "sheet.csv" in str(stopped.value)


def released(value: int, day: str, **cells: object) -> dict[str, str]:
    return row(
        measure=cells.pop("measure", "released_to_date"),
        value=value,
        period_start="2026-01-08",
        as_of=day,
        published=day,
        **cells,
    )


REVIEWED = {
    "cumulative_falls": ([released(17, "2026-02-01"), released(16, "2026-02-08")], [17, 16]),
    "parts_do_not_add_up": (
        [row(value=372), row(value=214, breakdown="sex=male"), row(value=159, breakdown="sex=female")],
        [372, 373],
    ),
    "two_values_one_moment": ([row(value=5), row(value=6, publisher="La Voz")], [5, 6]),
    "released_exceeds_ever_detained": (
        [released(9, "2026-02-01"), released(8, "2026-02-01", measure="detained_to_date")],
        [9, 8],
    ),
    "bound_turned_into_point": (
        [row(value=407, qualifier="more_than"), row(value=407, published="2026-01-09")],
        [407, 407],
    ),
    "as_of_after_published": ([row(as_of="2026-01-09", published="2026-01-05")], [800]),
}


@pytest.mark.parametrize("rule", REVIEWED)
def test_review_check_finds_its_case_and_names_both_sides(built: Built, rule: str) -> None:
    rows, amounts = REVIEWED[rule]
    found = [each for each in rows_of(built(rows), "findings") if each["rule"] == rule]
    assert [each["amounts"] for each in found] == [amounts]
    assert all(len(each["claims"]) >= 1 for each in found)


def test_clean_history_is_not_flagged(built: Built) -> None:
    rows = [
        row(value=800),
        row(value=700, breakdown="sex=male"),
        row(value=100, breakdown="sex=female"),
        row(value=780, as_of="2026-01-12", published="2026-01-12"),
        released(10, "2026-01-12"),
        released(14, "2026-01-19"),
        row(value=700, qualifier="more_than", as_of="2026-01-12", published="2026-01-14"),
    ]
    assert rows_of(built(rows), "findings") == []


# --- corrections --------------------------------------------------------------------------------------------

CORRECTION = """
[[correction]]
where = {{ organisation = "lista", as_of = 2026-01-05 }}
field = "value"
expected = {expected}
corrected = 806
reason = "the bulletin says 806"
decided = 2026-02-01
"""


def correct(data: DataDir, text: str) -> None:
    (data.situation("islandia") / "corrections.toml").write_text(text, encoding="utf-8")


def test_correction_stands_beside_what_was_stated(data: DataDir, built: Built) -> None:
    correct(data, CORRECTION.format(expected=800))
    con = built([row(value=800)])
    assert [each["value"] for each in rows_of(con, "claims")] == [800]
    assert [(each["value"], each["corrected"]) for each in rows_of(con, "series")] == [(806, True)]
    (kept,) = rows_of(con, "corrections")
    assert (kept["expected"], kept["corrected"], kept["reason"]) == ("800", "806", "the bulletin says 806")


def test_correction_to_nothing_empties_the_field(data: DataDir, built: Built) -> None:
    emptied = CORRECTION.format(expected="2026-01-08").replace('"value"', '"period_start"')
    correct(data, emptied.replace("corrected = 806\n", "").replace("2026-01-05", "2026-01-12"))
    con = built([released(10, "2026-01-12")])
    assert [(each["period_start"], each["corrected"]) for each in rows_of(con, "series")] == [(None, True)]


def test_correction_is_not_known_before_it_was_decided(data: DataDir, built: Built) -> None:
    correct(data, CORRECTION.format(expected=800))
    con = built([row(value=800)])
    assert [r["value"] for r in rows_of(con, "series", as_known_on=date(2026, 1, 31))] == [800]


def test_correction_that_matches_nothing_fails_the_build(data: DataDir, built: Built) -> None:
    correct(data, CORRECTION.format(expected=800).replace("lista", "gobierno"))
    with pytest.raises(CorrectionError, match="no claim matches organisation = gobierno, as_of = 2026-01-05"):
        built([row(value=800)])


def test_correction_decided_in_the_future_fails_the_build(data: DataDir, built: Built) -> None:
    correct(data, CORRECTION.format(expected=800).replace("2026-02-01", "2026-11-25"))
    with pytest.raises(CorrectionError, match=r"correction 1: decided 2026-11-25 lies in the future"):
        built([row(value=800)])


def test_correction_that_finds_another_value_fails_the_build(data: DataDir, built: Built) -> None:
    correct(data, CORRECTION.format(expected=863))
    with pytest.raises(CorrectionError, match=r"expects value 863, but claim .* says 800"):
        built([row(value=800)])


def test_an_error_of_the_database_says_in_which_file() -> None:
    with duckdb.connect() as con, pytest.raises(duckdb.CatalogException) as stopped:
        lives.run_file(con, "5_marts/21_claim_choices.sql")
    assert build._explain(stopped.value).endswith(" (5_marts/21_claim_choices.sql)")
