"""`extract`: candidate claims of articles and bulletins, for a person to review. Nothing is stored."""

import json
import sys
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer
from rich.console import Console
from rich.table import Table

from pipelines.commands.options import DATA, AsJson, DataFolder, Situation, default_situation, fail
from pipelines.extract import LanguageError, documents, languages
from pipelines.extract import extract as read_candidates
from pipelines.paths import DataDir
from pipelines.readers import ReadError
from pipelines.situation import SituationError, read_organisations, read_situation


class Entry(msgspec.Struct, frozen=True):
    """One line of a manifest. Without a publication day, relative days stay unknown."""

    id: str
    path: str
    published: date | None = None
    language: str | None = None


def extract(
    files: Annotated[list[Path] | None, typer.Argument(help="Texts, pages, PDFs or images.")] = None,
    published: Annotated[
        datetime | None,
        typer.Option("--published", formats=["%Y-%m-%d"], help="The day they were published, in local time."),
    ] = None,
    situation: Situation = None,
    data_dir: DataFolder = DATA,
    language: Annotated[
        str | None, typer.Option("--language", help="Of the text; guessed by default.")
    ] = None,
    batch: Annotated[
        Path | None,
        typer.Option("--batch", help='A manifest: lines of {"id", "path", "published"}; prints JSON lines.'),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Read candidate claims out of prose, each with its place in the text and the rule that found it."""
    if (batch is None) == (not files):
        fail("give FILES with --published, or --batch MANIFEST.jsonl", code=2)
    if batch is None and published is None:
        fail("--published is missing: the day the texts were published (YYYY-MM-DD)", code=2)
    if language is not None and language not in languages():
        fail(f"unknown language {language!r}; there are: {', '.join(languages())}", code=2)
    day = published.date() if published else None
    entries = (
        list(_manifest(batch))
        if batch is not None
        else [Entry(path.name, str(path), day, language) for path in files or []]
    )
    rows = _rows(entries, _folder(DataDir(data_dir), situation))
    if batch is not None or as_json:
        for row in rows:
            sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
    else:
        _print(list(rows))


def _folder(data: DataDir, situation: str | None) -> Path:
    """The situation's folder: the named one, the only one there is, or the one marked as default."""
    return data.situation(default_situation(data, situation))


def _manifest(path: Path) -> Iterator[Entry]:
    """Entries of a manifest; a relative path is looked up from the manifest's folder. Exits with 2 on a
    line that is none."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        fail(f"{path}: cannot be read ({error})", code=2)
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            entry = msgspec.json.decode(line, type=Entry)
        except (msgspec.ValidationError, msgspec.DecodeError) as error:
            fail(f'{path}, line {number}: {error}; expected {{"id", "path", "published"}}', code=2)
        beside = path.parent / entry.path
        yield msgspec.structs.replace(entry, path=str(beside)) if beside.exists() else entry


def _rows(entries: list[Entry], folder: Path) -> Iterator[dict[str, Any]]:
    try:
        situation, organisations = read_situation(folder), read_organisations(folder)
        for entry in entries:
            document = documents.read_document(Path(entry.path))
            found = read_candidates(document.text, entry.published, situation, organisations, entry.language)
            for candidate in found:
                page, box = document.place(candidate.span)
                yield {"id": entry.id, **candidate.as_json(), "page": page, "box": box}
    except (ReadError, SituationError, LanguageError) as error:
        fail(str(error))


def _print(rows: list[dict[str, Any]]) -> None:
    table = Table("file", "organisation", "measure", "breakdown", "figure", "as of", "since", "sure")
    table.add_column("phrase")
    for row in rows:
        high = f"-{row['value_high']}" if row["value_high"] is not None else ""
        table.add_row(
            row["id"],
            row["organisation"],
            row["measure"],
            row["breakdown"],
            f"{row['qualifier']} {row['value']}{high}",
            row["as_of"] or "unknown",
            row["period_start"] or "",
            "yes" if row["auto"] else "",
            row["phrase"],
        )
    Console().print(table if rows else "no candidate claim found")
