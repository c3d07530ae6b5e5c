"""Two or more speakers on one thing: their gap where they count the same, else their figures side by side."""

from datetime import date
from typing import Any, Final

import polars as pl

from dashboards.exhibits.exhibit import Exhibit
from dashboards.i18n.rich_text import Cell, Link
from dashboards.i18n.translations import list_languages, read_words
from dashboards.queries import claim_rows, database
from dashboards.queries.memory import remember_asked
from dashboards.queries.view import View, make_claim_address
from dashboards.text import labels, reasons
from dashboards.text.statement_sentences import compose_source
from pipelines.core.model import Role

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
    """How many pairs compare and how many do not, and of how many an authority is one side."""
    words = view.words
    comparable, refused = (count_pairs(view, each, None) for each in (True, False))
    if comparable + refused == 0:
        return words("compare.no_pairs")
    official = database.count_mart_rows(
        view.build, view.situation_id, "gaps", view.known_on, (("left_role", Role.GOVERNMENT.value),)
    )
    key = "_none" if not official else "_some" if official < comparable + refused else ""
    return words(
        f"compare.lead{key}",
        all=words.number(comparable + refused),
        official=words.number(official),
        comparable=words.number(comparable),
        refused=words.number(refused),
    )


def list_days(view: View) -> list[str]:
    """Days with pairs, newest first."""
    found = database.list_mart_days(view.build, view.situation_id, "gaps", view.known_on)
    return [day.isoformat() for day in found]


def count_both(view: View) -> str:
    """How many pairs stand behind the matrix, those that compare and those that do not."""
    words = view.words
    return words.listed(
        [
            words.plural(key, count_pairs(view, comparable, None))
            for key, comparable in (("matrix.pairs_comparable", True), ("matrix.pairs", False))
        ]
    )


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


def _read_newest(view: View, day: str | None) -> dict[str, Any]:
    """Of all pairs that compare, whatever page shows them, the one of the newest day."""
    found = database.read_mart(
        view.build, view.situation_id, "gaps", f"as_of DESC, {ORDER}", 1, 0, view.known_on,
        _make_filter(True, day),
    )  # fmt: skip
    return found.row(0, named=True)


def _make_filter(comparable: bool, day: str | None) -> database.Equal:
    chosen: database.Equal = (("comparable", comparable),)
    return chosen if day is None else (*chosen, ("as_of", parse_day(day)))


@remember_asked
def make_comparison(view: View, comparable: bool, day: str | None, page: int) -> Exhibit:
    """One page (from 1) of the pairs that compare, or of those refused, as a table with the reason."""
    words = view.words
    found = read_pairs(view, comparable, day, PER_PAGE, (page - 1) * PER_PAGE)
    shown = found.to_dicts()
    title = words("gaps.title" if comparable else "gaps.refused_title")
    name = f"{view.situation_id}-" + ("gap-pairs" if comparable else "gaps-refused")
    claims = claim_rows.find_claims(
        view, (row[f"{side}_claim"] for row in shown for side in ("left", "right"))
    )
    source = compose_source(view, claim_rows.make_claim_frame(claims))
    if not shown:
        return Exhibit(name, title, words("summary.none"), source)
    key = "gaps.summary" if comparable else "gaps.refused_summary"
    newest = {"newest": compose_sentence(view, _read_newest(view, day))} if comparable else {}
    return Exhibit(
        name=name,
        title=title,
        summary=words.plural(key, count_pairs(view, comparable, day), **newest),
        source=source,
        frame=found,
        heads=tuple(words(f"table.{column}") for column in ("as_of", "left", "right", "difference", "why")),
        rows=tuple(_make_row(view, row, claims) for row in shown),
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


def link_side(view: View, row: dict[str, Any], side: str) -> Link:
    """Who says how many, leading to the claim."""
    figure = view.words(
        "gaps.side_short",
        organisation=view.names[row[f"{side}_organisation"]],
        figure=tell_side_amount(view, row, side),
    )
    return Link(figure, make_claim_address(view, row[f"{side}_claim"]), outside=False)


def _name_counted(view: View, row: dict[str, Any], side: str) -> str:
    words = view.words
    what = labels.name_counted(
        view, row[f"{side}_measure"], row[f"{side}_population"], row[f"{side}_breakdown"]
    )
    start = row[f"{side}_period_start"]
    if start is not None:
        what = f"{what}, {words('window.since', day=words.short_day(start))}"
    return labels.lower_first(what)


def _make_row(view: View, row: dict[str, Any], claims: dict[str, dict[str, Any]]) -> tuple[Cell, ...]:
    words = view.words
    both: list[Cell] = []
    for side in ("left", "right"):
        claim = claims[row[f"{side}_claim"]]
        published = Link(view.publisher(claim["publisher"]), claim["url"])
        both.append([link_side(view, row, side), _name_counted(view, row, side), published])
    first, last = words.short_day(row["as_of"]), words.short_day(row["last_as_of"])
    return (
        [first, words("gaps.repeated", day=last)] if last != first else first,
        *both,
        tell_difference(view, row) if row["comparable"] else "—",
        row[f"reason_{view.language}"],
    )
