"""A build that takes from the last one what did not change is the build that takes nothing."""

import csv
import random
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from pipelines.core.paths import DataDir
from pipelines.forecast import backtest
from pipelines.warehouse import build, published_build
from pipelines.warehouse.disclosure import audit, linear_program
from tests.attacks._cell_worlds import TODAY, build_worlds, make_world
from tests.conftest import row, write_sheet

pytestmark = pytest.mark.usefixtures("made_anew")
Edit = Callable[[Path, random.Random], None]


def _read_tables(data: DataDir) -> dict[str, pl.DataFrame]:
    with published_build.open_current(data) as con:
        names = [name for (name,) in con.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
        return {name: con.table(name).pl() for name in names if name != "release_record"}


def _change_sheet(folder: Path, edit: Callable[[list[dict[str, str]]], None]) -> None:
    path = folder / "transcriptions" / "sheet.csv"
    with path.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    edit(rows)
    write_sheet(path, rows)


def _change_a_value(folder: Path, rng: random.Random) -> None:
    def edit(rows: list[dict[str, str]]) -> None:
        chosen = rng.choice(rows)
        chosen["value"] = str(max(0, int(chosen["value"] or 0) + rng.choice((-1, 1, 2, 7))))

    _change_sheet(folder, edit)


def _drop_rows(folder: Path, rng: random.Random) -> None:
    _change_sheet(folder, lambda rows: rows.__delitem__(slice(0, 1 + len(rows) // rng.randint(2, 6))))


def _state_less(folder: Path, rng: random.Random) -> None:
    _change_sheet(folder, lambda rows: rng.choice(rows).update(value=""))  # its row is set aside


def _name_otherwise(folder: Path, _rng: random.Random) -> None:
    path = folder / "organisations.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('role = "ngo"', 'role = "government"', 1), encoding="utf-8")


def _raise_the_threshold(folder: Path, _rng: random.Random) -> None:
    path = folder / "situation.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('timezone = "UTC"', 'timezone = "UTC"\nsmall_cell = 9', 1), encoding="utf-8")


EDITS: tuple[Edit, ...] = (
    _change_a_value, _drop_rows, _state_less, _name_otherwise, _raise_the_threshold, _change_a_value,
)  # fmt: skip


@pytest.mark.parametrize("seed", range(2))
def test_after_any_edit_a_build_is_the_one_made_from_nothing(seed: int, tmp_path: Path) -> None:
    rng = random.Random(seed)
    data = build_worlds(tmp_path / "kept", [make_world(rng) for _ in range(4)])
    for number, edit in enumerate(EDITS):
        edit(data.situation(f"world_{rng.randrange(4)}"), rng)
        build.build(data, today=TODAY, accept_loss=True)
        anew = DataDir(tmp_path / f"anew_{number}")
        shutil.copytree(data.root, anew.root, ignore=shutil.ignore_patterns("build"))
        build.build(anew, today=TODAY)
        kept, made = _read_tables(data), _read_tables(anew)
        assert kept.keys() == made.keys()
        for name in made:
            assert_frame_equal(kept[name], made[name], check_row_order=False)


def test_what_did_not_change_is_not_worked_out_again(data: DataDir, monkeypatch: pytest.MonkeyPatch) -> None:
    sheets = data.situation("islandia") / "transcriptions"
    days = [TODAY - timedelta(days=7 * week) for week in range(1, 20)]
    rows = [row(value=800 + 3 * n, as_of=day, published=day) for n, day in enumerate(days)]
    parts = [row(breakdown="age=minor", value=20 + n, as_of=day, published=day) for n, day in enumerate(days)]
    write_sheet(sheets / "a.csv", rows)
    write_sheet(sheets / "b.csv", parts)
    build.build(data, today=TODAY)

    def never(*_of: object, **_more: object) -> pl.DataFrame:
        raise AssertionError("it was worked out again")

    monkeypatch.setattr(backtest, "run_backtest", never)
    monkeypatch.setattr(audit.Audit, "_try_presumptions", never)
    write_sheet(sheets / "c.csv", [row(measure="released", value=3, as_of=days[0], published=days[0])])
    assert build.build(data, today=TODAY).is_new
    with published_build.open_current(data) as con:
        assert con.table("track_record").pl().height > 0


def test_an_attack_that_ran_out_of_time_is_not_taken_for_withstood() -> None:
    rng = random.Random(1)
    easy = linear_program.Program([linear_program.Row({0: 2.0}, 0.0, 5.0, 1.0)])
    assert (easy.find_bounds({0: 1.0}).high, easy.cut_short) == (2, False)
    split = [{name: float(rng.randrange(100)) for name in range(40)} for _ in range(5)]  # hard by design
    at_most_one = [linear_program.Row({name: 1.0}, 0.0, 1.0, 1.0) for name in range(40)]
    halves = [
        linear_program.Row(terms, half, half, 1.0) for terms in split for half in [sum(terms.values()) // 2]
    ]
    hard = linear_program.Program([*at_most_one, *halves])
    hard.find_bounds({0: 1.0, 1: 1.0})
    assert hard.cut_short


def test_a_build_leaves_nothing_that_the_next_could_not_use(data: DataDir) -> None:
    sheet = data.situation("islandia") / "transcriptions" / "sheet.csv"
    sizes = []
    for value in (1, 2, 3):
        write_sheet(sheet, [row(value=value)])
        build.build(data, today=TODAY)
        sizes.append(len(list(data.kept.iterdir())))
    assert len(set(sizes)) == 1
