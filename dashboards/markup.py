"""Small pieces of HTML, every text in them escaped: links, tables, cards, lists.

A table here is a real one, with a caption and heads that a screen reader announces; it scrolls inside its own
frame on a narrow screen.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final
from urllib.parse import urlsplit

BELOW_CHART: Final = 34  # pixels for the pictures that a browser makes itself (style.css)


@dataclass(frozen=True)
class Link:
    """A text that leads somewhere; without a usable address it stays a text."""

    text: str
    url: str | None
    outside: bool = True


@dataclass(frozen=True)
class Term:
    """A word of the glossary as a text says it; touched, it opens what `terms.meanings` says of it."""

    text: str
    term: str  # its id


@dataclass(frozen=True)
class Run:
    """A text with terms in it, its parts one after the other."""

    parts: tuple[str | Term, ...]


Part = str | Link | Run
Cell = Part | Sequence[Part]


def link(target: Link) -> str:
    """An anchor; only http, https and addresses within the app are ever linked."""
    if target.url is None or urlsplit(target.url).scheme not in ("http", "https", ""):
        return escape(target.text)
    outside = ' target="_blank" rel="noopener noreferrer"' if target.outside else ' target="_self"'
    return f'<a href="{escape(target.url)}"{outside}>{escape(target.text)}</a>'


def term(said: Term) -> str:
    """A word that opens its definition: the browser opens and closes it, a screen reader hears it."""
    place = escape(f"meaning-{said.term}")
    return (
        f'<button type="button" class="lm-term" popovertarget="{place}" aria-describedby="{place}-text">'
        f"{escape(said.text)}</button>"
    )


def cell(content: Cell) -> str:
    """The inside of one cell; several parts become lines."""
    if isinstance(content, str):
        return escape(content)
    if isinstance(content, Link):
        return link(content)
    if isinstance(content, Run):
        return "".join(term(part) if isinstance(part, Term) else escape(part) for part in content.parts)
    return "<br>".join(cell(part) for part in content)


def table(
    caption: str, heads: Sequence[Cell], rows: Iterable[Sequence[Cell]], numeric: Sequence[int] = ()
) -> str:
    """A table with a caption; `numeric` are the columns that align right."""
    head = "".join(f'<th scope="col"{_right(n, numeric)}>{cell(each)}</th>' for n, each in enumerate(heads))
    body = "".join(
        "<tr>" + "".join(f"<td{_right(n, numeric)}>{cell(each)}</td>" for n, each in enumerate(row)) + "</tr>"
        for row in rows
    )
    return (
        f'<div class="lm-table" role="region" tabindex="0" aria-label="{escape(caption)}">'
        f"<table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _right(column: int, numeric: Sequence[int]) -> str:
    return ' class="lm-number"' if column in numeric else ""


def paragraph(text: Cell, style: str = "") -> str:
    """One paragraph in one of the page's styles."""
    return f'<p class="{escape(style)}">{cell(text)}</p>' if style else f"<p>{cell(text)}</p>"


def bullets(items: Iterable[Cell], style: str = "lm-list") -> str:
    """An unordered list."""
    return f'<ul class="{escape(style)}">' + "".join(f"<li>{cell(item)}</li>" for item in items) + "</ul>"


def card(label: str, number: str, lines: Sequence[Cell], flags: Sequence[Cell], tone: str) -> str:
    """One headline figure: what it counts, the figure, when and according to whom, and its marks."""
    marks = "".join(f'<li class="lm-flag">{cell(flag)}</li>' for flag in flags)
    return (
        f'<section class="lm-card lm-{escape(tone)}"><h2>{escape(label)}</h2>'
        f'<p class="lm-figure">{escape(number)}</p>'
        + "".join(f"<p>{cell(line)}</p>" for line in lines)
        + (f'<ul class="lm-flags">{marks}</ul>' if marks else "")
        + "</section>"
    )


def chart(figure: str, height: int, failed: str, own_pictures: bool = False) -> str:
    """The place of a chart, which keeps its height in pixels; static/page.js draws the `figure` in it.

    With `own_pictures` the reader's browser offers to make a picture of it.
    """
    style, below = ("lm-place lm-own", BELOW_CHART) if own_pictures else ("lm-place", 0)
    return (
        f'<div class="{style}" data-figure="{escape(figure)}" data-failed="{escape(failed)}"'
        f' style="min-height: {height + below}px"></div>'
    )


def folded(heading: str, content: str, source: str = "", failed: str = "") -> str:
    """Content, which is HTML already, that a reader opens; with a `source`, fetched when it is opened."""
    fetched = f' data-source="{escape(source)}" data-failed="{escape(failed)}"' if source else ""
    return f'<details class="lm-folded"{fetched}><summary>{escape(heading)}</summary>{content}</details>'


def notice(title: str, text: str) -> str:
    """Something that the reader must not miss."""
    return f'<aside class="lm-notice" role="note"><strong>{escape(title)}</strong> {escape(text)}</aside>'
