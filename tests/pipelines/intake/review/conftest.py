"""A report in prose, waiting figures, and a reviewer for them."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import uvicorn

from pipelines.core.model import CLAIM_SCHEMA, Basis, Measure, Precision, Qualifier
from pipelines.core.paths import DataDir
from pipelines.core.situation import read_organisations, read_situation
from pipelines.intake.decisions import Decision, ReviewVerdict, append
from pipelines.intake.inbox import enqueue, keep_report
from pipelines.intake.prose import prose_report
from pipelines.intake.prose.extraction import Candidate
from pipelines.intake.prose.prose_report import read_report
from pipelines.intake.review.web_page import serve
from pipelines.intake.review.worklist import Worklist
from pipelines.warehouse import build as warehouse_build
from pipelines.warehouse import published_build
from tests.conftest import TODAY, rows_of
from tests.invented import IDENTITY

REPORT = (
    "La Lista contabilizó este jueves más de 600 presos políticos. "
    f"Entre ellos está Zutanito Inventado Perengano, cédula {IDENTITY}, teléfono 0414-123.45.67.\n\n"
    "La Lista informó además este jueves que 448 detenidos permanecen bajo custodia, "
    "según contó Fulanita Inexistente Mengánez."
)
NAMES = (
    "Zutanito",
    "Inventado",
    "Perengano",
    "Fulanita",
    "Inexistente",
    "Mengánez",
    IDENTITY[2:],
    "123.45.67",
)
PUBLISHED = date(2026, 2, 20)


def folder(data: DataDir) -> Path:
    return data.situation("islandia")


def candidate(**cells: object) -> dict[str, Any]:
    """A row of the queue, with some cells changed."""
    row: dict[str, Any] = {
        **dict.fromkeys(CLAIM_SCHEMA),
        "situation": "islandia",
        "organisation": "lista",
        "measure": "in_custody",
        "population": "held",
        "breakdown": "total",
        "qualifier": "exact",
        "value": 790,
        "as_of": date(2026, 1, 12),
        "as_of_basis": "explicit",
        "as_of_precision": "day",
        "published": date(2026, 1, 13),
        "published_basis": "stated",
        "publisher": "El Diario",
        "provenance": "press",
        "url": "https://diario.example/2",
        "raw": "790 personas detenidas",
        "file": "inbox/reports/abc.txt",
        "place": "characters 5-8",
        "state": "pending",
        "reason": "found by rule es.test; waits for a person",
    }
    return {**row, **cells}


def queue(data: DataDir, *rows: dict[str, Any]) -> int:
    return enqueue(folder(data), pl.DataFrame(list(rows), schema=pl.Schema(CLAIM_SCHEMA)))


def decide(data: DataDir, claim: dict[str, Any], verdict: str, reviewer: str = "AB", **more: Any) -> None:
    """Append one decision, dated today unless `decided` says otherwise."""
    words = {"reason": "", "corrected": {}, "decided": TODAY, **more}
    where = folder(data)
    made = Decision(
        claim, ReviewVerdict(verdict), reviewer, words["decided"], words["reason"], words["corrected"]
    )
    append(where, made, read_situation(where), read_organisations(where), TODAY)


def build(data: DataDir) -> dict[str, list[dict[str, Any]]]:
    """Build, and the rows of each state."""
    warehouse_build.build(data, today=TODAY)
    with published_build.open_current(data) as con:
        return {name: rows_of(con, name) for name in ("claims", "pending", "quarantine", "series", "files")}


@contextmanager
def serve_desk(data: DataDir, desk: Worklist) -> Iterator[str]:
    """The page served on a free port of this machine: its address with the key."""
    ready = threading.Event()
    running: list[tuple[uvicorn.Server, str]] = []

    def started(server: uvicorn.Server, address: str) -> None:
        running.append((server, address))
        ready.set()

    def rebuild() -> dict[str, int]:
        return {name: len(rows) for name, rows in build(data).items()}

    thread = threading.Thread(target=lambda: serve(desk, 0, rebuild=rebuild, started=started))
    thread.start()
    assert ready.wait(20)
    server, address = running[0]
    for _ in range(400):
        if server.started:
            break
        time.sleep(0.05)
    yield address
    server.should_exit = True
    thread.join(20)
    assert not thread.is_alive()


def reading(
    text: str, number: str, *, who: str | None = None, when: str | None = None, **cells: Any
) -> Candidate:
    """A figure as a reader gives it: `number`, `who` and `when` are words of the text."""

    def find(words: str | None) -> tuple[int, int] | None:
        return (text.index(words), text.index(words) + len(words)) if words else None

    span = find(number)
    assert span
    made: dict[str, Any] = {
        "organisation": "lista",
        "measure": Measure.IN_CUSTODY,
        "breakdown": "total",
        "population": "held",
        "qualifier": Qualifier.EXACT,
        "value": int(number) if number.isdigit() else None,
        "value_high": None,
        "as_of": date(2026, 2, 16),
        "as_of_basis": Basis.EXPLICIT if when else Basis.PUBLICATION_DATE,
        "as_of_precision": Precision.DAY,
        "period_start": None,
        "period_start_basis": None,
        "span": span,
        "rule": "es.learned",
        "auto": False,
        "phrase": number,
        "probability": 0.72,
        "choices": {
            "measure": [("in_custody", 0.93), ("detained", 0.05)],
            "organisation": [("lista", 0.9), ("gobierno", 0.08)],
            "breakdown": [("sex=female", 0.12)],
            "as_of": [("2026-02-16", 0.85), ("2026-02-20", 0.11)],
            "qualifier": [("exact", 0.97), ("about", 0.02)],
        },
        "answers": {"light": {"measure": "none"}},
        "day_span": find(when),
        "speaker_span": find(who),
    }
    return Candidate(**{**made, **cells})


def _queue(where: Path, path: Path, url: str) -> pl.DataFrame:
    rows = read_report(
        keep_report(where, path),
        situation=read_situation(where),
        organisations=read_organisations(where),
        published=PUBLISHED,
        publisher="El Diario",
        url=url,
    )
    enqueue(where, rows)
    return rows


Give = Callable[[str, Sequence[Candidate]], pl.DataFrame]


@pytest.fixture
def give(data: DataDir, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Give:
    """Put a report and what a reader made of it into the queue: `give(text, candidates)`."""

    def put(text: str, candidates: Sequence[Candidate]) -> pl.DataFrame:
        path, where = tmp_path / "given.txt", folder(data)
        path.write_text(text, encoding="utf-8")
        monkeypatch.setattr(prose_report, "extract", lambda *_given: list(candidates))
        return _queue(where, path, "https://diario.example/4")

    return put


Read = Callable[..., pl.DataFrame]


@pytest.fixture
def read(data: DataDir, tmp_path: Path) -> Read:
    """Read a text as a report of the situation: `read(text)`; its figures are queued."""

    def put(
        text: str = REPORT, *, name: str = "report.txt", url: str = "https://diario.example/3"
    ) -> pl.DataFrame:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        where = folder(data)
        return _queue(where, path, url)

    return put


@pytest.fixture
def desk(data: DataDir) -> Worklist:
    return Worklist(data, "islandia", TODAY)
