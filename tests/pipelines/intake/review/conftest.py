"""A report in prose, waiting figures, and a reviewer for them."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines.core.model import CLAIM_SCHEMA
from pipelines.core.paths import DataDir
from pipelines.core.situation import read_organisations, read_situation
from pipelines.intake.decisions import Decision, ReviewVerdict, append
from pipelines.intake.inbox import enqueue, keep_report
from pipelines.intake.prose.prose_report import read_report
from pipelines.intake.review.worklist import Worklist
from pipelines.warehouse import build as warehouse_build
from pipelines.warehouse import published_build
from tests.conftest import TODAY, rows_of
from tests.invented import IDENTITY

REPORT = (
    "La Lista contabilizó este jueves más de 600 presos políticos. "
    f"Entre ellos está Zutanito Inventado Perengano, cédula {IDENTITY}, teléfono 0414-123.45.67.\n\n"
    "La Lista informó además que 448 detenidos permanecen bajo custodia, "
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

    return put


@pytest.fixture
def desk(data: DataDir) -> Worklist:
    return Worklist(data, "islandia", TODAY)
