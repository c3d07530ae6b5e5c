"""Answers in memory: within their bytes, made once however many ask; front pages stay there."""

import threading
import time
from datetime import date

import polars as pl
import pytest

from dashboards.queries import memory
from dashboards.queries.memory import ASKED, PRESENT, Pool, measure_bytes, remember


def test_it_never_holds_more_than_its_bytes() -> None:
    pool = Pool(100_000)
    for n in range(100):
        pool.get_or_make(n, lambda: "x" * 9_000)
        assert pool.held <= pool.limit
    assert pool.find(99) is not None
    assert pool.find(0) is None


def test_what_was_asked_for_lately_stays() -> None:
    pool = Pool(100_000)
    for n in range(40):
        pool.get_or_make(n, lambda: "x" * 9_000)
        assert pool.get_or_make(0, lambda: pytest.fail("it was there")) == "x" * 9_000
    assert pool.find(1) is None  # and what was not asked for again went


def test_one_answer_too_large_pushes_out_nothing() -> None:
    pool = Pool(100_000)
    pool.get_or_make("small", lambda: "x")
    pool.get_or_make("large", lambda: "x" * 90_000)
    assert (pool.find("small"), pool.find("large")) == ("x", None)


def test_many_who_ask_the_same_at_once_wait_for_one_answer() -> None:
    pool, made, got = Pool(100_000), [], []

    def make() -> str:
        time.sleep(0.2)
        made.append(1)
        return "answer"

    asking = [threading.Thread(target=lambda: got.append(pool.get_or_make("q", make))) for _ in range(20)]
    for each in asking:
        each.start()
    for each in asking:
        each.join()
    assert (len(made), got) == (1, ["answer"] * 20)


def test_a_failure_is_told_to_who_waits_and_is_not_kept() -> None:
    pool, failed = Pool(100_000), []

    def ask() -> None:
        try:
            pool.get_or_make("q", fail)
        except ValueError as error:
            failed.append(str(error))

    def fail() -> str:
        time.sleep(0.1)
        raise ValueError("no")

    asking = [threading.Thread(target=ask) for _ in range(5)]
    for each in asking:
        each.start()
    for each in asking:
        each.join()
    assert failed == ["no"] * 5
    assert pool.get_or_make("q", lambda: "now") == "now"


def test_who_waits_for_one_that_was_stopped_makes_it_itself() -> None:
    pool, begun, got = Pool(100_000), threading.Event(), []

    def stop() -> str:
        begun.set()
        time.sleep(0.1)
        raise KeyboardInterrupt

    def be_stopped() -> None:
        with pytest.raises(KeyboardInterrupt):
            pool.get_or_make("q", stop)

    first = threading.Thread(target=be_stopped)
    first.start()
    begun.wait()
    second = threading.Thread(target=lambda: got.append(pool.get_or_make("q", lambda: "made")))
    second.start()
    first.join()
    second.join()
    assert got == ["made"]


def test_what_somebody_asked_for_does_not_push_out_what_everybody_sees() -> None:
    @remember
    def answer(question: str, known_on: date | None = None) -> bytes:
        return f"{question} {known_on}".encode() + bytes(200_000)

    answer("front")
    before = PRESENT.held
    for n in range(400):
        answer("front", known_on=date.fromordinal(700_000 + n))
    assert PRESENT.held == before
    assert ASKED.held <= ASKED.limit
    ASKED.clear()


@pytest.mark.parametrize(
    ("value", "least"),
    [
        ("x" * 10_000, 10_000),
        (pl.DataFrame({"a": list(range(10_000))}), 80_000),
        ({"deep": [({"er": b"x" * 10_000},)]}, 10_000),
        ([[each, str(each)] for each in range(1_000)], 50_000),
    ],
)
def test_a_value_is_as_large_as_what_it_holds(value: object, least: int) -> None:
    assert least <= measure_bytes(value) < 3 * least + 100_000


def test_every_pool_is_named_and_limited() -> None:
    from dashboards.app.server import file_downloads, share_pictures  # they have pools of their own
    from dashboards.web import chart_document

    assert file_downloads.BRIEF
    assert share_pictures.KEPT
    assert chart_document.WORDS
    assert set(memory.POOLS) == {"present", "asked", "documents", "files", "cards"}
    assert sum(pool.limit for pool in memory.POOLS.values()) < 200_000_000
