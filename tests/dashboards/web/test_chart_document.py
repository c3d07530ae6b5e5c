"""Figures as a browser fetches them: one document for all who see the same, in the reader's language."""

import asyncio
import gzip
import json
import re
from collections.abc import Awaitable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from html import escape
from typing import Any, NamedTuple

import pytest
from starlette.applications import Starlette
from starlette.types import ASGIApp

from dashboards.app import overview_html
from dashboards.app.page_registry import FRONT, MENU, PAGES
from dashboards.app.server import front_page, page_card, static_files
from dashboards.app.server.static_files import StreamlitFiles, find_scripts, list_files
from dashboards.exhibits import exhibit, figures_over_time, stories
from dashboards.i18n.translations import list_languages, read_words
from dashboards.metrics.headline import find_headlines
from dashboards.queries import memory
from dashboards.queries.view import View
from dashboards.text import headline_sentences
from dashboards.web import chart_document, headline_card
from dashboards.web.chart_document import make_plotly_locale
from dashboards.web.embedding import STATIC
from tests.invented import IDENTITY_PLAIN


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        packed = self.headers.get("content-encoding") == "gzip"
        return (gzip.decompress(self.body) if packed else self.body).decode()


APP = StreamlitFiles(Starlette(routes=front_page.list_routes()))  # what the app serves beside Streamlit's own


async def _call(work: Awaitable[None]) -> None:
    await work


def get(address: str, encoding: str = "gzip", served: ASGIApp = APP, **headers: str) -> Answer:
    """One request, as a server hands it to the app."""
    path, _, query = address.partition("?")
    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "root_path": "",
        "scheme": "http",
        "server": ("127.0.0.1", 80),
        "query_string": query.encode(),
        "headers": [
            (b"accept-encoding", encoding.encode()),
            *((name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()),
        ],
    }
    sent: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    with ThreadPoolExecutor(1) as beside:  # other tests may hold a loop in this thread
        beside.submit(asyncio.run, _call(served(scope, receive, send))).result()
    headers = {key.decode(): value.decode() for key, value in sent[0]["headers"]}
    return Answer(sent[0]["status"], headers, b"".join(each.get("body", b"") for each in sent[1:]))


def test_a_figure_is_written_once_for_all_who_see_the_same(view: View) -> None:
    exhibit = figures_over_time.make_overview(view)
    assert chart_document.make_chart(exhibit, view) is chart_document.make_chart(
        figures_over_time.make_overview(view), view
    )
    english = View(view.build, view.situation_id, "en", view.today)
    other = chart_document.make_chart(figures_over_time.make_overview(english), english)
    assert other.name != chart_document.make_chart(exhibit, view).name


def test_a_document_holds_the_figure_and_the_words_that_belong_to_it(view: View) -> None:
    exhibit = figures_over_time.make_overview(view)
    drawn = chart_document.make_chart(exhibit, view)
    document = json.loads(gzip.decompress(drawn.packed))
    assert document["title"] == exhibit.title
    assert document["source"] == exhibit.source
    assert document["build"] == view.build.id
    assert len(document["data"]) == len(exhibit.figure.data)  # type: ignore[union-attr]
    assert document["layout"]["dragmode"] is False
    assert all(document["words"].values())


def test_a_document_holds_a_drawing_for_each_width_that_a_place_may_have(view: View) -> None:
    made = figures_over_time.make_overview(view)
    document = json.loads(gzip.decompress(chart_document.make_chart(made, view).packed))
    tablet = document["middle"]
    assert tablet["layout"]["height"] == document["layout"]["height"]  # the place that is kept is the same
    said = [each["layout"]["annotations"] for each in (document, tablet, document["narrow"])]
    assert len({json.dumps(each) for each in said}) == 3
    script = (STATIC / "chart.js").read_text("utf-8")
    assert f"const NARROW = {chart_document.MIDDLE};" in script
    assert f"const MIDDLE = {stories.PAGE:.0f};" in script


def test_an_exhibit_without_a_figure_has_no_document(view: View) -> None:
    empty = exhibit.Exhibit("nothing", "", "", "")
    with pytest.raises(ValueError, match="nothing has no figure"):
        chart_document.make_chart(empty, view)


@pytest.mark.parametrize("language", list_languages())
def test_a_locale_is_complete_for_every_language(language: str) -> None:
    form = make_plotly_locale(read_words(language))["format"]
    assert len(form["months"]) == len(form["shortMonths"]) == 12
    assert len(form["days"]) == len(form["shortDays"]) == 7
    assert form["decimal"] != form["thousands"]


def test_weeks_begin_on_sunday_as_plotly_counts_them() -> None:
    assert make_plotly_locale(read_words("es"))["format"]["days"][0] == "domingo"
    assert make_plotly_locale(read_words("en"))["format"]["days"][:2] == ["Sunday", "Monday"]


def test_a_figure_is_fetched_by_its_name_and_kept_for_ever(view: View) -> None:
    drawn = chart_document.make_chart(figures_over_time.make_overview(view), view)
    answer = get(f"/figures/{drawn.name}")
    assert json.loads(answer.text)["title"] == figures_over_time.make_overview(view).title
    assert "immutable" in answer.headers["cache-control"]
    assert get("/figures/0123").status == 404
    assert get("/figures/0123").headers["cache-control"] == "no-store"


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_a_file_is_served_to_who_can_unpack_it_and_to_who_cannot(encoding: str) -> None:
    answer = get(f"/{static_files.make_asset_address('chart.js')}", encoding)
    assert answer.text.encode() == static_files.read_assets()["chart.js"]
    assert answer.headers.get("content-encoding", "identity") == encoding


def test_an_old_version_of_a_file_is_gone() -> None:
    assert get("/assets/000000000000/chart.js").status == 404


