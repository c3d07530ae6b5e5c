"""What each organisation counts, and when that changed: its definition, its unit, the day it counts from."""

from typing import Any, Final

from dashboards.exhibits.exhibit import Exhibit
from dashboards.queries import database, series
from dashboards.queries.memory import remember
from dashboards.queries.view import View
from dashboards.text import labels

ORDER: Final = "happened DESC, organisation, measure, population, kind, baseline"
COLUMNS: Final = (
    "happened", "organisation", "measure", "population", "kind", "baseline_before", "baseline", "reason_es",
    "reason_en", "reason_pt", "bridged", "bridge_es", "bridge_en", "bridge_pt", "bridge_link",
)  # fmt: skip


@remember
def make_definition_changes(view: View) -> Exhibit:
    """Every change as a table, the newest first; without any the summary says so and claims no more."""
    words = view.words
    found = database.read_mart(view.build, view.situation_id, "breaks", ORDER, known_on=view.known_on)
    columns = ("since", "who", "what", "change_kind", "why_changed", "consequence")
    return Exhibit(
        name=f"{view.situation_id}-breaks",
        title=words("breaks.title"),
        summary=words.plural("breaks.summary", found.height) if found.height else words("breaks.none"),
        source=words("breaks.source", build=view.build.id),
        frame=found,
        heads=tuple(words(f"table.{column}") for column in columns),
        rows=tuple(_make_row(view, row) for row in found.to_dicts()),
        numeric=(),
        columns=COLUMNS,
    )


def _make_row(view: View, row: dict[str, Any]) -> tuple[str, ...]:
    words = view.words
    bridged = words("breaks.bridged", reason=words.of_column(row, "bridge"))
    return (
        words.short_day(row["happened"]),
        view.names[row["organisation"]],
        labels.name_counted(view, row["measure"], row["population"], "total"),
        words(f"breaks.kind_{row['kind']}"),
        _explain_change(view, row),
        bridged if row["bridged"] else words("breaks.refused"),
    )


def _explain_change(view: View, row: dict[str, Any]) -> str:
    words = view.words
    if row["kind"] == "baseline":
        before, after = (words.short_day(row[column]) for column in ("baseline_before", "baseline"))
        return words("breaks.baselines", before=before, after=after)
    return words.of_column(row, "reason") or words("breaks.no_reason")


def list_definitions(view: View) -> list[str]:
    """What each organisation counts, since when, in its situation's words."""
    words = view.words
    lines = []
    for row in series.read_definitions(view.build, view.situation_id).to_dicts():
        if row["since"] and row["since"] > view.today:  # of a day gone back to: nobody counted so yet
            continue
        text = words.of_column(row, "text")
        since = f", {words('parts.since', day=words.day(row['since']))}" if row["since"] else ""
        measure = labels.lower_first(words(f"measure.{row['measure']}"))
        lines.append(f"{view.names[row['organisation']]}, {measure}{since}: {text}")
    return lines
