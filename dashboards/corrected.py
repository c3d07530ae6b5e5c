"""Our own mistakes in words: what stood here, what stands now, why, and for how long it was shown.

For the app and the static site alike. What outlets and organisations got wrong is among the contradictions.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Final

from dashboards import markup, queries, sides, telling
from dashboards.markup import Cell, Link
from dashboards.view import View, claim_address
from pipelines.model import TOTAL, Measure, Qualifier

PER_PAGE: Final = 20
ALL: Final = "all"
FRONT: Final = "front"
REACHES: Final = (ALL, FRONT)
HUMAN_COLUMNS: Final = ("decided", "figure", "field", "before", "after", "reason")
_KEY: Final = (
    "decided",
    *(f"old_{name}" for name in ("organisation", "measure", "breakdown", "value", "as_of")),
    "url",
)
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Side:
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
    old: Side
    new: Side
    why: str
    shown: str  # from when to when it stood, and for how long
    front_page: bool
    source: Link

    @property
    def struck(self) -> bool:
        """Whether the number itself was wrong, and not only its day, speaker or source."""
        return self.old.figure != self.new.figure


@dataclass(frozen=True)
class Day:
    """How many figures one day of decisions took away and changed, those of the front page left out."""

    decided: date
    removed: int
    changed: int


def size(view: View, reach: str = ALL) -> int:
    """How many mistakes there are, or of them those that reached the front page."""
    return queries.mart_size(view.build, view.situation_id, "own_corrections", equal=_equal(reach))


def lead(view: View) -> str:
    """The page's answer: how many figures were taken away and changed, and how many stood in front."""
    words, found = view.words, size(view)
    if not found:
        return words("corrected.none", situation=words.of(view.situation.name))
    removed = queries.mart_size(
        view.build, view.situation_id, "own_corrections", equal=(("change", "removed"),)
    )
    return words.plural(
        "corrected.lead",
        found,
        removed=words.number(removed),
        changed=words.number(found - removed),
        front=words.number(size(view, FRONT)),
    )


def listed(view: View, page: int = 1, reach: str = ALL, per_page: int = PER_PAGE) -> list[Mistake]:
    """The mistakes of one page (from 1), newest first."""
    rows = queries.mart(
        view.build,
        view.situation_id,
        "own_corrections",
        "position",
        per_page,
        (page - 1) * per_page,
        equal=_equal(reach),
    )
    return [_mistake(view, row) for row in rows.to_dicts()]


@lru_cache(maxsize=64)
def days(view: View) -> tuple[Day, ...]:
    """The days on which figures were taken away or changed, the newest first, without the front page's."""
    rows = queries.mart(
        view.build, view.situation_id, "own_corrections", "position", equal=(("front_page", False),)
    )
    decided = rows["decided"].unique().sort(descending=True)
    return tuple(
        Day(
            day,
            queries.only(rows, decided=day, change="removed").height,
            queries.only(rows, decided=day, change="changed").height,
        )
        for day in decided
    )


def _equal(reach: str) -> tuple[tuple[str, bool], ...]:
    return (("front_page", True),) if reach == FRONT else ()


def _mistake(view: View, row: Row) -> Mistake:
    words, old = view.words, _side(view, row, "old")
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
        new=_side(view, row, "new") if row["new_measure"] else _instead(view, row),
        why=words.of({language: row[f"why_{language}"] for language in ("es", "en", "pt")})
        or words("corrected.small"),
        shown=_shown(view, row["shown_from"], row["shown_until"]),
        front_page=row["front_page"],
        source=Link(words("corrected.source", day=words.short_day(row["published"])), row["url"]),
    )


def _side(view: View, row: Row, side: str) -> Side:
    stated = {name: row[f"{side}_{name}"] for name in ("qualifier", "value", "as_of", "period_start")}
    measure, breakdown = row[f"{side}_measure"], row[f"{side}_breakdown"]
    return Side(
        _figure(view, stated),
        _about(view, row[f"{side}_organisation"], measure, breakdown, stated),
    )


def _figure(view: View, stated: Row) -> str:
    words, value = view.words, stated["value"]
    if value is None:
        return words("corrected.withheld")
    high = stated.get("value_high")
    if stated["qualifier"] is None or (stated["qualifier"] == Qualifier.RANGE and high is None):
        return words.number(value)
    return words.amount(stated["qualifier"], value, high)


