"""What stands beside a headline in words: its grade, how it was read, what it rests on and passed over."""

from dashboards import telling
from dashboards.latest import Figure, Headline, Headlines
from dashboards.markup import Link
from dashboards.view import View
from pipelines.model import Provenance


def marks(view: View, found: Headline) -> list[str]:
    """All that a reader must know of a headline's figure: its marks, then what it rests on."""
    words = view.words
    said = [mark for row in found.rows for mark in telling.marks(row, words, reading=False)]
    said += [ground for row in found.rows for ground in _grounds(view, row)]
    return list(dict.fromkeys(said))


def _grounds(view: View, row: Figure) -> list[str]:
    """That it is first hand, whether it was read again, and the origins that it rests on where it was not."""
    words = view.words
    said = [words("headline.first_hand")] if row["provenance"] == Provenance.PRIMARY else []
    said.append(read_again(view, row))
    if row["checked"] is None and row["origins"] > 1:
        said.append(words.plural("headline.two_origins", row["origins"]))
    return said


def read_again(view: View, row: Figure) -> str:
    """Whether a statement was read again, where and when: leída de nuevo en su fuente el 25 nov 2026."""
    words = view.words
    if row["checked"] is None:
        return words("checked.none" if view.known_on is None else "headline.unread_then")
    return words(f"checked.{row['checked']}", day=words.short_day(row["checked_on"]))


def passed(view: View, found: Headline) -> list[Link]:
    """What was passed over, with its source: nothing or one line."""
    passed_over, words = found.passed_over, view.words
    if passed_over is None:
        return []
    row = passed_over.row
    told = words(
        f"headline.{passed_over.reason}",
        figure=telling.figure(row, words),
        day=telling.moment(row, words),
        publisher=view.publisher(row["publisher"]),
        rule=words(f"doubt.{row['doubt']}") if row["doubt"] else "",
    )
    return [Link(told, row["url"])]


def missing(view: View, found: Headline, *, in_part: bool = False) -> tuple[str, str]:
    """What stands in a number's place where there is no headline, and why there is none, or only a part."""
    words, organisation = view.words, view.names[found.organisation]
    if found.passed_over is None:
        why = "card.no_total" if in_part else "card.no_data"
        return words("no_data"), words(why, organisation=organisation)
    return words("headline.none"), words("headline.none_text", organisation=organisation)


def in_part(view: View, found: Headlines) -> list[Link]:
    """Where no total is published of those who left: what is, one line for each way in which they left."""
    words, labels = view.words, view.situation.breakdown_labels
    return [
        Link(
            words(
                "card.in_part",
                part=words.breakdown(part, labels),
                figure=words("amount.or").join(telling.figure(row, words) for row in rows),
                day=telling.moment(rows[0], words),
                read=read_again(view, rows[0]),
            ),
            rows[0]["url"],
        )
        for part, rows in found.left_in_part.items()
    ]
