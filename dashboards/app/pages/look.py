"""Look: the whole visual language on one page, drawn with invented numbers; reached by its address only."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial

import plotly.graph_objects as go
import polars as pl
import streamlit as st

from dashboards.app import components
from dashboards.charts.line_gaps import SILENCE_DAYS
from dashboards.charts.story_canvas import Told
from dashboards.charts.story_marks import SLOW_DAYS
from dashboards.charts.theme import DOUBT_SCHEMA, POINT_SCHEMA, Mark
from dashboards.charts.timeseries import Lettering, Panel, draw_panels
from dashboards.charts.week_columns import MARKS, PAGE, WEEK_SCHEMA, WeekWords, draw_weeks
from dashboards.exhibits import stories
from dashboards.exhibits.exhibit import Exhibit
from dashboards.i18n import glossary
from dashboards.web import chart_document, html
from dashboards.web.headline_card import Card, render_card

FIRST, LAST = date(2020, 1, 1), date(2021, 3, 1)
# What is drawn: days from the first, the lowest and highest that is possible, and what became of it.
EXACT = {"contradicted": False, "revision": 0, "provenance": "primary"}
STATEMENTS = (
    (0, 80, 80, EXACT),
    (25, 76, 76, EXACT),
    (50, 72, None, EXACT),
    (75, None, 70, EXACT),
    (100, 58, 68, EXACT),
    (125, 60, 60, EXACT | {"contradicted": True}),
    (125, 48, 48, EXACT | {"contradicted": True}),
    (150, 52, 52, EXACT | {"revision": 1}),
    (175, 50, 50, EXACT | {"provenance": "secondhand"}),
    (270, 41, 41, EXACT),
    (295, 38, 38, EXACT),
)

view = components.get_view()
words = view.words


def make_invented(kind: str, slot: int, turned: bool) -> pl.DataFrame:
    """The statements as points of one kind; `turned` lets them rise, as a cumulative does."""
    rows = []
    for days, low, high, became in STATEMENTS:
        bounds = (low, high)
        if turned:
            bounds = (None if high is None else 90 - high, None if low is None else 90 - low)
        stated = bounds[0] if bounds[0] is not None else bounds[1]
        day = FIRST + timedelta(days=days)
        rows.append(
            {
                "series": words("look.example"), "slot": slot, "variant": 0, "kind": kind, "as_of": day,
                "low": bounds[0], "high": bounds[1], "value": stated, "qualifier": "exact",
                "hover": words("look.example"), "claim_id": None, **became,
            }
        )  # fmt: skip
    return pl.DataFrame(rows, schema=POINT_SCHEMA)


# 1. Every mark, in a stock and in a cumulative
stock, cumulative = make_invented("stock", 0, False), make_invented("cumulative", 1, True)
lettering = Lettering(words.tick, words.separators)
doubted = pl.DataFrame(
    [{"as_of": FIRST + timedelta(days=40), "value": 30, "hover": words("look.example"), "claim_id": None}],
    schema=DOUBT_SCHEMA,
)
panels = [
    Panel(words("look.stock"), stock, doubted=doubted),
    Panel(words("look.cumulative"), cumulative),
]
paces = (17.0, 126.0, 123.0, 78.0, 40.0, None, 0.0, 20.0)
weeks = pl.DataFrame(
    [
        (
            FIRST + timedelta(days=7 * n),
            people,
            {4: "up", 6: "open"}.get(n, ""),
            None,
            None,
            words.number(round(people)) if people else None,
            n % 3 != 0,
            86.0 if n in (3, 4) else None,
            False,
            words("look.example"),
        )
        for n, people in enumerate(paces)
    ],
    schema=WEEK_SCHEMA,
    orient="row",
)
week_words = WeekWords(
    tell=lambda _: Told("", "", "", ""),
    tick=words.tick,
    separators=words.separators,
    events=words("export.events"),
    more_events=partial(stories.tell_more_events, words),
    silence=("", ""),
    not_to_scale=words("chart.not_to_scale"),
    key={name: words(f"pace.key_{name}") for name in MARKS},
    heading="",  # on a phone the drawing has no room for it
    tell_people=words.number,
)


def fit_weeks(width: float, height: float) -> go.Figure:
    """The flow drawn for so many page pixels."""
    return draw_weeks(weeks, week_words, 1, (width, height))


last = max(stock["as_of"].to_list())
days = (FIRST, last)
silence = words("chart.silent_days", days=words.days((LAST - last).days))


def render_invented(
    title: str, figure: go.Figure, fit: Callable[[float, float], go.Figure] | None = None
) -> str:
    """The place of one invented chart; with `fit` it is drawn anew for a phone."""
    drawn = Exhibit("look", title, words("look.lead"), words("look.example"), figure=figure, fit=fit)
    document = chart_document.make_chart(drawn, view)
    return html.render_chart(f"figures/{document.name}", int(figure.layout.height), words("chart.failed"))


key = [words(f"key.{mark}") for mark in Mark] + [
    words("doubt.key"),
    words("key.slow", days=words.days(SLOW_DAYS)),
    words("key.dotted", days=words.days(SILENCE_DAYS)),
]
st.html(
    f"<h1>{html.render_cell(words('look.title'))}</h1>"
    + html.render_paragraph(words("look.lead"), "lm-answer")
    + render_invented(words("look.stock"), draw_panels(panels, [], lettering, *days, silence))
    + html.render_bullets(glossary.open_each(key, words), "lm-key")
    + f"<h2>{html.render_cell(words('look.flow'))}</h2>"
    + render_invented(words("look.flow"), fit_weeks(*PAGE), fit_weeks)
)

# 2. Figures, and what is told in words: old, refused, withheld, computed, missing
flags = glossary.open_each(
    [words("mark.secondhand"), words("mark.contradicted"), words("look.derived")], words
)
cards = (
    Card("held", words("measure.in_custody"), words.amount("more_than", 40), (words("look.example"),)),
    Card("left", words("look.card_missing"), words("no_data"), (words("look.example"),), missing=True),
)
st.html(
    f"<h2>{html.render_cell(words('look.states'))}</h2>"
    + '<div class="lm-cards">'
    + "".join(render_card(card, flags if card.tone == "held" else [], html.APP) for card in cards)
    + "</div>"
    + html.render_notice(words("stale.title"), words("glossary.old"))
    + html.render_notice(words("glossary.derived_title"), words("change.refused_bounds"))
    + html.render_notice(words("glossary.withheld_title"), words("glossary.withheld"))
    + html.render_notice(words("empty.title"), words("empty.text"))
)
