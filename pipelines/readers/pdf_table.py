"""PDF tables by pdfplumber: ruled ones by their lines, others by column edges that a mapping states."""

from bisect import bisect_right
from operator import itemgetter
from pathlib import Path
from typing import Any, Final

import pdfplumber
from pdfplumber.utils.clustering import cluster_objects
from pdfplumber.utils.exceptions import PdfminerException

from pipelines.readers.limits import DEFAULT, Limits
from pipelines.readers.pdf_text import load_page, open_pdf
from pipelines.readers.sandbox import run_confined
from pipelines.readers.shapes import Grid, ReadError, Row

_SAME_LINE: Final = 3  # points between the tops of words that stand on one line


def read_pdf_grids(
    path: Path, *, pages: list[int] | None = None, edges: list[float] | None = None, limits: Limits = DEFAULT
) -> list[Grid]:
    """The tables of the pages, named "page 2", or "page 2 table 1" where a page has several.

    `edges` are the x positions, in points, of the column edges of a table without lines. Raises ReadError
    as `read_pdf_text` does, and for a page that the document does not have.
    """
    return run_confined("pdf_grids", path, list[Grid], limits, pages=pages, edges=edges)


def parse(path: Path, *, limits: Limits, pages: list[int] | None, edges: list[float] | None) -> list[Grid]:
    """The child's side of the above."""
    with open_pdf(path, limits) as document:
        count = len(document)
        for number in range(1, count + 1):
            load_page(document, number, path)
    missing = [page for page in pages or [] if page > count]
    if missing:
        raise ReadError(f"{path}: has {count} pages; page {missing[0]} was asked for")
    grids: list[Grid] = []
    try:
        with pdfplumber.open(path, pages=pages) as book:
            for page in book.pages:
                grids += _read_page(page, edges, path, limits)
                page.close()
    except PdfminerException as error:
        raise ReadError(f"{path}: the PDF is broken ({error}); ask for it again") from error
    return grids


def _read_page(page: Any, edges: list[float] | None, path: Path, limits: Limits) -> list[Grid]:
    tables = [_between(page, edges)] if edges else page.extract_tables()
    grids = []
    for number, rows in enumerate(tables, 1):
        if len(rows) > limits.rows or any(len(row) > limits.columns for row in rows):
            raise ReadError(f"{path}: the table on page {page.page_number} is too large")
        name = f"page {page.page_number}" + (f" table {number}" if len(tables) > 1 else "")
        grids.append(Grid(name, [Row(n, [_clean(cell) for cell in row]) for n, row in enumerate(rows, 1)]))
    return grids


def _between(page: Any, edges: list[float]) -> list[list[str | None]]:
    """Each line of words as a row, each word in the column that holds its middle."""
    rows: list[list[str | None]] = []
    for line in cluster_objects(page.extract_words(), itemgetter("doctop"), tolerance=_SAME_LINE):
        cells: list[str | None] = [None] * (len(edges) - 1)
        for word in sorted(line, key=itemgetter("x0")):
            column = bisect_right(edges, (word["x0"] + word["x1"]) / 2) - 1
            if 0 <= column < len(cells):
                cells[column] = f"{cells[column] or ''} {word['text']}"
        rows.append(cells)
    return rows


def _clean(cell: str | None) -> str | None:
    """One line; a cell that is part of a wider one is null."""
    return " ".join((cell or "").split()) or None
