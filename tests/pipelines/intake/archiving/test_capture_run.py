"""A public archive is asked for copies: nothing unless it is named, politely, and whatever it answers."""

import re
from datetime import date, timedelta

import pytest

from pipelines.intake.archiving.capture_run import ask_for_copies
from pipelines.intake.crawler.polite_client import Outside
from pipelines.sheets import archived_copies
from tests.conftest import TODAY, row, write_readings
from tests.pipelines.intake.archiving.conftest import (
    AT_WORK,
    BEGUN,
    JOB,
    PAGE,
    SAVE,
    Archiving,
    answer,
    finished,
)
from tests.pipelines.intake.crawler.server import (
    Behaviour,
    Handler,
    cut_short,
    endless,
    hang_up,
    in_turn,
    redirect,
    reply,
    status,
)
from tests.pipelines.sheets.test_archived_copies import copy, write_copies


def test_a_copy_is_asked_for_followed_and_noted_beside_what_was_read(archiving: Archiving) -> None:
    archiving.name_archive()
    archiving.cite(PAGE)
    write_copies(archiving.data, copy(url=PAGE, archive="", archived_on=""))
    archiving.server.paths |= {SAVE: BEGUN, JOB: in_turn(AT_WORK, AT_WORK, finished())}
    done = archiving.run()
    assert (done.copied, done.pending, done.waiting, done.stopped) == (1, 0, 0, None)
    frame = archived_copies.read_archived_copies(archiving.folder, TODAY, ["127.0.0.1"])
    assert frame.row(1, named=True) == {
        "row": 3,
        "position": 2,
        "url": PAGE,
        "retrieved": date(2026, 11, 12),
        "sha256": "a1" * 32,
        "bytes": 48213,
        "archive": f"{archiving.server.url}/web/20261124101010/{PAGE}",
        "archived_on": date(2026, 11, 24),
    }
    assert archiving.asked_for == [PAGE]
    _, headers = archiving.server.asked[0]
    assert re.fullmatch(r"Liberometro/\S+ \(\+datos@islandia\.example\)", headers["User-Agent"])
    assert {"Cookie", "Referer", "Authorization"} & set(headers) == set()
    assert min(archiving.clock.slept) >= 1
    archiving.run(date(2026, 11, 25))
    assert archiving.asked_for == [PAGE]


def test_nothing_is_sent_where_no_archive_is_named(archiving: Archiving) -> None:
    archiving.cite(PAGE)
    for text in ("", 'contact = "datos@islandia.example"\n', '[archive]\naddress = ""\n'):
        (archiving.folder / "sources.toml").write_text(text, encoding="utf-8")
        done = archiving.run()
        assert (done.host, done.documents, done.requests) == (None, [PAGE], 0)
    assert archiving.server.asked == []


def test_a_dry_run_lists_what_would_be_asked_and_sends_nothing(archiving: Archiving) -> None:
    archiving.name_archive()
    archiving.cite(PAGE, "https://diario.example/nota-2")
    write_copies(archiving.data, copy(url=PAGE, archive="http://127.0.0.1:1/web/20261113101010/x"))
    done = archiving.run(dry_run=True)
    assert (done.host, done.documents) == ("127.0.0.1", ["https://diario.example/nota-2"])
    assert archiving.server.asked == []
    assert not (archiving.folder / "inbox" / "archive.json").exists()


def test_a_document_whose_reading_names_a_copy_is_not_asked_for(archiving: Archiving) -> None:
    archiving.name_archive()
    said = row(url=f"{PAGE}#S27", published=str(TODAY - timedelta(1)))
    write_readings(archiving.folder, [said])
    readings = archiving.folder / "verifications.csv"
    head, one, *_ = readings.read_text(encoding="utf-8").splitlines()
    readings.write_text(f"{head},archive\n{one},https://arquivo.pt/1\n", encoding="utf-8")
    archiving.cite(f"{PAGE}#S27")
    assert archiving.run(dry_run=True).documents == []


@pytest.mark.parametrize(
    ("url", "is_asked"),
    [
        (PAGE, True),
        ("http://diario.example:80/nota?id=7", True),
        ("https://diario.example/", False),
        ("http://127.0.0.1/nota", False),
        ("http://10.0.0.7/nota", False),
        ("http://[::1]/nota", False),
        ("http://intranet/nota", False),
        ("http://wiki.local/nota", False),
        ("https://diario.example:8443/nota", False),
        ("https://ana:clave@diario.example/nota", False),
        ("ftp://diario.example/nota", False),
    ],
)
def test_only_pages_of_the_open_web_are_asked_for(archiving: Archiving, url: str, is_asked: bool) -> None:
    archiving.name_archive()
    archiving.cite(url)
    archiving.server.paths |= {SAVE: BEGUN, JOB: finished(url)}
    archiving.run()
    assert archiving.asked_for == ([url] if is_asked else [])


