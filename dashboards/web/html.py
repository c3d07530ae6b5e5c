"""The one builder of HTML: links, terms, cells, tables, cards, lists; every text in them escaped.

A table here is a real one, with a caption and heads that a screen reader announces; on a narrow screen its
rows are cards, or it scrolls inside its own frame.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

from markupsafe import escape

from dashboards.i18n.glossary import TERMS
from dashboards.i18n.rich_text import Cell, Foreign, Link, Run, Term
from dashboards.i18n.translations import read_words

BESIDE: Final = 3  # columns that still stand beside each other on a phone
BELOW_CHART: Final = 34  # pixels for the pictures that a browser makes itself (app.css)


@dataclass(frozen=True)
class Html:
    """How one medium writes HTML: the app, or one page of the site.

    `link` writes an anchor, or the text alone where it leads nowhere; `term` a word that opens its meaning.
    """

    prefix: str  # of its classes
    link: Callable[[Link], str]
    term: Callable[[Term], str]

    def cell(self, content: Cell) -> str:
        """The inside of one cell; several parts become lines."""
        if isinstance(content, str):
            return escape_text(content)
        if isinstance(content, Link):
            return self.link(content)
        if isinstance(content, Foreign):
            return f'<span lang="{escape_text(content.language)}">{escape_text(content.text)}</span>'
        if isinstance(content, Run):
            return "".join(
                self.term(part) if isinstance(part, Term) else escape_text(part) for part in content.parts
            )
        return "<br>".join(self.cell(part) for part in content)

    def table(
        self,
        caption: str,
        heads: Sequence[Cell],
        rows: Iterable[Sequence[Cell]],
        numeric: Collection[int] = (),
    ) -> str:
        """A table with a caption that is heard; `numeric` are the columns that align right.

        With more than three columns its rows are cards on a phone, each value beside its column's name.
        """
        stacks = len(heads) > BESIDE
        names = [f' data-label="{escape_text(tell_plainly(each))}"' if stacks else "" for each in heads]
        head = self._row('th scope="col"', heads, numeric, [""] * len(heads))
        body = "\n".join(self._row("td", row, numeric, names) for row in rows)
        style = f"{self.prefix}table {self.prefix}stacks" if stacks else f"{self.prefix}table"
        told = escape_text(caption)
        return (
            f'<div class="{style}" role="region" tabindex="0" aria-label="{told}"><table>'
            f'<caption class="{self.prefix}unseen">{told}</caption>'
            f"<thead>{head}</thead><tbody>{body}</tbody></table></div>"
        )

    def _row(
        self, opening: str, cells: Sequence[Cell], numeric: Collection[int], names: Sequence[str]
    ) -> str:
        tag, right = opening[:2], f' class="{self.prefix}number"'
        inside = (
            f"<{opening}{right if n in numeric else ''}{name}>{self.cell(each)}</{tag}>"
            for n, (each, name) in enumerate(zip(cells, names, strict=False))
        )
        return f"<tr>{''.join(inside)}</tr>"


def tell_plainly(content: Cell) -> str:
    """The words of a cell without its links and terms."""
    if isinstance(content, str):
        return content
    if isinstance(content, Link | Foreign):
        return content.text
    if isinstance(content, Run):
        return "".join(part.text if isinstance(part, Term) else part for part in content.parts)
    return ", ".join(tell_plainly(part) for part in content)


def escape_text(value: str) -> str:
    """A text as it stands in HTML, in an attribute too."""
    return str(escape(value))


def is_web(url: str | None) -> bool:
    """Whether an address leads to the web: only these are ever linked to from outside our own pages."""
    return url is not None and urlsplit(url).scheme in ("http", "https")


def _link(target: Link) -> str:
    """An anchor; only http, https and addresses within the app are ever linked."""
    if target.url is None or not (is_web(target.url) or urlsplit(target.url).scheme == ""):
        return escape_text(target.text)
    outside = ' target="_blank" rel="noopener noreferrer"' if target.outside else ' target="_self"'
    return f'<a href="{escape_text(target.url)}"{outside}>{escape_text(target.text)}</a>'


def _render_term(said: Term) -> str:
    """A word that opens its definition: the browser opens and closes it, a screen reader hears it."""
    place = escape_text(f"meaning-{said.term}")
    return (
        f'<button type="button" class="lm-term" popovertarget="{place}" aria-describedby="{place}-text">'
        f"{escape_text(said.text)}</button>"
    )


APP: Final = Html("lm-", _link, _render_term)
render_cell, render_table = APP.cell, APP.table


def render_paragraph(content: Cell, style: str = "") -> str:
    """One paragraph in one of the page's styles."""
    return (
        f'<p class="{escape_text(style)}">{render_cell(content)}</p>'
        if style
        else f"<p>{render_cell(content)}</p>"
    )


def render_bullets(items: Iterable[Cell], style: str = "lm-list") -> str:
    """An unordered list."""
    return (
        f'<ul class="{escape_text(style)}">'
        + "".join(f"<li>{render_cell(item)}</li>" for item in items)
        + "</ul>"
    )


def render_chart(
    figure: str, height: int, failed: str, own_pictures: bool = False, narrow: int | None = None
) -> str:
    """The place of a chart, which keeps its height in pixels; static/page.js draws the `figure` in it.

    With `own_pictures` the reader's browser offers to make a picture of it. `narrow` is its height on
    a phone.
    """
    style, below = ("lm-place lm-own", BELOW_CHART) if own_pictures else ("lm-place", 0)
    kept = f"min-height: {height + below}px"
    if narrow is not None:
        style, kept = f"{style} lm-two", f"--lm-wide: {height + below}px; --lm-narrow: {narrow + below}px"
    return (
        f'<div class="{style}" data-figure="{escape_text(figure)}" data-failed="{escape_text(failed)}"'
        f' style="{kept}"></div>'
    )


def render_folded(heading: str, content: str, source: str = "", failed: str = "") -> str:
    """Content, which is HTML already, that a reader opens; with a `source`, fetched when it is opened."""
    fetched = f' data-source="{escape_text(source)}" data-failed="{escape_text(failed)}"' if source else ""
    return f'<details class="lm-folded"{fetched}><summary>{escape_text(heading)}</summary>{content}</details>'


def render_notice(title: str, content: str) -> str:
    """Something that the reader must not miss."""
    told = f"<strong>{escape_text(title)}</strong> {escape_text(content)}"
    return f'<aside class="lm-notice" role="note">{told}</aside>'


@lru_cache
def render_meanings(language: str) -> str:
    """What the terms of a page open, hidden until asked for; Escape or a touch beside it closes it."""
    words = read_words(language)
    return "".join(
        f'<div popover class="lm-meaning" id="meaning-{term}"><p id="meaning-{term}-text"><strong>'
        f"{escape(words(f'glossary.{term}_title'))}.</strong> {escape(words(f'glossary.{term}'))}</p></div>"
        for term in TERMS
    )
