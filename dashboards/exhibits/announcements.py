"""Announcements, and what was verified of each as it ages: from promise to fact."""

from datetime import timedelta
from functools import partial
from typing import Any, Final

from dashboards.charts.announcement_bars import AnnouncedBar, draw_announcements
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
from dashboards.queries.memory import remember
from dashboards.queries.view import View, make_claim_address
from dashboards.text import amounts

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
        seven, fourteen, thirty = (_tell_verified(view, first, days) for days in HORIZONS)
        summary = words.plural(
            "announced.summary",
            count_rows(view, "announcements"),
            organisation=view.names[first["organisation"]],
            announced=words.plural("amount.people", first["announced"], amount=announced),
            day=words.day(first["as_of"]),
            verifier=view.names[first["verifier"]],
            seven=seven,
            fourteen=fourteen,
            thirty=thirty,
        )
    draw = partial(draw_announcements, [_make_bar(view, row) for row in shown[:DRAWN]], words.separators)
    made = make_from_mart(
        view,
        "announcements",
        ANNOUNCEMENT_COLUMNS,
        shown,
        ("claim",),
        title=_compose_finding(view, shown[0]) if shown else words("announced.title"),
        subtitle=words("announced.subtitle") if shown else "",
        summary=summary,
        figure=draw() if shown else None,
        narrow=draw(PHONE) if shown else None,
        heads=(
            words("table.as_of"),
            words("table.who"),
            words("table.announced"),
            words("announced.week"),
            *(words.plural("announced.after", days) for days in HORIZONS),
        ),
        rows=tuple(_make_announcement_row(view, row) for row in shown),
        numeric=(),
        key=(words("announced.bar"), words("announced.hatched")) if shown else (),
    )
    ids = [claim for row in shown[:DRAWN] for claim in (row["claim"], *(row["verified_claims"] or ()))]
    return source_from(made, view, ids)


def _compose_finding(view: View, row: dict[str, Any]) -> str:
    """Of the newest announcement how much was verified, by the last day up to which the figures reach.

    A bound of an earlier day holds later too, but nobody looked then: it is said only where there is no more.
    """
    words = view.words
    bounds = {days: (row[f"verified_{days}_low"], row[f"verified_{days}_high"]) for days in HORIZONS}
    known = [days for days, (low, high) in bounds.items() if not (low is None and high is None)]
    reached = [days for days in known if bounds[days][1] is not None]
    days = max(reached or known[:1], default=None)
    facts = {
        "announced": words.amount(row["qualifier"], row["announced"]),
        "organisation": view.names[row["organisation"]],
        "day": words.day(row["as_of"]),
        "verifier": view.names[row["verifier"]],
    }
    if days is None:
        return words("announced.finding_none", **facts)
    told = amounts.tell_between(view, row[f"verified_{days}_low"], row[f"verified_{days}_high"])
    return words("announced.finding", verified=told, after=words.days(days), **facts)


DRAWN: Final = 6  # announcements in the picture: the newest


def _make_bar(view: View, row: dict[str, Any]) -> AnnouncedBar:
    """One announcement as a bar; by each horizon what was verified, as a range where it is one."""
    words = view.words
    told = [
        words(
            "announced.by",
            days=days,
            amount=_shorten(view, row[f"verified_{days}_low"], row[f"verified_{days}_high"]),
        )
        for days in HORIZONS
    ]
    heading = words(
        "announced.heading",
        day=words.short_day(row["as_of"]),
        organisation=view.names[row["organisation"]],
        amount=words.amount(row["qualifier"], row["announced"]),
    )
    known = [row[f"verified_{days}_low"] for days in HORIZONS if row[f"verified_{days}_low"] is not None]
    verified = words("announced.verified", verifier=view.names[row["verifier"]], told=" · ".join(told))
    return AnnouncedBar(
        heading=heading,
        verified=verified,
        announced=row["announced"],
        certain=known[-1] if known else None,
        possible=row[f"verified_{HORIZONS[-1]}_high"],
        ticks=tuple(dict.fromkeys(known)),
        hover=f"{heading}<br>{verified}",
        claim_id=row["claim"],
    )


def _shorten(view: View, low: int | None, high: int | None) -> str:
    """A range in the fewest letters; a question mark where nothing is known."""
    number = view.words.number
    if low is None:
        return "?" if high is None else f"≤ {number(high)}"
    if high is None:
        return f"≥ {number(low)}"
    return number(low) if low == high else f"{number(low)}–{number(high)}"


def _make_announcement_row(view: View, row: dict[str, Any]) -> tuple[Cell, ...]:
    words = view.words
    week = row["verified_same_week"]
    return (
        words.short_day(row["as_of"]),
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
    low, high = row[f"verified_{days}_low"], row[f"verified_{days}_high"]
    if low is None and high is None:
        if days in row["contradicted"]:
            return words("announced.contradicted")
        broken = row["broken_on"] is not None and row["broken_on"] <= row["as_of"] + timedelta(days=days)
        return words("announced.broken" if broken else "announced.unknown")
    amount = amounts.tell_between(view, low, high)
    share = _tell_share(view, row[f"share_{days}_low"], row[f"share_{days}_high"])
    return words("announced.share", amount=amount, share=share) if share else amount


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
