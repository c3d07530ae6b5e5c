"""Readings of claims in their sources: what is taken, refused, masked, and kept when more are appended."""

import csv
import time
from datetime import date
from pathlib import Path

import pytest

from pipelines.core.paths import DataDir
from pipelines.sheets import verifications
from pipelines.sheets.strict_rows import RowError
from pipelines.sheets.verifications import COLUMNS, IDENTITY
from pipelines.warehouse import build, published_build
from tests.conftest import TODAY, Built, row, rows_of, write_sheet

Cells = dict[str, str]


def reading(claim: Cells | None = None, **cells: str) -> Cells:
    """A reading that says that its source states a claim, with some cells changed."""
    named = {name: (claim or row())[name] for name in IDENTITY}
    return {**named, "verdict": "states_it", "checked_on": "2026-11-20", "checked_by": "mg", **cells}


def write_readings(data: DataDir, *readings: Cells, columns: tuple[str, ...] = COLUMNS) -> Path:
    path = data.situation("islandia") / "verifications.csv"
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(readings)
    return path


def refused(built: Built, *rows: Cells) -> str:
    with pytest.raises(RowError) as stopped:
        built(list(rows) or [row()])
    return str(stopped.value)


def test_a_reading_stands_beside_the_claim_that_it_names(data: DataDir, built: Built) -> None:
    write_readings(data, reading(address="https://diario.example/2", archive="https://archive.example/1"))
    con = built([row(), row(value=801, url="https://diario.example/9")])
    (claim,) = [each for each in rows_of(con, "claims") if each["value"] == 800]
    (found,) = rows_of(con, "verifications")
    assert found == {
        "situation": "islandia",
        "claim_id": claim["claim_id"],
        "position": 1,
        "verdict": "states_it",
        "field": None,
        "should_be": None,
        "checked_on": date(2026, 11, 20),
        "checked_by": "mg",
        "address": "https://diario.example/2",
        "sha256": None,
        "archive": "https://archive.example/1",
    }


def test_columns_that_are_not_needed_may_be_missing(data: DataDir, built: Built) -> None:
    needed = (*IDENTITY, "verdict", "checked_on", "checked_by")
    write_readings(data, reading(), columns=needed)
    assert [each["address"] for each in rows_of(built([row()]), "verifications")] == [None]


def test_one_reading_counts_for_claims_that_differ_elsewhere_only(data: DataDir, built: Built) -> None:
    write_readings(data, reading())
    con = built([row(publisher="El Diario"), row(publisher="La Hoja")])
    assert len({each["claim_id"] for each in rows_of(con, "verifications")}) == 2


def test_an_empty_cell_names_a_claim_without_that_cell_and_no_other(data: DataDir, built: Built) -> None:
    write_readings(data, reading(row(url="")))
    con = built([row(url=""), row()])
    (found,) = rows_of(con, "verifications")
    (claim,) = [each for each in rows_of(con, "claims") if each["claim_id"] == found["claim_id"]]
    assert claim["url"] is None


def test_the_parts_of_a_breakdown_may_stand_in_any_order(data: DataDir, built: Built) -> None:
    write_readings(data, reading(row(breakdown="sex=male;service=military")))
    assert len(rows_of(built([row(breakdown="service=military;sex=male")]), "verifications")) == 1


def test_a_reading_of_a_row_that_waits_is_kept_for_later(data: DataDir, built: Built) -> None:
    waiting = row(breakdown="age=infant")  # a value that the situation does not list
    write_readings(data, reading(waiting))
    con = built([waiting])
    assert len(rows_of(con, "pending")) == 1
    assert rows_of(con, "verifications") == []


