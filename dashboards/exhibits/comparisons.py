"""Two or more speakers on one thing: their gap where they count the same, else their figures side by side."""

from datetime import date
from typing import Any, Final

import polars as pl

from dashboards.charts.dumbbell import Dumbbell, End, draw_dumbbells
from dashboards.exhibits.exhibit import Exhibit, count_rows, list_newest_rows, make_from_mart
from dashboards.exhibits.figures_over_time import choose_slot
from dashboards.i18n.rich_text import Cell, Link
from dashboards.i18n.translations import list_languages, read_words
from dashboards.queries import claim_rows, database
from dashboards.queries.memory import remember, remember_asked
from dashboards.queries.view import View, make_claim_address
from dashboards.text import amounts, labels, reasons
from dashboards.text.statement_sentences import compose_source
from pipelines.core.bounds import find_bounds

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
    *(f"reason_{language}" for language in list_languages()), "difference_low", "difference_high",
    *(f"{side}_{column}" for side in ("left", "right") for column in _SIDE),
)  # fmt: skip


def compose_answer(view: View) -> str:
    """How many pairs compare and how many do not."""
    words = view.words
    comparable, refused = (count_pairs(view, each, None) for each in (True, False))
    if comparable + refused == 0:
        return words("compare.no_pairs")
    return words(
        "compare.lead",
        all=words.number(comparable + refused),
        comparable=words.number(comparable),
        refused=words.number(refused),
    )


def list_days(view: View) -> list[str]:
    """Days with pairs, newest first."""
    found = database.list_mart_days(view.build, view.situation_id, "gaps", view.known_on)
    return [day.isoformat() for day in found]


def parse_day(day: str) -> date:
    """A day of the address."""
    return date.fromisoformat(day)


def count_pairs(view: View, comparable: bool, day: str | None) -> int:
    """How many pairs compare, or do not; of one day where one is chosen."""
    return database.count_mart_rows(
        view.build, view.situation_id, "gaps", view.known_on, _make_filter(comparable, day)
    )


def read_pairs(
    view: View, comparable: bool, day: str | None, limit: int | None = None, skip: int = 0
) -> pl.DataFrame:
    """Those pairs, a government's side first, then the newest; with each reason in every language."""
    equal = _make_filter(comparable, day)
    found = database.read_mart(
        view.build, view.situation_id, "gaps", ORDER, limit, skip, view.known_on, equal
    )
    given = [reasons.Reason.of(row) for row in found.to_dicts()]
    return found.with_columns(
        pl.Series(
            f"reason_{words.language}",
            [reasons.compose_reason(view, each, words) for each in given],
            pl.String,
        )
        for words in map(read_words, list_languages())
    )


def _make_filter(comparable: bool, day: str | None) -> database.Equal:
    chosen: database.Equal = (("comparable", comparable),)
    return chosen if day is None else (*chosen, ("as_of", parse_day(day)))


@remember_asked
def make_comparison(view: View, comparable: bool, day: str | None, page: int) -> Exhibit:
    """One page (from 1) of the pairs as a chart and table, or of those refused as a table with the reason."""
    words = view.words
    found = read_pairs(view, comparable, day, PER_PAGE, (page - 1) * PER_PAGE)
    shown = found.to_dicts()
    title = words("gaps.title" if comparable else "gaps.refused_title")
    name = f"{view.situation_id}-gaps" + ("" if comparable else "-refused")
    claims = claim_rows.find_claims(
        view, (row[f"{side}_claim"] for row in shown for side in ("left", "right"))
    )
    source = compose_source(view, claim_rows.make_claim_frame(claims))
    if not shown:
        return Exhibit(name, title, words("summary.none"), source)
    key = "gaps.summary" if comparable else "gaps.refused_summary"
    newest = {"newest": compose_sentence(view, shown[0])} if comparable else {}
    return Exhibit(
        name=name,
        title=title,
        summary=words.plural(key, count_pairs(view, comparable, day), **newest),
        source=source,
        figure=draw_dumbbells(_make_dumbbells(view, shown), words.separators) if comparable else None,
        frame=found,
        heads=tuple(words(f"table.{column}") for column in ("as_of", "left", "right", "difference", "why")),
        rows=tuple(_make_row(view, row, claims) for row in shown),
        key=(words("gaps.own_scale"), words("gaps.open_mark")) if comparable else (),
        columns=CSV_COLUMNS,
        whole=lambda: read_pairs(view, comparable, day),
    )


