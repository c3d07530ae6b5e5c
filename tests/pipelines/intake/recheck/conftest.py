"""A situation whose figures cite pages of a local server, and the command that reads them again."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from pipelines.__main__ import app
from pipelines.core.paths import DataDir
from pipelines.intake.recheck.cited_pages import name_file
from tests.conftest import row, write_sheet
from tests.pipelines.intake.crawler.conftest import (
    article,
    server,
)
from tests.pipelines.intake.crawler.server import Server

__all__ = ["server"]  # a fixture

Recheck = Callable[..., Result]


def page(figure: int | str = 800, **words: str) -> str:
    """A page on which the list says how many people are held."""
    return article(figure, **words).replace("La organización publicó", "La Lista publicó")  # type: ignore[arg-type]


@pytest.fixture
def asking(data: DataDir, server: Server, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Sources with a contact, so that pages may be asked; the server's port is allowed, nothing waits."""
    monkeypatch.setenv("LIBEROMETRO_COLLECT_ALLOW_PRIVATE", "1")
    path = data.situation("islandia") / "sources.toml"
    path.write_text(
        'contact = "https://islandia.example"\n[limits]\ndelay_seconds = 0\nattempts = 1\nread_seconds = 2\n'
        "patience_seconds = 0.1\n[[source]]\nname = 'diario'\nkind = 'pages'\npublisher = 'El Diario'\n"
        f"pages = ['{server.url}/a']\nports = [{server.port}]\nenabled = false\n",
        encoding="utf-8",
    )
    return path


@pytest.fixture
def recheck(data: DataDir) -> Recheck:
    """recheck(rows, *options): the command over a sheet of these rows."""

    def run(rows: list[dict[str, str]], *options: str, **more: Any) -> Result:
        write_sheet(data.situation("islandia") / "transcriptions" / "sheet.csv", rows)
        return CliRunner().invoke(app, ["recheck", "--data-dir", str(data.root), *options], **more)

    return run


def cites(url: str, value: int = 800, **cells: object) -> dict[str, str]:
    """A figure that cites a page."""
    return row(value=value, url=url, **cells)


def table(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file; none where there is no file."""
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def proposals(data: DataDir, name: str = "proposals.csv") -> list[dict[str, str]]:
    """What the command proposes, as a person finds it in the inbox."""
    return table(data.situation("islandia") / "inbox" / "recheck" / name)


def readings(data: DataDir) -> list[dict[str, str]]:
    """What a person confirmed."""
    return table(data.situation("islandia") / "verifications.csv")


def save(folder: Path, address: str, text: str, suffix: str = ".html") -> Path:
    """A page as a person saved it from an address."""
    path = folder / f"{name_file(address)}{suffix}"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where pages are saved."""
    made = tmp_path / "saved"
    made.mkdir()
    return made
