"""Our own corrections as a list, for app and site: what stood here, what stands now, why, what it reached."""

from collections.abc import Sequence

from dashboards.exhibits import own_corrections
from dashboards.exhibits.own_corrections import Mistake, ShownFigure
from dashboards.queries.view import View
from dashboards.web.addresses import make_address
from dashboards.web.controls import Choice, render_row
from dashboards.web.html import APP, Html, escape_text


def render_counts(view: View, medium: Html = APP) -> str:
    """How many figures were taken away and changed, as two bars with their numbers."""
    words = view.words
    counts = own_corrections.count_kinds(view)
    most = max(counts.values(), default=0)
    if not most:
        return ""
    rows = "".join(
        f"<dt>{escape_text(words(f'corrected.kind_{kind}'))}</dt>"
        f'<dd><meter min="0" max="{most}" value="{count}" aria-hidden="true"></meter> '
        f"<b>{escape_text(words.number(count))}</b></dd>"
        for kind, count in counts.items()
    )
    return f'<dl class="{medium.prefix}kinds">{rows}</dl>'


def render_reaches(view: View, chosen: str) -> str:
    """All of them, and those of one reach, as chips with how many each has."""
    choices = [
        Choice(
            view.words(f"corrected.reach_{reach}"),
            make_address(view, "corrected", {"reach": "" if reach == own_corrections.ALL else reach}),
            reach == chosen,
            view.words.number(own_corrections.count_mistakes(view, reach)),
        )
        for reach in own_corrections.REACHES
    ]
    return f'<div class="lm-chips">{render_row(choices)}</div>'


def render_mistakes(view: View, mistakes: Sequence[Mistake], medium: Html = APP) -> str:
    """The mistakes one below the other, as they come."""
    items = "".join(_render_mistake(view, each, medium) for each in mistakes)
    return f'<div class="{medium.prefix}mistakes">{items}</div>'


def _render_mistake(view: View, mistake: Mistake, medium: Html) -> str:
    words, prefix = view.words, medium.prefix
    reached = "front" if mistake.front_page else "list"
    facts = [
        (words("corrected.on_page"), escape_text(mistake.shown)),
        (words("corrected.reached"), escape_text(words(f"corrected.reached_{reached}"))),
        (words("corrected.off_by"), escape_text(mistake.off_by)),
        (words("corrected.cited"), medium.cell(mistake.source)),
    ]
    told = "".join(f"<dt>{escape_text(name)}</dt><dd>{text}</dd>" for name, text in facts if text)
    day = escape_text(words.short_day(mistake.decided))
    return (
        f'<section class="{prefix}mistake"><p class="{prefix}when">{day}</p>'
        f'<div><h2>{escape_text(mistake.head)}</h2><div class="{prefix}sides">'
        + _render_side(words("corrected.stood"), mistake.old, "del" if mistake.struck else "strong", prefix)
        + f'<span class="{prefix}arrow" aria-hidden="true">→</span>'
        + _render_side(words("corrected.stands"), mistake.new, "strong", prefix)
        + f'</div><p>{escape_text(mistake.why)}</p></div><dl class="{prefix}facts">{told}</dl></section>'
    )


def _render_side(name: str, figure: ShownFigure, tag: str, prefix: str) -> str:
    number = f"<{tag}>{escape_text(figure.figure)}</{tag}>"
    return (
        f'<p class="{prefix}side"><span>{escape_text(name)}</span> {number} '
        f"<span>{escape_text(figure.about)}</span></p>"
    )
