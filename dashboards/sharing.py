"""What a reader takes along from a chart: its files, sentences to quote, its address, references."""

from html import escape

import streamlit as st

from dashboards import builder_charts, citing, downloads, exports, markup, sentences
from dashboards.exhibits import Exhibit
from dashboards.exports import Origin
from dashboards.view import View


def take_along(view: View, exhibit: Exhibit, origin: Origin, size: str) -> None:
    """Files of the chosen size, a sentence for each series' newest figure, and what shares the chart."""
    words = view.words
    st.html(
        f"<h2>{markup.cell(words('builder.files'))}</h2>"
        + downloads.links(exhibit, view, origin, size)
        + markup.paragraph(words("builder.files_note"), "lm-source")
        + f"<h2>{markup.cell(words('builder.quote'))}</h2>"
    )
    quotes = [sentences.quote(view, row) for row in builder_charts.quotable(view, exhibit)]
    st.code("\n".join(quotes), language=None, wrap_lines=True)
    base = exports.served_at() or (st.context.url or "").split("?")[0].rsplit("/", 1)[0]
    here = exports.address(view, origin, base)
    cited = citing.cite(view, exhibit, here)
    shared: list[tuple[str, str, str | None]] = [("address", here, None)]
    if exports.available():
        picture = f"{base}/{downloads.address(view, origin, 'png', size)}"
        shared.append(("embed", snippet(exhibit, here, picture, exports.SIZES[size].width), "html"))
    shared += [("apa", cited.apa, None), ("bibtex", cited.bibtex, "latex"), ("cff", cited.cff, "yaml")]
    with st.expander(words("builder.share")):
        for name, text, language in shared:
            st.html(markup.paragraph(words(f"builder.{name}"), "lm-label"))
            st.code(text, language=language, wrap_lines=True)


def snippet(exhibit: Exhibit, address: str, picture: str, width: int) -> str:
    """HTML that shows the picture on another page, with its summary for who cannot see it, and no script."""
    return (
        f'<figure><a href="{escape(address)}"><img src="{escape(picture)}" alt="{escape(exhibit.summary)}" '
        f'width="{width}" style="max-width:100%;height:auto"></a>'
        f"<figcaption>{escape(exhibit.source)}</figcaption></figure>"
    )
