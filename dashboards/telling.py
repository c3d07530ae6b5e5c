"""One statement in words: its figure, its moment, its marks, and the text that a chart shows for it.

A row is a dict with the columns of `statements` or of `claims.sql`.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from dashboards.words import Words
from pipelines.model import Basis, Precision, Provenance, PublishedBasis

Row = Mapping[str, Any]


def figure(row: Row, words: Words) -> str:
    """The figure as hedged as it was stated: más de 500."""
    if row["value"] is None:
        return suppressed(row, words)
    return words.amount(row["qualifier"], row["value"], row["value_high"])


def suppressed(row: Row, words: Words) -> str:
    """What stands for a figure that is not published: menos de 5, or that it would give a group away."""
    few = row.get("fewer_than")
    return words("parts.withheld") if few is None else words.plural("parts.fewer_than", few)


def people(rows: Sequence[Row], words: Words) -> str:
    """Figures for one moment with their noun: 391 personas; two that contradict: 700 o unas 650 personas."""
    amounts = words("amount.or").join(figure(row, words) for row in rows)
    return words.plural(
        "amount.people", max(row["value_high"] or row["value"] for row in rows), amount=amounts
    )


def moment(row: Row, words: Words) -> str:
    """The day or month that the figure describes."""
    return words.moment(row["as_of"], row["as_of_precision"])


def short_moment(row: Row, words: Words) -> str:
    """The same, short, for tables."""
    if row["as_of_precision"] == Precision.MONTH:
        return moment(row, words)
    return words.short_day(row["as_of"])


def window(row: Row, words: Words) -> str:
    """Where a cumulative or a flow starts, or that nobody said; empty for a stock of all who are in it."""
    start = row["period_start"]
    if row["kind"] == "promise" or (row["kind"] == "stock" and start is None):
        return ""
    if start is None:
        return words("window.unknown")
    key = "window.bulletin" if row["window_basis"] == "previous_bulletin" else "window.since"
    return words(key, day=words.short_day(start))


def standing(row: Row, words: Words) -> str:
    """What became of a statement in words; of one that lost its moment or was withdrawn also why."""
    if row["standing"] == "stands" and row.get("doubt"):
        return words("standing.in_doubt")
    told = words(f"standing.{row['standing']}")
    why = row.get("why_standing")
    if row["standing"] in ("contradicted", "withdrawn") and why:
        return words("standing.because", standing=told, why=words(f"why.{why}"))
    return told


def doubt(row: Row, words: Words) -> str:
    """That a statement is in doubt, and by which rule: en duda: su fecha es posterior a su publicación."""
    return words("doubt.mark", rule=words(f"doubt.{row['doubt']}"))


def is_unread(row: Row) -> bool:
    """Whether nobody has read a figure again, so that no reading found it stated; a query must ask for it."""
    return (
        row.get("checked", "unknown") is None
        and row.get("standing") != "withdrawn"
        and not row.get("derived", False)
    )


def is_repeat(row: Row) -> bool:
    """Whether a claim, or each that carries a statement, only repeats an earlier figure and has its day."""
    return bool(row.get("is_repeat") or (row.get("repeats") and row["repeats"] == row["carriers"]))


def marks(row: Row, words: Words, provenance: bool = True, reading: bool = True) -> list[str]:
    """What a reader must know beside the figure, in words; empty for a plain figure that was read again.

    `provenance` and `reading` False leave out what a column of its own already says; as known on a past day
    nothing is said of the reading, which mostly came later.
    """
    found = []
    if row.get("doubt"):
        found.append(doubt(row, words))
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
    if row["as_of_precision"] == Precision.MONTH:
        found.append(words("mark.month"))
    if row["contradicted"] and row.get("standing") != "contradicted":
        found.append(words("mark.contradicted"))
    if row["revision"]:
        found.append(words.plural("mark.revised", row["revision"]))
    if row["corrected"]:
        found.append(words("mark.corrected"))
    if reading and is_unread(row):
        found.append(words("checked.none"))
    return found


def hover(row: Row, name: str, publisher: str, words: Words, reading: bool = True) -> str:
    """The text of one point: figure, who, when, carried by whom, and its marks (`reading` as there)."""
    heading = f"<b>{figure(row, words)}</b> · {name}"
    lines = [heading, words("hover.as_of", moment=moment(row, words))]
    start = window(row, words)
    if start:
        lines.append(start)
    published = words.short_day(row["published"])
    lines.append(words("hover.published", publisher=publisher, day=published))
    if row["carriers"] > 1:
        lines.append(words.plural("hover.carriers", row["carriers"]))
    return "<br>".join([*lines, *(f"⚑ {mark}" for mark in marks(row, words, reading=reading))])
