"""The snapshot: what each published build said of each figure, kept when the build itself is gone.

One Parquet file a build, in `data/build/figures/`, written before the pointer moves to that build. While
there are few figures each file holds all of them. Where there are many it holds only those that changed since
the build before, which its metadata names; every sixteenth holds all again. No snapshot is ever rewritten.
"""

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import duckdb
import polars as pl
from polars.exceptions import PanicException

from pipelines.core import private_files
from pipelines.core.frames import lend_frame, read_frame
from pipelines.core.paths import DataDir, sync
from pipelines.warehouse import published_build
from pipelines.warehouse.published_build import read_query
from pipelines.warehouse.releases import open_release

WHOLE_UP_TO: Final = 20_000  # figures that every build writes whole: about a megabyte
STATED: Final = ("qualifier", "value", "value_high", "fewer_than")
ABOUT: Final = ("figure_id", "situation", "organisation", "measure", "population", "breakdown", "as_of")
LONGEST: Final = 16  # snapshots that one answer may have to read
_UNREADABLE: Final = (pl.exceptions.PolarsError, PanicException, OSError)  # what a damaged file raises
_BUILD: Final = re.compile(r"[0-9a-f]{12}(-[0-9]{8})?")


class UnknownBuildError(KeyError):
    """Nothing is known here of what a build said; the message says of which."""

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True)
class Snapshot:
    """One snapshot file: what its metadata says."""

    build: str
    path: Path
    parent: str  # the build whose snapshot holds what did not change; empty where this one is whole
    length: int  # snapshots from here to the whole one, both counted


def write_snapshot(data: DataDir, build: str, path: Path, whole_up_to: int = WHOLE_UP_TO) -> Path:
    """Write the snapshot of the finished build at `path`, which is about to be published; returns the file.

    A build that is published again keeps the snapshot that it has: one id never stands for two contents. One
    that cannot be read is written anew. Raises UnknownBuildError where what was written cannot be read.
    """
    target = data.snapshots / f"{build}.parquet"
    if is_readable(data.snapshots, build):
        return target
    private_files.make_folder(data.snapshots)
    with open_release(path) as con:
        count = con.table("statements_stored").filter("standing = 'stands'").count("*").fetchall()[0][0]
        before = _find_previous(data) if count > whole_up_to else None
        if before is not None and _find_changed(con, data):
            about = {"build": build, "parent": before.build, "length": str(before.length + 1)}
        else:
            con.execute("CREATE TEMP VIEW said AS FROM figures_drawn")
            about = {"build": build, "parent": "", "length": "1"}
        _write_rows(con, target, about)
    return target


def _write_rows(con: duckdb.DuckDBPyConnection, target: Path, about: dict[str, str]) -> None:
    """Write the rows of `said`, with what is said about them. Raises UnknownBuildError."""
    con.execute("SET memory_limit = '1GB'")  # millions are sorted on the disk
    with _write_beside(target) as beside:
        con.execute(read_query("snapshot_write"), {"path": str(beside), **about})
        if con.execute(read_query("snapshot_written"), {"path": str(beside)}).fetchall() != [(True,)]:
            raise UnknownBuildError(f"{beside}: it was not written whole")


@contextmanager
def _write_beside(target: Path) -> Iterator[Path]:
    """A place beside the target: what is written there gets its name once it is whole and on the disk."""
    beside = target.with_suffix(".new")
    try:
        yield beside
        sync(beside)
        beside.replace(target)
        sync(target.parent)
    finally:
        beside.unlink(missing_ok=True)


def is_readable(folder: Path, build: str) -> bool:
    """Whether the snapshot of a build is there and whole, each row read."""
    path = folder / f"{build}.parquet"
    try:
        rows = pl.scan_parquet(path).select(pl.struct(pl.all()).hash().sum())
        return read_snapshot(folder, build).build == build and rows.collect(engine="streaming").height > 0
    except (UnknownBuildError, *_UNREADABLE):
        return False


def _read_rows(path: Path) -> pl.DataFrame:
    """Raises UnknownBuildError for a file that is damaged."""
    try:
        return pl.read_parquet(path)
    except _UNREADABLE as error:
        raise UnknownBuildError(f"{path}: not a snapshot, or damaged") from error


def _find_previous(data: DataDir) -> Snapshot | None:
    """The snapshot of the build that is current until the new one is; None where a whole one is due."""
    try:
        current = published_build.find_current(data)
        before = read_snapshot(data.snapshots, current.id)
        _follow_chain(data.snapshots, current.id)
    except (published_build.NoBuildError, UnknownBuildError):
        return None
    return before if before.length < LONGEST else None


def _find_changed(con: duckdb.DuckDBPyConnection, data: DataDir) -> bool:
    """Make `said` of the figures that are new, differ or are gone since the build before; of one that is gone
    it has nothing but the id. False where that cannot be told.
    """
    try:
        with published_build.connect(published_build.find_current(data)) as old:
            was, now = (read_frame(each.sql(read_query("snapshot_prints"))) for each in (old, con))
            lost = _find_ids(old, was.join(now, on="print", how="anti"))
    except duckdb.CatalogException:  # made by an earlier version
        return False
    changed = pl.concat([lost, _find_ids(con, now.join(was, on="print", how="anti"))]).unique()
    lend_frame(con, "changed", changed)
    con.execute(read_query("snapshot_changed"))
    return True


