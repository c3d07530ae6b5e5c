"""Announcements, and what was verified of each as it ages: from promise to fact."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any, Final

import polars as pl

from dashboards.charts.announcement_bars import Announcement, BarsKey, Verified, draw_announcements
from dashboards.exhibits import exhibit
from dashboards.exhibits.exhibit import (
    PHONE,
    Exhibit,
    count_rows,
    list_newest_rows,
    make_from_mart,
    source_from,
)
from dashboards.i18n.rich_text import Cell, Link
from dashboards.queries import series
from dashboards.queries.memory import remember
from dashboards.queries.view import View, make_claim_address
from dashboards.text import amounts, labels
from dashboards.text.organisations import name_subject
from pipelines.core.model import Measure

HORIZONS: Final = (7, 14, 30)  # days after an announcement
ANNOUNCEMENT_COLUMNS: Final = (
    "as_of", "organisation", "role", "population", "breakdown", "qualifier", "announced", "published",
    "claim", "verifier", "broken_on", "verified_same_week", "verified_7_low", "verified_7_high",
    "verified_14_low", "verified_14_high", "verified_30_low", "verified_30_high",
    "share_7_low", "share_7_high", "share_14_low", "share_14_high", "share_30_low", "share_30_high",
    "contradicted", "verified_claims",
)  # fmt: skip


@remember
def make_announcements(view: View) -> Exhibit:
    """What was announced and what the primary organisation had verified 7, 14 and 30 days later."""
    words, shown = view.words, list_newest_rows(view, "announcements", exhibit.SHOWN)
    summary = words("announced.none")
    if shown:
        first = shown[0]
        announced = words.amount(first["qualifier"], first["announced"])
        told = [_tell_aged(view, first, each) for each in _list_aged(view, first)]
        known = {_tell_unknown(view, first, days) for days in HORIZONS} != {words("announced.unknown")}
        summary = words.plural(
            "announced.summary" if known else "announced.summary_unknown",
            count_rows(view, "announcements"),
            organisation=name_subject(view, first["organisation"]),
            announced=words.plural("amount.people", first["announced"], amount=announced),
            day=_tell_day(view, first, words.day),
            verifier=name_subject(view, first["verifier"]),
            told=words.listed(told),
        )
    bounded = [row for row in shown[:DRAWN] if not _is_exceeded(row)]
    drawn = bounded or shown[:DRAWN]
    apart = [row for row in shown[:DRAWN] if row not in drawn]
    draw = partial(draw_announcements, [_make_bars(view, row) for row in drawn], _make_key(view, apart))
    made = make_from_mart(
        view,
        "announcements",
        ANNOUNCEMENT_COLUMNS,
        shown,
        ("claim",),
        title=_compose_finding(view, drawn[0]) if shown else words("announced.title"),
        subtitle=_compose_subtitle(view, shown) if shown else "",
        brief=_compose_subtitle(view, shown, brief=True) if shown else "",
        summary=summary,
        figure=draw() if shown else None,
        narrow=draw(PHONE) if shown else None,
        fit=draw if shown else None,
        heads=(
            words("table.as_of"),
            words("table.who"),
            words("table.announced"),
            words("announced.week"),
            *(words.plural("announced.after", days) for days in HORIZONS),
        ),
        rows=tuple(_make_announcement_row(view, row) for row in shown),
        numeric=(),
    )
    ids = [claim for row in drawn for claim in (row["claim"], *(row["verified_claims"] or ()))]
    return source_from(made, view, ids)


def _compose_subtitle(view: View, shown: list[dict[str, Any]], brief: bool = False) -> str:
    """What counts as verified, where anything is; and what an announcement is not."""
    said = [view.words("announced.subtitle")]
    if any(row[f"verified_{days}_low"] or row[f"verified_{days}_high"] for row in shown for days in HORIZONS):
        verifier = name_subject(view, shown[0]["verifier"])
        said.insert(0, view.words("announced.brief" if brief else "announced.counted", verifier=verifier))
    return " ".join(said)


def _compose_finding(view: View, row: dict[str, Any]) -> str:
    """How many were verified of the newest announcement, by the day of the last figure."""
    words = view.words
    known = [
        days for days in HORIZONS if any(row[f"verified_{days}_{end}"] is not None for end in ("low", "high"))
    ]
    days = max(known, default=None)
    facts = {
        "announced": words.amount(row["qualifier"], row["announced"]),
        "organisation": name_subject(view, row["organisation"]),
        "day": words.day(labels.find_announced(row)),
        "planned": words.day(row["as_of"]),
        "verifier": name_subject(view, row["verifier"]),
    }
    planned = "_for" if _is_planned(row) else ""
    if days is None:
        return words.plural(f"announced.finding_none{planned}", row["announced"], **facts)
    told = amounts.tell_between(view, row[f"verified_{days}_low"], row[f"verified_{days}_high"])
    by = row["as_of"] + timedelta(days=days)
    if _is_beyond(view, row, days):
        by = _find_last(view, row) or by
    year = "MMMMd" if by.year == row["as_of"].year else "yMMMMd"
    by_then = words.tick(by, year)
    return words.plural(f"announced.finding{planned}", row["announced"], verified=told, by=by_then, **facts)


def _is_planned(row: dict[str, Any]) -> bool:
    """Whether it was announced for a later day."""
    planned: date = row["as_of"]
    return labels.find_announced(row) < planned


def _tell_day(view: View, row: dict[str, Any], write: Callable[[date], str]) -> str:
    """When it was announced, and for which day, where that is another."""
    day, planned = write(labels.find_announced(row)), write(row["as_of"])
    return view.words("announced.day_for", day=day, planned=planned) if _is_planned(row) else day


DRAWN: Final = 6  # announcements in the picture: the newest


def _is_exceeded(row: dict[str, Any]) -> bool:
    """Whether more people left, or may have, than were announced: that says nothing of what was kept."""
    ends = [row[f"verified_{days}_{end}"] for days in HORIZONS for end in ("low", "high")]
    return any(end > row["announced"] for end in ends if end is not None)


def _make_key(view: View, apart: list[dict[str, Any]]) -> BarsKey:
    """What bars mean, and which announcements are not drawn."""
    words = view.words
    told = [
        words(
            "announced.apart_one",
            amount=words.amount(row["qualifier"], row["announced"]),
            day=_tell_day(view, row, words.short_day),
        )
        for row in apart
    ]
    return BarsKey(
        words("announced.key_announced"),
        words("announced.key_certain"),
        words("announced.key_possible"),
        words("announced.apart", told=words.listed(told)) if told else "",
    )


def _make_bars(view: View, row: dict[str, Any]) -> Announcement:
    """One announcement as bars."""
    words = view.words
    verified = tuple(
        Verified(
            row[f"verified_{days[0]}_low"],
            row[f"verified_{days[0]}_high"],
            _write_aged(
                view, row, days, ("announced.by", "announced.by_last"), _tell_amount(view, row, days[0])
            ),
        )
        for days in _list_aged(view, row)
    )
    day = words.short_day(labels.find_announced(row))
    organisation = view.names[row["organisation"]]
    announced = words(
        "announced.amount_for" if _is_planned(row) else "announced.amount",
        amount=words.amount(row["qualifier"], row["announced"]),
        planned=words.short_day(row["as_of"]),
    )
    note = words("announced.below") if _is_exceeded(row) else ""
    lines = [f"<b>{day}</b> · {organisation}", announced, *(each.told for each in verified)]
    return Announcement(
        day, organisation, row["announced"], announced, verified, "<br>".join(lines), row["claim"], note
    )


def _list_aged(view: View, row: dict[str, Any]) -> list[list[int]]:
    """Days after the announcement; those of which the same is known are together."""
    found: dict[tuple[Any, ...], list[int]] = {}
    for days in HORIZONS:
        low, high = row[f"verified_{days}_low"], row[f"verified_{days}_high"]
        known = (low, high, _tell_unknown(view, row, days), _is_beyond(view, row, days))
        found.setdefault(known, []).append(days)
    return list(found.values())


def _tell_aged(view: View, row: dict[str, Any], days: list[int]) -> str:
    """The same as a part of a sentence."""
    amount = _tell_unknown(view, row, days[0]) or _tell_share_of(view, row, days[0])
    return _write_aged(view, row, days, ("announced.told_after", "announced.told_last"), amount)


def _write_aged(view: View, row: dict[str, Any], days: list[int], keys: tuple[str, str], amount: str) -> str:
    """What is known after so many days; by the day of the last figure where that is earlier."""
    words, last = view.words, _find_last(view, row)
    if last is not None and _is_beyond(view, row, days[0]):
        return words(keys[1], day=words.tick(last, "MMMd"), amount=amount)
    return words(keys[0], days=words.listed([words.number(each) for each in days]), amount=amount)


def _is_beyond(view: View, row: dict[str, Any], days: int) -> bool:
    """Whether the last figure is of an earlier day: what it says holds later too, but nobody counted then."""
    last = _find_last(view, row)
    known = row[f"verified_{days}_low"] is not None and row[f"verified_{days}_high"] is None
    return known and last is not None and last < row["as_of"] + timedelta(days=days)


def _find_last(view: View, row: dict[str, Any]) -> date | None:
    """The day of the last figure of releases that the one who verifies an announcement gave after it."""
    told = [
        series.read_series(
            view.build,
            view.situation_id,
            measure,
            (row["verifier"],),
            row["population"],
            row["breakdown"],
            known_on=view.known_on,
        ).filter(pl.col("period_start").is_not_null())
        for measure in (Measure.RELEASED, Measure.RELEASED_TO_DATE)
    ]
    days: list[date] = [day for each in told for day in each["as_of"] if day >= row["as_of"]]
    return max(days, default=None)


def _make_announcement_row(view: View, row: dict[str, Any]) -> tuple[Cell, ...]:
    words = view.words
    week = row["verified_same_week"]
    return (
        _tell_day(view, row, words.short_day),
        view.names[row["organisation"]],
        Link(
            words.amount(row["qualifier"], row["announced"]),
            make_claim_address(view, row["claim"]),
            outside=False,
        ),
        words("announced.unknown") if week is None else words.number(week),
        *(_tell_verified(view, row, days) for days in HORIZONS),
    )


def _tell_verified(view: View, row: dict[str, Any], days: int) -> str:
    """How many were verified by then, and which share of the announced; null is not known."""
    words = view.words
    unknown = _tell_unknown(view, row, days)
    if unknown:
        return unknown
    told, last = _tell_share_of(view, row, days), _find_last(view, row)
    if last is None or not _is_beyond(view, row, days):
        return told
    return words("announced.share_last", share=told, day=words.tick(last, "MMMd"))


def _tell_share_of(view: View, row: dict[str, Any], days: int) -> str:
    """How many were verified, and which share that is of the announced, as far as it is known."""
    amount = _tell_amount(view, row, days)
    share = _tell_share(view, row[f"share_{days}_low"], row[f"share_{days}_high"])
    return view.words("announced.share", amount=amount, share=share) if share else amount


def _tell_amount(view: View, row: dict[str, Any], days: int) -> str:
    """How many were verified, or why that is not known."""
    low, high = row[f"verified_{days}_low"], row[f"verified_{days}_high"]
    return _tell_unknown(view, row, days) or amounts.tell_between(view, low, high)


def _tell_unknown(view: View, row: dict[str, Any], days: int) -> str:
    """Why nothing is known of so many days; empty where something is."""
    if not (row[f"verified_{days}_low"] is None and row[f"verified_{days}_high"] is None):
        return ""
    if days in row["contradicted"]:
        return view.words("announced.contradicted")
    broken = row["broken_on"] is not None and row["broken_on"] <= row["as_of"] + timedelta(days=days)
    return view.words("announced.broken" if broken else "announced.unknown")


def _tell_share(view: View, low: float | None, high: float | None) -> str:
    """The share verified, as far as it is known; empty where nothing is."""
    words = view.words
    if low is not None and high is not None:
        if low == high:
            return words.percent(low)
        return words("qualifier.range", low=words.percent(low), high=words.percent(high))
    if low is not None:
        return words("qualifier.at_least", value=words.percent(low))
    return "" if high is None else words("qualifier.at_most", value=words.percent(high))
