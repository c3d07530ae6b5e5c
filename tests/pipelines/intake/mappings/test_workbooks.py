"""Workbooks of several tables: what a ministry changes from one to the next is read, or refused by name."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from pipelines.core.paths import ROOT
from pipelines.core.situation import read_organisations, read_situation
from pipelines.intake.mappings.mapping_file import MappingError, read_mapping
from pipelines.intake.mappings.tabular_reports import apply_mapping
from tests.pipelines.intake.mappings.workbooks import NOTES, REASONS, write_workbook

FOLDER = ROOT / "data" / "us_immigration_detention"
MAPPING = read_mapping(FOLDER / "mappings" / "ice-detention-statistics.toml")
TODAY = date(2026, 12, 31)
NAME = "FY25_detentionStats12182024.xlsx"
REFUSED = 8  # rows that say what is refused by name
Change = Callable[[Worksheet], None]
Figure = tuple[object, ...]


def read(path: Path) -> pl.DataFrame:
    return apply_mapping(
        MAPPING, path, read_situation(FOLDER), organisations=read_organisations(FOLDER), today=TODAY
    )


def figures(frame: pl.DataFrame, state: str = "accepted") -> set[Figure]:
    """What is stated, wherever it stands."""
    chosen = frame.filter(state=state).select("measure", "breakdown", "value", "period_start", "as_of")
    return set(chosen.rows())


def reasons(frame: pl.DataFrame) -> str:
    return "\n".join(frame["reason"].drop_nulls())


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> set[Figure]:
    found = figures(read(write_workbook(tmp_path_factory.mktemp("usual") / NAME)))
    assert len(found) == 5 + 3 + 6 * 4 * 3
    return found


# --- what changes and is read -------------------------------------------------------------------------------


def _shift(sheet: Worksheet) -> None:
    for merged in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(merged))
    sheet.insert_rows(26, 3)
    sheet.insert_rows(5, 2)


def _swap_columns(sheet: Worksheet) -> None:
    for row in range(9, 15):
        sheet.cell(row, 2).value, sheet.cell(row, 3).value = (
            sheet.cell(row, 3).value,
            sheet.cell(row, 2).value,
        )


def _leave_out_family(sheet: Worksheet) -> None:
    for row in range(9, 15):
        sheet.cell(row, 2, sheet.cell(row, 4).value if row > 9 else "Adult")
        sheet.cell(row, 3, sheet.cell(row, 4).value if row > 9 else "Total")
        sheet.cell(row, 4).value = None


def _put_marks(sheet: Worksheet) -> None:
    sheet["A28"] = "Release Reason*"
    sheet["D9"] = "Total ¹"
    sheet["A11"] = "Expedited Removal (I-860)†"
    sheet["A30"] = " bonded out * "
    sheet["D10"] = "1,000*"
    sheet["G31"] = "-"
    sheet["A18"] = " ICE Currently Detained by Criminality and Arresting Agency:  FY2025 "


def _merge_label(sheet: Worksheet) -> None:
    sheet.merge_cells("A30:A33")


def _put_averages_beside(sheet: Worksheet) -> None:
    sheet["L10"] = 45.5
    sheet["G11"] = "of them children"


def _drop_family_reason(sheet: Worksheet) -> None:
    """A reason that nobody left by is not listed that year; the others move up."""
    sheet.delete_rows(70, 4)
    for at, month in enumerate(range(3, 6)):
        sheet.cell(29, month).value -= sum(REASONS["Other"][at])
    sheet.cell(29, 15).value -= 3


@pytest.mark.parametrize(
    "change",
    [_shift, _swap_columns, _leave_out_family, _put_marks, _merge_label, _put_averages_beside,
     _drop_family_reason],
)  # fmt: skip
def test_drift_of_the_layout_changes_no_figure(tmp_path: Path, usual: set[Figure], change: Change) -> None:
    found = read(write_workbook(tmp_path / NAME, change))
    assert figures(found) == usual
    assert set(found["state"]) == {"accepted", "quarantined"}


@pytest.mark.parametrize(
    "name", ["Detention FY25 ", "Detention FY2025", "DETENTION FY25", "Detention EOFY25"]
)
def test_sheet_may_be_called_otherwise(tmp_path: Path, usual: set[Figure], name: str) -> None:
    assert figures(read(write_workbook(tmp_path / NAME, sheet=name))) == usual


def test_publication_day_stands_in_the_name_of_the_file(tmp_path: Path) -> None:
    named = read(write_workbook(tmp_path / f"20241219010203-{NAME}"))
    assert set(named["published"]) == {date(2024, 12, 18)}
    nameless = read(write_workbook(tmp_path / "statistics.xlsx"))
    assert not figures(nameless)
    assert "published" in reasons(nameless)


def test_what_is_no_release_is_refused_by_name_once(tmp_path: Path) -> None:
    found = read(write_workbook(tmp_path / NAME)).filter(state="quarantined")
    assert found.height == REFUSED
    (removal,) = found.filter(pl.col("raw") == "Release to Remove").rows(named=True)
    assert removal["place"] == "sheet Detention FY25 rows 58 to 61"
    assert "removals are no measure here (16 cells)" in removal["reason"]
    (beside,) = found.filter(pl.col("reason").str.contains("ICE Average Daily Population")).rows(named=True)
    assert "are not measured here: ICE Initial Book-Ins by Arresting Agency" in beside["reason"]


# --- months -------------------------------------------------------------------------------------------------


def test_month_that_has_not_been_has_no_figure_and_the_running_one_ends_at_the_cut_off(
    usual: set[Figure],
) -> None:
    assert {(first, last) for measure, _, _, first, last in usual if measure == "released"} == {
        (date(2024, 10, 1), date(2024, 10, 31)),
        (date(2024, 11, 1), date(2024, 11, 30)),
        (date(2024, 12, 1), date(2024, 12, 14)),
    }


def test_running_month_of_zeros_has_not_been_filled_in(tmp_path: Path, usual: set[Figure]) -> None:
    def empty(sheet: Worksheet) -> None:
        for row in range(29, 74):
            sheet.cell(row, 15).value -= sheet.cell(row, 5).value
            sheet.cell(row, 5).value = 0

    found = figures(read(write_workbook(tmp_path / NAME, empty)))
    assert found == {figure for figure in usual if figure[4] != date(2024, 12, 14)}


def test_zeros_under_a_month_that_is_over_wait(tmp_path: Path) -> None:
    def empty(sheet: Worksheet) -> None:
        for row in range(29, 74):
            sheet.cell(row, 15).value -= sheet.cell(row, 4).value
            sheet.cell(row, 4).value = 0

    found = read(write_workbook(tmp_path / NAME, empty)).filter(state="pending")
    assert set(found["as_of"]) == {date(2024, 11, 30)}
    assert "nothing but zeros" in reasons(found)


def test_number_under_a_month_after_the_cut_off_is_no_figure(tmp_path: Path) -> None:
    def foresee(sheet: Worksheet) -> None:
        sheet["F30"] = 7

    found = read(write_workbook(tmp_path / NAME, foresee))
    assert "'7' stands under a month that begins after the cut-off 2024-12-14" in reasons(found)
    assert date(2025, 1, 31) not in {figure[4] for figure in figures(found)}


def _drop_month(sheet: Worksheet) -> None:
    for row in range(28, 74):
        for column in range(4, 15):
            sheet.cell(row, column).value = sheet.cell(row, column + 1).value
        sheet.cell(row, 15).value = None


def _swap_months(sheet: Worksheet) -> None:
    sheet["C28"], sheet["D28"] = "Nov", "Oct"


@pytest.mark.parametrize("change", [_drop_month, _swap_months])
def test_month_left_out_or_elsewhere_is_refused(tmp_path: Path, change: Change) -> None:
    with pytest.raises(MappingError, match="twelve months were expected, from month 10 on; found are"):
        read(write_workbook(tmp_path / NAME, change))


# --- days ---------------------------------------------------------------------------------------------------


def _said(cut_off: str, snapshot: str = "12/15/2024") -> list[tuple[str | None, str | None]]:
    return [
        (NOTES[1][0], f"FY2025 YTD ICE Final Book Outs data are updated through {cut_off} (EID)."),
        (NOTES[3][0], f"ICE National Docket data are a snapshot as {snapshot}."),
    ]


def test_table_takes_the_sentence_of_its_own_section(tmp_path: Path, usual: set[Figure]) -> None:
    notes = [*NOTES[:4], (NOTES[4][0], "FY2025 YTD ICE Final Book Out data are updated through 11/30/2024.")]
    assert figures(read(write_workbook(tmp_path / NAME, notes=notes))) == usual


def test_two_days_in_one_section_wait_for_a_person(tmp_path: Path) -> None:
    notes = [*_said("12/14/2024"), (None, "ICE National Docket data are a snapshot as of 12/01/2024.")]
    waiting = read(write_workbook(tmp_path / NAME, notes=notes)).filter(state="pending")
    assert "as_of is said in several ways: 12/15/2024, 12/01/2024" in reasons(waiting)


def test_days_that_lie_far_apart_wait_for_a_person(tmp_path: Path) -> None:
    found = read(write_workbook(tmp_path / NAME, notes=_said("12/14/2024", "11/30/2024")))
    assert set(found["state"]) == {"pending", "quarantined"}
    assert "2024-11-30 and the cut-off 2024-12-14 lie 14 days apart" in reasons(found)


def test_sentence_of_the_year_goes_before_another(tmp_path: Path, usual: set[Figure]) -> None:
    older = "FY2024 ICE Final Book Outs data are updated through 09/30/2024."
    notes = [NOTES[0], (NOTES[1][0], older), *NOTES[1:]]
    assert figures(read(write_workbook(tmp_path / NAME, notes=notes))) == usual


@pytest.mark.parametrize("cut_off", ["09/28/2024", "12/14/2026"])
def test_cut_off_of_another_year_is_refused(tmp_path: Path, cut_off: str) -> None:
    with pytest.raises(MappingError, match="is not in the year that begins on 2024-10-01"):
        read(write_workbook(tmp_path / NAME, notes=_said(cut_off)))


def test_cut_off_that_is_not_said_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match=r"find as_of: the pattern .* finds nothing"):
        read(write_workbook(tmp_path / NAME, notes=NOTES[:2]))


def test_sheet_of_another_year_than_the_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="find year: 2024 in one place, 2025 in another"):
        read(write_workbook(tmp_path / NAME, sheet="Detention FY24"))


# --- what changed beyond the mapping ------------------------------------------------------------------------


def _set(cell: str, value: object) -> Change:
    def change(sheet: Worksheet) -> None:
        sheet[cell] = value

    return change


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_set("A18", "Detained Now by Criminality and Arresting Agency"), "most like it: .*Detained Now by"),
        (_set("A75", "ICE Currently Detained by Criminality"), "several fit: A18 .*, A75"),
        (_set("F19", "All"), "column 'All' is not in the mapping"),
        (_set("A19", None), "column '600' is not in the mapping"),
        (_set("B28", "Kind"), "column 'Kind' is not in the mapping"),
        (_set("E9", "Unknown"), "column 'Unknown' is not in the mapping"),
        (_set("E11", 12), "E11 holds something beside the table"),
        (lambda sheet: sheet.delete_rows(21, 2), "the table at row 19 has 2 rows, 4 to 7 were expected"),
    ],
)
def test_changed_layout_is_refused_with_what_changed(tmp_path: Path, change: Change, said: str) -> None:
    with pytest.raises(MappingError, match=said):
        read(write_workbook(tmp_path / NAME, change))


def test_sheet_that_is_not_there_or_hidden_is_refused(tmp_path: Path) -> None:
    path = write_workbook(tmp_path / NAME, sheet="Custody FY25")
    with pytest.raises(MappingError, match="find year: 2020 in one place, 2025 in another"):
        read(path)
    book = openpyxl.load_workbook(path)
    book.remove(book["Detention EOFY2020"])
    book.save(path)
    with pytest.raises(MappingError, match="no sheet's name fits"):
        read(path)
    book["Custody FY25"].title = "Detention FY25"
    book["Detention FY25"].sheet_state = "hidden"
    book.save(path)
    with pytest.raises(MappingError, match=r"and hidden: \['Detention FY25'\]"):
        read(path)


def test_columns_whose_heads_alone_moved_do_not_add_up(tmp_path: Path) -> None:
    def move(sheet: Worksheet) -> None:
        sheet["C9"], sheet["D9"] = "Total", "Adult"

    waiting = read(write_workbook(tmp_path / NAME, move)).filter(state="pending")
    assert waiting.filter(measure="in_custody").height >= 5
    assert "add up to" in reasons(waiting)


@pytest.mark.parametrize(
    ("cell", "said"),
    [("C31", "rows add up to"), ("C30", "columns * add up to"), ("D11", "columns * add up to 300")],
)
def test_total_that_does_not_check_waits(tmp_path: Path, cell: str, said: str) -> None:
    waiting = read(write_workbook(tmp_path / NAME, _set(cell, 777))).filter(state="pending")
    assert said in reasons(waiting)
    assert 777 in waiting["value"].to_list()


def test_new_reason_is_named_and_the_others_are_read(tmp_path: Path, usual: set[Figure]) -> None:
    found = read(write_workbook(tmp_path / NAME, _set("A70", "Released at the Border")))
    assert figures(found) == usual
    (unknown,) = found.filter(raw="Released at the Border").rows(named=True)
    assert unknown["state"] == "quarantined"
    assert "is not among the mapping's values" in unknown["reason"]


def test_label_that_is_gone_makes_two_rows_one_and_neither_counts(tmp_path: Path) -> None:
    found = read(write_workbook(tmp_path / NAME, _set("A54", None)))  # Proceedings Terminated, below Paroled
    assert "rows 50, 54 have the same labels" in reasons(found)
    assert "mechanism=paroled" not in {figure[1] for figure in figures(found)}


def test_hidden_row_waits(tmp_path: Path) -> None:
    def hide(sheet: Worksheet) -> None:
        sheet.row_dimensions[12].hidden = True
        sheet.column_dimensions["E"].hidden = True

    waiting = read(write_workbook(tmp_path / NAME, hide)).filter(state="pending")
    assert "basis=notice_to_appear" in waiting["breakdown"].to_list()
    assert date(2024, 12, 14) in waiting["as_of"].to_list()
    assert "hidden" in reasons(waiting)


def test_formula_without_a_result_spoils_its_cell_alone(tmp_path: Path, usual: set[Figure]) -> None:
    found = read(write_workbook(tmp_path / NAME, _set("D12", "=SUM(B12:C12)")))
    assert "holds the formula =SUM(B12:C12) without a result" in reasons(found)
    assert {figure for figure in usual if figure[0] == "released"} <= figures(found)
