"""Pages: they hold together, bring what they need, say what families must know, let no value become code."""

import csv
import getpass
import gzip
import html
import io
import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from lxml import etree

from dashboards.exhibits import news_entries
from dashboards.exhibits.chart_registry import list_shown
from dashboards.export import formats
from dashboards.i18n.translations import read_words
from dashboards.queries.view import View
from dashboards.site import render, urls
from dashboards.site.pages import embeds, records
from pipelines.core.paths import ROOT
from tests.conftest import TODAY, row
from tests.dashboards.site.conftest import BASE, HOSTILE, Published

ADDRESS = re.compile(r'\s(?:href|src|srcset)="([^"]*)"')


class Tags(HTMLParser):
    """Every tag with its attributes, and the text outside of style and script."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._silent = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._silent = tag if tag in ("style", "script") else ""

    def handle_endtag(self, tag: str) -> None:
        if tag == self._silent:
            self._silent = ""

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.text += data


LOST = "404.html"  # shown under any address: its own lead from the root of the site


def test_no_link_within_the_site_is_broken(site: Published) -> None:
    pages = {path.resolve(): path.read_text(encoding="utf-8") for path in site.files(".html")}
    ids = {path: set(re.findall(r'\sid="([^"]+)"', page)) for path, page in pages.items()}
    broken = set()
    seen = 0
    for path, page in pages.items():
        for found in ADDRESS.findall(page):
            parts = urlsplit(html.unescape(found))
            if parts.scheme or parts.netloc:
                continue
            seen += 1
            there = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            if path.name == LOST and parts.path:
                there = site.out / unquote(parts.path).removeprefix(urlsplit(BASE).path)
            lost = parts.fragment and there in ids and unquote(parts.fragment) not in ids[there]
            if not there.is_file() or lost:
                broken.add((path.name, found))
    assert broken == set()
    assert seen > 2000


def test_every_address_within_the_site_is_relative_and_names_its_file(site: Published) -> None:
    for path in site.files(".html"):
        for found in ADDRESS.findall(path.read_text(encoding="utf-8")):
            rooted = path.name == LOST and "://" not in found and not found.startswith("#")
            assert found.startswith("/") == rooted, (path, found)
            assert not found.endswith("/") or "://" in found, (path, found)


def test_a_page_loads_nothing_from_another_host(site: Published) -> None:
    loading = {"script", "img", "iframe", "source", "link", "object", "embed", "video", "audio"}
    for path in site.files(".html"):
        for tag, attributes in Tags(path.read_text(encoding="utf-8")).tags:
            named = [attributes.get(name) or "" for name in ("src", "srcset", "href", "data")]
            if tag in loading and attributes.get("rel") not in ("canonical", "alternate"):
                assert not [each for each in named if "//" in each], (path, tag, attributes)
    for path in site.files(".css"):
        assert "url(" not in path.read_text(encoding="utf-8")


def test_every_page_states_a_strict_policy(site: Published) -> None:
    for path in site.files(".html"):
        stated = re.search(r'Content-Security-Policy" content="([^"]*)"', path.read_text(encoding="utf-8"))
        assert stated is not None, path
        rule = html.unescape(stated[1])
        assert rule.startswith("default-src 'none';"), path
        drawn = path.name.endswith(".interactive.html")
        place = path.relative_to(site.out).as_posix()
        framed = re.search(r"\.embed\.html$|^builds/|/embeds\.html$", place) is not None
        # Plotly writes bold and coloured words as attributes of style; nothing else is inline, nor elsewhere.
        assert rule.count("style-src-attr 'unsafe-inline';") == rule.count("unsafe-inline") == drawn, path
        assert "unsafe-eval" not in rule
        assert ("script-src 'self';" in rule) == ("script-src" in rule) == (drawn or framed), path


def test_nothing_is_inline_but_data_and_the_style_that_the_policy_names(site: Published) -> None:
    for path in site.files(".html"):
        page = path.read_text(encoding="utf-8")
        for tag, attributes in Tags(page).tags:
            assert "style" not in attributes, (path, tag)
            assert not [name for name in attributes if name.startswith("on")], (path, tag)
            if tag == "script" and "src" not in attributes:
                assert attributes["type"] in ("application/ld+json", "application/json")
        for style in re.findall(r"<style>(.*?)</style>", page, re.DOTALL):
            assert render.hash_text(style) in html.unescape(page)


@pytest.mark.parametrize("path", ["index.html", "es/index.html", "en/index.html"])
def test_the_families_page_is_one_light_file_without_scripts(site: Published, path: str) -> None:
    page = site.text(path)
    assert len(gzip.compress(page.encode(), 9)) + len(site.text(render.ICON)) < 25_000
    tags = Tags(page).tags
    assert not [a for tag, a in tags if tag == "script" and a.get("type") != "application/ld+json"]
    assert not [tag for tag, _ in tags if tag in ("img", "iframe", "picture", "form", "video")]
    assert [a["rel"] for tag, a in tags if tag == "link" and a["rel"] in ("stylesheet", "preload")] == []


def test_the_families_page_says_in_text_all_that_it_shows(site: Published) -> None:
    text = " ".join(Tags(site.text("index.html")).text.split())
    for said in (
        "El 15 de febrero de 2026, La Lista contaba 601 personas en prisión por motivos políticos",
        "El 24 de noviembre de 2026, cuando se hizo esta página, la más nueva de estas cifras tenía 282 días",
        "601", "464", "15 de febrero de 2026", "La Lista", "El Diario",  # what, when, who
        "No hallamos ningún total más nuevo.", "no quiere decir que nada cambió",
        "Esto no dice nada de ninguna persona", "Son totales, no una lista.",  # what it does not say
        "Salir de prisión no es estar libre", "Casa por cárcel. Detenida en su casa. No es una salida.",
        "Línea de ayuda", "Atiende a familias.",  # where to ask
        "Página hecha el 24 de noviembre de 2026.",
    ):  # fmt: skip
        assert said in text, said
    assert not re.search(r"hace \d", text)  # it is kept and sent on: an age would soon be wrong


def test_the_families_page_names_no_day_to_come(site: Published) -> None:
    page = Tags(site.text("index.html")).text
    days = re.findall(r"(\d{1,2}) de (\w+) de (20\d\d)", page)
    months = [
        "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre",
        "noviembre", "diciembre",
    ]  # fmt: skip
    assert len(days) > 5
    assert all((int(y), months.index(m) + 1, int(d)) <= (2026, 11, 24) for d, m, y in days)


def test_definitions_list_the_measures_that_the_situation_has(site: Published) -> None:
    words, text = read_words("en"), site.text("en/definitions.html")
    assert words("measure.released_to_date") in text
    assert words("measure.amnesty_granted_to_date") not in text


def test_its_drawings_have_a_name_and_a_description(site: Published) -> None:
    page = site.text("index.html")
    drawings = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
    assert len(drawings) == 1
    for each in drawings:
        root = etree.fromstring(each)
        assert page.count(f' id="{root.get("aria-labelledby")}"') == 1
        assert (root[0].tag, root[0].get("id")) == ("desc", root.get("aria-describedby"))
        assert root[0].text.count("cifra") == 1


def test_exact_figures_are_the_line_and_a_bound_is_never_a_point_of_it(site: Published) -> None:
    held = re.findall(r"<svg.*?</svg>", site.text("index.html"), re.DOTALL)[0]
    assert 'class="mark dot"' in held
    assert 'class="mark open"' not in held  # more than 700


def test_a_hostile_name_is_harmless_everywhere(site: Published) -> None:
    for path in site.files(".html"):
        page = path.read_text(encoding="utf-8")
        assert "<script>alert" not in page, path
        for text in re.findall(
            r'<script type="application/(?:ld\+)?json"[^>]*>(.*?)</script>', page, re.DOTALL
        ):
            json.loads(text)
    for path in site.files(".svg", ".atom"):
        etree.parse(path)
    everything = "".join(Tags(path.read_text(encoding="utf-8")).text for path in site.files(".html"))
    assert HOSTILE in everything  # it is shown, as the text that it is


def test_a_hostile_text_is_no_formula_in_a_table(site: Published) -> None:
    for path in site.files(".csv"):
        lines = [
            line for line in path.read_text(encoding="utf-8").splitlines(True) if not line.startswith("# ")
        ]
        for cells in csv.reader(io.StringIO("".join(lines))):
            assert not [cell for cell in cells if cell.startswith(("=", "@", "+"))], path


def test_a_small_cell_is_in_no_file(site: Published) -> None:
    figures = list(csv.DictReader(io.StringIO(site.text("data/figures.csv"))))
    young = [each for each in figures if each["breakdown"] == "age=adolescent"]
    assert [each["value"] for each in young] == [""]
    page = site.text(urls.make_figure_path("es", young[0]["figure_id"]).split("#")[0])
    entry = page[page.index(f'id="{young[0]["figure_id"]}"') :].split("</section>")[0]
    assert "menos de 5" in entry or "no se muestra" in entry or "se reserva" in entry


def test_no_file_says_anything_of_the_machine(site: Published) -> None:
    told = [str(ROOT), str(site.out.parent), str(Path.home()), getpass.getuser() + "@"]
    for path in (path for path in site.out.rglob("*") if path.is_file()):
        content = path.read_bytes()
        assert not [each for each in told if each.encode() in content], path


def test_addresses_are_whole_where_machines_need_them(site: Published) -> None:
    page = site.text("es/charts/held.html")
    assert f'<link rel="canonical" href="{BASE}es/charts/held.html">' in page
    assert f'hreflang="en" href="{BASE}en/charts/held.html"' in page
    picture = re.search(r'og:image" content="([^"]+)"', page)
    assert picture is not None
    assert (site.out / picture[1].removeprefix(BASE)).read_bytes().startswith(b"\x89PNG")
    assert f"Sitemap: {BASE}sitemap.xml" in site.text("robots.txt")
    for loc in etree.parse(site.out / "sitemap.xml").iterfind("{*}url/{*}loc"):
        rest = loc.text.removeprefix(BASE)
        assert (site.out / (rest or "index.html") / ("index.html" if rest.endswith("/") else "")).exists()


def test_every_page_has_a_title_and_a_description_of_its_own_language(site: Published) -> None:
    for path in site.files(".html"):
        page = path.read_text(encoding="utf-8")
        language = path.relative_to(site.out).parts[0]
        if language in site.edition.views:
            assert f'<html lang="{language}">' in page
        assert re.search(r"<title>[^<]{8,}</title>", page)
        assert re.search(r'name="description" content="[^"]{8,}', page), path


def test_the_data_of_a_chart_are_told_to_machines(site: Published) -> None:
    found = re.search(r"ld\+json\">(.*?)</script>", site.text("es/charts/held.html"))
    assert found is not None
    data = json.loads(found[1])
    assert data["@type"] == "Dataset"
    assert data["temporalCoverage"] == "2026-01-05/2026-02-15"
    assert data["license"].startswith("https://creativecommons.org/")
    assert {each["encodingFormat"] for each in data["distribution"]} >= {"text/csv", "application/json"}
    for each in data["distribution"]:
        assert (site.out / each["contentUrl"].removeprefix(BASE)).is_file()
    assert "https://diario.example/1" in data["isBasedOn"]


def test_a_feed_has_one_entry_for_each_statement_dated_by_its_publication(site: Published) -> None:
    feed = etree.parse(site.out / "es/feeds/all.atom").getroot()
    entries = feed.findall("{*}entry")
    days = [each.findtext("{*}updated") for each in entries]
    assert days == sorted(days, reverse=True)
    assert feed.findtext("{*}updated") == days[0] == "2026-03-03T00:00:00Z"  # the correction
    assert days[1] == "2026-02-16T00:00:00Z"
    assert len({each.findtext("{*}id") for each in entries}) == len(entries) == 10
    changed = [each for each in entries if each.findtext("{*}title").startswith("Cambió")]
    corrected, revised = changed
    assert "464" in corrected.findtext("{*}title")
    assert "Antes: 446" in corrected.findtext("{*}content")
    assert "dos cifras cambiadas de lugar" in corrected.findtext("{*}content")
    assert "655" in revised.findtext("{*}title")
    assert "Antes: 640" in revised.findtext("{*}content")
    own = json.loads(site.text("es/feeds/malo.json"))
    assert [item["tags"] for item in own["items"]] == [["malo"]] * 2
    assert own["version"] == "https://jsonfeed.org/version/1.1"


def test_a_feeds_ids_do_not_follow_the_address_or_the_day(served: Published) -> None:
    view = served.edition.views["es"]
    ids = [each.id for each in news_entries.list_entries(view)]
    assert ids == [
        each.findtext("{*}id")
        for each in etree.parse(served.out / "es/feeds/all.atom").getroot().findall("{*}entry")
    ]


def test_an_embed_is_light_titled_and_keeps_its_source(site: Published) -> None:
    build = site.edition.build.id
    for path in (f"builds/{build}/es/held.html", "es/charts/held.embed.html"):
        page = site.text(path)
        pictures = {name for name in ADDRESS.findall(page) if name.endswith(".svg") and "icon" not in name}
        for picture in pictures:
            drawn = (site.out / path).parent / picture
            whole = len(page) + drawn.stat().st_size + len(render.read_style())
            assert whole < 100_000
        assert len(pictures) == 2
        assert "Fuente: La Lista" in Tags(page).text
        assert "<title>" in page


def test_the_snippet_that_stays_names_this_build_and_the_other_does_not(served: Published) -> None:
    view = served.edition.views["es"]
    held = next(each for each in list_shown(view) if each.name == "held")
    fixed, moving = embeds.write_snippets(served.edition, view, held)
    assert f'src="{BASE}builds/{view.build.id}/es/held.html"' in fixed
    assert view.build.id not in moving
    assert 'title="' in fixed


def test_an_address_of_a_chart_embeds_itself_by_oembed(served: Published) -> None:
    page = served.text("es/charts/held.html")
    address = f"{BASE}es/charts/held.oembed.json"
    assert 'type="application/json+oembed" title="' in page
    assert f'href="{address}"' in page
    told = json.loads(served.text("es/charts/held.oembed.json"))
    assert (told["version"], told["type"]) == ("1.0", "rich")
    assert f'href="{address}"' in served.text("es/charts/held.embed.html")
    assert (served.out / told["thumbnail_url"].removeprefix(BASE)).is_file()
    assert told["html"].endswith("</script>")
    assert f'<iframe src="{BASE}es/charts/held.embed.html"' in told["html"]


def test_a_frame_is_as_high_as_its_width_makes_it(served: Published) -> None:
    view = served.edition.views["es"]
    for snippet in embeds.write_snippets(served.edition, view, list_shown(view)[0]):
        assert "aspect-ratio:" in snippet
        assert snippet.endswith(f'<script async src="{BASE}embed/v1/embed.js"></script>')


def test_the_menu_has_the_five_pages_of_the_app_and_tells_the_section(site: Published) -> None:
    words = read_words("es")
    for name, section in (("claims", "figures"), ("charts/held", "charts"), ("revisions", "checks")):
        menu = site.text(f"es/{name}.html").split('<nav class="menu"')[1].split("</nav>")[0]
        told = re.findall(r"<a href=[^>]*>([^<]+)</a>", menu.split("</ul>")[0])
        assert told == [
            words(f"nav.{each}") for each in ("today", "charts", "verified", "checks", "figures", "about")
        ]
        assert re.search(rf'aria-current="(page|true)">{words(f"nav.{section}")}<', menu)


def test_the_index_of_charts_shows_each_picture_in_small(site: Published) -> None:
    page = site.text("es/charts/index.html")
    view = site.edition.views["es"]
    for chart in list_shown(view):
        assert f'href="{chart.name}.html"' in page
        assert (f'src="{chart.name}.wide.svg"' in page) is chart.has_picture


def test_a_list_is_folded_by_day_and_the_newest_is_open_where_it_is_short(site: Published) -> None:
    for name in ("claims", "changes"):
        days = re.findall(
            r'<details class="day[^"]*"( open)?>\s*<summary>([^<]+?) <span>([^<]+)</span></summary>'
            r"(.*?)</details>",
            site.text(f"en/{name}.html"),
            re.DOTALL,
        )
        assert len(days) > 4
        rows = [len(re.findall(r"<tr>|<li>", inside)) - ("<tr>" in inside) for *_, inside in days]
        told = [int(re.search(r"(\d+) figures?$", who)[1]) for _, _, who, _ in days]  # type: ignore[index]
        assert rows == told
        assert [opened for opened, *_ in days] == [
            " open" if rows[0] <= records.OPENED else "",
            *[""] * (len(days) - 1),
        ]


def test_no_page_of_a_list_has_more_days_than_a_reader_scrolls(served: Published) -> None:
    view = served.edition.views["es"]
    many = records.list_days(("a day", "La Lista", number) for number in range(3))
    assert [(day.who, len(day.rows)) for day in many] == [("La Lista", 3)]
    assert sum(1 for _ in records.make_pages(view)) == records.count_pages(view)


def test_every_chart_offers_its_files(site: Published) -> None:
    for ending in (*formats.PICTURES, *formats.TABLES, "wide.svg", "tall.svg"):
        assert (site.out / f"en/charts/held.{ending}").stat().st_size > 500
    assert f"# Address: {BASE}en/charts/held.html\n" in site.text("en/charts/held.csv")


def test_a_site_without_an_address_states_none(served: Published) -> None:
    plain = type(served.edition)(served.edition.views, TODAY, "")
    assert plain.absolute("es/claims.html") == ""
    page = render.render(plain, embeds.make_article(plain, plain.views["es"]))
    assert BASE not in page
    assert "canonical" not in page
    assert 'hreflang="en" href="../en/embeds.html"' in page


def test_a_total_in_doubt_is_no_newest_total_of_an_organisation(publish: Callable[..., View]) -> None:
    view = publish(
        [
            row(value=601, as_of="2026-03-15", published="2026-03-16"),
            row(value=540, as_of="2026-03-25", published="2026-03-20"),  # of a day after its publication
        ]
    )
    found = records._make_organisations(view).context["found"]
    assert "601" in str(found)
    assert "540" not in str(found)
