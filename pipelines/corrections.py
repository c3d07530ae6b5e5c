"""Corrections: what a person found to be wrong in a claim as transcribed or as published.

A correction stands beside the claim, with a reason and the value it expects to replace. One that matches
nothing, or that finds another value than it expects, fails the build.
"""

from datetime import date
from pathlib import Path
from typing import Any, Final

import duckdb
import msgspec

from pipelines.situation import SituationError, Struct

FIELDS: Final = ("value", "value_high", "qualifier", "as_of", "period_start", "measure", "breakdown")


class CorrectionError(ValueError):
    """A correction does not fit the data; the message names it and what was found instead."""


class Correction(Struct, frozen=True):
    """One field of the claims that `where` picks: from `expected` to `corrected`.

    Values are texts, numbers or days as TOML writes them; a key left out means empty.
    """

    where: dict[str, Any]
    field: str
    reason: str
    decided: date
    expected: Any = None
    corrected: Any = None


class _Corrections(Struct, frozen=True):
    correction: list[Correction] = msgspec.field(default_factory=list)


def read_corrections(folder: Path) -> list[Correction]:
    """Read `corrections.toml`; no file is no correction. Raises SituationError with the key at fault."""
    path = folder / "corrections.toml"
    if not path.exists():
        return []
    try:
        return msgspec.toml.decode(path.read_bytes(), type=_Corrections).correction
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        raise SituationError(f"{path}: {error}") from error


def apply(con: duckdb.DuckDBPyConnection, situation: str, corrections: list[Correction]) -> None:
    """Put each correction beside the claims it names. Raises CorrectionError where one matches nothing."""
    claims = con.table("claims")
    for number, correction in enumerate(corrections, start=1):
        label = f"{situation}/corrections.toml, correction {number}"
        if correction.field not in FIELDS:
            raise CorrectionError(f"{label}: field {correction.field!r} cannot be corrected, only {FIELDS}")
        unknown = sorted(set(correction.where) - set(claims.columns))
        if unknown:
            raise CorrectionError(f"{label}: claims have no column {unknown[0]!r}")
        picked = claims.filter(duckdb.ColumnExpression("situation") == duckdb.ConstantExpression(situation))
        for column, wanted in correction.where.items():
            picked = picked.filter(duckdb.ColumnExpression(column) == duckdb.ConstantExpression(wanted))
        found = picked.select("claim_id", correction.field).fetchall()
        if not found:
            raise CorrectionError(f"{label}: no claim matches {correction.where}")
        for claim_id, value in found:
            if _text(value) != _text(correction.expected):
                raise CorrectionError(
                    f"{label}: expects {correction.field} {_text(correction.expected)}, "
                    f"but claim {claim_id} says {_text(value)}"
                )
            con.execute(
                "INSERT INTO corrections "
                "VALUES ($claim, $situation, $field, $expected, $corrected, $reason, $decided)",
                {
                    "claim": claim_id,
                    "situation": situation,
                    "field": correction.field,
                    "expected": _text(value),
                    "corrected": _text(correction.corrected),
                    "reason": correction.reason,
                    "decided": correction.decided,
                },
            )


def _text(value: object) -> str | None:
    return None if value is None else str(value)
