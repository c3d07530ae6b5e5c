"""Corrections of claims (`corrections.toml`), and our own mistakes (`own_corrections.csv`).

A correction stands beside the claim, with a reason and the value it expects to replace. One that matches
nothing, or that finds another value than it expects, fails the build.

One row a figure that was taken away or changed: what stood, what stands now, why, and how long it was shown.
"""

from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

import duckdb
import msgspec
import polars as pl

from pipelines.core.model import Measure, Qualifier
from pipelines.core.privacy import DiscreetError
from pipelines.core.situation import Texts, TomlStruct, read_toml
from pipelines.sheets import strict_rows
from pipelines.sheets.strict_rows import StrictRule, parse_days, parse_numbers

FIELDS: Final = ("value", "value_high", "qualifier", "as_of", "period_start", "measure", "breakdown")


class CorrectionError(DiscreetError):
    """A correction does not fit the data; the message names it and what was found instead."""


class Correction(TomlStruct, frozen=True):
    """One field of the claims that `where` picks: from `expected` to `corrected`.

    Values are texts, numbers or days as TOML writes them; a key left out means empty. The reason is a text in
    Spanish, or a text in each language, Spanish among them.
    """

    where: dict[str, Any]
    field: str
    reason: str | Texts
    decided: date
    expected: Any = None
    corrected: Any = None


class _Corrections(TomlStruct, frozen=True):
    correction: list[Correction] = msgspec.field(default_factory=list)


def read_corrections(folder: Path) -> list[Correction]:
    """Read `corrections.toml`; no file is no correction. Raises SituationError with the key at fault."""
    path = folder / "corrections.toml"
    return read_toml(path, _Corrections).correction if path.exists() else []


def apply(con: duckdb.DuckDBPyConnection, situation: str, corrections: list[Correction], today: date) -> None:
    """Put each correction beside the claims it names.

    Raises CorrectionError where one matches nothing or was decided after `today`.
    """
    claims = con.table("claims")
    for number, correction in enumerate(corrections, start=1):
        label = f"{situation}/corrections.toml, correction {number}"
        if correction.field not in FIELDS:
            raise CorrectionError(f"{label}: field {correction.field!r} cannot be corrected, only {FIELDS}")
        if correction.decided > today:
            raise CorrectionError(
                f"{label}: decided {correction.decided} lies in the future (today is {today})"
            )
        reason = correction.reason if isinstance(correction.reason, dict) else {"es": correction.reason}
        if not reason.get("es") or set(reason) - {"es", "en", "pt"}:
            raise CorrectionError(
                f"{label}: a reason is in es, and may be in en and pt; this has {sorted(reason)}"
            )
        unknown = sorted(set(correction.where) - set(claims.columns))
        if unknown:
            raise CorrectionError(f"{label}: claims have no column {unknown[0]!r}")
        picked = claims.filter(duckdb.ColumnExpression("situation") == duckdb.ConstantExpression(situation))
        for column, wanted in correction.where.items():
            picked = picked.filter(duckdb.ColumnExpression(column) == duckdb.ConstantExpression(wanted))
        found = picked.select("claim_id", correction.field).fetchall()
        if not found:
            where = ", ".join(f"{column} = {wanted}" for column, wanted in correction.where.items())
            raise CorrectionError(f"{label}: no claim matches {where}")
        for claim_id, value in found:
            if _format_value(value) != _format_value(correction.expected):
                raise CorrectionError(
                    f"{label}: expects {correction.field} {_format_value(correction.expected)}, "
                    f"but claim {claim_id} says {_format_value(value)}"
                )
            con.execute(
                "INSERT INTO corrections "
                "VALUES ($claim, $situation, $field, $expected, $corrected, $es, $en, $pt, $decided)",
                {
                    "claim": claim_id,
                    "situation": situation,
                    "field": correction.field,
                    "expected": _format_value(value),
                    "corrected": _format_value(correction.corrected),
                    **{language: reason.get(language) for language in ("es", "en", "pt")},
                    "decided": correction.decided,
                },
            )


def _format_value(value: object) -> str | None:
    return None if value is None else str(value)


OWN_FILE: Final = "own_corrections.csv"
_SIDE: Final = ("organisation", "measure", "breakdown", "qualifier", "value", "as_of", "period_start")
_OLD: Final = tuple(f"old_{name}" for name in _SIDE)
_NEW: Final = tuple(f"new_{name}" for name in _SIDE)
_WHY: Final = ("why_es", "why_en", "why_pt")
COLUMNS: Final = (
    "decided", "change", "shown_from", "shown_until", "front_page", *_OLD, *_NEW, "published", "url", *_WHY,
)  # fmt: skip
_DAYS: Final = (
    "decided", "shown_from", "shown_until", "published",
    "old_as_of", "old_period_start", "new_as_of", "new_period_start",
)  # fmt: skip
_NUMBERS: Final = ("old_value", "new_value")


class CorrectionKind(StrEnum):
    """What became of a figure that stood here."""

    REMOVED = "removed"
    CHANGED = "changed"


def read_own_corrections(folder: Path, today: date) -> pl.DataFrame:
    """The mistakes of one situation in the order of the file; no file is none.

    Columns: `row` (as a person sees it) and COLUMNS: values Int64, days Date, `front_page` Boolean, else text
    Raises RowError with file and row where something is wrong.
    """
    path = folder / OWN_FILE
    if path.exists():
        rows = strict_rows.read_rows(path, COLUMNS)
    else:
        rows = pl.DataFrame(schema={"row": pl.Int64, **dict.fromkeys(COLUMNS, pl.String)})
    strict_rows.check_rows(path, rows, _list_rules(today))
    return rows.with_columns(
        *(parse_days(name).alias(name) for name in _DAYS),
        *(parse_numbers(name).alias(name) for name in _NUMBERS),
        front_page=pl.col("front_page").is_not_null(),
    )


def _list_rules(today: date) -> list[StrictRule]:
    removed = pl.col("change") == CorrectionKind.REMOVED
    changed = pl.col("change") == CorrectionKind.CHANGED
    stands = ("new_organisation", "new_measure", "new_breakdown", "new_value")
    return [
        *strict_rows.require_filled("decided", "change", "published", *_WHY),
        *strict_rows.require_filled("old_organisation", "old_measure", "old_breakdown", "old_value"),
        *strict_rows.require_one_of(CorrectionKind, "change"),
        *strict_rows.require_one_of(("yes",), "front_page"),
        *strict_rows.require_one_of(Measure, "old_measure", "new_measure"),
        *strict_rows.require_one_of(Qualifier, "old_qualifier", "new_qualifier"),
        *strict_rows.require_numbers(*_NUMBERS),
        *strict_rows.require_days(today, *_DAYS),
        *strict_rows.require_empty(*_NEW, where=removed, because="a figure that was removed has no new one"),
        *(
            (changed & pl.col(name).is_null(), pl.lit(f"{name} is empty, but the figure was changed"))
            for name in stands
        ),
        (
            parse_days("shown_from") > parse_days("shown_until"),
            pl.format("shown_from {} lies after shown_until {}", "shown_from", "shown_until"),
        ),
        *strict_rows.require_addresses("url"),
    ]
