"""What became of a figure and how it was read again, as a mark and a word; never by colour alone."""

from collections.abc import Mapping
from typing import Any, Final

from dashboards.i18n.translations import Words
from dashboards.web.html import escape_text
from pipelines.core.model import Qualifier

Row = Mapping[str, Any]
# state → its mark and its tone
STATES: Final = {
    "exact": ("●", "plain"),
    "bound": ("⊢", "quiet"),
    "about": ("≈", "quiet"),
    "echo": ("⇄", "quiet"),
    "superseded": ("⇄", "quiet"),
    "outranked": ("⇄", "quiet"),
    "withheld": ("×", "quiet"),
    "contradicted": ("≠", "doubt"),
    "in_doubt": ("◌", "doubt"),
    "withdrawn": ("⊘", "bad"),
    "corrected": ("⇄", "bad"),
    "open": ("○", "line"),
    "explained": ("✓", "good"),
}
READINGS: Final = {"yes": ("✓", "good"), "copy": ("◐", "half"), "no": ("○", "quiet")}


def find_state(row: Row) -> str:
    """The state of a statement: what became of it, else whether it was corrected, else how it was hedged."""
    if row["standing"] == "withdrawn":
        return "withdrawn"
    if row.get("doubt"):
        return "in_doubt"
    if row["standing"] != "stands":
        return str(row["standing"])
    if row["value"] is None:
        return "withheld"
    if row.get("corrected"):
        return "corrected"
    if row["qualifier"] == Qualifier.EXACT:
        return "exact"
    return "about" if row["qualifier"] == Qualifier.ABOUT else "bound"


def find_reading(row: Row) -> str:
    """Whether a statement was read again: yes, copy or no."""
    return {"read_again": "yes", "read_again_in_copy": "copy"}.get(row["checked"] or "", "no")


def render_badge(state: str, words: Words) -> str:
    """A state as a badge; an exact figure is plain text, so that only the exception stands out."""
    mark, tone = STATES[state]
    return _render(mark, tone, words(f"state.{state}"))


def render_reading(reading: str, words: Words) -> str:
    """How a figure was read again: a mark and a word."""
    mark, tone = READINGS[reading]
    text = escape_text(words(f"reading.{reading}"))
    return f'<span class="lm-read lm-read-{tone}"><i aria-hidden="true">{mark}</i> {text}</span>'


def _render(mark: str, tone: str, text: str) -> str:
    return (
        f'<span class="lm-badge lm-badge-{tone}"><i aria-hidden="true">{mark}</i> {escape_text(text)}</span>'
    )
