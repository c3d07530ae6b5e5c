"""An exhibit: a chart with everything that must stand beside it, made from one frame; and its makings.

An exhibit holds no Streamlit, so pages, the command line and files can show the same one. Each is built once
for a build, language and choice, and shared.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

import plotly.graph_objects as go
import polars as pl
from polars import selectors

from dashboards.charts.axes import end_axis
from dashboards.i18n.rich_text import Cell, Link
from dashboards.i18n.translations import Words
from dashboards.queries import claim_rows, database
from dashboards.queries.claim_rows import read_statements
from dashboards.queries.memory import remember
from dashboards.queries.view import View, make_claim_address
from dashboards.text import amounts, labels, readings
from dashboards.text.amounts import tell_claim_amount
from dashboards.text.labels import name_counted
from dashboards.text.statement_sentences import compose_source
from pipelines.core.formulas import mark_formulas

CSV_COLUMNS: Final = (
    "organisation", "measure", "kind", "population", "breakdown", "baseline", "period_start", "as_of",
    "as_of_basis", "as_of_precision", "qualifier", "value", "value_high", "published", "published_basis",
    "revision", "why_standing", "doubt", "contradicted", "corrected", "checked", "checked_on", "carriers",
    "origins", "provenance", "publisher", "url", "claim_id",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Exhibit:
    """One chart and its surroundings. Without data `figure` is None and `summary` says so.

    An exhibit equals no other: what is made of it can be kept by the object itself.
    """

    name: str  # of files and widget keys
    title: str
    summary: str
    source: str
    figure: go.Figure | None = None
    subtitle: str = ""  # below the title of a picture: unit, start, what it does not say
    narrow: go.Figure | None = None  # the same drawn for a phone, where the wide one cannot shrink to it
    brief: str = ""  # the same where a picture is narrow
    fit: Callable[[float, float], go.Figure] | None = None  # the figure for a plot of so many page pixels
    frame: pl.DataFrame = field(default_factory=pl.DataFrame)  # the statements told, one row a point
    heads: tuple[str, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    key: tuple[str, ...] = ()  # how to read the marks that are present
    events: tuple[tuple[str, Link], ...] = ()  # number above the mark, what happened
    numeric: tuple[int, ...] = (3,)  # columns of the table that hold numbers
    columns: tuple[str, ...] = CSV_COLUMNS
    whole: Callable[[], pl.DataFrame] | None = None  # all rows of the CSV, where the frame has not all

    def csv(self) -> bytes:
        """The frame as CSV in UTF-8; days are YYYY-MM-DD, missing is empty, a list is joined by `;`."""
        frame = (self.frame if self.whole is None else self.whole()).select(self.columns)
        lists = selectors.by_dtype(pl.List)
        flat = frame.with_columns(lists.cast(pl.List(pl.String)).list.join(";"))
        return mark_formulas(flat).write_csv().encode()


PHONE: Final = 330  # pixels that a chart has on a phone


_HELD_FIRST: Final = (
    "breakdown <> 'total', measure <> 'in_custody', as_of DESC, measure, population, breakdown, low_claim"
)
BY_DAY: Final = {
    "announcements": "as_of DESC, organisation, claim",
    "bands": _HELD_FIRST,
    "band_edges": _HELD_FIRST,
    "revolving_door": "as_of DESC, organisation, detained_claim",
}


def make_from_mart(
    view: View,
    mart: str,
    columns: tuple[str, ...],
    shown: list[dict[str, Any]],
    claim_columns: tuple[str, ...],
    **more: Any,
) -> Exhibit:
    """An exhibit of one mart, its source line from the claims that its rows name."""
    claims = claim_rows.find_claims(view, (row[column] for row in shown for column in claim_columns))
    return Exhibit(
        name=f"{view.situation_id}-{mart.replace('_', '-')}",
        title=more.pop("title"),
        summary=more.pop("summary"),
        source=compose_source(view, claim_rows.make_claim_frame(claims)),
        columns=columns,
        whole=lambda: database.read_mart(
            view.build, view.situation_id, mart, BY_DAY[mart], known_on=view.known_on
        ),
        **more,
    )


def source_from(made: Exhibit, view: View, drawn: Iterable[str]) -> Exhibit:
    """The exhibit with a source line of the claims that its picture draws; as it is where it draws none."""
    claims = claim_rows.find_claims(view, drawn)
    return replace(made, source=compose_source(view, claim_rows.make_claim_frame(claims))) if claims else made


def end_time_axis(words: Words, last: date, until: date) -> tuple[date, str]:
    """The last day of a chart's time axis, and what its tab of silence says (nothing where there is none)."""
    end = end_axis(last, until)
    if end == until:
        return end, ""
    silent = words("chart.silent_days", days=words.days((until - last).days))
    return end, f"{silent} {words('chart.counted_to', day=words.short_day(until))}"


