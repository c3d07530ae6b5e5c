"""What a run keeps, passes over, groups and queues."""

import hashlib
import json
from datetime import date, timedelta

import pytest

from pipelines.intake.crawler.crawl import collect
from pipelines.intake.crawler.source_list import SourcesError, read_sources
from tests.pipelines.intake.crawler.conftest import World, article, item, rss
from tests.pipelines.intake.crawler.server import Handler, in_turn, reply, status

XML = "application/rss+xml"
LATER = "Mon, 23 Nov 2026 21:00:00 +0000"


def serve(world: World, *items: str, name: str = "feed", **settings: object) -> None:
    """A feed of these entries."""
    world.server.paths[f"/{name}"] = reply(rss(*items), XML)
    world.feed(name, f"/{name}", **settings)


def page(world: World, path: str, body: str) -> str:
    """A page on the server; returns its address."""
    world.server.paths[path] = reply(body)
    return f"{world.server.url}{path}"


def test_a_document_is_kept_untouched_under_its_sha256_with_its_facts_beside_it(world: World) -> None:
    body = article()
    serve(world, item(page(world, "/a", body), "Tue, 24 Nov 2026 02:30:00 +0000"))
    world.run()
    digest = hashlib.sha256(body.encode()).hexdigest()
    folder = world.folder / "inbox" / "reports"
    assert (folder / f"{digest}.html").read_bytes() == body.encode()
    beside = json.loads((folder / f"{digest}.report.json").read_text(encoding="utf-8"))
    assert beside["published"] == "2026-11-23"  # half past ten in the evening in Caracas
    assert beside["published_from"] == "feed"
    assert (beside["publisher"], beside["language"], beside["content_type"]) == ("Feed", "es", "text/html")
    assert beside["sha256"] == beside["origin"] == digest
    assert beside["final_url"] == f"{world.server.url}/a"
    assert sorted(path.suffix for path in folder.iterdir()) == [".html", ".json"]


def test_nothing_is_fetched_twice(world: World) -> None:
    serve(world, item(page(world, "/a", article())))
    assert world.run().outcomes[0].new_reports == 1
    done = world.run().outcomes[0]
    assert (done.known, done.new_reports, done.waiting) == (1, 0, 0)
    assert world.server.count("/a") == 1
    assert world.values == [800]


def test_an_unchanged_feed_costs_one_conditional_request(world: World) -> None:
    def feed(handler: Handler) -> None:
        known = handler.headers.get("If-None-Match") == '"v1"'
        body = reply(rss(item(f"{world.server.url}/a")), XML, ETag='"v1"')
        (status(304) if known else body)(handler)

    page(world, "/a", article())
    world.server.paths["/feed"] = feed
    world.feed()
    assert world.run().outcomes[0].state == "read"
    assert world.run().outcomes[0].state == "unchanged"


def test_last_modified_is_sent_back(world: World) -> None:
    hour = "Mon, 23 Nov 2026 10:00:00 GMT"
    world.server.paths["/feed"] = reply(rss(), XML, Last_Modified=hour)
    world.feed()
    world.run()
    world.run()
    assert world.server.asked[-1][1]["If-Modified-Since"] == hour


def test_a_feed_with_entries_left_over_is_read_in_full_again(world: World) -> None:
    entries = [item(page(world, f"/{n}", article(n))) for n in (801, 802, 803)]
    world.server.paths["/feed"] = reply(rss(*entries), XML, ETag='"v1"')
    world.feed()
    world.limits = "per_run = 2"
    assert [world.run().outcomes[0].waiting for _ in range(2)] == [1, 0]
    assert "If-None-Match" not in [asked for path, asked in world.server.asked if path == "/feed"][1]
    assert sorted(world.values) == [801, 802, 803]


def test_an_entry_that_its_feed_says_has_changed_is_asked_again(world: World) -> None:
    url = page(world, "/a", article(800))
    serve(world, item(url, "Mon, 23 Nov 2026 15:00:00 +0000"))
    world.run()
    page(world, "/a", article(801))
    serve(world, item(url, "Mon, 23 Nov 2026 16:00:00 +0000"))
    world.sources.pop()
    world.run()
    assert world.values == [800, 801]


def test_a_host_is_asked_at_most_so_often_and_never_in_a_hurry(world: World) -> None:
    serve(world, *(item(page(world, f"/{n}", article(n))) for n in range(20)))
    world.limits = "per_host = 7"
    (outcome,) = world.run().outcomes
    assert len(world.server.asked) == 7
    assert outcome.waiting == 15  # robots.txt and the feed are two of the seven
    assert world.clock.slept == [1.0] * 6


