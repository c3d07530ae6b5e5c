"""docs/tutorial.md done word for word in a fresh folder, and what the app and the site then show a reader."""

import csv
import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

import pytest
from playwright.sync_api import Browser, expect

from pipelines.core.paths import ROOT, DataDir
from pipelines.core.situation import read_organisations, read_situation
from tests.browser.watching import NO_SIDEWAYS, whole
from tests.programs import free_port, run_app

pytestmark = pytest.mark.browser

TUTORIAL: Final = ROOT / "docs" / "tutorial.md"
BLOCK: Final = re.compile(r"(?P<before>[^\n]*)\n\n```(?P<kind>\w+)\n(?P<text>.*?)```", re.DOTALL)
PLACE: Final = re.compile(r"`([^`]+)`")
RUN, SITE, END = "make run\n", "python -m dashboards serve-site", "rm -r"
QUARTER_OF_AN_HOUR: Final = 15 * 60
SITE_FITS: Final = "document.documentElement.scrollWidth <= innerWidth"
COLUMNS: Final = {
    "Código", "Fecha de ingreso", "Fecha de salida", "Motivo de salida", "Fecha de registro",
    "Año de nacimiento", "Sexo", "Condición", "Condenado", "Centro",
}  # fmt: skip


class Block(NamedTuple):
    """A block of the tutorial, and the line before it, which says what to do with a block of a file."""

    before: str
    kind: str
    text: str


class Followed(NamedTuple):
    """What following the tutorial to its end, but for the last command, left behind."""

    home: Path
    said: str  # everything that its commands printed
    seconds: float  # of the processor that they took: those of the clock are also other tests'

    @property
    def data(self) -> Path:
        return self.home / "valdoria-data"


def read_blocks() -> list[Block]:
    found = [Block(**each.groupdict()) for each in BLOCK.finditer(TUTORIAL.read_text("utf-8"))]
    assert len(found) == TUTORIAL.read_text("utf-8").count("```") // 2 > 10
    return found


