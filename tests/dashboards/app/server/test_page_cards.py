"""What an address of the app is elsewhere: its first HTML and its picture."""

import io
import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from PIL import Image

from dashboards.app.page_registry import FRONT, PAGES
from dashboards.app.server import (
    admission,
    front_page,
    page_address,
    page_card,
)
from dashboards.app.server.page_address import PageAddress
from dashboards.exhibits.chart_registry import CHARTS
from dashboards.export import chromium
from dashboards.i18n.translations import list_languages, read_words
from dashboards.metrics.headline import find_headlines
from dashboards.queries import claim_rows, memory
from dashboards.queries.view import View, go_back
from dashboards.text import headline_sentences
from tests.conftest import TODAY, row
from tests.dashboards.app.server.served_cards import APP, PAST, find_id, get, read, view
from tests.dashboards.published_view import ADDRESS, published, rebuilt
from tests.dashboards.web.test_chart_document import get as ask
from tests.linters.page_head import check_head, read_head

__all__ = ["view"]  # a fixture of every test here
WRONG = [
    "situation=%3Cscript%3Ealert(1)%3C/script%3E", "lang=%22%3E%3Cimg%20src=x%20onerror=alert(1)%3E",
    "situation=atlantis&lang=xx", "known=2099-01-01", "known=%3Cscript%3E", "known=2026-13-45",
    "known=0001-01-01",
    f"chart={'x' * 4000}", "chart=%27%22%3E%3Cscript%3E", "figure=../../etc/passwd", f"figure={'0' * 16}",
    "claim=%00%ff", "build=%3Cb%3E&figure=x", "known=2026-01-20&known=2026-01-21",
]  # fmt: skip


@pytest.mark.parametrize("known", ["", f"&known={PAST}"])
@pytest.mark.parametrize("language", list_languages())
@pytest.mark.parametrize("page", PAGES)
def test_every_page_in_every_language_has_a_whole_head(
    view: View, page: str, language: str, known: str
) -> None:
    path = "" if page == FRONT else page
    head = read(f"/{path}?situation={view.situation_id}&lang={language}{known}")
    assert list(check_head(head)) == []
    assert head.language == language
    past = bool(known) and PAGES[page].goes_back
    assert head.named["og:url"] == ADDRESS + "/" + page_address.write_path(
        view, PageAddress(page, view.situation_id, language, date.fromisoformat(PAST) if past else None)
    )
    assert (head.named.get("robots") == "noindex, follow") == past
    assert head.data
    words = read_words(language)
    assert (
        words("known.source", day=words.day(date.fromisoformat(PAST))) in head.named["description"]
    ) == past


def test_every_page_but_the_front_one_says_whom_it_serves() -> None:
    assert page_card.LEADS.keys() == PAGES.keys() - {FRONT}


@pytest.mark.parametrize("language", list_languages())
def test_a_number_in_the_title_is_in_the_headline_sentence_of_that_day(view: View, language: str) -> None:
    seen = replace(view, language=language)
    then = go_back(seen, date.fromisoformat(PAST))
    for shown, query in ((seen, ""), (then, f"&known={PAST}")):
        sentence = headline_sentences.compose_title(shown, find_headlines(shown)).text
        assert read(f"/?lang={language}{query}").named["og:title"] == sentence
    assert "700" in read(f"/?known={PAST}").title
    for page in PAGES.keys() - {FRONT}:
        assert not re.search(r"\d", read(f"/{page}?lang={language}").title), page


@pytest.mark.parametrize("chart", [each.name for each in CHARTS])
def test_every_chart_has_an_address_with_its_own_card(view: View, chart: str) -> None:
    short = get(f"/c/en/{view.situation_id}/{chart}")
    assert short.status == 307
    page, _, query = short.headers["location"].rpartition("/")[2].partition("?")
    head = read(f"/{'' if page == FRONT else page}?{query}")
    assert list(check_head(head)) == []
    shown = page_card.find_exhibit(
        replace(view, language="en"), PageAddress(page, view.situation_id, "en", chart=chart)
    )
    if shown is not None:
        assert head.title.startswith(shown[1].title)
        (dataset,) = [each for each in head.data[0]["@graph"] if each["@type"] == "Dataset"]
        assert {urlsplit(each["contentUrl"]).path for each in dataset["distribution"]} == {
            f"/file/{view.situation_id}/en/{chart}.{form}" for form in ("csv", "xlsx", "json")
        }
        for part in dataset.get("hasPart", []):
            assert read(part["@id"].removeprefix(ADDRESS)).data[0]["@graph"][1]["@type"] == "Observation"


