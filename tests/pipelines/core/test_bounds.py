"""The fewest and the most people that words allow: one rule, in SQL and in Python."""

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.core.bounds import find_bounds
from pipelines.core.model import Qualifier
from pipelines.core.paths import SQL

WORDS, PEOPLE = st.sampled_from(Qualifier), st.integers(0, 10**7)
STATED = st.tuples(WORDS, PEOPLE, st.one_of(st.none(), PEOPLE))
WITHHELD = st.tuples(WORDS, st.none(), st.none())
STATEMENTS = st.lists(st.one_of(STATED, WITHHELD), min_size=1, max_size=40)


@settings(deadline=None)
@given(STATEMENTS)
def test_the_macro_and_the_function_allow_the_same(
    statements: list[tuple[Qualifier, int | None, int | None]],
) -> None:
    con = duckdb.connect()
    con.execute((SQL / "0_vocabulary" / "07_value_bounds.sql").read_text(encoding="utf-8"))
    columns: list[list[object]] = [list(column) for column in zip(*statements, strict=True)]
    found = con.execute(
        "SELECT bounds_low(qualifier, value), bounds_high(qualifier, value, high) FROM (SELECT "
        "unnest($1::VARCHAR[]) AS qualifier, unnest($2::BIGINT[]) AS value, unnest($3::BIGINT[]) AS high)",
        [[str(word) for word in columns[0]], *columns[1:]],
    ).fetchall()
    assert found == [find_bounds(*statement) for statement in statements]


@settings(deadline=None)
@given(st.sampled_from(Qualifier), st.integers(1, 10**7), st.integers(0, 10**6))
def test_a_low_bound_is_never_above_the_high_one(qualifier: Qualifier, value: int, more: int) -> None:
    low, high = find_bounds(qualifier, value, value + more)
    assert low is None or high is None or 0 <= low <= high


def test_about_is_a_twentieth_either_way_rounded_outwards() -> None:
    assert find_bounds("about", 400) == (380, 420)
    assert find_bounds("about", 7) == (6, 8)
