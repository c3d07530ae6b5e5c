"""A small site published once for all tests: two organisations, one of them with a hostile name."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from dashboards.site.edition import Edition, open_edition
from dashboards.site.generator import publish
from pipelines.core.paths import DataDir
from pipelines.warehouse import build
from tests.conftest import (
    LAW,
    ORGANISATIONS,
    SITUATION,
    TODAY,
    row,
    write_readings,
    write_sheet,
    write_situation,
)

BASE = "https://sitio.example/monitor/"
HOSTILE = "</script><script>alert(1)</script> & \"comillas\" 'y' ]]>"
LEFT = {"measure": "released_to_date", "period_start": "2026-01-08"}
HELP = """
[[help]]
name = "Línea de ayuda"
url = "https://ayuda.example/"
text = { es = "Atiende a familias.", en = "Helps families." }
"""
COUNTS = """
[[organisation.counts]]
measure = "in_custody"
population = "held"
text = { es = "Quien esté en prisión.", en = "Whoever is in prison." }
"""
EVENTS = """date,kind,title_en,title_es,url,published
2026-02-01,law,A law is passed,Se aprueba una ley,https://diario.example/ley,2026-02-01
"""
ROWS = [
    row(value=806, as_of="2026-01-05", published="2026-01-05", provenance="primary"),
    row(value=700, qualifier="more_than", as_of="2026-01-15", published="2026-01-15"),
    row(value=640, as_of="2026-01-29", published="2026-01-29"),
    row(value=655, as_of="2026-01-29", published="2026-02-12", publisher="=HYPERLINK(1)"),
    row(value=601, as_of="2026-02-15", published="2026-02-15"),
    row(value=4, breakdown="age=adolescent", as_of="2026-02-15", published="2026-02-15"),
    row(**LEFT, value=400, as_of="2026-02-08", published="2026-02-08"),
    row(**LEFT, value=446, as_of="2026-02-15", published="2026-02-15"),
    row(organisation="malo", value=900, as_of="2026-02-15", published="2026-02-16", publisher=HOSTILE),
    row(organisation="malo", value=950, as_of="2026-02-15", published="2026-02-16", publisher="Otro Diario"),
]


@dataclass(frozen=True)
class Published:
    """A site and what it was made from."""

    out: Path
    edition: Edition
    data: DataDir

    def text(self, path: str) -> str:
        """One file as text."""
        return (self.out / path).read_text(encoding="utf-8")

    def files(self, *endings: str) -> list[Path]:
        """Files with these endings, in order."""
        return sorted(path for path in self.out.rglob("*") if path.suffix in endings)


def small_data(root: Path, rows: list[dict[str, str]]) -> DataDir:
    """A data folder with a build of these rows."""
    folder = write_situation(root)
    hostile = f'[[organisation]]\nid = "malo"\nname = {_toml(HOSTILE)}\nrole = "opposition"\n'
    (folder / "organisations.toml").write_text(ORGANISATIONS + hostile + COUNTS, encoding="utf-8")
    (folder / "events.csv").write_text(EVENTS, encoding="utf-8")
    (folder / "law.toml").write_text(LAW, encoding="utf-8")
    (folder / "situation.toml").write_text(SITUATION + HELP, encoding="utf-8")
    (folder / "archived_copies.csv").write_text(COPIES, encoding="utf-8")
    if any(each["publisher"] == "El Diario" for each in rows):
        (folder / "publishers.toml").write_text(PUBLISHER, encoding="utf-8")
    if any(each["value"] == "446" for each in rows):
        (folder / "corrections.toml").write_text(CORRECTION, encoding="utf-8")
    rebuild(DataDir(root), rows)
    return DataDir(root)


PUBLISHER = """
[[publisher]]
id = "El Diario"
name = { es = "El Diario", en = "El Diario", pt = "El Diario" }
"""
COPIES = f"""url,retrieved,sha256,bytes,archive,archived_on
https://diario.example/1,2026-02-20,{"c3" * 32},48213,,
https://diario.example/1,2026-02-20,{"c3" * 32},48213,https://web.archive.org/web/20260221000001/https://diario.example/1,2026-02-20
"""
CORRECTION = """
[[correction]]
where = { organisation = "lista", measure = "released_to_date", as_of = 2026-02-15, value = 446 }
field = "value"
expected = 446
corrected = 464
reason = "dos cifras cambiadas de lugar"
decided = 2026-03-03
"""
READ_CORRECTED = "2026-03-04"  # after its correction, whose number it holds


def rebuild(data: DataDir, rows: list[dict[str, str]], today: date = TODAY) -> None:
    """Publish a build of these rows."""
    write_sheet(data.situation("islandia") / "transcriptions" / "sheet.csv", rows)
    read = [{**each, "checked_on": READ_CORRECTED} if each["value"] == "446" else each for each in rows]
    write_readings(data.situation("islandia"), read)
    build.build(data, today=today)


def _toml(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Published]:
    """The site of ROWS, at a known address."""
    root = tmp_path_factory.mktemp("site")
    data = small_data(root / "data", ROWS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LIBEROMETRO_DATA", str(data.root))
        made = open_edition(None, BASE, TODAY)
        publish(made, root / "out")
        yield Published(root / "out", made, data)


@pytest.fixture
def served(site: Published, monkeypatch: pytest.MonkeyPatch) -> Published:
    """The same, with its data read by whatever is published within the test."""
    monkeypatch.setenv("LIBEROMETRO_DATA", str(site.data.root))
    return site