@pytest.mark.parametrize("language", list_languages())
def test_every_figure_is_an_observation_at_its_own_address(view: View, language: str) -> None:
    rows = claim_rows.read_statements(view.build, view.situation_id)
    for figure in rows["figure_id"].unique():
        head = read(f"/figure?figure={figure}&lang={language}")
        assert list(check_head(head)) == [], figure
        parts = [each for each in head.data[0]["@graph"] if each["@type"] == "Observation"]
        own = rows.filter(rows["figure_id"] == figure, rows["standing"] == "stands")
        stated = sorted(value for value in own["value"].to_list() if value is not None)
        assert (
            sorted(
                each.get("value") or each.get("minValue")
                for each in parts
                if "value" in each or "minValue" in each
            )
            == stated
        )
        assert {each["identifier"] for each in parts} == {figure}
        assert {each["subjectOf"]["url"] for each in parts} <= set(head.data[0]["@graph"][0]["isBasedOn"])


def test_bounds_are_bounds_and_a_window_has_its_length(view: View) -> None:
    def find(value: int) -> dict[str, object]:
        graph = read(f"/figure?figure={find_id(view, value)}").data[0]["@graph"]
        return next(each for each in graph if each["@type"] == "Observation")

    more, between, left = find(700), find(650), find(464)
    assert (more["minValue"], more.get("value"), more.get("maxValue")) == (700, None, None)
    assert (between["minValue"], between["maxValue"], between.get("value")) == (650, 700, None)
    assert (left["minValue"], left["observationDate"], left["observationPeriod"]) == (
        464,
        "2026-02-15",
        "P39D",
    )
    assert {"@type": "PropertyValue", "propertyID": "qualifier", "value": "more_than"} in more[
        "additionalProperty"
    ]


def test_a_withheld_figure_says_so_and_carries_no_value_anywhere(view: View) -> None:
    figure = find_id(view, None)
    for language in list_languages():
        head = read(f"/figure?figure={figure}&lang={language}")
        (part,) = [each for each in head.data[0]["@graph"] if each["@type"] == "Observation"]
        assert part.keys() & {"value", "minValue", "maxValue"} == set()
        withheld = [each for each in part["additionalProperty"] if each["propertyID"] == "withheld"]
        assert withheld == [
            {
                "@type": "PropertyValue",
                "propertyID": "withheld",
                "value": read_words(language)("data.withheld"),
            }
        ]
        assert not re.search(r"(?<![\d.])4(?![\d.])", json.dumps(part["name"]) + part["description"])


def test_a_link_to_an_earlier_build_tells_what_that_said_and_what_became_of_it(tmp_path: Path) -> None:
    held = row(value=806, as_of="2026-01-05", published="2026-01-05")
    later = row(value=820, as_of="2026-01-05", published="2026-01-19", publisher="La Tarde")
    with published(tmp_path / "data", [held]) as then:
        figure = find_id(then, 806)
        now = rebuilt(tmp_path / "data", [held, later])
        head = read(f"/figure?figure={figure}&build={then.build.id}")
        assert "806" in head.title
        assert head.named["description"].endswith(read_words("es")("figure.changed"))
        assert [each.get("value") for each in head.data[0]["@graph"][1:]] == [820]
        address = PageAddress("figure", "islandia", figure=figure, build=then.build.id)
        picture = page_card.make_picture(now, address)
        assert picture.figure == "806"
        assert picture.source.startswith(read_words("es")("figure.changed"))
        assert "820" in read(f"/figure?figure={figure}").title
        framed = get(f"/embed/es/islandia/figure-{figure}?build={then.build.id}").text
        assert "806" in framed
        assert read_words("es")("figure.changed") in framed
        gone = rebuilt(tmp_path / "data", [row(value=5, as_of="2026-02-05", published="2026-02-05")])
        front_page._lately.clear()
        head = read(f"/figure?figure={figure}&build={then.build.id}&lang=en")
        assert not re.search(r"\d", head.title + head.named["description"])
        assert head.named["description"] == read_words("en")("figure.gone")
        assert page_card.make_picture(gone, address).figure == ""


@pytest.mark.parametrize("said", WRONG)
@pytest.mark.parametrize("page", ["", "progress", "figure", "claims"])
def test_what_an_address_says_wrongly_is_left_out_and_never_markup(page: str, said: str) -> None:
    answer = get(f"/{page}?{said}")
    assert answer.status == 200
    head = read_head(answer.text)
    assert list(check_head(head)) == []
    assert "<script>alert" not in answer.text
    assert "onerror" not in answer.text
    assert "passwd" not in answer.text
    assert "x" * 200 not in answer.text
    canonical = parse_qs(urlsplit(head.named["og:url"]).query)
    assert canonical.get("known", [PAST]) in ([PAST], ["2026-01-21"], ["0001-01-01"])


