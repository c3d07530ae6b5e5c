"""Tabs of Chromium: one kind draws plotly's figures, one takes pictures of our own pages.

A tab is kept and used again. The drawing one has read plotly.js once, the same bundle that readers are given;
to read it again for each picture would take longer than the picture.
"""

import base64
from pathlib import Path
from typing import Any, Final

import choreographer as choreo

from dashboards import figures

PLOTLY: Final = Path(figures.__file__).resolve().parent / "static" / "plotly-basic.min.js"
_BLANK: Final = "<!doctype html><html><head><meta charset='utf-8'></head><body></body></html>"
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
        """A new one; a window of its own, for a tab behind another is slowed down."""
        tab = await browser.create_tab("about:blank", window=True)
        await _shown(tab, _BLANK)
        await asked(tab, "Runtime.evaluate", expression=PLOTLY.read_text(encoding="utf-8"))
        found = await asked(tab, "Runtime.evaluate", expression="window")
        return cls(tab, found["result"]["objectId"])

    async def svg(self, figure: str, width: int, height: int) -> bytes:
        """A figure, given as JSON, drawn as SVG."""
        drawn = await asked(
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
        tab = await browser.create_tab("about:blank", window=True)
        await asked(tab, "Emulation.setScriptExecutionDisabled", value=True)
        return cls(tab)

    async def png(self, html: str, width: int, height: int) -> bytes:
        """A page as PNG of exactly these pixels."""
        screen = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        await asked(self._tab, "Emulation.setDeviceMetricsOverride", **screen)
        await _shown(self._tab, html)
        return await self._taken("Page.captureScreenshot", format="png")

    async def pdf(self, html: str) -> bytes:
        """A page as PDF on the paper that its CSS names, tagged."""
        await asked(self._tab, "Emulation.clearDeviceMetricsOverride")
        await _shown(self._tab, html)
        return await self._taken(
            "Page.printToPDF",
            printBackground=True,
            preferCSSPageSize=True,
            generateTaggedPDF=True,
            generateDocumentOutline=True,
        )

    async def _taken(self, command: str, **parameters: Any) -> bytes:
        return base64.b64decode((await asked(self._tab, command, **parameters))["data"])


async def asked(tab: choreo.Tab, command: str, **parameters: Any) -> dict[str, Any]:
    """Chromium's answer to one command. Raises AnswerError."""
    answer = await tab.send_command(command, params=parameters)
    if "error" in answer:
        raise AnswerError(f"{command}: {answer['error']}")
    result: dict[str, Any] = answer["result"]
    if "exceptionDetails" in result:
        raise AnswerError(f"{command}: {result['exceptionDetails']}")
    return result


async def _shown(tab: choreo.Tab, html: str) -> None:
    frame = (await asked(tab, "Page.getFrameTree"))["frameTree"]["frame"]["id"]
    await asked(tab, "Page.setDocumentContent", frameId=frame, html=html)
