"""Publishing: whole or not at all, the same bytes from the same build, what was pinned stays."""

import hashlib
import shutil
from pathlib import Path
from threading import Event, Thread

import pytest

from dashboards.site.edition import edition
from dashboards.site.folder import NotASiteError, written
from dashboards.site.publishing import publish
from tests.conftest import TODAY, row
from tests.site.conftest import Published, rebuild, small_data


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
        with written(out) as folder:
            folder.write("index.html", str(number))
        if number == 0:
            reader = Thread(target=look)
            reader.start()
    done.set()
    reader.join()
    assert missed == []
    assert (out / "index.html").read_text() == "149"
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
    first = edition(None, "", TODAY)
    publish(first, tmp_path / "out")
    pinned = sums(tmp_path / "out" / "builds")
    rebuild(
        data, [*old[:2], row(value=666, as_of="2026-02-02", published="2026-02-09", publisher="La Tarde")]
    )
    second = edition(None, "", TODAY)
    assert second.build.id != first.build.id
    publish(second, tmp_path / "out")
    now = sums(tmp_path / "out" / "builds")
    assert {path: now.get(path) for path in pinned} == pinned
    said = (tmp_path / "out" / "es" / "builds" / f"{first.build.id}.html").read_text(encoding="utf-8")
    assert "650" in said
    assert "666" in said
    assert "La Tarde" in said
    assert "806" not in said  # what did not change is not listed
