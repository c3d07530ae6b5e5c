"""What an address of the app is elsewhere: title, description, picture, languages, and data for machines.

All of it is made from the view without a page being drawn. A number stands in it only within a sentence that
is the page's own: the headline of the day, a chart's finding, a figure's statement.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import quote

from dashboards.app.page_registry import FRONT
from dashboards.app.server import page_address
from dashboards.app.server.page_address import PageAddress
from dashboards.exhibits import chart_registry, figure_history
from dashboards.exhibits.exhibit import Exhibit
from dashboards.exhibits.figure_history import FigureHistory, FigureState, UnknownFigureError
from dashboards.export import chromium, formats, provenance, share_picture
from dashboards.export.share_picture import Picture
from dashboards.i18n.translations import FIRST_LANGUAGE, list_languages, read_words
from dashboards.metrics.headline import find_headlines
from dashboards.queries import claim_rows, database
from dashboards.queries.memory import remember, remember_asked
from dashboards.queries.view import View, go_back
from dashboards.text import headline_sentences, law, statement_sentences
from dashboards.web import figure_panel, structured_data
from dashboards.web.html import escape_text
from pipelines.warehouse.snapshots import UnknownBuildError

# Whom a page serves, in one sentence; the front page answers instead.
LEADS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "news": "site.changes_lead",
        "situations": "situations.lead",
        "progress": "progress.lead",
        "pace": "page.pace",
        "parts": "parts.lead",
        "builder": "builder.lead",
        "compare": "page.compare",
        "doubts": "site.contradictions_lead",
        "corrected": "site.corrected_lead",
        "claims": "site.claims_lead",
        "figure": "site.figures_lead",
        "methods": "site.methods_lead",
        "law": "law.no_advice",
        "glossary": "glossary.lead",
        "limits": "site.limits_lead",
        "look": "look.lead",
        "record": "page.record",
    }
)
MOVED: Final = (FigureState.CHANGED, FigureState.DOUBTED)  # a link leads to what a build said then
Data = structured_data.Data


@dataclass(frozen=True)
class PageCard:
    """What is said of one address."""

    title: str
    description: str
    data: tuple[Data, ...] = ()
    embeds: bool = False  # whether it shows something that other pages can frame


def make_card(view: View, address: PageAddress) -> PageCard:
    """The card of an address that `page_address.open_address` has understood, with its view of today."""
    if address.known is not None:
        view = go_back(view, address.known)
    return (_make_asked if address.is_asked else _make_usual)(view, address)


@remember
def _make_usual(view: View, address: PageAddress) -> PageCard:
    return _make(view, address)


@remember_asked
def _make_asked(view: View, address: PageAddress) -> PageCard:
    return _make(view, address)


def make_plain(view: View, address: PageAddress) -> PageCard:
    """A card without any number: where nobody has looked at what the address goes back to or names."""
    title, description = name_page(view, address.page, past=True), view.words("app.title")
    return PageCard(title, description, (_describe_page(view, address, title, description),))


def _make(view: View, address: PageAddress) -> PageCard:
    found = find_figure(view, address)
    if found is not None:
        return _make_figure(found, address)
    shown = None if address.known is not None and not address.chart else find_exhibit(view, address)
    if address.chart and shown is not None:
        return _make_chart(view, address, *shown)
    title, description = name_page(view, address.page), describe(view, address.page)
    if address.known is not None:
        description = f"{_tell_known(view)} {description}"
    data = [_describe_page(view, address, title, description)]
    if address.page == FRONT and shown is not None:
        data.append(_describe_dataset(view, address, *shown))
    return PageCard(title, description, tuple(data), embeds=shown is not None)


def name_page(view: View, page: str, *, past: bool = False) -> str:
    """A page's title: on the front page the headline sentence, elsewhere its name and the situation.

    `past` says that the page goes back to a day that the view does not: no number of today stands in it.
    """
    words = view.words
    if page == FRONT and not past:
        return headline_sentences.compose_title(view, find_headlines(view)).text
    return " · ".join((words(f"nav.{page}"), words.of(view.situation.name), words("app.name")))


def describe(view: View, page: str) -> str:
    """A page in a sentence; only the front page's holds numbers, which are those of the view's day."""
    if page == FRONT:
        return headline_sentences.compose_answer(view, find_headlines(view))
    told = law.find_law(view) if page == law.PAGE else None
    return told.lead if told is not None else view.words(LEADS[page])


def find_figure(view: View, address: PageAddress) -> FigureHistory | None:
    """The figure that an address names, by its id or by a claim; None where it names none of ours."""
    figure = find_figure_id(view, address)
    if not figure:
        return None
    try:
        return figure_history.look_up(view, figure, address.build or view.build.id)
    except (UnknownBuildError, UnknownFigureError):
        return None


def find_figure_id(view: View, address: PageAddress) -> str:
    """The id of the figure that an address names, by itself or by a claim; empty where it names none."""
    if address.claim:
        return claim_rows.read_figure_ids(view.build, view.situation_id).get(address.claim, "")
    return address.figure


def find_exhibit(view: View, address: PageAddress) -> tuple[str, Exhibit] | None:
    """The chart that an address names, else the first of its page that has a picture, with its name."""
    charts = chart_registry.list_charts(view)
    for name, chart in charts.items():
        if name == address.chart or (not address.chart and chart.page == address.page):
            exhibit = chart.draw(view)
            if exhibit is not None and (exhibit.figure is not None or (address.chart and exhibit.rows)):
                return name, exhibit
    return None


def make_picture(view: View, address: PageAddress) -> Picture:
    """What the picture of an address says, as its site's page has it."""
    found = find_figure(view, address)
    if found is not None:
        row = find_shown(found)
        if row is not None:
            moved = found.view.words(f"figure.{found.verdict}") if found.verdict in MOVED else ""
            return share_picture.make_figure(found.view, row, moved)
    if address.page == FRONT and not address.chart:
        return share_picture.make_home(view)
    shown = find_exhibit(view, address)
    if shown is not None and shown[1].figure is not None:
        return share_picture.make_chart(view, *shown)
    return share_picture.make_titled(view, address.page, view.words(f"nav.{address.page}"))


