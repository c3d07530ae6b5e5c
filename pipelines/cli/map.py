"""`map`: what tables a workbook holds, and what a mapping makes of them."""

from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.options import DATA, DataFolder, Situation, choose_situation, fail
from pipelines.core.counted import count_of
from pipelines.core.paths import DataDir
from pipelines.core.privacy import mask_message
from pipelines.intake.files.file_kind import FileKind, find_kind
from pipelines.intake.mappings.column_labels import MappedFigure
from pipelines.intake.mappings.mapped_rows import collect_figures
from pipelines.intake.mappings.mapping_file import Mapping, MappingError, read_mapping
from pipelines.intake.mappings.recognition import list_mappings, recognise
from pipelines.intake.mappings.table_survey import SeenTable, draft_mapping, list_unexplained, survey
from pipelines.sheets.raw_table import FAILURES, explain_failure


def map_file(
    file: Annotated[Path, typer.Argument(help="A publisher's workbook (XLSX).")],
    data_dir: DataFolder = DATA,
    situation: Situation = None,
    mapping: Annotated[
        str | None,
        typer.Option("--mapping", help="A mapping of the situation, or the path of one being written."),
    ] = None,
) -> None:
    """Show the tables of a workbook, try a mapping on it or draft one, and print what it does not explain."""
    try:
        if find_kind(file) is not FileKind.XLSX:
            fail(f"{file}: tables are drafted from XLSX; this is {find_kind(file)}")
        tables = survey(file)
    except FAILURES as error:
        if isinstance(error, typer.Exit):
            raise
        fail(explain_failure(error, file, str(file)))
    for table in tables:
        _say_table(table)
    data = DataDir(data_dir)
    folder = data.situation(choose_situation(data, situation))
    chosen = _choose_mapping(file, folder, mapping)
    if chosen is None:
        typer.echo(
            f"\nNo mapping of {folder.name} reads it. A draft; write it to a file, complete every TODO,"
        )
        typer.echo("leave out or refuse what is no figure, and try it: map FILE --mapping DRAFT.toml\n")
        typer.echo(mask_message(draft_mapping(tables)))
        raise typer.Exit(1)
    try:
        known = read_mapping(chosen)
        figures = collect_figures(known, file)
    except MappingError as error:
        fail(str(error))
    _say_figures(chosen, known, figures, tables)


def _choose_mapping(file: Path, folder: Path, mapping: str | None) -> Path | None:
    """The mapping that is named, or the one of the situation that fits; None where none does."""
    if mapping is not None:
        named = folder / "mappings" / f"{mapping}.toml"
        return named if named.is_file() else Path(mapping)
    found = recognise(file, folder, list_mappings(folder))
    for name, reason in found.refusals.items():
        typer.echo(mask_message(f"{name} does not read it: {reason}"))
    return folder / "mappings" / f"{found.fitting[0]}.toml" if found.fitting else None


def _say_table(table: SeenTable) -> None:
    hidden = " (hidden)" if table.hidden else ""
    headers = " | ".join(header for header in table.headers if header)
    typer.echo(mask_message(f"{table.sheet}{hidden} {table.place}: {table.heading or 'no heading'}"))
    typer.echo(mask_message(f"    {headers}"))


def _say_figures(
    chosen: Path, mapping: Mapping, figures: list[MappedFigure], tables: list[SeenTable]
) -> None:
    typer.echo(f"\n{chosen.name}:")
    for figure in figures:
        said, amount = figure.said, figure.amount
        if figure.faults or amount is None:
            typer.echo(mask_message(f"  not taken: {figure.place}: {'; '.join(figure.faults)}"))
            continue
        parts = ";".join(said.get("breakdown") or ()) or "total"
        begins = f"{said['window']} to " if "window" in said else ""
        hedge = f"{amount.qualifier} " if amount.qualifier else ""
        waits = f" (waits: {'; '.join(figure.doubts)})" if figure.doubts else ""
        typer.echo(
            mask_message(
                f"  {said.get('measure')} {parts}: {hedge}{amount.value}, {begins}{said.get('as_of')}; "
                f"{figure.place}{waits}"
            )
        )
    unexplained = list_unexplained(mapping, tables, [figure.place for figure in figures])
    taken = sum(not figure.faults for figure in figures)
    of = f"{len(unexplained)} of {count_of(len(tables), 'table')}"
    typer.echo(f"{count_of(taken, 'figure')}; {of} unexplained")
    for table in unexplained:
        typer.echo(
            mask_message(f"  unexplained: {table.sheet} {table.place}: {table.heading or 'no heading'}")
        )
