"""`ingest`: add sheets and reports to a situation, build, and say what became of every row."""

import os
import re
import shlex
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final

import duckdb
import typer

from pipelines.cli.build import SHOWN, end_when_told, format_counts, run_build, say_waiting
from pipelines.cli.options import (
    DATA,
    AcceptLoss,
    AsJson,
    DataFolder,
    Situation,
    choose_own_situation,
    fail,
    print_json,
    print_undated,
    read_undated,
    refuse_personal,
)
from pipelines.core.counted import count_of
from pipelines.core.frames import read_rows
from pipelines.core.paths import DataDir, find_obstacle, hash_file, name_below, sync
from pipelines.core.privacy import mask_message
from pipelines.intake.files.file_kind import FileKind, find_kind, read_tables
from pipelines.intake.mappings.recognition import FOLDER, list_mappings, recognise
from pipelines.sheets import sandbox
from pipelines.sheets.csv_reader import detect_utf16
from pipelines.sheets.raw_table import FAILURES, explain_failure
from pipelines.sheets.transcription_sheet import NO_SHEET, has_known_columns
from pipelines.warehouse import build_pointer, published_build
from pipelines.warehouse.published_build import read_query

LISTED: Final = 10_000  # and the same for --json
LONGEST_NAME: Final = 200  # bytes; a copy's name is somewhat longer, and most disks take 255
_ARRIVING: Final = ".new"
_SHEETS: Final = (FileKind.CSV, FileKind.TEXT, FileKind.XLSX)
_PROSE: Final = (FileKind.TEXT, FileKind.HTML, FileKind.PDF, FileKind.IMAGE)
_NEEDED: Final = ("organisation", "measure")  # columns of a sheet
_HEAD: Final = 4_000  # bytes in which the header of a CSV file stands
_SEPARATORS: Final = re.compile(r"[,;\t|]")
_STATED: Final = re.compile(r'"?sep=', re.IGNORECASE)  # a spreadsheet's first line, which is no row


@dataclass(frozen=True)
class ArchivedSheet:
    """A sheet in the situation's folder, and whether this run put it there."""

    source: Path
    path: Path
    is_new: bool


def ingest(
    files: Annotated[
        list[Path],
        typer.Argument(
            help="Transcription sheets (CSV or XLSX, one row a figure), reports that a mapping reads."
        ),
    ],
    data_dir: DataFolder = DATA,
    situation: Situation = None,
    mapping: Annotated[
        str | None,
        typer.Option("--mapping", help="Reports of this mapping; else the one that fits is looked for."),
    ] = None,
    accept_loss: AcceptLoss = False,
    as_json: AsJson = False,
) -> None:
    """Add sheets and reports. The same file twice changes nothing; one that stops the build is not kept."""
    sandbox.begin()
    data = DataDir(data_dir)
    folder = data.situation(choose_own_situation(data, situation))
    for number, path in enumerate(files, 1):
        refuse_personal(**{f"name_of_file_{number}": path.name})
        _refuse_unreadable(path)
    places = [folder / _choose_place(path, folder, mapping) for path in files]
    archived: list[ArchivedSheet] = []
    try:
        with end_when_told():
            with build_pointer.hold_write_lock(data, say_waiting):
                for place in set(places):
                    _sweep(place)
                for path, place in zip(files, places, strict=True):
                    _archive_sheet(path, place, archived)
            run_build(data, accept_loss=accept_loss)
    except BaseException:
        for sheet in archived:
            if sheet.is_new:
                sheet.path.unlink(missing_ok=True)
        typer.echo("The new files were not kept; correct them and ingest them again.", err=True)
        raise
    with published_build.open_current(data) as con:
        results = [_sum_up(con, folder, sheet) for sheet in archived]
        if as_json:
            print_json(results)
            return
        for result in results:
            _say_result(result)
            print_undated(read_undated(con, [folder.name], result["kept_as"]))


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
        find_kind(path)
    except FAILURES as error:
        fail(explain_failure(error, path, str(path)))


