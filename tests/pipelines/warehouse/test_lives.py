"""What was known of every statement on any day: read from its stored life, equal to a build made that day."""

from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import duckdb
import numpy as np
import polars as pl
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from pipelines.core.paths import DataDir
from pipelines.sheets.verifications import ReadingVerdict
from pipelines.warehouse import build, neighbours, published_build, table_registry
from pipelines.warehouse.neighbours import NEVER, Asked, Marks
from tests.conftest import TODAY, Built, row, rows_of, write_readings, write_sheet, write_situation

START = date(2026, 1, 1)
FEW = settings(
    max_examples=5, deadline=None, suppress_health_check=list(HealthCheck), phases=set(Phase) - {Phase.shrink}
)
TABLES = (
    "statements", "headline", "origins", "contradictions", "revisions", "breakdowns", "gaps",
    "reconciliation", "revolving_door", "releases_by_role", "announcements", "breaks", "bands",
)  # fmt: skip


def day(number: int) -> date:
    return START + timedelta(days=number)


class Told(NamedTuple):
    """A row of a sheet, with what people did to it later: the days after its publication, or None."""

    cells: dict[str, str]
    published: date
    read_after: int | None
    verdict: str
    corrected_after: int | None


@st.composite
def _told(draw: st.DrawFn) -> Told:
    measure = draw(st.sampled_from(["in_custody", "in_custody", "released_to_date", "released"]))
    moment, delay = draw(st.integers(0, 12)), draw(st.integers(-1, 9))
    undated = draw(st.integers(0, 4)) == 0
    starts = "2026-01-01" if measure == "released_to_date" else draw(st.sampled_from(["", "2025-12-25"]))
    cells = row(
        measure=measure,
        organisation=draw(st.sampled_from(["lista", "lista", "otra", "gobierno"])),
        value=draw(st.sampled_from([300, 301, 302, 305, 310, 340, 400, 700])),
        qualifier=draw(st.sampled_from(["exact", "exact", "exact", "more_than", "about"])),
        breakdown=draw(st.sampled_from(["total", "total", "sex=female"])),
        period_start="" if measure == "in_custody" else starts,
        as_of=day(max(moment + delay, 0)) if undated else day(moment),
        as_of_basis="publication_date" if undated else "stated",
        published=day(max(moment + delay, 0)),
        publisher=draw(st.sampled_from(["El Diario", "La Hoja", "La Tarde"])),
        provenance=draw(st.sampled_from(["press", "press", "press", "secondhand", "primary"])),
    )
    later = st.one_of(st.none(), st.none(), st.integers(0, 9))
    verdict = draw(st.sampled_from([each for each in ReadingVerdict if each != "states_something_else"]))
    return Told(cells, day(max(moment + delay, 0)), draw(later), verdict, draw(later))


def _write(root: Path, told: list[Told], until: date) -> DataDir:
    """A data folder as it stood on a day: what had been published, read again and corrected by then."""
    folder = write_situation(root)
    with (folder / "organisations.toml").open("a", encoding="utf-8") as organisations:
        organisations.write('\n[[organisation]]\nid = "otra"\nname = "Otra Lista"\nrole = "ngo"\n')
    known = [
        each._replace(cells={**each.cells, "url": f"https://diario.example/{number}"})
        for number, each in enumerate(told)
        if each.published <= until
    ]
    write_sheet(folder / "transcriptions" / "sheet.csv", [each.cells for each in known])
    readings, corrections = [], []
    for each in known:
        read = each.published + timedelta(days=each.read_after or 0)
        if each.read_after is not None and read <= until:
            readings.append({**each.cells, "verdict": each.verdict, "checked_on": read.isoformat()})
        decided = each.published + timedelta(days=each.corrected_after or 0)
        if each.corrected_after is not None and decided <= until:
            value = int(each.cells["value"])
            corrections.append(
                f'[[correction]]\nwhere = {{ url = "{each.cells["url"]}" }}\nfield = "value"\n'
                f'expected = {value}\ncorrected = {value + 1}\nreason = "se lee"\ndecided = {decided}\n'
            )
    write_readings(folder, readings)
    (folder / "corrections.toml").write_text("\n".join(corrections), encoding="utf-8")
    return DataDir(root)


def _read(told: list[Told], until: date, known_on: date | None) -> dict[str, pl.DataFrame]:
    with TemporaryDirectory() as scratch:
        data = _write(Path(scratch), told, until)
        build.build(data, today=TODAY)
        with published_build.open_current(data) as con:
            return {name: table_registry.read_table(con, name, as_known_on=known_on) for name in TABLES}


