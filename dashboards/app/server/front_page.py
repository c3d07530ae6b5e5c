"""The app's front page, and what it serves beside Streamlit's own.

The front page is Streamlit's with our name and language, and it asks for all that a first page needs at once
instead of one thing after the other.
"""

import gzip
import json
import logging
import time
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.convertors import Convertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from dashboards.app.page_registry import FRONT, PAGES
from dashboards.app.server import static_files
from dashboards.exhibits import figures_over_time
from dashboards.i18n.translations import FIRST_LANGUAGE, list_languages, read_words
from dashboards.queries.view import UnknownSituationError, open_view
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
LATELY_SECONDS, LATELY_KEPT = 2, 64
AT_ONCE: Final = 'crossorigin fetchpriority="high"'
# Streamlit's elements that stand on every page; their scripts are asked for before the page is known.
ELEMENTS: Final = ("Html", "Selectbox", "ButtonGroup", "PageLink", "Button")


class Word(Convertor[str]):
    """A name that could be a page's: Streamlit's own files and addresses have a dot or an underscore."""

    regex = "[a-zA-Z][a-zA-Z0-9-]*"

    def convert(self, value: str) -> str:
        """As it is."""
        return value

    def to_string(self, value: str) -> str:
        """As it is."""
        return value


register_url_convertor("word", Word())


def list_routes() -> list[Route]:
    """For `st.App(routes=…)`."""
    return [
        Route("/assets/{version}/{name}", serve_asset),
        Route("/figures/{name}", serve_document),
        Route(f"/{FRONT}", serve_first_page),
        *(Route(path, serve_front_page) for path in ("/", *(f"/{page}" for page in PAGES if page != FRONT))),
        Route("/{name:word}", redirect_unknown_page),
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


_lately: Final[dict[tuple[str | None, str], tuple[float, str]]] = {}


async def serve_front_page(request: Request) -> Response:
    """Streamlit's page in the reader's language, with everything asked for at once.

    One told a moment ago is told again without a thread: what is slow elsewhere holds up no front page.
    """
    stated = request.query_params.get("lang", FIRST_LANGUAGE)
    language = stated if stated in list_languages() else FIRST_LANGUAGE
    with_chart = request.url.path == "/" and "known" not in request.query_params
    asked = (request.query_params.get("situation", "") if with_chart else None, language)
    until, page = _lately.get(asked, (0.0, ""))
    if until < time.monotonic():
        page = await run_in_threadpool(_make_page, *asked)
        now = time.monotonic()
        for old in [each for each, (end, _) in _lately.items() if end < now]:
            del _lately[old]
        if len(_lately) < LATELY_KEPT:
            _lately[asked] = (now + LATELY_SECONDS, page)
    return Response(page, media_type="text/html", headers={"Cache-Control": "no-cache"})


def _make_page(situation: str | None, language: str) -> str:
    return _render_page(
        language, None if situation is None else _find_first_chart(situation or None, language)
    )


def serve_first_page(request: Request) -> Response:
    """The first page under its name: Streamlit knows it only at the root, and would call it missing."""
    return RedirectResponse(f"./?{request.url.query}", 307)


def redirect_unknown_page(request: Request) -> Response:
    """To the Overview, which says in the reader's language that there is no such page."""
    kept = {key: request.query_params[key] for key in ("situation", "lang") if key in request.query_params}
    return RedirectResponse(f"./?{urlencode({**kept, 'missing': request.path_params['name'][:64]})}", 307)


def _find_first_chart(situation: str | None, language: str) -> str | None:
    """The Overview's figure, for the browser to draw before the page asks for it; None without one."""
    try:
        view = open_view(situation, language)
        exhibit = figures_over_time.make_overview(view)
        return None if exhibit.figure is None else chart_document.make_chart(exhibit, view).name
    except (NoBuildError, UnknownSituationError):
        return None
    except Exception:  # the page says so in words, where there would be none here
        _log.exception("no figure ahead of the page")
        return None


def _respond(request: Request, packed: bytes, kind: str) -> Response:
    headers = {"Cache-Control": static_files.FOREVER, "Content-Type": kind, "Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(packed, headers={**headers, "Content-Encoding": "gzip"})
    return Response(gzip.decompress(packed), headers=headers)


@lru_cache(maxsize=64)
def _render_page(language: str, first: str | None) -> str:
    """The whole page. Plotly and the first figure come first: they are drawn while Streamlit is loading."""
    page = (static_files.find_streamlit_folder() / "index.html").read_text(encoding="utf-8")
    page_js, chart_js, plotly_js = (
        static_files.make_asset_address(f"{name}.js") for name in ("page", "chart", "plotly-basic.min")
    )
    early = [
        f"<title>{escape(read_words(language)('app.title'))}</title>",
        f'<link rel="modulepreload" {AT_ONCE} href="./{chart_js}">',
        f'<script type="module" async fetchpriority="high" src="./{page_js}"></script>',
        f'<script async fetchpriority="high" id="plotly" src="./{plotly_js}"></script>',
    ]
    serif, style = (
        static_files.make_asset_address("source-serif-4-latin.woff2"),
        static_files.make_asset_address("app.css"),
    )
    early.append(f'<link rel="preload" as="style" href="./{style}">')
    early.append(f'<link rel="preload" as="font" type="font/woff2" crossorigin href="./{serif}">')
    early.append(f"<style>{SERIF.format(serif)}</style><script>{NO_ICONS_AHEAD}</script>")
    if first is not None:
        address = f"figures/{first}"
        ahead = f'import {{ ahead }} from "./{page_js}"; ahead("{address}");'
        early.append(f'<link rel="preload" as="fetch" {AT_ONCE} href="./{address}">')
        early.append(f'<script type="module" async fetchpriority="high">{ahead}</script>')
    late = [
        f'<link rel="modulepreload" crossorigin href="./static/{name}">'
        for name in static_files.find_scripts(ELEMENTS)
    ]
    # In the body, so that it has the last word over the styles that Streamlit writes into the head.
    body = f'<body><link rel="stylesheet" href="./{style}">{render_streamlit_words()}'
    return (
        page.replace('<html lang="en">', f'<html lang="{language}">')
        .replace("<title>Streamlit</title>", "".join(early))
        .replace("</head>", f"{''.join(late)}</head>")
        .replace("<body>", body)
    )
