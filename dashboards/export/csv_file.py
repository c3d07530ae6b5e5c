"""CSV: a header row that any program reads, the rows, then remarks that say what they are; and read back.

The remarks are lines that begin with `# ` behind the rows. Every text is quoted, so a `#` within one is not
taken for a remark. Who wants the rows alone reads with `comment_prefix="#"` (polars) or `comment="#"`.
"""

import csv
import io
import json

import polars as pl

from dashboards.export import provenance
from dashboards.export.provenance import MACHINE, FileContent, FileProvenance, list_remarks, make_content
from dashboards.queries.view import LICENCE_URL
from pipelines.core.formulas import mark_formulas, mark_line, unmark_formula


def write(frame: pl.DataFrame, facts: FileProvenance) -> bytes:
    """UTF-8; days are YYYY-MM-DD, missing is empty; a text like a formula has an apostrophe before it."""
    body = mark_formulas(frame).write_csv(quote_style="non_numeric").encode()
    notes = "\n".join(map(mark_line, list_remarks(facts)))
    stated = {**facts.record(), "format": "csv", "header_sha256": provenance.hash_content(notes.encode())}
    record = provenance.seal_record(stated, body)
    lines = [notes, MACHINE + json.dumps(record, ensure_ascii=False)]
    return body + ("".join(f"{line}\n" for line in lines)).encode()


def looks_like(data: bytes) -> bool:
    start = provenance.get_start(data)
    return start.startswith(b"#") or b"," in start.split(b"\n")[0]


def read(data: bytes) -> FileContent:
    """The file, whether its remarks stand behind its rows or, as older files have them, before."""
    lines = data.splitlines(keepends=True)
    said, body = _part(lines)
    text = next((line for line in said.splitlines() if line.startswith(provenance.MACHINE)), "")
    table = list(csv.reader(io.StringIO(body.decode())))
    rows = [[unmark_formula(value) if value else None for value in row] for row in table[1:]]
    own = (table[0] if table else [], rows)
    record = text.removeprefix(provenance.MACHINE)
    held = make_content("csv", record, body, LICENCE_URL in said, own)
    if held.record is None:
        return held
    # The printed lines are the record's in words: where they differ, somebody wrote in the header.
    same = provenance.hash_content(provenance.read_remarks(said).encode()) == held.record.get("header_sha256")
    return FileContent(held.kind, held.record, held.columns, held.rows, held.unbroken and same)


def _part(lines: list[bytes]) -> tuple[str, bytes]:
    """The remarks, which end with the record, and all that stands before and behind them."""
    machine = MACHINE.encode()
    end = next((at + 1 for at, line in enumerate(lines) if line.startswith(machine)), len(lines))
    start = end
    while start and lines[start - 1].startswith(b"#"):
        start -= 1
    return b"".join(lines[start:end]).decode(), b"".join(lines[:start] + lines[end:])
