"""`make attack` runs every module of tests/attacks, and says so where one got something through."""

import subprocess
import sys
from pathlib import Path

from pipelines.core.paths import ROOT
from tests.attacks.__main__ import list_attacks


def test_every_module_beside_is_an_attack() -> None:
    beside = {
        path.stem for path in (ROOT / "tests" / "attacks").glob("*.py") if not path.stem.startswith("_")
    }
    assert set(list_attacks()) == beside
    assert "\tpython -m tests.attacks\n" in (ROOT / "Makefile").read_text().replace("$(BIN)/", "")


def test_one_that_gets_something_through_breaks_the_run() -> None:
    """No module of that name: it ends badly, as one does that got something through."""
    command = [sys.executable, "-m", "tests.attacks", "nothing_of_this_name"]
    done = subprocess.run(command, cwd=Path(ROOT), capture_output=True, text=True)
    assert done.returncode == 1
    assert "BROKEN" in done.stdout
