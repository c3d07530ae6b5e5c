"""Corrections as shown: our own mistakes in words, and what people corrected in single claims.

For the app and the static site alike. What outlets and organisations got wrong is among the contradictions.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from dashboards.i18n.rich_text import Cell, Foreign, Link
from dashboards.i18n.translations import FIRST_LANGUAGE
from dashboards.queries import claim_rows, database, series
from dashboards.queries.memory import remember
from dashboards.queries.view import View, make_claim_address
from dashboards.text import labels
from pipelines.core.formulas import mark_formulas
from pipelines.core.model import TOTAL, Measure, Qualifier

PER_PAGE: Final = 10
ALL: Final = "all"
FRONT: Final = "front"
LIST: Final = "list"
REACHES: Final = (ALL, FRONT, LIST)
HUMAN_COLUMNS: Final = ("decided", "figure", "field", "before", "after", "reason")
_KEY: Final = (
    "decided",
    *(f"old_{name}" for name in ("organisation", "measure", "breakdown", "value", "as_of")),
    "url",
)
Row = Mapping[str, Any]


@dataclass(frozen=True)
class ShownFigure:
    """A figure that stood or stands here: the number as hedged as it was stated, and what it is about."""

    figure: str
    about: str


@dataclass(frozen=True)
class Mistake:
    """One mistake of ours in words. `new` is what stands in its place; its figure says where nothing does."""

    key: str  # what it is about, the same in every build and language
    decided: date
    organisation: str
    head: str
    old: ShownFigure
    new: ShownFigure
    why: str
    shown: str  # from when to when it stood, and for how long
    front_page: bool
    removed: bool  # and not only changed
    source: Link
    page: int  # of the list of all of them, from 1
    off_by: str  # how many people and days the two numbers are apart; empty where they do not compare

    @property
    def struck(self) -> bool:
        """Whether the number itself was wrong, and not only its day, speaker or source."""
        return self.old.figure != self.new.figure


@dataclass(frozen=True)
class CorrectionDay:
    """How many figures one day of decisions took away and changed, those of the front page left out."""

    decided: date
    removed: int
    changed: int


def count_mistakes(view: View, reach: str = ALL) -> int:
    """How many mistakes there are, or of them those that reached the front page."""
    return database.count_mart_rows(
        view.build, view.situation_id, "own_corrections", equal=_make_filter(reach)
    )


def count_found_by_then(view: View) -> int:
    """How many of them had been found on the day that the view goes back to."""
    rows = database.read_mart(view.build, view.situation_id, "own_corrections", "position")
    return rows.filter(rows["decided"] <= view.today).height


def count_kinds(view: View) -> dict[str, int]:
    """How many figures were taken away and how many changed."""
    return {
        kind: database.count_mart_rows(
            view.build, view.situation_id, "own_corrections", equal=(("change", kind),)
        )
        for kind in ("removed", "changed")
    }


def compose_answer(view: View) -> str:
    """The page's answer: how many figures were taken away and changed, and how many stood in front."""
    words, found = view.words, count_mistakes(view)
    if not found:
        return words.about("corrected.none", view.situation)
    kinds = count_kinds(view)
    return words.plural(
        "corrected.lead",
        found,
        removed=words.number(kinds["removed"]),
        changed=words.number(kinds["changed"]),
        front=words.number(count_mistakes(view, FRONT)),
    )


def list_mistakes(view: View, page: int = 1, reach: str = ALL, per_page: int = PER_PAGE) -> list[Mistake]:
    """The mistakes of one page (from 1), newest first."""
    rows = database.read_mart(
        view.build,
        view.situation_id,
        "own_corrections",
        "position",
        per_page,
        (page - 1) * per_page,
        equal=_make_filter(reach),
    )
    return [_make_mistake(view, row) for row in rows.to_dicts()]


def find_mistakes_of(view: View, number: int, limit: int) -> tuple[Mistake, ...]:
    """The mistakes with which this number was shown, those of the front page first."""
    of = {"situation": view.situation_id, "number": number, "limit": limit}
    rows = database.ask(view.build, "mistakes_of_number", **of)
    return tuple(_make_mistake(view, row) for row in rows.to_dicts())


@remember
def list_days(view: View) -> tuple[CorrectionDay, ...]:
    """The days on which figures were taken away or changed, the newest first, without the front page's."""
    rows = database.read_mart(
        view.build, view.situation_id, "own_corrections", "position", equal=(("front_page", False),)
    )
    decided = rows["decided"].unique().sort(descending=True)
    return tuple(
        CorrectionDay(
            day,
            series.select_rows(rows, decided=day, change="removed").height,
            series.select_rows(rows, decided=day, change="changed").height,
        )
        for day in decided
    )


def _make_filter(reach: str) -> tuple[tuple[str, bool], ...]:
    return () if reach == ALL else (("front_page", reach == FRONT),)


def _make_mistake(view: View, row: Row) -> Mistake:
    words, old = view.words, _make_side(view, row, "old")
    return Mistake(
        key="/".join(str(row[name]) for name in _KEY),
        decided=row["decided"],
        organisation=row["old_organisation"],
        head=words(
            "corrected.head",
            day=words.short_day(row["decided"]),
            organisation=view.names.get(row["old_organisation"], row["old_organisation"]),
            figure=old.figure,
        ),
        old=old,
        new=_make_side(view, row, "new") if row["new_measure"] else _find_replacement(view, row),
        why=words.of_column(row, "why") or words("corrected.small"),
        shown=_tell_days_shown(view, row["shown_from"], row["shown_until"]),
        front_page=row["front_page"],
        removed=row["change"] == "removed",
        source=Link(words("corrected.source", day=words.short_day(row["published"])), row["url"]),
        page=(row["position"] - 1) // PER_PAGE + 1,
        off_by=_tell_distance(view, row),
    )


