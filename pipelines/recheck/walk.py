"""The walk through proposals in a terminal: yes, another verdict, skip or quit; each yes is kept at once."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final

import typer

from pipelines import verifications
from pipelines.recheck.judge import Proposal
from pipelines.recheck.proposals import reading
from pipelines.strict_rows import RowError
from pipelines.verifications import Verdict

_OTHER: Final = {
    "1": Verdict.STATES_IT,
    "2": Verdict.CARRIER_STATES_IT,
    "3": Verdict.STATES_SOMETHING_ELSE,
    "4": Verdict.DOES_NOT_STATE_IT,
    "5": Verdict.UNREACHABLE,
}
_ASK: Final = (
    "(y)es, (s)kip, (q)uit, or (1) states it (2) another carrier states it (3) states something else "
    "(4) does not state it (5) unreachable"
)


def walk(folder: Path, proposals: Sequence[Proposal], by: str, today: date) -> int:
    """Show each proposal and ask; returns how many readings were appended."""
    appended = 0
    for number, proposal in enumerate(proposals, start=1):
        show(proposal, f"{number} of {len(proposals)}")
        answer = ask(folder, proposal, by, today)
        if answer == "q":
            break
        appended += answer != "s"
    return appended


def ask(folder: Path, proposal: Proposal, by: str, today: date) -> str:
    """Ask until there is an answer that holds; returns its letter."""
    while True:
        answer = str(typer.prompt(_ASK)).strip().lower()[:1]
        if answer in ("s", "q"):
            return answer
        if answer != "y" and answer not in _OTHER:
            continue
        said = proposal if answer == "y" else _otherwise(proposal, _OTHER[answer])
        try:
            verifications.append(folder, [reading(said, by)], today)
        except RowError as error:
            typer.echo(f"  Not taken: {error}", err=True)
            continue
        return answer


def _otherwise(proposal: Proposal, verdict: Verdict) -> Proposal:
    """What a person says instead; where it was read is asked for where it cannot be the cited page."""
    said = replace(proposal, verdict=verdict, field=None, should_be=None)
    if verdict is Verdict.STATES_SOMETHING_ELSE:
        name, _, text = str(typer.prompt("field=what it should be")).partition("=")
        return replace(said, field=name.strip(), should_be=text.strip())
    if verdict is Verdict.CARRIER_STATES_IT:
        return replace(said, address=str(typer.prompt("address of that carrier")).strip(), sha256=None)
    return said


def show(proposal: Proposal, position: str) -> None:
    """One proposal: the figure, what is to be looked at, the verdict and its phrase."""
    claim = proposal.claim
    typer.echo(f"\n[{position}] {claim}")
    typer.echo(f"  {claim.url}, published {claim.published}")
    for look in proposal.look:
        typer.echo(f"  ! {look}")
    if proposal.phrase:
        typer.echo(f"  “{proposal.phrase}”")
    should_be = f": {proposal.field} should be {proposal.should_be}" if proposal.field else ""
    typer.echo(f"  proposed: {proposal.verdict}{should_be}")
