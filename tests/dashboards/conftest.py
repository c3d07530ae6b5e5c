"""A small published build of the tests' own, and the pages drawn from it."""

import gzip
import re
from collections.abc import Callable
from datetime import date
from html import unescape
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboards.queries import database
from dashboards.queries.view import View
from dashboards.web.chart_document import find_document
from pipelines.core.paths import ROOT, DataDir
from pipelines.warehouse import build
from tests.conftest import TODAY, row, write_readings, write_sheet, write_situation

APP = ROOT / "app.py"
EVENTS = """date,kind,title_en,title_es,title_pt,url,published
2026-01-20,law,A law passes,Se aprueba una ley,Aprova-se uma lei,https://gaceta.example/1,2026-01-20
2026-01-25,protest,A march,Una marcha,,,
"""
LEFT = {"measure": "released_to_date", "period_start": "2026-01-08"}


def figures() -> list[dict[str, str]]:
    """Figures of every kind that a page must tell apart."""
    return [
        row(value=900, as_of="2025-10-01", published="2025-10-01"),
        row(value=806, as_of="2026-01-05", published="2026-01-05", provenance="primary"),
        row(value=700, qualifier="more_than", as_of="2026-01-15", published="2026-01-15"),
        row(value=650, value_high=700, qualifier="range", as_of="2026-01-22", published="2026-01-22"),
        row(value=1568, as_of="2026-02-01", published="2026-02-01", provenance="secondhand"),
        row(value=1500, as_of="2026-02-01", published="2026-02-01", publisher="La Tarde"),
        row(value=1600, as_of="2026-02-08", published="2026-02-08"),
        row(value=1591, as_of="2026-02-15", published="2026-02-15", published_basis="inferred"),
        row(value=250, breakdown="sex=female", as_of="2026-02-15", published="2026-02-15"),
        row(**LEFT, value=400, as_of="2026-02-08", published="2026-02-08"),
        row(**LEFT, value=464, qualifier="at_least", as_of="2026-02-15", published="2026-02-15"),
        row(
            measure="released_to_date",
            organisation="gobierno",
            value=900,
            as_of="2026-02-10",
            published="2026-02-10",
        ),
        row(value="muchos", as_of="2026-02-16", published="2026-02-16"),
    ]


Rows = list[dict[str, str]]


def _build(data: DataDir, rows: Rows, read: Rows | None) -> None:
    write_sheet(data.situation("islandia") / "transcriptions" / "sheet.csv", rows)
    write_readings(data.situation("islandia"), rows if read is None else read)
    build.build(data, today=TODAY)


def _serve(data: DataDir, patch: pytest.MonkeyPatch) -> View:
    patch.setenv("LIBEROMETRO_DATA", str(data.root))
    patch.setenv("LIBEROMETRO_TODAY", TODAY.isoformat())
    return View(database.find_current_build(), "islandia", "es", TODAY)


@pytest.fixture
def publish(data: DataDir, monkeypatch: pytest.MonkeyPatch) -> Callable[..., View]:
    """Publish figures and serve them: `publish(rows)` gives the Spanish view of the build.

    All of them were read again, or those of `read`.
    """
    (data.situation("islandia") / "events.csv").write_text(EVENTS, encoding="utf-8")

    def serve(rows: Rows, read: Rows | None = None) -> View:
        _build(data, rows, read)
        return _serve(data, monkeypatch)

    return serve


@pytest.fixture(scope="session")
def shared_data(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., DataDir]:
    """shared_data(rows, read): the folder of a build of these figures, made once for all that ask for it."""
    made: dict[str, DataDir] = {}

    def find(rows: Rows, read: Rows | None) -> DataDir:
        asked = repr((rows, read))
        if asked not in made:
            made[asked] = DataDir(tmp_path_factory.mktemp("shared") / "data")
            (write_situation(made[asked].root) / "events.csv").write_text(EVENTS, encoding="utf-8")
            _build(made[asked], rows, read)
        return made[asked]

    return find


@pytest.fixture
def show(shared_data: Callable[..., DataDir], monkeypatch: pytest.MonkeyPatch) -> Callable[..., View]:
    """As `publish`, for tests that only look: those of the same figures share a build and what is drawn."""

    def serve(rows: Rows, read: Rows | None = None) -> View:
        return _serve(shared_data(rows, read), monkeypatch)

    return serve


@pytest.fixture
def view(show: Callable[..., View]) -> View:
    """The Spanish view of the figures above."""
    return show(figures())


def opened(page: str, /, **address: str) -> AppTest:
    """One page of the app, run once at an address."""
    app = AppTest.from_file(str(APP), default_timeout=60)
    for key, value in address.items():
        app.query_params[key] = value
    if page != "overview":
        app.switch_page(str(Path("dashboards/app/pages") / f"{page}.py"))
    app.run()
    assert not app.exception
    return app


def text_of(app: AppTest) -> str:
    """Everything that the page says in HTML, folded tables included, without tags and meanings of terms."""
    bodies = [each.proto.body for each in app.get("html")]
    text = " ".join(body for body in bodies if not body.startswith("<style"))
    tables = [find_document(name) for name in re.findall(r'data-source="figures/(\w+)"', text)]
    text += " ".join(gzip.decompress(table.packed).decode() for table in tables if table is not None)
    text = re.sub(r'<div class="lm-bar">.*?</figure>', "", text, flags=re.DOTALL)  # what is taken along
    text = re.sub(r"<div popover.*?</div>", "", text)  # what terms mean, hidden until asked for
    text = re.sub(r"</?button[^>]*>", "", text)  # a term within a sentence
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", text)))


def ids_of(app: AppTest) -> list[str]:
    """The ids of the page's own HTML, each as often as it stands there."""
    return re.findall(r'<[^>]*\bid="([^"]+)"', " ".join(each.proto.body for each in app.get("html")))


def charts_of(app: AppTest) -> int:
    """How many charts have a place on the page."""
    return sum(each.proto.body.count('class="lm-place') for each in app.get("html"))


def day(text: str) -> date:
    """2026-01-08 as a date."""
    return date.fromisoformat(text)


@pytest.fixture(scope="session")
def plain_view(tmp_path_factory: pytest.TempPathFactory) -> View:
    """The Spanish view of a build with one figure: names, populations and words to try sentences with."""
    root = tmp_path_factory.mktemp("plain") / "data"
    write_sheet(write_situation(root) / "transcriptions" / "sheet.csv", [row()])
    return View(build.build(DataDir(root), today=TODAY).build, "islandia", "es", TODAY)
