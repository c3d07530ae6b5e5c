"""What was nearest, or best, through spans of days: for every day what a look at that day alone finds."""

from datetime import date, timedelta

import duckdb
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.core.paths import SQL

START = date(2026, 1, 1)
DAYS = 12
Span = tuple[int, int, int, int]  # line, moment, the first day, the first day after
_SPAN = st.tuples(st.integers(1, 2), st.integers(0, 6), st.integers(0, DAYS - 1), st.integers(1, DAYS + 3))
_ENDLESS = """
SELECT * REPLACE (coalesce(nullif(known_until, DATE '9999-12-31'), DATE 'infinity') AS known_until) FROM given
"""
_SPANS = st.lists(_SPAN, min_size=1, max_size=14)


def _days(first: int, length: int) -> tuple[date, date]:
    ends = first + length
    return START + timedelta(days=first), date.max if ends > DAYS else START + timedelta(days=ends)


def _ask(sql: str, **frames: pl.DataFrame) -> list[tuple[int, int | None, date, date]]:
    with duckdb.connect() as con:
        con.execute((SQL / "0_vocabulary" / "11_spans.sql").read_text("utf-8"))
        for name, frame in frames.items():
            con.register("given", frame)
            con.sql(_ENDLESS).create(name)
        return con.execute(sql).fetchall()


def _on(day: date, pieces: list[tuple[int, int | None, date, date]], asker: int) -> list[int | None]:
    return [choice for who, choice, starts, ends in pieces if who == asker and starts <= day < ends]


@given(_SPANS, _SPANS)
@settings(max_examples=60, deadline=None)
def test_the_nearest_is_what_a_look_at_every_day_finds(asked: list[Span], given_: list[Span]) -> None:
    asking = [(n, line, moment, *_days(first, long)) for n, (line, moment, first, long) in enumerate(asked)]
    marks = [
        (line, moment, n % 3, n, *_days(first, long)) for n, (line, moment, first, long) in enumerate(given_)
    ]
    ends = ("known_from", "known_until")
    pieces = _ask(
        "SELECT asker, choice, known_from, least(known_until, DATE '9999-12-31') "
        "FROM nearest_known('askers', 'marks')",
        askers=pl.DataFrame(asking, ("asker", "line", "moment", *ends), orient="row"),
        marks=pl.DataFrame(marks, ("line", "moment", "tie", "choice", *ends), orient="row"),
    )
    for asker, line, moment, starts, until in asking:
        for day in (START + timedelta(days=n) for n in range(DAYS + 2)):
            known = [
                (at, tie) for its, at, tie, _, since, to in marks
                if its == line and at <= moment and since <= day < to
            ]  # fmt: skip
            found = _on(day, pieces, asker)
            if not starts <= day < until:
                assert found == []
                continue
            assert len(found) == 1
            told = None if found[0] is None else (marks[found[0]][1], marks[found[0]][2])
            assert told == max(known, default=None)
            if found[0] is not None:
                assert marks[found[0]][4] <= day < marks[found[0]][5]


@given(_SPANS)
@settings(max_examples=60, deadline=None)
def test_the_best_is_what_a_look_at_every_day_finds(given_: list[Span]) -> None:
    rows = [(line, moment, n, *_days(first, long)) for n, (line, moment, first, long) in enumerate(given_)]
    pieces = _ask(
        "SELECT key, choice, known_from, least(known_until, DATE '9999-12-31') FROM best_through('ranked')",
        ranked=pl.DataFrame(
            [(line, (rank, n), n, *span) for line, rank, n, *span in rows],
            {
                "key": pl.Int64,
                "rank": pl.Struct({"first": pl.Int64, "then": pl.Int64}),
                "choice": pl.Int64,
                "known_from": pl.Date,
                "known_until": pl.Date,
            },
            orient="row",
        ),
    )
    for line in (1, 2):
        for day in (START + timedelta(days=n) for n in range(DAYS + 2)):
            known = [(rank, n) for its, rank, n, since, to in rows if its == line and since <= day < to]
            assert _on(day, pieces, line) == ([max(known)[1]] if known else [])


@given(_SPANS)
@settings(max_examples=30, deadline=None)
def test_what_is_sliced_holds_the_same_on_every_day_and_no_two_overlap_in_part(given_: list[Span]) -> None:
    rows = [(line, n, *_days(first, long)) for n, (line, _, first, long) in enumerate(given_)]
    frame = pl.DataFrame(rows, ("key", "number", "known_from", "known_until"), orient="row")
    sliced = _ask(
        "SELECT key, number, known_from, least(known_until, DATE '9999-12-31') FROM sliced('rows_given_')",
        rows_given_=frame,
    )
    for day in (START + timedelta(days=n) for n in range(DAYS + 2)):
        whole = sorted((key, number) for key, number, starts, ends in rows if starts <= day < ends)
        now = [(key, number, starts) for key, number, starts, ends in sliced if starts <= day < ends]
        assert sorted((key, number) for key, number, _ in now) == whole
        assert all(len({since for its, _, since in now if its == key}) <= 1 for key in (1, 2))
