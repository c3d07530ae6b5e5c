"""The picture of an address, for messaging apps: /card/<situation>/<language>/<page>.png and what is chosen.

Made once for an address and a build, under the same admission as files, and kept.
"""

from dataclasses import replace
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dashboards.app.page_registry import PAGES
from dashboards.app.server import admission, file_downloads, page_address, page_card
from dashboards.app.server.page_address import PageAddress
from dashboards.export import share_picture
from dashboards.i18n.translations import list_languages
from dashboards.queries import memory
from dashboards.queries.view import View, go_back

KEPT: Final = "public, max-age=600"
_pictures: Final = memory.Pool(16_000_000)
memory.POOLS["cards"] = _pictures


def list_routes() -> list[Route]:
    """For `st.App(routes=…)`."""
    return [Route("/card/{situation}/{language}/{page}.png", serve_picture)]


async def serve_picture(request: Request) -> Response:
    """The picture of one address."""
    dear = "known" in request.query_params
    cost = file_downloads.PICTURE_COST + file_downloads.PAST_COST * dear
    return await file_downloads.answer(request, cost, _answer_request)


def _answer_request(request: Request, visitor: str) -> Response:
    stated = request.path_params
    if stated["page"] not in PAGES or stated["language"] not in list_languages():
        raise file_downloads.NothingThereError(request.url.path)
    asked = page_address.parse_page(stated["page"], request.query_params)
    asked = replace(asked, situation=stated["situation"], language=stated["language"])
    view, address = page_address.open_address(asked)
    if view.situation_id != asked.situation:
        raise file_downloads.NothingThereError(asked.situation)
    made = _pictures.get_or_make((view, address), lambda: _draw(view, address, visitor))
    return file_downloads.answer_unless_known(request, made, "image/png", KEPT)


def _draw(view: View, address: PageAddress, visitor: str) -> bytes:
    with admission.FILES.at_work(visitor):
        seen = view if address.known is None else go_back(view, address.known)
        picture = page_card.make_picture(seen, address)
        with file_downloads.one_picture:
            return next(share_picture.draw(seen, [picture]))
