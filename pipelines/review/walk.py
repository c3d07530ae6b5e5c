"""The walk through what waits in a terminal: accept, correct, reject, skip or quit."""

from datetime import date

import typer

from pipelines.decisions import DecisionError, Verdict, parse_corrections
from pipelines.review.desk import Desk, Waiting

KEYS = {"a": Verdict.ACCEPT, "c": Verdict.CORRECT, "r": Verdict.REJECT}


def walk(desk: Desk, reviewer: str) -> int:
    """Show each waiting figure and ask; returns how many were decided, each on the disk at once."""
    decided = 0
    waiting = desk.waiting()
    for number, figure in enumerate(waiting, start=1):
        show(figure, f"{number} of {len(waiting)}")
        if desk.needs_another(figure, reviewer):
            typer.echo("  You said yes already; a second, different reviewer has to look. Skipped.")
            continue
        word = ask(desk, figure, reviewer)
        if word == "q":
            break
        decided += word != "s"
    return decided


def ask(desk: Desk, figure: Waiting, reviewer: str) -> str:
    """Ask until there is an answer that holds; returns its letter."""
    while True:
        word = typer.prompt("(a)ccept, (c)orrect, (r)eject, (s)kip, (q)uit").strip().lower()[:1]
        if word in ("s", "q"):
            return str(word)
        if word not in KEYS:
            continue
        try:
            corrected = {}
            if KEYS[word] is Verdict.CORRECT:
                corrected = parse_corrections(typer.prompt("field=value, joined by |"))
            optional = KEYS[word] is Verdict.ACCEPT
            reason = typer.prompt("reason", default="" if optional else None, show_default=False)
            desk.decide(figure, KEYS[word], reviewer, reason, corrected)
        except DecisionError as error:
            typer.echo(f"  Not taken: {error}", err=True)
            continue
        return str(word)


def show(figure: Waiting, position: str) -> None:
    """One figure: its doubts first, then what it says, where, and what it would change."""
    claim = figure.claim
    typer.echo(f"\n[{position}] {claim['organisation']} · {claim['measure']} · {claim['breakdown']}")
    for doubt in figure.doubts:
        typer.echo(f"  ! {doubt.says}")
    high = f"-{claim['value_high']}" if claim["value_high"] is not None else ""
    since = f", since {claim['period_start']}" if claim["period_start"] else ""
    typer.echo(f"  {claim['qualifier']} {claim['value']}{high}, as of {_day(claim['as_of'])}{since}")
    typer.echo(f"  {claim['publisher']}, {_day(claim['published'])}: {claim['url'] or 'no address'}")
    typer.echo(f"  “{figure.sentence or claim['raw']}”")
    typer.echo(f"  {claim['file']}, {claim['place']}")
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


def _day(day: date | None) -> str:
    return "an unknown day" if day is None else day.isoformat()
