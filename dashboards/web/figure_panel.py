"""One figure opened: number, state, what is to know of it, source, how it was read again, history."""

import base64
from collections.abc import Mapping, Sequence
from typing import Any

from dashboards.exhibits import count_in_time, figure_history, reader_questions
from dashboards.exhibits.figure_history import FigureHistory
from dashboards.i18n import glossary
from dashboards.i18n.rich_text import Cell, Link
from dashboards.queries.view import View, make_figure_link
from dashboards.text import labels, readings, statement_sentences
from dashboards.web import badges
from dashboards.web.addresses import render_follow
from dashboards.web.figure_grid import render_amount
from dashboards.web.html import escape_text, render_bullets, render_cell, render_paragraph

Row = Mapping[str, Any]


def render_panel(found: FigureHistory, row: Row, close: str = "", back: str = "", wrong: str = "") -> str:
    """The panel of a figure as today's build has it; `row` is its statement that was opened.

    `close` is the address without it and `back` the id of what opened it, where it stands beside a list.
    `wrong` is the link that says that something is wrong with it, HTML.
    """
    view, words = found.view, found.view.words
    state = badges.find_state(row)
    way, name = "", escape_text(words("figures.close"))
    if close:
        way = render_follow(
            close,
            f'<span aria-hidden="true">×</span><span class="lm-unseen">{name}</span>',
            "lm-close",
            data_focus=back,
        )
    head = (
        f'<header class="lm-panel-head lm-is-{badges.STATES[state][1]}">{way}'
        f'<p class="lm-panel-number">{render_amount(row, view)} {badges.render_badge(state, words)}</p>'
        f"<p><b>{escape_text(labels.name_with_window(view, dict(row)))}</b>, "
        f"{escape_text(_tell_speaker(view, row))}</p></header>"
    )
    sections = [
        (words("panel.why"), _render_why(found, row)),
        (words("panel.said"), _render_said(view, row)),
        (
            words("figure.readings"),
            _render_lines(view, readings.list_carriers(view, figure_history.list_carriers(found))),
        ),
        (words("figure.against"), _render_lines(view, readings.list_statements(view, found.history))),
        (words("figure.doubts"), _render_doubts(view, found.doubts)),
        (words("question.heading"), render_questions(view, row["figure_id"])),
    ]
    body = "".join(
        f"<section><h3>{escape_text(title)}</h3>{content}</section>" for title, content in sections if content
    )
    permanent = Link(words("figure.permanent"), make_figure_link(view, row["figure_id"]), outside=False)
    opened = escape_text(words("figures.opened"))
    return (
        f'<article class="lm-panel" id="panel" tabindex="-1" aria-label="{opened}">'
        f"{head}{body}<footer>{render_cell(permanent)}{wrong}</footer></article>"
    )


def _tell_speaker(view: View, row: Row) -> str:
    return view.words(
        "panel.speaker",
        who=statement_sentences.name_speaker(view, row["organisation"]),
        moment=labels.tell_moment(row, view.words) if row["as_of"] else view.words("no_day"),
    )


def _render_why(found: FigureHistory, row: Row) -> str:
    """Why a figure is in doubt or does not stand, what a reader must know of it, and the count around it."""
    view, words = found.view, found.view.words
    told = labels.list_marks(row, words, reading=False)
    if row["standing"] != "stands":
        told.insert(
            0,
            words(
                "standing.because",
                standing=labels.tell_standing({**row, "why_standing": None}, words),
                why=words(f"why.{row['why_standing']}"),
            ),
        )
    if row["doubt"]:
        told.append(words("panel.off_line"))
    seen: set[str] = set()
    lines = render_bullets([glossary.open_terms(each, words, seen) for each in told]) if told else ""
    return lines + render_count(view, row, [row["claim_id"]])


def render_count(view: View, row: Row, claims: Sequence[str]) -> str:
    """The count that a figure belongs to, around its day, with these claims marked; empty for few figures."""
    drawn = count_in_time.draw_count(view, row, claims)
    if drawn is None:
        return ""
    packed = base64.b64encode(drawn.encode()).decode()
    alt = escape_text(
        view.words(
            "panel.chart", what=labels.name_counted(view, row["measure"], row["population"], row["breakdown"])
        )
    )
    return (
        f'<img class="lm-mini" alt="{alt}" width="{count_in_time.WIDTH}" height="{count_in_time.HEIGHT}" '
        f'src="data:image/svg+xml;base64,{packed}">'
    )


def _render_said(view: View, row: Row) -> str:
    words = view.words
    day = words("reading.published", day=words.day(row["published"])) if row["published"] else words("no_day")
    grade = words(f"provenance.{row['provenance']}")
    source = render_cell(Link(view.publisher(row["publisher"]), row["url"]))
    quoted = escape_text(statement_sentences.compose_statement(view, row) + ".")
    return f"<blockquote>{quoted}</blockquote><p>{source}, {escape_text(day)} · {escape_text(grade)}</p>"


def _render_lines(view: View, lines: Sequence[Sequence[Cell]]) -> str:
    seen: set[str] = set()
    told = [
        [glossary.open_terms(each, view.words, seen) if isinstance(each, str) else each for each in line]
        for line in lines
    ]
    return render_bullets(told) if told else ""  # type: ignore[arg-type]


def render_questions(view: View, figure: str) -> str:
    """What readers asked about a figure, and the answers; empty where nobody did."""
    told = reader_questions.list_about_figure(view, figure)
    return render_bullets(told) if told else ""


def _render_doubts(view: View, doubts: Sequence[Cell]) -> str:
    if not doubts:
        return ""
    checks = f"doubts?situation={view.situation_id}&lang={view.language}"
    link = Link(view.words("panel.checks"), checks, outside=False)
    return render_bullets(doubts) + render_paragraph(link)


def find_row(found: FigureHistory, claim: str = "") -> Row | None:
    """The statement to open: the one that a claim leads, else what stands, else what was said last."""
    named = [each for each in found.history if each["claim_id"] == claim]
    return next(iter([*named, *found.now, *reversed(found.history)]), None)
