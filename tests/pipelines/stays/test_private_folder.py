"""Folders of counts that run at once: none takes another's for one that a killed run left behind."""

import subprocess
import sys
from pathlib import Path

from pipelines.core.paths import ROOT

RUN = """
import sys
from pathlib import Path
from pipelines.stays.private_folder import make_private_folder
for _ in range(150):
    with make_private_folder(Path(sys.argv[1])) as folder:
        (folder / "spilled").write_text("1")
"""


def test_counts_that_run_at_once_leave_each_other_s_folder_alone(tmp_path: Path) -> None:
    parent = tmp_path / "counting"
    running = [
        subprocess.Popen([sys.executable, "-c", RUN, str(parent)], cwd=ROOT, stderr=subprocess.PIPE)
        for _ in range(6)
    ]
    assert [(each.communicate()[1], each.returncode) for each in running] == [(b"", 0)] * 6
    assert list(parent.iterdir()) == []
