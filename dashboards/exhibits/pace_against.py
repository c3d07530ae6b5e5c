"""Where an organisation's counts of shorter periods do not fit the growth of its running total."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from dashboards.metrics.pace import compute_facts
from dashboards.queries import claim_rows, database
from dashboards.queries.memory import remember
from dashboards.queries.view import View
from dashboards.text import pace_sentences
from dashboards.text.organisations import name_in_sentence
from pipelines.core.model import Qualifier
from pipelines.pace.rates import WEEK

FEWEST_CLAIMS: Final = 4  # of a contradiction of counts with totals: two of each


@dataclass(frozen=True)
class Against:
    """From one running total to the next: by how many it grew, and what the counts between make together."""

    start: date
    end: date
    grown: int
    sum: int

    @property
    def days(self) -> int:
        """From total to total: counts that leave some of them out made no fewer in all, so one pace of as
        many days stands beside that of the totals.
        """
        return (self.end - self.start).days

    @property
    def rate(self) -> float:
        """People a week by the counts between."""
        return self.sum * WEEK / self.days


@remember
def find_against(view: View) -> list[Against]:
    """Where the primary organisation's counts of shorter periods make more than its running total grew."""
    organisation = compute_facts(view).organisation
    rule = ("rule", "flow_exceeds_cumulative_change")
    equal = (rule, ("organisation", organisation), ("lone", False))
    rows = database.read_mart(
        view.build, view.situation_id, "conflicts", "as_of, place", known_on=view.known_on, equal=equal
    ).to_dicts()
    claims = claim_rows.find_claims(view, [claim for row in rows for claim in row["claims"]])
    found = []
    for row in rows:
        own = [claims[claim] for claim in row["claims"]]
        if len(own) < FEWEST_CLAIMS or any(
            each["withheld"] or each["qualifier"] != Qualifier.EXACT for each in own
        ):
            continue
        start, end = (each["as_of"] for each in own[-2:])
        *counts, before, after = row["values"]
        found.append(Against(start, end, after - before, sum(counts)))
    return found


def tell_against(view: View, against: Against) -> str:
    """Both in one sentence."""
    words = view.words
    start, end = pace_sentences.tell_days((against.start, against.end), words)
    return words(
        "pace.against",
        organisation=name_in_sentence(view, compute_facts(view).organisation),
        start=start,
        end=end,
        people=words.number(against.grown),
        sum=words.number(against.sum),
    )


def list_other_rates(against: Sequence[Against]) -> pace_sentences.OtherRates:
    """By the last day and the days of a pace, what contradicts it."""
    return {(each.end, each.days): each.rate for each in against}
