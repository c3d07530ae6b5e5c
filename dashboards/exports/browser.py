"""The one Chromium of this process: plotly's figures by Kaleido, our own pages as PNG and PDF.

It is started at the first picture, kept for the next ones and closed after a while without any: a start takes
two seconds, a picture then a fifth of one. It loads nothing from elsewhere.
"""

import asyncio
import atexit
import base64
import contextlib
import logging
import threading
from collections.abc import Awaitable, Callable
from typing import Any, Final, TypeVar

import kaleido
import plotly.graph_objects as go
from choreographer.errors import ChromeNotFoundError

WITHIN_SECONDS: Final = 60  # for one picture, the start included
IDLE_SECONDS: Final = 120  # then the browser is closed
MISSING: Final = (
    "pictures and PDF need Chromium, and none was found: install it (Debian: apt-get install chromium) or "
    "name one in $BROWSER_PATH. CSV, XLSX and JSON need none, and a chart on the page can be saved by the "
    "reader's own browser"
)
CLOSED_WITHIN_SECONDS: Final = 10
_PAGE: Final = "about:blank"
_log: Final = logging.getLogger("liberometro")
_Result = TypeVar("_Result")


class MissingBrowserError(RuntimeError):
    """There is no Chromium; the message says what to install and what works without."""


class PictureFailedError(RuntimeError):
    """Chromium did not answer in time, or answered with an error."""


class _Chromium:
    """A thread with an event loop of its own, which any other thread may hand work to."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._busy = asyncio.Lock()
        self._browser: kaleido.Kaleido | None = None
        self._closing: asyncio.TimerHandle | None = None
        threading.Thread(target=self._loop.run_forever, name="chromium", daemon=True).start()

    def run(self, work: Callable[[kaleido.Kaleido], Awaitable[_Result]]) -> _Result:
        """Do one piece of work; they are done one after the other."""
        future = asyncio.run_coroutine_threadsafe(self._run(work), self._loop)
        return future.result()

    async def _run(self, work: Callable[[kaleido.Kaleido], Awaitable[_Result]]) -> _Result:
        async with self._busy:
            if self._closing is not None:
                self._closing.cancel()
            try:
                if self._browser is not None:
                    try:
                        return await self._tried(work)
                    except PictureFailedError as error:  # it may have died since the last picture
                        _log.warning("Chromium is started again: %s", error)
                return await self._tried(work)
            finally:
                self._closing = self._loop.call_later(IDLE_SECONDS, self._close_if_idle)

    async def _tried(self, work: Callable[[kaleido.Kaleido], Awaitable[_Result]]) -> _Result:
        try:
            return await asyncio.wait_for(self._started_and(work), WITHIN_SECONDS)
        except ChromeNotFoundError as error:
            raise MissingBrowserError(MISSING) from error
        except Exception as error:
            await self._close()  # the next picture starts a fresh one
            raise PictureFailedError(f"Chromium made no picture: {error!r}") from error

    async def _started_and(self, work: Callable[[kaleido.Kaleido], Awaitable[_Result]]) -> _Result:
        if self._browser is None:
            browser = kaleido.Kaleido(n=1, mathjax=False, timeout=WITHIN_SECONDS)
            await browser.open()
            self._browser = browser
        return await work(self._browser)

    def _close_if_idle(self) -> None:
        if not self._busy.locked():
            self._loop.create_task(self._close())

    async def _close(self) -> None:
        browser, self._browser = self._browser, None
        if browser is not None:
            # The farewell of its own pipe is no JSON, which choreographer reports as an error.
            logging.getLogger("choreographer.channels.pipe").setLevel(logging.CRITICAL)
            with contextlib.suppress(Exception):  # one that died cannot say goodbye
                await asyncio.wait_for(browser.close(), CLOSED_WITHIN_SECONDS)

    def running(self) -> int | None:
        """The browser's process id, if it has been started."""
        return None if self._browser is None else self._browser.subprocess.pid

    def close(self) -> None:
        """Close the browser, if there is one."""
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(WITHIN_SECONDS)


_started = threading.Lock()
_chromium: _Chromium | None = None


def _run(work: Callable[[kaleido.Kaleido], Awaitable[_Result]]) -> _Result:
    global _chromium
    with _started:
        if _chromium is None:
            _chromium = _Chromium()
            atexit.register(_chromium.close)
    return _chromium.run(work)


def process_id() -> int | None:
    """The running Chromium's; None where none runs."""
    running = None if _chromium is None else _chromium.running()
    return None if running is None else int(running)


def figure_svg(figure: go.Figure, width: int, height: int) -> bytes:
    """A plotly figure as SVG. Raises MissingBrowserError, PictureFailedError."""
    options = {"format": "svg", "width": width, "height": height}

    async def work(browser: kaleido.Kaleido) -> bytes:
        drawn: bytes = await browser.calc_fig(figure.to_plotly_json(), opts=options)
        return drawn

    return _run(work)


def page_png(html: str, width: int, height: int) -> bytes:
    """A page of our own as PNG of exactly these pixels. The same errors."""

    async def work(browser: kaleido.Kaleido) -> bytes:
        screen = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        return await _printed(
            browser,
            html,
            "Page.captureScreenshot",
            {"format": "png"},
            ("Emulation.setDeviceMetricsOverride", screen),
        )

    return _run(work)


def page_pdf(html: str) -> bytes:
    """A page of our own as PDF on the paper that its CSS names, tagged. The same errors."""
    options = {
        "printBackground": True,
        "preferCSSPageSize": True,
        "generateTaggedPDF": True,
        "generateDocumentOutline": True,
    }

    async def work(browser: kaleido.Kaleido) -> bytes:
        return await _printed(browser, html, "Page.printToPDF", options)

    return _run(work)


async def _printed(
    browser: kaleido.Kaleido,
    html: str,
    command: str,
    options: dict[str, Any],
    *before: tuple[str, dict[str, Any]],
) -> bytes:
    """What a command makes of a page in a tab of its own, where no script runs."""
    tab = await browser.create_tab(_PAGE)
    try:
        await _told(tab, "Emulation.setScriptExecutionDisabled", {"value": True})
        for name, parameters in before:
            await _told(tab, name, parameters)
        frame = (await _told(tab, "Page.getFrameTree", {}))["frameTree"]["frame"]["id"]
        await _told(tab, "Page.setDocumentContent", {"frameId": frame, "html": html})
        return base64.b64decode((await _told(tab, command, options))["data"])
    finally:
        await browser.close_tab(tab.target_id)


async def _told(tab: Any, command: str, parameters: dict[str, Any]) -> dict[str, Any]:
    answer = await tab.send_command(command, params=parameters)
    if "error" in answer:
        raise PictureFailedError(f"{command}: {answer['error']}")
    result: dict[str, Any] = answer["result"]
    return result
