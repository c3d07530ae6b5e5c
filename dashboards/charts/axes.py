"""Date axes in the reader's language: plotly's own date labels are English wherever its locale is missing."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

Tick = Callable[[date, str], str]  # day, Babel skeleton → label


def date_axis(since: date, until: date, tick: Tick, **more: Any) -> dict[str, Any]:
    """A plotly date axis from `since` to `until` with labels of its own."""
    days, labels = ticks(since, until, tick)
    pad = max((until - since) // 50, timedelta(days=1))
    return {
        "type": "date",
        "range": [since - pad, until + pad],
        "tickvals": days,
        "ticktext": labels,
        "tickangle": 0,
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
        "ticks": "outside",
        "ticklen": 4,
        **more,
    }


def ticks(since: date, until: date, tick: Tick) -> tuple[list[date], list[str]]:
    """At most eight labelled days: days, months or years, the year named at the first and at each January."""
    span = (until - since).days
    if span <= 45:
        step = max(1, -(-span // 6))
        days = [since + timedelta(days=n) for n in range(0, span + 1, step)]
        return days, [tick(day, "MMMd") for day in days]
    months = -(-span // 30 // 7) or 1
    step = next((size for size in (1, 2, 3, 6, 12, 24, 60) if size >= months), 120)
    firsts = [day for day in month_starts(since, until) if (day.month - 1 + 12 * day.year) % step == 0]
    labels = []
    for place, day in enumerate(firsts):
        month = "MMM" if step < 12 else ""
        year = place == 0 or day.month == 1 or step >= 12
        labels.append(tick(day, "y") if not month else tick(day, month) + (f"<br>{day.year}" if year else ""))
    return firsts, labels


def month_starts(since: date, until: date) -> list[date]:
    """The first day of each month from `since` to `until`."""
    starts = []
    day = since.replace(day=1)
    while day <= until:
        if day >= since:
            starts.append(day)
        day = (day + timedelta(days=32)).replace(day=1)
    return starts
