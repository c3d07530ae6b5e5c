"""What runs away is stopped: time, memory and crashes in the child become a refusal here."""

from pathlib import Path

import pytest

from pipelines.core.file_limits import FileLimits
from pipelines.intake.files import sandbox
from pipelines.intake.files.sandbox import Order, run_confined
from pipelines.sheets.raw_table import Grid, ReadError
from tests.pipelines.intake.files.pdfs import pdf, ruled_table


def report(folder: Path) -> Path:
    path = folder / "bulletin.pdf"
    path.write_bytes(pdf([ruled_table([["a", "b"], ["1", "2"]])]))
    return path


def run(path: Path, limits: FileLimits) -> list[Grid]:
    return run_confined("pdf_grids", path, list[Grid], limits, pages=None, edges=None)


def test_child_hands_back_what_it_read(tmp_path: Path) -> None:
    (grid,) = run(report(tmp_path), FileLimits())
    assert [row.cells for row in grid.rows] == [["a", "b"], ["1", "2"]]


def test_file_that_takes_too_long_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match=r"bulletin.pdf: not read after 0 seconds"):
        run(report(tmp_path), FileLimits(seconds=0))


def test_file_that_needs_too_much_memory_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match=r"bulletin.pdf: .*refused"):
        run(report(tmp_path), FileLimits(memory_bytes=1_000_000))


def test_child_that_dies_is_a_refusal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "CHILD", "pipelines.intake.files.nothing")
    with pytest.raises(ReadError, match="took the reader's process down"):
        run(report(tmp_path), FileLimits())


@pytest.mark.parametrize(
    ("error", "words"), [(MemoryError, "needs more than"), (RecursionError, "nested too deeply")]
)
def test_lack_of_memory_and_endless_nesting_are_told(
    monkeypatch: pytest.MonkeyPatch, error: type[Exception], words: str
) -> None:
    def explode(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("pipelines.intake.files.html_page.parse_tables", explode)
    told = sandbox.answer_order(Order("html_grids", "page.html", FileLimits()))
    assert told.error is not None
    assert words in told.error
