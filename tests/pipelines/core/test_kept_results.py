"""What one build keeps for the next: found again only where everything that it hangs on is the same."""

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from pipelines.core.kept_results import KeptResults, hash_rows

ROWS = pl.DataFrame({"day": ["2026-02-19", None], "value": [508, 473]})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "kept"


def _make(rows: pl.DataFrame, made: list[int]) -> Callable[[], pl.DataFrame]:
    def make() -> pl.DataFrame:
        made.append(rows.height)
        return rows

    return make


def test_what_was_made_is_found_by_the_next_build(folder: Path) -> None:
    made: list[int] = []
    for _ in range(2):
        found = KeptResults(folder, "code").frame("sheet", ("a", 1), _make(ROWS, made))
        assert found.equals(ROWS)
    assert made == [2]


@pytest.mark.parametrize(
    ("code", "kind", "made_from"),
    [("other", "sheet", ("a", 1)), ("code", "report", ("a", 1)), ("code", "sheet", ("a", 2)),
     ("code", "sheet", ("a", "1")), ("code", "sheet", ("a1",)), ("code", "sheet", ("a",))],
)  # fmt: skip
def test_other_code_another_kind_or_another_input_is_made_anew(
    folder: Path, code: str, kind: str, made_from: tuple[object, ...]
) -> None:
    KeptResults(folder, "code").frame("sheet", ("a", 1), lambda: ROWS)
    other = ROWS.head(1)
    assert KeptResults(folder, code).frame(kind, made_from, lambda: other).equals(other)


def test_a_file_that_changed_is_read_anew_and_one_that_came_back_is_as_before(
    folder: Path, tmp_path: Path
) -> None:
    path, made = tmp_path / "figures.csv", list[int]()
    for content, rows in ((b"one", 1), (b"two", 2), (None, 0), (b"two", 2)):
        path.write_bytes(content) if content else path.unlink()
        found = KeptResults(folder).frame("sheet", (), _make(ROWS.head(rows), made), [path])
        assert found.height == rows
    assert made == [1, 2, 0]


def test_what_was_read_while_its_file_changed_is_not_kept(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "figures.csv"
    path.write_text("before", encoding="utf-8")

    def read_late() -> pl.DataFrame:
        path.write_text("after", encoding="utf-8")
        return ROWS

    KeptResults(folder).frame("sheet", (), read_late, [path])
    path.write_text("before", encoding="utf-8")
    assert KeptResults(folder).frame("sheet", (), lambda: ROWS.head(1), [path]).height == 1


def test_nothing_is_kept_of_what_failed(folder: Path) -> None:
    def fail() -> pl.DataFrame:
        raise OSError("the disk")

    with pytest.raises(OSError, match="the disk"):
        KeptResults(folder).frame("sheet", (), fail)
    assert KeptResults(folder).frame("sheet", (), lambda: ROWS).equals(ROWS)


@pytest.mark.parametrize(
    "damage",
    [lambda _: b"", lambda c: c[:-1], lambda c: c[:40] + b"?" + c[41:]],
    ids=["emptied", "cut off", "one byte changed"],
)
def test_a_damaged_file_is_made_anew(folder: Path, damage: Callable[[bytes], bytes]) -> None:
    KeptResults(folder).frame("sheet", (), lambda: ROWS)
    (path,) = folder.iterdir()
    path.write_bytes(damage(path.read_bytes()))
    other = ROWS.head(1)
    assert KeptResults(folder).frame("sheet", (), lambda: other).equals(other)
    assert KeptResults(folder).frame("sheet", (), lambda: ROWS).equals(other)  # and kept instead


def test_what_a_build_did_not_ask_for_is_gone_after_it(folder: Path) -> None:
    before = KeptResults(folder)
    for name in ("a", "b"):
        before.frame("sheet", (name,), lambda: ROWS)
    before.keep_digests("withstood", {bytes(32), bytes(range(32))})
    before.forget_unasked()
    assert len(list(folder.iterdir())) == 3
    after = KeptResults(folder)
    after.frame("sheet", ("b",), lambda: pytest.fail("it was kept"))
    assert after.digests("withstood") == {bytes(32), bytes(range(32))}
    after.forget_unasked()
    assert len(list(folder.iterdir())) == 2


def test_without_a_folder_nothing_is_kept(tmp_path: Path) -> None:
    made: list[int] = []
    kept = KeptResults(None)
    for _ in range(2):
        kept.frame("sheet", (), _make(ROWS, made))
    kept.keep_digests("withstood", {bytes(32)})
    kept.forget_unasked()
    assert made == [2, 2]
    assert kept.digests("withstood") == set()
    assert not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_written_costs_time_alone(tmp_path: Path) -> None:
    path = tmp_path / "kept"
    path.write_text("a file where the folder would be", encoding="utf-8")
    for _ in range(2):
        assert KeptResults(path).frame("sheet", (), lambda: ROWS).equals(ROWS)


def test_what_is_kept_is_as_private_as_the_build(folder: Path) -> None:
    KeptResults(folder).frame("sheet", (), lambda: ROWS)
    assert folder.stat().st_mode & 0o077 == 0
    assert all(path.stat().st_mode & 0o077 == 0 for path in folder.iterdir())


def test_rows_stand_for_themselves_in_any_order() -> None:
    assert hash_rows(ROWS) == hash_rows(ROWS.reverse())
    assert hash_rows(ROWS) != hash_rows(ROWS.with_columns(value=pl.lit(1)))
    assert hash_rows(ROWS) != hash_rows(ROWS.rename({"day": "days"}))