def test_a_day_that_is_not_past_is_today() -> None:
    usual = read("/").named["og:title"]
    for day in (TODAY.isoformat(), "2099-01-01", "20260120", "yesterday", ""):
        assert read(f"/?known={day}").named["og:title"] == usual


@pytest.mark.parametrize(
    "made_up",
    [
        "figure?figure=0123456789abcdef",
        "figure?figure=0123456789abcdef&build=0123456789ab",
        "claims?claim=nobody",
    ],
)
def test_a_made_up_id_makes_no_page_of_its_own(made_up: str) -> None:
    usual = get(f"/{made_up.partition('?')[0]}").text
    kept = front_page._pack_page.cache_info().currsize
    assert get(f"/{made_up}").text == usual
    assert front_page._pack_page.cache_info().currsize == kept


def test_who_asks_for_too_many_days_gets_plain_cards_at_once(
    view: View, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = admission.Gate("cards", cost=0, own_cost=0, at_once=1, own_at_once=1, wait=0)
    monkeypatch.setattr(admission, "CARDS", full)
    front_page._lately.clear()
    for address in ("/?known=2026-01-11", f"/figure?figure={find_id(view, 806)}&lang=en"):
        head = read(address)
        assert not re.search(r"\d", head.title), address
        assert list(check_head(head)) == []
    assert get(f"/oembed?url={quote(ADDRESS)}/pace").status == 503
    assert "1.591" in read("/").title  # what is made ahead is told to everybody


def test_a_card_that_takes_long_is_plain_and_made_for_who_asks_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(front_page, "CARD_SECONDS", 0)
    address = "/?known=2026-01-12"
    assert not re.search(r"\d", read(address).title)
    monkeypatch.setattr(front_page, "CARD_SECONDS", 300)
    front_page._lately.clear()
    assert "806" in read(address).title


@pytest.mark.parametrize(
    "address",
    ["/", f"/?known={PAST}&lang=en", "/progress", "/glossary?lang=pt", "/figure", "/pace?chart=pace-held"],
)
def test_the_picture_of_an_address_is_there_and_of_the_size_that_is_told(view: View, address: str) -> None:
    head = read(f"{address}{'?' if '?' not in address else '&'}situation={view.situation_id}")
    path = head.named["og:image"].removeprefix(ADDRESS)
    answer = get(path)
    assert (answer.status, answer.headers["content-type"]) == (200, "image/png")
    with Image.open(io.BytesIO(answer.body)) as image:
        assert image.size == (1200, 630)
    again = ask(path, served=APP, if_none_match=answer.headers["etag"])
    assert (again.status, again.body) == (304, b"")


def test_the_picture_of_a_day_is_that_of_the_day(view: View) -> None:
    then = replace(view, language="es")
    today = page_card.make_picture(then, PageAddress(FRONT, view.situation_id))
    past = page_card.make_picture(
        go_back(then, date.fromisoformat(PAST)),
        PageAddress(FRONT, view.situation_id, known=date.fromisoformat(PAST)),
    )
    assert (today.sides[0].figure, past.sides[0].figure) == ("1.591", "más de 700")
    assert past.source.endswith("Como se sabía el 20 de enero de 2026.")
    children = page_card.make_picture(
        then, PageAddress("figure", view.situation_id, figure=find_id(view, None))
    )
    assert "4" not in children.figure


@pytest.mark.parametrize(
    "path",
    ["/card/atlantis/es/overview.png", "/card/islandia/xx/overview.png", "/card/islandia/es/nothing.png"],
)
def test_a_picture_of_nothing_is_not_there(path: str) -> None:
    assert get(path).status == 404


def test_without_an_address_a_page_has_a_title_and_no_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LIBEROMETRO_ADDRESS")
    front_page._lately.clear()
    memory.forget()
    head = read("/progress?lang=en")
    assert head.title
    assert "og:url" not in head.named
    assert [link for link in head.links if link.get("rel") == "canonical"] == []
    assert head.named["twitter:card"] == "summary"
    assert "url" not in head.data[0]
    memory.forget()


def test_no_page_of_the_app_waits_for_its_picture() -> None:
    """Every head is made without Chromium: what it names is drawn when somebody asks for it."""
    before = chromium.find_process_id()
    read("/doubts?lang=pt")
    assert chromium.find_process_id() == before
