"""`questions`: what readers asked, as a maintainer writes it down, and the answers."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Final

import polars as pl
import typer

from pipelines.cli.options import (
    DATA,
    AsJson,
    DataFolder,
    Situation,
    choose_own_situation,
    choose_situations,
    fail,
    print_json,
    refuse_personal,
    refuse_unknown,
)
from pipelines.core import shown_names
from pipelines.core.model import QuestionState
from pipelines.core.paths import DataDir
from pipelines.core.situation import list_known_names, read_organisations, read_situation
from pipelines.sheets import questions as question_file
from pipelines.sheets.strict_rows import RowError
from pipelines.warehouse import published_build, snapshots
from pipelines.warehouse.published_build import NoBuildError, read_query

questions: Final = typer.Typer(
    no_args_is_help=True,
    help="What readers asked: write a question down, list them, answer one. Nothing says who asked.",
)


class Answer(StrEnum):
    """What becomes of a question."""

    CORRECTED = QuestionState.CORRECTED.value
    STANDS = QuestionState.STANDS.value


English = Annotated[str | None, typer.Option("--en", help="The same in English.")]
Portuguese = Annotated[str | None, typer.Option("--pt", help="The same in Portuguese.")]
Day = Annotated[str | None, typer.Option("--day", help="The day, YYYY-MM-DD; today without it.")]


@questions.command()
def add(
    question: Annotated[str, typer.Argument(help="What was asked, in Spanish and in your own words.")],
    data_dir: DataFolder = DATA,
    situation: Situation = None,
    figure: Annotated[
        str | None, typer.Option("--figure", help="The figure's id, as the reader has it.")
    ] = None,
    build: Annotated[
        str | None, typer.Option("--build", help="The build that showed it; else today's.")
    ] = None,
    chart: Annotated[str | None, typer.Option("--chart", help="Instead of a figure: a chart's name.")] = None,
    page: Annotated[str | None, typer.Option("--page", help="Instead of a figure: a page's name.")] = None,
    en: English = None,
    pt: Portuguese = None,
    day: Day = None,
) -> None:
    """Write down what a reader asked of a figure, a chart or a page; it is open from then on."""
    refuse_personal(question=question, en=en, pt=pt, chart=chart, page=page)
    if sum(each is not None for each in (figure, chart, page)) != 1:
        fail("a question is about one of --figure, --chart and --page", code=2)
    if build is not None and figure is None:
        fail("--build belongs to --figure", code=2)
    data = DataDir(data_dir)
    choose_situations(data, situation)
    if figure is not None:
        build, situation = _find_figure(data, figure, build, situation)
    name = choose_own_situation(data, situation)
    told = {"question_es": question, "question_en": en, "question_pt": pt}
    _refuse_names(data, name, told)
    _refuse_unknown(data, name, chart, page)
    about = {"figure_id": figure, "build_id": build, "chart": chart, "page": page}
    try:
        number = question_file.ask(
            data.situation(name), date.today(), asked=day or date.today(), **about, **told
        )
    except RowError as error:
        fail(f"{error}\nNothing was written.", code=2)
    typer.echo(f"question {number} is in {data.situation(name) / question_file.FILE}; build to show it")


@questions.command("list")
def list_questions(
    data_dir: DataFolder = DATA,
    situation: Situation = None,
    only_open: Annotated[bool, typer.Option("--open", help="Only those that nobody answered yet.")] = False,
    as_json: AsJson = False,
) -> None:
    """List what was asked, oldest first, with the answer that counts."""
    data = DataDir(data_dir)
    found = [
        {"situation": name, **row}
        for name in choose_situations(data, situation)
        for row in _list_told(question_file.read_questions(data.situation(name), date.today()))
        if not (only_open and row["state"] != QuestionState.OPEN)
    ]
    if as_json:
        print_json(found)
        return
    for row in found:
        of = next(f"{name.removesuffix('_id')} {row[name]}" for name in question_file.ABOUT if row[name])
        typer.echo(f"{row['situation']} {row['question_id']}: {row['state']}, {of}, asked {row['asked']}")
        typer.echo(f"  {row['question_es']}")
        if row["answered"]:
            link = f" ({row['link']})" if row["link"] else ""
            typer.echo(f"  {row['answered']}: {row['reason_es']}{link}")
    if not found:
        typer.echo("no open questions" if only_open else "no questions")


@questions.command()
def answer(
    number: Annotated[int, typer.Argument(help="The question's number, as `questions list` says it.")],
    state: Annotated[Answer, typer.Argument(help="The figure was corrected, or it stands.")],
    because: Annotated[str, typer.Option("--because", help="Why, in Spanish.")],
    data_dir: DataFolder = DATA,
    situation: Situation = None,
    link: Annotated[str | None, typer.Option("--link", help="Where that can be read.")] = None,
    en: English = None,
    pt: Portuguese = None,
    day: Day = None,
) -> None:
    """Answer a question. A later answer to the same one counts in the place of this."""
    refuse_personal(because=because, en=en, pt=pt, link=link)
    data = DataDir(data_dir)
    name = choose_own_situation(data, situation)
    told = {"reason_es": because, "reason_en": en, "reason_pt": pt}
    _refuse_names(data, name, told)
    answered = day or date.today()
    try:
        question_file.answer(
            data.situation(name), date.today(),
            question_id=number, state=state, answered=answered, link=link, **told,
        )  # fmt: skip
    except RowError as error:
        fail(f"{error}\nNothing was written.", code=2)
    typer.echo(
        f"question {number}: {state}, in {data.situation(name) / question_file.FILE}; build to show it"
    )


def _find_figure(data: DataDir, figure: str, build: str | None, situation: str | None) -> tuple[str, str]:
    """The build that showed a figure, and its situation. Exits with 2 where none of that id was shown."""
    asked = figure.strip().lower()
    try:
        current = published_build.find_current(data)
    except NoBuildError as error:
        fail(f"{error}; build first: an id is looked up in a build", code=2)
    build = build or current.id
    try:
        homes = set(snapshots.read_figure(data, build, asked).to_dict(as_series=False).get("situation", []))
    except snapshots.UnknownBuildError:
        if build != current.id:
            fail("no such build is known here; give the one that the reader's text names", code=2)
        homes = set()
    if not homes and build == current.id:
        with published_build.connect(current) as con:
            rows = con.execute(read_query("figure_situations"), {"figure": asked}).fetchall()
        homes = {home for (home,) in rows}
    if not homes:
        fail(f"build {build} had no figure of this id; copy it from the figure's page", code=2)
    if situation is not None and situation not in homes:
        fail(f"this figure is of {', '.join(sorted(homes))}, not of {situation}", code=2)
    return build, situation or min(homes)


def _refuse_unknown(data: DataDir, situation: str, chart: str | None, page: str | None) -> None:
    """Exit with 2 where no chart or page of this name is shown: the answer would stand on nothing."""
    organisations = [each.id for each in read_organisations(data.situation(situation))]
    if chart is not None and not shown_names.is_chart(chart, organisations):
        refuse_unknown("chart", chart, shown_names.CHARTS)
    if page is not None and not shown_names.is_page(page):
        refuse_unknown("page", page, sorted({*shown_names.PAGES, *shown_names.SITE_PAGES}))


def _list_told(rows: pl.DataFrame) -> list[dict[str, Any]]:
    """Each question with the answer that counts: the latest, of one day the last."""
    answers: dict[int, Mapping[str, Any]] = {}
    later = rows.filter(pl.col("state") != QuestionState.OPEN).sort("answered", "position")
    for row in later.to_dicts():
        answers[row["question_id"]] = row
    told = ("state", "answered", "reason_es", "reason_en", "reason_pt", "link")
    return [
        {
            name: (answers.get(row["question_id"], row) if name in told else row)[name]
            for name in question_file.COLUMNS
        }
        for row in rows.filter(pl.col("state") == QuestionState.OPEN).to_dicts()
    ]


def _refuse_names(data: DataDir, name: str, told: Mapping[str, str | None]) -> None:
    """Exit with 2 where a text may name a person who is on no list: strangers wrote what it is told after."""
    from pipelines.intake.prose.name_masking import count_texts_with_names

    folder = data.situation(name)
    known = list_known_names(read_situation(folder), read_organisations(folder))
    if count_texts_with_names(filter(None, told.values()), known):
        fail(
            "this may name a person. Leave the name out; one that is nobody's secret goes into public_names "
            f"of {folder / 'situation.toml'} (docs/privacy.md).\nNothing was written.",
            code=2,
        )
