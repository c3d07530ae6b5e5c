"""HTML: tables by lxml, article text by trafilatura."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import lxml.html
from lxml import etree

from pipelines.core.file_limits import DEFAULT, FileLimits
from pipelines.sheets.raw_table import Grid, Passage, ReadError, Row
from pipelines.sheets.sandbox import run_confined

_BLOCKS: Final = ("br", "p", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "td", "th")
_DESCRIPTIONS: Final = (
    "//meta[@name='description' or @property='og:title' or @property='og:description']/@content"
)
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")  # as &#1; brings them
_SPAN: Final = 65_534  # rows or columns that one cell can reach over
_SKIPPED: Final = ("script", "style", "noscript", "template", "head")


def read_html_grids(path: Path, *, limits: FileLimits = DEFAULT) -> list[Grid]:
    """Every table of the page that holds no other table, named "table 1", "table 2" … in document order.

    A cell that spans columns or rows is repeated, except that a figure is never repeated: it makes a fault.
    Raises ReadError on a page that is too large, nested too deeply or no HTML.
    """
    return run_confined(f"{__name__}:parse_tables", path, list[Grid], limits)


def read_html_text(path: Path, *, limits: FileLimits = DEFAULT) -> list[Passage]:
    """The article's text, without navigation and boilerplate, as one passage. Raises ReadError as above."""
    return run_confined(f"{__name__}:parse_article", path, list[Passage], limits)


def parse_article(path: Path, *, limits: FileLimits) -> list[Passage]:
    """The child's side of the above: the article, or all visible text where trafilatura finds none."""
    import trafilatura

    text = trafilatura.extract(
        _parse(path, limits), include_comments=False, favor_recall=True, deduplicate=False
    )
    text = text or _read_visible_text(_parse(path, limits))
    if not text.strip():
        raise ReadError(
            f"{path}: the page holds no text; if it is drawn by scripts, save it from the browser"
        )
    return [Passage(text)]


def read_whole_page(path: Path, *, limits: FileLimits = DEFAULT) -> list[Passage]:
    """All that a page shows, navigation and tables included, its title and description. Raises ReadError."""
    return run_confined(f"{__name__}:parse_whole", path, list[Passage], limits)


def parse_whole(path: Path, *, limits: FileLimits) -> list[Passage]:
    """The child's side of the above: title, description and visible text, each that there is a passage."""
    page = _parse(path, limits)
    about = [page.findtext("head/title") or "", *page.xpath(_DESCRIPTIONS)]
    return [Passage(text) for text in (*about, _read_visible_text(page)) if text.strip()]


def parse_tables(path: Path, *, limits: FileLimits) -> list[Grid]:
    """The child's side of `read_html_grids`."""
    leaves = [table for table in _parse(path, limits).iter("table") if table.find(".//table") is None]
    return [Grid(f"table {n}", _read_table(table, path, limits)) for n, table in enumerate(leaves, 1)]


def _parse(path: Path, limits: FileLimits) -> Any:
    """The page as a tree. libxml2 stops at 256 levels and drops the rest: that is refused, not kept quiet."""
    size = path.stat().st_size
    if size > limits.html_bytes:
        raise ReadError(f"{path}: {size:,} bytes; an HTML page may have {limits.html_bytes:,}")
    content = path.read_bytes()
    encoding = "utf-8" if _is_utf8(content) else None  # else what the page declares
    parser = lxml.html.HTMLParser(huge_tree=False, no_network=True, encoding=encoding)
    try:
        page = lxml.html.document_fromstring(content, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise ReadError(f"{path}: this is no HTML page ({error})") from error
    if any("depth" in entry.message.lower() for entry in parser.error_log):
        raise ReadError(f"{path}: its elements are nested more than 256 deep; refused")
    return page


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _read_visible_text(page: Any) -> str:
    etree.strip_elements(page, *_SKIPPED, with_tail=False)
    for element in page.iter(*_BLOCKS):
        element.text = f"\n{_CONTROLS.sub(' ', element.text or '')}"
        element.tail = f"\n{_CONTROLS.sub(' ', element.tail or '')}"
    lines = (" ".join(line.split()) for line in page.text_content().split("\n"))
    return "\n".join(line for line in lines if line)


def _read_table(table: Any, path: Path, limits: FileLimits) -> list[Row]:
    """Rows with spans written out. `hanging` holds, by column, cells that reach down from rows above."""
    rows: list[Row] = []
    cells = 0
    hanging: dict[int, tuple[int, str | None, bool]] = {}
    for number, element in enumerate(table.iter("tr"), 1):
        if number > limits.rows:
            raise ReadError(f"{path}: a table has more than {limits.rows:,} rows")
        texts: list[str | None] = []
        spanned = False
        for text, across, down, figure in _read_cells(element):
            spanned |= _take_hanging(hanging, texts)
            spanned |= figure and (across > 1 or down > 1)
            if len(texts) + across > limits.columns:
                raise ReadError(f"{path}: a table has more than {limits.columns:,} columns")
            for _ in range(across):
                if down > 1:
                    hanging[len(texts)] = (down - 1, text, figure)
                texts.append(text)
        spanned |= _take_hanging(hanging, texts)
        fault = "a figure spans several cells, so whose it is cannot be known" if spanned else None
        rows.append(Row(number, texts, fault))
        cells += len(texts)
        if cells > limits.cells:
            raise ReadError(f"{path}: a table has more than {limits.cells:,} cells, spanned ones counted")
    return rows


def _read_cells(row: Any) -> Iterator[tuple[str | None, int, int, bool]]:
    """Text, columns and rows spanned, and whether it is a figure."""
    for cell in row.iterchildren("td", "th"):
        text = " ".join(" ".join(cell.itertext()).split()) or None
        figure = bool(text) and cell.tag == "td" and not any(character.isalpha() for character in text or "")
        yield text, _read_span(cell, "colspan"), _read_span(cell, "rowspan"), figure


def _read_span(cell: Any, name: str) -> int:
    """As browsers do: what is no number is 1, and no row reaches further down than 65,534."""
    value = cell.get(name, "1").strip()
    if not (value.isascii() and value.isdecimal()):
        return 1
    return min(max(1, int(value[:9])), _SPAN)


def _take_hanging(hanging: dict[int, tuple[int, str | None, bool]], texts: list[str | None]) -> bool:
    """Write cells from rows above where they reach into this one; True if one of them is a figure."""
    figure = False
    while len(texts) in hanging:
        column = len(texts)
        left, text, is_figure = hanging.pop(column)
        if left > 1:
            hanging[column] = (left - 1, text, is_figure)
        texts.append(text)
        figure |= is_figure
    return figure