def _find_ids(con: duckdb.DuckDBPyConnection, picked: pl.DataFrame) -> pl.DataFrame:
    lend_frame(con, "picked", picked.select("row_number"))
    return read_frame(con.sql(read_query("snapshot_ids")))


def read_snapshot(folder: Path, build: str) -> Snapshot:
    """The snapshot of one build. Raises UnknownBuildError, also for what is no build's id at all."""
    path = folder / f"{build}.parquet"
    if not _BUILD.fullmatch(build) or not path.is_file():
        raise UnknownBuildError(f"no snapshot of a build {build[:40]!r}")
    try:
        found = pl.read_parquet_metadata(path)
        return Snapshot(found["build"], path, found["parent"], int(found["length"]))
    except (pl.exceptions.PolarsError, PanicException, OSError, KeyError, ValueError) as error:
        raise UnknownBuildError(f"{path}: not a snapshot") from error


def _follow_chain(folder: Path, build: str) -> list[Snapshot]:
    """The snapshots that together hold a build's figures, its own first. Raises UnknownBuildError."""
    found = [read_snapshot(folder, build)]
    while found[-1].parent and len(found) <= LONGEST:
        found.append(read_snapshot(folder, found[-1].parent))
    return found


def read_figure(data: DataDir, build: str, figure: str) -> pl.DataFrame:
    """What a build showed under one figure's id, with the columns of `figures`; empty where it had none.

    Where the current build withholds that figure, or no longer tells that number of a guarded part, what an
    earlier one said of it is withheld as well. Raises UnknownBuildError.
    """
    rows = pl.DataFrame()
    for each in _follow_chain(data.snapshots, build):
        rows = _read_rows_of(each.path, figure)
        if rows.height:
            break
    rows = _leave_out_doubts(rows.filter(pl.col("claim_id").is_not_null()))
    withheld = any(_is_withheld(data, row) for row in rows.iter_rows(named=True))
    return _mask_rows(rows) if withheld else rows


def _read_rows_of(path: Path, figure: str) -> pl.DataFrame:
    """Raises UnknownBuildError for a file that is damaged."""
    try:
        return pl.scan_parquet(path).filter(pl.col("figure_id") == figure).collect()
    except _UNREADABLE as error:
        raise UnknownBuildError(f"{path}: not a snapshot, or damaged") from error


def _is_withheld(data: DataDir, about: dict[str, Any]) -> bool:
    """Whether the current build withholds this figure, or tells of a guarded part another number."""
    asked = {name: about[name] for name in (*ABOUT, "value")}
    try:
        with published_build.open_current(data) as con:
            return bool(con.execute(read_query("snapshot_figure_withheld"), asked).fetchall()[0][0])
    except (published_build.NoBuildError, duckdb.CatalogException):  # none, or made by an earlier version
        return False


def _mask_rows(rows: pl.DataFrame) -> pl.DataFrame:
    empty = [pl.lit(None, rows.schema[name]).alias(name) for name in STATED]
    return rows.with_columns(*empty, pl.lit(True).alias("withheld"))


def read_figures(data: DataDir, build: str) -> pl.DataFrame:
    """All that a build showed, with the columns of `figures`. Raises UnknownBuildError.

    It is what was said then, to compare with: what is withheld since stands in it, so it is not for showing.
    """
    return _leave_out_doubts(read_drawn(data, build))


def read_drawn(data: DataDir, build: str) -> pl.DataFrame:
    """The same with what charts drew in doubt, with the columns of `figures_drawn`. Raises UnknownBuildError.

    Snapshots of earlier versions keep nothing that was in doubt: `standing` is missing or empty in theirs.
    """
    newest, *older = _follow_chain(data.snapshots, build)
    rows = _read_rows(newest.path)
    for each in older:
        kept = _read_rows(each.path).join(rows, on="figure_id", how="anti")
        rows = pl.concat([rows, kept], how="diagonal_relaxed")
    return rows.filter(pl.col("claim_id").is_not_null()).sort("figure_id", "published", "claim_id")


def _leave_out_doubts(rows: pl.DataFrame) -> pl.DataFrame:
    if "standing" not in rows.columns:
        return rows
    return rows.filter(pl.col("standing").fill_null("stands") == "stands").drop("standing")


def add_snapshot(folder: Path, build: str, fill: Callable[[Path], None]) -> None:
    """Put a snapshot of another machine among ours: `fill` writes it whole to the place that it is given."""
    private_files.make_folder(folder)
    with _write_beside(folder / f"{build}.parquet") as beside:
        fill(beside)


def copy_snapshots(source: Path, target: Path) -> list[str]:
    """Copy every snapshot that `target` lacks, as from `data/build/figures` to a site's archive, or back.

    Returns the ids of the builds that were copied. What is no snapshot is left where it is, and one that is
    there already is never overwritten.
    """
    target.mkdir(parents=True, exist_ok=True)
    copied = []
    for path in sorted(source.glob("*.parquet")):
        try:
            found = read_snapshot(source, path.stem)
        except UnknownBuildError:
            continue
        if found.build == path.stem and not (target / path.name).exists():
            with _write_beside(target / path.name) as beside:
                shutil.copyfile(path, beside)
            copied.append(found.build)
    return copied
