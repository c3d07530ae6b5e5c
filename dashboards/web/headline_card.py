"""The card of a headline: what it counts, the figure, as of when, according to whom, and its marks.

One card, told by the Overview, the families' page, the brief and the picture that a messaging app shows.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from dashboards.i18n.rich_text import Cell, Link
from dashboards.metrics.headline import Headline, Headlines
from dashboards.queries.view import View
from dashboards.text import amounts, headline_sentences, labels
from dashboards.text.organisations import name_in_sentence
from dashboards.web.html import Html
from pipelines.core.model import Measure

SIGNS: Final = {"read_again": "✓", "read_again_in_copy": "◐", "read_in_address": "○", None: "○"}
TONES = {Measure.IN_CUSTODY: "held", Measure.RELEASED_TO_DATE: "left"}


@dataclass(frozen=True)
class Card:
    """One headline in words. Where it is missing, `figure` says so and `said` why; the rest is empty."""

    tone: str
    label: str
    figure: str
    said: tuple[str, ...]  # as of when and according to whom
    missing: bool = False
    age: str = ""  # how old it is; empty on what is kept or sent
    change: str = ""  # since the figure before it
    peak: str = ""  # the highest that was stated
    old: str = ""  # that it is older than its organisation's rhythm allows
    moment: str = ""  # of the figure, short
    sources: tuple[Link, ...] = ()
    passed_over: tuple[Link, ...] = ()
    in_part: tuple[Link, ...] = ()
    marks: tuple[str, ...] = ()
    reading: str = ""  # that of the marks which says whether it was read again
    sign: str = ""  # beside it, so that no colour says it alone
    part: tuple[str, float] | None = None  # what is known of a part of it, and its share


def build_cards(view: View, found: Headlines) -> tuple[Card, Card]:
    """People held, then people who left prison, with what is known in part where no total of them is."""
    held, left = (
        build_card(view, found.held),
        build_card(view, found.left, headline_sentences.tell_in_part(view, found)),
    )
    peak = headline_sentences.compose_peak(view, found.held, headline_sentences.find_start(view, found))
    return replace(held, peak=peak), replace(left, part=headline_sentences.tell_part_of_left(view, found))


def build_card(view: View, found: Headline, in_part: Sequence[Link] = ()) -> Card:
    """The card of one headline."""
    words, passed = view.words, tuple(headline_sentences.link_passed_over(view, found))
    tone, name = TONES[found.measure], name_card(view, found.measure, words.day(view.situation.baseline))
    if not found.rows:
        number, why = headline_sentences.tell_missing(view, found)
        change = headline_sentences.compose_direction(view, found)
        parts = tuple(in_part)
        return Card(
            tone, name, number, (why,), missing=True, change=change, passed_over=passed, in_part=parts
        )
    first = found.rows[0]
    return Card(
        tone,
        name,
        words("amount.or").join(amounts.tell_amount(row, words) for row in found.rows),
        (
            words("card.when", day=labels.tell_moment(first, words)),
            words("card.who", organisation=name_in_sentence(view, found.organisation)),
        ),
        age=view.age_in_days(found.as_of),
        change=headline_sentences.compose_direction(view, found),
        old=headline_sentences.tell_old(view, found),
        moment=labels.tell_short_moment(first, words),
        sources=tuple(
            Link(words("card.source", publisher=view.publisher(row["publisher"])), row["url"])
            for row in found.rows
        ),
        passed_over=passed,
        marks=tuple(headline_sentences.list_marks(view, found)),
        reading=headline_sentences.tell_reading(view, first),
        sign=SIGNS[first["checked"]],
    )


def name_card(view: View, measure: Measure, since: str) -> str:
    """What a card counts; `since` is the baseline in words."""
    if measure is Measure.IN_CUSTODY:
        return view.words(f"measure.{measure}")
    return view.words("card.left", since=since)


def render_card(card: Card, marks: Sequence[Cell], html: Html, brief: bool = False) -> str:
    """The card as HTML; `marks` are its marks as this page says them. `brief` leaves out age and change."""
    own, cell = html.prefix, html.cell
    missing = f" {own}none" if card.missing else f" {own}hedged" if not card.figure[0].isdigit() else ""
    when, *who = card.said
    age = f", <strong>{cell(card.age)}</strong>" if card.age and not brief else ""
    flags = "".join(
        _render_mark(cell(each), card.sign if said == card.reading else "", own)
        for each, said in zip(marks, card.marks or marks, strict=True)
    )
    said: list[Cell] = [*who, *card.sources]
    by = " · ".join(map(cell, said))
    peak = f' <span class="{own}wide">{cell(card.peak)}</span>' if card.peak else ""
    lines = [
        f'<section class="{own}card {own}{card.tone}">',
        f"<h2>{cell(card.label)}</h2>",
        f'<p class="{own}figure{missing}">{cell(card.figure)}</p>',
        f"<p>{cell(when)}{age}</p>",
        *([f"<p>{by}</p>"] if by else []),
        *([f'<p class="{own}old">{cell(card.old)}</p>'] if card.old and not brief else []),
        *(f'<p class="{own}newer">{cell(each)}</p>' for each in card.passed_over),
        *(f"<p>{cell(each)}</p>" for each in card.in_part),
        *([f'<ul class="{own}flags">{flags}</ul>'] if flags else []),
        *([_render_part(*card.part, html)] if card.part else []),
        *([f'<p class="{own}change">{cell(card.change)}{peak}</p>'] if card.change and not brief else []),
        "</section>\n",
    ]
    return "\n".join(lines)


def _render_mark(mark: str, sign: str, own: str) -> str:
    if not own:
        return f"<li>{mark}</li>"  # a site styles its list instead
    if not sign:
        return f'<li class="{own}flag">{mark}</li>'
    kind = {"✓": "read", "◐": "copy", "○": "unread"}[sign]
    return f'<li class="{own}flag {own}{kind}"><span aria-hidden="true">{sign}</span> {mark}</li>'


def _render_part(text: str, share: float, html: Html) -> str:
    """What is known of a part, below a bar that says how large it is; the site has the words alone."""
    own = html.prefix
    bar = f'<span class="{own}share"><i style="width:{share:.1%}"></i></span>' if own else ""
    return f'<p class="{own}part">{bar}{html.cell(text)}</p>'
