"""The world and the judge of the invented histories, and what any build of such a history must keep."""

import random
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from pipelines.sheets.verifications import COLUMNS, FILE, IDENTITY
from pipelines.sheets.verifications import ReadingVerdict as Reading
from pipelines.warehouse import build, published_build, table_registry
from tests.histories.judge import TODAY, Truth, Verdict, judge, share
from tests.histories.mistakes import KINDS, history
from tests.histories.world import FIRST_DAY, FLAVOURS, History, Told, true_history
from tests.pipelines.warehouse.marts.conftest import day, write

FEW = settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
SEEDS = st.integers(0, 10_000)
FOUND = (
    Reading.STATES_IT,
    Reading.CARRIER_STATES_IT,
    Reading.DOES_NOT_STATE_IT,
    Reading.UNREACHABLE,
)
TABLES = ("statements", "series", "headline")


def lines_of(made: History, extra: tuple[Told, ...] = ()) -> tuple[pl.DataFrame, pl.DataFrame]:
    """A series that says the truth alone, with planted rows on the line where named; nothing in doubt."""
    points = [
        (*line, as_of, value) for line, kept in Truth(made).points.items() for as_of, value in kept.items()
    ]
    points += [(*_line(told), told.row["value"]) for told in extra]
    columns = {"organisation": pl.String, "measure": pl.String, "baseline": pl.Date, "as_of": pl.Date}
    series = pl.DataFrame(points, schema={**columns, "value": pl.Int64}, orient="row").with_columns(
        situation=pl.lit(f"h{made.seed}"), breakdown=pl.lit("total"), qualifier=pl.lit("exact")
    )
    return series, series.head(0).with_columns(standing=pl.lit(None, pl.String))


def _line(told: Told) -> tuple[object, ...]:
    since = None if told.bulletin.since is None else day(FIRST_DAY + told.bulletin.since)
    return (
        told.bulletin.organisation,
        told.bulletin.measure,
        since,
        date.fromisoformat(told.row["as_of"]),
    )


def bad(verdicts: list[Verdict], question: str) -> int:
    return sum(not each.good for each in verdicts if each.question == question)


def test_a_seed_gives_one_history() -> None:
    assert [told.row for told in history(7).told] == [told.row for told in history(7).told]
    assert [told.row for told in history(7).told] != [told.row for told in history(8).told]


def test_every_kind_of_mistake_and_of_carrier_is_told() -> None:
    told = [each for seed in range(12) for each in history(seed).told]
    assert {each.planted for each in told} == {None, *KINDS}
    assert {each.role for each in told} == {"carrier", "post", "undated", "first_mention", "bound"}


def test_between_two_and_eight_rows_in_a_hundred_are_wrong() -> None:
    told = [each for seed in range(12) for each in history(seed).told]
    assert 0.02 < sum(each.planted is not None for each in told) / len(told) < 0.08


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_counts_to_date_never_fall_and_revisions_come_later(flavour: str) -> None:
    for seed in range(6):
        lines: dict[tuple[str, int], list[tuple[int, int]]] = {}
        for bulletin in true_history(seed, flavour).bulletins:
            assert bulletin.said == sorted(bulletin.said)
            assert bulletin.said[0] >= bulletin.as_of
            if bulletin.since is not None:
                key = (bulletin.organisation, bulletin.since)
                lines.setdefault(key, []).append((bulletin.as_of, bulletin.values[-1]))
        for points in lines.values():
            values = [value for _, value in sorted(points)]
            assert values == sorted(values)


def test_a_line_of_the_truth_alone_has_no_failure() -> None:
    for seed in range(6):
        made = history(seed)
        assert not [each for each in judge(made, *lines_of(made)) if not each.good]


def test_each_misprint_on_the_line_is_a_failure_of_its_own() -> None:
    made = history(4)
    extra = tuple(told for told in made.told if told.planted and not Truth(made).coincides(told))
    found = judge(made, *lines_of(made, extra))
    assert bad(found, "misprint") + bad(found, "other_day") == len(extra) > 4
    assert bad(found, "line") == len({(_line(told), told.row["value"]) for told in extra})
    assert share(found, "figure") == 1


def test_a_true_figure_missing_from_the_line_is_a_failure() -> None:
    made = history(4)
    series, statements = lines_of(made)
    found = judge(made, series.head(series.height // 2), statements)
    assert bad(found, "figure") > 0
    assert share(found, "line") == 1


def test_nothing_judged_is_no_share() -> None:
    with pytest.raises(ValueError, match="nothing was judged"):
        share([], "line")


Rows = list[dict[str, object]]


def readings(told: list[Told], chance: random.Random) -> list[tuple[int, dict[str, str]]]:
    """Some rows are read again, up to weeks later: the day, as the world counts it, and a row of the file.

    The verdicts are drawn, whatever the row says: what is asked here is only when they count.
    """
    read = []
    for each in chance.sample(told, len(told) // 3):
        verdict = chance.choices([str(verdict) for verdict in FOUND], (6, 2, 1, 1))[0]
        on = each.published + chance.randint(0, 40)
        cells = {name: str(each.row[name]) for name in IDENTITY}
        said = {"verdict": verdict, "checked_on": day(FIRST_DAY + on).isoformat(), "checked_by": "a reader"}
        read.append((on, dict.fromkeys(COLUMNS, "") | cells | said))
    return sorted(read, key=lambda each: each[0])


def tables(rows: Rows, read: list[dict[str, str]], known_on: int | None = None) -> dict[str, pl.DataFrame]:
    """The tables of a fresh build with these rows and readings, as known on a day or with everything."""
    with TemporaryDirectory() as scratch:
        data = write(Path(scratch), rows)
        if read:
            pl.DataFrame(read).write_csv(data.situation("demo") / FILE)
        build.build(data, today=TODAY)
        with published_build.open_current(data) as con:
            known = None if known_on is None else day(known_on)
            return {name: table_registry.read_table(con, name, as_known_on=known) for name in TABLES}


@given(SEEDS, st.sampled_from(["busy", "own_posts"]), st.randoms(use_true_random=False))
@FEW
def test_the_order_of_rows_in_the_sheet_never_matters(seed: int, flavour: str, chance: random.Random) -> None:
    told = history(seed, flavour).told
    rows = [each.row for each in told]
    read = [row for _, row in readings(told, chance)]
    mixed = list(rows)
    chance.shuffle(mixed)
    one, other = tables(rows, read), tables(mixed, read)
    assert one["headline"].height > 0
    for name in TABLES:
        assert_frame_equal(one[name], other[name])


@given(SEEDS, st.sampled_from(["busy", "weekly"]), st.floats(0.1, 0.9), st.randoms(use_true_random=False))
@FEW
def test_a_day_in_the_past_is_what_was_published_and_read_until_then(
    seed: int, flavour: str, share: float, chance: random.Random
) -> None:
    told = sorted(history(seed, flavour).told, key=lambda each: each.published)
    read = readings(told, chance)
    cut = told[int(share * len(told))].published
    then = tables(
        [each.row for each in told if each.published <= cut], [row for on, row in read if on <= cut]
    )
    now = tables([each.row for each in told], [row for _, row in read], known_on=FIRST_DAY + cut)
    for name in TABLES:
        assert_frame_equal(then[name], now[name])
