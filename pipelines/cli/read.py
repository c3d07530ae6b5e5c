"""`read` and `extract`: a report in prose goes to the queue, or its claims are only printed."""

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer
from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, TimeRemainingColumn
from rich.table import Column, Table

from pipelines.cli.asking import (
    AlsoAsk,
    Asking,
    DryRun,
    describe_comparison,
    nothing_beside,
    open_asking,
    show_requests,
)
from pipelines.cli.build import run_build
from pipelines.cli.options import (
    DATA,
    AsJson,
    DataFolder,
    Situation,
    choose_own_situation,
    choose_situation,
    day_option,
    fail,
    print_json,
)
from pipelines.core.counted import count_of
from pipelines.core.model import TOTAL, Qualifier
from pipelines.core.paths import DataDir
from pipelines.core.privacy import mask_message
from pipelines.core.situation import SituationError, read_organisations, read_situation
from pipelines.intake.files.document import SUFFIXES, read_document
from pipelines.intake.inbox import QueueError, enqueue, keep_report
from pipelines.intake.prose import extraction
from pipelines.intake.prose.grammar import LanguageError, languages
from pipelines.intake.prose.prose_report import read_report
from pipelines.sheets.raw_table import ReadError


class ProseEntry(msgspec.Struct, frozen=True):
    """One line of a manifest. Without a publication day, relative days stay unknown."""

    id: str
    path: str
    published: date | None = None
    language: str | None = None


