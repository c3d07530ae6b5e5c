"""The outlook as a fan and its track record as a table, each with its summary, source and CSV."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import polars as pl

from dashboards.charts.fan import AHEAD_SCHEMA, draw_fan
from dashboards.charts.timeseries import Lettering, Panel
from dashboards.exhibits.exhibit import Exhibit
from dashboards.exhibits.figures_over_time import make_chart_points
from dashboards.exhibits.pace_charts import SLOTS
from dashboards.exhibits.pace_windows import make_table, read_points
from dashboards.i18n.rich_text import Cell
from dashboards.i18n.translations import Words
from dashboards.metrics.outlook_facts import compute_outlooks
from dashboards.metrics.pace import compute_facts
from dashboards.queries import database
from dashboards.queries.memory import remember
from dashboards.queries.view import View
from dashboards.text import outlook_sentences
from dashboards.text.organisations import name_in_sentence
from dashboards.text.statement_sentences import compose_source
from pipelines.core.model import Kind
from pipelines.forecast.backtest import OUTLOOK, summarise

PAST_DAYS: Final = 120  # of figures before the newest one, beside a fan


@remember
def make_outlook(view: View, target: Kind) -> Exhibit | None:
    """The outlook of a target as a fan; None where every horizon is refused."""
    words, known = view.words, compute_facts(view)
    said = compute_outlooks(view).ahead(target)
    points = read_points(view, target)
    if not said or points.is_empty():
        return None
    records = [
        {
            "organisation": known.organisation,
            "target": each.target,
            "as_known_on": view.today,
            "day": view.today + timedelta(days=each.horizon),
            **{
                name: getattr(each, name)
                for name in ("horizon", *AHEAD_SCHEMA)
                if name not in ("day", "hover")
            },
        }
        for each in said
    ]
    frame = pl.DataFrame(records)
    newest = points.filter(pl.col("as_of") == pl.col("as_of").max()).row(-1, named=True)
    since = newest["as_of"] - timedelta(days=PAST_DAYS)
    title = words(f"outlook.title_{target}", organisation=name_in_sentence(view, known.organisation))
    panel = Panel(words(f"target.{target}"), make_chart_points(view, points, single=True))
    hovers = [_tell_outlook(row, words) for row in records]
    return Exhibit(
        name=f"{view.situation_id}-outlook-{target}",
        title=title,
        summary=" ".join([words("outlook.summary"), *hovers]),
        source=compose_source(view, points),
        figure=draw_fan(
            panel,
            (newest["as_of"], newest["value"]),
            pl.DataFrame(
                [{**row, "hover": hover} for row, hover in zip(records, hovers, strict=True)],
                schema=AHEAD_SCHEMA,
            ),
            Lettering(words.tick, words.separators),
            since,
            SLOTS[target],
        ),
        frame=frame,
        heads=tuple(
            words(f"outlook.column_{name}") for name in ("horizon", "day", "median", "50", "80", "95")
        ),
        rows=tuple(_make_outlook_row(row, words) for row in records),
        key=(words("outlook.key_bands"), words("outlook.key_median")),
        numeric=(0, 2, 3, 4, 5),
        columns=tuple(frame.columns),
    )


def _tell_outlook(row: dict[str, Any], words: Words) -> str:
    return words(
        "outlook.line",
        horizon=words.number(row["horizon"]),
        **{name: words.number(row[name]) for name in AHEAD_SCHEMA if name not in ("day", "hover")},
    )


def _make_outlook_row(row: dict[str, Any], words: Words) -> tuple[Cell, ...]:
    return (
        words.number(row["horizon"]),
        words.short_day(row["day"]),
        words.number(row["median"]),
        *(
            words(
                "outlook.interval", low=words.number(row[f"lo{level}"]), high=words.number(row[f"hi{level}"])
            )
            for level in (50, 80, 95)
        ),
    )


@remember
def make_track_record(view: View) -> Exhibit:
    """How past outlooks turned out, beside the simple forecasters."""
    words = view.words
    summary = compute_scores(view)
    rows = [
        (
            words(f"target.{row['target']}"),
            words(f"forecaster.{row['forecaster']}"),
            words.number(row["forecasts"]),
            words.rate(row["score"]),
            words.percent(row["coverage50"]),
            words.percent(row["coverage80"]),
            words.percent(row["coverage95"]),
            ("+" if row["bias"] > 0 else "") + words.rate(row["bias"]),
        )
        for row in summary.to_dicts()
    ]
    names = ("target", "forecaster", "forecasts", "score", "in50", "in80", "in95", "bias")
    heads = tuple(words(f"record.column_{each}") for each in names)
    made = make_table(view, "pace-record", summary, heads, rows, (2, 3, 4, 5, 6, 7))
    if summary.is_empty():
        return made
    until = max(_read_judged(view)["day"].to_list())
    return replace(made, title=outlook_sentences.compose_finding(view, summary, until))


def compute_scores(view: View) -> pl.DataFrame:
    """Mean score, coverage and bias of each forecaster on each target, from the record of the build."""
    own_first = (pl.col("target") != Kind.STOCK, pl.col("forecaster") != OUTLOOK, "score")
    return summarise(_read_judged(view), by=("target",)).sort(*own_first)


def _read_judged(view: View) -> pl.DataFrame:
    """Forecasts that a figure has judged; on a day gone back to, only one that was public by then and has not
    changed since.
    """
    stored = database.read_mart(view.build, view.situation_id, "track_record", "as_known_on, target, horizon")
    judged = stored.filter(pl.col("day") <= view.today)
    if view.known_on is not None:
        truths = compute_facts(view).rows.select(
            day="as_of", target="kind", truth=pl.col("value").cast(pl.Float64)
        )
        judged = judged.join(truths, on=["day", "target", "truth"], how="semi")
    return judged
