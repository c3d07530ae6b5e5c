"""New detentions beside releases of one period and one speaker; a ratio only where its base is large
enough.
"""

from datetime import date
from functools import partial
from itertools import pairwise
from typing import Any, Final

import polars as pl

from dashboards.charts.paired_columns import Pair, draw_pairs
from dashboards.exhibits import exhibit
from dashboards.exhibits.exhibit import PHONE, Exhibit, count_rows, make_from_mart, source_from
from dashboards.exhibits.pace_against import find_against, tell_against
from dashboards.i18n.rich_text import Cell, Link
from dashboards.queries import claim_rows, database
from dashboards.queries.memory import remember
from dashboards.queries.view import View, make_claim_address
from dashboards.text import amounts
from dashboards.text.organisations import name_in_sentence
from dashboards.text.pace_sentences import tell_days

BASE: Final = (
    20  # releases from which on a ratio is told; of fewer one person more changes it by five or more
)
LONGEST_DAYS: Final = 45  # a period that is drawn
DRAWN: Final = 12  # periods at most
PERIODS: Final = {"weeks": range(6, 8), "months": range(27, 32)}  # days from the first to the last
USUAL: Final = {"weeks": 7.0, "months": 30.4}  # days
DOOR_COLUMNS: Final = (
    "organisation", "population", "period_start", "as_of", "detained_measure", "detained_low",
    "detained_high", "detained_claim", "released_organisation", "released_measure",
    "released_period_start", "released_as_of", "released_low", "released_high", "released_claim",
    "comparable", "reason", "detained_per_100_released_low", "detained_per_100_released_high",
    "net_low", "net_high",
)  # fmt: skip
Row = dict[str, Any]


@remember
def make_revolving_door(view: View) -> Exhibit:
    """New detentions beside releases of the same window and speaker; what does not compare is counted."""
    words = view.words
    count = count_rows(view, "revolving_door")
    of = (view.build, view.situation_id, "revolving_door", exhibit.BY_DAY["revolving_door"])
    compared = database.read_mart(*of, known_on=view.known_on, equal=(("comparable", True),))
    shown = compared.head(exhibit.SHOWN).to_dicts()
    drawn = _list_drawn(view, compared)
    columns = ("who", "window", "detained", "released", "per_hundred", "net")
    draw = partial(
        draw_pairs,
        _make_pairs(view, drawn),
        _sum_up(view, drawn),
        words("door.gap"),
        words.separators,
    )
    made = make_from_mart(
        view,
        "revolving_door",
        DOOR_COLUMNS,
        shown,
        ("detained_claim", "released_claim"),
        title=_compose_finding(view, drawn) if drawn else words("door.title"),
        subtitle=words("door.subtitle") if count else "",
        brief=words("door.brief") if count else "",
        summary=" ".join(
            (_tell_how_many(view, count, compared.height), *_tell_refused(view), *_tell_against(view, drawn))
        )
        if count
        else words("door.none"),
        heads=tuple(words(f"table.{column}") for column in columns),
        rows=tuple(_make_row(view, row) for row in shown),
        numeric=(),
        figure=draw() if drawn else None,
        narrow=draw(width=PHONE) if drawn else None,
        fit=(lambda width, height: draw(width=width, height=height)) if drawn else None,
    )
    ids = [row[f"{side}_claim"] for row in drawn for side in ("detained", "released")]
    return source_from(made, view, ids)


def _tell_how_many(view: View, count: int, compared: int) -> str:
    words = view.words
    return words.plural("door.summary", count, comparable=words.number(compared), base=words.number(BASE))


def _tell_refused(view: View) -> list[str]:
    """Why the others are not computed, the commonest reason first, each with how many."""
    of = (view.build, view.situation_id, "revolving_door", exhibit.BY_DAY["revolving_door"])
    refused = database.read_mart(*of, known_on=view.known_on, equal=(("comparable", False),))
    counts = refused["reason"].value_counts().sort("count", "reason", descending=[True, False])
    return [view.words.plural(f"door.refused_{reason}", count) for reason, count in counts.iter_rows()]


def _tell_against(view: View, drawn: list[Row]) -> list[str]:
    """Which releases drawn here make together more than the running total of the same days."""
    return [
        tell_against(view, each)
        for each in find_against(view)
        if any(each.start <= row["period_start"] and row["as_of"] <= each.end for row in drawn)
    ]


def _list_drawn(view: View, compared: pl.DataFrame) -> list[Row]:
    """Short periods of the primary organisation with exact counts, without overlap, in time order."""
    rows = compared.filter(
        pl.col("organisation") == view.situation.primary_organisation,
        pl.col("period_start") >= view.situation.baseline,
        (pl.col("as_of") - pl.col("period_start")).dt.total_days() <= LONGEST_DAYS,
        pl.col("detained_low") == pl.col("detained_high"),
        pl.col("released_low") == pl.col("released_high"),
    ).sort("as_of", "period_start")
    chosen: list[Row] = []
    for row in rows.to_dicts():
        if not chosen or row["period_start"] >= chosen[-1]["as_of"]:
            chosen.append(row)
    return chosen[-DRAWN:]


