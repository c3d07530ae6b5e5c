"""What a drawing over time finds, in one dated sentence; below it unit, start, and what it does not say."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import polars as pl

from dashboards.metrics.headline import cut_at_headline, select_told
from dashboards.queries.view import View
from dashboards.text.amounts import tell_amount
from dashboards.text.headline_sentences import tell_on
from dashboards.text.labels import tell_month
from dashboards.text.organisations import name_in_sentence
from pipelines.core.model import TOTAL, Measure

Row = dict[str, Any]


def compose_title(view: View, plain: str, frame: pl.DataFrame, points: pl.DataFrame, peak: bool) -> str:
    """What the statements of one series (`frame`) show up to its headline; `points` are the same for charts.

    With the newest figure of people held stands the highest one (`peak`), which needs the whole series, or
    the first. `plain` where it is a finding already, where there are no words for another measure, or where
    none of the statements is told.
    """
    words, told = view.words, select_told(view, frame.sort("as_of"))
    first = frame.row(0, named=True)
    measure = first["measure"]
    if plain != words(f"measure.{measure}") or first["breakdown"] != TOTAL or told.is_empty():
        return plain
    newest = told.filter(pl.col("as_of") == told["as_of"].max()).to_dicts()
    if measure == Measure.IN_CUSTODY:
        settled = _list_settled(points.join(told.select("claim_id", "as_of_precision"), on="claim_id"))
        highest = max(points["low"].drop_nulls().to_list(), default=0) if peak else None
        return _tell_held(view, first["organisation"], newest, settled, highest)
    if measure == Measure.RELEASED_TO_DATE and first["baseline"]:
        return _tell_left(view, first["organisation"], newest)
    return plain


def _list_settled(points: pl.DataFrame) -> list[Row]:
    exact = points.filter(pl.col("low") == pl.col("high"), ~pl.col("contradicted"))
    return exact.sort("as_of", "claim_id").to_dicts()


def _tell(view: View, key: str, organisation: str, newest: Sequence[Row], **more: str) -> str:
    """The sentence of `key` of the newest statements, in the plural form that the greatest of them takes."""
    many = max(2 if row["value"] is None else row["value_high"] or row["value"] for row in newest)
    told = dict.fromkeys(tell_amount(row, view.words) for row in newest)  # equal ones once
    return view.words.plural(
        key,
        many,
        organisation=name_in_sentence(view, organisation),
        last=view.words("amount.or").join(told),
        when=tell_on(view, newest[0]),
        **more,
    )


def _tell_held(
    view: View, organisation: str, newest: Sequence[Row], exact: list[Row], highest: int | None
) -> str:
    """The newest figure, and with it the highest one of its count or the first; the highest only where it is
    the `highest` of all, whether told or not, exact or not.
    """
    words, last = view.words, exact[-1] if exact else None
    if last is None or last["claim_id"] not in {row["claim_id"] for row in newest}:
        return _tell(view, "story.title_dated", organisation, newest)
    first, most = exact[0], max(exact, key=lambda row: row["low"])
    same = first["epoch"] == most["epoch"] == last["epoch"]
    if same and most["low"] == highest and first["low"] < most["low"] > last["low"]:
        facts = {"most": words.number(most["low"]), "month": tell_month(most, last["as_of"], words)}
        return _tell(view, "story.title_in_custody", organisation, newest, **facts)
    if not same or first["low"] == last["low"]:
        return _tell(view, "story.title_dated", organisation, newest)
    key = "overview.finding_fell" if last["low"] < first["low"] else "overview.finding_rose"
    facts = {"first": words.number(first["low"]), "start": tell_month(first, last["as_of"], words)}
    return _tell(view, key, organisation, newest, **facts)


def _tell_left(view: View, organisation: str, newest: Sequence[Row]) -> str:
    words, row = view.words, newest[0]
    start: date = row["baseline"]
    near = start.year == row["as_of"].year
    return _tell(
        view,
        "story.title_released_to_date",
        organisation,
        newest,
        start=words.tick(start, "MMMMd") if near else words.day(start),
        day=words.day(row["as_of"]),
    )


def compose_subtitle(view: View, frame: pl.DataFrame, both: bool = False) -> tuple[str, str]:
    """Unit, what leaving prison does not mean, and whether the newest figure is known at second hand; and in
    short. `both` measures are shown. The days are on the axis: summary and table have more than is drawn.
    """
    words, row = view.words, frame.row(0, named=True)
    if both:
        facts = {
            "organisation": name_in_sentence(view, row["organisation"]),
            "day": words.day(view.situation.baseline),
        }
        told = words("story.subtitle", **facts), words("story.brief")
    elif row["measure"] == Measure.IN_CUSTODY:
        told = words("story.subtitle_held"), words("story.brief_held")
    elif row["measure"] == Measure.RELEASED_TO_DATE:
        told = words("story.subtitle_left"), words("story.brief")
    else:
        counted = words(f"measure_in_sentence.{row['measure']}")
        told = f"{counted[:1].upper()}{counted[1:]}.", ""
    second = _tell_secondhand(view, frame)
    return told if not second else (f"{told[0]} {second}", f"{told[1]} {second}".strip())


def _tell_secondhand(view: View, frame: pl.DataFrame) -> str:
    """That the newest figure was only quoted, where nobody read it from its own speaker; else empty."""
    shown = cut_at_headline(view, frame)
    newest = shown.filter(pl.col("as_of") == shown["as_of"].max())
    if not (newest["provenance"] == "secondhand").all():
        return ""
    row = newest.row(0, named=True)
    name = name_in_sentence(view, row["organisation"])
    told = view.words("story.secondhand", value=tell_amount(row, view.words), organisation=name)
    return told[:1].upper() + told[1:]