def extract(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Texts, pages, PDFs or images, or folders of them.")
    ] = None,
    published: Annotated[
        date | None,
        day_option("--published", "The day they were published, in local time."),
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
    also_ask: AlsoAsk = False,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Read candidate claims out of prose, each with its place in the text."""
    if (batch is None) == (not files):
        fail("give FILES with --published, or --batch MANIFEST.jsonl", code=2)
    if batch is None and published is None:
        fail("--published is missing: the day the texts were published (YYYY-MM-DD)", code=2)
    if dry_run and not also_ask:
        fail("--dry-run shows what --also-ask would send: give both", code=2)
    if language is not None and language not in languages():
        fail(f"unknown language {language!r}; there are: {', '.join(languages())}", code=2)
    entries = (
        list(_read_manifest(batch))
        if batch is not None
        else [ProseEntry(name, str(path), published, language) for name, path in _list_files(files or [])]
    )
    folder = _find_folder(DataDir(data_dir), situation)
    asking = open_asking(folder, sends=not dry_run) if also_ask else None
    if asking is not None and dry_run:
        show_requests(((entry.path, entry.published, entry.language) for entry in entries), asking)
        return
    as_lines = batch is not None or as_json
    with _show_progress(hide=as_lines and sys.stdout.isatty()) as bar:
        rows = _extract_rows(bar.track(entries, description="reading"), folder, asking)
        if as_lines:
            for row in rows:
                sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
        else:
            found = list(rows)
    if not as_lines:
        _print_rows(found, asked=also_ask)
    if asking is not None:
        asking.print_costs()


def _list_files(paths: Sequence[Path]) -> Iterator[tuple[str, Path]]:
    """Each file with its name; of a folder all files that may hold prose, however deep, by name."""
    for path in paths:
        if not path.is_dir():
            yield path.name, path
            continue
        for inside in sorted(path.rglob("*")):
            if inside.is_file() and inside.suffix.lower() in SUFFIXES:
                yield inside.relative_to(path).as_posix(), inside


def _show_progress(*, hide: bool) -> Progress:
    """How many texts are read and how long the rest will take: on a terminal, on stderr; it then vanishes.

    `hide`: the terminal shows the results as they come. Standard output is never touched.
    """
    console = Console(stderr=True)
    return Progress(
        *Progress.get_default_columns()[:2], MofNCompleteColumn(), TimeRemainingColumn(),
        console=console, transient=True, disable=hide or not console.is_terminal,
        redirect_stdout=False, redirect_stderr=False,
    )  # fmt: skip


def _find_folder(data: DataDir, situation: str | None) -> Path:
    """The situation's folder: the named one, the only one there is, or the one marked as default."""
    return data.situation(choose_situation(data, situation))


def _read_manifest(path: Path) -> Iterator[ProseEntry]:
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
            entry = msgspec.json.decode(line, type=ProseEntry)
        except (msgspec.ValidationError, msgspec.DecodeError) as error:
            fail(f'{path}, line {number}: {error}; expected {{"id", "path", "published"}}', code=2)
        beside = path.parent / entry.path
        yield msgspec.structs.replace(entry, path=str(beside)) if beside.exists() else entry


def _extract_rows(
    entries: Iterable[ProseEntry], folder: Path, asking: Asking | None
) -> Iterator[dict[str, Any]]:
    try:
        situation, organisations = read_situation(folder), read_organisations(folder)
        for entry in entries:
            document = read_document(Path(entry.path))
            found = extraction.extract(
                document.text, entry.published, situation, organisations, entry.language
            )
            name = mask_message(entry.id)
            compared = asking.compare(name, document.text, entry, found) if asking else nothing_beside(found)
            for candidate, beside in compared:
                page, box = document.place(candidate.span)
                yield {"id": name, **candidate.as_json(), "page": page, "box": box, **beside}
    except (ReadError, SituationError, LanguageError) as error:
        fail(str(error))


def _print_rows(rows: list[dict[str, Any]], *, asked: bool) -> None:
    """A table that is read at 80 columns too: nothing is cut, the file is named where there are several."""
    several = len({row["id"] for row in rows}) > 1
    names = ["file"] * several + ["figure", "measure", "organisation", "as of", "likely", "phrase"]
    table = Table(*[Column(name, overflow="fold") for name in names + ["asked"] * asked], show_lines=True)
    for row in rows:
        high = f"-{row['value_high']}" if row["value_high"] is not None else ""
        hedge = "" if row["qualifier"] == Qualifier.EXACT else f"\n{row['qualifier']}"
        since = f"\nsince {row['period_start']}" if row["period_start"] else ""
        part = "" if row["breakdown"] == TOTAL else f"\n{row['breakdown']}"
        table.add_row(
            *([row["id"]] * several),
            f"{row['value']}{high}{hedge}",
            f"{row['measure']}{part}",
            row["organisation"],
            f"{row['as_of'] or 'unknown'}{since}",
            "sure" if row["auto"] else "" if row["probability"] is None else f"{row['probability']:.0%}",
            row["phrase"],
            *([describe_comparison(row)] if asked else []),
        )
    Console().print(table if rows else "no candidate claim found")


def read(
    files: Annotated[list[Path], typer.Argument(help="Texts, pages, PDFs or images of one report.")],
    published: Annotated[date, day_option("--published", "The day it was published.")],
    publisher: Annotated[str, typer.Option("--publisher", help="The outlet or organisation.")],
    url: Annotated[str | None, typer.Option("--url", help="Where it stands on the web.")] = None,
    retrieved: Annotated[date | None, day_option("--retrieved", "The day it was obtained.")] = None,
    data_dir: DataFolder = DATA,
    situation: Situation = None,
    as_json: AsJson = False,
) -> None:
    """Read a report in prose: its figures wait until `review` is done. The text stays on this machine."""
    for option, day in (("--published", published), ("--retrieved", retrieved)):
        if day is not None and day > date.today():
            fail(f"{option} {day} lies in the future (today is {date.today()})", code=2)
    data = DataDir(data_dir)
    folder = data.situation(choose_own_situation(data, situation))
    settings, organisations = read_situation(folder), read_organisations(folder)
    results: list[dict[str, Any]] = []
    for path in files:
        try:
            rows = read_report(
                path if not path.is_file() else keep_report(folder, path),
                situation=settings,
                organisations=organisations,
                published=published,
                publisher=publisher,
                url=url,
                retrieved=retrieved,
            )
            results.append(
                {"file": mask_message(str(path)), "figures": rows.height, "new": enqueue(folder, rows)}
            )
        except (ReadError, QueueError, OSError) as error:
            fail(str(error))
    run_build(data)
    if as_json:
        print_json(results)
    else:
        for each in results:
            typer.echo(
                f"{each['file']}: {count_of(each['figures'], 'figure')} read, {each['new']} new in the queue"
            )
        if any(each["figures"] for each in results):
            typer.echo("`python -m pipelines review` decides about them")
