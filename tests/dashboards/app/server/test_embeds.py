"""What others' pages and programs are given of an address of the app: oEmbed, frames, llms.txt."""

import json
import re
from urllib.parse import quote

import pytest
from lxml import etree

from dashboards.app.page_registry import FRONT, PAGES
from dashboards.i18n.translations import list_languages, read_words
from dashboards.queries.view import View
from tests.dashboards.app.server.served_cards import PAST, find_id, get, read, view
from tests.dashboards.published_view import ADDRESS
from tests.linters.page_head import check_oembed

__all__ = ["view"]  # a fixture of every test here


@pytest.mark.parametrize("form", ["json", "xml"])
@pytest.mark.parametrize("language", list_languages())
def test_what_a_page_says_of_oembed_is_answered(language: str, form: str) -> None:
    found = 0
    for page in PAGES:
        head = read(f"/{'' if page == FRONT else page}?lang={language}")
        for link in head.list_links("alternate"):
            if link.get("type") not in ("application/json+oembed", "text/xml+oembed"):
                continue
            answer = get(link["href"].removeprefix(ADDRESS))
            assert answer.status == 200, page
            assert answer.headers["content-type"].split(";")[0] + "+oembed" == link["type"]
            told = (
                json.loads(answer.body)
                if "json" in link["type"]
                else {each.tag: each.text for each in etree.fromstring(answer.body)}
            )
            assert list(check_oembed(told)) == []
            found += form in link["type"]
    assert found >= 4


def test_oembed_keeps_within_the_room_that_there_is(view: View) -> None:
    url = quote(f"{ADDRESS}/c/es/{view.situation_id}/held", safe="")
    whole = json.loads(get(f"/oembed?url={url}").body)
    assert (whole["width"], "embed/v1/embed.js" in whole["html"], "thumbnail_url" in whole) == (
        720,
        True,
        True,
    )
    small = json.loads(get(f"/oembed?url={url}&maxwidth=400&maxheight=300").body)
    assert (small["width"], small["height"]) == (400, 300)
    assert "<script" not in small["html"]  # it would make the frame higher than there is room for
    assert "thumbnail_url" not in small
    assert json.loads(get(f"/oembed?url={url}&maxwidth=9000").body)["width"] == 720


@pytest.mark.parametrize(
    ("question", "status"),
    [
        ("", 400), ("?url=", 400), ("?url={own}/pace&maxwidth=abc", 400),
        ("?url={own}/pace&maxwidth=-1", 400),
        ("?url={own}/pace&maxheight=1e9", 400), ("?url={own}/pace&maxwidth=" + "9" * 400, 400),
        ("?url={own}/pace&format=yaml", 501), ("?url=https://evil.example/pace", 404),
        ("?url={own}.evil.example/pace", 404), ("?url={own}@evil.example/pace", 404),
        ("?url={own}/glossary", 404),
        ("?url={own}/nothing", 404), ("?url={own}/c/es/atlantis/held", 404),
        ("?url={own}/c/es/islandia/nothing", 404), ("?url={own}/pace?situation=atlantis", 404),
        ("?url={own}/figure?figure=0000000000000000", 404), ("?url={own}/%3Cscript%3E", 404),
        ("?url={own}/" + "x" * 5000, 404), ("?url=javascript:alert(1)", 404),
    ],
)  # fmt: skip
def test_oembed_refuses_what_is_not_ours_or_not_asked_rightly(question: str, status: int) -> None:
    answer = get("/oembed" + question.format(own=ADDRESS))
    assert answer.status == status
    assert b"<" not in answer.body


@pytest.mark.parametrize("known", ["", f"?known={PAST}"])
@pytest.mark.parametrize("language", list_languages())
def test_a_page_to_embed_may_be_framed_and_runs_nothing_but_its_own(
    view: View, language: str, known: str
) -> None:
    for name in ("held", "gaps", f"figure-{find_id(view, 806)}"):
        answer = get(f"/embed/{language}/{view.situation_id}/{name}{known}")
        if name == "gaps" and answer.status == 404:
            continue
        assert answer.status == 200
        policy = answer.headers["content-security-policy"]
        assert "frame-ancestors *" in policy
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        tree = etree.HTML(answer.text)
        assert [each.get("src") for each in tree.iter("script")] == ["../../../embed/v1/frame.js"]
        assert tree.get("lang") == language
        for link in tree.iter("a"):
            assert link.get("target") == "_top"


@pytest.mark.parametrize(
    "path",
    [
        "es/atlantis/held",
        "xx/islandia/held",
        "es/islandia/nothing",
        "es/islandia/figure-0",
        "es/islandia/%3Cb%3E",
    ],
)
def test_a_frame_of_nothing_is_not_there(path: str) -> None:
    answer = get(f"/embed/{path}")
    assert answer.status == 404
    assert "frame-ancestors *" not in answer.headers.get("content-security-policy", "")


def test_the_scripts_of_frames_are_served_under_their_version() -> None:
    for name in ("embed", "frame"):
        answer = get(f"/embed/v1/{name}.js")
        assert (answer.status, answer.headers["content-type"]) == (200, "text/javascript; charset=utf-8")
    assert get("/embed/v1/page.js").status == 404
    assert get("/embed/v2/embed.js").status == 404


@pytest.mark.parametrize("language", list_languages())
def test_llms_txt_has_the_form_of_its_proposal_and_leads_to_what_is_there(language: str) -> None:
    answer = get(f"/llms.txt?lang={language}")
    assert answer.headers["content-type"].startswith("text/plain")
    lines = answer.text.splitlines()
    assert [line for line in lines if line.startswith("# ")] == [lines[0]]
    assert lines[2].startswith("> ")
    sections = [line for line in lines if line.startswith("## ")]
    assert sections[-2:] == ["## Optional", f"## {read_words(language)('llms.cite')}"]
    links = re.findall(r"^- \[[^\]]+\]\(([^)]+)\)", answer.text, re.MULTILINE)
    assert len(links) == sum(line.startswith("- [") for line in lines)
    for link in links:
        if link.startswith(ADDRESS) and "<" not in link and "…" not in link:
            assert get(link.removeprefix(ADDRESS)).status == 200, link
    for name in PAGES:
        assert any(f"{ADDRESS}/{'' if name == FRONT else name}" in link for link in links)
    assert read_words(language)("llms.subtract") in answer.text