PASSING: dict[str, tuple[Behaviour, str]] = {
    "an error of a proxy": (status(520), "127.0.0.1 answers 520"),
    "a server in trouble": (status(503), "127.0.0.1 answers 503"),
    "a page instead of JSON": (reply("<html>Save Page Now</html>"), "with text/html instead of JSON"),
    "no JSON at all": (reply("{", "application/json"), "what is no answer to our question"),
    "JSON of another shape": (reply('["spn2-1"]', "application/json"), "what is no answer to our question"),
    "a job of another kind": (answer(job_id=7), "what is no answer to our question"),
    "more than it should": (endless, "the body has more than"),
    "less than it promised": (cut_short, "the connection broke"),
    "nothing": (hang_up, "the connection broke"),
    "no job": (answer(url=PAGE), "took the address and named no job"),
    "a job that leads elsewhere": (answer(job_id="../../x?y"), "took the address and named no job"),
    "a refusal of the page": (answer(status_ext="error:blocked-url"), "no copy (error:blocked-url)"),
    "a refusal with words": (answer(status="error", status_ext="<b>Ana</b>"), "no copy (error:unknown)"),
    "it is not there": (status(404), "127.0.0.1 answers 404"),
    "a bad request": (status(400), "127.0.0.1 answers 400"),
}


@pytest.mark.parametrize("case", PASSING)
def test_whatever_it_answers_about_one_page_the_next_is_asked_for(archiving: Archiving, case: str) -> None:
    behaviour, problem = PASSING[case]
    second = "https://diario.example/nota-2"
    archiving.name_archive()
    archiving.cite(PAGE, second)
    archiving.server.paths |= {SAVE: in_turn(behaviour, BEGUN), JOB: finished(second)}
    done = archiving.run()
    (told,) = done.problems
    assert problem in told
    assert (done.copied, done.stopped) == (1, None)
    assert archiving.copies == [(second, f"{archiving.server.url}/web/20261124101010/{second}")]
    archiving.run()
    assert archiving.asked_for == [PAGE, second]


STOPPING: dict[str, tuple[Behaviour, str]] = {
    "too many requests": (status(429, Retry_After="3600"), "answers 429: it was asked enough for now"),
    "no key": (status(401), "answers 401: it wants a key ($LIBEROMETRO_ARCHIVE_KEY)"),
    "to another host": (redirect("https://elsewhere.example/save"), "redirects (302), which is not followed"),
    "a copy of another host": (
        redirect("https://elsewhere.example/web/20261124101010/https://diario.example/nota-1"),
        "redirects (302), which is not followed",
    ),
    "no more for us": (answer(status_ext="error:user-session-limit"), "takes no more for now"),
}


@pytest.mark.parametrize("case", STOPPING)
def test_what_is_not_about_one_page_ends_the_run(archiving: Archiving, case: str) -> None:
    behaviour, reason = STOPPING[case]
    archiving.name_archive()
    archiving.cite(PAGE, "https://diario.example/nota-2")
    archiving.server.paths[SAVE] = behaviour
    done = archiving.run()
    assert reason in (done.stopped or "")
    assert (done.copied, done.waiting, archiving.server.count(SAVE)) == (0, 1, 1)
    assert archiving.copies == []


def test_a_pause_that_it_wants_is_kept_by_the_next_run(archiving: Archiving) -> None:
    archiving.name_archive()
    archiving.cite(PAGE, "https://diario.example/nota-2")
    archiving.server.paths |= {SAVE: in_turn(status(429, Retry_After="3600"), BEGUN), JOB: finished()}
    archiving.run()
    archiving.clock.hour += timedelta(minutes=30)
    assert "wants a pause until 2026-11-24 16:0" in (archiving.run().stopped or "")
    assert archiving.server.count(SAVE) == 1
    archiving.clock.hour += timedelta(days=1)
    archiving.run(date(2026, 11, 25))
    assert archiving.server.count(SAVE) == 3


def test_three_answers_in_a_row_that_are_none_end_the_run(archiving: Archiving) -> None:
    archiving.name_archive()
    archiving.cite(*(f"https://diario.example/nota-{number}" for number in range(5)))
    archiving.server.paths[SAVE] = status(520)
    done = archiving.run()
    assert "127.0.0.1 answers 520, and 3 times in a row" in (done.stopped or "")
    assert (archiving.server.count(SAVE), done.waiting) == (3, 2)


