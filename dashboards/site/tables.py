"""The tables that are published as data, from the build's masked tables alone, and the form of each file."""

import io
import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final

import polars as pl
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from dashboards import queries
from dashboards.exports import content, sheet
from dashboards.words import Words
from pipelines.published import Build

NAMES: Final = (
    "claims", "series", "headline", "organisations", "contradictions", "revisions", "verifications",
    "own_corrections", "publishers", "events", "definitions", "law",
)  # fmt: skip
KEYS: Final = {
    "claims": "claim_id", "organisations": "organisation", "contradictions": "rank",
    "own_corrections": "position", "publishers": "publisher",
}  # fmt: skip
TAGS: Final = {
    "claim_id": "#meta+id+claim", "figure_id": "#meta+id+figure", "situation": "#crisis+code",
    "organisation": "#org+code", "measure": "#indicator+code", "kind": "#indicator+type",
    "population": "#group+code", "breakdown": "#group+breakdown", "qualifier": "#indicator+qualifier",
    "value": "#affected+num", "value_high": "#affected+num+max", "low": "#affected+num+low",
    "high": "#affected+num+high", "period_start": "#date+start", "baseline": "#date+baseline",
    "as_of": "#date+occurred", "published": "#date+published", "last_published": "#date+published+last",
    "retrieved": "#date+retrieved", "publisher": "#meta+source", "url": "#meta+url", "note": "#description",
    "happened": "#date+occurred", "old_value": "#affected+num+previous", "new_value": "#affected+num",
    "old_published": "#date+published+previous", "new_published": "#date+published",
    "title_es": "#event+name+i_es", "title_en": "#event+name+i_en", "title_pt": "#event+name+i_pt",
    "event_kind": "#event+type",
    "standing": "#status+standing", "doubt": "#status+doubt", "checked": "#status+checked",
    "verdict": "#status+verdict", "checked_on": "#date+checked", "decided": "#date+corrected",
    "change": "#status+change", "shown_from": "#date+shown+start", "shown_until": "#date+shown+end",
    "old_as_of": "#date+occurred+previous", "new_as_of": "#date+occurred",
    "old_organisation": "#org+code+previous", "new_organisation": "#org+code",
    "old_measure": "#indicator+code+previous", "new_measure": "#indicator+code",
    "old_breakdown": "#group+breakdown+previous", "new_breakdown": "#group+breakdown",
    "old_qualifier": "#indicator+qualifier+previous", "new_qualifier": "#indicator+qualifier",
    "why_es": "#description+why+i_es", "why_en": "#description+why+i_en", "why_pt": "#description+why+i_pt",
    "address": "#meta+url+read", "archive": "#meta+url+archive", "read_on": "#date+checked",
    "passed_value": "#affected+num+passed", "passed_as_of": "#date+occurred+passed",
    "fact_es": "#description+i_es", "fact_en": "#description+i_en", "fact_pt": "#description+i_pt",
    "name_es": "#meta+source+i_es", "name_en": "#meta+source+i_en", "name_pt": "#meta+source+i_pt",
    "name": "#org+name", "role": "#org+type", "website": "#org+url",
}  # fmt: skip  # every other column is #meta+<its name>
_TYPES: Final = {pl.String: "string", pl.Date: "date", pl.Boolean: "boolean"}


def table(build: Build, situation: str, name: str) -> pl.DataFrame:
    """One of NAMES; withheld values are empty."""
    return queries.ask(build, f"site_table_{name}", situation=situation)


def type_of(kind: pl.DataType) -> str:
    """The column's type as a table schema names it."""
    return "integer" if kind.is_integer() else _TYPES[type(kind)]


def csv(frame: pl.DataFrame) -> bytes:
    """UTF-8; days are YYYY-MM-DD, missing is empty; a text like a formula has an apostrophe before it."""
    return _safe(frame).write_csv(quote_style="necessary").encode()


def hxl(frame: pl.DataFrame) -> bytes:
    """The CSV with the HXL hashtags in its second row."""
    head, _, rows = csv(frame).partition(b"\n")
    return b"\n".join((head, ",".join(tag(name) for name in frame.columns).encode(), rows))


def tag(column: str) -> str:
    """A column's HXL hashtag."""
    return TAGS.get(column, f"#meta+{column}")


def parquet(frame: pl.DataFrame) -> bytes:
    """Parquet, every text as it is."""
    out = io.BytesIO()
    frame.write_parquet(out, compression="zstd", compression_level=9)
    return out.getvalue()


def rows(frame: pl.DataFrame) -> list[dict[str, Any]]:
    """The rows as JSON has them: days as YYYY-MM-DD, missing as null."""
    return [
        {name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()}
        for row in frame.to_dicts()
    ]


def as_json(frame: pl.DataFrame) -> bytes:
    """An array of objects, one a line."""
    lines = ",\n".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows(frame))
    return f"[\n{lines}\n]\n".encode()


def xlsx(frame: pl.DataFrame, columns: Sequence[Sequence[str]], title: str, built_at: str) -> bytes:
    """The rows on one sheet, the codebook on another; no text can be a formula."""
    book = Workbook()
    data = book.active
    assert isinstance(data, Worksheet)
    data.title = title
    sheet.fill(data, [frame.columns, *frame.iter_rows()])
    data.freeze_panes = "A2"
    sheet.fill(book.create_sheet("codebook"), list(columns))
    book.properties.created = datetime.fromisoformat(built_at).replace(tzinfo=None)
    book.properties.creator = "Liberómetro"
    out = io.BytesIO()
    book.save(out)
    return sheet.stilled(out.getvalue(), built_at)


def codebook(frame: pl.DataFrame, words: Words) -> list[tuple[str, str, str]]:
    """Column, type and meaning of each column."""
    return [
        (name, type_of(kind), words(f"codebook.{name}"))
        for name, kind in zip(frame.columns, frame.dtypes, strict=True)
    ]


def _safe(frame: pl.DataFrame) -> pl.DataFrame:
    texts = [name for name, kind in frame.schema.items() if kind == pl.String]
    return frame.with_columns(pl.col(name).map_elements(content.neutral, pl.String) for name in texts)
