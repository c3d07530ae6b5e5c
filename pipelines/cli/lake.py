"""`lake`: the stays of several offices kept in one place of the group's own, for `count` to read."""

import re
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Annotated, Final

import duckdb
import typer

from pipelines.cli.build import end_when_told
from pipelines.cli.options import (
    DATA,
    AsJson,
    DataFolder,
    Situation,
    choose_situation,
    day_option,
    fail,
    print_json,
    refuse_personal,
)
from pipelines.core import situation as settings
from pipelines.core.counted import count_of
from pipelines.core.paths import DataDir
from pipelines.stays import lake_writing
from pipelines.stays.lake import (
    Lake,
    Snapshot,
    attach,
    list_snapshots,
    open_gate,
    read_lake,
    without_words,
)
from pipelines.stays.mapping import CountError, Grain, find_mapping, read_mapping
from pipelines.stays.mistakes import refuse_mistakes
from pipelines.stays.private_folder import open_private_database
from pipelines.stays.tally import Question, open_judged

_OFFICE: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
app = typer.Typer(
    help="Keep the stays of several offices in one place, for count to read.", no_args_is_help=True
)
LakeFile = Annotated[
    Path,
    typer.Option(
        "--lake", envvar="LIBEROMETRO_LAKE", help="The lake's settings, a TOML file.", dir_okay=False
    ),
]
Wait = Annotated[
    float, typer.Option("--wait", min=0, help="Seconds to wait while another office is writing.")
]


@app.command()
def create(
    lake_file: LakeFile,
    grain: Annotated[Grain, typer.Option("--grain", help="What a row of every list is.")] = Grain.STAYS,
    shared_ids: Annotated[
        bool, typer.Option("--shared-ids", help="A code is the same person in every office's list.")
    ] = False,
    data_dir: DataFolder = DATA,
) -> None:
    """Make a lake: its tables, its folder and its key. One that is there stays as it is."""
    with _reaching(lake_file, data_dir) as (lake, con):
        is_new = lake_writing.create_lake(con, lake, grain, shared_ids, _tell)
    typer.echo(f"{lake_file}: {'made' if is_new else 'is there'}; the key is {lake.key}: keep a copy apart")


@app.command()
def write(
    list_file: Annotated[Path, typer.Argument(metavar="LIST", help="The list: CSV, XLSX or Parquet.")],
    lake_file: LakeFile,
    office: Annotated[str, typer.Option("--office", help="Whose list it is, in small letters.")],
    mapping_name: Annotated[
        str,
        typer.Option("--mapping", help="What its columns mean: a file, or a name in the situation's stays/."),
    ],
    data_dir: DataFolder = DATA,
    situation: Situation = None,
    lenient: Annotated[
        bool, typer.Option("--lenient", help="Keep the list although it has mistakes; count tells them.")
    ] = False,
    wait: Wait = 600,
    as_json: AsJson = False,
) -> None:
    """Put an office's list in the place of what the lake has of it. No text of the list is kept."""
    refuse_personal(office=office)
    if not _OFFICE.fullmatch(office):
        fail("--office: small letters, digits and _, a letter first", code=2)
    data = DataDir(data_dir)
    with _plainly():
        lake = read_lake(lake_file)
        folder = data.situation(choose_situation(data, situation))
        situation_read = settings.read_situation(folder)
        mapping = read_mapping(find_mapping(mapping_name, folder), situation_read)
        today = date.today()
        question = Question(today, today, situation_read.baseline, [(None, today)])
        rows = lake_writing.ArrivingRows(list_file, lake, office)
        with open_judged(rows, mapping, situation_read, question, data.build / "counting") as tally:
            mistakes = tally.read_mistakes()
            refuse_mistakes(rows.name, mistakes, mapping, lenient)
            with without_words():
                snapshot = lake_writing.write_office(tally.con, lake, office, wait, _tell)
    if as_json:
        print_json({**snapshot._asdict(), "mistakes": [vars(each) for each in mistakes]})
        return
    for each in mistakes:
        typer.echo(f"  {each}")
    typer.echo(f"{office}: snapshot {snapshot.number}, {snapshot.note}, read again")


@app.command()
def snapshots(lake_file: LakeFile, data_dir: DataFolder = DATA, as_json: AsJson = False) -> None:
    """List what was written, when and by which office. count reads any of it with --as-of."""
    with _reaching(lake_file, data_dir) as (lake, con):
        open_gate(con, lake)
        attach(con, lake)
        found = list_snapshots(con)
    if as_json:
        print_json([each._asdict() for each in found])
        return
    for each in found:
        _say(each)


@app.command()
def clean(
    lake_file: LakeFile,
    keep_since: Annotated[
        date | None,
        day_option("--keep-since", "Forget snapshots before this day (UTC)."),
    ] = None,
    wait: Wait = 600,
    data_dir: DataFolder = DATA,
) -> None:
    """Remove files that killed writers left and, with --keep-since, what only older snapshots hold."""
    with _reaching(lake_file, data_dir) as (lake, con):
        since = datetime.combine(keep_since, time(), UTC) if keep_since else None
        gone, files = lake_writing.clean(con, lake, since, wait, _tell)
    typer.echo(f"{count_of(gone, 'snapshot')} and {count_of(files, 'file')} removed")


@contextmanager
def _reaching(lake_file: Path, data_dir: Path) -> Iterator[tuple[Lake, duckdb.DuckDBPyConnection]]:
    """A lake, and a database in memory for work on it; whatever goes wrong is said plainly."""
    with _plainly():
        lake = read_lake(lake_file)
        with open_private_database(DataDir(data_dir).build / "counting") as con, without_words():
            yield lake, con


@contextmanager
def _plainly() -> Iterator[None]:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # what is left after a crash would hold rows
    try:
        with end_when_told():
            yield
    except (CountError, settings.SituationError) as error:
        fail(str(error))


def _say(snapshot: Snapshot) -> None:
    what = f"{snapshot.office}, {snapshot.note}" if snapshot.office else "made"
    typer.echo(f"{snapshot.number:6}  {snapshot.moment:%Y-%m-%dT%H:%M:%SZ}  {what}")


def _tell(message: str) -> None:
    typer.echo(message, err=True)
