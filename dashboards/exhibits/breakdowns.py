"""Parts of a figure with the total they belong to, as rows; gaps stay gaps."""

from datetime import date
from typing import Any, Final

from dashboards.exhibits import exhibit
from dashboards.exhibits.exhibit import Exhibit
from dashboards.i18n.rich_text import Cell, Link
from dashboards.queries import claim_rows, database, series
from dashboards.queries.memory import remember
from dashboards.queries.view import View, make_claim_address
from dashboards.text import amounts, labels
from dashboards.text.organisations import name_in_sentence
from dashboards.text.statement_sentences import compose_source
from pipelines.core.model import Kind, Measure

ORDER: Final = "as_of DESC, breakdown, period_start, claim"
WINDOWED: Final = (Kind.CUMULATIVE, Kind.FLOW)  # their rows say from which day on they count
CSV_COLUMNS: Final = (
    "organisation", "measure", "population", "key", "breakdown", "period_start", "as_of", "stated",
    "qualifier", "value", "value_high", "suppressed", "suppression", "fewer_than", "total_qualifier", "total",
    "share_low", "share_high", "published", "claim", "total_claim",
)  # fmt: skip


def list_divisions(view: View) -> list[str]:
    """Organisation, measure and key, joined as the address names them; those with most figures first."""
    found = database.ask(view.build, "breakdown_choices", situation=view.situation_id, known_on=view.known_on)
    return [" ".join(row) for row in found.select("organisation", "measure", "key").iter_rows()]


def find_span(view: View, choice: str) -> tuple[date, date] | None:
    """The first and the last day of a division's figures; None where it has none."""
    organisation, measure, key = choice.split(" ")
    equal = (("organisation", organisation), ("measure", measure), ("key", key))
    of = (view.build, view.situation_id, "breakdowns", "as_of")
    stated = database.read_mart(*of, known_on=view.known_on, equal=equal).filter("stated")
    first, last = series.find_first_day(stated), series.find_last_day(stated)
    return None if first is None or last is None else (first, last)


def name_division(view: View, choice: str) -> str:
    """One choice in words."""
    return view.words("parts.choice_label", **name_facts(view, choice))


def compose_answer(view: View) -> str:
    """The page's answer: how many divisions there are, and by what."""
    words, found = view.words, list_divisions(view)
    named = [key for choice in found for key in choice.split(" ")[2].split(";")]
    keys = dict.fromkeys(labels.name_part(view, key) for key in named)
    if not found:
        return words("parts.none")
    return words.plural("parts.answer", len(found), keys=words.listed(list(keys)))


def name_facts(view: View, choice: str) -> dict[str, str]:
    """Organisation, measure and key of one choice in words."""
    organisation, measure, key = choice.split(" ")
    return {
        "organisation": name_in_sentence(view, organisation),
        "measure": labels.lower_first(view.words(f"measure.{measure}")),
        "key": labels.name_part(view, key),
    }


@remember
def make_newest_parts(view: View, choice: str) -> Exhibit:
    """The newest rows of one division as a table; the CSV holds them all."""
    words = view.words
    organisation, measure, key = choice.split(" ")
    of = (view.build, view.situation_id, "breakdowns")
    equal = (("organisation", organisation), ("measure", measure), ("key", key))
    shown = database.read_mart(*of, ORDER, exhibit.SHOWN, known_on=view.known_on, equal=equal).to_dicts()
    claims = claim_rows.find_claims(view, (row["claim"] for row in shown))
    return Exhibit(
        name=f"{view.situation_id}-breakdowns",
        title=name_division(view, choice),
        summary=words.plural(
            "parts.summary",
            database.count_mart_rows(*of, view.known_on, equal),
            day=words.day(shown[0]["as_of"]),
            **name_facts(view, choice),
        ),
        source=compose_source(view, claim_rows.make_claim_frame(claims)),
        heads=name_columns(view, measure),
        rows=make_rows(view, shown),
        numeric=find_numeric(measure),
        columns=CSV_COLUMNS,
        whole=lambda: database.read_mart(*of, ORDER, known_on=view.known_on, equal=equal),
    )


def name_columns(view: View, measure: str) -> tuple[str, ...]:
    """What the columns of a division's table are called."""
    return tuple(view.words(f"table.{column}") for column in _list_columns(measure))


def find_numeric(measure: str) -> tuple[int, ...]:
    """The places of the columns that hold numbers."""
    columns = _list_columns(measure)
    return columns.index("figure"), columns.index("total")


def _list_columns(measure: str) -> tuple[str, ...]:
    since = ("since",) if Measure(measure).kind in WINDOWED else ()
    return ("as_of", *since, "part", "figure", "total", "share", "source")


def make_rows(view: View, rows: list[dict[str, Any]]) -> tuple[tuple[Cell, ...], ...]:
    """Rows of the mart under those heads."""
    claims = claim_rows.find_claims(view, (row["claim"] for row in rows))
    return tuple(_make_row(view, row, claims) for row in rows)


def _make_row(view: View, row: dict[str, Any], claims: dict[str, dict[str, Any]]) -> tuple[Cell, ...]:
    words, claim = view.words, claims.get(row["claim"])
    total, start = row["total"], row["period_start"]
    since = words("window.unknown") if start is None else words.short_day(start)
    return (
        words.short_day(row["as_of"]),
        *((since,) if Measure(row["measure"]).kind in WINDOWED else ()),
        labels.name_part(view, row["breakdown"]),
        _link_amount(view, row),
        words("no_data") if total is None else words.amount(row["total_qualifier"], total),
        _tell_share(view, row),
        Link(view.publisher(claim["publisher"]), claim["url"]) if claim else "—",
    )


def _link_amount(view: View, row: dict[str, Any]) -> Cell:
    told = tell_amount(view, row)
    if row["value"] is None:
        return told
    return Link(told, make_claim_address(view, row["claim"]), outside=False)


def _tell_share(view: View, row: dict[str, Any]) -> str:
    """The share where both the part and its total are exact; else nothing is claimed."""
    low, high = row["share_low"], row["share_high"]
    return view.words.percent(low) if low is not None and low == high else "—"


def tell_amount(view: View, row: dict[str, Any]) -> str:
    """A part's figure as hedged as it was stated; what stands for one that is not published, or was not
    said.
    """
    return amounts.tell_amount(row, view.words) if row["stated"] else view.words("parts.unsaid")