@given(st.lists(_told(), min_size=25, max_size=70), st.integers(2, 22))
@FEW
def test_any_day_is_what_a_build_of_that_day_says(told: list[Told], cut: int) -> None:
    if any(each.published <= day(cut) for each in told):
        then, now = _read(told, day(cut), None), _read(told, TODAY, day(cut))
        for name in TABLES:
            assert_frame_equal(then[name], now[name])


@given(st.lists(_told(), min_size=10, max_size=40))
@FEW
def test_the_spans_of_a_statement_follow_each_other_and_differ(told: list[Told]) -> None:
    with TemporaryDirectory() as scratch:
        data = _write(Path(scratch), told, TODAY)
        build.build(data, today=TODAY)
        with published_build.open_current(data) as con:
            lives = con.sql("FROM statements_stored UNION ALL FROM statements_ended").pl()
    same = [column for column in lives.columns if column not in ("known_from", "known_until")]
    alike = lives.join(
        lives, left_on=[*same, "known_until"], right_on=[*same, "known_from"], how="semi", nulls_equal=True
    )
    assert alike.is_empty()
    said = ["point", "qualifier", "value", "value_high"]
    ordered = lives.with_columns(withdrawn=pl.col("standing") == "withdrawn").sort(*said, "known_from")
    before = pl.col("known_until").shift().over(*said, "withdrawn")
    assert ordered.filter(pl.col("known_from") < before).is_empty()
    assert ordered.filter(pl.col("known_from") >= pl.col("known_until")).is_empty()


@given(st.lists(_told(), min_size=40, max_size=90), st.integers(8, 22))
@FEW
def test_what_is_asked_of_a_day_alone_is_that_part_of_the_whole(told: list[Told], cut: int) -> None:
    with TemporaryDirectory() as scratch:
        data = _write(Path(scratch), told, TODAY)
        build.build(data, today=TODAY)
        with published_build.open_current(data) as con:
            for name, narrowed in table_registry.NARROWED_BY.items():
                whole = con.table_function(f"{name}_as_known_on", [day(cut)]).pl()
                for held in whole.select(*narrowed).unique().iter_rows(named=True):
                    named = ", ".join(f"{parameter} := ${parameter}" for parameter in narrowed.values())
                    asked = {parameter: held[column] for column, parameter in narrowed.items()}
                    sql = f"FROM {name}_as_known_on($known_on, {named})"
                    part = con.sql(sql, params={"known_on": day(cut), **asked}).pl()
                    its = whole.filter([pl.col(column) == value for column, value in held.items()])
                    assert_frame_equal(part, its, check_row_order=False)
            edges, bands = con.table("band_edges").pl(), con.table("bands").pl()
            assert_frame_equal(edges, bands.select(edges.columns), check_row_order=False)


def test_a_view_of_a_day_is_a_filter_and_no_rule_is_applied_again(built: Built) -> None:
    con: duckdb.DuckDBPyConnection = built([row(), row(value="806", published="2026-02-10")])
    question = "EXPLAIN SELECT count(*) FROM statements_as_known_on(DATE '2026-01-20')"
    ((_, plan),) = con.execute(question).fetchall()
    assert "SEQ_SCAN" in plan
    assert not {"WINDOW", "HASH_JOIN", "HASH_GROUP_BY"} & set(plan.split())
    assert [each["value"] for each in rows_of(con, "series", as_known_on=date(2026, 1, 20))] == [800]


# --- neighbours ----------------------------------------------------------------------------------

_MARK = st.tuples(st.integers(1, 3), st.integers(0, 9), st.integers(0, 12), st.integers(1, 12))


@given(st.lists(_MARK, min_size=1, max_size=30), st.lists(_MARK, min_size=1, max_size=10))
@settings(max_examples=300, deadline=None)
def test_the_nearest_mark_is_the_one_that_a_look_at_every_day_finds(
    drawn: list[tuple[int, int, int, int]], asking: list[tuple[int, int, int, int]]
) -> None:
    mine = sorted(
        (line, moment, start, NEVER if long > 9 else start + long) for line, moment, start, long in drawn
    )
    marks = Marks(*(np.array(column, dtype=np.int64) for column in zip(*mine, strict=True)))
    rows = [
        (
            who,
            line,
            next((n for n, each in enumerate(mine) if each[:2] >= (line, moment)), len(mine)),
            start,
            start + long,
        )
        for who, (line, moment, start, long) in enumerate(asking)
    ]
    asked = Asked(*(np.array(column, dtype=np.int64) for column in zip(*rows, strict=True)))
    pieces = neighbours.find_nearest(marks, asked)
    for who, line, first, start, stop in rows:
        for each in range(start, stop):
            known = [
                n for n in range(first, len(mine)) if mine[n][0] == line and mine[n][2] <= each < mine[n][3]
            ]
            answers = [
                int(mark)
                for owner, mark, since, until in zip(*pieces, strict=True)
                if owner == who and since <= each < until
            ]
            assert answers == known[:1]
