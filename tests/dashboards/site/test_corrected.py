"""What we corrected, on the site and in its feeds: the front page's one by one, the others by their day."""

import json
from pathlib import Path

import pytest
from lxml import etree

from dashboards.i18n.translations import list_languages, read_words
from dashboards.site import feeds, open_data
from dashboards.site.edition import Edition, open_edition
from dashboards.site.feeds import ATOM
from dashboards.site.pages import records
from pipelines.core.paths import DataDir
from tests.conftest import TODAY, row, write_situation
from tests.dashboards.site.conftest import Published, rebuild
from tests.pipelines.warehouse.test_own_corrections import changed, mistake, write_mistakes


@pytest.fixture
def mistaken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Edition:
    """The edition of a situation with one mistake on the front page and others, decided on two days."""
    write_situation(tmp_path)
    data = DataDir(tmp_path)
    write_mistakes(
        data,
        mistake(front_page="yes"),
        changed("746", "768"),
        changed("700", "701", decided="2026-11-10"),
        *(mistake(old_value=str(100 + number), decided="2026-11-10") for number in range(30)),
    )
    rebuild(data, [row(value=number, url=f"https://diario.example/{number}") for number in (800, 801)])
    monkeypatch.setenv("LIBEROMETRO_DATA", str(tmp_path))
    return open_edition(None, "https://sitio.example/", TODAY)


def test_a_feed_begins_with_what_we_corrected(mistaken: Edition) -> None:
    name, title, found = feeds.list_feeds(mistaken.views["en"])[0]
    assert [each.title for each in found[:3]] == [
        "We corrected: La Lista, 791",
        "What we corrected on 20 November 2026, away from the front page",
        "What we corrected on 10 November 2026, away from the front page",
    ]
    assert "Figures that we took away: 30. Figures that we changed: 1." in found[2].text
    feed = etree.fromstring(feeds.write_atom(mistaken, mistaken.views["en"], name, title, found))
    first = feed.find(f"{{{ATOM}}}entry")
    assert first is not None
    content = first.findtext(f"{{{ATOM}}}content") or ""
    assert content.startswith("Here stood 791 (In prison or in custody, 20 Aug 2026, La Lista). Now stands ")
    assert content.endswith("Shown from 21 Aug 2026 to 20 Nov 2026 (91 days).")
    assert first.findtext(f"{{{ATOM}}}updated") == "2026-11-20T00:00:00Z"
    links = {each.get("rel"): each.get("href") for each in first.iter(f"{{{ATOM}}}link")}
    assert links == {
        "alternate": "https://sitio.example/en/corrected.html",
        "via": "https://diario.example/1",
    }
    items = json.loads(feeds.write_json_feed(mistaken, mistaken.views["en"], name, title, found))["items"]
    assert [items[0]["tags"], items[1].get("tags")] == [["lista"], None]


def test_an_organisations_feed_has_the_mistakes_about_it(mistaken: Edition) -> None:
    own = next(found for name, _, found in feeds.list_feeds(mistaken.first) if name == "lista")
    assert [bool(each.claim) for each in own] == [False, True, True]


def test_an_entry_about_us_keeps_its_id_from_build_to_build(mistaken: Edition) -> None:
    ids = [each.id for each in feeds.list_feeds(mistaken.first)[0][2]]
    assert len(set(ids)) == len(ids)
    other = feeds.list_feeds(mistaken.views["en"])[0][2]
    assert not set(ids) & {each.id for each in other}


def test_the_page_has_parts_and_as_many_as_are_announced(mistaken: Edition) -> None:
    pages = list(records.make_pages(mistaken.first))
    own = [page for page in pages if page.template == "corrected.html"]
    assert [len(page.context["chunk"]) for page in own] == [7, 7, 7, 7, 5]
    assert len(pages) == records.count_pages(mistaken.first)


@pytest.mark.parametrize("language", list_languages())
def test_every_menu_leads_to_the_page_and_it_lists_corrections_of_claims(
    site: Published, language: str
) -> None:
    words = read_words(language)
    assert f">{words('site.nav_corrected')}</a>" in site.text(f"{language}/contradictions.html")
    assert 'href="contradictions.html"' in site.text(f"{language}/claims.html")
    page = site.text(f"{language}/corrected.html")
    assert words("corrected.none", of_situation=words("situation.of", situation="Islandia")) in page
    assert "dos cifras cambiadas de lugar" in page
    assert (site.out / f"{language}/og/corrected.png").is_file()


def test_the_data_hold_each_mistake_in_the_order_of_the_page(mistaken: Edition) -> None:
    frame = open_data.read_table(mistaken.build, mistaken.first.situation_id, "own_corrections")
    assert frame["position"].to_list() == list(range(1, 34))
    assert frame.row(0, named=True)["old_value"] == 791
    for words in map(read_words, list_languages()):
        assert all(meaning for _, _, meaning in open_data.make_codebook(frame, words))