def _compose_finding(view: View, drawn: list[Row]) -> str:
    """How many were newly detained and how many left prison in the periods that state both, added up."""
    words = view.words
    start, end = tell_days((drawn[0]["period_start"], drawn[-1]["as_of"]), words)
    name, missing = _name_periods(drawn), [(last - first).days for first, last in _list_missing(drawn)]
    facts = {
        "organisation": name_in_sentence(view, drawn[0]["organisation"]),
        "detained": words.number(sum(row["detained_low"] for row in drawn)),
        "released": words.number(sum(row["released_low"] for row in drawn)),
        "start": start,
        "end": end,
    }
    if missing and name in USUAL:
        every = len(drawn) + sum(max(1, round(days / USUAL[name])) for days in missing)
        return words(
            f"door.finding_some_{name}", count=words.number(len(drawn)), all=words.number(every), **facts
        )
    return words.plural(f"door.finding_{name}", len(drawn), **facts)


def _list_missing(drawn: list[Row]) -> list[tuple[date, date]]:
    """The days between two periods that do not follow each other: the last of one, the first of the next."""
    ends = [(one["as_of"], two["period_start"]) for one, two in pairwise(drawn)]
    return [(last, first) for last, first in ends if (first - last).days > 1]


def _name_periods(drawn: list[Row]) -> str:
    """Whether the periods are weeks or months, to a day."""
    days = [(row["as_of"] - row["period_start"]).days for row in drawn]
    return next((name for name, fits in PERIODS.items() if all(each in fits for each in days)), "periods")


def _sum_up(view: View, drawn: list[Row]) -> tuple[str, str]:
    """Releases and new detentions with their sums, as the key tells them."""
    words = view.words
    released, detained = (
        words(
            "door.sum",
            what=words(f"table.{side}"),
            sum=words.number(sum(row[f"{side}_low"] for row in drawn)),
        )
        for side in ("released", "detained")
    )
    return released, words("door.sums", what=detained)


def _make_pairs(view: View, drawn: list[Row]) -> list[Pair]:
    """A pair for each period, and one without values for the days between two."""
    missing = {first: last for last, first in _list_missing(drawn)}
    pairs: list[Pair] = []
    for row in drawn:
        first = row["period_start"]
        if first in missing:
            start, end = (view.words.tick(day, "MMMd") for day in (missing[first], first))
            pairs.append(Pair(start, end))
        pairs.append(_make_pair(view, row))
    return pairs


def _make_pair(view: View, row: Row) -> Pair:
    words = view.words
    start, end = (words.tick(row[day], "MMMd") for day in ("period_start", "as_of"))
    window = words("door.short_window", start=start, end=end)
    hovers = [
        f"<b>{words.number(row[f'{side}_low'])}</b> · {words(f'table.{side}')}<br>{window}"
        for side in ("released", "detained")
    ]
    return Pair(
        start,
        end,
        (row["released_low"], row["detained_low"]),
        (hovers[0], hovers[1]),
        (row["released_claim"], row["detained_claim"]),
    )


def _make_row(view: View, row: Row) -> tuple[Cell, ...]:
    words = view.words
    start, end = words.short_day(row["period_start"]), words.short_day(row["as_of"])
    claims = claim_rows.find_claims(view, (row["detained_claim"], row["released_claim"]))
    return (
        view.names[row["organisation"]],
        words("door.window", start=start, end=end),
        *(
            Link(
                amounts.tell_claim_amount(view, claims[row[f"{side}_claim"]]),
                make_claim_address(view, row[f"{side}_claim"]),
                outside=False,
            )
            for side in ("detained", "released")
        ),
        tell_ratio(view, row),
        tell_net(view, row["net_low"], row["net_high"]),
    )


def tell_ratio(view: View, row: Row) -> str:
    """New detentions for each 100 releases, and of how many; of fewer than BASE releases no ratio."""
    words = view.words
    low, high = row["detained_per_100_released_low"], row["detained_per_100_released_high"]
    if low is None and high is None:
        return words("door.no_releases")
    base = row["released_low"] if row["released_low"] is not None else row["released_high"]
    if base is None or base < BASE:
        return words("door.too_few", base=words.number(BASE))
    return amounts.tell_between(
        view, None if low is None else round(low), None if high is None else round(high)
    )


def tell_net(view: View, low: int | None, high: int | None) -> str:
    """Releases less new detentions as a fall or a rise; which of both only where it is certain."""
    words = view.words
    if low == high == 0:
        return words("amount.same")
    if low is not None and low >= 0:
        return words("door.fall", amount=amounts.tell_between(view, low, high))
    if high is not None and high <= 0:
        return words("door.rise", amount=amounts.tell_between(view, -high, None if low is None else -low))
    return words("amount.unknown")
