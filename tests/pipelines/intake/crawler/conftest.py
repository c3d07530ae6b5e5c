"""A local server, a situation whose sources point at it, and a desk that reads by one plain rule."""

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines.core.model import CLAIM_SCHEMA
from pipelines.core.situation import read_organisations, read_situation
from pipelines.intake.crawler.crawl import CrawlOutcome, collect
from pipelines.intake.crawler.polite_client import Outside
from pipelines.intake.crawler.report_archive import Archive, ArchivedReport
from pipelines.intake.crawler.report_reading import ReadingContext
from pipelines.intake.files.file_kind import read_text
from tests.conftest import write_situation
from tests.pipelines.intake.crawler.server import FakeClock, Server


@pytest.fixture
def server() -> Iterator[Server]:
    """The web, as far as these tests go."""
    running = Server()
    yield running
    running.close()


@dataclass
class World:
    """One situation, its collector, and what it queued."""

    folder: Path
    server: Server
    clock: FakeClock = field(default_factory=FakeClock)
    queued: list[pl.DataFrame] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    limits: str = ""
    outside: Outside = field(init=False)

    def __post_init__(self) -> None:
        self.outside = Outside(clock=self.clock, chance=random.Random(1), allow_private=True)

    def feed(self, name: str = "feed", path: str = "/feed", **settings: Any) -> None:
        """A source on the server."""
        self.source(name, kind="feed", url=f"{self.server.url}{path}", **settings)

    def source(self, name: str, **settings: Any) -> None:
        """Any source; its port is allowed."""
        values = {"publisher": name.title(), "ports": [self.server.port], **settings}
        lines = [f"{key} = {_toml(value)}" for key, value in {"name": name, **values}.items()]
        self.sources.append("\n".join(["[[source]]", *lines]))

    def run(self, **options: Any) -> CrawlOutcome:
        """One run of the collector."""
        tight = f"[limits]\nread_seconds = 0.5\ntotal_seconds = 0.6\ndelay_seconds = 1.0\n{self.limits}\n"
        text = "\n".join(['contact = "datos@islandia.example"', tight, *self.sources])
        (self.folder / "sources.toml").write_text(text, encoding="utf-8")
        return collect(self.desk(), outside=options.pop("outside", self.outside), **options)

    def desk(self) -> ReadingContext:
        """Reads "N personas" as a claim and remembers what it queues."""
        situation, organisations = read_situation(self.folder), read_organisations(self.folder)
        return ReadingContext(self.folder, situation, organisations, read_plainly, self._enqueue)

    def _enqueue(self, folder: Path, rows: pl.DataFrame) -> int:
        assert folder == self.folder
        self.queued.append(rows)
        return rows.height

    @property
    def reports(self) -> list[ArchivedReport]:
        """What is kept, earliest first."""
        return Archive(self.folder / "inbox" / "reports").reports()

    @property
    def values(self) -> list[int]:
        """The figures queued, in order."""
        return [value for rows in self.queued for value in rows["value"]]

    def allowing_only_public(self) -> Outside:
        """The outside as it is in use: no private address."""
        return replace(self.outside, allow_private=False)


@pytest.fixture
def world(tmp_path: Path, server: Server) -> World:
    """A situation named islandia beside a server that answers 404."""
    return World(write_situation(tmp_path / "data"), server)


def read_plainly(path: Path, *, published: date, publisher: str, url: str, **_: Any) -> pl.DataFrame:
    """Each "N personas" of a document is a claim as of the day it was published."""
    text = "\n".join(passage.text for passage in read_text(path))
    rows = [
        {
            "organisation": "lista",
            "measure": "in_custody",
            "population": "held",
            "breakdown": "total",
            "qualifier": "exact",
            "value": int(match[1]),
            "as_of": published,
            "published": published,
            "published_basis": "stated",
            "publisher": publisher,
            "url": url,
            "place": f"characters {match.start()}-{match.end()}",
        }
        for match in re.finditer(r"(\d+) personas", text)
    ]
    return pl.DataFrame(rows, schema=pl.Schema(CLAIM_SCHEMA))


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f"'{value}'" if isinstance(value, str) else str(value)


Item = Callable[..., str]


def rss(*items: str) -> bytes:
    """An RSS feed."""
    return (
        f'<?xml version="1.0"?><rss version="2.0"><channel><language>es</language>{"".join(items)}'
        "</channel></rss>"
    ).encode()


def item(url: str, published: str | None = "Mon, 23 Nov 2026 15:00:00 +0000", title: str = "Nota") -> str:
    """One entry of it."""
    day = f"<pubDate>{published}</pubDate>" if published else ""
    return f"<item><title>{title}</title><link>{url}</link>{day}</item>"


def article(figure: int = 800, *, words: str = "", lead: str = "") -> str:
    """A page about one figure, long enough to be compared with another."""
    return f"""<html lang="es"><head><title>Informe</title></head><body><article><h1>Informe de la lista</h1>
    <p>{lead} La organización publicó este lunes su balance y contabiliza {figure} personas que siguen en
    prisión por motivos políticos en todo el país, según la lista que sus abogados verifican cada semana con
    las familias y con los tribunales.</p>
    <p>El documento recuerda que la cifra cambia cuando se confirma una salida o se conoce una detención, y
    pide que las autoridades entreguen la relación completa de quienes permanecen recluidos. {words}</p>
    </article></body></html>"""
