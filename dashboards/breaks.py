"""Changes in what an organisation counts: its definition, its unit, the day from which it counts."""

from functools import lru_cache
from typing import Any, Final

from dashboards import queries, sides
from dashboards.exhibits import Exhibit
from dashboards.view import View

ORDER: Final = "happened DESC, organisation, measure, population, kind, baseline"
COLUMNS: Final = (
    "happened", "organisation", "measure", "population", "kind", "baseline_before", "baseline", "reason_es",
    "reason_en", "bridged", "bridge_es", "bridge_en", "bridge_link",
)  # fmt: skip


@lru_cache(maxsize=64)
def exhibit(view: View) -> Exhibit:
    """Every change as a table, the newest first; without any the summary says so and claims no more."""
    words = view.words
    found = queries.mart(view.build, view.situation_id, "breaks", ORDER, known_on=view.known_on)
    columns = ("since", "who", "what", "change_kind", "why_changed", "consequence")
    return Exhibit(
        name=f"{view.situation_id}-breaks",
        title=words("breaks.title"),
        summary=words.plural("breaks.summary", found.height) if found.height else words("breaks.none"),
        source=words("breaks.source", build=view.build.id),
        frame=found,
        heads=tuple(words(f"table.{column}") for column in columns),
        rows=tuple(_cells(view, row) for row in found.to_dicts()),
        numeric=(),
        columns=COLUMNS,
    )


def _cells(view: View, row: dict[str, Any]) -> tuple[str, ...]:
    words = view.words
    bridged = words("breaks.bridged", reason=words.of({"es": row["bridge_es"], "en": row["bridge_en"]}))
    return (
        words.short_day(row["happened"]),
        view.names[row["organisation"]],
        sides.thing(view, row["measure"], row["population"], "total"),
        words(f"breaks.kind_{row['kind']}"),
        _why(view, row),
        bridged if row["bridged"] else words("breaks.refused"),
    )


def _why(view: View, row: dict[str, Any]) -> str:
    words = view.words
    if row["kind"] == "baseline":
        before, after = (words.short_day(row[column]) for column in ("baseline_before", "baseline"))
        return words("breaks.baselines", before=before, after=after)
    if row["reason_es"] is None:
        return words("breaks.no_reason")
    return words.of({"es": row["reason_es"], "en": row["reason_en"]})