def test_streamlits_files_come_from_memory_and_the_rest_goes_on() -> None:
    script = next(name for name in find_scripts(["Html"]) if name.startswith("js/Html."))
    answer = get(f"/static/{script}")
    assert answer.status == 200
    assert answer.headers["content-encoding"] == "gzip"
    assert get("/static/../app.py").status == 404
    assert get("/static/nothing.js").status == 404


def test_what_an_element_needs_is_found_with_all_that_it_imports() -> None:
    needed = find_scripts(["Selectbox"])
    assert any(name.startswith("js/Selectbox.") for name in needed)
    assert len(needed) > 5
    assert set(needed) <= list_files()


@pytest.mark.parametrize("language", list_languages())
def test_the_front_page_is_in_the_readers_language_and_asks_for_the_first_figure(
    view: View, language: str
) -> None:
    page = get(f"/?lang={language}").text
    assert f'<html lang="{language}">' in page
    same = View(view.build, view.situation_id, language, view.today)
    assert f"figures/{chart_document.make_chart(figures_over_time.make_overview(same), same).name}" in page


@pytest.mark.usefixtures("view")
@pytest.mark.parametrize("address", ["/?situation=atlantis", "/?lang=xx", "/progress", "/?known=2026-01-20"])
def test_a_front_page_comes_whatever_the_address_asks(address: str) -> None:
    answer = get(address)
    assert answer.status == 200
    assert '<div id="root">' in answer.text


def first_block(page: str) -> str:
    """What stands in a page before any script."""
    return page[page.index('<div id="first"') : page.index('<div id="root">')]


@pytest.mark.parametrize("language", list_languages())
@pytest.mark.parametrize("name", PAGES)
def test_the_answer_and_the_numbers_stand_in_the_first_html_of_every_page(
    view: View, name: str, language: str
) -> None:
    seen = replace(view, language=language)
    found = find_headlines(seen)
    page = get(f"/{'' if name == FRONT else name}?lang={language}&situation={view.situation_id}").text
    block = first_block(page)
    answer = headline_sentences.compose_answer(seen, found)
    said, lead, _ = overview_html.compose_first_words(seen)
    plain = re.sub("<[^>]+>", "", block)
    for sentence in [said.text, *lead] if name == FRONT else [answer]:
        assert escape(sentence, quote=False) in plain
    for card in headline_card.build_cards(seen, found):
        assert f">{card.figure}</p>" in block
    title, told = page_card.name_page(seen, name), answer if name == FRONT else page_card.describe(seen, name)
    assert f"<title>{title}</title>" in page
    assert f'<meta name="description" content="{escape(told, quote=False)}">' in page
    assert f'<meta property="og:title" content="{title}">' in page
    assert (title == said.text) == (name == FRONT)  # a number stands in a title with who said it and when
    assert seen.age(found.held.as_of) not in page[: page.index("</head>")]  # what is shared carries days
    assert block.count('aria-current="page"') >= (PAGES[name].section in MENU)


def test_every_page_has_a_title_of_its_own(view: View) -> None:
    assert len({page_card.name_page(view, name) for name in PAGES}) == len(PAGES)
    assert len({page_card.describe(view, name) for name in PAGES}) == len(PAGES)


@pytest.mark.usefixtures("view")
def test_a_page_that_goes_back_to_a_day_says_no_number_of_today() -> None:
    assert "1.591" in first_block(get("/").text)
    assert "1.591" not in get("/?known=2026-01-20").text
    assert "1.591" not in get("/progress?known=2026-01-20").text


@pytest.mark.usefixtures("view")
def test_what_an_address_says_is_never_markup() -> None:
    attack = "%3Cscript%3Ealert(1)%3C/script%3E%22%27"
    for address in (
        f"/?situation={attack}",
        f"/progress?lang={attack}",
        f"/{attack}",
        f"/x/{attack}?lang=en",
    ):
        assert "<script>alert" not in get(address).text


@pytest.mark.usefixtures("view")
def test_without_scripts_the_families_page_of_the_site_is_one_link_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert "./file/islandia/es/overview.csv" in get("/news").text
    monkeypatch.setenv("LIBEROMETRO_SITE_ADDRESS", "https://site.example/")
    memory.forget()
    assert 'href="https://site.example/pt/index.html"' in get("/news?lang=pt").text


@pytest.mark.usefixtures("view")
def test_the_card_of_an_address_has_its_own_address_and_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIBEROMETRO_ADDRESS", "https://app.example")
    memory.forget()
    page = get("/pace?lang=en").text
    assert '<meta property="og:url" content="https://app.example/pace?lang=en">' in page
    assert 'content="https://app.example/card/islandia/en/pace.png"' in page


@pytest.mark.parametrize("address", ["/nowhere", "/x/y", "/pace/more", "/x.php", "/año"])
def test_an_unknown_page_says_so_at_its_address_in_the_readers_language(address: str) -> None:
    for asked, headers, language in (
        (f"{address}?lang=pt", {}, "pt"),
        (address, {"accept_language": "en-GB,en;q=0.8,es;q=0.2"}, "en"),
        (address, {}, "es"),
    ):
        answer = get(asked, **headers)
        assert answer.status == 404
        words = read_words(language)
        assert escape(words("unknown.title")) in answer.text
        assert address in answer.text
        assert '<div id="root">' not in answer.text  # nothing is computed for it
        for section, page in MENU.items():
            assert words(f"nav.{section}") in answer.text
            assert page == FRONT or f'href="./{page}' in answer.text


def test_the_address_of_nowhere_keeps_nobodys_number() -> None:
    number = IDENTITY_PLAIN[1:]
    assert number not in get(f"/V-{number}").text
