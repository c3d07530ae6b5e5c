"""The routes by which an address of the app is read elsewhere, over a small build."""

from collections.abc import Iterator

import pytest
from starlette.applications import Starlette

from dashboards.app.server import (
    admission,
    embed_pages,
    file_downloads,
    front_page,
    llms,
    oembed,
    share_pictures,
)
from dashboards.queries import claim_rows
from dashboards.queries.view import View
from tests.conftest import row
from tests.dashboards.conftest import figures
from tests.dashboards.published_view import published
from tests.dashboards.web.test_chart_document import Answer
from tests.dashboards.web.test_chart_document import get as ask
from tests.linters.page_head import Head, read_head

APP = Starlette(
    routes=[
        route
        for module in (file_downloads, share_pictures, embed_pages, oembed, llms, front_page)
        for route in module.list_routes()
    ]
)
PAST = "2026-01-20"
CHILDREN = row(value=4, breakdown="age=adolescent", as_of="2026-02-15", published="2026-02-15")


@pytest.fixture(scope="module", autouse=True)
def view(tmp_path_factory: pytest.TempPathFactory) -> Iterator[View]:
    data = tmp_path_factory.mktemp("cards") / "data"
    with published(data, [*figures(), CHILDREN]) as found, pytest.MonkeyPatch.context() as patch:
        patch.setattr(front_page, "CARD_SECONDS", 300)  # a busy machine makes no card plain here
        patient = admission.Gate("cards", cost=12, own_cost=4, at_once=2, own_at_once=1, wait=300)
        patch.setattr(admission, "CARDS", patient)
        yield found


def get(address: str) -> Answer:
    return ask(address, served=APP)


def read(address: str) -> Head:
    answer = get(address)
    assert answer.status == 200, address
    return read_head(answer.text)


def find_id(view: View, value: int | None) -> str:
    rows = claim_rows.read_statements(view.build, view.situation_id)
    return str(rows.filter(rows["value"].eq_missing(value))["figure_id"][0])
