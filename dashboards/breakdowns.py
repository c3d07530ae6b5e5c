"""Breakdowns: parts of a figure with the total they belong to; small cells stay withheld, gaps stay gaps."""

from datetime import date
from functools import lru_cache
from typing import Any, Final

from dashboards import queries, sides
from dashboards.exhibits import Exhibit
from dashboards.markup import Cell, Link
from dashboards.sentences import source_line
from dashboards.view import View, claim_address

ORDER: Final = "as_of DESC, breakdown, period_start, claim"
COLUMNS: Final = ("as_of", "part", "figure", "total", "share", "source")
NUMERIC: Final = (2, 3)  # of the columns
CSV_COLUMNS: Final = (
    "organisation", "measure", "population", "key", "breakdown", "period_start", "as_of", "stated",
    "qualifier", "value", "value_high", "suppressed", "suppression", "fewer_than", "total_qualifier", "total",
    "share_low", "share_high", "published", "claim", "total_claim",
)  # fmt: skip


def choices(view: View) -> list[str]:
    """Organisation, measure and key, joined as the address names them; those with most figures first."""
    of = {"situation": view.situation_id}
    if view.known_on is None:
        found = queries.ask(view.build, "breakdown_choices", **of)
    else:
        found = queries.ask(view.build, "breakdown_choices_as_known_on", known_on=view.known_on, **of)
    return [" ".join(row) for row in found.select("organisation", "measure", "key").iter_rows()]


def days(view: View, choice: str) -> tuple[date, date] | None:
    """The first and the last day of a division's figures; None where it has none."""
    organisation, measure, key = choice.split(" ")
    equal = (("organisation", organisation), ("measure", measure), ("key", key))
    of = (view.build, view.situation_id, "breakdowns", "as_of")
    stated = queries.mart(*of, known_on=view.known_on, equal=equal).filter("stated")
    first, last = queries.first_day(stated), queries.last_day(stated)
    return None if first is None or last is None else (first, last)


def label(view: View, choice: str) -> str:
    """One choice in words."""
    return view.words("parts.choice_label", **_named(view, choice))


def answer(view: View) -> str:
    """The page's answer: how many divisions there are, and by what."""
    words, found = view.words, choices(view)
    named = [key for choice in found for key in choice.split(" ")[2].split(";")]
    keys = dict.fromkeys(sides.part_label(view, key) for key in named)
    if not found:
        return words("empty.text")
    return words.plural("parts.answer", len(found), keys=words.listed(list(keys)))


def _named(view: View, choice: str) -> dict[str, str]:
    organisation, measure, key = choice.split(" ")
    return {
        "organisation": view.names[organisation],
        "measure": sides.in_sentence(view.words(f"measure.{measure}")),
        "key": sides.part_label(view, key),
    }


@lru_cache(maxsize=64)
def exhibit(view: View, choice: str) -> Exhibit:
    """The newest rows of one division as a table; the CSV holds them all."""
    words = view.words
    organisation, measure, key = choice.split(" ")
    of = (view.build, view.situation_id, "breakdowns")
    equal = (("organisation", organisation), ("measure", measure), ("key", key))
    shown = queries.mart(*of, ORDER, sides.SHOWN, known_on=view.known_on, equal=equal).to_dicts()
    claims = sides.claims_of(view, (row["claim"] for row in shown))
    return Exhibit(
        name=f"{view.situation_id}-breakdowns",
        title=label(view, choice),
        summary=words.plural(
            "parts.summary",
            queries.mart_size(*of, view.known_on, equal),
            day=words.day(shown[0]["as_of"]),
            **_named(view, choice),
        ),
        source=source_line(view, sides.frame_of(claims)),
        heads=heads(view),
        rows=cells(view, shown),
        numeric=NUMERIC,
        columns=CSV_COLUMNS,
        whole=lambda: queries.mart(*of, ORDER, known_on=view.known_on, equal=equal),
    )


def heads(view: View) -> tuple[str, ...]:
    """What the columns of a division's table are called."""
    return tuple(view.words(f"table.{column}") for column in COLUMNS)


def cells(view: View, rows: list[dict[str, Any]]) -> tuple[tuple[Cell, ...], ...]:
    """Rows of the mart under those heads."""
    claims = sides.claims_of(view, (row["claim"] for row in rows))
    return tuple(_cells(view, row, claims) for row in rows)


def _cells(view: View, row: dict[str, Any], claims: dict[str, dict[str, Any]]) -> tuple[Cell, ...]:
    words, claim = view.words, claims.get(row["claim"])
    total = row["total"]
    return (
        words.short_day(row["as_of"]),
        sides.part_label(view, row["breakdown"]),
        _figure(view, row),
        words("no_data") if total is None else words.amount(row["total_qualifier"], total),
        _share(view, row),
        Link(view.publisher(claim["publisher"]), claim["url"]) if claim else "—",
    )


def _figure(view: View, row: dict[str, Any]) -> Cell:
    words = view.words
    if not row["stated"]:
        return words("parts.unsaid")
    if row["fewer_than"] is not None:
        return words.plural("parts.fewer_than", row["fewer_than"])
    if row["suppressed"]:
        return words("parts.withheld")
    figure = words.amount(row["qualifier"], row["value"], row["value_high"])
    return Link(figure, claim_address(view, row["claim"]), outside=False)


def _share(view: View, row: dict[str, Any]) -> str:
    """The share where both the part and its total are exact; else nothing is claimed."""
    low, high = row["share_low"], row["share_high"]
    return view.words.percent(low) if low is not None and low == high else "—"


def definitions(view: View) -> list[str]:
    """What each organisation counts, since when, in its situation's words."""
    words = view.words
    lines = []
    for row in queries.definitions(view.build, view.situation_id).to_dicts():
        text = words.of({"es": row["text_es"], "en": row["text_en"]})
        since = f", {words('parts.since', day=words.day(row['since']))}" if row["since"] else ""
        measure = sides.in_sentence(words(f"measure.{row['measure']}"))
        lines.append(f"{view.names[row['organisation']]}, {measure}{since}: {text}")
    return lines