def _choose_place(path: Path, folder: Path, mapping: str | None) -> str:
    """Where the file belongs below the situation's folder: among the sheets, or the reports of a mapping.

    Exits where no mapping fits what is no sheet, or several do.
    """
    names = list_mappings(folder)
    if mapping is not None and mapping not in names:
        fail(f"no mapping {mapping!r} in {folder.name}; there are: {', '.join(names) or 'none'}", code=2)
    kind = find_kind(path)
    if mapping is None and (not names or _looks_like_sheet(path, kind)):
        if kind not in _SHEETS or (kind is FileKind.TEXT and not _looks_like_sheet(path, kind)):
            fail(f"{path}: a transcription sheet is CSV or XLSX; this is {kind}{_point_to_read(path, kind)}")
        if not any(map(has_known_columns, _list_headers(path, kind))):
            fail(f"{path}: {NO_SHEET}. It was not kept: is it a list of people, for `count`?")
        return "transcriptions"
    named = [path.parent.name] if path.parent.name in names else names
    found = recognise(path, folder, [mapping] if mapping else named)
    if len(found.fitting) > 1:
        fail(f"{path}: several mappings read it ({', '.join(found.fitting)}); choose one with --mapping")
    if not found.fitting:
        tried = [f"\n  {name}: {reason}" for name, reason in found.refusals.items()]
        said = f"{path}: no transcription sheet, and no mapping of {folder.name} reads it:{''.join(tried)}"
        fail(said + _point_to_read(path, kind))
    return f"{FOLDER}/{found.fitting[0]}"


def _point_to_read(path: Path, kind: FileKind) -> str:
    """Where a file that may be a report in prose belongs; nothing for a table."""
    if kind not in _PROSE:
        return ""
    return (
        f"\nA report in prose: `python -m pipelines read {shlex.quote(str(path))}"
        " --published YYYY-MM-DD --publisher NAME`"
    )


def _looks_like_sheet(path: Path, kind: FileKind) -> bool:
    """Whether a table of the file has the columns without which nothing is a figure of a sheet."""
    if kind not in _SHEETS:
        return False
    if kind is not FileKind.XLSX:
        with path.open("rb") as file:
            head = file.read(_HEAD).replace(b"\0", b"")
        return all(column.encode() in head for column in _NEEDED)
    try:
        return any(set(_NEEDED) <= set(table.cells.columns) for table in read_tables(path))
    except FAILURES:
        return False


def _list_headers(path: Path, kind: FileKind) -> list[list[str]]:
    """The names of the columns of each table; of a CSV file its first line that is not blank."""
    if kind is FileKind.XLSX:
        try:
            return [table.cells.columns for table in read_tables(path)]
        except FAILURES as error:
            fail(explain_failure(error, path, str(path)))
    with path.open("rb") as file:
        head = file.read(_HEAD)
    text = head.decode(detect_utf16(head) or "utf-8-sig", "replace").lstrip("\ufeff")
    lines = (line for line in text.splitlines() if line.strip(' ,;\t"') and not _STATED.match(line))
    return [[cell.strip(' "') for cell in _SEPARATORS.split(next(lines, ""))]]


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
    folder.mkdir(parents=True, exist_ok=True)
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


def _sum_up(con: duckdb.DuckDBPyConnection, folder: Path, sheet: ArchivedSheet) -> dict[str, Any]:
    """What became of one file: its counts, its reports with theirs, and the rows that do not count."""
    params = {"situation": folder.name, "file": sheet.path.relative_to(folder).as_posix()}
    counts = read_rows(con, read_query("ingested_file"), params)
    reports, rows = (
        read_rows(con, read_query(name), {**params, "most": LISTED})
        for name in ("ingested_reports", "ingested_rows_aside")
    )
    return {
        "file": mask_message(str(sheet.source)),
        "kept_as": params["file"],
        "new": sheet.is_new,
        **(counts[0] if counts else {"rows_read": 0, "accepted": 0, "pending": 0, "quarantined": 0}),
        "reports": reports,
        "aside": rows,
    }


def _say_result(result: dict[str, Any]) -> None:
    seen = "" if result["new"] else " (was there already; nothing changed)"
    typer.echo(f"{result['file']} → {result['kept_as']}{seen}")
    typer.echo(f"  {format_counts(result)}")
    for report in result["reports"][:SHOWN]:
        whose = report["publisher"] or "no publisher"
        typer.echo(f"  {whose}, {report['published'] or 'no day'}: {format_counts(report)}")
        if report["url"]:
            typer.echo(f"    {report['url']}")
    _say_rest(result["reports"][0]["reports"] if result["reports"] else 0, "more report")
    for row in result["aside"][:SHOWN]:
        typer.echo(f"  {row['state']}: {row['file']} {row['place']}: {row['reason']}")
    _say_rest(
        result["pending"] + result["quarantined"],
        "more row",
        " set aside; `export quarantine` and `export pending` say which",
    )


def _say_rest(count: int, what: str, more: str = "") -> None:
    if count > SHOWN:
        typer.echo(f"  … and {count_of(count - SHOWN, what)}{more}")
