"""Every chart as a picture, in each language and size, light and dark, on one page to look at.

`python -m tests.gallery [CHART …]` writes tests/artefacts/gallery/index.html from the published build. The
tests that read every picture (tests/dashboards/export/test_gallery.py) leave the same there, so CI keeps it.
"""

import fcntl
import shutil
import sys
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

import msgspec
from lxml import etree

from dashboards.charts.theme import SIZES, Size
from dashboards.exhibits.chart_registry import find_exhibit, list_charts
from dashboards.exhibits.exhibit import ChartRequest, Exhibit
from dashboards.export import formats, picture, png_file
from dashboards.export.provenance import FileProvenance, make_provenance
from dashboards.i18n.translations import list_languages
from dashboards.queries import database
from dashboards.queries.view import View, open_view
from pipelines.core.paths import ROOT

OUT = ROOT / "tests" / "artefacts" / "gallery"
Look = tuple[str, bool]  # size, dark
LOOKED_AT: tuple[Look, ...] = (("wide", False), ("wide", True), ("square", False), ("phone", False))
EVERYWHERE = ["overview", "held", "left-prison"]  # of the situations beside the first
LISTED = "listed.json"
HEAD = """<!doctype html><html lang=en><meta charset=utf-8><title>Gallery</title><style>
body{font:16px sans-serif;margin:2rem}img{max-width:48%;margin:4px;vertical-align:top;border:1px solid #ccc}
nav a{display:block}</style><h1>Gallery</h1>"""


@dataclass(frozen=True)
class Picture:
    """One chart drawn in one size, light or dark."""

    exhibit: Exhibit
    facts: FileProvenance
    size: Size
    dark: bool
    drawn: etree._Element


class Listed(msgspec.Struct):
    """What the page says of a chart in one language."""

    situation: str
    language: str
    chart: str
    title: str
    files: list[str]


Take = Callable[[Picture], bytes]


def list_drawn(view: View) -> Iterator[tuple[str, Exhibit]]:
    """The charts of a situation that have a picture."""
    for chart in list_charts(view):
        exhibit = find_exhibit(view, chart)
        if exhibit is not None and exhibit.figure is not None:
            yield chart, exhibit


def choose(view: View) -> list[str]:
    """The charts of a situation that the gallery shows."""
    first = database.read_situations(view.build)[0].id
    return list(list_charts(view)) if view.situation_id == first else EVERYWHERE


def draw(view: View, chart: str, exhibit: Exhibit, looks: Sequence[Look] = LOOKED_AT) -> Iterator[Picture]:
    """A chart's pictures, one after the other."""
    facts = make_provenance(exhibit, view, ChartRequest(chart))
    for size, dark in looks:
        yield Picture(
            exhibit, facts, SIZES[size], dark, picture.draw_chart(exhibit, facts, SIZES[size], dark)
        )


def keep(view: View, charts: Collection[str], out: Path, take: Take) -> list[Listed]:
    """Write a situation's pictures in one language, as `take` makes their PNG."""
    folder = out / view.situation_id / view.language
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    listed = []
    for chart, exhibit in list_drawn(view):
        if chart not in charts:
            continue
        files = []
        for each in draw(view, chart, exhibit):
            theme = "-dark" if each.dark else ""
            name = formats.name_file(view, chart, "png", f"{each.size.name}{theme}")
            (folder / name).write_bytes(take(each))
            files.append((folder / name).relative_to(out).as_posix())
        listed.append(Listed(view.situation_id, view.language, chart, exhibit.title, files))
    (folder / LISTED).write_bytes(msgspec.json.encode(listed))
    return listed


def write_index(out: Path) -> Path:
    """The page of all that was kept, an anchor and a title for each chart."""
    with (out / "index.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        found = [
            each
            for path in sorted(out.glob(f"*/*/{LISTED}"))
            for each in msgspec.json.decode(path.read_bytes(), type=list[Listed])
        ]
        names = [f"{each.situation}-{each.chart}-{each.language}" for each in found]
        links = (
            f"<a href='#{name}'>{name}: {escape(each.title)}</a>"
            for name, each in zip(names, found, strict=True)
        )
        index = out / "index.html"
        shown = map(show, names, found)
        index.write_text(f"{HEAD}<nav>{''.join(links)}</nav>{''.join(shown)}</html>", encoding="utf-8")
    return index


def show(name: str, each: Listed) -> str:
    """A chart's pictures as HTML."""
    images = "".join(f"<a href={file}><img loading=lazy src={file} alt='{file}'></a>" for file in each.files)
    return f"<h2 id={name}>{name}</h2><p>{escape(each.title)}</p>{images}"


def main() -> None:
    """Draw what is asked for, or all."""
    for situation in database.read_situations(database.find_current_build()):
        for language in list_languages():
            view = open_view(situation.id, language)
            keep(
                view,
                sys.argv[1:] or choose(view),
                OUT,
                lambda each: png_file.write(each.drawn, each.facts, {}),
            )
    print(write_index(OUT))


if __name__ == "__main__":
    main()
