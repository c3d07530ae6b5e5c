"""How a spreadsheet's own numbers, days and places are written as text."""

import datetime as dt
from decimal import Decimal

from openpyxl.utils import get_column_letter


def cell_name(row: int, column: int) -> str:
    """Both from 1: row 7, column 2 is B7."""
    return f"{get_column_letter(column)}{row}"


def write_number(value: float, *, percent: bool = False) -> str:
    """1697.0 is 1697, 0.1 + 0.2 is 0.3: the fifteen digits that a spreadsheet shows, never an exponent.

    A percentage keeps its sign, so that 100 % of something never becomes the count 1.
    """
    exact = Decimal(f"{value:.15g}") * (100 if percent else 1)
    text = f"{exact:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return f"{text}%" if percent else text


def write_date(value: dt.date | dt.time | dt.timedelta) -> str:
    """ISO text; a moment at midnight is a day."""
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat()
    return str(value) if isinstance(value, dt.timedelta) else value.isoformat()
