"""What is counted, when, in which window, and with which marks: the labels of a statement."""

from datetime import date
from typing import Any, Final

from dashboards.i18n.translations import FIRST_LANGUAGE, Words
from dashboards.queries.view import View
from dashboards.text.amounts import Row, tell_amount
from dashboards.text.organisations import name_in_sentence
from pipelines.core.model import Basis, Kind, Precision, Provenance, PublishedBasis


def tell_moment(row: Row, words: Words) -> str:
    """The day or month that the figure describes."""
    return words.moment(row["as_of"], row["as_of_precision"])


def tell_month(row: Row, other: date, words: Words) -> str:
    """The month that the figure describes; as finely as it is known where the `other` day is of it too."""
    day = row["as_of"]
    if (day.year, day.month) == (other.year, other.month):
        return tell_moment(row, words)
    return words.moment(day, Precision.MONTH)


def tell_short_moment(row: Row, words: Words) -> str:
    """The same, short, for tables."""
    if row["as_of_precision"] == Precision.MONTH:
        return tell_moment(row, words)
    return words.short_day(row["as_of"])


def tell_window(row: Row, words: Words) -> str:
    """Where a cumulative or a flow starts, or that nobody said; empty for a stock of all who are in it."""
    start = row["period_start"]
    if row["kind"] == "promise" or (row["kind"] == "stock" and start is None):
        return ""
    if start is None:
        return words("window.unknown")
    key = "window.bulletin" if row["window_basis"] == "previous_bulletin" else "window.since"
    return words(key, day=words.short_day(start))


def find_announced(row: Row) -> date:
    """The day on which an announcement was made: its own, or that of its report, which may come before."""
    days: list[date] = [row["as_of"], row.get("published") or row["as_of"]]
    return min(days)


def tell_standing(row: Row, words: Words) -> str:
    """What became of a statement in words; of one that lost its moment or was withdrawn also why."""
    if row["standing"] == "stands" and row.get("doubt"):
        return words("standing.in_doubt")
    told = words(f"standing.{row['standing']}")
    why = row.get("why_standing")
    if row["standing"] in ("contradicted", "withdrawn") and why:
        return words("standing.because", standing=told, why=words(f"why.{why}"))
    return told


def tell_doubt(row: Row, words: Words) -> str:
    """That a statement is in doubt, and by which rule: en duda: su fecha es posterior a su publicación."""
    return words("doubt.mark", rule=words(f"doubt.{row['doubt']}"))


def is_unread(row: Row) -> bool:
    """Whether nobody has read a figure's text again and found it stated; a query must ask for it."""
    return (
        row.get("checked", "unknown") in (None, "read_in_address")
        and row.get("standing") != "withdrawn"
        and not row.get("derived", False)
    )


def covers_its_month(row: Row) -> bool:
    """Whether a figure counts what happened in one month, so that the month is its whole window."""
    return (
        row.get("kind") == Kind.FLOW
        and row["as_of_precision"] == Precision.MONTH
        and row["period_start"] == row["as_of"].replace(day=1)
    )


def is_repeat(row: Row) -> bool:
    """Whether a claim, or each that carries a statement, only repeats an earlier figure and has its day."""
    return bool(row.get("is_repeat") or (row.get("repeats") and row["repeats"] == row["carriers"]))


def list_marks(row: Row, words: Words, provenance: bool = True, reading: bool = True) -> list[str]:
    """What a reader must know beside the figure, in words; empty for a plain figure that was read again.

    `provenance` and `reading` False leave out what a column of its own already says; as known on a past day
    nothing is said of the reading, which mostly came later.
    """
    found = []
    if row.get("doubt"):
        found.append(tell_doubt(row, words))
    if provenance and row["provenance"] == Provenance.SECONDHAND:
        found.append(words("mark.secondhand"))
    if row["published_basis"] == PublishedBasis.INFERRED:
        found.append(words("mark.inferred_day"))
    if is_repeat(row):
        found.append(words("mark.repeat"))
    elif row["as_of_basis"] == Basis.PUBLICATION_DATE:
        found.append(words("mark.publication_date"))
    elif row["as_of_basis"] == Basis.INFERRED:
        found.append(words("mark.inferred_moment"))
    if row["as_of_basis"] == Basis.RELATIVE:
        found.append(words("mark.relative"))
    if row["as_of_precision"] == Precision.MONTH and not covers_its_month(row):
        found.append(words("mark.month"))
    if row["contradicted"] and row.get("standing") != "contradicted":
        found.append(words("mark.contradicted"))
    if row["revision"]:
        found.append(words.plural("mark.revised", row["revision"]))
    if row["corrected"]:
        found.append(words("mark.corrected"))
    if reading and is_unread(row):
        day = row.get("checked_on") if row.get("checked") else None  # its address was read, and not its text
        found.append(
            words("checked.read_in_address", day=words.short_day(day)) if day else words("checked.none")
        )
    return found


