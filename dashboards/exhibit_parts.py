"""What an exhibit is made of: statements as points, events as marks, and the words around a figure."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

import polars as pl

from dashboards import latest, queries, telling
from dashboards.charts.furniture import Event
from dashboards.charts.language import DOUBT_SCHEMA, POINT_SCHEMA, Mark, marks_in
from dashboards.charts.lines import SILENCE_DAYS
from dashboards.markup import Cell, Link
from dashboards.view import View, claim_address
from dashboards.words import Words

COLUMNS: Final = ("as_of", "who", "what", "figure", "published", "source", "marks")


def chart_points(view: View, points: pl.DataFrame, single: bool = False) -> pl.DataFrame:
    """Statements in the shape that charts draw (POINT_SCHEMA), with names and hover texts in words."""
    words, names = view.words, view.names
    slots = organisation_slots(view)
    variants = _variants(points)
    broken = queries.unbridged_breaks(view.build, view.situation_id, view.known_on)
    several = points["measure"].n_unique() > 1  # on one axis: each series says what it counts
    rows = []
    for row in points.to_dicts():
        name, publisher = names[row["organisation"]], view.publisher(row["publisher"])
        what = words(f"measure_in_sentence.{row['measure']}")
        series = f"{name}: {what}" if several else name
        window = telling.window(row, words)
        if not single and window and row["kind"] in ("stock", "cumulative"):  # no line joins two windows
            series = f"{series}, {window}"
        rows.append(
            {
                **{column: row[column] for column in POINT_SCHEMA if column in row},
                "series": series,
                "slot": slots[row["organisation"]],
                "variant": variants[row["organisation"], row["measure"], row["baseline"]],
                "hover": telling.hover(row, name, publisher, words, view.known_on is None),
                "epoch": epoch(row, broken),
            }
        )
    frame = pl.DataFrame(rows, schema=POINT_SCHEMA)
    if single and frame.height and frame["kind"][0] == "cumulative":
        return frame.with_columns(slot=pl.lit(1, dtype=pl.Int64))
    return frame


def doubt_points(view: View, in_doubt: pl.DataFrame) -> pl.DataFrame:
    """What is in doubt, in the shape that charts draw (DOUBT_SCHEMA); the hover text names the rule."""
    words, rows = view.words, []
    for row in in_doubt.to_dicts():
        name, publisher = view.names[row["organisation"]], view.publisher(row["publisher"])
        rows.append({**row, "hover": telling.hover(row, name, publisher, words, view.known_on is None)})
    return pl.DataFrame([{name: row[name] for name in DOUBT_SCHEMA} for row in rows], schema=DOUBT_SCHEMA)


def epoch(row: Mapping[str, Any], broken: Mapping[queries.Counted, list[date]]) -> int:
    """How often what a figure counts has changed with no bridge across; no line joins two epochs."""
    days = broken.get((row["organisation"], row["measure"], row["population"]), [])
    return sum(day <= row["as_of"] for day in days)


def _changed(view: View, frame: pl.DataFrame) -> pl.DataFrame:
    """Breaks of what the statements of a frame count; two baselines are two series to begin with."""
    changed = queries.mart(
        view.build, view.situation_id, "breaks", "happened, organisation, measure", known_on=view.known_on
    ).filter(pl.col("kind") != "baseline")
    return changed.join(frame, on=["organisation", "measure", "population"], how="semi")


def _variants(points: pl.DataFrame) -> dict[tuple[str, str, date | None], int]:
    """Which of its organisation's series each measure and baseline is, in the order of the points."""
    counted: dict[str, int] = {}
    variants = {}
    series = points.select("organisation", "measure", "baseline").unique(maintain_order=True)
    for organisation, measure, baseline in series.iter_rows():
        counted[organisation] = counted.get(organisation, -1) + 1
        variants[organisation, measure, baseline] = counted[organisation]
    return variants


def organisation_slots(view: View) -> Mapping[str, int]:
    """Which colour and shape each organisation has: the primary first, then by how much it has published."""
    heads = queries.series_heads(view.build, view.situation_id)
    points = (
        heads.group_by("organisation")
        .agg(pl.col("points").sum())
        .sort(["points", "organisation"], descending=[True, False])
    )
    primary = view.situation.primary_organisation
    order = [primary, *(each for each in points["organisation"] if each != primary)]
    return {organisation: slot for slot, organisation in enumerate(order)}


