"""The linter over an exhibit: title, summary, key, table, events and the texts of its chart's points."""

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import plotly.graph_objects as go

from dashboards.exhibits.exhibit import Exhibit
from dashboards.i18n.rich_text import Cell, Link, Run
from dashboards.queries import series
from dashboards.queries.claim_rows import find_claims
from dashboards.queries.view import View
from pipelines.core.model import Measure
from tests.linters.sentence_linter import Problem, check_amount, check_words

_DAY: Final = re.compile(r"\b\d{1,2}\b.{1,20}\b(?:19|20)\d\d\b")  # 5 de mayo de 2026, 5 May 2026


def check_exhibit(view: View, exhibit: Exhibit) -> list[Problem]:
    """Texts of an exhibit that are stronger than what it shows, and figures that lost their qualifier.

    A title may name releases whether or not a situation has any to draw.
    """
    linked = find_linked_figures(exhibit)
    claims = find_claims(view, [claim for _, claim in linked])
    measures = sorted({*list_measures(exhibit), *(row["measure"] for row in claims.values())})
    quoted = list_quoted(view)
    titled = [*measures, Measure.RELEASED] if measures else []
    problems = check_words(exhibit.title, view.language, titled, quoted)
    for text in list_texts(exhibit):
        problems += check_words(text, view.language, measures, quoted)
    for _, link in exhibit.events:
        problems += check_words(link.text, view.language, (), quoted)
    for text, claim in linked:
        problems += _check_figure(view, claims.get(claim), text)
    return problems + (_check_surroundings(view, exhibit) if linked else [])


def list_texts(exhibit: Exhibit) -> Iterator[str]:
    """All that an exhibit says of its figures, below its title."""
    yield from (exhibit.summary, exhibit.source, *exhibit.heads, *exhibit.key)
    for row in exhibit.rows:
        for cell in row:
            yield from (each if isinstance(each, str) else each.text for each in _split_cell(cell))
    if exhibit.figure is not None:  # an event says the same in the list of events, and is judged as one
        events = {link.text for _, link in exhibit.events}
        yield from (text for text in list_hovers(exhibit.figure) if text not in events)


def list_hovers(figure: go.Figure) -> Iterator[str]:
    """The texts that a chart shows for its points."""
    for trace in figure.data:
        for name in ("hovertext", "text", "customdata"):
            yield from _find_strings(getattr(trace, name, None))


def _find_strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Iterable):
        for each in value:
            yield from _find_strings(each)


def list_measures(exhibit: Exhibit) -> list[str]:
    """The measures whose figures an exhibit's frame holds."""
    if "measure" not in exhibit.frame.columns:
        return []
    known = {measure.value for measure in Measure}
    return sorted(known & set(exhibit.frame["measure"].drop_nulls().to_list()))


def list_quoted(view: View) -> list[str]:
    """Names, and the situation's own words for whom it counts."""
    words, situation = view.words, view.situation
    return [
        *view.names.values(),
        *(view.publisher(each) for each in series.list_outlets(view.build, view.situation_id)),
        *(words.of(texts) for texts in situation.populations.values()),
        *(words.of(texts) for texts in situation.breakdown_labels.values()),
    ]


def _split_cell(cell: Cell) -> Iterator[str | Link]:
    if isinstance(cell, str | Link):
        yield cell
    elif isinstance(cell, Run):
        yield from (part if isinstance(part, str) else part.text for part in cell.parts)
    else:
        for part in cell:
            yield from _split_cell(part)


def find_linked_figures(exhibit: Exhibit) -> list[tuple[str, str]]:
    """Texts of the table that lead to a claim, each with that claim's id."""
    return [
        (piece.text, parse_qs(urlsplit(piece.url).query)["claim"][0])
        for row in exhibit.rows
        for cell in row
        for piece in _split_cell(cell)
        if isinstance(piece, Link) and piece.url is not None and not piece.outside and "claim=" in piece.url
    ]


def _check_figure(view: View, claim: dict[str, Any] | None, text: str) -> list[Problem]:
    """A text that leads to a claim holds that claim's figure, as hedged as it was stated."""
    if claim is None:
        return [Problem("leads to a claim that is not there", "", text)]
    if claim["value"] is None or claim["withheld"]:
        return []
    return check_amount(view.words, claim, text)


def _check_surroundings(view: View, exhibit: Exhibit) -> list[Problem]:
    """An exhibit with figures says somewhere around them who states them and of when they are."""
    around = " ".join((exhibit.title, exhibit.summary, exhibit.source))
    problems = []
    if not any(name in around for name in view.names.values()):
        problems.append(Problem("does not say who", exhibit.name, around))
    if not _DAY.search(around):
        problems.append(Problem("does not say when", exhibit.name, around))
    return problems
