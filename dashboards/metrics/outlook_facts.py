"""The primary organisation's outlook on a day: how many may be held or released, and when nobody may be held.

Everything is computed from the rows of the build, in `pipelines.forecast`; no words here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dashboards.queries import series
from dashboards.queries.memory import remember
from dashboards.queries.view import View
from pipelines.core.model import Kind
from pipelines.forecast.outlook import ByWhen, Outlook, Refused, estimate_by_when, look_ahead
from pipelines.warehouse.published_build import Build


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


def compute_outlooks(view: View) -> Outlooks:
    """The outlook of a view, computed once for all languages."""
    return _compute_outlooks(
        view.build,
        view.situation_id,
        view.situation.primary_organisation,
        view.today,
        view.known_on or view.today,
    )


@remember
def _compute_outlooks(
    build: Build, situation: str, organisation: str, today: date, known_on: date
) -> Outlooks:
    rows = series.read_outlook_rows(build, situation, organisation, known_on)
    breaks = series.read_outlook_breaks(build, situation, organisation, known_on)
    return Outlooks(look_ahead(rows, today, breaks=breaks), estimate_by_when(rows, today, breaks))
