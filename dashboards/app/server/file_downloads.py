"""Files made on demand, each at an address of its own, and the short addresses that pictures carry.

/file/<situation>/<language>/<chart>.<format>?size=…&known=…    and what the builder is to draw
/file/<situation>/<language>/brief.pdf                          the situation on one page
/c/<language>/<situation>/<chart>                               → the page that shows the chart

A file is made once for a build, language, size and choice, and kept.
"""

import logging
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from threading import BoundedSemaphore, Lock
from typing import Final
from urllib.parse import quote, urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from dashboards.charts import theme
from dashboards.exhibits import chart_registry, custom_chart
from dashboards.export import brief, chromium, formats, provenance
from dashboards.i18n.translations import FIRST_LANGUAGE, list_languages, read_words
from dashboards.queries.view import UnknownSituationError, View, go_back, open_view
from pipelines.warehouse.published_build import NoBuildError

BRIEF: Final = "brief"
KEPT_BYTES: Final = 48_000_000
AT_ONCE: Final = 12  # requests that wait for the one Chromium; the next is told to come again
AGAIN_SECONDS: Final = 5
# A picture is opened alone in a browser: nothing in it may run or load anything.
SAFE: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    "X-Content-Type-Options": "nosniff",
}
_log: Final = logging.getLogger("liberometro")


class BusyError(RuntimeError):
    """Too many pictures are being made; the reader is asked to come again."""


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


_kept: OrderedDict[WantedFile, bytes] = OrderedDict()
_lock: Final = Lock()
_places: Final = BoundedSemaphore(AT_ONCE)


def list_routes() -> list[Route]:
    """For `st.App(routes=…)`."""
    return [
        Route("/file/{situation}/{language}/{chart}.{form}", serve_file),
        Route("/c/{language}/{situation}/{chart}", redirect_short_address),
    ]


async def serve_file(request: Request) -> Response:
    """One file of one chart."""
    try:
        wanted = _parse_request(request)
        made = await run_in_threadpool(_get_file, wanted)
    except (
        NothingThereError, UnknownSituationError, chart_registry.UnknownChartError,
        custom_chart.UnknownChoiceError, chart_registry.UnknownOptionError,
        formats.NoPictureError, theme.UnknownSizeError,
    ):  # fmt: skip
        return _respond(request, "unknown", 404)
    except chromium.MissingBrowserError as error:
        _log.error("%s", error)
        return _respond(request, "no_browser", 503)
    except (BusyError, brief.TooMuchError, chromium.PictureFailedError, NoBuildError):
        _log.warning("a file could not be made", exc_info=True)
        return _respond(request, "again", 503, {"Retry-After": str(AGAIN_SECONDS)})
    except Exception:
        _log.exception("a file failed")
        return _respond(request, "again", 500)
    tag = f'"{sha256(made).hexdigest()[:32]}"'
    headers = {**SAFE, "ETag": tag, "Cache-Control": "no-cache"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    view = wanted.view
    name = f"{view.situation_id}-{wanted.chart}-{view.language}-{view.build.id}.{wanted.form}"
    how = "attachment" if wanted.form in formats.TABLES else "inline"
    headers["Content-Disposition"] = f"{how}; filename*=UTF-8''{quote(name)}"
    return Response(made, media_type=formats.FORMATS[wanted.form].media, headers=headers)


async def redirect_short_address(request: Request) -> Response:
    """From the address in a picture to the page that shows its chart."""
    stated = request.path_params
    try:
        view = open_view(stated["situation"], _check_language(stated["language"]))
        chart = chart_registry.list_charts(view).get(stated["chart"])
    except (NothingThereError, UnknownSituationError):
        return _respond(request, "unknown", 404)
    except NoBuildError:
        return _respond(request, "again", 503, {"Retry-After": str(AGAIN_SECONDS)})
    if chart is None:
        return _respond(request, "unknown", 404)
    known = [("known", value) for value in request.query_params.getlist("known")[:1]]
    kept = urlencode([("situation", view.situation_id), ("lang", view.language), *known])
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


def _get_file(wanted: WantedFile) -> bytes:
    with _lock:
        kept = _kept.get(wanted)
        if kept is not None:
            _kept.move_to_end(wanted)
            return kept
    made = _make_file(wanted)
    with _lock:
        _kept[wanted] = made
        while sum(map(len, _kept.values())) > KEPT_BYTES:
            _kept.popitem(last=False)
    return made


def _make_file(wanted: WantedFile) -> bytes:
    if wanted.chart == BRIEF:
        if wanted.options:
            raise NothingThereError(wanted.chart)
        with _take_place(wanted.form):
            return brief.make_pdf(wanted.view)
    exhibit, origin = chart_registry.answer_request(wanted.view, wanted.chart, wanted.options)
    if exhibit is None:
        raise NothingThereError(wanted.chart)
    with _take_place(wanted.form):
        return formats.make_file(exhibit, wanted.view, wanted.form, wanted.size, origin)


@contextmanager
def _take_place(form: str) -> Iterator[None]:
    """A place in the queue for Chromium; who makes a table needs none."""
    if form in formats.TABLES:
        yield
        return
    if not _places.acquire(blocking=False):
        raise BusyError
    try:
        yield
    finally:
        _places.release()


def _respond(request: Request, what: str, code: int, headers: dict[str, str] | None = None) -> Response:
    """A plain sentence in the reader's language."""
    stated = request.path_params.get("language", FIRST_LANGUAGE)
    words = read_words(stated if stated in list_languages() else FIRST_LANGUAGE)
    return PlainTextResponse(words(f"file.{what}"), code, {**(headers or {}), "Cache-Control": "no-store"})
