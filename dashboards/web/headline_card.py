"""The card of a headline: what it counts, the figure, as of when, according to whom, and its marks.

One card, told by the Overview, the families' page, the brief and the picture that a messaging app shows.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboards.i18n.rich_text import Cell, Link
from dashboards.metrics.headline import Headline, Headlines
from dashboards.queries.view import View
from dashboards.text import amounts, headline_sentences, labels
from dashboards.web.html import Html
from pipelines.core.model import Measure

TONES = {Measure.IN_CUSTODY: "held", Measure.RELEASED_TO_DATE: "left"}


@dataclass(frozen=True)
class Card:
    """One headline in words. Where it is missing, `figure` says so and `said` why; the rest is empty."""

    tone: str
    label: str
    figure: str
    said: tuple[str, ...]  # as of when and according to whom
    missing: bool = False
    moment: str = ""  # of the figure, short
    sources: tuple[Link, ...] = ()
    passed_over: tuple[Link, ...] = ()
    in_part: tuple[Link, ...] = ()
    marks: tuple[str, ...] = ()

    @property
    def lines(self) -> tuple[Cell, ...]:
        """All that stands below the figure, but for its marks."""
        return (*self.said, *self.sources, *self.passed_over, *self.in_part)


def build_cards(view: View, found: Headlines) -> tuple[Card, Card]:
    """People held, then people who left prison, with what is known in part where no total of them is."""
    return build_card(view, found.held), build_card(
        view, found.left, headline_sentences.tell_in_part(view, found)
    )


def build_card(view: View, found: Headline, in_part: Sequence[Link] = ()) -> Card:
    """The card of one headline."""
    words, passed = view.words, tuple(headline_sentences.link_passed_over(view, found))
    tone, name = TONES[found.measure], name_card(view, found.measure, words.day(view.situation.baseline))
    if not found.rows:
        number, why = headline_sentences.tell_missing(view, found, in_part=bool(in_part))
        return Card(tone, name, number, (why,), missing=True, passed_over=passed, in_part=tuple(in_part))
    first = found.rows[0]
    return Card(
        tone,
        name,
        words("amount.or").join(amounts.tell_amount(row, words) for row in found.rows),
        (
            words("card.when", day=labels.tell_moment(first, words), age=view.age(found.as_of)),
            words("card.who", organisation=view.names[found.organisation]),
        ),
        moment=labels.tell_short_moment(first, words),
        sources=tuple(
            Link(words("card.source", publisher=view.publisher(row["publisher"])), row["url"])
            for row in found.rows
        ),
        passed_over=passed,
        marks=tuple(headline_sentences.list_marks(view, found)),
    )


def name_card(view: View, measure: Measure, since: str) -> str:
    """What a card counts; `since` is the baseline in words."""
    if measure is Measure.IN_CUSTODY:
        return view.words(f"measure.{measure}")
    return view.words("card.left", since=since)


def render_card(card: Card, marks: Sequence[Cell], html: Html) -> str:
    """The card as HTML; `marks` are its marks as this page says them."""
    own, cell = html.prefix, html.cell
    missing = f" {own}none" if card.missing else ""
    flag = f' class="{own}flag"' if own else ""  # a site styles its list instead
    flags = "".join(f"<li{flag}>{cell(each)}</li>" for each in marks)
    lines = [
        f'<section class="{own}card {own}{card.tone}">',
        f"<h2>{cell(card.label)}</h2>",
        f'<p class="{own}figure{missing}">{cell(card.figure)}</p>',
        *(f"<p>{cell(line)}</p>" for line in card.lines),
        *([f'<ul class="{own}flags">{flags}</ul>'] if flags else []),
        "</section>\n",
    ]
    return "\n".join(lines)
