"""Bad input: each row that cannot count says why, with its file and row, and harms no other row."""

import openpyxl
import polars as pl
import pytest

from pipelines.core.paths import DataDir
from pipelines.core.situation import read_organisations, read_situation
from pipelines.sheets import transcription_sheet
from tests.conftest import TODAY, Built, row, rows_of
from tests.invented import IDENTITY

BAD_CELLS = [
    ({"measure": "in_jail"}, "measure: unknown"),
    ({"measure": ""}, "measure is empty"),
    ({"organisation": "nobody"}, "organisation: unknown"),
    ({"qualifier": "nearly"}, "qualifier: unknown"),
    ({"provenance": "rumour"}, "provenance: unknown"),
    ({"value": "-3"}, "cannot be negative"),
    ({"value": "12.5"}, "whole number"),
    ({"value": "1.697"}, "write digits only"),
    ({"value": "1,697"}, "write digits only"),
    ({"value": "1 697"}, "write digits only"),
    ({"value": "unos 40"}, "expected a whole number in digits"),
    ({"value": "٣٩٢"}, "value: expected a whole number in digits"),
    (
        {"value": "380", "value_high": "၃၉၂", "qualifier": "range"},
        "value_high: expected a whole number in digits",
    ),
    ({"value": "99999999999"}, "more people than there are"),
    ({"value": ""}, "value is empty"),
    ({"as_of": "2026-13-01"}, "expected a day as YYYY-MM-DD"),
    ({"as_of": "05/01/2026"}, "expected a day as YYYY-MM-DD"),
    ({"published": "2027-01-05"}, "lies in the future"),
    ({"qualifier": "range", "value_high": "700"}, "value_high 700 is below value 800"),
    ({"qualifier": "range"}, "value_high is empty"),
    ({"value_high": "900"}, "the qualifier is not `range`"),
    ({"breakdown": "colour=red"}, "unknown key"),
    ({"breakdown": "women"}, "expected `total` or key=value"),
    ({"breakdown": "sex=male;sex=female"}, "stands twice"),
    ({"measure": "released", "period_start": "2026-02-01"}, "lies after as_of"),
    ({"url": "javascript:alert(1)"}, "expected an address"),
    ({"note": "llamar al 0414-555.12.34"}, "aggregates only"),
    ({"note": "escribir a alguien@correo.example"}, "aggregates only"),
    ({"note": "C.I. 99.999.999"}, "aggregates only"),
]


def test_each_bad_cell_is_quarantined_by_row_and_the_others_count(built: Built) -> None:
    con = built([row(value=801), *(row(**cells) for cells, _ in BAD_CELLS), row(value=802)])
    told = {(bad["file"], bad["place"]): bad["reason"] for bad in rows_of(con, "quarantine")}
    places = [("transcriptions/sheet.csv", f"row {number}") for number, _ in enumerate(BAD_CELLS, start=3)]
    assert sorted(told) == sorted(places)
    pairs = zip(places, BAD_CELLS, strict=True)
    assert [(cells, told[at]) for at, (cells, reason) in pairs if reason not in told[at]] == []
    assert sorted(claim["value"] for claim in rows_of(con, "claims")) == [801, 802]


def test_every_reason_of_a_row_is_told(built: Built) -> None:
    con = built([row(measure="x", value="-1", as_of="soon")])
    (bad,) = rows_of(con, "quarantine")
    assert bad["reason"].count(" · ") == 2


def test_quarantined_row_keeps_all_that_was_written(built: Built) -> None:
    (bad,) = rows_of(built([row(value="1.697", note="boletín 14")]), "quarantine")
    assert "value=1.697" in bad["raw"]
    assert "note=boletín 14" in bad["raw"]


def test_personal_numbers_are_masked_even_in_quarantine(built: Built) -> None:
    (bad,) = rows_of(built([row(note=f"{IDENTITY} y 0414-5551234")]), "quarantine")
    assert IDENTITY[-7:] not in bad["raw"]
    assert "5551234" not in bad["raw"]