def test_ten_thousand_entries_are_a_matter_of_many_runs(world: World) -> None:
    entries = [item(f"{world.server.url}/{n}") for n in range(10_000)]
    page(world, "/0", article())
    serve(world, *entries)
    world.limits = "per_run = 3"
    (outcome,) = world.run().outcomes
    assert (outcome.listed, outcome.new_reports, outcome.waiting) == (10_000, 1, 9_997)


def test_old_and_unrelated_entries_are_counted_and_not_fetched(world: World) -> None:
    old = item(f"{world.server.url}/old", "Mon, 05 Oct 2026 10:00:00 +0000", title="presos")
    other = item(f"{world.server.url}/sport", title="Béisbol")
    serve(world, old, other, item(page(world, "/a", article()), title="Presos"), about="presos")
    (outcome,) = world.run().outcomes
    assert (outcome.too_old, outcome.off_subject, outcome.new_reports) == (1, 1, 1)


def test_an_undated_report_takes_the_day_that_its_page_names(world: World) -> None:
    meta = '<meta property="article:published_time" content="2026-11-22T01:00:00Z">'
    serve(world, item(page(world, "/a", article().replace("<title>", meta + "<title>")), None))
    world.run()
    (report,) = world.reports
    assert (report.published, report.published_from) == (date(2026, 11, 21), "page")
    assert world.values == [800]


def test_a_report_without_any_date_waits_for_a_person(world: World) -> None:
    serve(world, item(page(world, "/a", article()), None))
    (outcome,) = world.run().outcomes
    assert (outcome.undated, outcome.queued) == (1, 0)
    assert world.reports[0].published is None
    assert world.queued == []


def test_a_source_may_let_the_day_of_retrieval_stand_for_a_date_and_it_is_marked(world: World) -> None:
    serve(world, item(page(world, "/a", article()), None), undated="retrieved")
    world.run()
    assert world.reports[0].published_from == "retrieved"
    assert world.queued[0]["published_basis"].to_list() == ["inferred"]


def test_a_date_from_the_future_is_no_date(world: World) -> None:
    serve(world, item(page(world, "/a", article()), "Mon, 30 Nov 2026 10:00:00 +0000"))
    assert world.run().outcomes[0].undated == 1


def test_the_same_article_under_three_addresses_is_one_report(world: World) -> None:
    first = page(world, "/a", article())
    items = [item(url) for url in (first, f"{first}?utm_source=x&fbclid=1", f"{first}#c")]
    serve(world, *items, item(page(world, "/b", article())), item(page(world, "/c", article())))
    (outcome,) = world.run().outcomes
    assert (outcome.known, outcome.fetched, outcome.new_reports) == (2, 3, 1)
    (report,) = world.reports
    assert [other.url for other in report.also] == [f"{world.server.url}/b", f"{world.server.url}/c"]
    assert world.values == [800]
    assert "also carried by Feed (127.0.0.1)" in world.queued[0]["note"][0]


def test_ten_reprints_of_one_bulletin_count_as_one_under_the_earliest(world: World) -> None:
    for n in range(10):
        body = article(800, words=f"Redacción {'abcdefghij'[n]} del diario.", lead="Caracas, hoy.")
        day = f"{23 - n % 3} Nov 2026 {10 + n}:00:00 +0000"
        serve(world, item(page(world, f"/{n}", body), day), name=f"outlet{n}")
    done = world.run()
    assert sum(outcome.reprints for outcome in done.outcomes) == 9
    assert len({report.origin for report in world.reports}) == 1
    origin = world.reports[0]
    assert (origin.origin, origin.source, len(origin.carriers)) == (origin.sha256, "outlet2", 9)
    assert world.values == [800]
    assert world.queued[0]["publisher"].to_list() == ["Outlet2"]
    assert "Outlet9 (127.0.0.1)" in world.queued[0]["note"][0]


def test_an_earlier_copy_found_later_becomes_the_origin_and_queues_nothing_again(world: World) -> None:
    serve(world, item(page(world, "/b", article(lead="Caracas.")), LATER), name="late")
    world.run()
    serve(world, item(page(world, "/a", article()), "Sun, 22 Nov 2026 15:00:00 +0000"), name="early")
    world.run()
    first, second = world.reports
    assert first.source == "early"
    assert first.origin == second.origin == first.sha256
    assert (first.carriers, second.carriers) == ([second.sha256], [])
    assert world.values == [800]