def find_shown(found: FigureHistory) -> Mapping[str, Any] | None:
    """What may be told of a figure: its statement of today, of one that changed what its link's build said.

    Of what is gone, nothing; what is withheld today is withheld here too.
    """
    if found.verdict is FigureState.GONE:
        return None
    if found.verdict in MOVED and found.said:
        return found.said[0]
    return figure_panel.find_row(found)


def _make_figure(found: FigureHistory, address: PageAddress) -> PageCard:
    view, words = found.view, found.view.words
    row, verdict = find_shown(found), words(f"figure.{found.verdict}")
    if row is None:
        plain = make_plain(view, address)
        return PageCard(plain.title, verdict, (_describe_page(view, address, plain.title, verdict),))
    title = f"{statement_sentences.compose_statement(view, row)}."
    description = f"{statement_sentences.quote(view, row)} {verdict}"
    here = write_address(view, replace(address, build=""))  # where the figure is today
    parts = structured_data.describe_figure(
        view, find_figure_id(view, address), found.now or found.history, here, "#observation"
    )
    page = _describe_page(view, address, title, description, parts)
    return PageCard(title, description, (page, *parts), embeds=True)


def _make_chart(view: View, address: PageAddress, name: str, exhibit: Exhibit) -> PageCard:
    words = view.words
    title = words("site.chart_title", title=exhibit.title, situation=words.of(view.situation.name))
    description = exhibit.summary or exhibit.title
    if view.known_on is not None:
        description = f"{_tell_known(view)} {description}"
    page = _describe_page(view, address, title, description)
    return PageCard(title, description, (page, _describe_dataset(view, address, name, exhibit)), embeds=True)


def _tell_known(view: View) -> str:
    return view.words("known.source", day=view.words.day(view.today))


def _describe_page(
    view: View, address: PageAddress, title: str, description: str, parts: list[Data] | None = None
) -> Data:
    return structured_data.describe_page(
        view,
        address=write_address(view, address),
        name=title,
        description=description,
        home=f"{provenance.read_site_address()}/" if provenance.read_site_address() else "",
        parts=parts or (),
    )


