"""A server may do anything; the run goes on, tells it, and takes no harm."""

import gzip
import time
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest

from pipelines.intake.crawler import address_guard
from tests.pipelines.intake.crawler.conftest import World, article, item, rss
from tests.pipelines.intake.crawler.server import (
    Behaviour,
    cut_chunks,
    cut_short,
    drip,
    drip_headers,
    endless,
    hang_up,
    in_turn,
    redirect,
    reply,
    status,
)

XML = "application/rss+xml"


def serve(world: World, behaviour: Behaviour, *, good: bool = True, **settings: object) -> None:
    """A feed with one bad article, and a second feed with a good one."""
    server = world.server
    server.paths["/bad"] = behaviour
    server.paths["/feed"] = reply(rss(item(f"{server.url}/bad")), XML)
    world.feed(**settings)
    if good:
        server.paths["/good"] = reply(article())
        server.paths["/other"] = reply(rss(item(f"{server.url}/good")), XML)
        world.feed("other", "/other")


BOMB = gzip.compress(b"<html>" + b"0" * 60_000_000)


BAD = {
    "slow drip": (drip, "more than 0.6 seconds"),
    "slow headers": (drip_headers, "more than 0.6 seconds"),
    "endless body": (endless, "more than 10000000 bytes"),
    "gzip bomb": (reply(BOMB, Content_Encoding="gzip"), "unpacks to more than 10000000 bytes"),
    "length too large": (reply(b"x", Content_Length="99999999999"), "said to have 99999999999 bytes"),
    "gzip cut short": (
        reply(gzip.compress(b"<html>whole</html>")[:-9], Content_Encoding="gzip"),
        "cut short",
    ),
    "no gzip": (reply(b"no gzip at all", Content_Encoding="gzip"), "damaged"),
    "unknown packing": (reply(b"x", Content_Encoding="br"), "not asked for"),
    "programme": (reply(b"MZ", "application/x-msdownload"), "content type is application/x-msdownload"),
    "PDF as a page": (reply(b"%PDF-1.7 ...", "text/html"), "not what its content type says"),
    "body cut short": (cut_short, "connection broke"),
    "chunks cut short": (cut_chunks, "connection broke"),
    "no answer": (hang_up, "connection broke"),
    "circle": (redirect("/bad"), "circle"),
    "file": (redirect("file:///etc/passwd"), "only http and https"),
    "ftp": (redirect("ftp://islandia.example/"), "only http and https"),
    "other port": (redirect("http://127.0.0.1:9/"), "port 9 is not read"),
    "password": (redirect("http://someone:secret@127.0.0.1/"), "user name or password"),
    "broken address": (redirect("http://[broken/"), "no web address"),
    "404": (status(404), "answers 404"),
    "206": (status(206), "answers 206"),
}


@pytest.mark.parametrize(("behaviour", "reason"), BAD.values(), ids=BAD)
def test_misbehaviour_is_told_and_stops_no_other_source(
    world: World, behaviour: Behaviour, reason: str
) -> None:
    world.limits = "attempts = 1\nconnect_seconds = 0.2"
    serve(world, behaviour)
    began = time.monotonic()
    done = world.run()
    assert time.monotonic() - began < 5
    bad, other = done.outcomes
    assert bad.fetched == 0
    assert [reason in problem for problem in bad.problems] == [True]
    assert (other.state, other.new_reports, other.queued) == ("read", 1, 1)
    assert len(world.reports) == 1


def test_private_addresses_are_refused_in_use_even_after_a_redirect(world: World) -> None:
    serve(world, reply(article()))
    done = world.run(outside=world.allowing_only_public())
    assert [outcome.state for outcome in done.outcomes] == ["failed", "failed"]
    assert all("not a public address" in (outcome.reason or "") for outcome in done.outcomes)
    assert world.server.asked == []


