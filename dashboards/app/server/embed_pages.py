"""Pages that others show in a frame, and what tells programs of them.

/embed/<language>/<situation>/<chart>           a chart's picture with its source; ?known=… as of a day
/embed/<language>/<situation>/figure-<id>       one figure as its sentence; ?build=… as that build had it
/embed/v1/embed.js, /embed/v1/frame.js          the two scripts that give a frame its height

These alone may be framed by anybody. They are made under the admission of files.
"""

import base64
import hashlib
import re
from functools import lru_cache
from typing import Final
from urllib.parse import urlencode

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from dashboards.app.page_registry import FRONT
from dashboards.app.server import admission, file_downloads, page_address, page_card
from dashboards.app.server.page_address import PageAddress
from dashboards.exhibits.exhibit import Exhibit
from dashboards.exhibits.figure_history import FigureHistory
from dashboards.exhibits.situations import tell_signer
from dashboards.export import chromium, formats
from dashboards.i18n.rich_text import Cell, Link
from dashboards.i18n.translations import list_languages
from dashboards.queries.view import View, go_back
from dashboards.text import amounts, statement_sentences
from dashboards.web import embedding, html
from dashboards.web.html import escape_text

FIGURE: Final = "figure-"  # before the id of a figure, in a page's name
KEPT: Final = "public, max-age=600"
SCRIPT_KEPT: Final = "public, max-age=86400"
UP: Final = "../../../"  # to the front page


def list_routes() -> list[Route]:
    """For `st.App(routes=…)`."""
    return [
        Route("/embed/v1/{name}.js", serve_script),
        Route("/embed/{language}/{situation}/{name}", serve_page),
    ]


async def serve_script(request: Request) -> Response:
    """One of the two scripts."""
    try:
        script = embedding.read_script(f"{embedding.SCRIPTS}{request.path_params['name']}.js")
    except KeyError:
        return PlainTextResponse("no such script", 404, {"Cache-Control": "no-store"})
    headers = {"Cache-Control": SCRIPT_KEPT, "Access-Control-Allow-Origin": "*"}
    return Response(script, media_type="text/javascript", headers=headers)


async def serve_page(request: Request) -> Response:
    """The page of one chart or figure."""
    dear = "known" in request.query_params
    cost = file_downloads.TABLE_COST + file_downloads.PAST_COST * dear
    return await file_downloads.answer(request, cost, _answer_request)


def name_page(address: PageAddress, chart: str) -> str:
    """Where the page of an address's figure, else of a chart, is below the app."""
    name = f"{FIGURE}{address.figure}" if address.figure else chart
    said = {"build": address.build, "known": address.known.isoformat() if address.known else ""}
    query = urlencode({key: value for key, value in said.items() if value})
    path = embedding.make_app_path(address.language, address.situation, name)
    return f"{path}?{query}" if query else path


def _answer_request(request: Request, visitor: str) -> Response:
    stated, said = request.path_params, request.query_params
    name: str = stated["name"]
    page = "figure" if name.startswith(FIGURE) else FRONT
    if stated["language"] not in list_languages():
        raise file_downloads.NothingThereError(request.url.path)
    asked = page_address.parse_page(
        page,
        QueryParams({**said, "situation": stated["situation"], "lang": stated["language"],
                        "figure": name.removeprefix(FIGURE), "chart": name}),
    )  # fmt: skip
    view, address = page_address.open_address(asked)
    if view.situation_id != stated["situation"]:
        raise file_downloads.NothingThereError(stated["situation"])
    with admission.FILES.at_work(visitor):
        content = _render_page(view, address)
    headers = {"Cache-Control": KEPT, "Content-Security-Policy": make_policy()}
    return Response(content, media_type="text/html", headers=headers)


