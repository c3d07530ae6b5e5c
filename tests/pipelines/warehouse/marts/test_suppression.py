"""Small cells: nothing that is published holds them, and an attack on all of it does not get them back."""

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from pipelines.core.paths import SQL, DataDir
from pipelines.warehouse import build, lives, published_build, table_registry
from pipelines.warehouse.disclosure import attack
from tests.builds import FILL
from tests.pipelines.warehouse.marts.conftest import built, day, figure, write

TODAY = date(2026, 12, 31)
FEW = settings(
    max_examples=4,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)
Rows = list[dict[str, Any]]


def cell(
    breakdown: str, value: int, as_of: int = 0, measure: str = "in_custody", **more: Any
) -> dict[str, Any]:
    return figure("primary", measure, value, as_of, breakdown=breakdown, **more)


def children(few: int = 3) -> Rows:
    """A bulletin and its repetition by a second outlet, with few adolescents."""
    bulletin = [
        figure("primary", "in_custody", 457, 0),
        cell("age=adolescent", few),
        cell("age=adult", 457 - few),
    ]
    return bulletin + [
        row | {"publisher": "Other Daily", "published": day(2).isoformat()} for row in bulletin
    ]


def growing(*values: int, place: str = "north") -> Rows:
    """One facility's releases to date, every third day."""
    return [
        cell(f"facility={place}", value, 3 * n, "released_to_date", since=-30)
        for n, value in enumerate(values)
    ]


def attacked(data: DataDir, *days: date) -> list[attack.Leak]:
    build.build(data, today=TODAY)
    with published_build.open_current(data) as con:
        return attack.attack(con, days)


def shown(tmp_path: Path, rows: Rows) -> dict[tuple[str, str], int | None]:
    """What is left of each cell of the series: (breakdown, day) → value."""
    series = built(write(tmp_path, rows), "statements")
    return {
        (row["breakdown"], row["as_of"].isoformat()): row["value"] for row in series.iter_rows(named=True)
    }


@pytest.fixture
def mutate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str, str], None]:
    """mutate(file, old, new): builds from now on run with one protection switched off."""

    def change(name: str, old: str, new: str) -> None:
        folder = tmp_path / "sql"
        shutil.copytree(SQL, folder)
        text = (folder / name).read_text()
        assert text.count(old) == 1
        (folder / name).write_text(text.replace(old, new))
        monkeypatch.setattr(build, "SQL", folder)
        monkeypatch.setattr(lives, "SQL", folder)
        monkeypatch.setattr(build, "_fill_safely", FILL)  # of no build that was made with it on

    return change


def broken_into(data: DataDir) -> str:
    with pytest.raises(build.BuildError) as stopped:
        build.build(data, today=TODAY)
    return str(stopped.value)


def test_a_withheld_claim_keeps_who_when_and_where_but_no_value(tmp_path: Path) -> None:
    rows = [row | {"raw": "three"} if "raw" in row else row for row in children()]
    for row in (
        built(write(tmp_path, rows), "claims").filter(breakdown="age=adolescent").iter_rows(named=True)
    ):
        assert (row["suppressed"], row["fewer_than"], row["as_of"]) == (True, 5, day(0))
        assert row["publisher"] in ("Demo Daily", "Other Daily")
        assert {row[name] for name in ("value", "value_high", "qualifier", "raw", "note")} == {None}


def test_the_published_file_does_not_hold_the_words_of_a_withheld_claim(tmp_path: Path) -> None:
    rows = [row | {"note": "remarkable-words"} for row in children() if row["breakdown"] != "total"]
    data = write(tmp_path, rows)
    build.build(data, today=TODAY)
    assert b"remarkable-words" not in published_build.find_current(data).path.read_bytes()


def test_what_is_published_does_not_depend_on_what_is_withheld(tmp_path: Path) -> None:
    views = []
    for few in (1, 4):
        data = write(tmp_path / str(few), children(few) + growing(few, 60, 90))
        build.build(data, today=TODAY)
        with published_build.open_current(data) as con:
            tables = {name: table_registry.read_table(con, name) for name in table_registry.TABLES}
            early = {
                f"{name} early": table_registry.read_table(con, name, as_known_on=day(1))
                for name in table_registry.AS_KNOWN_ON
            }
        views.append(tables | early)
    for name, frame in views[0].items():
        assert_frame_equal(frame, views[1][name])


