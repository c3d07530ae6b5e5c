"""Contradictions: values that cannot all be true, side by side, with the rule that found them."""

from dataclasses import dataclass
from typing import Any, Final

from dashboards.exhibits import exhibit
from dashboards.exhibits.exhibit import Exhibit
from dashboards.i18n.rich_text import Cell, Link
from dashboards.queries import claim_rows, database
from dashboards.queries.view import View
from dashboards.text import amounts, labels
from dashboards.text.statement_sentences import compose_source
from pipelines.core.model import Kind, Measure

PER_PAGE: Final = 6
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
    "explanation_link",
)  # fmt: skip


@dataclass(frozen=True)
class Finding:
    """One contradiction in words. `open` is false where a person has explained it."""

    head: str
    sentence: str
    rule: str
    open: bool
    explanation: Cell
    rows: tuple[tuple[Cell, ...], ...]


def count_findings(view: View) -> tuple[int, int]:
    """How many there are, and how many of them are explained."""
    of = (view.build, view.situation_id, "contradictions", view.known_on)
    found = database.count_mart_rows(*of)
    return found, found - database.count_mart_rows(*of, (("explanation_es", None),))


def compose_answer(view: View) -> str:
    """The page's answer in one sentence."""
    found, explained = count_findings(view)
    if not found:
        return view.words("doubts.none")
    return view.words.plural("doubts.lead", found, explained=view.words.number(explained))


def list_findings(view: View, page: int) -> tuple[list[Finding], str]:
    """The findings of one page (from 1), worst first, and their source line."""
    skip = (page - 1) * PER_PAGE
    found = database.read_mart(
        view.build, view.situation_id, "contradictions", "rank", PER_PAGE, skip, view.known_on
    ).to_dicts()
    claims = claim_rows.find_claims(view, (claim for row in found for claim in row["claims"]))
    findings = [
        _make_finding(view, row, skip + place, [claims[claim] for claim in row["claims"] if claim in claims])
        for place, row in enumerate(found, start=1)
    ]
    return findings, compose_source(view, claim_rows.make_claim_frame(claims))


def _make_finding(view: View, row: dict[str, Any], number: int, claims: list[dict[str, Any]]) -> Finding:
    words, rule = view.words, row["rule"]
    what = labels.name_counted(view, row["measure"], row["population"], row["breakdown"])
    window = _tell_window(view, row, claims)
    sentence = words(
        "doubts.sentence",
        organisation=view.names[row["organisation"]],
        what=labels.lower_first(f"{what}, {window}" if window else what),
        day=words.day(row["as_of"]),
        values=_tell_values(view, row, claims),
    )
    if rule in MISSING_BY and None not in row["values"]:
        sentence += " " + words.plural("doubts.misses", row["people"])
    reason = {"es": row["explanation_es"], "en": row["explanation"]}
    explained = reason["es"] is not None
    return Finding(
        head=words("doubts.head", number=words.number(number), rule=words(f"rule.{rule}")),
        sentence=sentence,
        rule=" ".join(
            words(f"rule_text.{each}") for each in sorted(row["rules"], key=lambda each: each != rule)
        ),
        open=not explained,
        explanation=Link(words("doubts.explained", reason=words.of(reason)), row["explanation_link"])
        if explained
        else words("doubts.open"),
        rows=tuple(exhibit.make_claim_row(view, claim) for claim in claims),
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
    if row["rule"] == "parts_do_not_add_up" and len(values) == 2:
        return words("doubts.parts", total=words.number(values[0]), sum=words.number(values[1]))
    told = [amounts.tell_claim_amount(view, claim) for claim in claims]
    if row["rule"] == "flow_exceeds_cumulative_change":
        flows = [told[place] for place, claim in enumerate(claims) if claim["kind"] == Kind.FLOW]
        flow, totals = words("amount.or").join(flows), told[len(flows) :]
        if len(totals) == 2:
            return words("doubts.flow", flow=flow, before=totals[0], after=totals[1])
        return words("doubts.flow_from_start", flow=flow, total="".join(totals))
    if row["rule"] == "cumulative_falls":
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