def test_the_latest_reading_counts_and_of_one_day_the_last_in_the_file(data: DataDir, built: Built) -> None:
    wrong = {"field": "value", "should_be": "801"}
    write_readings(
        data,
        reading(verdict="unreachable", checked_on="2026-11-21"),
        reading(),
        reading(verdict="states_something_else", checked_on="2026-11-21", **wrong),
    )
    con = built([row()])
    for known_on, verdict, withdrawn in (
        ("2026-11-24", "states_something_else", True),
        ("2026-11-20", "states_it", False),
    ):
        checks = con.sql(f"FROM claim_checks_as_known_on(DATE '{known_on}')").pl()
        assert checks.select("verdict", "withdrawn").rows() == [(verdict, withdrawn)]


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"value": "801"}, "the nearest is transcriptions/sheet.csv row 2, with value 800, not 801"),
        ({"published": "2026-01-06"}, "published 2026-01-05, not 2026-01-06"),
        ({"as_of": ""}, "as_of 2026-01-05, not (empty)"),
        ({"verdict": "sure"}, "verdict sure: expected states_it, carrier_states_it"),
        ({"verdict": ""}, "verdict is empty"),
        ({"checked_by": ""}, "checked_by is empty"),
        ({"checked_on": ""}, "checked_on is empty"),
        ({"checked_on": "20.11.2026"}, "checked_on 20.11.2026: expected a day"),
        ({"checked_on": "2026-11-25"}, "lies in the future"),
        ({"value": "1.697"}, "value 1.697: expected a number"),
        ({"verdict": "states_something_else"}, "field is empty, but the source states something else"),
        ({"verdict": "states_something_else", "field": "value"}, "should_be is empty"),
        (
            {"verdict": "states_something_else", "field": "colour", "should_be": "red"},
            "field colour: expected organisation",
        ),
        (
            {"verdict": "states_something_else", "field": "value", "should_be": "many"},
            "should_be many: expected a number",
        ),
        (
            {"verdict": "states_something_else", "field": "as_of", "should_be": "May"},
            "should_be May: expected a day",
        ),
        (
            {"verdict": "states_something_else", "field": "measure", "should_be": "held"},
            "should_be held: expected in_custody",
        ),
        ({"field": "value", "should_be": "801"}, "only states_something_else has one"),
        ({"checked_by": "mg@diario.example"}, "checked_by: an e-mail address"),
        ({"address": "file:///home/report.html"}, "expected a web address"),
        ({"archive": "javascript:alert(1)"}, "expected a web address"),
        ({"sha256": "abc"}, "sha256: expected 64 hex digits"),
    ],
)
def test_a_reading_that_is_wrong_stops_the_build_with_file_and_row(
    data: DataDir, built: Built, cells: Cells, said: str
) -> None:
    write_readings(data, reading(), reading(**cells))
    message = refused(built)
    assert "islandia/verifications.csv: row 3: " in message
    assert said in message
    assert "mg@diario" not in message
    assert not data.pointer.exists()


def test_an_unknown_or_a_missing_column_stops_the_build(data: DataDir, built: Built) -> None:
    write_readings(data, columns=(*COLUMNS, "evidence"))
    assert "verifications.csv: no such column: evidence" in refused(built)
    write_readings(data, columns=tuple(name for name in COLUMNS if name != "checked_by"))
    assert "verifications.csv: column checked_by is missing" in refused(built)


def test_of_many_readings_that_name_nothing_some_are_shown_and_all_are_counted(
    data: DataDir, built: Built
) -> None:
    write_readings(data, *(reading(value=str(number)) for number in range(8)))
    message = refused(built)
    assert message.count("no claim is") == 5
    assert message.endswith("and 3 more")


def test_a_reading_is_matched_before_a_claim_is_withheld_and_follows_it(data: DataDir, built: Built) -> None:
    few, adults = (
        row(breakdown=f"age={age}", value=value) for age, value in (("adolescent", 3), ("adult", 797))
    )
    write_readings(
        data,
        reading(few, verdict="states_something_else", field="value", should_be="2"),
        reading(adults),
    )
    con = built([row(), few, adults])
    withheld = {each["claim_id"] for each in rows_of(con, "claims") if each["suppressed"]}
    readings = rows_of(con, "verifications")
    assert {each["claim_id"] for each in readings} == withheld
    assert {(each["verdict"], each["field"], each["should_be"]) for each in readings} == {
        ("states_something_else", None, None),
        ("states_it", None, None),
    }