def test_next_weeks_bulletin_with_another_figure_is_no_reprint(world: World) -> None:
    serve(world, item(page(world, "/a", article(800))), item(page(world, "/b", article(812)), LATER))
    (outcome,) = world.run().outcomes
    assert outcome.reprints == 0
    assert world.values == [800, 812]


def test_a_reprint_queues_only_what_it_says_beyond_its_origin(world: World) -> None:
    more = "Además, 17 personas volvieron a casa, según dijo aparte un portavoz del grupo."
    serve(world, item(page(world, "/a", article())), item(page(world, "/b", article(words=more)), LATER))
    (outcome,) = world.run().outcomes
    assert (outcome.reprints, world.values) == (1, [800, 17])


def test_reports_got_before_a_crash_are_read_by_the_next_run(world: World) -> None:
    serve(world, item(page(world, "/a", article())))

    def crash(*_: object) -> int:
        raise KeyboardInterrupt

    world._enqueue = crash  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        world.run()
    del world._enqueue
    world.run()
    assert world.server.count("/a") == 1
    assert world.values == [800]


def test_a_report_that_cannot_be_read_is_told_once_and_stops_no_other(world: World) -> None:
    world.server.paths["/pdf"] = reply(b"%PDF-1.4 broken", "application/pdf")
    serve(world, item(f"{world.server.url}/pdf"), item(page(world, "/a", article())))
    done = world.run()
    assert [file[-4:] for file in done.unreadable] == [".pdf"]
    assert str(world.folder) not in next(iter(done.unreadable.values()))
    assert world.values == [800]
    assert world.run().unreadable == {}


def test_an_index_page_yields_the_links_that_match(world: World) -> None:
    page(world, "/a", article())
    links = '<a href="/a#top">Informe</a> <a href="/contact">Contacto</a> <a href="/a">otra vez</a>'
    page(world, "/index", f"<html><body>{links}</body></html>")
    world.source("index", kind="index", url=f"{world.server.url}/index", links=r".*/a", undated="retrieved")
    (outcome,) = world.run().outcomes
    assert (outcome.listed, outcome.new_reports) == (1, 1)


def test_a_page_list_is_asked_every_time_and_kept_when_it_changes(world: World) -> None:
    counter = [reply(article(800), ETag='"1"'), status(304), reply(article(801), ETag='"2"')]
    world.server.paths["/total"] = in_turn(*counter)
    world.source("total", kind="pages", pages=[f"{world.server.url}/total"], undated="retrieved")
    new = []
    for _ in range(3):
        new.append(world.run().outcomes[0].new_reports)
        world.clock.hour += timedelta(days=1)
    assert new == [1, 0, 1]
    asked = [headers.get("If-None-Match") for path, headers in world.server.asked if path == "/total"]
    assert asked == [None, '"1"', '"1"']
    assert world.values == [800, 801]


@pytest.mark.parametrize("same_bytes", [True, False])
def test_a_page_that_says_again_what_it_said_before_says_it_anew(world: World, same_bytes: bool) -> None:
    world.source("total", kind="pages", pages=[f"{world.server.url}/total"], undated="retrieved")
    for turn, figure in enumerate((700, 690, 700, 690, 690, 700)):
        lead = "" if same_bytes else f"<img alt='' src='{turn}.png'>"
        world.server.paths["/total"] = reply(article(figure, lead=lead))
        world.run()
        world.clock.hour += timedelta(days=2)
    assert world.values == [700, 690, 700, 690, 700]
    days = [day for rows in world.queued for day in rows["as_of"]]
    assert [later - days[0] for later in days] == [timedelta(days=2 * turn) for turn in (0, 1, 2, 3, 5)]


def test_a_source_that_falls_silent_is_told_after_twice_its_rhythm(world: World) -> None:
    serve(world, item(page(world, "/a", article())), rhythm_days=7)
    assert world.run().outcomes[0].silent is False
    world.clock.hour += timedelta(days=12)
    outcome = world.run().outcomes[0]
    assert (outcome.silent_days, outcome.silent) == (13, False)
    world.clock.hour += timedelta(days=1, hours=1)
    world.server.paths["/feed"] = status(500)
    outcome = world.run().outcomes[0]
    assert (outcome.state, outcome.silent_days, outcome.silent) == ("failed", 14, True)


