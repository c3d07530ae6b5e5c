"""Gaps: two speakers' figures for one moment, subtracted only where they speak of the same thing."""

from datetime import date
from functools import lru_cache
from typing import Any, Final

import polars as pl

from dashboards import queries, reasons, sides
from dashboards.charts.dumbbell import End, Row, dumbbells
from dashboards.exhibit_parts import organisation_slots
from dashboards.exhibits import Exhibit
from dashboards.markup import Cell, Link
from dashboards.sentences import source_line
from dashboards.view import View, claim_address
from dashboards.words import languages, words_of

PER_PAGE: Final = 15
ORDER: Final = (
    "left_role <> 'government', as_of DESC, difference_low IS NULL, left_organisation, left_claim, "
    "right_organisation, right_claim"
)
_SIDE: Final = (
    "organisation", "role", "measure", "population", "breakdown", "period_start", "as_of", "qualifier",
    "value", "value_high", "published", "claim",
)  # fmt: skip
CSV_COLUMNS: Final = (
    "as_of", "last_as_of", "measure", "population", "breakdown", "comparable", "reason",
    *(f"reason_{language}" for language in languages()), "difference_low", "difference_high",
    *(f"{side}_{column}" for side in ("left", "right") for column in _SIDE),
)  # fmt: skip


def lead(view: View) -> str:
    """How many pairs compare and how many do not."""
    words = view.words
    comparable, refused = (count(view, each, None) for each in (True, False))
    if comparable + refused == 0:
        return words("compare.no_pairs")
    return words(
        "compare.lead",
        all=words.number(comparable + refused),
        comparable=words.number(comparable),
        refused=words.number(refused),
    )


def days(view: View) -> list[str]:
    """Days with pairs, newest first."""
    found = queries.mart_days(view.build, view.situation_id, "gaps", view.known_on)
    return [day.isoformat() for day in found]


def as_day(day: str) -> date:
    """A day of the address."""
    return date.fromisoformat(day)


def count(view: View, comparable: bool, day: str | None) -> int:
    """How many pairs compare, or do not; of one day where one is chosen."""
    return queries.mart_size(view.build, view.situation_id, "gaps", view.known_on, _equal(comparable, day))


def pairs(
    view: View, comparable: bool, day: str | None, limit: int | None = None, skip: int = 0
) -> pl.DataFrame:
    """Those pairs, a government's side first, then the newest; with each reason in every language."""
    equal = _equal(comparable, day)
    found = queries.mart(view.build, view.situation_id, "gaps", ORDER, limit, skip, view.known_on, equal)
    given = [reasons.Reason.of(row) for row in found.to_dicts()]
    return found.with_columns(
        pl.Series(
            f"reason_{words.language}", [reasons.sentence(view, each, words) for each in given], pl.String
        )
        for words in map(words_of, languages())
    )


def _equal(comparable: bool, day: str | None) -> queries.Equal:
    chosen: queries.Equal = (("comparable", comparable),)
    return chosen if day is None else (*chosen, ("as_of", as_day(day)))


@lru_cache(maxsize=64)
def exhibit(view: View, comparable: bool, day: str | None, page: int) -> Exhibit:
    """One page (from 1) of the pairs as a chart and table, or of those refused as a table with the reason."""
    words = view.words
    found = pairs(view, comparable, day, PER_PAGE, (page - 1) * PER_PAGE)
    shown = found.to_dicts()
    title = words("gaps.title" if comparable else "gaps.refused_title")
    name = f"{view.situation_id}-gaps" + ("" if comparable else "-refused")
    claims = sides.claims_of(view, (row[f"{side}_claim"] for row in shown for side in ("left", "right")))
    source = source_line(view, sides.frame_of(claims))
    if not shown:
        return Exhibit(name, title, words("summary.none"), source)
    key = "gaps.summary" if comparable else "gaps.refused_summary"
    newest = {"newest": sentence(view, shown[0])} if comparable else {}
    return Exhibit(
        name=name,
        title=title,
        summary=words.plural(key, count(view, comparable, day), **newest),
        source=source,
        figure=dumbbells(_rows(view, shown), words.separators) if comparable else None,
        frame=found,
        heads=tuple(words(f"table.{column}") for column in ("as_of", "left", "right", "difference", "why")),
        rows=tuple(_cells(view, row, claims) for row in shown),
        key=(words("gaps.own_scale"), words("gaps.open_mark")) if comparable else (),
        columns=CSV_COLUMNS,
        whole=lambda: pairs(view, comparable, day),
    )


