"""Cells of tables and lists as HTML of the site: every text escaped, every figure linked to its address."""

from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from dashboards.markup import Cell, Link, Run
from dashboards.site import addresses


def cell(content: Cell, here: str, language: str, figures: Mapping[str, str]) -> Markup:
    """The inside of one cell; several parts become lines. `figures`: claim → figure."""
    if isinstance(content, str):
        return escape(content)
    if isinstance(content, Link):
        return link(content, here, language, figures)
    if isinstance(content, Run):  # terms open their definition in the app only
        return escape("".join(part if isinstance(part, str) else part.text for part in content.parts))
    return Markup("<br>").join(cell(part, here, language, figures) for part in content)


def link(target: Link, here: str, language: str, figures: Mapping[str, str]) -> Markup:
    """An anchor. Only http and https lead outside; the app's address of a claim becomes the site's."""
    claim = addresses.claim_of(target.url or "")
    if claim is not None and claim not in figures:
        return escape(target.text)
    if claim is not None:
        inside = addresses.relative(here, addresses.figure(language, figures[claim]))
        return Markup('<a href="{}">{}</a>').format(inside, target.text)
    if target.url is None or urlsplit(target.url).scheme not in ("http", "https"):
        return escape(target.text)
    return Markup('<a href="{}" rel="noopener noreferrer">{}</a>').format(target.url, target.text)


def table(
    caption: str,
    heads: Sequence[Cell],
    rows: Iterable[Sequence[Cell]],
    numeric: Sequence[int],
    here: str,
    language: str,
    figures: Mapping[str, str],
) -> Markup:
    """A real table that scrolls inside its own frame; `numeric` are the columns that align right."""

    def tagged(tag: str, n: int, inside: Markup) -> Markup:
        scope = Markup(' scope="col"') if tag == "th" else Markup("")
        right = Markup(' class="number"') if n in numeric else Markup("")
        return Markup("<{0}{1}{2}>{3}</{0}>").format(Markup(tag), scope, right, inside)

    def line(tag: str, items: Iterable[Markup]) -> Markup:
        cells = Markup("").join(tagged(tag, n, each) for n, each in enumerate(items))
        return Markup("<tr>{}</tr>").format(cells)

    head = line("th", (cell(each, here, language, figures) for each in heads))
    body = Markup("\n").join(
        line("td", (cell(each, here, language, figures) for each in row)) for row in rows
    )
    return Markup(
        '<div class="table" role="region" tabindex="0" aria-label="{0}"><table><caption>{0}</caption>'
        "<thead>{1}</thead><tbody>{2}</tbody></table></div>"
    ).format(caption, head, body)