def test_a_dry_run_keeps_and_notes_nothing(world: World) -> None:
    serve(world, item(page(world, "/a", article())))
    (outcome,) = world.run(dry_run=True).outcomes
    assert (outcome.listed, outcome.waiting) == (1, 1)
    assert world.server.count("/a") == 0
    assert not (world.folder / "inbox").exists()


def test_one_source_alone_can_be_run(world: World) -> None:
    serve(world, name="one")
    serve(world, name="two")
    assert [outcome.source for outcome in world.run(only="two").outcomes] == ["two"]
    with pytest.raises(SourcesError, match="no source 'three'; there are: one, two"):
        world.run(only="three")


@pytest.mark.parametrize(
    ("feed", "reason"),
    [
        (
            b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><rss>&b;</rss>',
            "entities",
        ),
        ('<!DOCTYPE l [<!ENTITY a "ha">]><rss>&a;</rss>'.encode("utf-16"), "entities"),
        (b'<!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss>&x;</rss>', "entities"),
        (b"this is no feed", "no XML"),
        (b"<html><body>Consent</body></html>", "neither RSS nor Atom"),
    ],
    ids=["billion laughs", "in UTF-16", "external file", "text", "page"],
)
def test_a_feed_that_is_a_trap_or_none_is_refused(world: World, feed: bytes, reason: str) -> None:
    world.server.paths["/feed"] = reply(feed, XML)
    world.feed()
    (outcome,) = world.run().outcomes
    assert outcome.state == "refused"
    assert reason in (outcome.reason or "")


def test_a_malformed_feed_is_read_as_far_as_it_goes_and_the_fault_is_told(world: World) -> None:
    broken = rss(item(page(world, "/a", article()), title="Uno & otro")).replace(b"</rss>", b"")
    world.server.paths["/feed"] = reply(broken, XML)
    world.feed()
    (outcome,) = world.run().outcomes
    assert outcome.new_reports == 1
    assert (outcome.fault or "").startswith("line 1")


def test_without_a_contact_nothing_is_asked_and_one_that_is_none_is_refused(world: World) -> None:
    path = world.folder / "sources.toml"
    source = '[[source]]\nname = "a"\nkind = "feed"\npublisher = "A"\nurl = "https://a.example/"\n'
    path.write_text(source)
    assert collect(world.desk(), outside=world.outside).outcomes == []
    path.write_text(f'contact = "somebody"\n{source}')
    with pytest.raises(SourcesError, match="set `contact`"):
        read_sources(world.folder)


def test_an_entry_on_another_site_is_not_fetched(world: World) -> None:
    serve(world, item("http://pills.example/offer"), item(page(world, "/a", article())))
    (outcome,) = world.run().outcomes
    assert list(outcome.problems.values()) == [1]
    assert "another site, pills.example" in next(iter(outcome.problems))
    assert outcome.new_reports == 1


def test_an_edit_that_the_feed_does_not_tell_is_found_on_a_second_look(world: World) -> None:
    serve(world, item(page(world, "/a", article(800))))
    world.run()
    page(world, "/a", article(801))
    found = []
    for _ in range(3):
        found.append(world.run().outcomes[0].queued)
        world.clock.hour += timedelta(hours=12)
    assert found == [0, 0, 1]
    assert world.values == [800, 801]


def test_a_second_look_keeps_nothing_where_no_figure_was_added(world: World) -> None:
    serve(world, item(page(world, "/a", article(words="Muchas gracias."))))
    world.run()
    asked = []
    for day in range(10):
        page(world, "/a", article(words=f"Muchas gracias, otra vez {'a' * day}."))
        world.clock.hour += timedelta(days=1)
        before = world.server.count("/a")
        assert world.run().outcomes[0].new_reports == 0
        asked.append(world.server.count("/a") - before)
    assert asked == [1, 1, 0, 1, 0, 0, 1, 0, 0, 0]
    assert len(world.reports) == 1


def test_a_page_whose_links_match_nothing_any_more_is_told(world: World) -> None:
    page(world, "/index", "<html><body><a href='/b'>Informe</a></body></html>")
    world.source("index", kind="index", url=f"{world.server.url}/index", links=r".*/a")
    (outcome,) = world.run().outcomes
    assert outcome.state == "refused"
    assert "its markup may have changed" in (outcome.reason or "")
