"""The file of proposals, which a person reads and confirms, and the readings that come out of it.

It lies in the inbox, which git ignores. `confirmed` is empty until a person writes `yes`; verdict, field and
should_be may be changed before that. Rows without `yes` are left alone.
"""

import csv
import os
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import chain, count
from pathlib import Path
from typing import Any, Final

import polars as pl

from pipelines.core import private_files
from pipelines.core.formulas import mark_formula
from pipelines.intake.files.file_kind import read_tables
from pipelines.intake.recheck.cited_claims import CitedClaim
from pipelines.intake.recheck.cited_pages import FOLDER
from pipelines.intake.recheck.verdicts import Proposal
from pipelines.sheets import strict_rows, verifications
from pipelines.sheets.raw_table import Table
from pipelines.sheets.verifications import IDENTITY

FILE: Final = f"{FOLDER}/proposals.csv"
YES: Final = "yes"
_READ: Final = ("checked_on", "address", "sha256", "archive")
COLUMNS: Final = (
    "confirmed", *IDENTITY, "verdict", "field", "should_be", "phrase", "look", *_READ, "claim_id",
)  # fmt: skip
_NEEDED: Final = ("confirmed", *IDENTITY, "verdict", "checked_on")


def write_proposals(folder: Path, proposals: Iterable[Proposal]) -> Path:
    """Write a file of proposals, whole or not at all; one in which a person confirmed something is kept."""
    first = folder / FILE
    names = chain([first], (first.with_stem(f"{first.stem}-{number}") for number in count(2)))
    path = next(each for each in names if not _has_confirmed(each))
    private_files.make_folder(path.parent)
    beside = path.with_name(f".{path.name}.new")
    with private_files.open_private(beside, "w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, COLUMNS, lineterminator="\n")
        writer.writeheader()
        for each in proposals:
            # A person opens this in a spreadsheet, and the phrase is what stands on somebody's page.
            cells = {
                "claim_id": each.claim.claim_id,
                "phrase": mark_formula(each.phrase),
                "look": mark_formula("; ".join(each.look)),
            }
            writer.writerow(make_reading(each, by="") | cells)
        handle.flush()
        os.fsync(handle.fileno())
    beside.replace(path)
    return path


def _has_confirmed(path: Path) -> bool:
    if not path.exists():
        return False
    with path.open(encoding="utf-8-sig", newline="") as handle:
        return any((row.get("confirmed") or "").strip() for row in csv.DictReader(handle))


def make_reading(proposal: Proposal, by: str) -> dict[str, Any]:
    """The row of `verifications.csv` that a confirmed proposal becomes; no reader while `by` is empty."""
    row = {
        **proposal.claim.identity,
        "verdict": proposal.verdict.value,
        "field": proposal.field,
        "should_be": proposal.should_be,
        "checked_on": proposal.read_on,
        "address": proposal.address,
        "sha256": proposal.sha256,
    }
    return row | {"checked_by": by} if by else row


def accept(folder: Path, path: Path, by: str, claims: Sequence[CitedClaim], today: date) -> tuple[int, int]:
    """Append the confirmed rows of a file; returns how many, and how many of them stood there already.

    Nothing is appended where one of them is wrong. Raises RowError.
    """
    optional = [name for name in COLUMNS if name not in _NEEDED]
    rows = strict_rows.read_rows(path, _NEEDED, optional, open_table=_open)
    strict_rows.check_rows(path, rows, strict_rows.require_one_of((YES,), "confirmed"))
    confirmed = rows.filter(pl.col("confirmed").is_not_null())
    known = {tuple(claim.identity.values()) for claim in claims}
    for row in confirmed.fill_null("").iter_rows(named=True):
        if tuple(row[name] for name in IDENTITY) not in known:
            named = " ".join(row[name] for name in IDENTITY)
            raise strict_rows.RowError(f"{path}: row {row['row']}: no claim is {named}")
    before = verifications.read_verifications(folder, today).select(_make_key()).to_series().to_list()
    fresh = confirmed.filter(~_make_key().is_in(before))
    verifications.append(
        folder,
        [row | {"checked_by": by} for row in fresh.drop("row").to_dicts()],
        today,
    )
    return fresh.height, confirmed.height - fresh.height


def _open(path: Path) -> Table:
    """A person may have saved the file from a spreadsheet as what a spreadsheet saves."""
    (table,) = read_tables(path)
    return table


def _make_key() -> pl.Expr:
    """A reading by what it says of which claim on which day, as one text."""
    names = (*IDENTITY, "verdict", "field", "should_be", "checked_on")
    return pl.concat_str([pl.col(name).cast(pl.String).fill_null("") for name in names], separator="\x1f")
