"""The list of figures: what is asked in one row, the figures as a table, cards on a phone, pages below.

All of it is server-made HTML: links and forms carry the question in the address, so that Back, Forward,
a reload and a link sent to somebody show the same list; only the rows of one page are read.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from dashboards.i18n import glossary
from dashboards.i18n.rich_text import Link
from dashboards.queries import claim_rows
from dashboards.queries.view import View
from dashboards.text import amounts, labels
from dashboards.web import badges, controls, html, record_tables
from dashboards.web.addresses import make_address, render_follow
from dashboards.web.controls import Choice
from dashboards.web.figure_question import COLUMNS, MENUS, PER_PAGE, SORTS, FigureQuestion, list_choices
from dashboards.web.html import escape_text, render_cell

Row = Mapping[str, Any]
_LABELS: Final = {"as_of": "table.as_of", "since": "figures.since", "grade": "claims.grade"}
_SORTED: Final = {
    "figure": ("largest", "smallest"),
    "as_of": ("newest", "oldest"),
    "published": ("published", ""),
    "who": ("who", ""),
}


def render_lead(view: View) -> str:
    """The title, how many figures there are, how often they were published, and how they were read again."""
    words = view.words
    title = f"<h1>{render_cell(words.about('claims.title', view.situation))}</h1>"
    found = claim_rows.read_quality(view.build, view.situation_id)
    if found is None:
        return title
    read = {"yes": found["read_again"], "copy": found["read_again_in_copy"], "withdrawn": found["withdrawn"]}
    read["no"] = found["figures"] - sum(read.values())
    bar = "".join(
        f'<span class="lm-share-{name}" style="flex-grow: {count}"></span>'
        for name, count in read.items()
        if count
    )
    told = glossary.open_terms(record_tables.compose_claims_answer(view), words)
    return (
        f'<div class="lm-head">{title}<div class="lm-share">'
        f'<div class="lm-shares" aria-hidden="true">{bar}</div>'
        f"<p>{render_cell(told)}</p></div></div>"
    )


def render_tools(question: FigureQuestion) -> str:
    """The search and the chips, in one row."""
    view, words = question.view, question.view.words
    choices = list_choices(view)
    chips = [_render_chip(question, key, choices[key]) for key in MENUS[:3]]
    chips.append(_render_days(question))
    chips += [_render_chip(question, key, choices[key]) for key in MENUS[3:]]
    chips.sort(key=lambda chip: "lm-on" not in chip)
    clear = ""
    if len(question.filters) > 1:
        bare = question.address(**dict.fromkeys(question.filters, ""))
        clear = render_follow(bare, escape_text(words("figures.clear")), "lm-clear")
    search = controls.render_search(
        "figures",
        "q",
        words("figures.search_label"),
        question.get("q"),
        question.address(q=""),
        words,
        live=True,
    )
    return f'<div class="lm-tools">{search}<div class="lm-chips">{"".join(chips)}{clear}</div></div>'


def _render_chip(question: FigureQuestion, key: str, values: Sequence[str]) -> str:
    view, words = question.view, question.view.words
    label, chosen = words(f"claims.{key}"), question.get(key)
    if chosen:
        name = record_tables.name_choice(view, key, chosen)
        return controls.render_set_chip(label, name, question.address(**{key: ""}), words)
    listed = [
        Choice(record_tables.name_choice(view, key, value), question.address(**{key: value}))
        for value in values
    ]
    return controls.render_menu(key, label, controls.render_choices(listed))


def _render_days(question: FigureQuestion) -> str:
    words, since, until = question.view.words, question.get("since"), question.get("until")
    label = words("figures.period")
    if since or until:
        told = [words.short_day(date.fromisoformat(each)) if each else "…" for each in (since, until)]
        return controls.render_set_chip(label, " – ".join(told), question.address(since="", until=""), words)
    days = {"since": (words("figures.from"), since), "until": (words("figures.to"), until)}
    return controls.render_menu(
        "days", label, controls.render_days(days, question.address(since="", until=""), words)
    )


def render_bar(question: FigureQuestion, matching: int) -> str:
    """How many match, the order, and the columns."""
    view, words = question.view, question.view.words
    whole = claim_rows.count_figures(view.build, view.situation_id)
    sort = question.get("sort") or SORTS[0]
    orders = [
        Choice(words(f"sort.{each}"), question.address(sort="" if each == SORTS[0] else each), each == sort)
        for each in SORTS
    ]
    order = controls.render_menu(
        "sort",
        words("figures.order", sort=words(f"sort.{sort}")),
        controls.render_choices(orders),
        "lm-button",
    )
    shown = question.columns
    boxes = "".join(
        f'<label><input type="checkbox" data-key="cols" value="{each}"{" checked" if each in shown else ""}> '
        f"{escape_text(_name_column(view, each))}</label>"
        for each in COLUMNS
        if each != "figure"
    )
    form = (
        f'<form class="lm-days" data-with="figure" action="{escape_text(question.address(cols=""))}">{boxes}'
        f'<button type="submit">{escape_text(words("figures.apply"))}</button></form>'
    )
    columns = controls.render_menu("cols", words("figures.columns"), form, "lm-button lm-wide")
    count = words("figures.count", count=words.number(matching), whole=words.number(whole))
    return f'<div class="lm-bar-row"><p>{escape_text(count)}</p>{order}{columns}</div>'


def _name_column(view: View, column: str) -> str:
    return view.words(_LABELS.get(column, f"table.{column}"))


def render_list(question: FigureQuestion, rows: list[dict[str, Any]], matching: int, panel: str = "") -> str:
    """The figures of one page, the panel of the one that is open after its row, and the pages below."""
    words = question.view.words
    columns = question.columns
    heads = "".join(_render_head(question, column) for column in columns)
    opened = question.get("claim")
    body = ""
    if panel and all(row["claim_id"] != opened for row in rows):
        body += _render_panel_row(panel, len(columns))
    for row in rows:
        cells = "".join(_CELLS[column](question, row) for column in columns)
        here = row["claim_id"] == opened
        body += f'<tr role="row"{" class=lm-here" if here else ""}>{cells}</tr>'
        if here and panel:
            body += _render_panel_row(panel, len(columns))
    first = (question.page - 1) * PER_PAGE + 1
    shown = words(
        "figures.shown",
        first=words.number(first),
        last=words.number(first + len(rows) - 1),
        whole=words.number(matching),
    )
    before = (
        question.address(page=str(question.page - 1) if question.page > 2 else "")
        if question.page > 1
        else ""
    )
    after = question.address(page=str(question.page + 1)) if first + len(rows) - 1 < matching else ""
    name = escape_text(words("claims.list_title"))
    return (
        f'<div class="lm-grid{" lm-beside" if panel else ""}" role="region" tabindex="0" aria-label="{name}">'
        f'<table role="table"><caption class="lm-unseen">{name}</caption>'
        f'<thead role="rowgroup"><tr role="row">{heads}</tr></thead>'
        f'<tbody role="rowgroup">{body}</tbody></table></div>'
        + controls.render_pager(shown, before, after, words)
    )


def _render_panel_row(panel: str, columns: int) -> str:
    return f'<tr role="row" class="lm-panel-row"><td role="cell" colspan="{columns}">{panel}</td></tr>'


def _render_head(question: FigureQuestion, column: str) -> str:
    """A column's name; where it can be sorted by, a link that does, the second time the other way round."""
    view = question.view
    sort, ways = question.get("sort") or SORTS[0], _SORTED.get(column)
    name = render_cell(glossary.open_terms(_name_column(view, column), view.words))
    style = ' class="lm-number"' if column == "figure" else ""
    if ways is None:
        return f'<th role="columnheader" scope="col"{style}>{name}</th>'
    way = ways[1] if sort == ways[0] and ways[1] else ways[0]
    sorted_by = {
        ways[0]: "descending" if ways[1] or column == "published" else "ascending",
        ways[1]: "ascending",
    }.get(sort)
    arrow = {"descending": " ↓", "ascending": " ↑"}.get(sorted_by or "", "")
    link = render_follow(
        question.address(sort="" if way == SORTS[0] else way),
        escape_text(_name_column(view, column)) + f'<span aria-hidden="true">{arrow}</span>',
    )
    told = f' aria-sort="{sorted_by}"' if sorted_by else ""
    return f'<th role="columnheader" scope="col"{style}{told}>{link}</th>'