def tell_side_amount(view: View, row: dict[str, Any], side: str) -> str:
    """One side's figure as hedged as it was stated."""
    return view.words.amount(row[f"{side}_qualifier"], row[f"{side}_value"], row[f"{side}_value_high"])


def compose_sentence(view: View, row: dict[str, Any]) -> str:
    """A pair in one sentence: both sides named, with what each counts."""
    words = view.words
    both = {
        side: words(
            "gaps.side",
            organisation=view.names[row[f"{side}_organisation"]],
            figure=tell_side_amount(view, row, side),
            what=_name_counted(view, row, side),
        )
        for side in ("left", "right")
    }
    return words("gaps.sentence", day=words.day(row["as_of"]), difference=tell_difference(view, row), **both)


def tell_difference(view: View, row: dict[str, Any]) -> str:
    """The left side less the right one, never sharper than the two figures."""
    words = view.words
    low, high = row["difference_low"], row["difference_high"]
    if low is not None and high is not None and low == high == 0:
        return words("gaps.same")
    if low is not None and low >= 0:
        return words("gaps.more", amount=_tell_between(view, low, high))
    if high is not None and high <= 0:
        return words("gaps.fewer", amount=_tell_between(view, -high, None if low is None else -low))
    return words("gaps.open")


def _tell_between(view: View, low: int, high: int | None) -> str:
    words = view.words
    if high is None:
        return words("qualifier.at_least", value=words.number(low))
    if low == high:
        return words.number(low)
    return words("qualifier.range", low=words.number(low), high=words.number(high))


def _name_counted(view: View, row: dict[str, Any], side: str) -> str:
    words = view.words
    what = labels.name_counted(
        view, row[f"{side}_measure"], row[f"{side}_population"], row[f"{side}_breakdown"]
    )
    start = row[f"{side}_period_start"]
    if start is not None:
        what = f"{what}, {words('window.since', day=words.short_day(start))}"
    return labels.lower_first(what)


def _make_dumbbells(view: View, shown: list[dict[str, Any]]) -> list[Dumbbell]:
    words = view.words

    def end(row: dict[str, Any], side: str) -> End:
        organisation = row[f"{side}_organisation"]
        slots = {
            each: choose_slot(view, row[f"{each}_organisation"], row[f"{each}_measure"])
            for each in ("left", "right")
        }
        name = words(
            "gaps.side_short", organisation=view.names[organisation], figure=tell_side_amount(view, row, side)
        )
        moment = words("hover.as_of", moment=words.day(row[f"{side}_as_of"]))
        return End(
            name=name,
            low=row[f"{side}_low"],
            high=row[f"{side}_high"],
            slot=slots[side],
            variant=int(side == "right" and slots["left"] == slots["right"]),
            hover=f"<b>{name}</b><br>{_name_counted(view, row, side)}<br>{moment}",
            claim_id=row[f"{side}_claim"],
        )

    def what(row: dict[str, Any]) -> str:
        return labels.lower_first(words(f"measure.{row['left_measure']}"))

    return [
        Dumbbell(f"{words.short_day(row['as_of'])}, {what(row)}", (end(row, "left"), end(row, "right")))
        for row in shown
    ]


