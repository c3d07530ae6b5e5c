"""The pages as they are first served, and what is served beside Streamlit's own.

A page is Streamlit's with our name and language, it holds the answer before any script (first_html), and it
asks for all that a page needs at once instead of one thing after the other.
"""

import gzip
import json
import logging
import re
import time
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.convertors import Convertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from dashboards.app.page_registry import FRONT, PAGES
from dashboards.app.server import admission, first_html, page_address, page_card, static_files
from dashboards.app.server.guard import find_address
from dashboards.app.server.page_address import PageAddress
from dashboards.app.server.page_card import PageCard
from dashboards.exhibits import figures_over_time
from dashboards.i18n.translations import FIRST_LANGUAGE, list_languages, read_words
from dashboards.queries.view import View
from dashboards.web import chart_document
from pipelines.warehouse.published_build import NoBuildError

OWN: Final = (
    "skip", "choose", "choose_date", "open", "close", "clear_all", "selected", "no_results", "start", "end",
    "connection_error", "increment", "decrement", "copy",
)  # fmt: skip
BEFORE: Final = ("remove", "day", "month", "year")  # said with what it is about behind it
ENGLISH: Final = "en"  # what Streamlit speaks


@lru_cache(maxsize=1)
def render_streamlit_words() -> str:
    """For the front page: each word in every language of ours, so that a change of language asks nobody."""
    codes = list(dict.fromkeys((ENGLISH, *list_languages())))
    words, before = (
        [[read_words(code)(f"streamlit.{name}") for code in codes] for name in names]
        for names in (OWN, BEFORE)
    )
    told = {"languages": codes, "words": words, "before": before}
    text = json.dumps(told, ensure_ascii=False).replace("<", "\\u003c")
    return f'<script type="application/json" id="streamlit-words">{text}</script>'


_log: Final = logging.getLogger("liberometro")
# Streamlit's own serif is 429 kB, its icons, of which a first page shows none, 375 kB.
SERIF: Final = (
    "@font-face {{ font-family: 'Source Serif 4'; font-weight: 200 900; font-display: swap;"
    " src: url('./{}') format('woff2'); }}"
)
NO_ICONS_AHEAD: Final = (
    "{ const load = document.fonts.load.bind(document.fonts);"
    " document.fonts.load = (font, text) =>"
    " font.includes('Material Symbols') && !text ? Promise.resolve([]) : load(font, text); }"
)
# Without it Streamlit asks below a page's own path first, and is told 404.
BASE: Final = 'window.__streamlit = { BACKEND_BASE_URL: new URL("./", location.href).href };'
LATELY_SECONDS, LATELY_KEPT = 2, 64
SHEET: Final = re.compile(r'<link rel="stylesheet"[^>]*>')
NOSCRIPT: Final = re.compile(r"<noscript>.*?</noscript>", re.DOTALL)  # Streamlit's, for programs
SPACES: Final = re.compile(r"\s+")
AT_ONCE: Final = 'crossorigin fetchpriority="high"'
# Streamlit's elements that stand on every page; their scripts are asked for before the page is known.
ELEMENTS: Final = ("Html", "Selectbox", "ButtonGroup", "PageLink", "Button")


class Elsewhere(Convertor[str]):
    """A path that is nobody's: no page of ours, nothing of Streamlit's, no file or figure."""

    regex = (
        r"(?!(?:static|media|component|app|assets|figures|file|c|healthz)(?:/|$)"
        r"|[^/]*_stcore|(?:favicon\.png|manifest\.json|index\.html)$).+"
    )

    def convert(self, value: str) -> str:
        """As it is."""
        return value

    def to_string(self, value: str) -> str:
        """As it is."""
        return value


register_url_convertor("elsewhere", Elsewhere())


def list_routes() -> list[Route]:
    """For `st.App(routes=…)`."""
    return [
        Route("/assets/{version}/{name}", serve_asset),
        Route("/figures/{name}", serve_document),
        Route(f"/{FRONT}", serve_first_page),
        *(Route(path, serve_front_page) for path in ("/", *(f"/{page}" for page in PAGES if page != FRONT))),
        Route("/{path:elsewhere}", serve_unknown_page),
    ]


async def serve_asset(request: Request) -> Response:
    """One file of `static/`."""
    name = request.path_params["name"]
    if request.path_params["version"] != static_files.hash_assets() or name not in static_files.read_assets():
        return PlainTextResponse("no such file", 404)
    return _respond(request, static_files.compress_asset(name), static_files.TYPES[Path(name).suffix])


async def serve_document(request: Request) -> Response:
    """One figure or table by the hash of its content."""
    document = chart_document.find_document(request.path_params["name"])
    if document is None:
        return PlainTextResponse("no such figure", 404, {"Cache-Control": "no-store"})
    return _respond(request, document.packed, document.kind)


CARD_SECONDS: Final = 3  # that the first words of a page wait for its card
_makers: Final = ThreadPoolExecutor(12, thread_name_prefix="cards")
_lately: Final[dict[PageAddress, tuple[float, bytes]]] = {}


async def serve_front_page(request: Request) -> Response:
    """A page in the reader's language, with everything asked for at once.

    One told a moment ago is told again without a thread: what is slow elsewhere holds up no front page.
    """
    page = request.url.path.rsplit("/", 1)[-1] or FRONT
    asked = page_address.parse_page(page, request.query_params)
    until, packed = _lately.get(asked, (0.0, b""))
    if until < time.monotonic():
        packed = await run_in_threadpool(_make_page, asked, find_address(request.scope))
        now = time.monotonic()
        for old in [each for each, (end, _) in _lately.items() if end < now]:
            del _lately[old]
        if len(_lately) < LATELY_KEPT:
            _lately[asked] = (now + LATELY_SECONDS, packed)
    return _respond(request, packed, "text/html; charset=utf-8", "no-cache")


