"""Small pieces of HTML, every text in them escaped: links, tables, cards, lists.

A table here is a real one, with a caption and heads that a screen reader announces; it scrolls inside its own
frame on a narrow screen.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from markupsafe import escape

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
            return text(content)
        if isinstance(content, Link):
            return self.link(content)
        if isinstance(content, Run):
            return "".join(
                self.term(part) if isinstance(part, Term) else text(part) for part in content.parts
            )
        return "<br>".join(self.cell(part) for part in content)

    def table(
        self,
        caption: str,
        heads: Sequence[Cell],
        rows: Iterable[Sequence[Cell]],
        numeric: Collection[int] = (),
    ) -> str:
        """A table with a caption; `numeric` are the columns that align right."""
        head = self._row('th scope="col"', heads, numeric)
        body = "\n".join(self._row("td", row, numeric) for row in rows)
        return (
            f'<div class="{self.prefix}table" role="region" tabindex="0" aria-label="{text(caption)}">'
            f"<table><caption>{text(caption)}</caption><thead>{head}</thead><tbody>{body}</tbody></table></div>"
        )

    def _row(self, opening: str, cells: Sequence[Cell], numeric: Collection[int]) -> str:
        tag, right = opening[:2], f' class="{self.prefix}number"'
        inside = (
            f"<{opening}{right if n in numeric else ''}>{self.cell(each)}</{tag}>"
            for n, each in enumerate(cells)
        )
        return f"<tr>{''.join(inside)}</tr>"


def text(value: str) -> str:
    """A text as it stands in HTML, in an attribute too."""
    return str(escape(value))


def is_web(url: str | None) -> bool:
    """Whether an address leads to the web: only these are ever linked to from outside our own pages."""
    return url is not None and urlsplit(url).scheme in ("http", "https")


def _link(target: Link) -> str:
    """An anchor; only http, https and addresses within the app are ever linked."""
    if target.url is None or not (is_web(target.url) or urlsplit(target.url).scheme == ""):
        return text(target.text)
    outside = ' target="_blank" rel="noopener noreferrer"' if target.outside else ' target="_self"'
    return f'<a href="{text(target.url)}"{outside}>{text(target.text)}</a>'


def _term(said: Term) -> str:
    """A word that opens its definition: the browser opens and closes it, a screen reader hears it."""
    place = text(f"meaning-{said.term}")
    return (
        f'<button type="button" class="lm-term" popovertarget="{place}" aria-describedby="{place}-text">'
        f"{text(said.text)}</button>"
    )


APP: Final = Html("lm-", _link, _term)
cell, table = APP.cell, APP.table


def paragraph(content: Cell, style: str = "") -> str:
    """One paragraph in one of the page's styles."""
    return f'<p class="{text(style)}">{cell(content)}</p>' if style else f"<p>{cell(content)}</p>"


def bullets(items: Iterable[Cell], style: str = "lm-list") -> str:
    """An unordered list."""
    return f'<ul class="{text(style)}">' + "".join(f"<li>{cell(item)}</li>" for item in items) + "</ul>"


def chart(figure: str, height: int, failed: str, own_pictures: bool = False) -> str:
    """The place of a chart, which keeps its height in pixels; static/page.js draws the `figure` in it.

    With `own_pictures` the reader's browser offers to make a picture of it.
    """
    style, below = ("lm-place lm-own", BELOW_CHART) if own_pictures else ("lm-place", 0)
    return (
        f'<div class="{style}" data-figure="{text(figure)}" data-failed="{text(failed)}"'
        f' style="min-height: {height + below}px"></div>'
    )


def folded(heading: str, content: str, source: str = "", failed: str = "") -> str:
    """Content, which is HTML already, that a reader opens; with a `source`, fetched when it is opened."""
    fetched = f' data-source="{text(source)}" data-failed="{text(failed)}"' if source else ""
    return f'<details class="lm-folded"{fetched}><summary>{text(heading)}</summary>{content}</details>'


def notice(title: str, content: str) -> str:
    """Something that the reader must not miss."""
    return f'<aside class="lm-notice" role="note"><strong>{text(title)}</strong> {text(content)}</aside>'
