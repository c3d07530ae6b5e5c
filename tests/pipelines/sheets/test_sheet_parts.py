"""A sheet is judged part by part; nothing of what comes of it says so."""

from pathlib import Path

import pytest
from polars.testing import assert_frame_equal

from pipelines.core.paths import DataDir
from pipelines.core.situation import read_organisations, read_situation
from pipelines.intake.files.file_kind import read_tables
from pipelines.sheets import transcription_sheet
from pipelines.warehouse import build, load, published_build
from tests.conftest import GOOD_ROW, TODAY, row, rows_of

PART = 3
LINES = [
    ",".join(GOOD_ROW),
    *(",".join(row(value=value).values()) for value in (801, 802)),
    "short,of,cells",  # row 4
    ",".join(row(value="nine").values()),  # row 5
    "," * (len(GOOD_ROW) - 1),
    *(",".join(row(value=value).values()) for value in (803, 804)),
    ",".join(row(value="-1").values()),  # row 9
    ",".join(row(as_of="").values()),
    *(",".join(row(value=value).values()) for value in (801, 805, 806)),  # row 11 repeats row 2
    ",".join(row(published="2031-01-01").values()),  # row 14
]


@pytest.fixture
def sheet(data: DataDir) -> Path:
    path = data.situation("islandia") / "transcriptions" / "sheet.csv"
    path.write_text("\n".join(LINES) + "\n")
    return path


@pytest.fixture
def in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transcription_sheet, "PART", PART)
    monkeypatch.setattr(load, "PART", PART)


@pytest.mark.parametrize("most", [1, 3, 10])
@pytest.mark.parametrize("part", [1, 2, PART, 7])
def test_a_sheet_in_parts_gives_the_rows_that_it_gives_in_one(
    data: DataDir, sheet: Path, monkeypatch: pytest.MonkeyPatch, part: int, most: int
) -> None:
    folder = data.situation("islandia")
    settings = read_situation(folder), read_organisations(folder), TODAY
    whole = transcription_sheet.read_sheet(read_tables(sheet), "sheet.csv", *settings, most)
    monkeypatch.setattr(transcription_sheet, "PART", part)
    assert_frame_equal(
        transcription_sheet.read_sheet(read_tables(sheet), "sheet.csv", *settings, most), whole
    )
    assert whole.height > 3 * PART - most


@pytest.mark.usefixtures("in_parts", "made_anew", "sheet")
def test_errors_of_a_sheet_in_parts_name_their_lines(data: DataDir) -> None:
    build.build(data, today=TODAY)
    with published_build.open_current(data) as con:
        claims, *others = (rows_of(con, name) for name in ("claims", "quarantine", "pending"))
    aside = {each["place"]: each["reason"] for rows in others for each in rows}
    assert "the row has 3 cells" in aside["row 4"]
    assert "value: expected" in aside["row 5"]
    assert "value -1" in aside["row 9"]
    assert "as_of is empty" in aside["row 10"]
    assert "lies in the future" in aside["row 14"]
    places = {each["value"]: each["place"] for each in claims}
    assert places == {801: "row 2", 802: "row 3", 803: "row 7", 804: "row 8", 805: "row 12", 806: "row 13"}


@pytest.mark.usefixtures("in_parts", "made_anew", "sheet")
def test_a_claim_that_repeats_one_of_another_part_is_set_aside(data: DataDir) -> None:
    build.build(data, today=TODAY)
    with published_build.open_current(data) as con:
        (repeated,) = [each for each in rows_of(con, "quarantine") if each["place"] == "row 11"]
    assert repeated["reason"] == "the same claim stands already in transcriptions/sheet.csv row 2"