def render_amount(row: Row, view: View) -> str:
    """A figure with its number in bold and its hedge beside it; a withdrawn one is struck through."""
    words = view.words
    text = escape_text(amounts.tell_amount(row, words))
    for value in dict.fromkeys((row["value"], row["value_high"])):
        if value is not None:
            text = text.replace(number := escape_text(words.number(value)), f"<b>{number}</b>")
    return f"<del>{text}</del>" if row["standing"] == "withdrawn" else text


def _cell(style: str, content: str, label: str = "") -> str:
    named = f' data-label="{escape_text(label)}"' if label else ""
    return f'<td role="cell" class="{style}"{named}>{content}</td>'


def _render_figure(question: FigureQuestion, row: Row) -> str:
    claim, here = row["claim_id"], row["claim_id"] == question.get("claim")
    address = question.address(claim="" if here else claim)
    inside = render_follow(
        address,
        render_amount(row, question.view),
        id=f"row-{claim}",
        aria_expanded="true" if here else "false",
        data_focus=f"row-{claim}" if here else "panel",
    )
    return _cell("lm-number", inside)


def _render_state(question: FigureQuestion, row: Row) -> str:
    return _cell("lm-c-state", badges.render_badge(badges.find_state(row), question.view.words))


def _render_what(question: FigureQuestion, row: Row) -> str:
    told = labels.name_counted(question.view, row["measure"], row["population"], row["breakdown"])
    return _cell("lm-c-what", escape_text(told))


