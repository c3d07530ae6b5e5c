"""A short one of `python -m tests.attacks.open_server`: forty visitors, and the server stays as it was."""

from pathlib import Path

import pytest

from pipelines.core.paths import DataDir
from pipelines.warehouse import build
from tests.attacks import open_server
from tests.conftest import TODAY, row, write_readings, write_sheet, write_situation
from tests.programs import run_app


@pytest.mark.browser
def test_forty_visitors_ask_for_all_they_can_and_the_front_page_stays(tmp_path: Path) -> None:
    folder = write_situation(tmp_path / "data")
    rows = [
        row(value=800 - n, as_of=f"2026-{month:02}-{day:02}", published=f"2026-{month:02}-{day:02}")
        for n, (month, day) in enumerate((month, day) for month in range(1, 7) for day in range(1, 28, 3))
    ]
    write_sheet(folder / "transcriptions" / "sheet.csv", rows)
    write_readings(folder, rows)
    build.build(DataDir(tmp_path / "data"), today=TODAY)
    with run_app(tmp_path / "data", LIBEROMETRO_TODAY=TODAY.isoformat()) as app:
        # memory is given back after ten seconds of quiet (`upkeep.QUIET_SECONDS`), looked for every few
        seen = open_server.attack(app.port, app.pid, seconds=6, calm=40, situation="islandia")
    assert seen.list_failures() == []
    assert seen.answers["file 200"] > 0
    assert seen.answers["file 503"] > 0
