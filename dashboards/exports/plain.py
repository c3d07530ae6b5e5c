"""CSV and JSON: the rows, with the lines that say what they are.

A CSV file starts with lines that begin with `# `; the header row follows. Every text is quoted, so a `#`
within one is not taken for a remark. Read it with `comment_prefix="#"` (polars) or `comment="#"` (pandas,
readr, DuckDB).
"""

import json
import re
from typing import Any, Final

import polars as pl

from dashboards.exports import content
from dashboards.exports.imprint import Imprint
from dashboards.view import LICENCE_URL
from dashboards.words import words_of

REMARK: Final = "# "
MACHINE: Final = "# liberometro: "
_FORMULA: Final = f"^[{re.escape(''.join(content.FORMULA))}]"


def csv(frame: pl.DataFrame, imprint: Imprint) -> bytes:
    """UTF-8; days are YYYY-MM-DD, missing is empty; a text like a formula has an apostrophe before it."""
    texts = [name for name, kind in frame.schema.items() if kind == pl.String]
    safe = frame.with_columns(pl.col(texts).str.replace(_FORMULA, "'${0}"))
    body = safe.write_csv(quote_style="non_numeric").encode()
    header = "\n".join(said(imprint))
    stated = {**imprint.record(), "format": "csv", "header_sha256": content.digest(header.encode())}
    record = content.sealed(stated, body)
    lines = [header, MACHINE + json.dumps(record, ensure_ascii=False)]
    return ("".join(f"{line}\n" for line in lines)).encode() + body


def header(remarks: str) -> str:
    """The lines in words of a file's remarks, without the one for machines."""
    return "\n".join(line for line in remarks.splitlines() if not line.startswith(MACHINE))


def said(imprint: Imprint) -> list[str]:
    """The lines of the header, each a remark."""
    return [REMARK + " ".join(text.split()) for _, text in lines(imprint)]


def lines(imprint: Imprint) -> list[tuple[str, str]]:
    """What a file says about itself in words: a heading and its text, one after the other."""
    words = words_of(imprint.language)
    stated = [
        (words("export.title"), f"{imprint.situation_name}. {imprint.title}"),
        (words("export.summary"), imprint.summary),
        *((words("export.key"), text) for text in imprint.key),
        *((words("export.event"), text) for text in imprint.events),
        (words("export.source"), imprint.source),
        (words("export.as_of"), imprint.as_of or words("no_data")),
        (words("export.build"), f"{imprint.build} ({imprint.built_at})"),
        (words("export.address"), imprint.address or imprint.project),
        (words("export.licence"), f"{imprint.licence} {LICENCE_URL}"),
    ]
    return [(head, f"{head}: {text}") for head, text in stated]


def json_file(frame: pl.DataFrame, imprint: Imprint) -> bytes:
    """`about` holds what the other formats print; `rows` is one object a row."""
    rows: list[dict[str, Any]] = [dict(zip(frame.columns, row, strict=True)) for row in content.rows(frame)]
    record = content.sealed({**imprint.record(), "format": "json"}, content.canonical(rows))
    return json.dumps({"about": record, "rows": rows}, ensure_ascii=False, indent=1).encode() + b"\n"