def side_figure(view: View, row: dict[str, Any], side: str) -> str:
    """One side's figure as hedged as it was stated."""
    return view.words.amount(row[f"{side}_qualifier"], row[f"{side}_value"], row[f"{side}_value_high"])


def sentence(view: View, row: dict[str, Any]) -> str:
    """A pair in one sentence: both sides named, with what each counts."""
    words = view.words
    both = {
        side: words(
            "gaps.side",
            organisation=view.names[row[f"{side}_organisation"]],
            figure=side_figure(view, row, side),
            what=_what(view, row, side),
        )
        for side in ("left", "right")
    }
    return words("gaps.sentence", day=words.day(row["as_of"]), difference=difference(view, row), **both)


def difference(view: View, row: dict[str, Any]) -> str:
    """The left side less the right one, never sharper than the two figures."""
    words = view.words
    low, high = row["difference_low"], row["difference_high"]
    if low is not None and high is not None and low == high == 0:
        return words("gaps.same")
    if low is not None and low >= 0:
        return words("gaps.more", amount=_between(view, low, high))
    if high is not None and high <= 0:
        return words("gaps.fewer", amount=_between(view, -high, None if low is None else -low))
    return words("gaps.open")


def _between(view: View, low: int, high: int | None) -> str:
    words = view.words
    if high is None:
        return words("qualifier.at_least", value=words.number(low))
    if low == high:
        return words.number(low)
    return words("qualifier.range", low=words.number(low), high=words.number(high))


def _what(view: View, row: dict[str, Any], side: str) -> str:
    words = view.words
    what = sides.thing(view, row[f"{side}_measure"], row[f"{side}_population"], row[f"{side}_breakdown"])
    start = row[f"{side}_period_start"]
    if start is not None:
        what = f"{what}, {words('window.since', day=words.short_day(start))}"
    return sides.in_sentence(what)


def _rows(view: View, shown: list[dict[str, Any]]) -> list[Row]:
    words = view.words
    slots = organisation_slots(view)

    def end(row: dict[str, Any], side: str) -> End:
        organisation = row[f"{side}_organisation"]
        name = words(
            "gaps.side_short", organisation=view.names[organisation], figure=side_figure(view, row, side)
        )
        moment = words("hover.as_of", moment=words.day(row[f"{side}_as_of"]))
        return End(
            name=name,
            low=row[f"{side}_low"],
            high=row[f"{side}_high"],
            slot=slots.get(organisation, len(slots)),
            hover=f"<b>{name}</b><br>{_what(view, row, side)}<br>{moment}",
            claim_id=row[f"{side}_claim"],
        )

    def what(row: dict[str, Any]) -> str:
        return sides.in_sentence(words(f"measure.{row['left_measure']}"))

    return [
        Row(f"{words.short_day(row['as_of'])}, {what(row)}", (end(row, "left"), end(row, "right")))
        for row in shown
    ]


def _cells(view: View, row: dict[str, Any], claims: dict[str, dict[str, Any]]) -> tuple[Cell, ...]:
    words = view.words
    both: list[Cell] = []
    for side in ("left", "right"):
        claim = claims[row[f"{side}_claim"]]
        figure = words(
            "gaps.side_short",
            organisation=view.names[row[f"{side}_organisation"]],
            figure=side_figure(view, row, side),
        )
        both.append(
            [
                Link(figure, claim_address(view, claim["claim_id"]), outside=False),
                _what(view, row, side),
                Link(view.publisher(claim["publisher"]), claim["url"]),
            ]
        )
    first, last = words.short_day(row["as_of"]), words.short_day(row["last_as_of"])
    return (
        [first, words("gaps.repeated", day=last)] if last != first else first,
        *both,
        difference(view, row) if row["comparable"] else "—",
        row[f"reason_{view.language}"],
    )