def _make_page(asked: PageAddress, visitor: str) -> bytes:
    """What is known of the view; where nothing is, the page alone, which says so in words."""
    head, block, chart = f"<title>{escape(read_words(asked.language)('app.title'))}</title>", "", None
    try:
        view, address = page_address.open_address(asked)
        head = page_card.render_head(view, address, _make_card(view, address, visitor))
        block = first_html.make_block(view, address.page, address.known is not None)
        if address.page == FRONT and address.known is None:
            exhibit = figures_over_time.make_overview(view)
            chart = None if exhibit.figure is None else chart_document.make_chart(exhibit, view).name
    except NoBuildError:
        pass
    except Exception:  # the page says so in words, where there would be none here
        _log.exception("nothing ahead of the page")
    return _pack_page(asked.language, head, block, chart)


def _make_card(view: View, address: PageAddress, visitor: str) -> PageCard:
    """The card of the address; a plain one where what nobody made ahead takes long, or too many ask for it.

    What took too long is made all the same, and there for who asks again.
    """
    if not address.is_asked:
        return page_card.make_card(view, address)
    making = _makers.submit(_make_admitted, view, address, visitor)
    try:
        return making.result(CARD_SECONDS)
    except (admission.RefusedError, TimeoutError):
        making.cancel()
        return page_card.make_plain(view, address)


def _make_admitted(view: View, address: PageAddress, visitor: str) -> PageCard:
    with admission.CARDS.let_in(visitor), admission.CARDS.at_work(visitor):
        return page_card.make_card(view, address)


def serve_first_page(request: Request) -> Response:
    """The first page under its name: Streamlit knows it only at the root, and would call it missing."""
    return RedirectResponse(f"./?{request.url.query}", 307)


def serve_unknown_page(request: Request) -> Response:
    """That there is no such page, in the reader's language, at its own address."""
    wanted = [request.query_params.get("lang", ""), *_read_accepted(request)]
    language = next((each for each in wanted if each in list_languages()), FIRST_LANGUAGE)
    head, block = first_html.make_unknown(request.url.path, language)
    up = "../" * request.path_params["path"].count("/") or "./"
    page = (
        f'<!DOCTYPE html><html lang="{language}"><head><meta charset="utf-8"><base href="{up}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="robots" content="noindex">'
        f"{head}{_render_style()}</head><body>{block}</body></html>"
    )
    return Response(page, 404, media_type="text/html", headers={"Cache-Control": "no-store"})


def _read_accepted(request: Request) -> list[str]:
    """The languages that a browser asks for, in its order."""
    accepted = request.headers.get("accept-language", "")[:200].split(",")
    return [each.split(";")[0].split("-")[0].strip().lower() for each in accepted]


@lru_cache(maxsize=1)
def _render_style() -> str:
    """Our style sheet within the page: no request stands before the first words."""
    text = re.sub(r"/\*.*?\*/", "", static_files.read_assets()["app.css"].decode(), flags=re.DOTALL)
    return f"<style>{SPACES.sub(' ', text)}</style>"


def _respond(request: Request, packed: bytes, kind: str, kept: str = static_files.FOREVER) -> Response:
    headers = {"Cache-Control": kept, "Content-Type": kind, "Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(packed, headers={**headers, "Content-Encoding": "gzip"})
    return Response(gzip.decompress(packed), headers=headers)


@lru_cache(maxsize=64)
def _pack_page(language: str, head: str, block: str, chart: str | None) -> bytes:
    """The whole page under gzip. The first words wait for nothing; Plotly and the first figure are asked for
    next, and drawn while Streamlit is loading."""
    page = (static_files.find_streamlit_folder() / "index.html").read_text(encoding="utf-8")
    page_js, chart_js, plotly_js = (
        static_files.make_asset_address(f"{name}.js") for name in ("page", "chart", "plotly-basic.min")
    )
    serif = static_files.make_asset_address("source-serif-4-latin.woff2")
    early = [
        f"{head}<script>{BASE}</script>",
        f'<link rel="modulepreload" {AT_ONCE} href="./{chart_js}">',
        f'<script type="module" async fetchpriority="high" src="./{page_js}"></script>',
        f'<script async fetchpriority="high" id="plotly" src="./{plotly_js}"></script>',
        f'<link rel="preload" as="font" type="font/woff2" crossorigin href="./{serif}">',
        f"<style>{SERIF.format(serif)}</style><script>{NO_ICONS_AHEAD}</script>",
    ]
    if chart is not None:
        address = f"figures/{chart}"
        ahead = f'import {{ ahead }} from "./{page_js}"; ahead("{address}");'
        early.append(f'<link rel="preload" as="fetch" {AT_ONCE} href="./{address}">')
        early.append(f'<script type="module" async fetchpriority="high">{ahead}</script>')
    late = [
        f'<link rel="modulepreload" crossorigin href="./static/{name}">'
        for name in static_files.find_scripts(ELEMENTS)
    ]
    sheets = "".join(SHEET.findall(page))
    # In the body, so that ours has the last word over the styles that Streamlit writes into the head, and so
    # that its own sheet holds up no word.
    body = f"<body>{_render_style()}{block}{sheets}{render_streamlit_words()}"
    page = SHEET.sub("", NOSCRIPT.sub("", page))
    page = (
        page.replace('<html lang="en">', f'<html lang="{language}">')
        .replace("<title>Streamlit</title>", "".join(early))
        .replace("</head>", f"{''.join(late)}</head>")
        .replace("<body>", body)
    )
    return gzip.compress(page.encode(), mtime=0)
