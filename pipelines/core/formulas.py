"""Texts that a spreadsheet would compute: marked with an apostrophe where a table leaves as CSV.

A reader's spreadsheet runs what begins with `=`, `+`, `-` or `@`, also behind blanks, in its full-width and
small forms, and behind a tab or a line break. Where `;` parts the columns, as in Spanish settings, it also
runs what stands behind one within a text. Numbers are no texts and stay as they are.
"""

import re
from typing import Any, Final

import polars as pl

_SIGNS: Final = "=+\\-@\u2212\ufe62\ufe63\ufe66\ufe6b\uff0b\uff0d\uff1d\uff20"
_BLANK: Final = "\\s\\x00-\\x1f\u200b-\u200f\u2060\ufeff"  # what a spreadsheet may pass over
# An apostrophe that was there counts with the rest, so that taking one away gives back every text.
_BEGIN: Final = f"(?:[{_BLANK}']*[{_SIGNS}]|'*[\\t\\r\\n])"
_FORMULA: Final = f"(^|;)({_BEGIN})"
_MARKED: Final = f"(^|;)'({_BEGIN})"
_WITHIN: Final = f"([;,\\t])({_BEGIN})"
_python: Final = {pattern: re.compile(pattern) for pattern in (_FORMULA, _MARKED, _WITHIN)}


def mark_formulas(frame: pl.DataFrame) -> pl.DataFrame:
    """A table whose texts a spreadsheet shows and does not compute."""
    texts = pl.col(pl.String, pl.Categorical).cast(pl.String)
    return frame.with_columns(texts.str.replace_all(_FORMULA, "${1}'${2}"))


def is_formula(text: str) -> bool:
    """Whether a spreadsheet may compute this text or a part of it."""
    return _python[_FORMULA].search(text) is not None


def mark_formula(value: Any) -> Any:
    """One value of such a table."""
    return _python[_FORMULA].sub(r"\1'\2", value) if isinstance(value, str) else value


def mark_line(line: str) -> str:
    """An unquoted line of a CSV file that is no row, such as a remark: none of its cells is computed."""
    return _python[_WITHIN].sub(r"\1'\2", line)


def unmark_formula(value: Any) -> Any:
    """The value that `mark_formula` was given."""
    return _python[_MARKED].sub(r"\1\2", value) if isinstance(value, str) else value
