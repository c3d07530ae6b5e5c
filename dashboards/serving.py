"""What the app serves beside Streamlit's own: its front page, the browser's files, and the figures.

The front page is Streamlit's with our name and language, and it asks for all that a first page needs at once
instead of one thing after the other.
"""

import gzip
from html import escape
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from streamlit import file_util

from dashboards import assets, figures
from dashboards.frame import PAGES
from dashboards.words import FIRST_LANGUAGE, languages, words_of

FOREVER: Final = "public, max-age=31536000, immutable"  # the address changes with the content


def routes() -> list[Route]:
    """For `st.App(routes=…)`."""
    return [
        Route("/assets/{version}/{name}", asset),
        Route("/figures/{name}.json", figure),
        *(Route(path, front_page) for path in ("/", *(f"/{page}" for page in PAGES))),
    ]


async def asset(request: Request) -> Response:
    """One file of `static/`."""
    name = request.path_params["name"]
    if request.path_params["version"] != assets.version() or name not in assets.files():
        return PlainTextResponse("no such file", 404)
    return _kept(request, assets.packed(name), assets.TYPES[Path(name).suffix])


async def figure(request: Request) -> Response:
    """One figure document by the hash of its content."""
    drawn = figures.named(request.path_params["name"])
    if drawn is None:
        return PlainTextResponse("no such figure", 404, {"Cache-Control": "no-store"})
    return _kept(request, drawn.packed, "application/json")


async def front_page(request: Request) -> Response:
    """Streamlit's page in the reader's language, with everything asked for at once."""
    stated = request.query_params.get("lang", FIRST_LANGUAGE)
    language = stated if stated in languages() else FIRST_LANGUAGE
    return Response(_page(language), media_type="text/html", headers={"Cache-Control": "no-cache"})


def _kept(request: Request, packed: bytes, kind: str) -> Response:
    headers = {"Cache-Control": FOREVER, "Content-Type": kind, "Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(packed, headers={**headers, "Content-Encoding": "gzip"})
    return Response(gzip.decompress(packed), headers=headers)


def _page(language: str) -> str:
    words = words_of(language)
    page = (Path(file_util.get_static_dir()) / "index.html").read_text(encoding="utf-8")
    head = (
        f'<link rel="modulepreload" href="./{assets.address("mount.js")}">'
        f'<link rel="modulepreload" href="./{assets.address("chart.js")}">'
        f'<script async id="plotly" src="./{assets.address("plotly-basic.min.js")}"></script>'
    )
    return (
        page.replace('<html lang="en">', f'<html lang="{language}">')
        .replace("<title>Streamlit</title>", f"<title>{escape(words('app.title'))}</title>")
        .replace("</head>", f"{head}</head>")
    )
