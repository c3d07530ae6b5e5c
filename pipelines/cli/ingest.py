"""`ingest`: add transcription sheets to a situation, build, and say what became of every row."""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from pipelines.cli.build import run_build
from pipelines.cli.options import (
    DATA,
    AsJson,
    DataFolder,
    Situation,
    choose_situation,
    fail,
    print_json,
    refuse_personal,
)
from pipelines.core.paths import DataDir, hash_file
from pipelines.core.privacy import mask_message
from pipelines.intake.files.file_kind import FileKind, find_kind
from pipelines.sheets.raw_table import ReadError
from pipelines.warehouse import published_build

SHOWN: Final = 20  # reports and rows shown of each file before the rest is only counted
LISTED: Final = 10_000  # and the same for --json


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
    as_json: AsJson = False,
) -> None:
    """Add transcription sheets. The same file twice changes nothing; one that stops the build is not kept."""
    data = DataDir(data_dir)
    folder = data.situation(choose_situation(data, situation))
    for number, path in enumerate(files, 1):
        refuse_personal(**{f"name_of_file_{number}": path.name})
        _refuse_unreadable(path)
    archived = [_archive_sheet(path, folder / "transcriptions") for path in files]
    try:
        run_build(data)
    except typer.Exit:
        for sheet in archived:
            if sheet.is_new:
                sheet.path.unlink()
        typer.echo("The new files were not kept; correct them and ingest them again.", err=True)
        raise
    results = [_sum_up(data, folder, sheet) for sheet in archived]
    if as_json:
        print_json(results)
    else:
        for result in results:
            _say_result(result)


def _refuse_unreadable(path: Path) -> None:
    try:
        kind = find_kind(path)
    except (ReadError, OSError) as error:
        fail(str(error))
    if kind not in {FileKind.CSV, FileKind.TEXT, FileKind.XLSX}:
        fail(f"{path}: a transcription sheet is CSV or XLSX; this is {kind}")


def _archive_sheet(path: Path, folder: Path) -> ArchivedSheet:
    """Copy the file untouched, unless the same bytes are there already. Another file's name is left alone."""
    digest = hash_file(path)
    for kept in sorted(folder.glob("*")):
        if kept.stat().st_size == path.stat().st_size and hash_file(kept) == digest:
            return ArchivedSheet(path, kept, is_new=False)
    folder.mkdir(exist_ok=True)
    target = folder / path.name
    if target.exists():
        target = folder / f"{path.stem}-{digest[:8]}{path.suffix}"
    beside = folder / f".{target.name}.new"
    shutil.copyfile(path, beside)
    beside.replace(target)
    return ArchivedSheet(path, target, is_new=True)


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
