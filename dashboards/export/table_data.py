"""The rows behind an exhibit in JSON's own types; cells without control signs."""

import re
from datetime import date, datetime
from typing import Any, Final

import polars as pl

from dashboards.exhibits.exhibit import Exhibit

Row = dict[str, Any]
_ILLEGAL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")  # what XML cannot hold
DIGITS: Final = 9  # of a derived number that is kept: the same on every machine


def collect_rows(exhibit: Exhibit) -> pl.DataFrame:
    """The exhibit's rows, all of them where its table is cut; lists joined by `;`."""
    frame = exhibit.frame if exhibit.whole is None else exhibit.whole()
    if frame.width == 0:  # no row, and so no types either: the file still says which columns there would be
        frame = pl.DataFrame(schema=dict.fromkeys(exhibit.columns, pl.String))
    columns = [column for column in exhibit.columns if column in frame.columns]
    frame = frame.select(columns)
    lists = [name for name, kind in frame.schema.items() if isinstance(kind, pl.List)]
    floats = [name for name, kind in frame.schema.items() if kind.is_float()]
    return frame.with_columns(
        pl.col(lists).cast(pl.List(pl.String)).list.join(";"),
        pl.col(floats).round(DIGITS).replace(-0.0, 0.0).round_sig_figs(DIGITS),  # no remains of 1 - 1
    )


def list_rows(frame: pl.DataFrame) -> list[list[Any]]:
    """The rows of a frame in JSON's own types: days are YYYY-MM-DD, missing is null."""
    return [[make_plain(value) for value in row] for row in frame.iter_rows()]


def make_plain(value: Any) -> Any:
    """One value in JSON's own types."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if value is None or isinstance(value, str | bool | int | float):
        return value
    return str(value)


def clean_cell(value: Any) -> Any:
    """A value as a workbook gives it back: no empty text, no fraction of nought, no control signs."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, str):
        return _ILLEGAL.sub("", value) or None
    return value
