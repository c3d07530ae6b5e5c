"""Publishing: whole or not at all, the same bytes from the same build, what was pinned stays."""

import hashlib
import re
import shutil
import subprocess
import sys
from pathlib import Path
from threading import Event, Thread

import pytest

from dashboards.site import archive_disclosure
from dashboards.site.edition import open_edition
from dashboards.site.generator import publish
from dashboards.site.output_folder import NotASiteError, open_folder
from pipelines.core.paths import ROOT
from tests.conftest import TODAY, row
from tests.dashboards.site.conftest import BASE, Published, rebuild, small_data


def sums(out: Path) -> dict[str, str]:
    """Every file with its digest."""
    return {
        path.relative_to(out).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(out.rglob("*"))
        if path.is_file()
    }


def test_one_build_published_twice_gives_the_same_bytes(served: Published, tmp_path: Path) -> None:
    before = sums(served.out)
    again = tmp_path / "again"
    shutil.copytree(served.out, again)
    publish(served.edition, again)
    assert sums(again) == before
    assert len(before) > 300


def test_a_publish_that_fails_leaves_the_site_before_it_whole_and_nothing_beside_it(
    served: Published, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    shutil.copytree(served.out, out)
    before = sums(out)

    def stopped(name: str, done: int, _: int) -> None:
        if name == "charts" and done == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        publish(served.edition, out, stopped)
    assert sums(out) == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_folder_that_no_publish_wrote_is_never_replaced(served: Published, tmp_path: Path) -> None:
    (tmp_path / "letters.txt").write_text("mine")
    with pytest.raises(NotASiteError, match="name a new folder"):
        publish(served.edition, tmp_path)
    assert (tmp_path / "letters.txt").read_text() == "mine"


def test_a_reader_finds_a_whole_site_at_every_moment_of_a_publish(tmp_path: Path) -> None:
    out = tmp_path / "out"
    done, missed = Event(), []

    def look() -> None:
        while not done.is_set():
            try:
                (out / "index.html").read_bytes()
            except FileNotFoundError as error:
                missed.append(error)

    for number in range(150):
        with open_folder(out) as folder:
            folder.write("index.html", str(number))
        if number == 0:
            reader = Thread(target=look)
            reader.start()
    done.set()
    reader.join()
    assert missed == []
    assert (out / "index.html").read_text() == "149"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


KILLED = """
import sys, time
from pathlib import Path
from dashboards.site.output_folder import open_folder
with open_folder(Path(sys.argv[1])) as folder:
    folder.write("index.html", "half")
    print("writing", flush=True)
    time.sleep(60)
"""


def test_the_next_publish_removes_what_a_killed_one_left_and_nothing_of_one_at_work(tmp_path: Path) -> None:
    out = tmp_path / "out"
    command = [sys.executable, "-c", KILLED, str(out)]
    with (
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as killed,
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as working,
    ):
        for each in (killed, working):
            assert each.stdout is not None
            assert each.stdout.readline() == b"writing\n"
        assert len(list(tmp_path.iterdir())) == 2
        killed.kill()
        killed.wait()
        with open_folder(out) as folder:
            folder.write("index.html", "whole")
        left = [path for path in tmp_path.iterdir() if path != out]
        assert [(path / "new" / "index.html").read_text() for path in left] == ["half"]
        working.kill()
    with open_folder(out) as folder:
        folder.write("index.html", "anew")
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_what_was_pinned_stays_and_its_build_says_what_became_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = [
        row(value=806, as_of="2026-01-05", published="2026-01-05"),
        row(value=700, as_of="2026-01-19", published="2026-01-19"),
        row(value=650, as_of="2026-02-02", published="2026-02-02"),
    ]
    data = small_data(tmp_path / "data", old)
    monkeypatch.setenv("LIBEROMETRO_DATA", str(data.root))
    first = open_edition(None, "", TODAY)
    publish(first, tmp_path / "out")
    pinned = sums(tmp_path / "out" / "builds")
    restated = row(value=666, as_of="2026-02-02", published="2026-02-09", publisher="La Tarde")
    rebuild(data, [*old[:2], restated, row(value=601, as_of="2026-02-09", published="2026-02-10")])
    second = open_edition(None, "", TODAY)
    assert second.build.id != first.build.id
    publish(second, tmp_path / "out")
    now = sums(tmp_path / "out" / "builds")
    assert {path: now.get(path) for path in pinned} == pinned
    said = (tmp_path / "out" / "es" / "builds" / f"{first.build.id}.html").read_text(encoding="utf-8")
    assert "650" in said
    assert "666" in said
    assert "La Tarde" in said
    assert not re.search(r"\b806\b", said)  # what did not change is not listed
    assert "1 cifra de entonces dice hoy otra cosa." in said
    assert "Desde entonces se añadió 1 cifra." in said


def test_a_pinned_chart_of_a_cell_that_is_withheld_later_is_replaced_by_a_page_that_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    of = {"breakdown": "age=adolescent", "as_of": "2026-02-02", "published": "2026-02-02"}
    safe = [
        row(value=8060, as_of="2026-01-05", published="2026-01-05"),
        row(value=7210, as_of="2026-02-02", published="2026-02-02"),
        row(**{**of, "as_of": "2026-01-05", "published": "2026-01-05"}, value=2500),
        row(**of, value=2417),
    ]
    data = small_data(tmp_path / "data", safe)
    monkeypatch.setenv("LIBEROMETRO_DATA", str(data.root))
    first, out = open_edition(None, BASE, TODAY), tmp_path / "out"
    publish(first, out)
    then = out / "builds" / first.build.id
    old = sums(then)
    told = (",2417,", "2.417", "2,417")
    assert holding(then, *told) >= {"figures.csv", "es/parts-lista-in-custody-age.html"}
    rebuild(data, [*safe, row(**{**of, "published": "2026-02-09"}, value=3, publisher="La Tarde")])
    second = open_edition(None, BASE, TODAY)
    publish(second, out)
    assert holding(out / "builds", *told) == set()
    page = (then / "es" / "parts-lista-in-custody-age.html").read_text(encoding="utf-8")
    assert second.first.words("site.pinned_withheld_title") in page
    assert second.first.words.day(TODAY) in page
    picture = (then / "en" / "parts-over-time-lista-in-custody-age.wide.svg").read_text(encoding="utf-8")
    assert second.views["en"].words("site.pinned_withheld_title") in picture
    now = sums(then)
    gone = old.keys() - now.keys()
    assert now.keys() <= old.keys()
    assert "es/parts-lista-in-custody-age.oembed.json" in gone
    assert {path for path in gone if not path.endswith(".oembed.json")} == set()
    same = {path for path in now if now[path] == old[path]}
    assert {"es/held.html", "es/held.wide.svg", "pt/held.tall.svg"} <= same  # these show totals only


def test_a_chart_is_replaced_once_and_only_for_what_it_showed() -> None:
    cells = archive_disclosure.ArchivedCharts(
        {"held": ["a"], "parts": ["b", "c"], "pace": None}, withheld=["d"]
    )
    names = list(cells.charts)
    archive_disclosure.note_withheld(cells, ["a", "b", "c", "d"], names, {"d"}, "2026-03-01")
    assert cells.replaced == {}  # what was withheld when the build was made is in none of its charts
    archive_disclosure.note_withheld(cells, ["a", "b", "c", "d"], names, {"c", "d", "x"}, "2026-03-02")
    assert cells.replaced == {"parts": "2026-03-02", "pace": "2026-03-02"}  # of a pace it cannot be told
    archive_disclosure.note_withheld(cells, ["a", "b", "c", "d"], names, {"c", "d"}, "2026-03-09")
    assert cells.replaced == {"parts": "2026-03-02", "pace": "2026-03-02"}
    archive_disclosure.note_withheld(cells, ["a", "b", "c", "d"], names, {"a"}, "2026-03-10")
    assert cells.replaced == {"parts": "2026-03-02", "pace": "2026-03-02", "held": "2026-03-10"}


def test_of_a_build_that_says_nothing_of_its_charts_all_are_replaced() -> None:
    cells = archive_disclosure.read_shown(None)
    archive_disclosure.note_withheld(cells, ["a", "b"], ["held", "parts"], {"b"}, "2026-03-01")
    assert set(cells.replaced) == {"held", "parts"}
    assert archive_disclosure.read_shown(cells.written()) == cells


def holding(folder: Path, *texts: str) -> set[str]:
    """Files that hold one of these texts."""
    wanted = [text.encode() for text in texts]
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and any(text in path.read_bytes() for text in wanted)
    }


def test_a_part_that_is_told_no_more_is_not_told_by_the_archive(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The adults of an earlier build, beside a total that came later, are the adolescents."""
    of = {"as_of": "2026-02-02", "published": "2026-02-02"}
    total = row(**of, value=7210)
    data = small_data(tmp_path / "data", [row(**of, value=2417, breakdown="age=adolescent"), total])
    monkeypatch.setenv("LIBEROMETRO_DATA", str(data.root))
    publish(open_edition(None, "", TODAY), tmp_path / "out")
    rebuild(data, [total])
    publish(open_edition(None, "", TODAY), tmp_path / "out")
    assert holding(tmp_path / "out" / "builds", ",2417,", "2.417", "2,417") == set()
