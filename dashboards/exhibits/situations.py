"""All situations: the newest figure of each, its age, its line on one time axis; nothing is summed."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import polars as pl

from dashboards.charts.strips import Stated, TimeSpan, draw_axis, draw_line, list_years
from dashboards.i18n.rich_text import Link
from dashboards.metrics.breaks import number_epochs
from dashboards.metrics.headline import Headline, find_headlines
from dashboards.queries import database
from dashboards.queries.memory import remember
from dashboards.queries.view import View
from dashboards.text import amounts, headline_sentences, labels
from pipelines.core.model import Qualifier

YEARS_SHOWN: Final = 6  # whole years before this one
LAST_TICK: Final = 94  # percent of the width: a name farther right would be cut


@dataclass(frozen=True)
class SituationRow:
    """One situation in words, with its drawing; where nothing heads it, `figure` says so and `why`."""

    id: str
    name: str
    organisation: str
    figure: str
    missing: bool
    why: str = ""
    moment: str = ""
    held_on: str = ""  # what the figure counts, and of when
    newest: date | None = None
    age: str = ""
    state: str | None = None  # how it was read again
    reading: str = ""
    source: Link | None = None
    course: str = ""  # from how many to how many, and the highest: what the drawing shows
    drawing: str = ""
    signed: str = ""  # by which other group, and when


@dataclass(frozen=True)
class AllSituations:
    """The page: its title, the first year of its axis with the names of all, and a row a situation."""

    title: str
    ticks: tuple[tuple[float, str], ...]
    rows: tuple[SituationRow, ...]

    @property
    def axis(self) -> str:
        """The names of the years as a drawing."""
        return draw_axis(self.ticks)


@remember
def list_situations(
    view: View, themed: bool = True, days: tuple[tuple[str, date], ...] = ()
) -> AllSituations:
    """Every situation of the build, the newest figure first; `view` gives the language and today.

    `days`: the days that ages are counted to, where a situation has one of its own.
    """
    words, today = view.words, dict(days)
    span = TimeSpan(date(view.today.year - YEARS_SHOWN, 1, 1), view.today)
    rows = sorted(
        (
            _make_row(replace(view, situation_id=each.id, today=today.get(each.id, view.today)), span, themed)
            for each in database.read_situations(view.build)
        ),
        key=lambda row: (row.newest is None, -(row.newest or date.min).toordinal(), row.name),
    )
    newest = [row.newest for row in rows if row.newest is not None]
    title = words("situations.title_none")
    if len(set(newest)) == 1:
        title = words("situations.title_one", day=words.day(newest[0]))
    elif newest:
        title = words("situations.title", newest=words.day(max(newest)), oldest=words.day(min(newest)))
    ticks = tuple((span.share(day), words.tick(day, "y")) for day in list_years(span))
    return AllSituations(title, tuple(tick for tick in ticks if tick[0] < LAST_TICK), tuple(rows))


def _make_row(view: View, span: TimeSpan, themed: bool) -> SituationRow:
    words, held = view.words, find_headlines(view).held
    name, organisation = words.of(view.situation.name), view.names[held.organisation]
    if not held.rows:
        figure, why = headline_sentences.tell_missing(view, held)
        return SituationRow(
            view.situation_id, name, organisation, figure, missing=True, why=why, signed=tell_signer(view)
        )
    first = held.rows[0]
    line = number_epochs(view, held.line.sort("as_of", "claim_id")).filter(
        pl.col("as_of").is_between(span.since, held.as_of), pl.col("value").is_not_null()
    )
    return SituationRow(
        view.situation_id,
        name,
        organisation,
        words("amount.or").join(amounts.tell_amount(row, words) for row in held.rows),
        missing=False,
        moment=labels.tell_moment(first, words),
        held_on=words("situations.held_on", day=labels.tell_moment(first, words)),
        newest=held.as_of,
        age=view.age_in_days(held.as_of),
        state=first["checked"],
        reading=headline_sentences.tell_reading(view, first),
        source=Link(view.publisher(first["publisher"]), first["url"]),
        course=_tell_course(view, line, held),
        drawing=_draw(line, span, themed) if line.height else "",
        signed=tell_signer(view),
    )


def tell_signer(view: View) -> str:
    """Which other group's figures a situation shows, and of which day; empty for one's own."""
    by = view.situation.signed_by
    if by is None:
        return ""
    return view.words("situations.signed", group=by.group, day=view.words.day(by.created.date()))


def _tell_course(view: View, line: pl.DataFrame, held: Headline) -> str:
    """The first figure that is drawn, the highest and the last."""
    words = view.words
    if line.height < 2:
        return ""
    first, last = line.row(0, named=True), held.rows[0]
    told = words(
        "situations.course",
        first=amounts.tell_amount(first, words),
        first_day=labels.tell_short_moment(first, words),
        last=amounts.tell_amount(last, words),
    )
    return f"{told} {headline_sentences.compose_peak(view, held, first, short=True)}".strip()


def _draw(line: pl.DataFrame, span: TimeSpan, themed: bool) -> str:
    exact = (pl.col("qualifier") == Qualifier.EXACT) & ~pl.col("contradicted")
    rows = line.select("as_of", "value", exact, "epoch").iter_rows()
    return draw_line([Stated(*row) for row in rows], span, "held", themed=themed)