def make_policy() -> str:
    """Our own style and script, pictures of this host, and any page around it."""
    digest = base64.b64encode(hashlib.sha256(_read_style().encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; script-src 'self'; img-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors *"
    )


def _render_page(view: View, address: PageAddress) -> str:
    found = page_card.find_figure(view, address)
    if found is not None:
        return _render_figure(found, address)
    if address.known is not None:
        view = go_back(view, address.known)
    shown = page_card.find_exhibit(view, address) if address.chart else None
    if shown is None:
        raise file_downloads.NothingThereError(address.chart)
    return _render_chart(view, *shown)


def _render_chart(view: View, name: str, exhibit: Exhibit) -> str:
    whole = f"{UP}c/{view.language}/{view.situation_id}/{name}"
    known = f"known={view.today}" if view.known_on is not None else ""
    whole += f"?{known}" if known else ""
    files = f"{UP}file/{view.situation_id}/{view.language}/{name}"
    if formats.has_picture(exhibit) and chromium.is_available():
        wide, tall = (
            escape_text(f"{files}.svg?size={size}{f'&{known}' if known else ''}") for size in ("wide", "tall")
        )
        alt = escape_text(f"{exhibit.title}. {exhibit.summary}")
        body = (
            f'<a href="{escape_text(whole)}" target="_top"><picture>'
            f'<source media="(max-width: 34rem)" srcset="{tall}" width="1080" height="1350">'
            f'<img src="{wide}" width="1200" height="675" alt="{alt}"></picture></a>'
        )
    else:
        rows = [[html.tell_plainly(cell) for cell in row] for row in exhibit.rows[: embedding.ROWS]]
        table = html.render_table(exhibit.title, exhibit.heads, rows, exhibit.numeric)
        body = f"<h1>{escape_text(exhibit.title)}</h1><p>{escape_text(exhibit.summary)}</p>{table}"
        first = embedding.tell_rows(view.words, len(exhibit.rows))
        body += f"<p>{escape_text(first)}</p>" if first else ""
    return _render_whole(view, exhibit.title, body, exhibit.source, Link(view.words("site.whole"), whole))


def _render_figure(found: FigureHistory, address: PageAddress) -> str:
    """The sentence to quote; of what is gone or withheld, that it is."""
    view, words = found.view, found.view.words
    row = page_card.find_shown(found)
    verdict = words(f"figure.{found.verdict}")
    whole = Link(words("site.permanent"), UP + page_address.write_path(view, address))
    title = words("figure.title") if row is None else statement_sentences.compose_statement(view, row)
    body = ""
    if row is not None:
        if row["value"] is not None:
            body = f'<p class="number">{escape_text(amounts.tell_amount(row, words))}</p>'
        body += f"<p>{escape_text(statement_sentences.quote(view, row))}</p>"
    source: Cell = verdict if row is None else Link(
        words("figure.source", publisher=view.publisher(row["publisher"])), row["url"]
    )  # fmt: skip
    return _render_whole(view, title, f"{body}<p>{escape_text(verdict)}</p>", source, whole)


def _render_whole(view: View, title: str, body: str, source: Cell, whole: Link) -> str:
    """The page around it, with the way to where all of it is told."""
    who = " ".join(filter(None, (view.words("app.name"), tell_signer(view))))
    return (
        f'<!DOCTYPE html><html lang="{view.language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta name="robots" content="noindex"><title>{escape_text(title)}</title>'
        f'<style>{_read_style()}</style><script src="{UP}{embedding.FRAME}" defer></script></head>'
        f'<body><main>{body}<p class="source">{_render_source(source)} '
        f'<a href="{escape_text(whole.url or "")}" target="_top">{escape_text(whole.text)}</a> · '
        f"{escape_text(who)}</p></main></body></html>"
    )


def _render_source(source: Cell) -> str:
    if isinstance(source, Link) and source.url and html.is_web(source.url):
        return (
            f'<a href="{escape_text(source.url)}" target="_top" rel="noopener noreferrer">'
            f"{escape_text(source.text)}</a> ·"
        )
    return escape_text(html.tell_plainly(source))


@lru_cache(maxsize=1)
def _read_style() -> str:
    text = (embedding.STATIC / "embed.css").read_text(encoding="utf-8")
    return re.sub(r"\s+", " ", re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)).strip()
