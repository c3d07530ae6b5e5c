"""The figures that are to be read again: the claims of the published build, as their sheets state them.

One that a person corrected is looked for as corrected; a reading still names it as its sheet does.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import polars as pl

from pipelines.core.frames import read_rows
from pipelines.core.kept_results import KeptResults
from pipelines.core.model import RowState
from pipelines.core.paths import DataDir
from pipelines.core.situation import read_organisations, read_situation
from pipelines.intake.claim_batches import open_sheet
from pipelines.sheets.verifications import IDENTITY, ReadingVerdict
from pipelines.warehouse import published_build

_MASKED: Final = ("qualifier", "value", "value_high")  # what the build withholds of a small cell


class UnknownClaimError(KeyError):
    """No claim has that id; the message names it."""

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True)
class CitedClaim:
    """One figure as a report is said to state it, with the verdict of its latest reading, if any.

    `named` holds what its sheet states where a person corrected that.
    """

    claim_id: str
    organisation: str
    measure: str
    breakdown: str
    qualifier: str | None
    value: int | None
    value_high: int | None
    as_of: date | None
    published: date
    url: str | None
    verdict: str | None = None
    named: Mapping[str, Any] | None = None

    @property
    def identity(self) -> dict[str, str]:
        """The cells by which `verifications.csv` names it, as text; empty where there is nothing."""
        named = self.named or {}
        return {name: _format_cell(named.get(name, getattr(self, name))) for name in IDENTITY}

    @property
    def unread(self) -> bool:
        """Whether nobody has found yet what its source says."""
        return self.verdict in (None, ReadingVerdict.UNREACHABLE)

    def __str__(self) -> str:
        high = f"-{self.value_high}" if self.value_high is not None else ""
        parts = (self.organisation, self.measure, self.breakdown, self.qualifier, f"{self.value}{high}")
        return f"{' '.join(part or '' for part in parts)}, as of {self.as_of or 'an unknown day'}"


def read_claims(data: DataDir, situation: str, today: date) -> list[CitedClaim]:
    """Every claim of a situation, newest publication first.

    A small cell, which the build withholds, is taken from its sheet; one from elsewhere has no value.
    Raises NoBuildError.
    """
    params = {"situation": situation, "today": today}
    with published_build.open_current(data) as con:
        rows = read_rows(con, published_build.read_query("cited_claims"), params)
    withheld = {row["file"] for row in rows if row["suppressed"]}
    stated = _read_from_sheets(data, situation, withheld, today)
    for row in rows:
        if row["suppressed"]:
            row |= stated.get((row["file"], row["place"]), {})
    return [CitedClaim(**{name: row[name] for name in CitedClaim.__dataclass_fields__}) for row in rows]


def choose(claims: Sequence[CitedClaim], ids: Iterable[str], *, every: bool) -> list[CitedClaim]:
    """The claims with these ids (or ids that begin so), else those nobody read yet, else `every` one.

    Raises UnknownClaimError.
    """
    wanted = list(ids)
    if not wanted:
        return [claim for claim in claims if every or claim.unread]
    for begins in wanted:
        if not any(claim.claim_id.startswith(begins) for claim in claims):
            raise UnknownClaimError(f"no claim has an id that begins with {begins!r}")
    return [claim for claim in claims if claim.claim_id.startswith(tuple(wanted))]


def _read_from_sheets(
    data: DataDir, situation: str, files: Iterable[str], today: date
) -> dict[tuple[str, str], dict[str, Any]]:
    """What the rows of some sheets say, by file and place."""
    folder = data.situation(situation)
    settings, organisations = read_situation(folder), read_organisations(folder)
    found = {}
    for name in sorted(files):
        if not (name.startswith("transcriptions/") and (folder / name).is_file()):
            continue
        rows = open_sheet(folder / name, folder, settings, organisations, today, KeptResults(None))
        for row in rows.filter(pl.col("state") == RowState.ACCEPTED).iter_rows(named=True):
            found[name, f"{row['place']} {row['place_number']}"] = {key: row[key] for key in _MASKED}
    return found


def _format_cell(value: object) -> str:
    return "" if value is None else str(value)
