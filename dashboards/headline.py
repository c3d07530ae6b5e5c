"""What stands beside a headline in words: its grade, how it was read, what it rests on and passed over."""

from typing import Any

from dashboards import latest, telling
from dashboards.latest import Latest
from dashboards.markup import Link
from dashboards.view import View
from pipelines.model import Measure, Provenance


def marks(view: View, found: Latest) -> list[str]:
    """All that a reader must know of a headline's figure: its marks, then what it rests on."""
    words = view.words
    said = [mark for row in found.rows for mark in telling.marks(row, words, reading=False)]
    said += [ground for row in found.rows for ground in _grounds(view, row)]
    return list(dict.fromkeys(said))


def _grounds(view: View, row: dict[str, Any]) -> list[str]:
    """That it is first hand, whether it was read again, and the origins that it rests on where it was not."""
    words = view.words
    said = [words("headline.first_hand")] if row["provenance"] == Provenance.PRIMARY else []
    said.append(read_again(view, row))
    if row["checked"] is None and row["origins"] > 1:
        said.append(words.plural("headline.two_origins", row["origins"]))
    return said


def read_again(view: View, row: dict[str, Any]) -> str:
    """Whether a statement was read again, where and when: leída de nuevo en su fuente el 25 nov 2026."""
    words = view.words
    if row["checked"] is None:
        return words("checked.none" if view.known_on is None else "headline.unread_then")
    return words(f"checked.{row['checked']}", day=words.short_day(row["checked_on"]))


def passed(view: View, measure: Measure) -> list[Link]:
    """What was passed over, with its source: nothing or one line."""
    found, words = latest.passed_over(view, measure), view.words
    if found is None:
        return []
    row = found.row
    told = words(
        f"headline.{found.reason}",
        figure=telling.figure(row, words),
        day=telling.moment(row, words),
        publisher=view.publisher(row["publisher"]),
        rule=words(f"doubt.{row['doubt']}") if row["doubt"] else "",
    )
    return [Link(told, row["url"])]


def missing(view: View, measure: Measure) -> tuple[str, str]:
    """What stands in a number's place where there is no headline, and why there is none."""
    words = view.words
    organisation = view.names[view.situation.primary_organisation]
    if latest.passed_over(view, measure) is None:
        return words("no_data"), words("card.no_data", organisation=organisation)
    return words("headline.none"), words("headline.none_text", organisation=organisation)