def list_newest_rows(view: View, mart: str, limit: int) -> list[dict[str, Any]]:
    of = (view.build, view.situation_id, mart, BY_DAY[mart])
    return database.read_mart(*of, limit, known_on=view.known_on).to_dicts()


def count_rows(view: View, mart: str, equal: database.Equal = ()) -> int:
    return database.count_mart_rows(view.build, view.situation_id, mart, view.known_on, equal)


TABLE_COLUMNS: Final = ("as_of", "who", "what", "figure", "published", "source", "marks")


def sort_newest_first(frame: pl.DataFrame) -> list[dict[str, Any]]:
    """Rows as a table lists them: the newest moment first."""
    return frame.sort("as_of", descending=True, maintain_order=True).to_dicts()


def make_table_row(view: View, row: dict[str, Any]) -> tuple[Cell, ...]:
    words = view.words
    what = words(f"measure.{row['measure']}")
    window = labels.tell_window(row, words)
    return (
        labels.tell_short_moment(row, words),
        view.names[row["organisation"]],
        f"{what}, {window}" if window else what,
        Link(amounts.tell_amount(row, words), make_claim_address(view, row["claim_id"]), outside=False),
        words.short_day(row["published"]),
        Link(view.publisher(row["publisher"]), row["url"]),
        labels.list_marks(row, words, reading=view.known_on is None),
    )


@dataclass(frozen=True)
class ChartRequest:
    """How to ask for the same exhibit again: the chart's name in the catalogue and what was chosen."""

    chart: str | None = None
    options: tuple[tuple[str, str], ...] = ()
    page: str | None = None  # of the app that its address leads to; None is the chart's own short address
    shown: tuple[tuple[str, str], ...] = ()  # what the page is to show; the options where it is empty
    address: str | None = None  # where it is shown, if that is not in the app


NOWHERE: Final = ChartRequest()

SHOWN: Final = 20  # rows of a list on a page; the CSV holds all
CLAIM_COLUMNS: Final = ("figure", "who", "what", "as_of", "published", "source")


def make_claim_row(view: View, claim: dict[str, Any]) -> tuple[Cell, ...]:
    """One claim as a row under CLAIM_COLUMNS."""
    words = view.words
    what = name_counted(view, claim["measure"], claim["population"], claim["breakdown"])
    window = labels.tell_window(claim, words)
    return (
        Link(tell_claim_amount(view, claim), make_claim_address(view, claim["claim_id"]), outside=False),
        view.names[claim["organisation"]],
        [what, window] if window else what,
        labels.tell_short_moment(claim, words),
        words.short_day(claim["published"]),
        Link(view.publisher(claim["publisher"]), claim["url"]),
    )


STATEMENT_COLUMNS: Final = (
    "figure",
    "what",
    "who",
    "as_of",
    "published",
    "source",
    "state",
    "reading",
    "marks",
)


@remember
def tell_read_again(view: View) -> Mapping[str, str]:
    """Claim that leads a statement → whether the statement was read again, in words."""
    return readings.tell_readings(view, read_statements(view.build, view.situation_id).to_dicts())


def name_counted_thing(view: View, row: Mapping[str, Any]) -> str:
    """What a statement counts, with its window where it has one."""
    thing = labels.name_counted(view, row["measure"], row["population"], row["breakdown"])
    window = labels.tell_window(row, view.words)
    return f"{thing}, {window}" if window else thing


def make_statement_row(view: View, row: Mapping[str, Any]) -> tuple[Cell, ...]:
    """One statement as a row under STATEMENT_COLUMNS, the number first."""
    words = view.words
    return (
        Link(amounts.tell_amount(row, words), f"claims?claim={row['claim_id']}", outside=False),
        name_counted_thing(view, row),
        view.names.get(row["organisation"], row["organisation"]),
        labels.tell_short_moment(row, words) if row["as_of"] else words("no_day"),
        words.short_day(row["published"]) if row["published"] else words("no_day"),
        [Link(view.publisher(row["publisher"]), row["url"]), words(f"provenance.{row['provenance']}")],
        labels.tell_standing(row, words),
        tell_read_again(view)[row["claim_id"]],
        labels.list_marks(row, words, provenance=False, reading=False),
    )


def name_statement_columns(view: View) -> list[str]:
    """The heads of STATEMENT_COLUMNS."""
    return [view.words(f"table.{column}") for column in STATEMENT_COLUMNS]