@pytest.mark.parametrize(
    ("claim", "field", "should_be"),
    [
        (row(breakdown="age=adolescent", value=50), "value", "3"),
        (row(breakdown="sex=male", value=3), "breakdown", "age=adolescent"),
    ],
)
def test_a_small_cell_that_only_a_reader_found_is_withheld_too(
    data: DataDir, built: Built, claim: Cells, field: str, should_be: str
) -> None:
    write_readings(data, reading(claim, verdict="states_something_else", field=field, should_be=should_be))
    con = built([row(), claim])
    (found,) = rows_of(con, "verifications")
    assert (found["field"], found["should_be"]) == (None, None)
    (suppressed,) = [each for each in rows_of(con, "claims") if each["suppressed"]]
    assert (suppressed["claim_id"], suppressed["value"]) == (found["claim_id"], None)


def test_a_whole_that_only_a_reader_found_gives_no_small_part_away(data: DataDir, built: Built) -> None:
    adults = row(breakdown="age=adult", value=797)
    write_readings(
        data, reading(row(value=900), verdict="states_something_else", field="value", should_be="800")
    )
    con = built([row(value=900), adults])
    (found,) = [each for each in rows_of(con, "claims") if each["breakdown"] == "age=adult"]
    assert found["suppressed"]


def test_append_changes_no_byte_before(data: DataDir, built: Built) -> None:
    path = write_readings(data, reading())
    before = path.read_bytes().rstrip(b"\n")  # as an editor may leave it
    path.write_bytes(before)
    verifications.append(path.parent, [reading(verdict="unreachable", checked_on="2026-11-22")], TODAY)
    verifications.append(path.parent, [reading(checked_on="2026-11-23")], TODAY)
    assert path.read_bytes().startswith(before)
    assert [each["verdict"] for each in rows_of(built([row()]), "verifications")] == [
        "states_it",
        "unreachable",
        "states_it",
    ]


def test_append_begins_a_file_and_keeps_the_columns_of_one(data: DataDir) -> None:
    folder = data.situation("islandia")
    verifications.append(folder, [reading(checked_on=date(2026, 11, 23))], TODAY)  # type: ignore[arg-type]
    assert (folder / "verifications.csv").read_text().splitlines()[0] == ",".join(COLUMNS)
    needed = (*IDENTITY, "verdict", "checked_on", "checked_by")
    write_readings(data, reading(), columns=needed)
    verifications.append(folder, [reading()], TODAY)
    assert len(verifications.read_verifications(folder, TODAY)) == 2
    with pytest.raises(RowError, match="no column 'sha256'"):
        verifications.append(folder, [reading(sha256="0" * 64)], TODAY)


def test_append_writes_nothing_where_one_row_would_be_refused(data: DataDir) -> None:
    folder = data.situation("islandia")
    with pytest.raises(RowError, match="row 2: checked_by is empty"):
        verifications.append(folder, [reading(), reading(checked_by="")], TODAY)
    assert not (folder / "verifications.csv").exists()


def test_readings_are_an_input_of_the_build(data: DataDir) -> None:
    write_sheet(data.situation("islandia") / "transcriptions" / "sheet.csv", [row()])
    build.build(data, today=TODAY)
    write_readings(data, reading())
    assert build.build(data, today=TODAY).is_new
    with published_build.open_current(data) as con:
        assert len(rows_of(con, "verifications")) == 1


def test_thousands_of_readings_take_no_longer_than_reading_their_file(data: DataDir, built: Built) -> None:
    claims = [row(value=number, url=f"https://diario.example/{number}") for number in range(4_000)]
    write_readings(data, *(reading(claim) for claim in claims))
    began = time.monotonic()
    assert len(rows_of(built(claims), "verifications")) == len(claims)
    assert time.monotonic() - began < 30
