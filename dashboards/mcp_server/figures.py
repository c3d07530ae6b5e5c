"""Figures of a build by id and by series, and each as the sentence and the columns that an answer carries."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

import polars as pl

from dashboards.exhibits.situations import tell_signer
from dashboards.i18n.rich_text import Cell, Link
from dashboards.mcp_server.answers import Figure
from dashboards.metrics.difference import Side
from dashboards.queries import claim_rows, database, series
from dashboards.queries.view import View
from dashboards.text import headline_sentences, statement_sentences
from pipelines.core.model import Measure

Row = Mapping[str, Any]
# measure → the term of the glossary that says what it does not mean
TERMS: Final = {
    Measure.IN_CUSTODY: "custody",
    Measure.RELEASED: "released",
    Measure.RELEASED_TO_DATE: "released",
    Measure.UNDER_MEASURES: "measures",
    Measure.FULL_FREEDOM_TO_DATE: "freedom",
    Measure.RELEASE_ANNOUNCED: "announced",
}


class UnknownFigureError(KeyError):
    """The build has no figure of this id; the message says what an id is."""

    def __str__(self) -> str:
        return str(self.args[0])


def find_about(view: View, figure: str) -> dict[str, Any]:
    """What an id is about: a row of `figures`. Raises UnknownFigureError."""
    found = database.ask(view.build, "figure_by_id", figure=figure)
    if found.is_empty():
        found = database.ask(view.build, "figure_without_standing", figure=figure)
    if found.is_empty():
        raise UnknownFigureError(
            f"build {view.build.id} has no figure {figure!r}; an id is the 16 characters that an answer "
            "gives as figure_id"
        )
    row = found.row(0, named=True)
    kind = Measure(row["measure"]).kind
    return {"withheld": False, "kind": kind.value, "figure_id": figure, **row}


def find_side(view: View, about: Row) -> Side:
    """What a view knows of the figure that an id is about."""
    of = (
        view.build,
        view.situation_id,
        about["measure"],
        (about["organisation"],),
        about["population"],
        about["breakdown"],
        view.known_on,
    )
    ids = claim_rows.read_figure_ids(view.build, view.situation_id)

    def choose(points: pl.DataFrame) -> list[dict[str, Any]]:
        rows = series.select_rows(points, as_of=about["as_of"]).to_dicts()
        return [row for row in rows if ids.get(row["claim_id"]) == about["figure_id"]]

    return Side(about, choose(series.read_series(*of)), choose(series.read_doubts(*of)))


def list_around(
    view: View, organisation: str, measure: str, breakdown: str, day: date | None, limit: int
) -> tuple[list[dict[str, Any]], int]:
    """Up to `limit` figures nearest to a day (the newest without one) in time order, and how many more; of
    whichever people, and without those that are withheld.
    """
    of = (view.build, view.situation_id, measure, (organisation,), None, breakdown, view.known_on)
    points = pl.concat([series.read_series(*of), series.read_doubts(*of)])
    near = points.sort(
        (pl.col("as_of") - (day or view.today)).abs(), "as_of", "claim_id", maintain_order=True
    ).head(limit)
    shown = near.sort("as_of", "published", "claim_id").to_dicts()
    return shown, points.height - len(shown)


def count_withheld(view: View, organisation: str, measure: str, breakdown: str) -> int:
    """How many figures stand beside those of `list_around` and are withheld."""
    of = {"organisation": organisation, "measure": measure, "breakdown": breakdown}
    found = database.ask(
        view.build, "figures_withheld", known_on=view.known_on, situation=view.situation_id, **of
    )
    return int(found.item())


def make_figures(view: View, rows: Iterable[Row]) -> list[Figure]:
    """Rows (columns of `queries.series`, or of `statements`) as an answer carries them."""
    ids = claim_rows.read_figure_ids(view.build, view.situation_id)
    return [_make_figure(view, row, ids[row["claim_id"]]) for row in rows]


def _make_figure(view: View, row: Row, figure: str) -> Figure:
    withheld = row["value"] is None or bool(row.get("suppressed") or row.get("withheld"))
    row = {**row, "value": None, "value_high": None} if withheld else row
    doubt = row.get("doubt")
    return Figure(
        figure_id=figure,
        sentence=statement_sentences.quote(view, row),
        organisation=row["organisation"],
        organisation_name=statement_sentences.name_speaker(view, row["organisation"]),
        measure=row["measure"],
        kind=row["kind"],
        population=row["population"],
        breakdown=row["breakdown"],
        qualifier=None if withheld else row["qualifier"],
        value=row["value"],
        value_high=row["value_high"],
        withheld=withheld,
        counted_since=row["period_start"],
        as_of=row["as_of"],
        as_of_precision=row["as_of_precision"],
        published=row["published"],
        age_days=(view.today - row["as_of"]).days,
        publisher=view.publisher(row["publisher"]),
        url=row["url"],
        provenance=row["provenance"],
        standing=row.get("standing") or _find_standing(row),
        in_doubt=view.words(f"doubt.{doubt}") if doubt else None,
        read_again=headline_sentences.tell_reading(view, row),
    )


def _find_standing(row: Row) -> str:
    """What became of a row of `queries.series` or `figures`: it stands, or lost its moment for a doubt."""
    return "contradicted" if row.get("why_standing") == "in_doubt" else "stands"


def tell_figure(view: View, figure: Figure) -> str:
    """A figure's sentence with where it is from, how old it is and its id."""
    told = view.words(
        "programs.figure",
        sentence=figure.sentence,
        url=figure.url or view.words("no_data"),
        age=view.age_in_days(figure.as_of),
    )
    return f"{told} [figure_id {figure.figure_id}]"


def list_caveats(view: View, measures: Iterable[str]) -> list[str]:
    """What has to be said beside figures of these measures, and of the situation that they are of."""
    own = [view.words.of(each) for each in view.situation.caveats]
    return [*list_common_caveats(view, measures), *own, *filter(None, [tell_signer(view)])]


def list_common_caveats(view: View, measures: Iterable[str]) -> list[str]:
    """What has to be said beside figures of these measures anywhere: what a measure does not mean first."""
    words = view.words
    terms = dict.fromkeys(TERMS[Measure(each)] for each in measures if Measure(each) in TERMS)
    told = [f"{words(f'glossary.{term}_title')}: {words(f'glossary.{term}')}" for term in terms]
    return [*told, words("today.limits_text"), words("glance.no_person")]


def tell_plainly(cells: Sequence[Cell]) -> list[str]:
    """Cells as lines of text, each link followed by its address."""
    return [tell_cell(each) for each in cells]


def tell_cell(cell: Cell) -> str:
    """A cell as text."""
    if isinstance(cell, Link):
        return f"{cell.text} ({cell.url})" if cell.url and cell.outside else cell.text
    if isinstance(cell, str):
        return cell
    return ". ".join(tell_cell(part) for part in cell)  # type: ignore[union-attr]
