"""Eight weeks of collecting, four rounds a day, from five sites to which everything happens that happens to
sites. One rehearsal, looked at from several sides; every figure in it is invented."""

import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from pipelines.core.file_limits import FileLimits
from pipelines.core.paths import ROOT
from pipelines.intake.crawler.crawl import CrawlOutcome
from pipelines.intake.crawler.polite_client import Outside
from pipelines.intake.crawler.report_archive import Archive
from pipelines.intake.crawler.source_listing import SourceOutcome
from pipelines.intake.files import html_page
from pipelines.intake.inbox import read_queue
from pipelines.sheets.raw_table import Passage
from tests.conftest import write_situation
from tests.pipelines.intake.crawler import simulated_web as web_
from tests.pipelines.intake.crawler.rehearsal_round import run_round
from tests.pipelines.intake.crawler.server import FakeClock
from tests.pipelines.intake.crawler.simulated_web import START, Web

DAYS = 56
ROUNDS_A_DAY = 4
PER_HOST = 15
DELAY = 5.0
KILLED_ON = 49.75  # the first round after the last bulletin
ABOUT = "pres[oa]s? pol[ií]tic"


@dataclass
class Rehearsal:
    """What was done and found, round by round."""

    folder: Path
    web: Web
    missed: list[tuple[float, set[int]]] = field(
        default_factory=list
    )  # offered, and not queued after the round
    outcomes: list[tuple[float, CrawlOutcome]] = field(default_factory=list)
    killed_round: int = 0
    asked_after_kill: list[str] = field(default_factory=list)

    @property
    def queue(self) -> pl.DataFrame:
        return read_queue(self.folder)

    def of(self, source: str) -> list[tuple[float, SourceOutcome]]:
        """The outcomes of one source, with their days."""
        return [
            (day, outcome)
            for day, done in self.outcomes
            for outcome in done.outcomes
            if outcome.source == source
        ]


def day_of(bulletin: web_.Bulletin) -> date:
    """The day on which it came out, where it came out."""
    return bulletin.hour.astimezone(ZoneInfo("America/Caracas")).date()


def write_sources(folder: Path, port: int, *, red_links: str) -> None:
    """The sources as a group would list them; `links` alone is ever changed, by a person who was told."""
    shared = f"ports = [{port}]\nlanguage = 'es'\n"
    (folder / "sources.toml").write_text(
        f"""contact = "datos@islandia.example"
[limits]
delay_seconds = {DELAY}
per_host = {PER_HOST}
read_seconds = 1.0
total_seconds = 4.0
[[source]]
name = "lista"
kind = "feed"
url = "http://{web_.LISTA}:{port}/feed/"
publisher = "La Lista"
rhythm_days = 7
{shared}[[source]]
name = "diario"
kind = "feed"
url = "http://{web_.DIARIO}:{port}/feed"
publisher = "El Diario"
about = '{ABOUT}'
{shared}[[source]]
name = "mapa"
kind = "feed"
url = "http://{web_.MAPA}:{port}/news-sitemap.xml"
publisher = "El Mapa"
rhythm_days = 7
{shared}[[source]]
name = "red"
kind = "index"
url = "http://{web_.RED}:{port}/"
links = '{red_links}'
publisher = "La Red"
rhythm_days = 14
{shared}[[source]]
name = "cuenta"
kind = "pages"
pages = ["http://{web_.CUENTA}:{port}/"]
publisher = "La Cuenta"
undated = "retrieved"
{shared}""",
        encoding="utf-8",
    )


def kill_a_round(rehearsal: Rehearsal) -> None:
    """A round in another process, killed with signal 9 while it fetches its second document."""
    web = rehearsal.web
    web.killing, web.fatal = True, f"/notas/{web_.WEEKLY[7].figure}"
    first = len(web.asked)
    program = [sys.executable, "-m", "tests.pipelines.intake.crawler.rehearsal_round"]
    process = subprocess.Popen([*program, str(rehearsal.folder), web.clock.now().isoformat()], cwd=ROOT)
    web.victim = process.pid
    assert process.wait(timeout=60) == -9
    assert any(f"{web_.WEEKLY[7].figure}/" in asked.path for asked in web.asked[first:])  # it had one already
    web.killing = False
    rehearsal.killed_round = web.round
    web.round += 1
    web.clock.hour += timedelta(minutes=10)


def read_here(task: str, path: Path, kind: type, limits: FileLimits) -> list[Passage]:
    """The reader's own function, without a process for each of a thousand readings."""
    assert (task.rpartition(":")[2], kind) == ("parse_article", list[Passage])
    return html_page.parse_article(path, limits=limits)


