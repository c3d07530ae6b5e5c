"""PDF: text by pypdfium2 with boxes, tables by pdfplumber by their lines or stated edges."""

from bisect import bisect_right
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from operator import itemgetter
from pathlib import Path
from typing import Any, Final

import pdfplumber
import pypdfium2
from pdfplumber.utils.clustering import cluster_objects

from pipelines.core.file_limits import DEFAULT, FileLimits
from pipelines.intake.files.ocr import Box, TextLine, join_lines, require_ocr
from pipelines.sheets.raw_table import Grid, Passage, ReadError, Row
from pipelines.sheets.sandbox import run_confined

_POINTS: Final = 72
_SCAN_DPI: Final = 200
_FEW_LETTERS: Final = 20  # a page with fewer and a picture on it is a scan
_IMAGE_OBJECT: Final = 3  # FPDF_PAGEOBJ_IMAGE


def read_pdf_text(path: Path, *, limits: FileLimits = DEFAULT) -> list[Passage]:
    """The paragraphs of every page, in the order of the file.

    Raises ReadError when the file is encrypted, broken, too large, has too many pages, states pages that
    are not there, takes too long, or holds scanned pages and the OCR extra is missing.
    """
    task = f"{__name__}:parse_text"
    passages = run_confined(task, path, list[Passage], limits, scans=False)
    if not passages:
        require_ocr(path)
        passages = run_confined(task, path, list[Passage], limits.for_pictures, scans=True)
    return passages


def parse_text(path: Path, *, limits: FileLimits, scans: bool) -> list[Passage]:
    """The child's side of the above; none where pages are scans and time for those was not given."""
    passages: list[Passage] = []
    with open_pdf(path, limits) as document:
        for number in range(1, len(document) + 1):
            page = load_page(document, number, path)
            text = page.get_textpage()
            if not _is_scan(page, text):
                passages += join_lines(_read_lines(text, page.get_height()), number)
            elif scans:
                passages += _read_scan(page, number, path, limits)
            else:
                return []
    if not passages:
        raise ReadError(f"{path}: no page holds any text")
    return passages


@contextmanager
def open_pdf(path: Path, limits: FileLimits) -> Iterator[Any]:
    """The document, once its size, its password and its number of pages are known to be bearable."""
    size = path.stat().st_size
    if size > limits.pdf_bytes:
        raise ReadError(f"{path}: {size:,} bytes; a PDF may have {limits.pdf_bytes:,}")
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise ReadError(f"{path}: the PDF is encrypted; save it without a password") from error
        raise ReadError(f"{path}: the PDF is broken ({error}); ask for it again") from error
    try:
        if len(document) > limits.pages:
            raise ReadError(f"{path}: states {len(document):,} pages; at most {limits.pages:,} are read")
        yield document
    finally:
        document.close()


def load_page(document: Any, number: int, path: Path) -> Any:
    """A page by its number from 1. Raises ReadError when the document only claims to have it."""
    try:
        return document[number - 1]
    except pypdfium2.PdfiumError as error:
        raise ReadError(
            f"{path}: states {len(document):,} pages, but page {number} is not there; ask for it again"
        ) from error


def _is_scan(page: Any, text: Any) -> bool:
    few = len(text.get_text_range().strip()) < _FEW_LETTERS
    return few and any(page.get_objects(filter=[_IMAGE_OBJECT]))


def _read_lines(text: Any, page_height: float) -> Iterator[TextLine]:
    for index in range(text.count_rects()):
        left, bottom, right, top = text.get_rect(index)
        words = text.get_text_bounded(left, bottom, right, top)
        character = text.get_index(left, (bottom + top) / 2, 3, 3)
        height = top - bottom
        if character is not None:  # the font's height: that of "a" and of "Áp" alike
            _, low, _, high = text.get_charbox(character, loose=True)
            height = high - low
        yield TextLine(words, (left, page_height - top, right, page_height - bottom), height)


def _read_scan(page: Any, number: int, path: Path, limits: FileLimits) -> list[Passage]:
    """Render the page and read it as an image; boxes come back in points."""
    from pipelines.intake.files.ocr import recognise

    scale = _SCAN_DPI / _POINTS
    pixels = page.get_width() * page.get_height() * scale**2
    if pixels > limits.pixels:
        raise ReadError(f"{path}: page {number} would be {pixels:,.0f} pixels; at most {limits.pixels:,}")
    image = page.render(scale=scale, rev_byteorder=False).to_numpy()[:, :, :3]
    lines = [
        replace(line, box=_scale_box(line.box, 1 / scale), height=line.height / scale)
        for line in recognise(image, path)
    ]
    return join_lines(lines, number)


def _scale_box(box: Box, scale: float) -> Box:
    left, top, right, bottom = box
    return (left * scale, top * scale, right * scale, bottom * scale)


_SAME_LINE: Final = 3  # points between the tops of words that stand on one line


def read_pdf_grids(
    path: Path,
    *,
    pages: list[int] | None = None,
    edges: list[float] | None = None,
    limits: FileLimits = DEFAULT,
) -> list[Grid]:
    """The tables of the pages, named "page 2", or "page 2 table 1" where a page has several.

    `edges` are the x positions, in points, of the column edges of a table without lines. Raises ReadError
    as `read_pdf_text` does, and for a page that the document does not have.
    """
    return run_confined(f"{__name__}:parse_tables", path, list[Grid], limits, pages=pages, edges=edges)


def parse_tables(
    path: Path, *, limits: FileLimits, pages: list[int] | None, edges: list[float] | None
) -> list[Grid]:
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
                grids += _read_table_page(page, edges, path, limits)
                page.close()
    except (ReadError, MemoryError, RecursionError):
        raise
    except Exception as error:  # pdfminer raises whatever comes of what it finds
        raise ReadError(f"{path}: the PDF is broken ({type(error).__name__}); ask for it again") from error
    return grids


def _read_table_page(page: Any, edges: list[float] | None, path: Path, limits: FileLimits) -> list[Grid]:
    tables = [_split_by_edges(page, edges)] if edges else page.extract_tables()
    grids = []
    for number, rows in enumerate(tables, 1):
        if len(rows) > limits.rows or any(len(row) > limits.columns for row in rows):
            raise ReadError(f"{path}: the table on page {page.page_number} is too large")
        name = f"page {page.page_number}" + (f" table {number}" if len(tables) > 1 else "")
        grids.append(
            Grid(name, [Row(n, [_clean_cell(cell) for cell in row]) for n, row in enumerate(rows, 1)])
        )
    return grids


def _split_by_edges(page: Any, edges: list[float]) -> list[list[str | None]]:
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


def _clean_cell(cell: str | None) -> str | None:
    """One line; a cell that is part of a wider one is null."""
    return " ".join((cell or "").split()) or None
