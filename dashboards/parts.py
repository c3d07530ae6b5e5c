"""What several pages draw with Streamlit: the view they are for, an exhibit with all that belongs to it."""

from functools import lru_cache
from typing import Final

import streamlit as st

from dashboards import component, figures, markup
from dashboards.exhibits import Exhibit
from dashboards.view import View
from dashboards.words import words_of

_VIEW: Final = "view"
CLAIMS_PAGE: Final = "dashboards/pages/claims.py"


def set_view(view: View) -> None:
    """Called by the frame: what the page is drawn for."""
    st.session_state[_VIEW] = view


def view() -> View:
    """What the page is drawn for."""
    current: View = st.session_state[_VIEW]
    return current


def show_exhibit(exhibit: Exhibit, level: int = 2) -> None:
    """Title, summary, chart, key, source, then events, table and download, all from one frame."""
    above, below = _around(exhibit, level, view().language)
    st.html(above)
    if exhibit.figure is not None:
        _show_figure(exhibit)
    if below:
        st.html(below)
        offer_csv(exhibit)


@lru_cache(maxsize=512)
def _around(exhibit: Exhibit, level: int, language: str) -> tuple[str, str]:
    """The HTML above and below a figure; nothing below where there is nothing to show."""
    words = words_of(language)
    above = f"<h{level} class='lm-title'>{markup.cell(exhibit.title)}</h{level}>" + markup.paragraph(
        exhibit.summary, "lm-summary"
    )
    if exhibit.figure is None and not exhibit.rows:
        return above + markup.notice(words("empty.title"), words("empty.text")), ""
    below = markup.bullets(exhibit.key, "lm-key") + markup.paragraph(exhibit.source, "lm-source")
    if exhibit.events:
        heading = words.plural("events.heading", len(exhibit.events))
        below += markup.folded(heading, _numbered(exhibit))
    if exhibit.figure is None:
        below += markup.table(exhibit.title, exhibit.heads, exhibit.rows, exhibit.numeric)
    else:
        heading = words.plural("table.heading", len(exhibit.rows))
        source = f"figures/{figures.table(exhibit).name}"
        below += markup.folded(heading, "", source, words("chart.table_failed"))
    return above, below


def offer_csv(exhibit: Exhibit) -> None:
    """The button that gives the exhibit's rows as CSV."""
    st.download_button(
        view().words("download.csv"),
        exhibit.csv,
        file_name=f"{exhibit.name}-{view().build.id}.csv",
        mime="text/csv",
        key=f"csv-{exhibit.name}",
        on_click="ignore",
    )


def _show_figure(exhibit: Exhibit) -> None:
    picked = component.draw(exhibit, view())
    if picked is not None:
        _offer_claim(picked)


def _numbered(exhibit: Exhibit) -> str:
    items = "".join(
        f"<li><span>{markup.cell(number)}</span> {markup.cell(link)}</li>" for number, link in exhibit.events
    )
    return f'<ul class="lm-events">{items}</ul>'


def _offer_claim(picked: component.Picked) -> None:
    """From a touched point to the claims behind it."""
    current = view()
    with st.container(border=True):
        st.html(f'<p class="lm-picked">{_plain(picked.hover)}</p>')
        st.page_link(
            CLAIMS_PAGE,
            label=current.words("chart.to_claims"),
            query_params={"situation": current.situation_id, "lang": current.language, "claim": picked.claim},
        )


def _plain(hover: str) -> str:
    """A hover text, which is ours and holds only <b> and <br>, with everything else escaped."""
    escaped = markup.cell(hover)
    for tag in ("b", "/b", "br"):
        escaped = escaped.replace(f"&lt;{tag}&gt;", f"<{tag}>")
    return escaped
