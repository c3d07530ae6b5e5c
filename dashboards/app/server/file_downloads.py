"""Files made on demand, each at an address of its own, and the short addresses that pictures carry.

/file/<situation>/<language>/<chart>.<format>?size=…&known=…    and what the builder is to draw
/file/<situation>/<language>/brief.pdf                          the situation on one page
/c/<language>/<situation>/<chart>                               → the page that shows the chart

A file is made once for a build, language, size and choice, and kept; who asks for it while it is being made
waits for the same one. What it may cost is judged by its address alone, before anything is read or computed.
"""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from threading import Lock
from typing import Final
from urllib.parse import quote, urlencode

import duckdb
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from dashboards.app.server import admission
from dashboards.app.server.guard import find_address
from dashboards.charts import theme
from dashboards.exhibits import chart_registry, custom_chart
from dashboards.export import brief, chromium, formats, provenance
from dashboards.i18n.translations import FIRST_LANGUAGE, list_languages, read_words
from dashboards.queries import memory
from dashboards.queries.view import UnknownSituationError, View, go_back, open_view
from pipelines.warehouse.published_build import NoBuildError

BRIEF: Final = "brief"
TABLE_COST, PICTURE_COST, BRIEF_COST = 1, 3, 5
CHOSEN_COST, PAST_COST = 1, 2  # more for what nobody made ahead: a reader's own choice, a day gone back to
# A picture is opened alone in a browser: nothing in it may run or load anything.
SAFE: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
}
_log: Final = logging.getLogger("liberometro")


class NothingThereError(KeyError):
    """The address names no file."""


@dataclass(frozen=True)
class WantedFile:
    """One file: what is drawn, in which form; hashable, and the key under which it is kept."""

    view: View
    chart: str
    form: str
    size: str
    options: tuple[tuple[str, str], ...]
    address: str  # where this is served


# Each picture at once has two tabs of its own, of some 100 MB.
one_picture: Final = Lock()
_files: Final = memory.Pool(32_000_000)
memory.POOLS["files"] = _files
# Threads of their own: who waits for a picture takes none from the pages. The gate lets in no more.
_workers: Final = ThreadPoolExecutor(30, thread_name_prefix="files")


def list_routes() -> list[Route]:
    """For `st.App(routes=…)`."""
    return [
        Route("/file/{situation}/{language}/{chart}.{form}", serve_file),
        Route("/c/{language}/{situation}/{chart}", redirect_short_address),
    ]


async def serve_file(request: Request) -> Response:
    """One file of one chart."""
    return await answer(request, judge_cost(request), _answer_request)


async def answer(request: Request, cost: int, make: Callable[[Request, str], Response]) -> Response:
    """What `make` gives for a request and its visitor, admitted by cost; a sentence where nothing is."""
    visitor = find_address(request.scope)
    try:
        with admission.FILES.let_in(visitor, cost):
            return await asyncio.get_running_loop().run_in_executor(_workers, make, request, visitor)
    except admission.RefusedError:
        return _respond(request, "again", 503)
    except formats.NoPictureError:  # older addresses ask for pictures of lists: their rows stand beside them
        table = request.url.path.rpartition(".")[0].rpartition("/")[2] + ".csv"
        known = request.query_params.get("known")
        return RedirectResponse(f"{table}?{urlencode({'known': known})}" if known else table, headers=SAFE)
    except (
        NothingThereError, UnknownSituationError, chart_registry.UnknownChartError,
        custom_chart.UnknownChoiceError, chart_registry.UnknownOptionError,
        theme.UnknownSizeError,
    ):  # fmt: skip
        return _respond(request, "unknown", 404)
    except chromium.MissingBrowserError as error:
        _log.error("%s", error)
        return _respond(request, "no_browser", 503)
    except (
        brief.TooMuchError,
        chromium.PictureFailedError,
        NoBuildError,
        duckdb.OutOfMemoryException,
    ) as error:
        _log.warning("a file could not be made: %s", error)
        return _respond(request, "again", 503)
    except Exception:
        _log.exception("a file failed")
        return _respond(request, "again", 500)


