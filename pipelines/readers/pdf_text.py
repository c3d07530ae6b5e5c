"""PDF text by pypdfium2, with boxes in points from the page's top left; a scanned page goes through OCR."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pypdfium2

from pipelines.readers.blocks import Box, Line, join_lines
from pipelines.readers.limits import DEFAULT, Limits
from pipelines.readers.sandbox import run_confined
from pipelines.readers.shapes import Passage, ReadError

_POINTS: Final = 72
_SCAN_DPI: Final = 200
_FEW_LETTERS: Final = 20  # a page with fewer and a picture on it is a scan
_IMAGE_OBJECT: Final = 3  # FPDF_PAGEOBJ_IMAGE


def read_pdf_text(path: Path, *, limits: Limits = DEFAULT) -> list[Passage]:
    """The paragraphs of every page, in the order of the file.

    Raises ReadError when the file is encrypted, broken, too large, has too many pages, states pages that
    are not there, takes too long, or holds scanned pages and the OCR extra is missing.
    """
    return run_confined("pdf_text", path, list[Passage], limits)


def parse(path: Path, *, limits: Limits) -> list[Passage]:
    """The child's side of the above."""
    passages: list[Passage] = []
    with open_pdf(path, limits) as document:
        for number in range(1, len(document) + 1):
            passages += _read_page(load_page(document, number, path), number, path, limits)
    if not passages:
        raise ReadError(f"{path}: no page holds any text")
    return passages


@contextmanager
def open_pdf(path: Path, limits: Limits) -> Iterator[Any]:
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


def _read_page(page: Any, number: int, path: Path, limits: Limits) -> list[Passage]:
    text = page.get_textpage()
    if len(text.get_text_range().strip()) < _FEW_LETTERS and any(page.get_objects(filter=[_IMAGE_OBJECT])):
        return _read_scan(page, number, path, limits)
    top = page.get_height()
    return join_lines(_lines(text, top), number)


def _lines(text: Any, page_height: float) -> Iterator[Line]:
    for index in range(text.count_rects()):
        left, bottom, right, top = text.get_rect(index)
        words = text.get_text_bounded(left, bottom, right, top)
        character = text.get_index(left, (bottom + top) / 2, 3, 3)
        height = top - bottom
        if character is not None:  # the font's height: that of "a" and of "Áp" alike
            _, low, _, high = text.get_charbox(character, loose=True)
            height = high - low
        yield Line(words, (left, page_height - top, right, page_height - bottom), height)


def _read_scan(page: Any, number: int, path: Path, limits: Limits) -> list[Passage]:
    """Render the page and read it as an image; boxes come back in points."""
    from pipelines.readers.image_text import recognise

    scale = _SCAN_DPI / _POINTS
    pixels = page.get_width() * page.get_height() * scale**2
    if pixels > limits.pixels:
        raise ReadError(f"{path}: page {number} would be {pixels:,.0f} pixels; at most {limits.pixels:,}")
    image = page.render(scale=scale, rev_byteorder=False).to_numpy()[:, :, :3]
    lines = [
        replace(line, box=_scaled(line.box, 1 / scale), height=line.height / scale)
        for line in recognise(image, path)
    ]
    return join_lines(lines, number)


def _scaled(box: Box, scale: float) -> Box:
    left, top, right, bottom = box
    return (left * scale, top * scale, right * scale, bottom * scale)