def _describe_dataset(view: View, address: PageAddress, name: str, exhibit: Exhibit) -> Data:
    """The figures of a chart, with its files and the pages of its newest figures."""
    base, known = provenance.read_site_address(), f"?known={view.today}" if view.known_on else ""
    files = f"{base}/file/{view.situation_id}/{view.language}/{name}"
    ids = claim_rows.read_figure_ids(view.build, view.situation_id)
    own = dict.fromkeys(ids[each] for each in structured_data.list_claims(exhibit.frame) if each in ids)
    here = write_address(view, address)
    return structured_data.describe_dataset(
        view,
        address=here and f"{here}#data",
        day=view.today if view.known_on else database.find_today(view.situation.timezone),
        name=exhibit.title,
        description=exhibit.summary or exhibit.title,
        files=[(f"{files}.{ending}{known}", form.media) for ending, form in formats.TABLES.items()],
        frame=exhibit.frame,
        figures=[
            write_address(view, PageAddress("figure", view.situation_id, view.language, figure=figure))
            for figure in own
        ],
    )


def write_address(view: View, address: PageAddress, language: str = "") -> str:
    """The whole address; empty where nobody said where the app is served."""
    base = provenance.read_site_address()
    return f"{base}/{page_address.write_path(view, address, language)}" if base else ""


def write_picture_address(view: View, address: PageAddress) -> str:
    """Where the picture of an address is, below the front page."""
    query = page_address.write_query(view, replace(address, situation="", language=FIRST_LANGUAGE))
    return f"card/{view.situation_id}/{address.language}/{address.page}.png{query}"


def render_head(view: View, address: PageAddress, card: PageCard) -> str:
    """The head of a page: its title first, all of it HTML."""
    words, here = view.words, write_address(view, address)
    said = {
        "og:title": card.title,
        "og:description": card.description,
        "og:type": "article" if address.figure or address.claim or address.chart else "website",
        "og:site_name": words("app.name"),
        "og:locale": words.region,
        "og:url": here,
    }
    wide = bool(here) and chromium.is_available()
    if wide:
        said |= {
            "og:image": f"{provenance.read_site_address()}/{write_picture_address(view, address)}",
            "og:image:type": "image/png",
            "og:image:width": str(share_picture.WIDTH),
            "og:image:height": str(share_picture.HEIGHT),
            "og:image:alt": card.title,
        }
    lines = [f'<meta property="{name}" content="{escape_text(text)}">' for name, text in said.items() if text]
    lines += [
        f'<meta property="og:locale:alternate" content="{read_words(code).region}">'
        for code in list_languages()
        if code != address.language
    ]
    lines.append(f'<meta name="twitter:card" content="{"summary_large_image" if wide else "summary"}">')
    if address.known is not None:  # there is one for each day: they are for who was sent one
        lines.append('<meta name="robots" content="noindex, follow">')
    return (
        f"<title>{escape_text(card.title)}</title>"
        f'<meta name="description" content="{escape_text(card.description)}">'
        + "".join(lines)
        + _render_links(view, address, card)
        + (_render_data(card) if card.data else "")
    )


def _render_links(view: View, address: PageAddress, card: PageCard) -> str:
    """Where the page is at home, its languages, and who answers for it where it is embedded."""
    here = write_address(view, address)
    if not here:
        return ""
    lines = [f'<link rel="canonical" href="{escape_text(here)}">']
    for code in (*list_languages(), "x-default"):
        there = write_address(view, address, FIRST_LANGUAGE if code == "x-default" else code)
        lines.append(f'<link rel="alternate" hreflang="{code}" href="{escape_text(there)}">')
    if card.embeds:
        endpoint = f"{provenance.read_site_address()}/oembed?url={quote(here, safe='')}"
        lines += [
            f'<link rel="alternate" type="{kind}+oembed" href="{escape_text(f"{endpoint}&format={form}")}"'
            f' title="{escape_text(card.title)}">'
            for form, kind in (("json", "application/json"), ("xml", "text/xml"))
        ]
    return "".join(lines)


def _render_data(card: PageCard) -> str:
    """JSON-LD: a block of data, which no browser runs."""
    return f'<script type="application/ld+json">{structured_data.write_data(*card.data)}</script>'