def events(
    view: View, since: date, until: date, kinds: tuple[str, ...], breaks: Sequence[tuple[date, str]] = ()
) -> list[tuple[Event, Link]]:
    """Events of these kinds in the range, and breaks, numbered in time order, each with its link."""
    words = view.words
    frame = queries.events(view.build, view.situation_id).filter(
        pl.col("happened").is_between(since, until), pl.col("kind").is_in(kinds)
    )
    happened: list[tuple[date, str, str | None]] = [
        (row["happened"], words.of({code: row[f"title_{code}"] for code in ("es", "en", "pt")}), row["url"])
        for row in frame.to_dicts()
    ]
    happened += [(day, title, None) for day, title in breaks if since <= day <= until]
    found = []
    for number, (day, title, url) in enumerate(sorted(happened, key=lambda each: each[0]), start=1):
        text = f"{words.short_day(day)}: {title}"
        found.append((Event(day, str(number), text), Link(text, url)))
    return found


def breaks_of(view: View, frame: pl.DataFrame) -> list[tuple[date, str]]:
    """Days on which what the statements of a frame count became something else, each in words."""
    words = view.words
    changed = _changed(view, frame)
    return [
        (
            row["happened"],
            words(
                "breaks.mark",
                kind=words(f"breaks.kind_{row['kind']}"),
                organisation=view.names[row["organisation"]],
                reason=words.of({"es": row["reason_es"], "en": row["reason_en"]})
                if row["reason_es"]
                else words("breaks.no_reason"),
            ),
        )
        for row in changed.to_dicts()
    ]


def summary(view: View, panels: Sequence[pl.DataFrame]) -> str:
    """One sentence for each series: from its first figure in the range to its last or its headline."""
    words, names = view.words, view.names
    sentences = []
    for points in panels:
        for _, own in points.group_by("organisation", "measure", "baseline", maintain_order=True):
            rows = latest.up_to_headline(view, own).to_dicts()
            first, last = rows[0], rows[-1]
            facts = {
                "organisation": names[last["organisation"]],
                "measure": words(f"measure_in_sentence.{last['measure']}"),
                "window": f" ({telling.window(last, words)})" if telling.window(last, words) else "",
                "last": telling.figure(last, words),
                "last_day": telling.moment(last, words),
            }
            if first["as_of"] == last["as_of"]:
                sentences.append(words("summary.one", **facts))
            else:
                begin = {"first": telling.figure(first, words), "first_day": telling.moment(first, words)}
                sentences.append(words.plural("summary.many", len(rows), **facts, **begin))
    return " ".join(sentences) if sentences else words("summary.none")


def newest_first(frame: pl.DataFrame) -> list[dict[str, Any]]:
    """Rows as a table lists them: the newest moment first."""
    return frame.sort("as_of", descending=True, maintain_order=True).to_dicts()


def table_row(view: View, row: dict[str, Any]) -> tuple[Cell, ...]:
    words = view.words
    what = words(f"measure.{row['measure']}")
    window = telling.window(row, words)
    return (
        telling.short_moment(row, words),
        view.names[row["organisation"]],
        f"{what}, {window}" if window else what,
        Link(telling.figure(row, words), claim_address(view, row["claim_id"]), outside=False),
        words.short_day(row["published"]),
        Link(view.publisher(row["publisher"]), row["url"]),
        telling.marks(row, words, reading=view.known_on is None),
    )


def key(frame: pl.DataFrame, words: Words, in_doubt: bool = False) -> tuple[str, ...]:
    """How to read the marks that this frame has, and those of what is in doubt; always how a line breaks."""
    if frame.is_empty():
        return ()
    readings = [words(f"key.{mark}") for mark in marks_in(frame)]
    if Mark.SECONDHAND not in marks_in(frame) and (frame["provenance"] == "secondhand").any():
        readings.append(words(f"key.{Mark.SECONDHAND}"))
    if in_doubt:
        readings.append(words("doubt.key"))
    return (*readings, words("key.silence", days=words.days(SILENCE_DAYS)))