def compose_hover(row: Row, name: str, publisher: str, words: Words, reading: bool = True) -> str:
    """The text of one point: figure, who, when, carried by whom, and its marks (`reading` as there)."""
    heading = f"<b>{tell_amount(row, words)}</b> · {name}"
    lines = [heading, words("hover.as_of", moment=tell_moment(row, words))]
    start = tell_window(row, words)
    if start:
        lines.append(start)
    published = words.short_day(row["published"])
    lines.append(words("hover.published", publisher=publisher, day=published))
    if row["carriers"] > 1:
        lines.append(words.plural("hover.carriers", row["carriers"]))
    return "<br>".join([*lines, *(f"⚑ {mark}" for mark in list_marks(row, words, reading=reading))])


def name_counted(view: View, measure: str, population: str, breakdown: str) -> str:
    """What is counted: the measure, then the part and the people where they are not the usual ones."""
    words, situation = view.words, view.situation
    parts = [words(f"measure.{measure}")]
    if breakdown != "total":
        parts.append(name_part(view, breakdown))
    if population != situation.default_population and population in situation.populations:
        parts.append(words.of(situation.populations[population]))
    return ", ".join(parts)


def name_with_window(view: View, claim: dict[str, Any]) -> str:
    """What a claim counts, and since when where it is counted since a day."""
    what = name_counted(view, claim["measure"], claim["population"], claim["breakdown"])
    window = tell_window(claim, view.words)
    return f"{what}, {window}" if window else what


def name_part(view: View, breakdown: str) -> str:
    """A part in words; a key alone (`sex`) is the split by it."""
    words = view.words
    labels = view.situation.breakdown_labels
    return ", ".join(
        words.breakdown(part, labels) if "=" in part else words(f"breakdown_key.{part}")
        for part in breakdown.split(";")
    )


def lower_first(text: str) -> str:
    """A label within a sentence: its first letter small."""
    return text[:1].lower() + text[1:]


UNSTATED: Final = "unstated"  # in the address: a total whose start nobody stated


def parse_baseline(value: str) -> date | None:
    """The day of a choice; None for a start that nobody stated."""
    return None if value == UNSTATED else date.fromisoformat(value)


def name_baseline(value: str, words: Words) -> str:
    """A choice of start in words."""
    day = parse_baseline(value)
    return words("window.unknown") if day is None else words("window.since", day=words.short_day(day))


def name_split(view: View, split: str) -> str:
    """A division (`custom_chart.list_splits`) in words."""
    words = view.words
    if split == "none":
        return words("builder.split_whole")
    organisation, key = split.split(" ")
    named = name_part(view, key)
    return words(
        "builder.split_label",
        key=named[:1].upper() + named[1:],
        organisation=name_in_sentence(view, organisation),
    )


def name_event_kind(kind: str, words: Words) -> str:
    """A kind of event in words; a kind that no catalogue knows is shown as it is written."""
    return words(f"event.{kind}") if words.has(f"event.{kind}") else kind.replace("_", " ")


def find_reason(row: Row, words: Words) -> str:
    """Why a person corrected a figure, where the reason is written in the reader's language; else empty."""
    return row["reason" if words.language == FIRST_LANGUAGE else f"reason_{words.language}"] or ""


def tell_reason(row: Row, words: Words) -> str:
    """The same, else in Spanish, with a word that it is."""
    return find_reason(row, words) or f"{row['reason']} {words('corrected.only_spanish')}"
