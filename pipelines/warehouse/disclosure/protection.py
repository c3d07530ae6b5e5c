"""What is withheld so that nothing gives a small cell away: chosen with the audit, until it finds nothing."""

from collections import Counter
from collections.abc import Collection, Sequence
from typing import Final

import duckdb

from pipelines.warehouse.disclosure.audit import Attacker, Audit, Finding

MOST_PASSES: Final = (
    12  # over all attackers; what is still told then is withheld with all that it stands beside
)


def protect(con: duckdb.DuckDBPyConnection, withstood: Collection[bytes] = ()) -> Audit:
    """Add to `cells_withheld` what the audit needs withheld, and take labels out that say too much.

    Returns the audit, which finds nothing any more. `withstood` as for `Audit`.
    """
    audit = Audit(con, withstood)
    numbers, labels = _choose(audit)
    if numbers or labels:
        claims = sorted({claim for number in numbers | labels for claim in audit.told[number].claims})
        con.execute("DELETE FROM cells_withheld WHERE list_contains($1, claim_id)", [claims])
        con.execute("INSERT INTO cells_withheld SELECT unnest($1::VARCHAR[]), NULL", [claims])
    return audit


def _choose(audit: Audit) -> tuple[set[int], set[int]]:
    """The cells to withhold, and the withheld ones that are no longer said to be small."""
    numbers: set[int] = set()
    labels: set[int] = set()
    attackers = list(audit.list_attackers())
    for turn in range(MOST_PASSES):
        changed: set[int] = set()
        for attacker in attackers:
            changed |= _withstand(audit, attacker, numbers, labels, take_all=turn + 1 == MOST_PASSES)
        attackers = [each for each in attackers if not changed.isdisjoint(audit.numbers_of(each))]
        if not changed:
            break
    return numbers, labels


def _withstand(
    audit: Audit, attacker: Attacker, numbers: set[int], labels: set[int], *, take_all: bool
) -> set[int]:
    """Take out what this attacker uses until nothing is found; returns the cells that changed."""
    changed: set[int] = set()
    while findings := audit.attack(attacker):
        said = {number for finding in findings for number in finding.labels}
        if said:
            labels |= said
            for number in said:
                audit.told[number].label = None
        else:
            said = (
                {n for finding in findings for n in finding.numbers} if take_all else _pick(audit, findings)
            )
            numbers |= said
            for number in said:
                audit.told[number].statements.clear()
        changed |= said
        if not said:
            break
    return changed


def _pick(audit: Audit, findings: Sequence[Finding]) -> set[int]:
    """Of each finding that no cell picked before is part of, the cell that most findings need.

    Of equals the one with most parts, which says least, then the one with fewest claims.
    """
    needed = Counter(number for finding in findings for number in finding.numbers)
    picked: set[int] = set()
    for finding in findings:
        if finding.numbers and picked.isdisjoint(finding.numbers):
            picked.add(
                max(
                    finding.numbers,
                    key=lambda n: (
                        needed[n],
                        audit.told[n].cell.breakdown.count("="),
                        -len(audit.told[n].claims),
                        n,
                    ),
                )
            )
    return picked
