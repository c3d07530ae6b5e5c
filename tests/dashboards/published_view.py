"""A published build that a whole module of tests shares, and the environment that serves it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from dashboards.queries import database
from dashboards.queries.view import View
from pipelines.core.paths import DataDir
from pipelines.warehouse import build
from tests.conftest import ORGANISATIONS, TODAY, write_readings, write_sheet, write_situation
from tests.dashboards.conftest import EVENTS

ADDRESS = "https://liberometro.example"


@contextmanager
def published(root: Path, rows: list[dict[str, str]], first_name: str = "La Lista") -> Iterator[View]:
    """The Spanish view of these figures, below an address, with the first organisation called as asked."""
    folder = write_situation(root)
    (folder / "events.csv").write_text(EVENTS, encoding="utf-8")
    named = ORGANISATIONS.replace('"La Lista"', f"'''{first_name}'''")
    (folder / "organisations.toml").write_text(named, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LIBEROMETRO_DATA", str(root))
        patch.setenv("LIBEROMETRO_TODAY", TODAY.isoformat())
        patch.setenv("LIBEROMETRO_ADDRESS", ADDRESS)
        yield rebuilt(root, rows)


def rebuilt(root: Path, rows: list[dict[str, str]]) -> View:
    """The view after these figures have taken the place of those before."""
    data = DataDir(root)
    write_sheet(data.situation("islandia") / "transcriptions" / "sheet.csv", rows)
    write_readings(data.situation("islandia"), rows)
    build.build(data, today=TODAY)
    return View(database.find_current_build(), "islandia", "es", TODAY)