def _tell_distance(view: View, row: Row) -> str:
    """How far a changed exact figure was off, in people and in days, where it counts the same thing."""
    if row["new_measure"] != row["old_measure"] or row["new_breakdown"] != row["old_breakdown"]:
        return ""
    words, told = view.words, []
    exact = {row["old_qualifier"], row["new_qualifier"]} <= {None, Qualifier.EXACT}
    values, days = (row["old_value"], row["new_value"]), (row["old_as_of"], row["new_as_of"])
    if exact and None not in values and values[0] != values[1]:
        told.append(words.plural("corrected.people", abs(values[0] - values[1])))
    if None not in days and days[0] != days[1]:
        told.append(words.days(abs((days[0] - days[1]).days)))
    return ", ".join(told)


def _make_side(view: View, row: Row, side: str) -> ShownFigure:
    stated = {name: row[f"{side}_{name}"] for name in ("qualifier", "value", "as_of", "period_start")}
    measure, breakdown = row[f"{side}_measure"], row[f"{side}_breakdown"]
    return ShownFigure(
        _tell_amount(view, stated),
        _describe_number(view, row[f"{side}_organisation"], measure, breakdown, stated),
    )


def _tell_amount(view: View, stated: Row) -> str:
    words, value = view.words, stated["value"]
    if value is None:
        return words("corrected.withheld")
    high = stated.get("value_high")
    if stated["qualifier"] is None or (stated["qualifier"] == Qualifier.RANGE and high is None):
        return words.number(value)
    return words.amount(stated["qualifier"], value, high)


def _describe_number(view: View, organisation: str, measure: str, breakdown: str, stated: Row) -> str:
    """What the number counts, its moment or window, and according to whom."""
    words = view.words
    what = labels.name_counted(view, measure, view.population(Measure(measure)), breakdown)
    window = {
        "kind": Measure(measure).kind,
        "period_start": stated["period_start"],
        "window_basis": "stated",
    }
    since = labels.tell_window(window, words) if stated["period_start"] else ""
    moment = words.short_day(stated["as_of"]) if stated["as_of"] else words("no_day")
    name = view.names.get(organisation, organisation)
    return ", ".join(part for part in (what, since, moment, name) if part)


def _find_replacement(view: View, row: Row) -> ShownFigure:
    """What stands where a figure was taken away: nothing, but on the front page its headline of today."""
    nothing = ShownFigure(view.words("corrected.nothing"), view.words("corrected.nothing_about"))
    if not row["front_page"] or row["old_breakdown"] != TOTAL:
        return nothing
    organisation, measure = row["old_organisation"], row["old_measure"]
    equal = (("organisation", organisation), ("measure", measure))
    found = database.read_mart(view.build, view.situation_id, "headline", "as_of", equal=equal).to_dicts()
    if not found or found[0]["value"] is None:
        return nothing
    stated = {**found[0], "period_start": found[0]["baseline"]}
    return ShownFigure(
        _tell_amount(view, stated), _describe_number(view, organisation, measure, TOTAL, stated)
    )


def _tell_days_shown(view: View, since: date | None, until: date | None) -> str:
    words = view.words
    if since is None or until is None:
        known = {"since": since, "until": until}
        for name, day in known.items():
            if day is not None:
                return words(f"corrected.shown_{name}", day=words.short_day(day))
        return words("no_day")
    if since == until:
        return words("corrected.shown_on", day=words.short_day(since))
    return words(
        "corrected.shown",
        since=words.short_day(since),
        until=words.short_day(until),
        days=words.days((until - since).days),
    )


def write_csv(view: View) -> bytes:
    """All of them, as CSV in UTF-8."""
    rows = database.read_mart(view.build, view.situation_id, "own_corrections", "position")
    return mark_formulas(rows.drop("situation")).write_csv().encode()


def list_claim_corrections(view: View) -> list[tuple[Cell, ...]]:
    """What people corrected in single claims, newest first: cells under HUMAN_COLUMNS."""
    words = view.words
    rows = database.read_mart(
        view.build, view.situation_id, "corrections", "decided DESC, claim_id, field"
    ).to_dicts()
    claims = claim_rows.find_claims(view, (row["claim_id"] for row in rows))
    found: list[tuple[Cell, ...]] = []
    for row in rows:
        claim = claims.get(row["claim_id"])
        if claim is None:
            continue
        name, moment = view.names[claim["organisation"]], labels.tell_short_moment(claim, words)
        what, nothing = f"{name}, {labels.name_with_window(view, claim)}, {moment}", words("figure.nothing")
        found.append(
            (
                words.short_day(row["decided"]),
                Link(what, make_claim_address(view, row["claim_id"]), outside=False),
                words(f"field.{row['field']}"),
                row["expected"] or nothing,
                row["corrected"] or nothing,
                tell_reason_apart(view, row),
            )
        )
    return found


def tell_reason_apart(view: View, row: Row) -> Cell:
    """Why something was corrected, in the reader's language; else in Spanish, with a word that it is."""
    told = labels.find_reason(row, view.words)
    if told:
        return told
    return [Foreign(row["reason"], FIRST_LANGUAGE), view.words("corrected.only_spanish")]