def test_a_cell_withheld_later_is_withheld_in_the_view_of_an_earlier_day(tmp_path: Path) -> None:
    rows = [figure("primary", "in_custody", 60, 0), cell("facility=north", 57)]
    data = write(tmp_path, [*rows, cell("facility=south", 3, published=5)])
    early = built(data, "statements", 1).filter(breakdown="facility=north")
    assert early["value"].to_list() == [None]
    assert attacked(data, day(1), day(5)) == []


def test_a_facility_that_grows_by_a_few_is_not_shown_until_it_grew_by_more(tmp_path: Path) -> None:
    found = shown(tmp_path, growing(20, 22, 24, 30))
    assert list(found.values()) == [20, None, None, 30]


def test_releases_of_a_facility_from_two_to_four_are_withheld_and_what_follows_is_not(tmp_path: Path) -> None:
    assert list(shown(tmp_path, growing(2, 4, 60, 90)).values()) == [None, None, 60, 90]


def test_a_flow_does_not_give_back_the_count_before_it(tmp_path: Path) -> None:
    rows = [*growing(3, 40), cell("facility=north", 37, 3, "released", since=0)]
    found = built(write(tmp_path, rows), "statements").filter(measure="released")
    assert found["value"].to_list() == [None]


def test_parts_that_no_small_cell_touches_are_all_shown(tmp_path: Path) -> None:
    rows = [
        figure("primary", "in_custody", 100, 0),
        cell("facility=north", 60),
        cell("facility=south", 40),
        cell("age=adult", 90),
        cell("sex=female", 2),
    ]
    assert None not in shown(tmp_path, rows).values()


def test_at_least_four_is_withheld_but_not_called_fewer_than_five(tmp_path: Path) -> None:
    (row,) = built(
        write(tmp_path, [cell("facility=north", 4, qualifier="at_least")]), "breakdowns"
    ).to_dicts()
    assert (row["suppressed"], row["value"], row["fewer_than"]) == (True, None, None)


def test_fewer_than_five_is_not_said_where_it_would_say_how_many(tmp_path: Path) -> None:
    rows = [figure("primary", "released", 8, 0, since=-1)]
    rows += [cell(f"facility={place}", 4, 0, "released", since=-1) for place in ("north", "south")]
    found = built(write(tmp_path, rows), "breakdowns")
    assert found["fewer_than"].to_list() == [None, None]


def test_a_correction_does_not_hold_the_value_that_it_corrects(tmp_path: Path) -> None:
    toml = f"""
[[correction]]
where = {{ breakdown = "age=adolescent", publisher = "Demo Daily" }}
field = "value"
expected = 3
corrected = 2
reason = "two, not three"
decided = {day(9).isoformat()}
"""
    data = write(tmp_path, children(), corrections=toml)
    (row,) = built(data, "corrections").to_dicts()
    assert (row["expected"], row["corrected"], row["reason"]) == (None, None, "")
    assert built(data, "revisions").is_empty()


def test_rows_that_wait_or_are_refused_do_not_hold_small_cells(tmp_path: Path) -> None:
    waiting = cell("facility=west", 3)  # a facility that nobody listed
    data = write(tmp_path, [*children(), children()[1], waiting])
    assert built(data, "pending")["raw"].to_list() == [None]
    assert built(data, "quarantine")["raw"].to_list() == [None]


@pytest.mark.parametrize(
    ("file", "old", "new", "rows", "how"),
    [
        pytest.param(
            "2_disclosure/masked/08_claims_masked.sql",
            "masked.masked_id AS claim_id, true AS suppressed",
            "guarded.claim_id AS claim_id, true AS suppressed",
            children(),
            "claims.claim_id",
            id="ids made from the value",
        ),
        pytest.param(
            "2_disclosure/masked/08_claims_masked.sql",
            "(qualifier, value, value_high, raw, note) REPLACE",
            "(qualifier, value, value_high, raw) REPLACE",
            [row | {"note": "3 of them"} for row in children()],
            "claims.note",
            id="notes",
        ),
        pytest.param(
            "2_disclosure/masked/08_claims_masked.sql",
            "(qualifier, value, value_high, raw, note) REPLACE",
            "(raw, note) REPLACE",
            children(),
            "claims.value",
            id="values",
        ),
    ],
)
def test_the_attack_stops_a_build_without_one_protection(
    tmp_path: Path,
    mutate: Callable[[str, str, str], None],
    file: str,
    old: str,
    new: str,
    rows: Rows,
    how: str,
) -> None:
    data = write(tmp_path / "data", rows)
    assert attacked(data) == []
    shutil.rmtree(data.build)
    mutate(file, old, new)
    assert how in broken_into(data)


