"""The primary organisation's outlook on a day: how many may be held or released, and when nobody may be held.

Everything is computed from the rows of the build, in `pipelines.outlook`; no words here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from dashboards import queries
from dashboards.view import View
from pipelines.model import Kind
from pipelines.outlook.by_when import ByWhen, by_when
from pipelines.outlook.forecast import Outlook, Refused, look_ahead
from pipelines.published import Build


@dataclass(frozen=True)
class Outlooks:
    """What is said ahead of one organisation, as known on a day, and what is refused."""

    outlook: Sequence[Outlook | Refused]
    by_when: ByWhen | Refused

    def ahead(self, target: Kind) -> list[Outlook]:
        """The outlook of a target, as far as it is said."""
        return [each for each in self.outlook if isinstance(each, Outlook) and each.target == target]

    def refused(self, target: Kind) -> list[Refused]:
        """The horizons of a target of which nothing is said."""
        return [each for each in self.outlook if isinstance(each, Refused) and each.target == target]


def outlooks(view: View) -> Outlooks:
    """The outlook of a view, computed once for all languages."""
    return _outlooks(view.build, view.situation_id, view.situation.primary_organisation, view.today)


@lru_cache(maxsize=64)
def _outlooks(build: Build, situation: str, organisation: str, today: date) -> Outlooks:
    rows = queries.outlook_rows(build, situation, organisation, today)
    breaks = queries.outlook_breaks(build, situation, organisation, today)
    return Outlooks(look_ahead(rows, today, breaks=breaks), by_when(rows, today, breaks))
