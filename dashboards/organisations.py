"""Who counts what, and whom a relative can ask."""

from collections.abc import Collection

from dashboards import queries
from dashboards.markup import Cell, Link
from dashboards.view import View
from pipelines.model import Measure
from pipelines.situation import Help

HEADED = (Measure.IN_CUSTODY.value, Measure.RELEASED_TO_DATE.value)  # measures that a headline is of


def counts(view: View, organisation: str, measures: Collection[str] | None = None) -> list[str]:
    """What an organisation says that it counts, under these measures or all."""
    words = view.words
    own = queries.only(queries.definitions(view.build, view.situation_id), organisation=organisation)
    return [
        f"{words('measure.' + row['measure'])}: {words.of({'es': row['text_es'], 'en': row['text_en']})}"
        for row in own.to_dicts()
        if measures is None or row["measure"] in measures
    ]


def primary(view: View) -> Link:
    """The organisation whose figures head the pages."""
    organisation = view.situation.primary_organisation
    listed = queries.only(queries.organisations(view.build, view.situation_id), organisation=organisation)
    website = listed["website"][0] if listed.height else None
    return Link(view.words("who.primary", organisation=view.names[organisation]), website)


def who_counts_what(view: View) -> list[Cell]:
    """What the primary organisation says that it counts, and who else has published totals."""
    lines: list[Cell] = [primary(view), *counts(view, view.situation.primary_organisation)]
    others = _others(view)
    if others:
        lines.append(view.words("who.others", organisations=view.words.listed(others)))
    return lines


def _others(view: View) -> list[str]:
    heads = queries.series_heads(view.build, view.situation_id, view.known_on)
    named = heads.filter(heads["measure"].is_in(HEADED))["organisation"].unique().to_list()
    return sorted(view.names[each] for each in named if each != view.situation.primary_organisation)


def help_line(view: View, entry: Help) -> Cell:
    """Where a relative can ask."""
    return [Link(entry.name, entry.url), view.words.of(entry.text)]