@pytest.mark.parametrize(
    ("old", "new", "rows"),
    [
        pytest.param(
            "SEMI JOIN moments ON moments.moment = cells.moment AND moments.key = keyed.key",
            "SEMI JOIN cells_small ON cells_small.claim_id = cells.claim_id",
            [
                figure("primary", "in_custody", 60, 0),
                cell("facility=north", 57),
                cell("facility=south", 3),
            ],
            id="siblings",
        ),
        pytest.param(
            "SELECT moment, key FROM cells_small UNION SELECT moment, key FROM cells_unsafe",
            "SELECT moment, key FROM cells_small",
            growing(20, 22, 60),
            id="growth of a few",
        ),
        pytest.param(
            "SELECT moment, key FROM cells_small UNION SELECT moment, key FROM cells_unsafe",
            "SELECT moment, key FROM cells_small",
            [*growing(3, 40), cell("facility=north", 37, 3, "released", since=0)],
            id="a flow beside a count to date",
        ),
        pytest.param(
            "AND bool_and(told.safe)",
            "",
            [
                figure("primary", "released", 8, 0, since=-1),
                cell("facility=north", 4, 0, "released", since=-1),
                cell("facility=south", 4, 0, "released", since=-1),
            ],
            id="fewer than five twice of eight",
        ),
    ],
)
def test_the_audit_alone_withholds_what_a_rule_of_thumb_leaves(
    tmp_path: Path, mutate: Callable[[str, str, str], None], old: str, new: str, rows: Rows
) -> None:
    data = write(tmp_path / "data", rows)
    mutate("2_disclosure/07_cells_withheld.sql", old, new)
    assert attacked(data) == []


@st.composite
def _histories(draw: st.DrawFn) -> Rows:
    """Bulletins that add up: stocks by age and facility, releases by facility as flows and counts to date."""
    rows: Rows = []
    to_date = {"north": 0, "south": 0, "east": 0}
    for n in range(draw(st.integers(2, 5))):
        at = 3 * n
        said: dict[str, Any] = {"published": at + draw(st.integers(0, 4))}
        held = [draw(st.integers(0, 8)), draw(st.integers(0, 60))]
        stated = [
            ("total", sum(held)),
            ("age=adolescent", held[0]),
            ("age=adult", held[1]),
        ]
        out = {place: draw(st.sampled_from([0, 1, 4, 5, 9, 30])) for place in to_date}
        for place, number in out.items():
            to_date[place] += number
        rows += [cell(part, value, at, **said) for part, value in stated if draw(st.booleans())]
        for measure, counted, since in (("released", out, at - 3), ("released_to_date", to_date, -30)):
            parts = [(f"facility={place}", number) for place, number in counted.items()]
            parts.append(("total", sum(counted.values())))
            chosen = [part for part in parts if draw(st.booleans())]
            rows += [cell(part, value, at, measure, since=since, **said) for part, value in chosen]
    return rows or [cell("total", 1)]


@given(_histories(), st.integers(0, 16))
@FEW
def test_nothing_can_be_had_back_from_histories_that_add_up(
    tmp_path_factory: pytest.TempPathFactory, rows: Rows, known_on: int
) -> None:
    assert attacked(write(tmp_path_factory.mktemp("history"), rows), day(known_on)) == []


def test_every_table_that_names_claims_is_attacked(tmp_path: Path) -> None:
    data = write(tmp_path, children())
    build.build(data, today=TODAY)
    with published_build.open_current(data) as con:
        for name in table_registry.TABLES:
            frame = con.table(name).limit(0).pl()
            named = {each for each in frame.columns if "claim" in each and frame.schema[each] != pl.Boolean}
            assert name in attack.SHOWN or name == "corrections" or not named, name
