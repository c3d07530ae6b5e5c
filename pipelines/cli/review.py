"""`review`: a person's yes to the figures that wait, in the terminal or on a page of this machine."""

from datetime import date
from typing import Annotated

import typer

from pipelines.cli.build import run_build
from pipelines.cli.options import (
    DATA,
    AsJson,
    DataFolder,
    Situation,
    choose_own_situation,
    fail,
    print_json,
    refuse_personal,
)
from pipelines.core.model import Basis
from pipelines.core.paths import DataDir
from pipelines.intake.decisions import DecisionError, ReviewVerdict, parse_corrections
from pipelines.intake.review.web_page import serve
from pipelines.intake.review.worklist import WHEN, WaitingFigure, Worklist

KEYS = {"a": ReviewVerdict.ACCEPT, "c": ReviewVerdict.CORRECT, "r": ReviewVerdict.REJECT}


def walk_worklist(desk: Worklist, reviewer: str) -> int:
    """Show each waiting figure and ask; returns how many were decided, each on the disk at once."""
    decided = 0
    waiting = desk.waiting()
    for number, figure in enumerate(waiting, start=1):
        show_figure(figure, f"{number} of {len(waiting)}")
        if desk.needs_another(figure, reviewer):
            typer.echo("  You said yes already; a second, different reviewer has to look. Skipped.")
            continue
        word = ask_about_figure(desk, figure, reviewer)
        if word == "q":
            break
        decided += word != "s"
    return decided


def ask_about_figure(desk: Worklist, figure: WaitingFigure, reviewer: str) -> str:
    """Ask until there is an answer that holds; returns its letter."""
    while True:
        word = typer.prompt("(a)ccept, (c)orrect, (r)eject, (s)kip, (q)uit").strip().lower()[:1]
        if word in ("s", "q"):
            return str(word)
        if word not in KEYS:
            continue
        try:
            corrected = {}
            if KEYS[word] is ReviewVerdict.CORRECT:
                corrected = parse_corrections(typer.prompt("field=value, joined by |"))
            optional = KEYS[word] is ReviewVerdict.ACCEPT
            reason = typer.prompt("reason", default="" if optional else None, show_default=False)
            desk.decide(figure, KEYS[word], reviewer, reason, corrected)
        except DecisionError as error:
            typer.echo(f"  Not taken: {error}", err=True)
            continue
        return str(word)


def show_figure(figure: WaitingFigure, position: str) -> None:
    """One figure: its doubts first, then what it says, where, and what it would change."""
    claim = figure.claim
    typer.echo(f"\n[{position}] {claim['organisation']} · {claim['measure']} · {claim['breakdown']}")
    for doubt in figure.doubts:
        typer.echo(f"  ! {doubt.says}")
    high = f"-{claim['value_high']}" if claim["value_high"] is not None else ""
    since = f", since {claim['period_start']}" if claim["period_start"] else ""
    cut_off = f"as of {_format_day(claim['as_of'])}{_tell_cut_off(figure)}"
    typer.echo(f"  {claim['qualifier']} {claim['value']}{high}, {cut_off}{since}")
    typer.echo(f"  {claim['publisher']}, {_format_day(claim['published'])}: {claim['url'] or 'no address'}")
    typer.echo(f"  “{figure.sentence or claim['raw']}”")
    typer.echo(f"  {claim['file']}, {claim['place']}")
    if figure.reading.probability is not None:
        typer.echo(f"  probability {figure.reading.probability:.2f}, all fields together")
    for name, choices in figure.reading.choices.items():
        typer.echo(f"  {name}: {' · '.join(f'{value} {share:.2f}' for value, share in choices)}")
    for reader, said in figure.reading.answers.items():
        otherwise = ", ".join(f"{name} {value}" for name, value in said.items())
        typer.echo(f"  {reader} alone: {otherwise}")
    for reason in figure.reasons:
        typer.echo(f"  waits: {reason}")
    for each in figure.said:
        typer.echo(
            f"  {each['reviewer']} said {each['decision']} on {each['decided']}: {each['reason'] or ''}"
        )
    for change in figure.effect.changes:
        typer.echo(f"  would change: {change}")
    series = (f"{day} {'▸' + words + '◂' if new else words}" for day, words, new in figure.effect.series)
    typer.echo(f"  series: {' → '.join(series) or 'none yet'}")


def _tell_cut_off(figure: WaitingFigure) -> str:
    """Where the day comes from: the text's words, or the day of publication."""
    if figure.claim["as_of_basis"] == Basis.PUBLICATION_DATE:
        return " (day of publication)"
    words = figure.context.words(WHEN) if figure.context else None
    return f" (“{words}”)" if words else ""


def _format_day(day: date | None) -> str:
    return "an unknown day" if day is None else day.isoformat()


def review(
    data_dir: DataFolder = DATA,
    situation: Situation = None,
    reviewer: Annotated[
        str | None, typer.Option("--reviewer", help="Your name or initials; asked for by default.")
    ] = None,
    page: Annotated[
        bool, typer.Option("--page", help="A page in the browser of this machine instead.")
    ] = False,
    port: Annotated[
        int, typer.Option("--port", help="Of that page, on 127.0.0.1; 0 takes a free one.")
    ] = 8765,
    as_json: AsJson = False,
) -> None:
    """Accept, correct or reject what waits, warnings first; --json only lists it. Builds before and after."""
    refuse_personal(reviewer=reviewer)
    data = DataDir(data_dir)
    desk = Worklist(data, choose_own_situation(data, situation), date.today())
    run_build(data)
    if as_json:
        print_json([figure.as_json() for figure in desk.waiting()])
    elif page:
        serve(desk, port, rebuild=lambda: run_build(data).counts, reviewer=(reviewer or "").strip())
    else:
        _review_in_terminal(data, desk, reviewer)


def _review_in_terminal(data: DataDir, desk: Worklist, reviewer: str | None) -> None:
    waiting = len(desk.waiting())
    if not waiting:
        typer.echo("nothing waits")
        return
    name = (reviewer or typer.prompt("your name or initials")).strip()
    refuse_personal(reviewer=name)
    if not name:
        fail("a decision is signed: give --reviewer", code=2)
    decided = walk_worklist(desk, name)
    if decided:
        counts = ", ".join(f"{count} {state}" for state, count in sorted(run_build(data).counts.items()))
        typer.echo(
            f"\n{decided} decided, written to {desk.folder / 'decisions.csv'}; the build now has {counts}"
        )
    else:
        typer.echo("\nnothing decided")
