"""JSON: a list of records found by a path, each figure exactly as it is written in the file."""

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any, Final

from pipelines.core.file_limits import DEFAULT, FileLimits
from pipelines.sheets.raw_table import Grid, ReadError, Row
from pipelines.sheets.sandbox import run_confined

_STEP: Final = re.compile(r"([^.\[\]]+)|\[(\d+)\]")


class _Number(str):
    """A number as its digits stand in the file."""

    __slots__ = ()


def read_json_grid(path: Path, at: str = "", *, limits: FileLimits = DEFAULT) -> Grid:
    """The records at `at` ("data.items", "result[0].rows", "" for the whole file), one row each.

    Row 1 holds the keys; nested objects give keys like "totals.women"; record 1 is row 2. Raises ReadError
    on what is no JSON, a key given twice in one object, or a path that leads to no list of objects.
    """
    return run_confined(f"{__name__}:parse_grid", path, Grid, limits, at=at)


def parse_grid(path: Path, *, limits: FileLimits, at: str) -> Grid:
    """The child's side of the above."""
    _check_size(path, limits)
    records = _walk(_parse(path), at, path)
    if not isinstance(records, list) or not all(isinstance(record, dict) for record in records):
        raise ReadError(f"{path}: at {at or 'the top'!r} there is no list of objects")
    if len(records) > limits.rows:
        raise ReadError(f"{path}: more than {limits.rows:,} records")
    flat = [_flatten(record) for record in records]
    keys = list(dict.fromkeys(key for record in flat for key in record))
    if len(keys) > limits.columns:
        raise ReadError(f"{path}: {len(keys):,} different keys; at most {limits.columns:,} are read")
    rows = [Row(1, list(keys))]
    for number, record in enumerate(flat, 2):
        cells = [record.get(key) for key in keys]
        typed = [column for column, cell in enumerate(cells, 1) if isinstance(cell, _Number)]
        rows.append(Row(number, [None if cell is None else str(cell) for cell in cells], None, typed))
    return Grid("", rows)


def read_json_value(path: Path, at: str, *, limits: FileLimits = DEFAULT) -> str:
    """The text or number at a path. Raises ReadError as above, and where a list or an object stands there."""
    return run_confined(f"{__name__}:parse_value", path, str, limits, at=at)


def parse_value(path: Path, *, limits: FileLimits, at: str) -> str:
    """The child's side of the above."""
    _check_size(path, limits)
    value = _walk(_parse(path), at, path)
    if value is None or isinstance(value, bool | list | dict):
        raise ReadError(f"{path}: at {at!r} there is neither a text nor a number")
    return str(value)


def _check_size(path: Path, limits: FileLimits) -> None:
    size = path.stat().st_size
    if size > limits.json_bytes:
        raise ReadError(f"{path}: {size:,} bytes; a JSON file may have {limits.json_bytes:,}")


def _parse(path: Path) -> Any:
    def refuse(word: str) -> None:
        raise ReadError(f"{path}: holds {word}, which is no JSON number")

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            twice = Counter(key for key, _ in pairs).most_common(1)[0][0]
            raise ReadError(f"{path}: the key {twice!r} stands twice in one object")
        return found

    try:
        return json.loads(
            path.read_bytes(),
            parse_int=_Number,
            parse_float=_Number,
            parse_constant=refuse,
            object_pairs_hook=unique,
        )
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise ReadError(f"{path}: this is no JSON ({error})") from error
    except RecursionError as error:
        raise ReadError(f"{path}: is nested too deeply; refused") from error


def _walk(value: Any, at: str, path: Path) -> Any:
    if _STEP.sub("", at).strip("."):
        raise ReadError(f"{path}: the path {at!r} is not understood; write one like 'data.items[0].rows'")
    for key, index in _STEP.findall(at):
        try:
            value = value[int(index)] if index else value[key]
        except (KeyError, IndexError, TypeError) as error:
            raise ReadError(
                f"{path}: the path {at!r} ends at {key or index!r}, which is not there"
            ) from error
    return value


def _flatten(record: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in record.items():
        if isinstance(value, dict):
            flat |= _flatten(value, f"{prefix}{key}.")
        elif isinstance(value, list):
            flat[prefix + key] = json.dumps(value, ensure_ascii=False)
        elif isinstance(value, bool):
            flat[prefix + key] = str(value).lower()
        else:
            flat[prefix + key] = value
    return flat
