"""Texts that may name a person who is on no list: how many, and where; the name itself is never printed.

Plain names cannot all be known, so this is a warning and refuses nothing. Who may be named stands in a
situation's files: organisations, their `spokespeople`, publishers, `public_names`, places.
"""

from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter

import duckdb
import typer

from pipelines.core.counted import count_of
from pipelines.core.frames import read_rows
from pipelines.core.paths import DataDir
from pipelines.core.situation import (
    list_known_names,
    read_organisations,
    read_publishers,
    read_situation,
)
from pipelines.warehouse.published_build import read_query


def count_named(
    con: duckdb.DuckDBPyConnection, data: DataDir, situations: Sequence[str]
) -> dict[str, dict[str, int]]:
    """Situation → where texts stand → how many of them may name somebody; only those with any."""
    from pipelines.intake.prose.name_masking import count_texts_with_names

    rows = read_rows(con, read_query("free_texts"), {"situations": list(situations)})
    found: dict[str, dict[str, int]] = {}
    for situation, texts in groupby(rows, itemgetter("situation")):
        folder = data.situation(situation)
        known = list_known_names(read_situation(folder), read_organisations(folder))
        known += [name for each in read_publishers(folder) for name in (each.id, *each.name.every())]
        places = {
            place: count_texts_with_names((row["words"] for row in part), known)
            for place, part in groupby(texts, itemgetter("place"))
        }
        if any(places.values()):
            found[situation] = {place: count for place, count in places.items() if count}
    return found


def print_named(named: dict[str, dict[str, int]]) -> None:
    """A line a situation."""
    for situation, places in named.items():
        told = "; ".join(f"{place} {count}" for place, count in places.items())
        typer.echo(
            f"{situation}: {count_of(sum(places.values()), 'text')} may name a person who is on no list "
            f"(docs/privacy.md): {told}"
        )
