"""Events: what a sheet of them may leave out, and what it may not hold."""

import duckdb
import pytest

from pipelines.core.paths import DataDir
from pipelines.core.situation import SituationError
from pipelines.warehouse import build as warehouse_build
from pipelines.warehouse import published_build
from tests.conftest import GOOD_ROW, TODAY, write_sheet

HEAD = "date,kind,title_en,title_es,title_pt,url,published"


def events(data: DataDir, sheet: str) -> list[tuple[object, ...]]:
    """The events of a build from this sheet: day, title in Portuguese, address."""
    folder = data.situation("islandia")
    write_sheet(folder / "transcriptions" / "sheet.csv", [GOOD_ROW])
    (folder / "events.csv").write_text(sheet, encoding="utf-8")
    build = warehouse_build.build(data, today=TODAY).build
    with duckdb.connect(str(build.path), read_only=True) as con:
        return con.execute("SELECT happened::VARCHAR, title_pt, url FROM events ORDER BY happened").fetchall()


def test_a_title_in_portuguese_is_kept_and_one_left_out_is_missing(data: DataDir) -> None:
    sheet = f"{HEAD}\n2026-01-20,law,A law,Una ley,Uma lei,,\n2026-01-25,protest,A march,Una marcha,,,\n"
    assert events(data, sheet) == [("2026-01-20", "Uma lei", None), ("2026-01-25", None, None)]


def test_a_sheet_needs_no_column_for_portuguese(data: DataDir) -> None:
    sheet = (
        "date,kind,title_en,title_es,url,published\n2026-01-20,law,A law,Una ley,https://gaceta.example/1,\n"
    )
    assert events(data, sheet) == [("2026-01-20", None, "https://gaceta.example/1")]


@pytest.mark.parametrize(
    ("sheet", "told"),
    [
        (f"{HEAD},place\n2026-01-20,law,A law,Una ley,Uma lei,,,Reykjavik\n", "place"),
        (f"{HEAD}\n2026-01-20,law,A law,,Uma lei,,\n", "title_es"),
        (f"{HEAD}\nyesterday,law,A law,Una ley,Uma lei,,\n", "row 2: date yesterday"),
        (f"{HEAD}\n2026-01-02,law,A,Una,Uma,,\n03/08/2026,law,A,Una,Uma,,\n", "row 3: date 03/08/2026"),
        (f"{HEAD}\n2026-01-20,law,A law, no,Una ley,Uma lei,,\n", "row 2: the row has 8 cells"),
        (f"{HEAD}\n2026-01-20,law,A law,Una ley,Uma lei,x,\n", "row 2: url x: expected a web address"),
        (f"{HEAD}\n2026-01-20,law,A law,Una ley,Uma lei,,2097-08-03\n", "row 2: published .* future"),
    ],
)
def test_a_sheet_that_cannot_be_read_fails_with_its_name_and_what_is_wrong(
    data: DataDir, sheet: str, told: str
) -> None:
    with pytest.raises(SituationError, match=f"(?s)events.csv.*{told}"):
        events(data, sheet)
    with pytest.raises(published_build.NoBuildError):
        published_build.find_current(data)
