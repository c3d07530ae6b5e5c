"""The one Chromium of this process: charts as SVG, our own pages as PNG and PDF; its tabs.

A tab is kept and used again. The drawing one has read plotly.js once, the same bundle that readers are given;
to read it again for each picture would take longer than the picture.

It is started at the first picture, kept for the next ones and closed after a while without any: a start takes
two seconds, a picture then a small part of one. It loads nothing from elsewhere.
"""

import asyncio
import atexit
import base64
import contextlib
import logging
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, TypeVar

import choreographer as choreo
from choreographer.browsers.chromium import Chromium
from choreographer.errors import ChromeNotFoundError

from dashboards.charts import fonts
from dashboards.export.confined_browser import ConfinedChromium
from pipelines.core.paths import ROOT

PLOTLY: Final = ROOT / "dashboards" / "web" / "static" / "plotly-basic.min.js"
_BLANK: Final = (
    "<!doctype html><html><head><meta charset='utf-8'><style>{face}</style></head><body></body></html>"
)
_LOADED: Final = "Promise.all([400, 600, 700].map((weight) => document.fonts.load(`${weight} 12px '%s'`)))"
_DRAW: Final = """function(figure, width, height) {
    const {data, layout} = JSON.parse(figure);
    return Plotly.toImage({data, layout}, {format: "svg", width, height, imageDataOnly: true});
}"""


class AnswerError(RuntimeError):
    """Chromium answered a command with an error."""


class Drawing:
    """A tab that draws plotly's figures."""

    def __init__(self, tab: choreo.Tab, window: str) -> None:
        self._tab, self._window = tab, window

    @classmethod
    async def opened(cls, browser: choreo.Browser) -> "Drawing":
        """A new one."""
        tab = await _open_tab(browser)
        await _load_html(tab, _BLANK.replace("{face}", fonts.write_face()))
        await send_command(tab, "Runtime.evaluate", expression=_LOADED % fonts.NAME, awaitPromise=True)
        await send_command(tab, "Runtime.evaluate", expression=PLOTLY.read_text(encoding="utf-8"))
        found = await send_command(tab, "Runtime.evaluate", expression="window")
        return cls(tab, found["result"]["objectId"])

    async def svg(self, figure: str, width: int, height: int) -> bytes:
        """A figure, given as JSON, drawn as SVG."""
        drawn = await send_command(
            self._tab,
            "Runtime.callFunctionOn",
            objectId=self._window,
            functionDeclaration=_DRAW,
            arguments=[{"value": figure}, {"value": width}, {"value": height}],
            awaitPromise=True,
            returnByValue=True,
        )
        svg: str = drawn["result"]["value"]
        return svg.encode()


class Printing:
    """A tab that takes pictures of pages of our own, in which no script runs."""

    def __init__(self, tab: choreo.Tab) -> None:
        self._tab = tab

    @classmethod
    async def opened(cls, browser: choreo.Browser) -> "Printing":
        """A new one."""
        tab = await _open_tab(browser)
        await send_command(tab, "Emulation.setScriptExecutionDisabled", value=True)
        return cls(tab)

    async def png(self, html: str, width: int, height: int) -> bytes:
        """A page as PNG of exactly these pixels."""
        screen = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        await send_command(self._tab, "Emulation.setDeviceMetricsOverride", **screen)
        await _load_html(self._tab, html)
        return await self._taken("Page.captureScreenshot", format="png")

    async def pdf(self, html: str) -> bytes:
        """A page as PDF on the paper that its CSS names, tagged."""
        await send_command(self._tab, "Emulation.clearDeviceMetricsOverride")
        await _load_html(self._tab, html)
        return await self._taken(
            "Page.printToPDF",
            printBackground=True,
            preferCSSPageSize=True,
            generateTaggedPDF=True,
            generateDocumentOutline=True,
        )

    async def _taken(self, command: str, **parameters: Any) -> bytes:
        return base64.b64decode((await send_command(self._tab, command, **parameters))["data"])


async def _open_tab(browser: choreo.Browser) -> choreo.Tab:
    """A tab in a window of its own, for one behind another is slowed down; it asks for no address at all."""
    tab = await browser.create_tab("about:blank", window=True)
    await send_command(tab, "Network.enable")
    await send_command(tab, "Network.setBlockedURLs", urls=["*://*"])
    return tab


async def send_command(tab: choreo.Tab, command: str, **parameters: Any) -> dict[str, Any]:
    """Chromium's answer to one command. Raises AnswerError."""
    answer = await tab.send_command(command, params=parameters)
    if "error" in answer:
        raise AnswerError(f"{command}: {answer['error']}")
    result: dict[str, Any] = answer["result"]
    if "exceptionDetails" in result:
        raise AnswerError(f"{command}: {result['exceptionDetails']}")
    return result


async def _load_html(tab: choreo.Tab, html: str) -> None:
    frame = (await send_command(tab, "Page.getFrameTree"))["frameTree"]["frame"]["id"]
    await send_command(tab, "Page.setDocumentContent", frameId=frame, html=html)


WITHIN_SECONDS: Final = 60  # for one picture, the start included
IDLE_SECONDS: Final = 20  # then the browser is closed: it takes more memory than everything else
AT_ONCE: Final = 2  # pictures being made; each has a tab of its own
MISSING: Final = (
    "pictures and PDF need Chromium, and none was found: install it (Debian: apt-get install chromium) or "
    "name one in $BROWSER_PATH. CSV, XLSX and JSON need none, and a chart on the page can be saved by the "
    "reader's own browser"
)
CLOSED_WITHIN_SECONDS: Final = 10
_log: Final = logging.getLogger("liberometro")
_Result = TypeVar("_Result")
_Tab = TypeVar("_Tab", Drawing, Printing)


