"""What does not add up: values that cannot all be true, side by side, with the rule that found them.

Beside the contradictions stand the figures in doubt that fit nothing around them.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from dashboards.exhibits import exhibit
from dashboards.exhibits.exhibit import Exhibit
from dashboards.i18n.rich_text import Cell, Link
from dashboards.queries import claim_rows, database
from dashboards.queries.memory import remember_asked
from dashboards.queries.view import View
from dashboards.text import amounts, labels
from dashboards.text.statement_sentences import compose_source
from pipelines.core.model import Kind, Measure

PER_PAGE: Final = 12
DRAWN: Final = (Kind.STOCK, Kind.CUMULATIVE)
TOLD_AS_RELEASES: Final = "applications_told_as_releases"
MISSING_BY: Final = frozenset(
    {
        "two_values_one_moment",
        "cumulative_falls",
        "parts_do_not_add_up",
        "released_exceeds_ever_detained",
        "flow_exceeds_cumulative_change",
    }
)  # rules whose `people` is a difference of counts
CSV_COLUMNS: Final = (
    "rank", "rule", "rules", "organisation", "measure", "population", "breakdown", "period_start", "as_of",
    "published", "values", "claims", "people", "severity", "explanation", "explanation_es",
    "explanation_pt", "explanation_link",
)  # fmt: skip


@dataclass(frozen=True)
class Side:
    """One of the figures that are set side by side."""

    claim: str
    who: str
    amount: str
    about: tuple[str, ...]  # what it counts where the others count something else, its moment, its start
    source: Link
    published: str
    reading: str  # yes, copy or no


@dataclass(frozen=True)
class Finding:
    """One thing that does not add up, in words. `open` is false where a person has explained it."""

    key: str  # of its address; the same in every language
    head: str
    name: str  # of its rule
    people: int | None  # how many are in question; None where a figure is withheld
    state: str  # open, in_doubt or explained
    about: str  # rule, who said so, day
    sentence: str  # whole, for a text that stands alone
    brief: str  # the same below its size and beside its rule
    rule: str
    open: bool
    explanation: Cell
    sides: tuple[Side, ...]
    rows: tuple[tuple[Cell, ...], ...]
    count: Mapping[str, Any] | None  # a claim of the count that can be drawn in time


@dataclass(frozen=True)
class Inbox:
    """One page of findings, the largest first, with how many match and how many each rule has."""

    findings: tuple[Finding, ...]
    matching: int
    counts: Mapping[str, int]  # rule → findings
    states: Mapping[str, int]
    lone: int  # of all findings, those of a figure that is in doubt by itself
    applications: int  # those of a number of applications that no figure of releases stands against
    unsized: int  # figures in doubt for which no size can be computed
    source: str


def count_findings(view: View) -> tuple[int, int]:
    """How many there are, and how many of them are explained."""
    inbox = read_inbox(view, 1)
    return sum(inbox.counts.values()), inbox.states.get("explained", 0)


def compose_answer(view: View) -> str:
    """How many cases there are of figures that cannot all be true, and apart from these how many single ones
    are told as what they are not, or are in doubt.
    """
    words, inbox = view.words, read_inbox(view, 1)
    counts = {
        "doubts.cases": sum(inbox.counts.values()) - inbox.applications - inbox.lone,
        "doubts.applications": inbox.applications,
        "doubts.lone_figures": inbox.lone,
    }
    told = [words.plural(key, count) for key, count in counts.items() if count]
    if not told:
        return words("doubts.none")
    explained = words.number(inbox.states.get("explained", 0))
    return words("doubts.found", found=words.listed(told), explained=explained)


def compose_lead(view: View) -> str:
    """The same on a page where all of them stand."""
    told = compose_answer(view)
    return f"{told} {view.words('doubts.lead')}" if count_findings(view)[0] else told


def list_findings(view: View, page: int) -> tuple[list[Finding], str]:
    """The findings of one page (from 1), the largest first, and their source line."""
    inbox = read_inbox(view, page)
    return list(inbox.findings), inbox.source


@remember_asked
def read_inbox(view: View, page: int, rule: str | None = None, state: str | None = None) -> Inbox:
    """The findings of one page (from 1) of one rule and state, or of all."""
    skip = (page - 1) * PER_PAGE
    whole = _ask(view, rule=rule, state=state, skip=skip)
    found = _list_found(whole)
    counts: Counter[str] = Counter()
    states: Counter[str] = Counter()
    lone = applications = 0
    for each in whole["counts"].to_list()[0] or []:
        counts[each["rule"]] += each["number"]
        states[each["state"]] += each["number"]
        lone += each["number"] if each["lone"] else 0
        applications += each["number"] if each["single"] and each["rule"] == TOLD_AS_RELEASES else 0
    findings, source = _make_findings(view, found, skip)
    return Inbox(
        findings,
        whole["matching"][0],
        dict(counts.most_common()),
        states,
        lone,
        applications,
        whole["unsized"][0],
        source,
    )


@remember_asked
def find_finding(view: View, key: str) -> Finding | None:
    """One finding by the key of its address; None where there is none."""
    found = _list_found(_ask(view, conflict=key, limit=1))
    return _make_findings(view, found, 0)[0][0] if found else None


def _ask(view: View, **asked: Any) -> pl.DataFrame:
    usual = {"rule": None, "state": None, "conflict": None, "limit": PER_PAGE, "skip": 0}
    of = {**usual, **asked, "situation": view.situation_id, "known_on": view.known_on}
    return database.ask(view.build, "conflicts_listed", **of)


def _list_found(listed: pl.DataFrame) -> list[dict[str, Any]]:
    return listed.filter(pl.col("conflict").is_not_null()).to_dicts()


def _make_findings(view: View, found: list[dict[str, Any]], skip: int) -> tuple[tuple[Finding, ...], str]:
    claims = claim_rows.find_claims(view, (claim for row in found for claim in row["claims"]))
    findings = tuple(
        _make_finding(view, row, skip + place, [claims[claim] for claim in row["claims"] if claim in claims])
        for place, row in enumerate(found, start=1)
    )
    return findings, compose_source(view, claim_rows.make_claim_frame(claims))


def _make_finding(view: View, row: dict[str, Any], number: int, claims: list[dict[str, Any]]) -> Finding:
    words, rule = view.words, row["rule"]
    what = labels.name_counted(view, row["measure"], row["population"], row["breakdown"])
    window = _tell_window(view, row, claims)
    counted = f"{what}, {window}" if window else what
    values = _tell_values(view, row, claims)
    who, name = view.names[row["organisation"]], words(f"rule.{rule}")
    sentence = words(
        "doubts.sentence",
        organisation=who,
        what=labels.lower_first(counted),
        day=words.day(row["as_of"]),
        values=values,
    )
    hidden = None in row["values"] or any(claim["withheld"] for claim in claims)
    if (rule in MISSING_BY or row["lone"]) and not hidden:
        sentence += " " + words.plural("doubts.misses", row["people"])
    reason = {"es": row["explanation_es"], "en": row["explanation"], "pt": row["explanation_pt"]}
    explained = reason["es"] is not None
    return Finding(
        key=row["conflict"],
        head=words("doubts.head", number=words.number(number), rule=name),
        name=name,
        people=None if hidden else row["people"],
        state=row["state"],
        about=" · ".join((name, _name_teller(view, row, claims), words.short_day(row["as_of"]))),
        sentence=sentence,
        brief=words("doubts.brief", what=counted, values=values),
        rule=" ".join(
            words(f"rule_text.{each}") for each in sorted(row["rules"], key=lambda each: each != rule)
        ),
        open=not explained,
        explanation=Link(words("doubts.explained", reason=words.of(reason)), row["explanation_link"])
        if explained
        else words(f"doubts.did_{row['state']}"),
        sides=tuple(_make_side(view, claim, claims) for claim in claims),
        rows=tuple(exhibit.make_claim_row(view, claim) for claim in claims),
        count=None if hidden else next((each for each in claims if each["kind"] in DRAWN), None),
    )


def _name_teller(view: View, row: dict[str, Any], claims: list[dict[str, Any]]) -> str:
    """Whose what does not add up is: of applications told as releases the publisher that told them so, the
    last of the claims, as who counted them did not.
    """
    if row["rule"] == TOLD_AS_RELEASES and claims:
        return view.words("doubts.told_by", publisher=view.publisher(claims[-1]["publisher"]))
    return view.names[row["organisation"]]


def _make_side(view: View, claim: dict[str, Any], claims: list[dict[str, Any]]) -> Side:
    words = view.words
    what = labels.name_counted(view, claim["measure"], claim["population"], claim["breakdown"])
    alike = all(
        (each["measure"], each["breakdown"]) == (claim["measure"], claim["breakdown"]) for each in claims
    )
    about = ("" if alike else what, labels.tell_moment(claim, words), labels.tell_window(claim, words))
    return Side(
        claim=claim["claim_id"],
        who=view.names[claim["organisation"]],
        amount=amounts.tell_claim_amount(view, claim),
        about=tuple(each for each in about if each),
        source=Link(view.publisher(claim["publisher"]), claim["url"]),
        published=words.short_day(claim["published"]),
        reading={"read_again": "yes", "read_again_in_copy": "copy"}.get(claim["checked"] or "", "no"),
    )


def _tell_window(view: View, row: dict[str, Any], claims: list[dict[str, Any]]) -> str:
    """Since when the values count, or that nobody said: it tells apart findings that otherwise look alike."""
    stated = any(claim["period_start"] == row["period_start"] for claim in claims)
    basis = "stated" if stated else "previous_bulletin"
    kind = Measure(row["measure"]).kind
    return labels.tell_window(
        {"kind": kind, "period_start": row["period_start"], "window_basis": basis}, view.words
    )


def _tell_values(view: View, row: dict[str, Any], claims: list[dict[str, Any]]) -> str:
    """The values side by side, each as hedged as it was stated; none of them where one is withheld."""
    words, values = view.words, row["values"]
    if None in values or any(claim["withheld"] for claim in claims):
        return words("doubts.withheld")
    told = [amounts.tell_claim_amount(view, claim) for claim in claims]
    if row["rule"] == "parts_do_not_add_up" and len(row["claims"]) == 2:
        part = words.breakdown(claims[1]["breakdown"], view.situation.breakdown_labels)
        return words("doubts.part_above", total=told[0], part=labels.lower_first(part), amount=told[1])
    if row["rule"] == "parts_do_not_add_up" and len(values) == 2:
        return words("doubts.parts", total=words.number(values[0]), sum=words.number(values[1]))
    if row["rule"] == TOLD_AS_RELEASES:
        return ", ".join(dict.fromkeys(told))
    if row["rule"] == "flow_exceeds_cumulative_change":
        flows = [told[place] for place, claim in enumerate(claims) if claim["kind"] == Kind.FLOW]
        flow, totals = words("amount.or").join(flows), told[len(flows) :]
        if len({claim["as_of"] for claim in claims[: len(flows)]}) > 1:
            flow = words(
                "doubts.flows", flows=words.listed(flows), sum=words.number(sum(values[: len(flows)]))
            )
        if len(totals) == 2:
            return words("doubts.flow", flow=flow, before=totals[0], after=totals[1])
        return words("doubts.flow_from_start", flow=flow, total="".join(totals))
    if row["lone"] and len(told) > 1:
        return words("doubts.lone", value=told[0], others=words.listed(told[1:]))
    if row["rule"] == "cumulative_falls" and len(told) > 1:
        return words("doubts.falls", before=told[0], after=told[1])
    if len(told) < 2:
        return "".join(told)
    return words("doubts.against", head=", ".join(told[:-1]), last=told[-1])


def make_contradictions(view: View) -> Exhibit:
    """All of them, as an exhibit without a figure whose rows are only downloaded."""
    return Exhibit(
        name=f"{view.situation_id}-contradictions",
        title=view.words("doubts.contradictions"),
        summary="",
        source="",
        whole=lambda: database.read_mart(
            view.build, view.situation_id, "contradictions", "rank", known_on=view.known_on
        ),
        columns=CSV_COLUMNS,
    )
