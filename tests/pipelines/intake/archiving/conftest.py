"""A situation that cites pages, and the public archive that may be asked for copies of them."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from typer.testing import CliRunner, Result

from pipelines.__main__ import app
from pipelines.core.paths import DataDir
from pipelines.intake.archiving.capture_run import ArchiveOutcome, ask_for_copies
from pipelines.intake.crawler.polite_client import Outside
from pipelines.sheets import archived_copies
from pipelines.warehouse import build
from tests.conftest import TODAY, row, write_sheet
from tests.pipelines.intake.crawler.conftest import server
from tests.pipelines.intake.crawler.server import Behaviour, FakeClock, Server, reply

__all__ = ["server"]  # a fixture

SAVE, JOB = "/save", "/save/status/spn2-1"
PAGE = "https://diario.example/nota-1"


def answer(**said: object) -> Behaviour:
    return reply(json.dumps(said), "application/json")


def finished(url: str = PAGE, stamp: str = "20261124101010") -> Behaviour:
    return answer(status="success", job_id="spn2-1", timestamp=stamp, original_url=url, outlinks=["x"] * 50)


BEGUN = answer(url=PAGE, job_id="spn2-1")
AT_WORK = answer(status="pending", job_id="spn2-1")


@dataclass
class Archiving:
    """A situation whose figures cite pages, and the archive that may be asked for copies."""

    data: DataDir
    server: Server
    clock: FakeClock = field(default_factory=FakeClock)

    @property
    def folder(self) -> Path:
        return self.data.situation("islandia")

    def cite(self, *urls: str) -> None:
        """Publish figures that cite these pages, the first one last."""
        days = [TODAY - timedelta(number) for number in range(1, len(urls) + 1)]
        rows = [row(value=800 + n, url=url, published=str(days[n])) for n, url in enumerate(urls)]
        write_sheet(self.folder / "transcriptions" / "sheet.csv", rows)
        build.build(self.data, today=TODAY)

    def name_archive(self, contact: str = "datos@islandia.example", **settings: object) -> None:
        """Name the server as the archive, here and among the hosts whose copies are shown."""
        said = {"address": f"'{self.server.url}'", "wait_seconds": 30, **settings}
        lines = [f"{name} = {value}" for name, value in said.items()]
        text = [f'contact = "{contact}"', "[limits]", "read_seconds = 0.5", "total_seconds = 1", "[archive]"]
        (self.folder / "sources.toml").write_text("\n".join([*text, *lines]), encoding="utf-8")
        path = self.folder / "situation.toml"
        path.write_text('archive_hosts = ["127.0.0.1"]\n' + path.read_text(encoding="utf-8"), "utf-8")

    def run(self, today: date = date(2026, 11, 24), *, dry_run: bool = False) -> ArchiveOutcome:
        outside = Outside(clock=self.clock, allow_private=True)
        return ask_for_copies(self.data, "islandia", today, outside, dry_run=dry_run, report=lambda _: None)

    @property
    def copies(self) -> list[tuple[str, str | None]]:
        """Document and copy, as the file has them."""
        frame = archived_copies.read_archived_copies(self.folder, TODAY, ["127.0.0.1"])
        return frame.select("url", "archive").rows()

    @property
    def asked_for(self) -> list[str]:
        """The addresses that copies were asked of."""
        return [parse_qs(body.decode())["url"][0] for body in self.server.bodies]


@pytest.fixture
def archiving(data: DataDir, server: Server, monkeypatch: pytest.MonkeyPatch) -> Archiving:
    monkeypatch.delenv("LIBEROMETRO_ARCHIVE_KEY", raising=False)
    monkeypatch.delenv("LIBEROMETRO_ARCHIVE_ADDRESS", raising=False)
    return Archiving(data, server)


Command = Callable[..., Result]


@pytest.fixture
def command(archiving: Archiving, monkeypatch: pytest.MonkeyPatch) -> Command:
    monkeypatch.setenv("LIBEROMETRO_COLLECT_ALLOW_PRIVATE", "1")

    def run(*options: str) -> Result:
        return CliRunner().invoke(app, ["archive", "--data-dir", str(archiving.data.root), *options])

    return run
