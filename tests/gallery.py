"""Every chart as a picture, in each language and size, light and dark, on one page to look at.

`python -m tests.gallery [CHART …]` writes tests/artefacts/gallery/index.html from the published build.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from dashboards.charts.theme import SIZES
from dashboards.exhibits.chart_registry import CHARTS, find_exhibit
from dashboards.exhibits.exhibit import ChartRequest
from dashboards.export import picture, png_file
from dashboards.export.provenance import make_provenance
from dashboards.i18n.translations import list_languages
from dashboards.queries.view import View, open_view
from pipelines.core.paths import ROOT

OUT = ROOT / "tests" / "artefacts" / "gallery"
LOOKED_AT = (("wide", False), ("wide", True), ("square", False), ("phone", False), ("tall", False))
HEAD = (
    "<!doctype html><meta charset=utf-8><title>Gallery</title><style>body{font:16px sans-serif;margin:2rem}"
    "img{max-width:48%;margin:4px;vertical-align:top;border:1px solid #ccc}</style><h1>Gallery</h1>"
)


def draw_all(view: View, charts: list[str], out: Path) -> Iterator[str]:
    """Each chart's pictures as files; the HTML that shows them."""
    for chart in charts:
        exhibit = find_exhibit(view, chart)
        if exhibit is None or exhibit.figure is None:
            continue
        yield f"<h2>{chart}, {view.language}</h2>"
        facts = make_provenance(exhibit, view, ChartRequest(chart))
        for size, dark in LOOKED_AT:
            name = f"{view.situation_id}-{chart}-{view.language}-{size}{'-dark' if dark else ''}.png"
            drawn = picture.draw_chart(exhibit, facts, SIZES[size], dark)
            (out / name).write_bytes(png_file.write(drawn, facts, {}))
            yield f"<a href={name}><img loading=lazy src={name} alt='{chart} {size}'></a>"


def main() -> None:
    """Draw what is asked for, or all."""
    OUT.mkdir(parents=True, exist_ok=True)
    charts = sys.argv[1:] or [each.name for each in CHARTS]
    html = [HEAD]
    for language in list_languages():
        html += draw_all(open_view(None, language), charts, OUT)
    (OUT / "index.html").write_text("\n".join(html), encoding="utf-8")
    print(OUT / "index.html")


if __name__ == "__main__":
    main()
