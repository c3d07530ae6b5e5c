"""Announced and verified, several registries of one thing, and new detentions beside releases."""

from datetime import timedelta
from functools import lru_cache
from typing import Any, Final

from dashboards import queries, sides
from dashboards.charts.dumbbell import End, Row, dumbbells
from dashboards.exhibit_parts import organisation_slots
from dashboards.exhibits import Exhibit
from dashboards.markup import Cell, Link
from dashboards.sentences import source_line
from dashboards.view import View, claim_address
from pipelines.bounds import bounds

HORIZONS: Final = (7, 14, 30)  # days after an announcement
BANDS_SHOWN: Final = 12
BY_DAY: Final = {
    "announcements": "as_of DESC, organisation, claim",
    "bands": "breakdown <> 'total', measure <> 'in_custody', as_of DESC, measure, population, breakdown, "
    "low_claim",
    "revolving_door": "as_of DESC, organisation, detained_claim",
}
ANNOUNCEMENT_COLUMNS: Final = (
    "as_of", "organisation", "role", "population", "breakdown", "qualifier", "announced", "published",
    "claim", "verifier", "broken_on", "verified_same_week", "verified_7_low", "verified_7_high",
    "verified_14_low", "verified_14_high", "verified_30_low", "verified_30_high",
    "share_7_low", "share_7_high", "share_14_low", "share_14_high", "share_30_low", "share_30_high",
    "contradicted", "verified_claims",
)  # fmt: skip
BAND_COLUMNS: Final = (
    "as_of", "measure", "population", "breakdown", "baseline", "registries", "low_organisation",
    "low_qualifier", "low_value", "low_as_of", "low_claim", "high_organisation", "high_qualifier",
    "high_value", "high_as_of", "high_claim", "organisations", "values", "claims",
)  # fmt: skip
DOOR_COLUMNS: Final = (
    "organisation", "population", "period_start", "as_of", "detained_measure", "detained_low",
    "detained_high", "detained_claim", "released_organisation", "released_measure",
    "released_period_start", "released_as_of", "released_low", "released_high", "released_claim",
    "comparable", "reason", "detained_per_100_released_low", "detained_per_100_released_high",
    "net_low", "net_high",
)  # fmt: skip


def _made(
    view: View,
    mart: str,
    columns: tuple[str, ...],
    shown: list[dict[str, Any]],
    claim_columns: tuple[str, ...],
    **more: Any,
) -> Exhibit:
    """An exhibit of one mart, its source line from the claims that its rows name."""
    claims = sides.claims_of(view, (row[column] for row in shown for column in claim_columns))
    return Exhibit(
        name=f"{view.situation_id}-{mart.replace('_', '-')}",
        title=more.pop("title"),
        summary=more.pop("summary"),
        source=source_line(view, sides.frame_of(claims)),
        columns=columns,
        whole=lambda: queries.mart(view.build, view.situation_id, mart, BY_DAY[mart], known_on=view.known_on),
        **more,
    )


def _newest(view: View, mart: str, limit: int) -> list[dict[str, Any]]:
    of = (view.build, view.situation_id, mart, BY_DAY[mart])
    return queries.mart(*of, limit, known_on=view.known_on).to_dicts()


def _count(view: View, mart: str, equal: queries.Equal = ()) -> int:
    return queries.mart_size(view.build, view.situation_id, mart, view.known_on, equal)


@lru_cache(maxsize=64)
def announcements(view: View) -> Exhibit:
    """What was announced and what the primary organisation had verified 7, 14 and 30 days later."""
    words, shown = view.words, _newest(view, "announcements", sides.SHOWN)
    summary = words("announced.none")
    if shown:
        first = shown[0]
        announced = words.amount(first["qualifier"], first["announced"])
        seven, fourteen, thirty = (_verified(view, first, days) for days in HORIZONS)
        summary = words.plural(
            "announced.summary",
            _count(view, "announcements"),
            organisation=view.names[first["organisation"]],
            announced=words.plural("amount.people", first["announced"], amount=announced),
            day=words.day(first["as_of"]),
            verifier=view.names[first["verifier"]],
            seven=seven,
            fourteen=fourteen,
            thirty=thirty,
        )
    return _made(
        view,
        "announcements",
        ANNOUNCEMENT_COLUMNS,
        shown,
        ("claim",),
        title=words("announced.title"),
        summary=summary,
        heads=(
            words("table.as_of"),
            words("table.who"),
            words("table.announced"),
            words("announced.week"),
            *(words.plural("announced.after", days) for days in HORIZONS),
        ),
        rows=tuple(_announcement(view, row) for row in shown),
        numeric=(),
        key=(words("announced.note"),) if shown else (),
    )


def _announcement(view: View, row: dict[str, Any]) -> tuple[Cell, ...]:
    words = view.words
    week = row["verified_same_week"]
    return (
        words.short_day(row["as_of"]),
        view.names[row["organisation"]],
        Link(
            words.amount(row["qualifier"], row["announced"]),
            claim_address(view, row["claim"]),
            outside=False,
        ),
        words("announced.unknown") if week is None else words.number(week),
        *(_verified(view, row, days) for days in HORIZONS),
    )