def _about(view: View, organisation: str, measure: str, breakdown: str, stated: Row) -> str:
    """What the number counts, its moment or window, and according to whom."""
    words = view.words
    what = sides.thing(view, measure, view.population(Measure(measure)), breakdown)
    window = {
        "kind": Measure(measure).kind,
        "period_start": stated["period_start"],
        "window_basis": "stated",
    }
    since = telling.window(window, words) if stated["period_start"] else ""
    moment = words.short_day(stated["as_of"]) if stated["as_of"] else words("no_data")
    name = view.names.get(organisation, organisation)
    return ", ".join(part for part in (what, since, moment, name) if part)


def _instead(view: View, row: Row) -> Side:
    """What stands where a figure was taken away: nothing, but on the front page its headline of today."""
    nothing = Side(view.words("corrected.nothing"), view.words("corrected.nothing_about"))
    if not row["front_page"] or row["old_breakdown"] != TOTAL:
        return nothing
    organisation, measure = row["old_organisation"], row["old_measure"]
    equal = (("organisation", organisation), ("measure", measure))
    found = queries.mart(view.build, view.situation_id, "headline", "as_of", equal=equal).to_dicts()
    if not found or found[0]["value"] is None:
        return nothing
    stated = {**found[0], "period_start": found[0]["baseline"]}
    return Side(_figure(view, stated), _about(view, organisation, measure, TOTAL, stated))


def _shown(view: View, since: date | None, until: date | None) -> str:
    words = view.words
    if since is None or until is None:
        known = {"since": since, "until": until}
        for name, day in known.items():
            if day is not None:
                return words(f"corrected.shown_{name}", day=words.short_day(day))
        return words("no_data")
    if since == until:
        return words("corrected.shown_on", day=words.short_day(since))
    return words(
        "corrected.shown",
        since=words.short_day(since),
        until=words.short_day(until),
        days=words.days((until - since).days),
    )


def as_html(view: View, mistakes: Sequence[Mistake]) -> str:
    """The mistakes one below the other."""
    words = view.words
    html = ""
    for each in mistakes:
        flag = f'<li class="lm-flag">{markup.cell(words("corrected.front_page"))}</li>'
        figures = "".join(
            f"<div><dt>{markup.cell(words(f'corrected.{name}'))}</dt>"
            f"<dd><{tag}>{markup.cell(side.figure)}</{tag}>{markup.cell(side.about)}</dd></div>"
            for name, side, tag in (
                ("stood", each.old, "del" if each.struck else "strong"),
                ("stands", each.new, "strong"),
            )
        )
        html += (
            f'<section class="lm-mistake"><h2>{markup.cell(each.head)}</h2>'
            f"<dl>{figures}</dl>{markup.paragraph(each.why, 'lm-picked')}"
            + markup.paragraph([each.shown, each.source], "lm-source")
            + (f'<ul class="lm-flags">{flag}</ul>' if each.front_page else "")
            + "</section>"
        )
    return html


def as_csv(view: View) -> bytes:
    """All of them, as CSV in UTF-8."""
    rows = queries.mart(view.build, view.situation_id, "own_corrections", "position")
    return rows.drop("situation").write_csv().encode()


def corrections(view: View) -> list[tuple[Cell, ...]]:
    """What people corrected in single claims, newest first: cells under HUMAN_COLUMNS."""
    words = view.words
    rows = queries.mart(
        view.build, view.situation_id, "corrections", "decided DESC, claim_id, field"
    ).to_dicts()
    claims = sides.claims_of(view, (row["claim_id"] for row in rows))
    found: list[tuple[Cell, ...]] = []
    for row in rows:
        claim = claims.get(row["claim_id"])
        if claim is None:
            continue
        name, moment = view.names[claim["organisation"]], telling.short_moment(claim, words)
        what, nothing = f"{name}, {sides.with_window(view, claim)}, {moment}", words("figure.nothing")
        found.append(
            (
                words.short_day(row["decided"]),
                Link(what, claim_address(view, row["claim_id"]), outside=False),
                words(f"field.{row['field']}"),
                row["expected"] or nothing,
                row["corrected"] or nothing,
                row["reason"],
            )
        )
    return found