def _render_who(question: FigureQuestion, row: Row) -> str:
    return _cell("lm-c-who", escape_text(question.view.names[row["organisation"]]))


def _render_day(question: FigureQuestion, row: Row) -> str:
    words = question.view.words
    told = labels.tell_short_moment(row, words) if row["as_of"] else words("no_day")
    return _cell("lm-c-day", escape_text(told))


def _render_since(question: FigureQuestion, row: Row) -> str:
    words, start = question.view.words, row["period_start"]
    unsaid = words("figures.unsaid") if row["kind"] in ("cumulative", "flow") else "–"
    style = "lm-c-since" if start or unsaid != "–" else "lm-c-since lm-none"
    return _cell(style, escape_text(words.short_day(start) if start else unsaid), words("figures.since"))


def _render_source(question: FigureQuestion, row: Row) -> str:
    view = question.view
    link = html.render_cell(Link(view.publisher(row["publisher"]), row["url"]))
    more = row["carriers"] - 1
    told = (
        f' <span class="lm-more">{escape_text(view.words.plural("figures.more", more))}</span>'
        if more
        else ""
    )
    return _cell("lm-c-source", link + told)


def _render_reading(question: FigureQuestion, row: Row) -> str:
    words = question.view.words
    return _cell("lm-c-reading", badges.render_reading(badges.find_reading(row), words))


def _render_published(question: FigureQuestion, row: Row) -> str:
    words = question.view.words
    day = words.short_day(row["published"]) if row["published"] else words("no_day")
    return _cell("lm-c-extra", escape_text(day), words("table.published"))


def _render_grade(question: FigureQuestion, row: Row) -> str:
    words = question.view.words
    return _cell("lm-c-extra", escape_text(words(f"provenance.{row['provenance']}")), words("claims.grade"))


def _render_marks(question: FigureQuestion, row: Row) -> str:
    words = question.view.words
    marks = labels.list_marks(row, words, provenance=False, reading=False)
    told = "<br>".join(escape_text(mark) for mark in marks)
    return _cell("lm-c-extra", told or "–", words("table.marks"))


_CELLS: Final[Mapping[str, Callable[[FigureQuestion, Row], str]]] = {
    "figure": _render_figure,
    "state": _render_state,
    "what": _render_what,
    "who": _render_who,
    "as_of": _render_day,
    "since": _render_since,
    "source": _render_source,
    "reading": _render_reading,
    "published": _render_published,
    "grade": _render_grade,
    "marks": _render_marks,
}


def render_empty(question: FigureQuestion) -> str:
    """That nothing matches, which filters are set, and one way out."""
    words = question.view.words
    names = [
        words("figures.period")
        if key in ("since", "until")
        else words("figures.search_label")
        if key == "q"
        else words(f"claims.{key}")
        for key in question.filters
    ]
    if not names:
        return f'<div class="lm-empty"><p><strong>{escape_text(words("empty.text"))}</strong></p></div>'
    text = words("figures.none", filters=words.listed(list(dict.fromkeys(names))))
    bare = make_address(question.view, "claims")
    return (
        f'<div class="lm-empty"><p><strong>{escape_text(words("claims.none_match"))}</strong></p>'
        f"<p>{escape_text(text)}</p>"
        + render_follow(bare, escape_text(words("figures.clear")), "lm-button")
        + "</div>"
    )
