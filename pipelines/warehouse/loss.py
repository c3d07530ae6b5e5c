"""What a build would lose against the last good one: days, where the clock went back, and rows that counted.

Nobody means to publish either, and a timer publishes whatever is built. So the build stops and says what it
found, until a person insists (`--accept-loss`).
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final

import duckdb

from pipelines.core.counted import count_of
from pipelines.warehouse.published_build import read_query
from pipelines.warehouse.releases import Release, open_release

LEAST: Final = 10  # accepted rows of a situation below which nothing is called a collapse
_SHOWN: Final = 3  # reasons of rows that do not count
_INSIST: Final = "To publish it all the same: --accept-loss"

Counts = dict[str, tuple[int, int]]  # situation → rows accepted, rows quarantined one by one


class LossError(ValueError):
    """The build would lose what the last good one had; the message says what."""


def refuse_earlier_day(last: Release, today: date) -> None:
    """Raises LossError where today lies before the day of the last good build: a clock was or is wrong."""
    if today < last.record.day:
        raise LossError(
            f"today is {today} by this machine's clock, but the last build is of {last.record.day}: figures "
            f"would be taken for future ones and left out. Set the clock and the time zone right. {_INSIST}"
        )


def count_published(last: Release) -> Counts:
    """What the last good build counts; nothing where it was made by an earlier version."""
    try:
        with open_release(last.path) as published:
            return count_judged(published)
    except duckdb.Error:
        return {}


def refuse_collapse(before: Counts, now: Counts, path: Path) -> None:
    """Compare a finished build with the last good one, situation by situation. Raises LossError.

    `before`, `now`: what `count_judged` found in them; `path`: its file, from which the reasons are read.

    It is a collapse where a situation had `LEAST` accepted rows or more, and now has fewer than half of them,
    or where the share of accepted rows among those judged fell to less than half. Rows that wait for a person
    are no loss, and a file that cannot be read counts by the rows that it no longer gives.
    """
    found = list(_find_collapses(before, now))
    if found:
        with open_release(path) as con:
            reasons = con.execute(read_query("rows_lost"), {"most": _SHOWN}).fetchall()
        told = "".join(f"\n  {count_of(rows, 'row')} of {file}: {reason}" for rows, file, reason in reasons)
        raise LossError(f"{'; '.join(found)}.{told}\n{_INSIST}")


def _find_collapses(before: Counts, now: Counts) -> Iterator[str]:
    for situation, (accepted, quarantined) in sorted(before.items()):
        left, lost = now.get(situation, (0, 0))
        share = accepted * (left + lost) > 2 * left * (accepted + quarantined)
        if accepted >= LEAST and (2 * left < accepted or share):
            yield (
                f"{situation}: {count_of(left, 'row is', 'rows are')} accepted and {lost} quarantined; "
                f"of the last build {accepted} were accepted and {quarantined} quarantined"
            )


def count_judged(con: duckdb.DuckDBPyConnection) -> Counts:
    """Rows of each situation of our own."""
    rows = con.sql(read_query("rows_judged")).fetchall()
    return {situation: (accepted, quarantined) for situation, accepted, quarantined in rows}
