"""What is read out of a feed or a page."""

from datetime import UTC, datetime
from time import process_time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.intake.crawler.crawl_state import RefusedError
from pipelines.intake.crawler.feed_reader import parse_feed, read_hour
from pipelines.intake.crawler.source_listing import read_language, read_links, read_published

CARACAS = ZoneInfo("America/Caracas")
ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="es" xml:base="https://a.example/notas/">
<entry><title>Presos</title><link rel="self" href="no"/><link href="1.html"/>
<published>2026-02-03T01:30:00Z</published><updated>2026-02-04T00:00:00Z</updated></entry>
<entry xml:lang="en"><link rel="alternate" href="/2"/><updated>2026-02-05T00:00:00-04:00</updated></entry>
<entry><title>No link</title></entry></feed>"""
RSS = b"""<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:atom="http://www.w3.org/2005/Atom"><channel><language>es-VE</language>
<atom:link href="https://a.example/feed" rel="self"/>
<item><title>Uno</title><link> /1 </link><pubDate>Tue, 03 Feb 2026 01:30:00 +0000</pubDate>
<description><![CDATA[<p>Una <b>excarcelaci&oacute;n</b></p>]]></description></item>
<item><guid isPermaLink="true">https://a.example/2</guid><dc:date>2026-02-03</dc:date></item>
<item><guid isPermaLink="false">tag:3</guid></item></channel></rss>"""
RDF = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">
<channel><title>c</title></channel><item><link>https://a.example/1</link></item></rdf:RDF>"""

SITEMAP = b"""<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
 xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc>https://a.example/1</loc><lastmod>2026-02-04T00:00:00Z</lastmod>
<news:news><news:publication><news:name>A</news:name><news:language>es</news:language></news:publication>
<news:publication_date>2026-02-03T01:30:00Z</news:publication_date><news:title>Presos</news:title></news:news>
<image:image><image:loc>https://a.example/1.jpg</image:loc></image:image></url></urlset>"""


def test_a_sitemap_of_news_is_read_like_a_feed() -> None:
    (entry,) = parse_feed(SITEMAP, base="https://a.example/news.xml", zone=CARACAS).entries
    assert (entry.url, entry.language, entry.words) == ("https://a.example/1", "es", "Presos")
    assert entry.published == datetime(2026, 2, 3, 1, 30, tzinfo=UTC)
    assert entry.stamp == "2026-02-04T00:00:00Z"


def test_a_sitemap_of_a_whole_site_is_refused() -> None:
    whole = b"<urlset><url><loc>https://a.example/1</loc></url></urlset>"
    with pytest.raises(RefusedError, match="not one of news"):
        parse_feed(whole, base="https://a.example/sitemap.xml", zone=CARACAS)


def test_atom_is_read_with_its_bases_languages_and_dates() -> None:
    first, second = parse_feed(ATOM, base="https://a.example/feed", zone=CARACAS).entries
    assert (first.url, first.language) == ("https://a.example/notas/1.html", "es")
    assert first.published == datetime(2026, 2, 3, 1, 30, tzinfo=UTC)
    assert first.stamp == "2026-02-04T00:00:00Z"
    assert (second.url, second.language) == ("https://a.example/2", "en")


def test_rss_is_read_with_permalinks_and_dublin_core() -> None:
    feed = parse_feed(RSS, base="https://a.example/feed", zone=CARACAS)
    first, second = feed.entries
    assert (first.url, first.language) == ("https://a.example/1", "es-VE")
    assert first.words.startswith("Uno Una")
    assert (second.url, second.published) == (
        "https://a.example/2",
        datetime(2026, 2, 3, tzinfo=CARACAS),
    )


def test_rss_1_is_read() -> None:
    assert [e.url for e in parse_feed(RDF, base="", zone=CARACAS).entries] == ["https://a.example/1"]


@pytest.mark.parametrize(
    "trap",
    [
        b'<a xml:base="x/">' * 40_000,
        b"".join(b'<a xmlns:n%d="u"/>' % number for number in range(40_000)),
        b"<entry>%s</entry>" % b"".join(b'<category term="%d"/>' % number for number in range(20_000)),
    ],
    ids=["bases in bases", "a namespace each", "a category each"],
)
def test_a_feed_of_a_megabyte_cannot_hold_up_the_round(trap: bytes) -> None:
    began = process_time()
    parse_feed(b'<feed xmlns="http://www.w3.org/2005/Atom">' + trap, base="https://a.example/", zone=CARACAS)
    assert process_time() - began < 5


@pytest.mark.parametrize(
    ("written", "hour"),
    [
        ("Mon, 05 Jan 2026 10:00:00 +0000", datetime(2026, 1, 5, 10, tzinfo=UTC)),
        ("Mon, 05 Jan 2026 10:00:00 -0000", datetime(2026, 1, 5, 10, tzinfo=UTC)),
        ("Mon, 05 Jan 2026 10:00:00", datetime(2026, 1, 5, 10, tzinfo=CARACAS)),
        ("2026-01-05T10:00:00Z", datetime(2026, 1, 5, 10, tzinfo=UTC)),
        ("2026-01-05", datetime(2026, 1, 5, tzinfo=CARACAS)),
        ("lun, 05 ene 2026", None),
        ("0001-01-01T00:00:00Z", None),
        ("", None),
        (None, None),
    ],
)
def test_an_hour_is_read_or_is_none(written: str | None, hour: datetime | None) -> None:
    assert read_hour(written, CARACAS) == hour


@given(st.text())
def test_no_text_breaks_the_reading_of_an_hour(text: str) -> None:
    assert read_hour(text, CARACAS) is None or text.strip()


def test_links_of_an_index_are_whole_and_each_once() -> None:
    page = b"""<base href="https://a.example/es/"><a href="nota/1">a</a><a href="/es/nota/1#x">b</a>
    <a href="http://[bad/">c</a><a>d</a><a href="https://b.example/nota/1">e</a>"""
    found = read_links(page, base="https://a.example/", pattern=r"https://a\.example/es/nota/\d+")
    assert [(entry.url, entry.words) for entry in found] == [("https://a.example/es/nota/1", "a b")]


@pytest.mark.parametrize(
    "head",
    [
        '<meta property="article:published_time" content="2026-02-03T01:30:00+00:00">',
        '<script type="application/ld+json">{"@graph":[{"datePublished":"2026-02-03T01:30:00Z"}]}</script>',
        '<script type="application/ld+json">{broken</script>'
        '<time itemprop="datePublished" datetime="2026-02-02T21:30:00-04:00">ayer</time>',
    ],
)
def test_a_page_says_when_it_was_published(head: str) -> None:
    page = f"<html><body>{head}<p>texto</p></body></html>".encode()
    assert read_published(page, CARACAS) == datetime(2026, 2, 3, 1, 30, tzinfo=UTC)


def test_a_page_without_a_date_has_none() -> None:
    assert read_published(b"<p>3 de febrero de 2026</p>", CARACAS) is None
    assert read_published(b"", CARACAS) is None


def test_a_page_says_its_language() -> None:
    assert read_language(b'<html lang="es-VE"><p>x</p></html>') == "es"
    assert read_language(b"<p>x</p>") is None
