"""The matrix of officials and organisations as HTML: a table, and on a phone a card for each official."""

from dashboards.exhibits.comparison_matrix import MatrixWords
from dashboards.i18n.translations import Words
from dashboards.web.html import escape_text, render_cell, render_folded


def render_matrix(told: MatrixWords, words: Words) -> str:
    """One block: what compares stands out, with links from both figures to their claims."""
    return f'<div class="lm-matrix">{_render_table(told)}{_render_cards(told, words)}</div>'


def _render_table(told: MatrixWords) -> str:
    heads = "".join(
        f'<th scope="col"><b>{escape_text(each.name)}</b> {escape_text(each.told)}</th>'
        for each in told.columns
    )
    rows = "".join(
        f'<tr><th scope="row"><b>{escape_text(row.name)}</b> {escape_text(row.told)}</th>'
        + "".join(
            f'<td class="lm-is-{box.kind}">{_render_box(told, number, place)}</td>'
            for place, box in enumerate(told.boxes[number])
        )
        + "</tr>"
        for number, row in enumerate(told.rows)
    )
    caption, corner = escape_text(told.caption), escape_text(told.corner)
    return (
        f'<table><caption>{caption}</caption><thead><tr><th scope="col">{corner}</th>{heads}</tr>'
        f"</thead><tbody>{rows}</tbody></table>"
    )


def _render_box(told: MatrixWords, row: int, column: int) -> str:
    box = told.boxes[row][column]
    links = told.links.get((row, column))
    both = ""
    if links is not None:
        both = f" <span>{render_cell(links[0])} · {render_cell(links[1])}</span>"
    return f"<b>{escape_text(box.head)}</b> {escape_text(box.line)}{both}"


def _render_cards(told: MatrixWords, words: Words) -> str:
    """A card an official: what compares first, the others folded and counted."""
    cards = []
    for number, row in enumerate(told.rows):
        shown: list[str] = []
        folded: list[str] = []
        for place, box in enumerate(told.boxes[number]):
            column = told.columns[place]
            line = (
                f'<li class="lm-is-{box.kind}"><span><b>{escape_text(column.name)}</b> '
                f"{escape_text(column.told)}</span><span>{_render_box(told, number, place)}</span></li>"
            )
            (shown if box.kind == "comparable" else folded).append(line)
        inside = f"<ul>{''.join(shown)}</ul>" if shown else ""
        if folded:
            inside += render_folded(words.plural("matrix.pairs", len(folded)), f"<ul>{''.join(folded)}</ul>")
        cards.append(
            f"<section><h3>{escape_text(row.name)}</h3><p>{escape_text(row.told)}</p>{inside}</section>"
        )
    return f'<div class="lm-cards">{"".join(cards)}</div>'