@pytest.fixture(scope="module")
def rehearsal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rehearsal]:
    """Eight weeks."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(html_page, "run_confined", read_here)
        yield rehearse(tmp_path_factory.mktemp("data"))


def rehearse(folder: Path) -> Rehearsal:
    """All rounds, one of them killed."""
    clock = FakeClock()
    clock.hour = START
    done = Rehearsal(write_situation(folder), Web(clock))
    web = done.web
    outside = Outside(clock=clock, chance=random.Random(1), resolve=web.resolve, allow_private=True)
    write_sources(done.folder, web.port, red_links=r".*/balances/\d+\.html")
    for number in range(DAYS * ROUNDS_A_DAY):
        day = number / ROUNDS_A_DAY
        clock.hour = max(clock.hour, START + timedelta(days=day))
        web.round += 1
        if day == web_.RED_CHANGES + 1:
            write_sources(done.folder, web.port, red_links=r".*/nota\.php\?id=\d+")
        if day == KILLED_ON:
            kill_a_round(done)
            first = len(web.asked)
        offered = web.offers()
        done.outcomes.append((day, run_round(done.folder, outside)))
        if day == KILLED_ON:
            done.asked_after_kill = [f"{asked.host}{asked.path}" for asked in web.asked[first:]]
        missed = offered - set(done.queue["value"])
        if missed:
            done.missed.append((day, missed))
    web.close()
    return done


def test_every_new_bulletin_is_queued_within_one_round(rehearsal: Rehearsal) -> None:
    assert rehearsal.missed == []
    came_out = {each.figure for each in (*web_.WEEKLY, *web_.FORTNIGHTLY, *web_.MAPPED, *web_.COUNTED)}
    assert came_out | {web_.CORRECTED.figure, web_.ESPECIAL.figure} <= set(rehearsal.queue["value"])


def test_nothing_is_queued_twice(rehearsal: Rehearsal) -> None:
    assert {figure: n for figure, n in Counter(rehearsal.queue["value"]).items() if n > 1} == {}


def test_nothing_of_what_the_hackers_showed_is_queued(rehearsal: Rehearsal) -> None:
    came_out = {each.figure for each in (*web_.WEEKLY, *web_.FORTNIGHTLY, *web_.MAPPED, *web_.COUNTED)}
    assert set(rehearsal.queue["value"]) - came_out == {web_.CORRECTED.figure, web_.ESPECIAL.figure}
    assert set(rehearsal.queue["state"]) == {"pending"}
    assert [asked.path for asked in rehearsal.web.asked if asked.host == web_.PILLS] == []


def test_every_figure_stands_under_its_publisher_and_the_day_it_came_out(rehearsal: Rehearsal) -> None:
    queued = {
        row["value"]: (row["publisher"], row["published"]) for row in rehearsal.queue.iter_rows(named=True)
    }
    series = {"La Lista": web_.WEEKLY, "La Red": web_.FORTNIGHTLY, "El Mapa": web_.MAPPED}
    for publisher, bulletins in series.items():
        for each in bulletins:
            assert queued[each.figure] in {(publisher, day_of(each)), ("El Diario", day_of(each))}, each


def test_the_silence_of_an_organisation_is_told_with_its_name_and_of_no_other(rehearsal: Rehearsal) -> None:
    silent = [day for day, outcome in rehearsal.of("mapa") if outcome.silent]
    last = web_.MAPPED[-1].day
    assert silent == [day for day, _ in rehearsal.of("mapa") if day > last + 14]
    assert {outcome.publisher for _, outcome in rehearsal.of("mapa")} == {"El Mapa"}
    assert [
        (day, name) for name in ("lista", "red") for day, outcome in rehearsal.of(name) if outcome.silent
    ] == []


def test_a_page_whose_links_no_longer_fit_is_told_in_that_very_round(rehearsal: Rehearsal) -> None:
    told = [day for day, outcome in rehearsal.of("red") if outcome.failed and day < KILLED_ON]
    assert told == [web_.RED_CHANGES + n / ROUNDS_A_DAY for n in range(ROUNDS_A_DAY)]


def test_a_feed_that_is_none_is_told(rehearsal: Rehearsal) -> None:
    garbage = web_.FEED_HACKED["garbage"]
    assert all(outcome.failed for day, outcome in rehearsal.of("lista") if web_.within(day, garbage))


def test_robots_are_asked_first_and_heeded(rehearsal: Rehearsal) -> None:
    assert rehearsal.web.faults == []


def test_no_host_is_asked_in_a_hurry_or_too_often(rehearsal: Rehearsal) -> None:
    """Its robots.txt asks ten seconds of the first site, but for the days on which that is broken."""
    broken = (web_.LISTA_FORBIDS[0], web_.LISTA_FORBIDS[1] + 2)
    by_host: dict[str, list[web_.Asked]] = {}
    for asked in rehearsal.web.asked:
        by_host.setdefault(asked.host, []).append(asked)
    for host, all_asked in by_host.items():
        assert max(Counter(asked.round for asked in all_asked).values()) <= PER_HOST, host
        # the round that was killed had a clock of its own
        told = [asked.hour for asked in all_asked if asked.round != rehearsal.killed_round]
        for earlier, later in pairwise(told):
            slow = host.endswith(web_.LISTA) and not web_.within(
                (earlier - START) / timedelta(days=1), broken
            )
            assert later - earlier >= timedelta(seconds=10.0 if slow else DELAY), (host, earlier)


def test_unchanged_weeks_cost_little(rehearsal: Rehearsal) -> None:
    """Most rounds find nothing new: one request for each list, one a day for robots.txt."""
    rounds = Counter(asked.round for asked in rehearsal.web.asked)
    assert sorted(rounds.values())[len(rounds) // 2] <= 8


def test_a_round_that_was_killed_is_taken_up_again(rehearsal: Rehearsal) -> None:
    """What it had is not fetched again, and the host that asked for six hours is left alone."""
    last = web_.WEEKLY[7].figure
    assert [asked for asked in rehearsal.asked_after_kill if f"balance-{last}" in asked] == []
    assert [asked for asked in rehearsal.asked_after_kill if asked.startswith(web_.RED)] == []
    assert f"{web_.DIARIO}/notas/{last}" in rehearsal.asked_after_kill


def test_pages_that_only_differ_in_bytes_are_kept_once(rehearsal: Rehearsal) -> None:
    kept = Archive(rehearsal.folder / "inbox" / "reports").reports()
    texts = [report for report in kept if "/spam/" not in report.url]
    assert len([report for report in texts if report.source == "cuenta"]) == len(web_.COUNTED)
