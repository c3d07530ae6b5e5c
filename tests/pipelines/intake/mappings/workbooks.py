"""A workbook in the manner of a ministry, with invented numbers, as a test needs it.

Two tables of people held, a third of book-outs by month of a fiscal year, another beside them, and a sheet of
notes that alone says of which day they are.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

MONTHS = ("Oct", "Nov", "Dec", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep")
KINDS = ("Convicted Criminal", "Pending Criminal Charges", "Other Immigration Violator")
REASONS = {  # three months: of each the convicted, those with charges, the others
    "Bonded Out": ((10, 20, 30), (11, 21, 31), (5, 6, 7)),
    "Bond Set by ICE": ((4, 8, 12), (5, 9, 13), (2, 3, 4)),
    "Bond Set by IJ": ((6, 12, 18), (6, 12, 18), (3, 3, 3)),
    "Order of Recognizance": ((7, 9, 70), (8, 10, 71), (1, 0, 33)),
    "Order of Supervision": ((40, 9, 11), (41, 8, 12), (20, 4, 6)),
    "Paroled": ((1, 2, 90), (2, 3, 91), (0, 1, 40)),
    "Proceedings Terminated": ((5, 6, 7), (6, 7, 8), (3, 3, 3)),
    "Release to Remove": ((300, 100, 200), (310, 110, 210), (150, 50, 90)),
    "Relief Granted by IJ": ((8, 7, 21), (9, 6, 22), (4, 3, 10)),
    "Transferred": ((2, 1, 1), (3, 1, 1), (1, 0, 1)),
    "Other": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
}
PARTS_OF_BONDED = ("Bond Set by ICE", "Bond Set by IJ")
NOTES = (
    ("U.S. Immigration and Customs Enforcement", None),
    (
        "FY2025 ICE Final Book Outs",
        "FY2025 YTD ICE Final Book Out data are updated through 12/14/2024 (EID).",
    ),
    (None, "FY2024 ICE Final Book Out data is historic and remains static."),
    (
        "ICE Currently Detained Population Breakdown",
        "ICE National Docket data are a snapshot as of  12/15/2024.",
    ),
    ("Monthly Bond Statistics", "FY2025 YTD ICE Final Book Out data are updated through 12/14/2024 (EID)."),
)


def write_workbook(
    path: Path,
    change: Callable[[Worksheet], None] | None = None,
    *,
    sheet: str = "Detention FY25",
    notes: Sequence[tuple[str | None, str | None]] = NOTES,
) -> Path:
    """The workbook at `path`; `change` is done to the sheet of figures before it is saved."""
    book = openpyxl.Workbook()
    book.worksheets[0].title = "Header"
    figures = book.create_sheet(sheet)
    _write_held(figures)
    _write_book_outs(figures)
    below = figures.max_row + 4
    figures.cell(below, 1, "ICE Average Daily Population by Arresting Agency, Month and Criminality: FY2025")
    figures.cell(below + 1, 1, "Agency")
    figures.cell(below + 1, 2, "Oct")
    figures.cell(below + 2, 1, "CBP Average")
    figures.cell(below + 2, 2, 12614.290323)
    if change is not None:
        change(figures)
    for row in (old := book.create_sheet("Detention EOFY2020")).iter_rows(1, 1):
        row[0].value = "ICE Currently Detained by Processing Disposition"
    old["A2"] = "Processing Disposition"
    page = book.create_sheet("Footnotes")
    for title, text in notes:
        page.append([title, text])
    book.save(path)
    return path


def _write_held(sheet: Worksheet) -> None:
    _write(sheet, 1, 1, [["U.S. Immigration and Customs Enforcement"], ["ICE DETENTION DATA, FY2025"]])
    sheet["A8"] = "ICE Currently Detained by Processing Disposition and Detention Facility Type: FY2025"
    sheet.merge_cells("A8:D8")
    rows = [
        ["Processing Disposition", "FSC", "Adult", "Total"],
        ["Total", 30, 970, 1000],
        ["Expedited Removal (I-860)", 10, 290, 300],
        ["Notice to Appear (I-862)", 15, 435, 450],
        ["Reinstatment of Deport Order (I-871) ", 0, 100, 100],
        ["Other", 5, 145, 150],
    ]
    _write(sheet, 9, 1, rows)
    sheet["G8"] = "Average Time from USCIS Fear Decision Service Date to ICE Release (In Days)"
    sheet.merge_cells("G8:K8")
    _write(sheet, 9, 7, [["ICE Release Fiscal Year", None, "Total"], ["FY2025", None, 45.537]])
    sheet["A18"] = "ICE Currently Detained by Criminality and Arresting Agency"
    sheet.merge_cells("A18:F18")
    rows = [
        ["Criminality", "ICE", "Percent ICE", "CBP", "Percent CBP", "Total"],
        ["Total", 600, 0.6, 400, 0.4, 1000],
        ["Convicted Criminal", 240, 0.8, 60, 0.2, 300],
        ["Pending Criminal Charges", 160, 0.8, 40, 0.2, 200],
        ["Other Immigration Violator", 200, 0.4, 300, 0.6, 500],
    ]
    _write(sheet, 19, 1, rows)
    sheet["I18"] = "ICE Initial Book-Ins by Arresting Agency and Month: FY2025"
    _write(sheet, 19, 9, [["Agency", *MONTHS, "Total"], ["Total", 23624, 21131, 10298, *[0] * 9, 55053]])


def _write_book_outs(sheet: Worksheet) -> None:
    sheet["A27"] = "ICE Final Book Outs by Release Reason, Month and Criminality: FY2025"
    sheet.merge_cells("A27:E27")
    whole = [
        sum(sum(counts[month]) for reason, counts in REASONS.items() if reason not in PARTS_OF_BONDED)
        for month in range(3)
    ]
    rows: list[list[object]] = [
        ["Release Reason", "Criminality", *MONTHS, "Total"],
        ["Total", None, *whole, *[0] * 9, sum(whole)],
    ]
    for reason, months in REASONS.items():
        totals = [sum(counts) for counts in months]
        rows.append([reason, "Total", *totals, *[0] * 9, sum(totals)])
        for at, kind in enumerate(KINDS):
            counts = [month[at] for month in months]
            rows.append([None, kind, *counts, *[None] * 9, sum(counts)])
    _write(sheet, 28, 1, rows)


def _write(sheet: Worksheet, top: int, left: int, rows: Sequence[Sequence[object]]) -> None:
    for down, row in enumerate(rows):
        for right, value in enumerate(row):
            sheet.cell(top + down, left + right, value)
