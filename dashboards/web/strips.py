"""Drawings of `charts/strips` as HTML: who has fallen silent, and all situations; for app and site.

The app's HTML may hold no drawing, so there it is an image that brings its colours; the site has them in its
sheet, and no style within a page.
"""

from collections.abc import Callable
from urllib.parse import quote

from dashboards.exhibits.silences import Silences
from dashboards.exhibits.situations import AllSituations, SituationRow
from dashboards.i18n.translations import Words
from dashboards.web.headline_card import SIGNS
from dashboards.web.html import Html, escape_text


def show(drawing: str, inline: bool, place: str) -> str:
    """A drawing within the page, or as an image; its hatching is called after its `place` among others."""
    if inline:
        return drawing.replace('id="h"', f'id="h-{place}"').replace("url(#h)", f"url(#h-{place})")
    return f'<img alt="" src="data:image/svg+xml,{quote(drawing, safe="/:=(),;.@{}")}">'


def render_silences(found: Silences, words: Words, *, inline: bool) -> str:
    """One line an organisation: its name, a tick a day with figures, hatching until today, the days;
    nothing where no organisation has a line.
    """
    if not found.lines:
        return ""
    lines = "".join(
        '<li class="lm-strip">'
        f'<span class="lm-unseen">{escape_text(each.said)}</span>'
        f'<span class="lm-strip-name" aria-hidden="true">{escape_text(each.name)}</span>'
        f'<span class="lm-strip-days" aria-hidden="true">{show(each.drawing, inline, str(place))}</span>'
        f'<span class="lm-strip-age" aria-hidden="true">{escape_text(each.age)}</span></li>'
        for place, each in enumerate(found.lines)
    )
    axis = found.axis if inline else render_axis(found.ticks)
    more = f'<p class="lm-source">{escape_text(words.plural("today.silence_more", found.others))}</p>'
    return (
        f'<div class="lm-strip lm-strip-axis" aria-hidden="true"><i></i><span>{axis}</span><i></i></div>'
        f'<ul class="lm-strips">{lines}</ul>{more if found.others else ""}'
    )


def render_axis(ticks: tuple[tuple[float, str], ...]) -> str:
    """The names of an axis in the app's own letters."""
    return "".join(f'<span style="left:{at}%">{escape_text(name)}</span>' for at, name in ticks)


def render_situations(found: AllSituations, words: Words, address: Callable[[str], str], html: Html) -> str:
    """A row a situation: name and who counts, newest figure, its line since the first year, its age.

    `address` gives where a situation's own page is, or nothing where there is none.
    """
    inline = not html.prefix
    heads = "".join(
        f"<span>{escape_text(words(f'situations.{name}'))}</span>"
        for name in ("who", "newest", "course_head", "age")
    )
    rows = "".join(_render_situation(each, address(each.id), html) for each in found.rows)
    axis = found.axis if inline else render_axis(found.ticks)
    key = "".join(
        f'<span class="lm-key-{name}">{escape_text(words(f"situations.key_{name}"))}</span>'
        for name in ("line", "dotted", "bound", "silent")
    )
    return (
        '<div class="lm-situations">'
        f'<div class="lm-situation lm-situation-heads" aria-hidden="true">{heads}</div>'
        f'<ul>{rows}</ul><div class="lm-situation lm-situation-axis" aria-hidden="true"><i></i><i></i>'
        f'<span class="lm-axis">{axis}</span><i></i></div><p class="lm-situation-key">{key}</p></div>'
    )


def _render_situation(row: SituationRow, address: str, html: Html) -> str:
    name = escape_text(row.name)
    head = f'<a href="{escape_text(address)}">{name}</a>' if address else name
    hedged = "" if row.figure[0].isdigit() else " lm-hedged"
    who = escape_text(row.organisation)
    if row.source:  # who counts may be who publishes
        own = row.source.text == row.organisation
        who = html.cell(row.source) if own else f"{who}<br>{html.cell(row.source)}"
    figure = (
        f'<p class="lm-none">{escape_text(row.figure)}</p><p>{escape_text(row.why)}</p>'
        if row.missing
        else f'<p class="lm-figure{hedged}">{escape_text(row.figure)}</p><p>{escape_text(row.held_on)}</p>'
    )
    drawing = show(row.drawing, not html.prefix, row.id) if row.drawing else ""
    sign = f'<span aria-hidden="true">{SIGNS[row.state]}</span> ' if not row.missing else ""
    signed = f"<p>{escape_text(row.signed)}</p>" if row.signed else ""
    age = f"<strong>{escape_text(row.age)}</strong><br><span>{sign}{escape_text(row.reading)}</span>"
    return (
        f'<li class="lm-situation"><div><h2>{head}</h2><p>{who}</p>{signed}</div>'
        f"<div>{figure}</div><div>{drawing}<p>{escape_text(row.course)}</p></div>"
        f"<p>{'' if row.missing else age}</p></li>"
    )
