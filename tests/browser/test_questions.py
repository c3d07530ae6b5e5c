"""Questions in the app: a reader follows "something is wrong here" from a figure, a chart and a page."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from dashboards.i18n.translations import list_languages, read_words
from pipelines.core.paths import DataDir
from tests.asked import FORM, MAIL, find_figure, read_link, write_data
from tests.browser.conftest import served
from tests.browser.watching import NO_SIDEWAYS, Watched, whole

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, DataDir]]:
    """Where the app is served, for a situation that is asked by mail, and its data."""
    data = write_data(tmp_path_factory.mktemp("asked") / "data", MAIL)
    with served(data.root) as address:
        yield address, data


@pytest.fixture
def phone(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 360, "height": 740})
    context.set_default_timeout(30_000)
    yield context.new_page()
    context.close()


def told_by(page: Page, place: str) -> list[str]:
    """The lines of the link that is seen in a place of the page."""
    link = page.locator(f"{place} a.lm-wrong").first
    expect(link).to_be_visible()
    box = link.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    assert box["x"] + box["width"] <= 360
    return read_link(link.get_attribute("href") or "").split("\n")


@pytest.mark.parametrize("language", list_languages())
def test_figure_chart_and_page_each_have_their_question_written(
    phone: Page, asked: tuple[str, DataDir], language: str
) -> None:
    (address, data), words = asked, read_words(language)
    figure, watched = find_figure(data), Watched(phone)
    phone.goto(f"{address}/figure?figure={figure}&lang={language}")
    whole(phone)
    lines = told_by(phone, ".lm-panel")
    assert words("question.figure", name=figure) in lines
    assert words("question.value", value=words.number(1591)) in lines
    assert f"{words('question.wrong')} " in lines
    assert any(line.startswith(words("question.address", address=f"{address}/figure?")) for line in lines)
    foot = told_by(phone, ".lm-footer")
    assert words("question.page", name="figure") in foot
    assert any(f"figure={figure}" in line for line in foot)
    assert words("question.heading") in phone.locator(".lm-panel").inner_text()
    phone.goto(f"{address}/?lang={language}")
    whole(phone)
    lines = told_by(phone, ".lm-frame .lm-bar")
    assert words("question.chart", name="overview") in lines
    assert phone.locator(".lm-frame .lm-title").first.inner_text().replace("\n", " ") in lines
    assert words("question.page", name="overview") in told_by(phone, ".lm-footer")
    assert phone.evaluate(NO_SIDEWAYS)
    assert watched.errors == []


def test_a_withheld_figure_is_asked_about_without_its_number(phone: Page, asked: tuple[str, DataDir]) -> None:
    (address, data), words = asked, read_words("es")
    phone.goto(f"{address}/figure?figure={find_figure(data, 'age=adolescent')}")
    whole(phone)
    lines = told_by(phone, "[data-testid=stMain]")
    assert words("question.value", value=words("question.value_withheld")) in lines
    shown = phone.locator("[data-testid=stMain]").inner_text()
    assert "Un lector preguntó el 10 de noviembre de 2026. La parte puede ser pequeña" in shown
    assert "¿No son 2?" not in shown


def test_the_page_of_corrections_has_all_questions_and_leads_to_their_figures(
    phone: Page, asked: tuple[str, DataDir]
) -> None:
    address, data = asked
    phone.goto(f"{address}/corrected?lang=en")
    whole(phone)
    shown = phone.locator("[data-testid=stMain]").inner_text()
    assert "Readers asked 3 times. Not answered: 1; corrected: 0; it stands: 2." in shown
    assert "El gráfico no se ve." in shown
    phone.get_by_role("link", name="La Lista: In prison or in custody, 15 Feb 2026").click()
    expect(phone.locator(".lm-panel")).to_contain_text("Was it not 1,519?")
    assert find_figure(data) in phone.url


def test_the_link_is_reached_by_keys_and_is_not_on_paper(phone: Page, asked: tuple[str, DataDir]) -> None:
    phone.goto(f"{asked[0]}/limits?lang=en")
    whole(phone)
    link = phone.get_by_role("link", name="Something is wrong here")
    for _ in range(60):
        phone.keyboard.press("Tab")
        if phone.evaluate("document.activeElement.classList.contains('lm-wrong')"):
            break
    expect(link).to_be_focused()
    phone.emulate_media(media="print")
    expect(link).to_be_hidden()


def test_a_form_opens_beside_the_page_with_the_question_and_without_a_referrer(
    chromium: Browser, tmp_path: Path
) -> None:
    data = write_data(tmp_path / "data", FORM)
    context = chromium.new_context(viewport={"width": 360, "height": 740})
    context.set_default_timeout(30_000)
    referrers: list[str] = []
    context.route(
        "https://encuestas.example/**",
        lambda route: (
            referrers.append(route.request.headers.get("referer", "")),
            route.fulfill(body="<h1>Form</h1>", content_type="text/html"),
        ),
    )
    with served(data.root) as address:
        page = context.new_page()
        page.goto(f"{address}/limits?lang=pt")
        whole(page)
        with context.expect_page() as opened:
            page.get_by_role("link", name="Algo está errado aqui").click()
        expect(opened.value.locator("h1")).to_have_text("Form")
        assert "Página: limits" in read_link(opened.value.url).split("\n")
        assert page.url.startswith(f"{address}/limits")
    assert referrers == [""]
    context.close()
