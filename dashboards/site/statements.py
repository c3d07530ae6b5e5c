"""What the site knows of each figure: its statements, its id, how a row reads. Withheld cells are empty."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

import polars as pl

from dashboards import queries, readings, sides, telling
from dashboards.markup import Cell, Link
from dashboards.site import addresses
from dashboards.view import View
from pipelines.published import Build

COLUMNS: Final = ("as_of", "figure", "who", "what", "published", "source", "state", "reading", "marks")


@lru_cache(maxsize=4)
def statements(build: Build, situation: str) -> pl.DataFrame:
    """Every statement with `figure_id`; the columns of `statements` beside it."""
    return queries.ask(build, "site_statements", situation=situation)


@lru_cache(maxsize=4)
def figure_ids(build: Build, situation: str) -> Mapping[str, str]:
    """Claim → the figure that it is about."""
    frame = queries.ask(build, "site_claims", situation=situation)
    return dict(zip(frame["claim_id"], frame["figure_id"], strict=True))


@lru_cache(maxsize=8)
def read_again(view: View) -> Mapping[str, str]:
    """Claim that leads a statement → whether the statement was read again, in words."""
    return readings.of_rows(view, statements(view.build, view.situation_id).to_dicts())


def newest_first(view: View) -> pl.DataFrame:
    """All statements, the newest moment first."""
    order = ["as_of", "published", "claim_id"]
    return statements(view.build, view.situation_id).sort(
        order, descending=[True, True, False], nulls_last=True
    )


def address(view: View, row: Mapping[str, Any]) -> str:
    """Where a statement's figure is in the site."""
    return addresses.figure(view.language, row["figure_id"])


def what(view: View, row: Mapping[str, Any]) -> str:
    """What a statement counts, with its window where it has one."""
    thing = sides.thing(view, row["measure"], row["population"], row["breakdown"])
    window = telling.window(row, view.words)
    return f"{thing}, {window}" if window else thing


def cells(view: View, row: Mapping[str, Any]) -> tuple[Cell, ...]:
    """One statement as a row under COLUMNS."""
    words = view.words
    return (
        telling.short_moment(row, words) if row["as_of"] else words("no_data"),
        Link(telling.figure(row, words), f"claims?claim={row['claim_id']}", outside=False),
        view.names.get(row["organisation"], row["organisation"]),
        what(view, row),
        words.short_day(row["published"]) if row["published"] else words("no_data"),
        [Link(view.publisher(row["publisher"]), row["url"]), words(f"provenance.{row['provenance']}")],
        telling.standing(row, words),
        read_again(view)[row["claim_id"]],
        telling.marks(row, words, provenance=False, reading=False),
    )


def heads(view: View) -> list[str]:
    """The heads of COLUMNS."""
    return [view.words(f"table.{column}") for column in COLUMNS]
