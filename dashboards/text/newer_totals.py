"""Whether there is a total newer than those that head a page, and whose: said below the title."""

import polars as pl

from dashboards.metrics.headline import Headline, Headlines
from dashboards.queries import series
from dashboards.queries.view import View
from dashboards.text.organisations import name_in_sentence
from dashboards.text.statement_sentences import compose_statement
from pipelines.core.model import Provenance


def tell_newer(view: View, found: Headlines) -> list[str]:
    """That no newer total was found, of anybody or of the organisation; and the newest of people held that
    somebody else states. Nothing of the organisation's own newer one, which its card tells.
    """
    words, newest = view.words, found.freshest
    if newest is None:
        return []
    heads = [each for each in found.both if each.rows]
    later = pl.concat(_find_later(view, each) for each in heads)
    own = (later["organisation"] == newest.organisation).any() or any(each.passed_over for each in heads)
    told = []
    if newest.newest < view.today and not own:
        name = name_in_sentence(view, newest.organisation)
        told.append(
            words("today.no_newer_of", organisation=name) if later.height else words("today.no_newer")
        )
    return told + (_quote_other(view, found.held) if found.held.rows else [])


def _find_later(view: View, head: Headline) -> pl.DataFrame:
    """Totals of a headline's measure and of a later moment, whoever states them: newest first."""
    return series.read_totals_after(
        view.build, view.situation_id, head.measure, head.as_of, known_on=view.known_on
    )


def _quote_other(view: View, held: Headline) -> list[str]:
    """The newest later total of people held that another states, where it is not in doubt and rests on
    something: nothing or one sentence.
    """
    rests = (
        pl.col("checked").is_not_null()
        | (pl.col("origins") > 1)
        | (pl.col("provenance") == Provenance.PRIMARY)
    )
    others = _find_later(view, held).filter(
        pl.col("doubt").is_null(), pl.col("organisation") != held.organisation, rests
    )
    if others.is_empty():
        return []
    row = others.row(0, named=True)
    facts = {"statement": compose_statement(view, row), "publisher": view.publisher(row["publisher"])}
    return [view.words("today.newer_other", **facts)]
