"""Questions on the site: the link on every figure, chart and page, and the answers where they belong."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import html
from playwright.sync_api import Browser, Page, Route, expect

from dashboards.i18n.translations import list_languages, read_words
from dashboards.site.edition import Edition, open_edition
from dashboards.site.generator import publish
from dashboards.site.pages import figures, records
from dashboards.site.render import render
from pipelines.core import shown_names
from pipelines.core.paths import DataDir
from pipelines.warehouse import build
from tests.asked import FORM, ISSUES, MAIL, find_figure, read_link, set_channel, write_data
from tests.conftest import TODAY

BASE = "https://sitio.example/m/"


@pytest.fixture(scope="module")
def asked_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, DataDir]]:
    """A site of a situation that is asked by mail, and its data."""
    root = tmp_path_factory.mktemp("asked")
    data = write_data(root / "data", MAIL)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LIBEROMETRO_DATA", str(data.root))
        publish(open_edition(None, BASE, TODAY), root / "out")
        yield root / "out", data


def wrong(page: html.HtmlElement, within: str = "//body") -> list[str]:
    """The links below a place of a page, in their order."""
    return [str(each) for each in page.xpath(f'{within}//a[contains(@class, "wrong")]/@href')]


@pytest.mark.parametrize("language", list_languages())
def test_every_page_ends_in_the_link_and_pinned_pages_have_none(
    asked_site: tuple[Path, DataDir], language: str
) -> None:
    out, words = asked_site[0], read_words(language)
    pages = sorted((out / language).rglob("*.html"))
    assert len(pages) > 20
    for path in pages:
        page = html.parse(str(path)).getroot()
        name = path.relative_to(out / language).with_suffix("").as_posix()
        if name.endswith(".embed"):
            (link,) = wrong(page, "//main")
            assert page.xpath('//a[contains(@class, "wrong")]/@target') == ["_top"]
            assert words("question.chart", name=name[7:-6]) in read_link(link)
            assert shown_names.is_chart(name[7:-6], ["lista"])
            continue
        assert shown_names.is_page(name)
        (link,) = wrong(page, "//footer")
        told = read_link(link)
        assert words("question.page", name=name) in told
        where = f"{BASE}{language}/{name}.html".removesuffix("index.html")
        assert words("question.address", address=where) in told
        assert told.endswith(words("question.no_names"))
    for path in (out / "builds").rglob("*.embed.html"):
        assert wrong(html.parse(str(path)).getroot()) == []


@pytest.mark.parametrize("language", list_languages())
def test_a_figure_and_a_chart_are_asked_about_by_what_they_show(
    asked_site: tuple[Path, DataDir], language: str
) -> None:
    (out, data), words = asked_site, read_words(language)
    figure = find_figure(data)
    page = html.parse(str(out / language / "figures" / f"{figure[:2]}.html")).getroot()
    (link,) = wrong(page, f'//section[@id="{figure}"]')
    told = read_link(link)
    place = f"{BASE}{language}/figures/{figure[:2]}.html#{figure}"
    for line in (
        words("question.figure", name=figure),
        words("question.value", value=words.number(1591)),
        words("question.day", day=words.day(TODAY.replace(month=2, day=15))),
        words("question.address", address=place),
        f"{words('question.wrong')} ",
    ):
        assert line in told.split("\n")
    small = find_figure(data, "age=adolescent")
    page = html.parse(str(out / language / "figures" / f"{small[:2]}.html")).getroot()
    (link,) = wrong(page, f'//section[@id="{small}"]')
    assert words("question.value", value=words("question.value_withheld")) in read_link(link)
    page = html.parse(str(out / language / "charts" / "held.html")).getroot()
    (link,) = wrong(page, "//main")
    assert words("question.chart", name="held") in read_link(link)
    assert page.xpath("string(//h1)") in read_link(link)


def test_answers_stand_on_their_figure_and_all_questions_among_the_corrections(
    asked_site: tuple[Path, DataDir],
) -> None:
    out, data = asked_site
    figure, small = find_figure(data), find_figure(data, "age=adolescent")
    told = _tell(out / "es" / "figures" / f"{figure[:2]}.html", f'//section[@id="{figure}"]')
    assert "Un lector preguntó el 10 de noviembre de 2026: ¿No eran 641?" in told
    assert "Se mantiene (12 de noviembre de 2026): El boletín dice 1.591." in told
    told = _tell(out / "en" / "figures" / f"{figure[:2]}.html", f'//section[@id="{figure}"]')
    assert "A reader asked on 10 November 2026: Was it not 1,519?" in told
    assert "It stands (12 November 2026):El boletín dice 1.591.(in Spanish only)" in told
    told = _tell(out / "es" / "figures" / f"{small[:2]}.html", f'//section[@id="{small}"]')
    assert "La parte puede ser pequeña" in told
    assert "La fuente dice 3" not in told
    told = _tell(out / "en" / "corrected.html")
    assert "Readers asked 3 times. Not answered: 1; corrected: 0; it stands: 2." in told
    assert "Half of the answers took 3 days or less." in told
    assert told.index("12 Nov 2026") < told.index("Was it not 1,519?")
    assert "¿No son 2?" not in told
    page = html.parse(str(out / "en" / "corrected.html")).getroot()
    places = {str(each) for each in page.xpath("//table//a/@href") if "figures/" in each}
    assert places == {f"figures/{each[:2]}.html#{each}" for each in (figure, small)}


def _tell(path: Path, within: str = "//main") -> str:
    (part,) = html.parse(str(path)).getroot().xpath(within)
    return " ".join(str(part.text_content()).split())


def pages_of(data: DataDir, patch: pytest.MonkeyPatch, channel: str) -> dict[str, html.HtmlElement]:
    """The pages of records in English, with another channel."""
    set_channel(data, channel)
    build.build(data, today=TODAY)
    patch.setenv("LIBEROMETRO_DATA", str(data.root))
    made: Edition = open_edition(None, "", TODAY)
    view = replace(made.views["en"])
    written = [*records.make_pages(view), *figures.make_pages(made, view)]
    return {page.path: html.fromstring(render(made, page)) for page in written}


def test_a_form_and_an_issue_tracker_get_the_same_and_without_a_channel_there_is_no_link(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = write_data(tmp_path / "data", FORM)
    figure = find_figure(data)
    path = f"en/figures/{figure[:2]}.html"
    for channel, start in (
        (FORM, "https://encuestas.example/f?n=7&t="),
        (ISSUES, "https://git.example/a/b/"),
    ):
        pages = pages_of(data, monkeypatch, channel)
        (link,) = wrong(pages[path], f'//section[@id="{figure}"]')
        assert link.startswith(start)
        told = read_link(link).split("\n")
        assert f"Figure id: {figure}" in told
        assert "It says: 1,591" in told
        assert not [line for line in told if line.startswith("Address:")]  # nobody said where it is served
        assert [path for path, page in pages.items() if len(wrong(page, "//footer")) != 1] == []
    pages = pages_of(data, monkeypatch, "")
    assert [path for path, page in pages.items() if wrong(page)] == []
    assert "Readers asked 3 times" in pages["en/corrected.html"].text_content()


@pytest.fixture
def phone(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 320, "height": 640})
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()


@pytest.mark.browser
def test_the_link_is_reached_by_keys_is_large_enough_and_is_not_printed(
    phone: Page, asked_site: tuple[Path, DataDir]
) -> None:
    out, data = asked_site
    complaints: list[str] = []
    phone.on("console", lambda said: complaints.append(said.text))
    figure = find_figure(data)
    for path in (f"es/figures/{figure[:2]}.html#{figure}", "es/charts/held.html", "es/corrected.html", "es/"):
        phone.goto(f"file://{out}/{path if path != 'es/' else 'es/index.html'}")
        links = phone.get_by_role("link", name="Algo está mal aquí")
        assert links.count() >= 1
        for number in range(links.count()):
            link = links.nth(number)
            link.focus()
            expect(link).to_be_focused()
            box = link.bounding_box()
            assert box is not None
            assert box["height"] >= 44
            assert box["x"] + box["width"] <= 320
        assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
        phone.emulate_media(media="print")
        for number in range(links.count()):
            expect(links.nth(number)).to_be_hidden()
        phone.emulate_media(media="screen")
    assert complaints == []


@pytest.mark.browser
def test_a_reader_who_follows_the_link_brings_the_form_what_stands_in_the_page(
    phone: Page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = write_data(tmp_path / "data", FORM)
    figure = find_figure(data)
    path = f"en/figures/{figure[:2]}.html"
    monkeypatch.setenv("LIBEROMETRO_DATA", str(data.root))
    made = open_edition(None, BASE, TODAY)
    page = next(each for each in figures.make_pages(made, made.views["en"]) if each.path == path)
    (tmp_path / "page.html").write_text(render(made, page), encoding="utf-8")
    asked: list[tuple[str, str]] = []

    def answer(route: Route) -> None:
        asked.append((route.request.url, route.request.headers.get("referer", "")))
        route.fulfill(body="<h1>Form</h1>", content_type="text/html")

    phone.route("https://encuestas.example/**", answer)
    phone.goto(f"file://{tmp_path}/page.html")
    phone.locator(f'section[id="{figure}"] a.wrong').click()
    expect(phone.locator("h1")).to_have_text("Form")
    ((address, referrer),) = asked
    assert referrer == ""
    assert f"Figure id: {figure}" in read_link(address)