def answer_unless_known(request: Request, made: bytes, media: str, kept: str, **more: str) -> Response:
    """The bytes, or that a reader has them already."""
    tag = f'"{sha256(made).hexdigest()[:32]}"'
    headers = {**SAFE, "ETag": tag, "Cache-Control": kept}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(made, media_type=media, headers={**headers, **more})


def redirect_short_address(request: Request) -> Response:
    """From the address in a picture to the page that shows its chart, with the chart's own card."""
    stated = request.path_params
    try:
        view = open_view(stated["situation"], _check_language(stated["language"]))
        chart = chart_registry.list_charts(view).get(stated["chart"])
    except (NothingThereError, UnknownSituationError):
        return _respond(request, "unknown", 404)
    except NoBuildError:
        return _respond(request, "again", 503)
    if chart is None:
        return _respond(request, "unknown", 404)
    known = [("known", value) for value in request.query_params.getlist("known")[:1]]
    named = [("situation", view.situation_id), ("lang", view.language), ("chart", stated["chart"])]
    kept = urlencode([*named, *known])
    return RedirectResponse(f"../../../{chart.page}?{kept}", 307)


def _check_language(stated: str) -> str:
    if stated not in list_languages():
        raise NothingThereError(stated)
    return stated


def _parse_request(request: Request) -> WantedFile:
    stated = request.path_params
    form = stated["form"]
    if form not in formats.FORMATS or (form == "pdf") != (stated["chart"] == BRIEF):
        raise NothingThereError(form)
    pairs = [
        (key, value) for key, value in request.query_params.multi_items() if key not in ("size", "known")
    ]
    known = request.query_params.get("known")
    try:
        known_on = date.fromisoformat(known) if known else None
    except ValueError:
        raise NothingThereError(known) from None
    view = open_view(stated["situation"], _check_language(stated["language"]))
    if known_on is not None and known_on < view.today:
        view = go_back(view, known_on)
    size = request.query_params.get("size", theme.USUAL)
    if form not in formats.PICTURES:
        size = theme.USUAL  # a table has none: one file, kept once
    if stated["chart"] == chart_registry.BUILDER:
        pairs.append((custom_chart.SIZE, size))
    return WantedFile(
        view, stated["chart"], form, theme.find_size(size).name, tuple(pairs), provenance.read_site_address()
    )


def judge_cost(request: Request) -> int:
    """What an address may cost, from its words alone."""
    stated = request.path_params
    cost = BRIEF_COST if stated["form"] == "pdf" else PICTURE_COST
    if stated["form"] in formats.TABLES:
        cost = TABLE_COST
    asked = request.query_params.keys()
    return cost + PAST_COST * ("known" in asked) + CHOSEN_COST * bool(asked - {"known", "size"})


def _answer_request(request: Request, address: str) -> Response:
    wanted = _parse_request(request)
    made = _files.get_or_make(wanted, lambda: _make_file(wanted, address))
    name = formats.name_file(wanted.view, wanted.chart, wanted.form, wanted.size)
    how = "attachment" if wanted.form in formats.TABLES else "inline"
    named = {"Content-Disposition": f"{how}; filename*=UTF-8''{quote(name)}"}
    return answer_unless_known(request, made, formats.FORMATS[wanted.form].media, "no-cache", **named)


def _make_file(wanted: WantedFile, address: str) -> bytes:
    with admission.FILES.at_work(address):
        if wanted.chart == BRIEF:
            if wanted.options:
                raise NothingThereError(wanted.chart)
            with one_picture:
                return brief.make_pdf(wanted.view)
        exhibit, origin = chart_registry.answer_request(wanted.view, wanted.chart, wanted.options)
        if exhibit is None:
            raise NothingThereError(wanted.chart)
        with nullcontext() if wanted.form in formats.TABLES else one_picture:
            return formats.make_file(exhibit, wanted.view, wanted.form, wanted.size, origin)


def _respond(request: Request, what: str, code: int) -> Response:
    """A plain sentence in the reader's language."""
    stated = request.path_params.get("language", FIRST_LANGUAGE)
    words = read_words(stated if stated in list_languages() else FIRST_LANGUAGE)
    again = {"Retry-After": str(admission.AGAIN_SECONDS)} if code == 503 else {}
    return PlainTextResponse(words(f"file.{what}"), code, {**again, "Cache-Control": "no-store"})
