"""`ingest`: add transcription sheets to a situation, build, and say what became of every row."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from pipelines.cli.build import end_when_told, run_build, say_waiting
from pipelines.cli.options import (
    DATA,
    AcceptLoss,
    AsJson,
    DataFolder,
    Situation,
    choose_situation,
    fail,
    print_json,
    refuse_personal,
)
from pipelines.core.paths import DataDir, find_obstacle, hash_file, name_below, sync
from pipelines.core.privacy import mask_message
from pipelines.intake.files.file_kind import FileKind, find_kind
from pipelines.sheets.raw_table import FAILURES, explain_failure
from pipelines.warehouse import build_pointer, published_build

SHOWN: Final = 20  # reports and rows shown of each file before the rest is only counted
LISTED: Final = 10_000  # and the same for --json
LONGEST_NAME: Final = 200  # bytes; a copy's name is somewhat longer, and most disks take 255
_ARRIVING: Final = ".new"


@dataclass(frozen=True)
class ArchivedSheet:
    """A sheet in the situation's folder, and whether this run put it there."""

    source: Path
    path: Path
    is_new: bool


def ingest(
    files: Annotated[list[Path], typer.Argument(help="Transcription sheets: CSV or XLSX, one row a figure.")],
    data_dir: DataFolder = DATA,
    situation: Situation = None,
    accept_loss: AcceptLoss = False,
    as_json: AsJson = False,
) -> None:
    """Add transcription sheets. The same file twice changes nothing; one that stops the build is not kept."""
    data = DataDir(data_dir)
    folder = data.situation(choose_situation(data, situation))
    for number, path in enumerate(files, 1):
        refuse_personal(**{f"name_of_file_{number}": path.name})
        _refuse_unreadable(path)
    archived: list[ArchivedSheet] = []
    try:
        with end_when_told():
            with build_pointer.hold_write_lock(data, say_waiting):
                _sweep(folder / "transcriptions")
                for path in files:
                    _archive_sheet(path, folder / "transcriptions", archived)
            run_build(data, accept_loss=accept_loss)
    except BaseException:
        for sheet in archived:
            if sheet.is_new:
                sheet.path.unlink(missing_ok=True)
        typer.echo("The new files were not kept; correct them and ingest them again.", err=True)
        raise
    results = [_sum_up(data, folder, sheet) for sheet in archived]
    if as_json:
        print_json(results)
    else:
        for result in results:
            _say_result(result)


def _refuse_unreadable(path: Path) -> None:
    """What could not be kept under its name, or is no file at all, is refused before anything is touched."""
    name = name_below(path, path.parent)
    if path.name.startswith("."):
        fail(f"{name}: its name is hidden (it starts with a dot); rename it")
    if name != path.name:
        fail(f"{name}: its name holds a line end or another control character; rename it")
    if len(os.fsencode(path.name)) > LONGEST_NAME:
        fail(f"{name[:40]}…: its name is longer than {LONGEST_NAME} bytes; rename it")
    try:
        if path.exists() and not path.is_file():
            fail(f"{path}: this is a folder, a pipe or a device, not a file")
        kind = find_kind(path)
    except FAILURES as error:
        fail(explain_failure(error, path, str(path)))
    if kind not in {FileKind.CSV, FileKind.TEXT, FileKind.XLSX}:
        fail(f"{path}: a transcription sheet is CSV or XLSX; this is {kind}")


def _archive_sheet(path: Path, folder: Path, archived: list[ArchivedSheet]) -> None:
    """Copy the file untouched, unless the same bytes are there already. Another file's name is left alone.

    What became of it is added to `archived`, before the copy has its name: whoever is stopped can undo it.
    """
    digest = hash_file(path)
    for kept in sorted(folder.glob("[!.]*")):
        same_size = find_obstacle(kept, folder) is None and kept.stat().st_size == path.stat().st_size
        if same_size and hash_file(kept) == digest:
            archived.append(ArchivedSheet(path, kept, is_new=False))
            return
    folder.mkdir(exist_ok=True)
    target = folder / path.name
    if os.path.lexists(target):
        target = folder / f"{path.stem}-{digest[:8]}{path.suffix}"
    beside = folder / f".{target.name}{_ARRIVING}"
    try:
        shutil.copyfile(path, beside)
        if hash_file(beside) != digest:
            fail(f"{path}: it changed while it was copied; ingest it again")
        sync(beside)
        archived.append(ArchivedSheet(path, target, is_new=True))
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)


def _sweep(folder: Path) -> None:
    """Remove what a killed `ingest` left half copied; we hold the lock, so nobody is copying."""
    for path in folder.glob(f".*{_ARRIVING}"):
        path.unlink()


def _sum_up(data: DataDir, folder: Path, sheet: ArchivedSheet) -> dict[str, Any]:
    """What became of one file: its counts, its reports with theirs, and the rows that do not count."""
    params = {"situation": folder.name, "file": sheet.path.relative_to(folder).as_posix()}
    with published_build.open_current(data) as con:
        counts = con.sql(published_build.read_query("ingested_file"), params=params).pl().to_dicts()
        reports = con.sql(
            published_build.read_query("ingested_reports"), params={**params, "most": LISTED}
        ).pl()
        rows = con.sql(
            published_build.read_query("ingested_rows_aside"), params={**params, "most": LISTED}
        ).pl()
    return {
        "file": mask_message(str(sheet.source)),
        "kept_as": params["file"],
        "new": sheet.is_new,
        **(counts[0] if counts else {"rows_read": 0, "accepted": 0, "pending": 0, "quarantined": 0}),
        "reports": reports.to_dicts(),
        "aside": rows.to_dicts(),
    }


def _say_result(result: dict[str, Any]) -> None:
    seen = "" if result["new"] else " (was there already; nothing changed)"
    typer.echo(f"{result['file']} → {result['kept_as']}{seen}")
    typer.echo(_format_counts(result))
    for report in result["reports"][:SHOWN]:
        typer.echo(f"  {report['publisher']} {report['published']}: {_format_counts(report).strip()}")
        if report["url"]:
            typer.echo(f"    {report['url']}")
    _say_rest(result["reports"][0]["reports"] if result["reports"] else 0, "reports")
    for row in result["aside"][:SHOWN]:
        typer.echo(f"  {row['state']}: {row['file']} {row['place']}: {row['reason']}")
    _say_rest(
        result["pending"] + result["quarantined"],
        "rows set aside; `export quarantine` and `export pending` list them",
    )


def _format_counts(row: dict[str, Any]) -> str:
    return (
        f"  {row['rows_read']} read: {row['accepted']} accepted, {row['pending']} held for a person, "
        f"{row['quarantined']} quarantined"
    )


def _say_rest(count: int, what: str) -> None:
    if count > SHOWN:
        typer.echo(f"  … and {count - SHOWN} more {what}")
