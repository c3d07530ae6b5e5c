"""The app served as `make run` serves it, and Debian's Chromium to look at it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pipelines.core.paths import DataDir
from pipelines.warehouse import build
from tests.conftest import TODAY, row, write_readings, write_sheet, write_situation
from tests.programs import run_app


@pytest.fixture(scope="session")
def served_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a small build of the tests' own."""
    root = tmp_path_factory.mktemp("served") / "data"
    folder = write_situation(root)
    left = {"measure": "released_to_date", "period_start": "2026-01-08"}
    rows = [
        row(value=1806, as_of="2026-01-05", published="2026-01-05"),
        row(value=1591, as_of="2026-02-15", published="2026-02-15"),
        row(**left, value=400, as_of="2026-02-08", published="2026-02-08"),
        row(**left, value=464, as_of="2026-02-15", published="2026-02-15"),
    ]
    write_sheet(folder / "transcriptions" / "sheet.csv", rows)
    write_readings(folder, rows)
    build.build(DataDir(root), today=TODAY)
    return root


@pytest.fixture(scope="session")
def address(served_data: Path) -> Iterator[str]:
    """Where the app is served, with a small build of its own."""
    with served(served_data) as address:
        yield address


@contextmanager
def served(root: Path) -> Iterator[str]:
    """One more process that serves the app over a data folder; its address."""
    with run_app(root, LIBEROMETRO_TODAY=TODAY.isoformat(), LIBEROMETRO_KEEP_BROWSER="no") as app:
        yield app.address