def run(block: str, home: Path, *, ends_with: int = 0) -> str:
    """Commands in a shell as the tutorial has it, in the checkout. Returns what they print."""
    setup = read_blocks()[0].text
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith("LIBEROMETRO_")}
    done = subprocess.run(
        ["bash", "-ec", f"{setup}\n{block}"],
        cwd=ROOT,
        env={**surroundings, "HOME": str(home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=QUARTER_OF_AN_HOUR,
    )
    assert done.returncode == ends_with, f"{block}\n{done.stdout}"
    return done.stdout


def edit(block: Block, data: Path) -> None:
    """What a person does in an editor: lines added at the end, put in the place of others, or a new file."""
    name = PLACE.findall(block.before)[-1]
    path = data / name
    if "Write to" in block.before:
        path.write_text(block.text, "utf-8")
    elif "end of" in block.before:
        with path.open("a", encoding="utf-8") as file:
            file.write(block.text)
    else:
        assert "change these lines" in block.before
        text = path.read_text("utf-8")
        for line in block.text.splitlines():
            key = line.partition(" = ")[0]
            text, changed = re.subn(rf"(?m)^{key} = .*$", lambda _, new=line: new, text)
            assert changed == 1, key
        path.write_text(text, "utf-8")


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Followed]:
    home = tmp_path_factory.mktemp("tutorial")
    said, seconds = [], 0.0
    first, *blocks = read_blocks()
    assert "export LIBEROMETRO_DATA=" in first.text
    for block in blocks:
        if block.kind != "sh":
            edit(block, home / "valdoria-data")
        elif block.text == RUN or block.text.startswith((SITE, END)):
            continue  # what serves until somebody stops it is served by the tests below
        else:
            since = os.times()
            said.append(run(block.text, home, ends_with=1 if "--check" in block.text else 0))
            until = os.times()
            seconds += until.children_user - since.children_user
            seconds += until.children_system - since.children_system
    yield Followed(home, "".join(said), seconds)
    assert blocks[-1].text.startswith(END)
    run(blocks[-1].text, home)
    assert list(home.glob("valdoria*")) == []


def test_every_number_that_the_tutorial_promises_is_printed(followed: Followed) -> None:
    for told in (
        "2026-10-12 in_custody total: 185",
        "2026-10-12 released_to_date since 2026-08-03 total: 115",
        "cells withheld: small",
        "1 accepted, 0 held for a person, 0 quarantined",
        "same         in_custody total: told 185, counted 185",
        "differs      released_to_date total: told 115, counted 116",
        "2026-10-19 in_custody total: 174",
        "2026-10-19 released since 2026-10-13 total: 13",
        "2026-10-19 released_to_date since 2026-08-03 total: 129",
    ):
        assert told in followed.said
    assert "in_custody facility=anexo_sur: told —, counted —" in followed.said
    sheets = [path.read_text("utf-8") for path in followed.data.glob("valdoria/transcriptions/*.csv")]
    assert len(sheets) == 3
    assert "facility=" not in "".join(sheets)  # the Anexo Sur would be told by the others


def test_the_machine_leaves_a_person_most_of_the_quarter_of_an_hour(followed: Followed) -> None:
    print(f"the tutorial's commands took {followed.seconds:.0f} s")
    minutes = [int(each) for each in re.findall(r"\((\d+) minutes?\)", TUTORIAL.read_text("utf-8"))]
    assert 60 * sum(minutes) < QUARTER_OF_AN_HOUR
    assert followed.seconds < QUARTER_OF_AN_HOUR / 3


def test_the_list_is_of_codes_and_the_situation_is_none_of_ours() -> None:
    for path in (ROOT / "docs" / "tutorial").glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        assert set(rows[0]) == COLUMNS
        assert len(rows) > 300
        assert all(re.fullmatch(r"P\d{3}", row["Código"]) for row in rows)
    assert "valdoria" not in DataDir(ROOT / "data").situations()


@cache
def find_names_of_others() -> re.Pattern[str]:
    """What only the bundled situations are called, and those who speak in them."""
    data = DataDir(ROOT / "data")
    names: set[str] = {"8 de enero", "8 January", "8 de janeiro"}
    for each in data.situations():
        situation = read_situation(data.situation(each))
        names |= {situation.name["es"], situation.name["en"]}
        names |= {
            found.name
            for found in read_organisations(data.situation(each))
            if not found.unnamed and " " in found.name
        }
    return re.compile(rf"\b({'|'.join(map(re.escape, sorted(names)))})\b")


def find_strangers(text: str) -> set[str]:
    return set(find_names_of_others().findall(text))


def test_no_page_of_the_site_speaks_of_another_situation(followed: Followed) -> None:
    pages = [
        path
        for kind in ("html", "txt", "csv", "json", "xml")
        for path in followed.data.glob(f"site/**/*.{kind}")
    ]
    assert len(pages) > 300
    assert find_strangers("Foro Penal, en Venezuela") == {"Foro Penal", "Venezuela"}
    found = {path.name: find_strangers(path.read_text("utf-8")) for path in pages}
    assert {name: strangers for name, strangers in found.items() if strangers} == {}


@contextmanager
def serve_site(followed: Followed) -> Iterator[str]:
    """The tutorial's own command, at a free port."""
    command = next(each.text for each in read_blocks() if each.text.startswith(SITE)).strip()
    port = free_port()
    words = command.replace("$LIBEROMETRO_DATA", str(followed.data)).replace('"', "").split()
    server = subprocess.Popen([sys.executable, *words[1:], "--port", str(port)], cwd=ROOT)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(100):
            with suppress(urllib.error.URLError, ConnectionError):
                urllib.request.urlopen(address, timeout=2).close()
                break
            time.sleep(0.2)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=20)


def test_the_site_is_served_with_its_newest_figure_and_its_age(followed: Followed, chromium: Browser) -> None:
    with serve_site(followed) as address:
        for width in (1280, 360):
            page = chromium.new_page(viewport={"width": width, "height": 800})
            page.goto(f"{address}/es/index.html")
            expect(page.locator("main")).to_contain_text("174")
            assert page.evaluate(SITE_FITS)
            page.goto(f"{address}/es/situations.html")
            expect(page.locator("main")).to_contain_text(re.compile(r"hace \d+ días"))
            assert page.evaluate(SITE_FITS)
            page.close()


@pytest.fixture(scope="module")
def app_address(followed: Followed) -> Iterator[str]:
    with run_app(followed.data, LIBEROMETRO_KEEP_BROWSER="no") as app:
        yield app.address


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("language", ["es", "en", "pt"])
def test_the_app_shows_it_in_every_language_and_on_a_phone(
    chromium: Browser, app_address: str, width: int, language: str
) -> None:
    page = chromium.new_page(viewport={"width": width, "height": 900})
    for name, told in (
        ("", "174"),
        ("progress", "262"),
        ("compare", "150"),
        ("situations", "174"),
        ("parts", ""),
    ):
        page.goto(f"{app_address}/{name}?lang={language}")
        whole(page)
        text = page.locator("[data-testid=stMain]").inner_text()
        assert told in text
        assert find_strangers(text) == set()
        assert page.evaluate(NO_SIDEWAYS)
    page.close()
