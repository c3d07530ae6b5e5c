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
    whole = json.loads(data)
    about, rows = whole.get("about"), whole.get("rows")
    if not isinstance(about, dict) or not isinstance(rows, list):
        raise NotOursError("JSON without `about` and `rows`")
    columns = list(rows[0]) if rows else []
    own = (columns, [[row.get(column) for column in columns] for row in rows])
    return make_content("json", json.dumps(about), provenance.encode_canonical(rows), True, own)
