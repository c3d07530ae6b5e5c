"""XLSX: the rows on the first sheet, what they are on the second, and the same in the file's properties."""

import io
import json
import re
import zipfile
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import polars as pl
from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.packaging.custom import StringProperty
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from dashboards.export import provenance, table_data
from dashboards.export.provenance import (
    LARGEST,
    NAME,
    FileContent,
    FileProvenance,
    NotOursError,
    make_content,
)
from dashboards.i18n.translations import read_words
from pipelines.core.formulas import is_formula

_PART: Final = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|docProps/(?:app|core|custom)\.xml|xl/(?:workbook|styles|sharedStrings|"
    r"theme/theme1|worksheets/sheet[12])\.xml|xl/_rels/workbook\.xml\.rels"
)
WIDEST: Final = 60  # characters of a column
_STILL: Final = (1980, 1, 1, 0, 0, 0)  # the day of every member: the same rows are the same bytes


def write(frame: pl.DataFrame, facts: FileProvenance) -> bytes:
    """The workbook. Numbers are numbers, days are days, and no text can be a formula."""
    words = read_words(facts.language)
    book = Workbook(write_only=True)
    fill(book, words("export.sheet_data"), [frame.columns, *frame.iter_rows()], freeze="A2")
    record = provenance.seal_record(
        {**facts.record(), "format": "xlsx"},
        make_canonical_body(frame.columns, table_data.list_rows(frame)),
    )
    about = [(head, text.removeprefix(f"{head}: ")) for head, text in provenance.list_lines(facts)]
    machine = [("liberometro", part) for part in _split_text(json.dumps(record, ensure_ascii=False))]
    fill(book, words("export.sheet_about"), [*about, *machine])
    _set_properties(book, facts, record)
    out = io.BytesIO()
    book.save(out)
    return strip_times(out.getvalue(), facts.built_at)


def make_canonical_body(columns: list[str], rows: list[list[Any]]) -> bytes:
    """What the first sheet holds, in the form of its checksum."""
    return provenance.encode_canonical(
        [columns, *([table_data.clean_cell(value) for value in row] for row in rows)]
    )


def fill(book: Workbook, title: str, rows: Sequence[Sequence[Any]], freeze: str | None = None) -> None:
    """A sheet of a book that is `write_only`: no text a formula, columns as wide as their texts.

    No cell outlives its row: those of an ordinary book hold each other until the collector comes round.
    """
    sheet = book.create_sheet(title)
    assert isinstance(sheet, WriteOnlyWorksheet)
    widths: dict[int, int] = {}
    for row in rows:
        for column, value in enumerate(row, start=1):
            widths[column] = max(widths.get(column, 8), min(len(str(value or "")) + 2, WIDEST))
    for column, width in widths.items():
        sheet.column_dimensions[get_column_letter(column)].width = width  # type: ignore[attr-defined]
    sheet.freeze_panes = freeze
    for number, row in enumerate(rows):
        sheet.append([_make_cell(sheet, value, is_head=number == 0) for value in row])


def _make_cell(sheet: WriteOnlyWorksheet, value: Any, is_head: bool) -> Any:
    cell = WriteOnlyCell(sheet)
    if isinstance(value, str):
        cell.value = table_data.clean_cell(value)
        cell.data_type = "s"  # openpyxl takes a leading = for a formula
        cell.quotePrefix = is_formula(value)  # and so would a person's next edit
    else:
        cell.value = value
    if is_head:
        cell.font = Font(bold=True)
    return cell


def _split_text(text: str, longest: int = 30_000) -> list[str]:
    """A text in pieces that a cell can hold."""
    return [text[start : start + longest] for start in range(0, len(text), longest)]


def _set_properties(book: Workbook, facts: FileProvenance, record: dict[str, Any]) -> None:
    core, own = book.properties, book.custom_doc_props  # type: ignore[attr-defined]
    core.title, core.subject = facts.title, facts.situation_name
    core.creator = core.lastModifiedBy = facts.project
    core.description = f"{facts.source} {facts.address}".strip()
    core.keywords = f"build {facts.build}; {facts.licence}"
    core.language, core.identifier = facts.language, record["sha256"]
    core.created = datetime.fromisoformat(facts.built_at).replace(tzinfo=None)
    for name in ("build", "situation", "chart", "as_of", "known_on", "licence", "address", "sha256"):
        own.append(StringProperty(name=f"liberometro_{name}", value=str(record[name] or "")[:255]))


def strip_times(book: bytes, built_at: str) -> bytes:
    """The same workbook without the time at which it was written."""
    out = io.BytesIO()
    moment = built_at[:19] + "Z"
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            data = old.read(member)
            if member.filename == "docProps/core.xml":
                data = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + moment.encode(), data)
            new.writestr(zipfile.ZipInfo(member.filename, _STILL), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def looks_like(data: bytes) -> bool:
    """Whether it is a ZIP file with a workbook. Raises NotOursError for another ZIP file, BadZipFile."""
    if not data.startswith(b"PK"):
        return False
    with zipfile.ZipFile(io.BytesIO(data)) as members:
        if "xl/workbook.xml" not in members.namelist():
            raise NotOursError("a ZIP file that is no workbook")
    return True


def read(data: bytes) -> FileContent:
    with zipfile.ZipFile(io.BytesIO(data)) as members:
        only = _is_plain(members, len(data))
    book = load_workbook(io.BytesIO(data), read_only=True, data_only=False)
    first, *others = book.worksheets
    table = [[_read_cell(value) for value in row] for row in first.iter_rows(values_only=True)]
    columns = [str(value) for value in table[0]] if table else []
    rows = [row + [None] * (len(columns) - len(row)) for row in table[1:]]  # empty last cells are not written
    texts = [row for other in others for row in other.iter_rows(max_col=2, values_only=True)]
    text = "".join(str(row[1]) for row in texts if row[0] == NAME and len(row) > 1)
    body = make_canonical_body(columns, rows)
    ours = any("Liberómetro" in str(row) for row in texts)
    return make_content("xlsx", text, body, ours, (columns, rows), only=only)


def _is_plain(members: zipfile.ZipFile, size: int) -> bool:
    """Whether the parts are those of a workbook of two sheets, each once, with nothing before or behind them.

    Raises NotOursError where they state more than is ever unpacked.
    """
    parts = members.infolist()
    if sum(each.file_size for each in parts) > LARGEST:
        raise NotOursError(f"it unpacks to more than {LARGEST} bytes, which nothing of ours does")
    names = [each.filename for each in parts]
    ends = members.start_dir + sum(
        46 + len(each.orig_filename.encode() + each.extra + each.comment) for each in parts
    )
    return (
        len({*names}) == len(names)
        and all(_PART.fullmatch(name) for name in names)
        and min((each.header_offset for each in parts), default=0) == 0
        and not members.comment
        and ends + 22 == size
    )


def _read_cell(value: Any) -> Any:
    """A cell as it was given to the workbook: a day comes back as a moment."""
    given = table_data.make_plain(value)
    if isinstance(given, str) and given.endswith("T00:00:00"):
        return given.removesuffix("T00:00:00")
    return given