def _verified(view: View, row: dict[str, Any], days: int) -> str:
    """How many were verified by then, and which share of the announced; null is not known."""
    words = view.words
    low, high = row[f"verified_{days}_low"], row[f"verified_{days}_high"]
    if low is None and high is None:
        if days in row["contradicted"]:
            return words("announced.contradicted")
        broken = row["broken_on"] is not None and row["broken_on"] <= row["as_of"] + timedelta(days=days)
        return words("announced.broken" if broken else "announced.unknown")
    amount = sides.between(view, low, high)
    share = _share(view, row[f"share_{days}_low"], row[f"share_{days}_high"])
    return words("announced.share", amount=amount, share=share) if share else amount


def _share(view: View, low: float | None, high: float | None) -> str:
    """The share verified, as far as it is known; empty where nothing is."""
    words = view.words
    if low is not None and high is not None:
        if low == high:
            return words.percent(low)
        return words("qualifier.range", low=words.percent(low), high=words.percent(high))
    if low is not None:
        return words("qualifier.at_least", value=words.percent(low))
    return "" if high is None else words("qualifier.at_most", value=words.percent(high))


@lru_cache(maxsize=64)
def bands(view: View) -> Exhibit:
    """Several registries of one thing, each edge named, never averaged."""
    words, shown = view.words, _newest(view, "bands", BANDS_SHOWN)
    claims = sides.claims_of(view, (claim for row in shown for claim in row["claims"]))
    summary = words("bands.none")
    if shown:
        edges = {edge: _edge(view, shown[0], edge) for edge in ("low", "high")}
        summary = words.plural("bands.summary", _count(view, "bands"), **edges)
    return _made(
        view,
        "bands",
        BAND_COLUMNS,
        shown,
        ("low_claim", "high_claim"),
        title=words("bands.title"),
        summary=summary,
        figure=dumbbells([_band(view, row, claims) for row in shown], words.separators) if shown else None,
        heads=tuple(words(f"table.{column}") for column in ("what", "low", "high", "registries")),
        rows=tuple(
            (
                sides.thing(view, row["measure"], row["population"], row["breakdown"]),
                *(
                    Link(_edge(view, row, edge), claim_address(view, row[f"{edge}_claim"]), outside=False)
                    for edge in ("low", "high")
                ),
                words.number(row["registries"]),
            )
            for row in shown
        ),
        numeric=(3,),
        key=(words("gaps.own_scale"), words("gaps.open_mark")) if shown else (),
    )


def _edge(view: View, row: dict[str, Any], edge: str) -> str:
    """Who, the figure as hedged, and its own day: the days of a band are close together, not one."""
    words = view.words
    return words(
        "bands.edge",
        organisation=view.names[row[f"{edge}_organisation"]],
        figure=words.amount(row[f"{edge}_qualifier"], row[f"{edge}_value"]),
        day=words.short_day(row[f"{edge}_as_of"]),
    )


def _band(view: View, row: dict[str, Any], claims: dict[str, dict[str, Any]]) -> Row:
    words, slots = view.words, organisation_slots(view)
    ends = []
    for claim in (claims[each] for each in row["claims"] if each in claims):
        organisation = claim["organisation"]
        name = words(
            "bands.edge",
            organisation=view.names[organisation],
            figure=sides.figure(view, claim),
            day=words.short_day(claim["as_of"]),
        )
        low, high = bounds(claim["qualifier"], claim["value"], claim["value_high"])
        slot = slots.get(organisation, len(slots))
        ends.append(End(name, low, high, slot, f"<b>{name}</b>", claim["claim_id"]))
    return Row(sides.thing(view, row["measure"], row["population"], row["breakdown"]), tuple(ends))


@lru_cache(maxsize=64)
def revolving_door(view: View) -> Exhibit:
    """New detentions for each 100 releases of one window and speaker; refused where they differ."""
    words, shown = view.words, _newest(view, "revolving_door", sides.SHOWN)
    count = _count(view, "revolving_door")
    comparable = words.number(_count(view, "revolving_door", (("comparable", True),)))
    columns = ("who", "window", "detained", "released", "per_hundred", "net")
    return _made(
        view,
        "revolving_door",
        DOOR_COLUMNS,
        shown,
        ("detained_claim", "released_claim"),
        title=words("door.title"),
        summary=words.plural("door.summary", count, comparable=comparable) if count else words("door.none"),
        heads=tuple(words(f"table.{column}") for column in columns),
        rows=tuple(_door(view, row) for row in shown),
        numeric=(),
    )


def _door(view: View, row: dict[str, Any]) -> tuple[Cell, ...]:
    words = view.words
    start, end = words.short_day(row["period_start"]), words.short_day(row["as_of"])
    claims = sides.claims_of(view, (row["detained_claim"], row["released_claim"]))
    known: list[Cell] = [
        view.names[row["organisation"]],
        words("door.window", start=start, end=end),
        *(
            Link(
                sides.figure(view, claims[row[f"{side}_claim"]]),
                claim_address(view, row[f"{side}_claim"]),
                outside=False,
            )
            for side in ("detained", "released")
        ),
    ]
    if not row["comparable"]:
        organisation = view.names[row["released_organisation"]]
        return (*known, words(f"door.refused_{row['reason']}", organisation=organisation), "—")
    low, high = row["detained_per_100_released_low"], row["detained_per_100_released_high"]
    net = sides.between(view, row["net_low"], row["net_high"])
    if low is None and high is None:
        return (*known, words("door.no_releases"), net)
    rate = sides.between(view, None if low is None else round(low), None if high is None else round(high))
    return (*known, rate, net)
