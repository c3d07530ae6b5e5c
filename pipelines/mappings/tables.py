"""The tables of a report, as its mapping names them."""

from pathlib import Path
from typing import Final

from pipelines.mappings.schema import Format, Mapping, MappingError
from pipelines.readers import Grid, Kind, kind_of
from pipelines.readers.csv_table import read_csv_grid
from pipelines.readers.html_page import read_html_grids
from pipelines.readers.json_records import read_json_grid
from pipelines.readers.ods_table import read_ods_grids
from pipelines.readers.pdf_table import read_pdf_grids
from pipelines.readers.xlsx_table import read_xlsx_grids

_KINDS: Final = {
    Format.CSV: {Kind.CSV, Kind.TEXT},
    Format.XLSX: {Kind.XLSX},
    Format.ODS: {Kind.ODS},
    Format.JSON: {Kind.JSON},
    Format.HTML: {Kind.HTML},
    Format.PDF: {Kind.PDF},
}


def load_grids(mapping: Mapping, path: Path) -> list[Grid]:
    """The tables to read, blank ones left out. Raises ReadError, and MappingError when one is not there."""
    kind = kind_of(path)
    if kind not in _KINDS[mapping.format]:
        raise MappingError(f"{path}: the mapping expects {mapping.format}, the content is: {kind}")
    grids = _read(mapping, path)
    names = [grid.name for grid in grids]
    missing = [name for name in mapping.where.tables if name not in names]
    if missing:
        raise MappingError(f"{path}: there is no {missing[0]!r}; the file has {names}")
    chosen = [grid for grid in grids if not mapping.where.tables or grid.name in mapping.where.tables]
    filled = [grid for grid in chosen if any(row.fault or any(row.cells) for row in grid.rows)]
    if not filled:
        raise MappingError(f"{path}: there is no table in it")
    return filled


def _read(mapping: Mapping, path: Path) -> list[Grid]:
    where = mapping.where
    match mapping.format:
        case Format.CSV:
            header = max(where.header_rows)
            return [
                read_csv_grid(path, encoding=where.encoding, separator=where.separator, header_row=header)
            ]
        case Format.XLSX:
            return read_xlsx_grids(path, computed=where.computed, header_rows=where.header_rows)
        case Format.ODS:
            return read_ods_grids(path, computed=where.computed, header_rows=where.header_rows)
        case Format.JSON:
            return [read_json_grid(path, where.records)]
        case Format.HTML:
            return read_html_grids(path)
        case Format.PDF:
            return read_pdf_grids(path, pages=where.pages or None, edges=where.edges or None)
