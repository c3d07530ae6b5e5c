"""oEmbed 1.0: what to show of an address of ours in another page (oembed.com).

/oembed?url=…&format=json|xml&maxwidth=…&maxheight=…

404 where the address is none of ours or has nothing to show, 501 for another format, 400 where a question is
wrong. Nothing is drawn for it; what is read from the build is admitted like a card.
"""

import json
from dataclasses import dataclass
from typing import Any, Final
from xml.sax.saxutils import escape

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from dashboards.app.server import admission, embed_pages, page_address, page_card
from dashboards.app.server.guard import find_address
from dashboards.app.server.page_address import PageAddress
from dashboards.export import chromium, provenance, share_picture
from dashboards.queries.view import View, go_back
from dashboards.web import embedding
from pipelines.warehouse.published_build import NoBuildError

FORMATS: Final = {"json": "application/json", "xml": "text/xml"}
WIDTH: Final = 720  # pixels, where there is room for them
LEAST: Final = 200
FIGURE_HEIGHT: Final = 320  # of a sentence with its number
SECONDS: Final = 3600  # for which an answer may be kept
SHARED: Final = {"Access-Control-Allow-Origin": "*"}


class WrongQuestionError(ValueError):
    """A question that no answer fits; the message says why."""


@dataclass(frozen=True)
class Room:
    """How many pixels a page has for what it shows; 0 where it does not say."""

    width: int
    height: int

    def holds(self, width: int, height: int) -> bool:
        """Whether something of this size keeps within it."""
        return (not self.width or width <= self.width) and (not self.height or height <= self.height)


def list_routes() -> list[Route]:
    """For `st.App(routes=…)`."""
    return [Route("/oembed", serve_oembed)]


async def serve_oembed(request: Request) -> Response:
    """What is shown of one address."""
    said = request.query_params
    form = said.get("format", "json")
    if form not in FORMATS:
        return _refuse(501, "the formats are json and xml")
    if not said.get("url"):
        return _refuse(400, "url is missing")
    try:
        room = Room(_read_pixels(said.get("maxwidth")), _read_pixels(said.get("maxheight")))
    except WrongQuestionError as error:
        return _refuse(400, str(error))
    base = provenance.read_site_address() or str(request.base_url).rstrip("/")
    try:
        told = await run_in_threadpool(describe, said["url"], base, room, find_address(request.scope))
    except admission.RefusedError:
        again = {"Retry-After": str(admission.AGAIN_SECONDS)}
        return _refuse(503, "too much at once; come again in a few seconds", **again)
    except NoBuildError:
        return _refuse(404, "there is nothing to show")
    if told is None:
        return _refuse(404, "this is no address of ours that can be shown elsewhere")
    text = json.dumps(told, ensure_ascii=False) if form == "json" else _write_xml(told)
    return Response(
        text, media_type=FORMATS[form], headers={**SHARED, "Cache-Control": f"public, max-age={SECONDS}"}
    )


def describe(url: str, base: str, room: Room, visitor: str) -> dict[str, Any] | None:
    """The answer for an address below `base`; None where it is none of ours or has nothing to show.

    Raises RefusedError, NoBuildError.
    """
    asked = page_address.parse_url(url, base)
    if asked is None:
        return None
    with admission.CARDS.let_in(visitor), admission.CARDS.at_work(visitor):
        view, address = page_address.open_address(asked)
        if asked.situation and view.situation_id != asked.situation:
            return None
        return _describe_figure(view, address, base, room) or _describe_chart(view, address, base, room)


def _describe_figure(view: View, address: PageAddress, base: str, room: Room) -> dict[str, Any] | None:
    found = page_card.find_figure(view, address)
    if found is None:
        return None
    title = page_card.make_card(view, address).title
    if address.claim:  # a frame is of a figure
        figure = page_card.find_figure_id(view, address)
        address = PageAddress("figure", view.situation_id, view.language, figure=figure)
    return _describe(view, address, base, title, room)


def _describe_chart(view: View, address: PageAddress, base: str, room: Room) -> dict[str, Any] | None:
    seen = view if address.known is None else go_back(view, address.known)
    shown = page_card.find_exhibit(seen, address)
    if shown is None:
        return None
    return _describe(view, address, base, shown[1].title, room, shown[0])


def _describe(
    view: View, address: PageAddress, base: str, title: str, room: Room, chart: str = ""
) -> dict[str, Any]:
    width = min(WIDTH, room.width or WIDTH)
    usual = embedding.find_height(width) if chart else FIGURE_HEIGHT
    height = min(usual, room.height or usual)
    source = f"{base}/{embed_pages.name_page(address, chart)}"
    told: dict[str, Any] = {
        "version": "1.0",
        "type": "rich",
        "title": title,
        "provider_name": view.words("app.name"),
        "provider_url": f"{base}/",
        "cache_age": SECONDS,
        "html": embedding.write_sized_iframe(source, title, width, height),
        "width": width,
        "height": height,
    }
    if not room.height:  # else the script would make the frame higher than there is room for
        told["html"] += embedding.write_script(f"{base}/{embedding.HOST}")
    if chromium.is_available() and room.holds(share_picture.WIDTH, share_picture.HEIGHT):
        told |= {
            "thumbnail_url": f"{base}/{page_card.write_picture_address(view, address)}",
            "thumbnail_width": share_picture.WIDTH,
            "thumbnail_height": share_picture.HEIGHT,
        }
    return told


def _read_pixels(text: str | None) -> int:
    """A number of pixels as it was asked for, 0 where it was not. Raises WrongQuestionError."""
    if not text:
        return 0
    if not (text.isascii() and text.isdecimal() and len(text) < 9 and int(text) >= LEAST):
        raise WrongQuestionError(f"maxwidth and maxheight are numbers of pixels, {LEAST} or more")
    return int(text)


def _write_xml(told: dict[str, Any]) -> str:
    inside = "".join(f"<{name}>{escape(str(value))}</{name}>" for name, value in told.items())
    return f'<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n<oembed>{inside}</oembed>\n'


def _refuse(code: int, why: str, **more: str) -> Response:
    return PlainTextResponse(f"{why}\n", code, {**SHARED, **more, "Cache-Control": "no-store"})