class MissingBrowserError(RuntimeError):
    """There is no Chromium; the message says what to install and what works without."""


class PictureFailedError(RuntimeError):
    """Chromium did not answer in time, or answered with an error."""


@dataclass
class _Running:
    """A started browser and those of its tabs that nobody is using."""

    browser: choreo.Browser
    free: dict[type[Drawing] | type[Printing], list[Drawing | Printing]] = field(
        default_factory=lambda: {Drawing: [], Printing: []}
    )


class _Chromium:
    """A thread with an event loop of its own, which any other thread may hand work to."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._places = asyncio.Semaphore(AT_ONCE)
        self._starting = asyncio.Lock()
        self._running: _Running | None = None
        self._at_work = 0
        self.stays = False  # nobody closes it for being idle
        self._closing: asyncio.TimerHandle | None = None
        self._quitting: asyncio.Task[None] | None = None  # kept, or the loop would forget it
        threading.Thread(target=self._loop.run_forever, name="chromium", daemon=True).start()

    def run(self, kind: type[_Tab], work: Callable[[_Tab], Awaitable[_Result]]) -> _Result:
        """Do one piece of work in a tab of its kind, as soon as one is free."""
        future = asyncio.run_coroutine_threadsafe(self._run(kind, work), self._loop)
        return future.result()

    async def _run(self, kind: type[_Tab], work: Callable[[_Tab], Awaitable[_Result]]) -> _Result:
        async with self._places:
            self._at_work += 1
            if self._closing is not None:
                self._closing.cancel()
                self._closing = None
            try:
                try:
                    return await self._tried(kind, work)
                except PictureFailedError as error:  # it may have died before or during it
                    _log.warning("Chromium is started again: %s", error)
                    return await self._tried(kind, work)
            finally:
                self._at_work -= 1
                if not self._at_work and not self.stays:
                    self._closing = self._loop.call_later(IDLE_SECONDS, self._close_idle)

    async def _tried(self, kind: type[_Tab], work: Callable[[_Tab], Awaitable[_Result]]) -> _Result:
        running: _Running | None = None
        try:
            async with asyncio.timeout(WITHIN_SECONDS):
                running = await self._started()
                tab = running.free[kind].pop() if running.free[kind] else await kind.opened(running.browser)
                assert isinstance(tab, kind)
                result = await work(tab)
                running.free[kind].append(tab)
                return result
        except ChromeNotFoundError as error:
            raise MissingBrowserError(MISSING) from error
        except (Exception, asyncio.CancelledError) as error:  # a browser that dies cancels what waits for it
            await self._close(running)  # the next picture starts a fresh one
            raise PictureFailedError(f"Chromium made no picture: {error!r}") from error

    async def _started(self) -> _Running:
        async with self._starting:
            if self._running is None:
                browser = choreo.Browser(browser_cls=ConfinedChromium)
                await browser.open()
                self._running = _Running(browser)
            return self._running

    def _close_idle(self) -> None:
        """Close the browser that nobody uses; whoever comes from now on starts another."""
        running, self._running = self._running, None
        if running is not None:
            self._quitting = self._loop.create_task(_quit(running))

    async def _close(self, running: _Running | None) -> None:
        """Close a browser; once, whoever of those that work in it says so first."""
        if running is not None and running is self._running:
            self._running = None
            await _quit(running)

    def process_id(self) -> int | None:
        """The browser's process id, if it has been started."""
        return None if self._running is None else self._running.browser.subprocess.pid

    def close(self) -> None:
        """Close the browser, if there is one."""
        closing = asyncio.run_coroutine_threadsafe(self._close(self._running), self._loop)
        closing.result(WITHIN_SECONDS)


async def _quit(running: _Running) -> None:
    # The farewell of its own pipe is no JSON, which choreographer reports as an error.
    logging.getLogger("choreographer.channels.pipe").setLevel(logging.CRITICAL)
    with contextlib.suppress(Exception):  # one that died cannot say goodbye
        await asyncio.wait_for(running.browser.close(), CLOSED_WITHIN_SECONDS)


_first: Final = threading.Lock()
_chromium: _Chromium | None = None


def _run(kind: type[_Tab], work: Callable[[_Tab], Awaitable[_Result]]) -> _Result:
    global _chromium
    with _first:
        if _chromium is None:
            _chromium = _Chromium()
            atexit.register(_chromium.close)
    return _chromium.run(kind, work)


@lru_cache
def is_available() -> bool:
    """Whether there is a Chromium to start; looked for once a process."""
    path = Chromium.find_browser(skip_local=False)
    return path is not None and Path(path).is_file()


def keep_running() -> None:
    """Start it now, with its two tabs, and leave it running.

    Raises MissingBrowserError, PictureFailedError.
    """
    draw_svg('{"data": [], "layout": {}}', 100, 100)
    print_png("<p></p>", 100, 100)
    assert _chromium is not None
    _chromium.stays = True


def find_process_id() -> int | None:
    """The running Chromium's; None where none runs."""
    return None if _chromium is None else _chromium.process_id()


def draw_svg(figure: str, width: int, height: int) -> bytes:
    """A plotly figure, given as JSON, as SVG. Raises MissingBrowserError, PictureFailedError."""
    return _run(Drawing, lambda tab: tab.svg(figure, width, height))


def print_png(html: str, width: int, height: int) -> bytes:
    """A page of our own as PNG of exactly these pixels. The same errors."""
    return _run(Printing, lambda tab: tab.png(html, width, height))


def print_pdf(html: str) -> bytes:
    """A page of our own as PDF on the paper that its CSS names, tagged. The same errors."""
    return _run(Printing, lambda tab: tab.pdf(html))
