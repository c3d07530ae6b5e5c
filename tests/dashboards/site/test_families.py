"""The families' page is light to make: no chart library, no exhibit and no forecaster stands behind it."""

import json
import os
import subprocess
import sys
from pathlib import Path

from pipelines.core.paths import ROOT
from tests.conftest import TODAY
from tests.dashboards.site.conftest import BASE, ROWS, small_data

DRAW = f"""
import json, sys
from datetime import date
from dashboards.site import render
from dashboards.site.edition import open_edition
from dashboards.site.pages import families

made = open_edition(None, {BASE!r}, date.fromisoformat({TODAY.isoformat()!r}))
page = families.make_page(made, made.first, "index.html", "index.html", "og.png")
print(json.dumps([render.render(made, page), sorted(sys.modules)]))
"""
HEAVY = ("plotly", "dashboards.exhibits.exhibit", "dashboards.export.formats", "pipelines.forecast")


def test_the_page_is_drawn_without_a_chart_library_or_a_forecaster(tmp_path: Path) -> None:
    data = small_data(tmp_path, ROWS)
    drawn = subprocess.run(
        [sys.executable, "-c", DRAW],
        cwd=ROOT,
        env={**os.environ, "LIBEROMETRO_DATA": str(data.root)},
        capture_output=True,
        text=True,
        check=True,
    )
    page, modules = json.loads(drawn.stdout)
    assert '<p class="figure">601</p>' in page
    assert '<figure class="panel t-held">' in page
    order = ["<h1>El 15 de febrero", 'class="cards"', 'class="send"', "<svg", 'class="steps"', 'class="help"']
    assert [part for part in sorted(order, key=page.find) if part in page] == order
    assert "<script" not in page.replace('<script type="application/ld+json">', "")
    assert [name for name in modules if name.startswith(HEAVY)] == []