@pytest.mark.parametrize(
    "place",
    ["10.0.0.7", "169.254.169.254", "[::1]", "[::ffff:10.0.0.7]", "2130706433", "0x7f.1", "intranet.example"],
)
def test_a_redirect_to_a_private_address_is_refused(
    world: World, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    public = address_guard.is_public
    monkeypatch.setattr(address_guard, "is_public", lambda each: each == "127.0.0.1" or public(each))
    serve(
        world,
        redirect(f"http://{place}/"),
        good=False,
        hosts=[] if place.isdecimal() else [place.strip("[]")],
    )
    named = {"intranet.example": ["192.168.1.9"]}
    outside = replace(
        world.allowing_only_public(), resolve=lambda host, _: named.get(host.strip("[]"), [host])
    )
    (bad,) = world.run(outside=outside).outcomes
    (problem,) = bad.problems
    assert "not a public address" in problem or "usual form" in problem
    assert world.reports == []


def test_a_redirect_chain_ends_after_five_steps(world: World) -> None:
    for step in range(9):
        world.server.paths[f"/{step}"] = redirect(f"/{step + 1}")
    serve(world, redirect("/0"), good=False)
    (bad,) = world.run().outcomes
    assert list(bad.problems) == ["it redirects more than 5 times"]
    assert world.server.count("/4") == 1
    assert world.server.count("/5") == 0


def test_retry_after_is_respected_within_a_run(world: World) -> None:
    serve(world, in_turn(status(429, Retry_After="40"), reply(article())), good=False)
    (bad,) = world.run().outcomes
    assert bad.new_reports == 1
    assert 40.0 in world.clock.slept


def test_a_long_retry_after_is_kept_for_later_runs(world: World) -> None:
    serve(world, in_turn(status(503, Retry_After="7200"), reply(article())), good=False)
    (bad,) = world.run().outcomes
    assert (bad.new_reports, bad.waiting) == (0, 1)
    world.clock.hour += timedelta(hours=1)
    (bad,) = world.run().outcomes
    assert bad.state == "postponed"
    world.clock.hour += timedelta(hours=1)
    (bad,) = world.run().outcomes
    assert (bad.state, bad.new_reports) == ("read", 1)


def test_retry_after_may_be_a_date(world: World) -> None:
    serve(
        world, in_turn(status(429, Retry_After="Tue, 24 Nov 2026 15:01:00 GMT"), reply(article())), good=False
    )
    world.run()
    assert max(world.clock.slept) > 50


def test_trouble_is_retried_with_growing_pauses(world: World) -> None:
    serve(world, in_turn(status(500), hang_up, reply(article())), good=False)
    (bad,) = world.run().outcomes
    assert bad.new_reports == 1
    first, second = world.clock.slept[-2:]
    assert 4 <= first <= 6
    assert 8 <= second <= 12


def test_a_host_in_trouble_is_left_alone_after_three_failures(world: World) -> None:
    urls = [f"{world.server.url}/{n}" for n in range(9)]
    world.server.paths |= {f"/{n}": status(500) for n in range(9)}
    world.server.paths["/feed"] = reply(rss(*map(item, urls)), XML)
    world.feed()
    world.limits = "attempts = 1"
    (outcome,) = world.run().outcomes
    assert outcome.waiting == 9
    assert sum(world.server.count(f"/{n}") for n in range(9)) == 3


def test_a_failing_address_is_asked_in_every_run_for_two_days_then_daily_and_given_up_after_ten(
    world: World,
) -> None:
    serve(world, status(500), good=False)
    world.limits = "attempts = 1"
    start, asked = world.clock.hour, []
    for run in range(4 * 14):
        world.clock.hour = start + run * timedelta(hours=6)
        before = world.server.count("/bad")
        world.run()
        if world.server.count("/bad") > before:
            asked.append(run / 4)
    assert asked[:9] == [run / 4 for run in range(9)]
    assert [later - earlier for earlier, later in pairwise(asked[9:])] == [1.0] * (len(asked) - 10)
    assert 10 <= asked[-1] < 11.5


def test_what_is_refused_is_asked_again_once_a_day(world: World) -> None:
    serve(world, in_turn(status(404), reply(article())), good=False)
    start, got = world.clock.hour, []
    for run in range(6):
        world.clock.hour = start + run * timedelta(hours=6)
        got.append(world.run().outcomes[0].new_reports)
    assert got == [0, 0, 0, 0, 1, 0]


def test_a_redirect_to_another_site_is_not_followed_unless_that_is_listed(world: World) -> None:
    target = f"http://moved.example:{world.server.port}/new"
    world.server.paths["/new"] = reply(article())
    serve(world, redirect(target), good=False)
    resolved = replace(world.outside, resolve=lambda *_: ["127.0.0.1"])
    (bad,) = world.run(outside=resolved).outcomes
    (problem,) = bad.problems
    assert "another site, moved.example" in problem
    assert world.server.count("/new") == 0
    world.sources.clear()
    world.feed(hosts=["moved.example"])
    world.clock.hour += timedelta(days=1)
    assert world.run(outside=resolved).outcomes[0].new_reports == 1


def test_robots_that_forbid_are_obeyed(world: World) -> None:
    world.server.paths["/robots.txt"] = reply("User-agent: *\nDisallow: /*bad$\n", "text/plain")
    serve(world, reply(article()))
    bad, other = world.run().outcomes
    assert "robots.txt" in next(iter(bad.problems))
    assert other.new_reports == 1
    assert world.server.count("/bad") == 0
    assert world.server.count("/robots.txt") == 1


def test_robots_in_trouble_forbid_everything_for_now(world: World) -> None:
    world.server.paths["/robots.txt"] = status(500)
    serve(world, reply(article()), good=False)
    (bad,) = world.run().outcomes
    assert bad.state == "failed"
    assert {path for path, _ in world.server.asked} == {"/robots.txt"}
    world.server.paths["/robots.txt"] = status(404)
    (bad,) = world.run().outcomes
    assert bad.new_reports == 1


def test_robots_are_asked_once_a_day_and_their_pause_is_kept(world: World) -> None:
    world.server.paths["/robots.txt"] = reply("User-agent: *\nCrawl-delay: 17\n", "text/plain")
    serve(world, reply(article()), good=False)
    world.run()
    assert world.clock.slept[-1] == 17
    world.run()
    assert world.server.count("/robots.txt") == 1
    world.clock.hour += timedelta(days=1)
    world.run()
    assert world.server.count("/robots.txt") == 2


def test_every_request_says_who_asks(world: World) -> None:
    serve(world, reply(article()), good=False)
    world.run()
    agents = {headers["User-Agent"] for _, headers in world.server.asked}
    assert len(agents) == 1
    assert agents.pop().startswith("Liberometro/")
    assert {headers["Host"] for _, headers in world.server.asked} == {f"127.0.0.1:{world.server.port}"}