def _make_row(view: View, row: dict[str, Any], claims: dict[str, dict[str, Any]]) -> tuple[Cell, ...]:
    words = view.words
    both: list[Cell] = []
    for side in ("left", "right"):
        claim = claims[row[f"{side}_claim"]]
        figure = words(
            "gaps.side_short",
            organisation=view.names[row[f"{side}_organisation"]],
            figure=tell_side_amount(view, row, side),
        )
        both.append(
            [
                Link(figure, make_claim_address(view, claim["claim_id"]), outside=False),
                _name_counted(view, row, side),
                Link(view.publisher(claim["publisher"]), claim["url"]),
            ]
        )
    first, last = words.short_day(row["as_of"]), words.short_day(row["last_as_of"])
    return (
        [first, words("gaps.repeated", day=last)] if last != first else first,
        *both,
        tell_difference(view, row) if row["comparable"] else "—",
        row[f"reason_{view.language}"],
    )


BANDS_SHOWN: Final = 12
BAND_COLUMNS: Final = (
    "as_of", "measure", "population", "breakdown", "baseline", "registries", "low_organisation",
    "low_qualifier", "low_value", "low_as_of", "low_claim", "high_organisation", "high_qualifier",
    "high_value", "high_as_of", "high_claim", "organisations", "values", "claims",
)  # fmt: skip


@remember
def make_bands(view: View) -> Exhibit:
    """Several registries of one thing, each edge named, never averaged."""
    words, shown = view.words, list_newest_rows(view, "bands", BANDS_SHOWN)
    claims = claim_rows.find_claims(view, (claim for row in shown for claim in row["claims"]))
    summary = words("bands.none")
    if shown:
        edges = {edge: _tell_edge(view, shown[0], edge) for edge in ("low", "high")}
        summary = words.plural("bands.summary", count_rows(view, "bands"), **edges)
    return make_from_mart(
        view,
        "bands",
        BAND_COLUMNS,
        shown,
        ("low_claim", "high_claim"),
        title=words("bands.title"),
        summary=summary,
        figure=draw_dumbbells([_make_band(view, row, claims) for row in shown], words.separators)
        if shown
        else None,
        heads=tuple(words(f"table.{column}") for column in ("what", "low", "high", "registries")),
        rows=tuple(
            (
                labels.name_counted(view, row["measure"], row["population"], row["breakdown"]),
                *(
                    Link(
                        _tell_edge(view, row, edge),
                        make_claim_address(view, row[f"{edge}_claim"]),
                        outside=False,
                    )
                    for edge in ("low", "high")
                ),
                words.number(row["registries"]),
            )
            for row in shown
        ),
        numeric=(3,),
        key=(words("gaps.own_scale"), words("gaps.open_mark")) if shown else (),
    )


def _tell_edge(view: View, row: dict[str, Any], edge: str) -> str:
    """Who, the figure as hedged, and its own day: the days of a band are close together, not one."""
    words = view.words
    return words(
        "bands.edge",
        organisation=view.names[row[f"{edge}_organisation"]],
        figure=words.amount(row[f"{edge}_qualifier"], row[f"{edge}_value"]),
        day=words.short_day(row[f"{edge}_as_of"]),
    )


def _make_band(view: View, row: dict[str, Any], claims: dict[str, dict[str, Any]]) -> Dumbbell:
    words = view.words
    ends: list[End] = []
    for claim in (claims[each] for each in row["claims"] if each in claims):
        organisation = claim["organisation"]
        name = words(
            "bands.edge",
            organisation=view.names[organisation],
            figure=amounts.tell_claim_amount(view, claim),
            day=words.short_day(claim["as_of"]),
        )
        low, high = find_bounds(claim["qualifier"], claim["value"], claim["value_high"])
        slot = choose_slot(view, organisation, claim["measure"])
        variant = sum(each.slot == slot for each in ends)
        ends.append(End(name, low, high, slot, variant, f"<b>{name}</b>", claim["claim_id"]))
    return Dumbbell(
        labels.name_counted(view, row["measure"], row["population"], row["breakdown"]), tuple(ends)
    )
