"""What a signed folder publishes, written as the folder of a situation: settings, organisations, one sheet.

Standing, doubts and marts are worked out here by the rules of this software, from the claims that the group
published; what it withheld is not in them.
"""

import io
import json
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import msgspec
import polars as pl
import tomli_w
from polars import selectors as cs
from pyarrow import parquet

from pipelines.core.situation import OWN_AFFAIRS, SignedBy, Situation
from pipelines.federation.signed_folder import RefusedFolderError, SignedFolder, UnreachableFolderError
from pipelines.sheets import transcription_sheet, verifications
from pipelines.sheets.raw_table import FAILURES

PLACE: Final = "data/"
SETTINGS: Final = PLACE + "settings.json"
_TABLES: Final = ("claims", "organisations", "definitions", "events", "publishers", "verifications")
_MOST_ROWS: Final = 1_000_000
_MOST_BYTES: Final = 1_000_000_000  # unpacked, of one table
_ACTIVE: Final = ("javascript:", "data:", "vbscript:")  # addresses that a browser would run
_UNSEEN: Final = re.compile(r"[\x00-\x20\x7f]")  # what a browser passes over within an address
_LANGUAGES: Final = ("es", "en", "pt")
_OTHER_NAMES: Final = {"happened": "date", "event_kind": "kind"}
_IDENTITY: Final = (
    "organisation", "measure", "population", "breakdown", "as_of", "published", "publisher", "url",
)  # fmt: skip
_NUMBERS: Final = ("value", "value_high")

Row = Mapping[str, Any]


def write_situation(signed: SignedFolder, name: str, by: SignedBy, folder: Path) -> None:
    """Write the files of a situation `name` into `folder`.

    Raises RefusedFolderError, UnreachableFolderError.
    """
    try:
        settings = json.loads(signed.read(SETTINGS))
        tables = {each: _read_table(signed.read(f"{PLACE}{each}.parquet")) for each in _TABLES}
        _refuse_active(settings)
        stated = {each: value for each, value in settings["situation"].items() if each not in OWN_AFFAIRS}
        situation = msgspec.convert(
            stated | {"id": name, "signed_by": msgspec.to_builtins(by)},
            Situation,
            strict=False,
        )
        files = {
            "situation.toml": _write_toml(msgspec.to_builtins(situation, builtin_types=(date, datetime))),
            "organisations.toml": _write_toml({"organisation": _list_organisations(tables)}),
            "publishers.toml": _write_toml(
                {"publisher": [_name_publisher(row) for row in _rows(tables["publishers"])]}
            ),
            "bridges.toml": _write_toml({"bridge": [_tell_bridge(row) for row in settings["bridges"]]}),
            "comparable.toml": _write_toml({"comparable": _list_comparables(settings["comparables"])}),
            "corrections.toml": _write_toml(
                {"correction": _list_corrections(settings["corrections"], tables["claims"])}
            ),
            "events.csv": tables["events"].drop("situation").rename(_OTHER_NAMES).write_csv().encode(),
            verifications.FILE: _write_verifications(tables),
            "transcriptions/claims.csv": _write_claims(tables["claims"]),
        }
    except (RefusedFolderError, UnreachableFolderError):
        raise
    except FAILURES as error:
        raise RefusedFolderError(f"its data are not in the form that is known here: {error}") from error
    for path, content in files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)


def _read_table(content: bytes) -> pl.DataFrame:
    """A table, however much a small file claims to hold or repeats. Raises RefusedFolderError."""
    stated = parquet.read_metadata(io.BytesIO(content))
    if stated.num_rows > _MOST_ROWS:
        raise RefusedFolderError(f"one of its tables has more than {_MOST_ROWS:,} rows")
    groups = [stated.row_group(number) for number in range(stated.num_row_groups)]
    if sum(each.total_byte_size for each in groups) > _MOST_BYTES:
        raise RefusedFolderError(f"one of its tables unpacks to more than {_MOST_BYTES:,} bytes")
    table = pl.read_parquet(io.BytesIO(content))
    if any(kind.is_nested() for kind in table.dtypes):
        raise RefusedFolderError("one of its tables has lists in its cells")
    texts = table.select(cs.string().str.len_bytes().sum().cast(pl.Int64)).rows()
    if sum(map(sum, texts)) > _MOST_BYTES:  # a long text that stands once in the file, and in every row
        raise RefusedFolderError(f"the texts of one of its tables have more than {_MOST_BYTES:,} bytes")
    return table


