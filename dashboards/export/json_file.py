"""JSON: `about` says what the rows are, `rows` holds them; and read back."""

import json
from typing import Any

import polars as pl

from dashboards.export import provenance, table_data
from dashboards.export.provenance import FileContent, FileProvenance, NotOursError, make_content


def write(frame: pl.DataFrame, facts: FileProvenance) -> bytes:
    """`about` holds what the other formats print; `rows` is one object a row."""
    rows: list[dict[str, Any]] = [
        dict(zip(frame.columns, row, strict=True)) for row in table_data.list_rows(frame)
    ]
    record = provenance.seal_record({**facts.record(), "format": "json"}, provenance.encode_canonical(rows))
    return json.dumps({"about": record, "rows": rows}, ensure_ascii=False, indent=1).encode() + b"\n"


def looks_like(data: bytes) -> bool:
    return provenance.get_start(data).startswith(b"{")


def read(data: bytes) -> FileContent:
    whole = json.loads(data, object_pairs_hook=_take_once)
    about, rows = (whole.get("about"), whole.get("rows")) if isinstance(whole, dict) else (None, None)
    if not isinstance(about, dict) or not isinstance(rows, list):
        raise NotOursError("JSON without `about` and `rows`")
    columns = list(rows[0]) if rows else []
    own = (columns, [[row.get(column) for column in columns] for row in rows])
    body = provenance.encode_canonical(rows)
    return make_content("json", json.dumps(about), body, True, own, only=len(whole) == 2)


def _take_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose names each stand once: of two, one program reads the first, another the last."""
    if len(dict(pairs)) != len(pairs):
        raise NotOursError("JSON in which one name stands twice")
    return dict(pairs)
