"""Bytes become tables or text: one module a format, a well-kept library in each.

A reader never types a value. It hands on every cell as the text that stood there, with the row number
that a person sees in the file, and names what it could not read.
"""

from pathlib import Path

from pipelines.readers.csv_table import read_csv
from pipelines.readers.kinds import Kind, kind_of
from pipelines.readers.limits import DEFAULT, Limits
from pipelines.readers.shapes import Fault, Grid, Passage, ReadError, Row, Table
from pipelines.readers.xlsx_table import read_xlsx

__all__ = [
    "Fault",
    "Grid",
    "Kind",
    "Limits",
    "Passage",
    "ReadError",
    "Row",
    "Table",
    "kind_of",
    "read_tables",
]


def read_tables(path: Path, *, limits: Limits = DEFAULT) -> list[Table]:
    """Read the tables of a CSV or XLSX file, one for each sheet that is not blank.

    What the file is decides, not its name; where the two disagree it is refused. Raises ReadError when the
    file is empty, of another kind, or has a header that is empty somewhere or repeats itself.
    """
    kind = kind_of(path)
    if kind in {Kind.CSV, Kind.TEXT}:
        return [read_csv(path, limits=limits)]
    if kind is Kind.XLSX:
        return read_xlsx(path, limits=limits)
    raise ReadError(f"{path}: a table was expected (CSV or XLSX), its content is: {kind}")