def test_a_run_asks_for_no_more_than_it_may_and_the_next_goes_on(archiving: Archiving) -> None:
    urls = [f"https://diario.example/nota-{number}" for number in range(5)]
    archiving.name_archive(per_run=2)
    archiving.cite(*urls)

    def copied(handler: Handler) -> None:
        finished(archiving.asked_for[-1])(handler)

    archiving.server.paths[SAVE] = copied
    assert [archiving.run().waiting for _ in range(3)] == [3, 1, 0]
    assert archiving.asked_for == urls
    assert [url for url, _ in archiving.copies] == urls


def test_what_is_at_work_is_followed_by_the_next_run_and_not_asked_for_again(archiving: Archiving) -> None:
    archiving.name_archive(wait_seconds=0)
    archiving.cite(PAGE)
    archiving.server.paths |= {SAVE: BEGUN, JOB: AT_WORK}
    assert (archiving.run().pending, archiving.run().pending) == (1, 1)
    archiving.server.paths[JOB] = finished()
    assert archiving.run().copied == 1
    assert archiving.server.count(SAVE) == 1


def test_a_job_that_the_archive_forgot_is_asked_for_again_on_another_day(archiving: Archiving) -> None:
    archiving.name_archive(wait_seconds=0)
    archiving.cite(PAGE)
    archiving.server.paths |= {SAVE: BEGUN, JOB: status(404)}
    archiving.run()
    assert "the archive has forgotten that it was asked" in archiving.run().problems
    days = [date(2026, 11, 25), date(2026, 11, 26), date(2026, 11, 27), date(2026, 11, 28)]
    for day in days:
        archiving.clock.hour += timedelta(days=1)
        archiving.run(day)
        archiving.run(day)
    assert archiving.server.count(SAVE) == 3  # then it is given up


def test_other_bytes_are_asked_for_on_the_same_day_and_the_same_are_not(archiving: Archiving) -> None:
    archiving.name_archive()
    archiving.cite(PAGE)
    archiving.server.paths[SAVE] = answer(status_ext="error:no-access")
    read = copy(url=PAGE, archive="", archived_on="")
    for digest, asked in (("a1", 1), ("a1", 1), ("b2", 2), ("b2", 2)):
        write_copies(archiving.data, {**read, "sha256": digest * 32})
        archiving.run()
        assert archiving.server.count(SAVE) == asked


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ({"timestamp": None}, "does not say when"),
        ({"timestamp": "20261399101010"}, "does not say what it made a copy of"),
        ({"timestamp": "../../../x"}, "does not say when"),
        ({"original_url": "https://elsewhere.example/nota-1"}, "led to another page"),
        ({"original_url": "https://diario.example/"}, "led to another page"),
        ({"original_url": "javascript:alert(1)"}, "does not say what it made a copy of"),
        ({"timestamp": "20271124101010"}, "the address of the copy will not do"),
    ],
)
def test_a_copy_of_another_page_or_hour_is_none(
    archiving: Archiving, said: dict[str, object], problem: str
) -> None:
    archiving.name_archive()
    archiving.cite(PAGE)
    whole = {"status": "success", "timestamp": "20261124101010", "original_url": PAGE, **said}
    archiving.server.paths |= {SAVE: BEGUN, JOB: answer(**whole)}
    (told,) = archiving.run().problems
    assert problem in told
    assert archiving.copies == []


def test_an_address_that_only_gained_https_and_www_is_the_same_page(archiving: Archiving) -> None:
    archiving.name_archive()
    archiving.cite("http://diario.example/nota-1")
    archiving.server.paths |= {SAVE: BEGUN, JOB: finished("https://www.diario.example/nota-1")}
    archiving.run()
    assert [url for url, _ in archiving.copies] == ["http://diario.example/nota-1"]


def test_two_places_in_one_document_are_one_document(archiving: Archiving) -> None:
    archiving.name_archive()
    archiving.cite(f"{PAGE}#S27", f"{PAGE}#S3")
    archiving.server.paths |= {SAVE: BEGUN, JOB: finished()}
    archiving.run()
    archiving.run(date(2026, 11, 25))
    assert archiving.asked_for == [PAGE]
    assert [url for url, _ in archiving.copies] == [PAGE]


def test_a_redirect_to_the_finished_copy_is_one(archiving: Archiving) -> None:
    archiving.name_archive()
    archiving.cite(PAGE)
    archiving.server.paths[SAVE] = redirect(f"/web/20261124101010/{PAGE}")
    archiving.run()
    assert archiving.copies == [(PAGE, f"{archiving.server.url}/web/20261124101010/{PAGE}")]


def test_an_archive_on_this_machine_is_refused_unless_tests_allow_it(archiving: Archiving) -> None:
    archiving.name_archive()
    archiving.cite(PAGE)
    done = ask_for_copies(
        archiving.data,
        "islandia",
        TODAY,
        Outside(clock=archiving.clock),
        dry_run=False,
        report=lambda _: None,
    )
    assert "which is not a public address" in (done.stopped or "")
    assert archiving.server.asked == []