def test_unknown_column_is_named_without_what_it_holds(built: Built) -> None:
    con = built([{**row(value=801), "colour": "red"}, {**row(value=802), "colour": ""}])
    (bad,) = rows_of(con, "quarantine")
    assert bad["reason"] == "no such column: colour"
    assert "red" not in bad["raw"]
    assert [claim["value"] for claim in rows_of(con, "claims")] == [802]


def test_new_breakdown_value_waits_for_a_person(built: Built) -> None:
    (waiting,) = rows_of(built([row(breakdown="sex=other")]), "pending")
    assert "list it in situation.toml" in waiting["reason"]


def test_unknown_publication_day_waits_for_a_person(built: Built) -> None:
    (waiting,) = rows_of(built([row(published="")]), "pending")
    assert "published is empty" in waiting["reason"]


def test_unknown_moment_waits_for_a_person(built: Built) -> None:
    con = built([row(as_of=""), row(value=801)])
    (waiting,) = rows_of(con, "pending")
    assert "as_of is empty" in waiting["reason"]
    assert (waiting["value"], waiting["as_of"]) == (800, None)
    assert [claim["value"] for claim in rows_of(con, "claims")] == [801]


def test_a_day_of_another_century_waits_for_a_person(built: Built) -> None:
    held = [
        row(value=1, as_of="1926-01-05"),
        row(value=2, as_of="0206-01-05"),
        row(value=3, measure="released", period_start="1925-01-05"),
        row(value=4, published="1926-01-05"),
        row(value=5, as_of="1926-01-05", published=""),
    ]
    con = built([*held, row(value=801, as_of="1967-01-05")])
    told = {each["value"]: each["reason"] for each in rows_of(con, "pending")}
    assert sorted(told) == [1, 2, 3, 4, 5]
    assert told[1] == "as_of 1926-01-05: more than 90 years before it was told"
    assert "period_start 1925-01-05: more than 90 years" in told[3]
    assert [claim["value"] for claim in rows_of(con, "claims")] == [801]


def test_a_person_s_yes_lets_a_day_of_another_century_count(data: DataDir) -> None:
    folder = data.situation("islandia")
    of = read_situation(folder), read_organisations(folder)
    cells = pl.DataFrame([row(as_of="1926-01-05")]).with_columns(row=pl.lit(2))
    states = [
        transcription_sheet.judge_rows(cells, "x", *of, TODAY, hide=hide)["state"].item()
        for hide in (True, False)
    ]
    assert states == ["pending", "accepted"]


def test_what_a_workbook_hides_waits_for_a_person(data: DataDir, built: Built) -> None:
    book = openpyxl.Workbook()
    shown, hidden = book.worksheets[0], book.create_sheet("borrador")
    for sheet, values in ((shown, (801, 802)), (hidden, (803,))):
        sheet.append(list(row()))
        for value in values:
            sheet.append([str(cell) for cell in row(value=value).values()])
    hidden.sheet_state = "hidden"
    shown.row_dimensions[3].hidden = True
    book.save(data.situation("islandia") / "transcriptions" / "book.xlsx")
    con = built([row()])
    assert {each["value"]: each["reason"] for each in rows_of(con, "pending")} == {
        802: "its row is hidden in the workbook",
        803: "its sheet is hidden in the workbook",
    }
    assert sorted(claim["value"] for claim in rows_of(con, "claims")) == [800, 801]


def test_order_of_breakdown_parts_does_not_make_two_series(built: Built) -> None:
    con = built([row(breakdown="sex=male;age=adult"), row(breakdown="age=adult;sex=male", value=790)])
    assert {claim["breakdown"] for claim in rows_of(con, "claims")} == {"age=adult;sex=male"}


def test_same_claim_twice_counts_once_and_says_where_the_first_stands(built: Built) -> None:
    con = built([row(), row(value=801), row()])
    (bad,) = rows_of(con, "quarantine")
    assert bad["place"] == "row 4"
    assert "already in transcriptions/sheet.csv row 2" in bad["reason"]


def test_population_follows_the_measure(built: Built) -> None:
    con = built([row(), row(measure="amnesty_granted_to_date", period_start="2026-01-01")])
    assert {c["measure"]: c["population"] for c in rows_of(con, "claims")} == {
        "in_custody": "held",
        "amnesty_granted_to_date": "pardoned",
    }


