"""A publish takes no more memory for more charts: each is drawn, written and let go."""

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from pipelines.core.paths import ROOT, DataDir
from pipelines.warehouse import build
from tests.benchmarks import generated

FEW, MANY = (2, 32), (16, 4)  # organisations and weeks: as many figures each time, in ever more charts
MOST = 1.12  # of what few take

PUBLISH = """
import re, sys
from pathlib import Path
from dashboards.site.edition import open_edition
from dashboards.site.generator import publish
publish(open_edition(None), Path(sys.argv[1]))
print(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
"""  # getrusage would tell the peak of the process that started this one, where that is higher


def publish(root: Path, organisations: int, weeks: int) -> tuple[int, int]:
    """How many charts a site of this size has, and the peak of the process that wrote it, in kB."""
    data = DataDir(root / "data")
    sheet = generated.write_situation(data.root) / "transcriptions" / "sheet.csv"
    generated.divided(organisations, weeks).write_csv(sheet)
    build.build(data, today=datetime.now(UTC).date())
    done = subprocess.run(
        [sys.executable, "-c", PUBLISH, str(root / "site")],
        cwd=ROOT,
        env={**os.environ, "LIBEROMETRO_DATA": str(data.root)},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return len(list((root / "site").glob("*/charts/*.wide.svg"))), int(done.stdout)


def test_a_publish_of_many_charts_takes_as_much_memory_as_one_of_few(tmp_path: Path) -> None:
    few, least = publish(tmp_path / "few", *FEW)
    many, most = publish(tmp_path / "many", *MANY)
    assert many > 3 * few
    assert most < MOST * least, f"{few} charts: {least // 1024} MB, {many} charts: {most // 1024} MB"
