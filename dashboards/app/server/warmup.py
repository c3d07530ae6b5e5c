"""The first visitor after a start or a new build finds the pages' answers in memory already."""

import asyncio
import gc
import logging
import os
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from threading import Thread
from typing import Any, Final

from dashboards.app import overview_html
from dashboards.app.page_registry import FRONT, PAGES
from dashboards.app.server import first_html, following, health, metrics, page_card, static_files
from dashboards.app.server.page_address import PageAddress
from dashboards.app.server.upkeep import Upkeep
from dashboards.exhibits import chart_registry, exhibit, figures_over_time, releases_by_role
from dashboards.export import chromium
from dashboards.i18n.translations import list_languages
from dashboards.queries import database
from dashboards.queries.view import View, open_view
from dashboards.web import chart_document
from pipelines.warehouse.published_build import Build, NoBuildError

KEEP_BROWSER: Final = "LIBEROMETRO_KEEP_BROWSER"
BROWSER_SECONDS: Final = 20
SECONDS: Final = 5  # between two looks at which build is published
_log: Final = logging.getLogger("liberometro")


@asynccontextmanager
async def run_lifespan(_app: Any) -> AsyncGenerator[None, None]:
    """For `st.App(lifespan=…)`: the Overviews of the current build before anybody asks, the rest beside."""
    build = await asyncio.to_thread(_start)
    await asyncio.to_thread(metrics.serve, health.check)
    watching = asyncio.create_task(_watch(build))
    yield
    watching.cancel()
    with suppress(asyncio.CancelledError):
        await watching


def warm_first(build: Build) -> None:
    """Make every situation's Overview in every language."""
    for view in _open_views(build):
        first_html.make_block(view, FRONT, False)
        page_card.make_card(view, PageAddress(FRONT, view.situation_id, view.language))
        overview_html.render_head(view)
        overview_html.render_numbers(view)
        overview_html.render_pairs(view)
        overview_html.render_below_charts(view)
        _keep(view, figures_over_time.make_overview(view))
        _keep(view, releases_by_role.make_releases_by_role(view))


def warm_rest(build: Build) -> None:
    """Make the other charts of the situation that is shown at first."""
    for view in _open_views(build)[: len(list_languages())]:
        for chart in chart_registry.list_charts(view).values():
            _keep(view, chart.draw(view))
        for page in PAGES:
            page_card.make_card(view, PageAddress(page, view.situation_id, view.language))


def _open_views(build: Build) -> list[View]:
    return [
        open_view(each.id, language)
        for each in database.read_situations(build)
        for language in list_languages()
    ]


def _keep(view: View, exhibit: exhibit.Exhibit | None) -> None:
    if exhibit is not None and exhibit.figure is not None:
        chart_document.make_chart(exhibit, view)
        chart_document.make_table(exhibit, view.language)


def _start() -> Build | None:
    for name in static_files.read_assets():
        static_files.compress_asset(name)
    static_files.pack_first()
    following.start()
    build = _warm(warm_first)
    _start_browser()
    gc.collect()
    gc.freeze()  # what is made by now lives long: no need to look at it again and again
    return build


def _start_browser() -> None:
    """Chromium takes as much memory as all else: it is there from the start, and no surprise later.

    $LIBEROMETRO_KEEP_BROWSER=no starts it when a picture is asked for and ends it soon after.
    """
    if os.environ.get(KEEP_BROWSER) == "no" or not chromium.is_available():
        return
    starting = Thread(target=_keep_browser, name="browser", daemon=True)
    starting.start()
    starting.join(BROWSER_SECONDS)  # readers do not wait for one that hangs


def _keep_browser() -> None:
    try:
        chromium.keep_running()
    except (chromium.MissingBrowserError, chromium.PictureFailedError) as error:
        _log.warning("no pictures for now: %s", error)


def _warm(work: Callable[[Build], None]) -> Build | None:
    """The current build, warm; None without one. What fails here is told to the visitor who asks for it."""
    begun = time.perf_counter()
    try:
        build = database.find_current_build()
        work(build)
    except NoBuildError:
        return None
    except Exception:
        _log.exception("could not make the pages of the build ahead")
        return None
    _log.info("build %s: %s took %.1f s", build.id, work.__name__, time.perf_counter() - begun)
    return build


async def _watch(known: Build | None) -> None:
    """The rest of the known build, then each build that is published later."""
    await asyncio.to_thread(_warm, warm_rest)
    upkeep = Upkeep()
    while True:
        await asyncio.sleep(SECONDS)
        await asyncio.to_thread(upkeep.do)
        with suppress(NoBuildError, OSError):
            if database.find_current_build() != known:
                known = await asyncio.to_thread(_warm, warm_first)
                await asyncio.to_thread(_warm, warm_rest)