PERSON = "Zulmara Quintevar"
PERSONAL_CELLS = [
    {"Nombre": PERSON},
    *(
        {name: PERSON}
        for name in transcription_sheet.COLUMNS
        if name not in ("publisher", "note", "retrieved")
    ),
    {"value": f"-1 {PERSON}"},
    {"breakdown": f"sex={PERSON}"},
    {"breakdown": "sex=" + PERSON.split()[0]},
]


def test_a_name_in_a_cell_of_no_list_is_kept_nowhere(data: DataDir, built: Built) -> None:
    con = built([row(value=801), *({**row(), "retrieved": PERSON, **cells} for cells in PERSONAL_CELLS)])
    places = [f"row {number}" for number, _ in enumerate(PERSONAL_CELLS, start=3)]
    assert sorted(bad["place"] for bad in rows_of(con, "quarantine")) == sorted(places)
    tables = (
        "SELECT view_name FROM duckdb_views() WHERE NOT internal UNION SELECT table_name FROM duckdb_tables()"
    )
    for (table,) in con.sql(tables).fetchall():
        assert PERSON.split()[0] not in str(con.table(table).fetchall()), table
    stored = [path for path in data.build.rglob("*") if path.is_file()]
    assert any(path.parent.name == "kept" for path in stored)
    assert [path for path in stored if PERSON.split()[0].encode() in path.read_bytes()] == []


def test_a_list_of_people_among_the_sheets_is_one_row_without_a_word_of_it(
    data: DataDir, built: Built
) -> None:
    folder = data.situation("islandia") / "transcriptions"
    (folder / "headed.csv").write_text(f"Código,Nombre\nZ1,{PERSON}\nZ2,{PERSON}\n")
    (folder / "bare.csv").write_text(f"Z1,{PERSON}\nZ2,{PERSON},x\n")
    (folder / "twice.csv").write_text(f"{PERSON},{PERSON}\n")
    con = built([row()])
    told = rows_of(con, "quarantine")
    assert sorted(bad["file"] for bad in told) == [
        f"transcriptions/{name}.csv" for name in ("bare", "headed", "twice")
    ]
    assert PERSON.split()[0] not in str(told)
    counts = {each["file"]: each["quarantined"] for each in rows_of(con, "files")}
    assert counts["transcriptions/headed.csv"] == 2


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("empty.csv", b"", "empty"),
        ("twice.csv", b"organisation,value,value\nlista,1,2\n", "in cells 2 and 3"),
        ("really.xlsx", b"%PDF-1.7 nothing", "pdf"),
    ],
)
def test_unreadable_file_is_one_quarantined_row_that_says_why(
    data: DataDir, built: Built, name: str, content: bytes, reason: str
) -> None:
    (data.situation("islandia") / "transcriptions" / name).write_bytes(content)
    con = built([row()])
    (bad,) = rows_of(con, "quarantine")
    assert bad["file"] == f"transcriptions/{name}"
    assert reason in bad["reason"].lower()
    assert str(data.root) not in bad["reason"]
    assert len(rows_of(con, "claims")) == 1


def test_row_in_another_encoding_harms_no_other(data: DataDir, built: Built) -> None:
    header = ",".join(row())
    good = ",".join(row(value=801).values())
    bad = ",".join(row(publisher="Correo de Mérida").values())
    sheet = data.situation("islandia") / "transcriptions" / "latin.csv"
    sheet.write_bytes(f"{header}\n{good}\n".encode() + bad.encode("windows-1252") + b"\n")
    con = built([row()])
    (fault,) = rows_of(con, "quarantine")
    assert fault["place"] == "row 3"
    assert "UTF-8" in fault["reason"]
    assert sorted(claim["value"] for claim in rows_of(con, "claims")) == [800, 801]


def test_read_is_accepted_plus_pending_plus_quarantined(built: Built) -> None:
    con = built([row(), row(), row(published=""), row(value="x"), row(value=3)])
    (file,) = rows_of(con, "files")
    assert (file["rows_read"], file["accepted"], file["pending"], file["quarantined"]) == (5, 2, 1, 2)