def _refuse_active(value: Any) -> None:
    """Raises RefusedFolderError for an address that a browser would run."""
    if isinstance(value, str) and _UNSEEN.sub("", value).lower().startswith(_ACTIVE):
        raise RefusedFolderError("its settings hold an address that a browser would run")
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            _refuse_active(each)


def _rows(frame: pl.DataFrame) -> Sequence[Row]:
    return frame.to_dicts()


def _write_toml(content: Row) -> bytes:
    """TOML has no null: what is missing is left out."""

    def strip(value: Any) -> Any:
        if isinstance(value, Mapping):
            return {name: strip(each) for name, each in value.items() if each is not None}
        return [strip(each) for each in value] if isinstance(value, list) else value

    return tomli_w.dumps(strip(content)).encode()


def _texts(row: Row, name: str) -> dict[str, str]:
    """The words of a column that stands once a language."""
    return {each: row[f"{name}_{each}"] for each in _LANGUAGES if row.get(f"{name}_{each}")}


def _list_organisations(tables: Mapping[str, pl.DataFrame]) -> list[Row]:
    definitions = _rows(tables["definitions"])
    return [
        {
            "id": row["organisation"],
            "name": row["name"],
            "role": row["role"],
            "members": [each for each in (row["members"] or "").split(";") if each],
            "unnamed": row["unnamed"],
            "rhythm_days": row["rhythm_days"],
            "website": row["website"],
            "counts": [
                {
                    **{name: each[name] for name in ("measure", "population", "unit", "since", "until")},
                    "text": _texts(each, "text"),
                    "break_reason": _texts(each, "break_reason") or None,
                }
                for each in definitions
                if each["organisation"] == row["organisation"]
            ],
        }
        for row in _rows(tables["organisations"])
    ]


def _name_publisher(row: Row) -> Row:
    return {"id": row["publisher"], "name": _texts(row, "name"), "website": row["website"]}


def _tell_bridge(row: Row) -> Row:
    kept = {name: row[name] for name in ("organisation", "measure", "population", "link")}
    return {
        **kept,
        "at": _read_day(row["happened"]),
        "decided": _read_day(row["decided"]),
        "reason": _texts(row, "reason"),
    }


def _read_day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _list_comparables(rows: Sequence[Row]) -> list[Row]:
    sides = ("measure", "population", "breakdown", "role", "organisation")
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        thing = found.setdefault(
            row["comparable"],
            {
                "id": row["comparable"],
                "text": _texts(row, "text"),
                "since": _read_day(row["starts"]),
                "side": [],
            },
        )
        thing["side"].append({name: row[name] for name in sides})
    return list(found.values())


def _list_corrections(rows: Sequence[Row], claims: pl.DataFrame) -> list[Row]:
    """Each correction; its claim is named by what it states, since ids change with the situation."""
    about = {row["claim_id"]: row for row in _rows(claims)}
    found: list[Row] = []
    for row in rows:
        if row["claim_id"] in about:
            claim = about[row["claim_id"]]
            where = {name: claim[name] for name in (*_IDENTITY, *_NUMBERS) if claim[name] is not None}
            found.append(
                {
                    "where": where,
                    "field": row["field"],
                    "expected": _read_value(row["field"], row["expected"]),
                    "corrected": _read_value(row["field"], row["corrected"]),
                    "reason": {"es": row["reason"], "en": row["reason_en"], "pt": row["reason_pt"]},
                    "decided": _read_day(row["decided"]),
                }
            )
    return found


def _read_value(field: str, text: str | None) -> Any:
    if text is None:
        return None
    if field in _NUMBERS:
        return int(text)
    return _read_day(text) if field in ("as_of", "period_start") else text


def _write_verifications(tables: Mapping[str, pl.DataFrame]) -> bytes:
    """The readings, each with what it read named by what a sheet states of it."""
    claims = _keep_stated(tables["claims"]).select("claim_id", *verifications.IDENTITY)
    readings = tables["verifications"].sort("position").drop("situation", "position")
    joined = readings.join(claims, on="claim_id", how="inner", maintain_order="left")
    return joined.select(verifications.COLUMNS).write_csv().encode()


def _keep_stated(claims: pl.DataFrame) -> pl.DataFrame:
    return claims.filter(~pl.col("suppressed"))


def _write_claims(claims: pl.DataFrame) -> bytes:
    return _keep_stated(claims).select(transcription_sheet.COLUMNS).write_csv().encode()
