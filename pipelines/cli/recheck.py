"""`recheck`: read cited pages again, propose what each says of its figures; a person confirms."""

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

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
from pipelines.core.counted import count_of
from pipelines.core.paths import DataDir
from pipelines.intake.recheck.proposals import make_reading
from pipelines.intake.recheck.verdicts import Proposal
from pipelines.sheets import verifications
from pipelines.sheets.strict_rows import RowError
from pipelines.sheets.verifications import ReadingVerdict

if TYPE_CHECKING:
    from pipelines.intake.recheck.cited_claims import CitedClaim
    from pipelines.intake.recheck.cited_pages import CitedPage

_OTHER: Final = {
    "1": ReadingVerdict.STATES_IT,
    "2": ReadingVerdict.CARRIER_STATES_IT,
    "3": ReadingVerdict.STATES_SOMETHING_ELSE,
    "4": ReadingVerdict.DOES_NOT_STATE_IT,
    "5": ReadingVerdict.UNREACHABLE,
}
_ASK: Final = (
    "(y)es, (s)kip, (q)uit, or (1) states it (2) another carrier states it (3) states something else "
    "(4) does not state it (5) unreachable"
)


def walk_proposals(folder: Path, proposals: Sequence[Proposal], by: str, today: date) -> int:
    """Show each proposal and ask; returns how many readings were appended."""
    appended = 0
    for number, proposal in enumerate(proposals, start=1):
        show_proposal(proposal, f"{number} of {len(proposals)}")
        answer = ask_about_proposal(folder, proposal, by, today)
        if answer == "q":
            break
        appended += answer != "s"
    return appended


def ask_about_proposal(folder: Path, proposal: Proposal, by: str, today: date) -> str:
    """Ask until there is an answer that holds; returns its letter."""
    while True:
        answer = str(typer.prompt(_ASK)).strip().lower()[:1]
        if answer in ("s", "q"):
            return answer
        if answer != "y" and answer not in _OTHER:
            continue
        said = proposal if answer == "y" else _replace_verdict(proposal, _OTHER[answer])
        try:
            verifications.append(folder, [make_reading(said, by)], today)
        except RowError as error:
            typer.echo(f"  Not taken: {error}", err=True)
            continue
        return answer


def _replace_verdict(proposal: Proposal, verdict: ReadingVerdict) -> Proposal:
    """What a person says instead; where it was read is asked for where it cannot be the cited page."""
    said = replace(proposal, verdict=verdict, field=None, should_be=None)
    if verdict is ReadingVerdict.STATES_SOMETHING_ELSE:
        name, _, text = str(typer.prompt("field=what it should be")).partition("=")
        return replace(said, field=name.strip(), should_be=text.strip())
    if verdict is ReadingVerdict.CARRIER_STATES_IT:
        return replace(said, address=str(typer.prompt("address of that carrier")).strip(), sha256=None)
    return said


def show_proposal(proposal: Proposal, position: str) -> None:
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


UNREAD: Final = 3  # some pages could not be read


def recheck(
    data_dir: DataFolder = DATA,
    situation: Situation = None,
    claim: Annotated[
        list[str] | None, typer.Option("--claim", help="Only this figure: its id, or how its id begins.")
    ] = None,
    every: Annotated[
        bool,
        typer.Option("--all/--unread", help="Every figure, or those that nobody could read again yet."),
    ] = False,
    saved: Annotated[
        Path | None, typer.Option("--from", help="A folder of saved pages; nothing else is read.")
    ] = None,
    by: Annotated[
        str | None,
        typer.Option("--by", help="Your initials or role: asks about each proposal, and appends your yes."),
    ] = None,
    accept_file: Annotated[
        Path | None,
        typer.Option("--accept-file", help="Append what a person confirmed in a file of proposals."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Read cited pages again. Ends with 3 where a page could not be read, with 2 on a wrong option."""
    refuse_personal(by=by)
    data = DataDir(data_dir)
    name = choose_own_situation(data, situation)
    if accept_file is not None:
        _accept(data, name, accept_file, by)
        return
    if by is not None and as_json:
        fail("--json asks nothing: leave --by out, and confirm with --accept-file", code=2)
    _recheck(data, name, claim or [], every, saved, by, as_json)


def _recheck(
    data: DataDir,
    name: str,
    ids: Sequence[str],
    every: bool,
    saved: Path | None,
    by: str | None,
    as_json: bool,
) -> None:
    from pipelines.cli.collect import note_documents
    from pipelines.core.situation import list_known_names, read_organisations, read_situation
    from pipelines.intake.recheck import cited_pages, proposals, verdicts
    from pipelines.intake.recheck.cited_claims import UnknownClaimError, choose, read_claims

    run_build(data)
    today, folder = date.today(), data.situation(name)
    try:
        chosen = choose(read_claims(data, name, today), ids, every=every)
    except UnknownClaimError as error:
        fail(str(error), code=2)
    by_address: dict[str, list[CitedClaim]] = {}
    for each in chosen:
        if each.url and each.value is not None:
            by_address.setdefault(each.url, []).append(each)
    settings = cited_pages.Settings(read_situation(folder), read_organisations(folder))
    known = list_known_names(settings.situation, settings.organisations)
    pages = _find_pages(folder, list(by_address), saved, today)
    found = [
        proposal
        for address, claims in by_address.items()
        for proposal in verdicts.propose(claims, pages[address], settings, known, today)
    ]
    path = proposals.write_proposals(folder, found)
    if saved is None:
        note_documents(data, name)
    waits = sum(page.waits for page in pages.values())
    by_hand = len(chosen) - sum(len(claims) for claims in by_address.values())
    if as_json:
        print_json([{**proposals.make_reading(each, by=""), **_describe_proposal(each)} for each in found])
    else:
        _say_outcome(found, waits, by_hand, path)
    if by is not None and found:
        appended = walk_proposals(folder, found, by, today)
        typer.echo(f"\n{count_of(appended, 'reading')} appended to {folder / 'verifications.csv'}")
        if appended:
            run_build(data)
    if waits or any(page.problem for page in pages.values()):
        raise typer.Exit(UNREAD)


def _find_pages(
    folder: Path, addresses: Sequence[str], saved: Path | None, today: date
) -> dict[str, "CitedPage"]:
    """Each address with its page: from the saved pages alone where those are named, else kept or fetched."""
    from pipelines.core.situation import SituationError
    from pipelines.intake.crawler.crawl_state import CollectError
    from pipelines.intake.inbox import QueueError
    from pipelines.intake.recheck.cited_pages import CitedPage, KeptPages, SavedPages

    if saved is not None and not saved.is_dir():
        fail(f"{saved}: there is no such folder", code=2)
    try:
        source = SavedPages(saved) if saved is not None else KeptPages(folder)
        pages = {address: page for address in addresses if (page := source.find(address))}
        missing = [address for address in addresses if address not in pages]
        if saved is not None:
            return pages | {each: CitedPage(each, problem="it is not in the folder") for each in missing}
        return pages | (_fetch(folder, missing, today) if missing else {})
    except SituationError as error:
        fail(str(error), code=2)
    except (CollectError, QueueError) as error:
        fail(str(error))


def _fetch(folder: Path, addresses: Sequence[str], today: date) -> dict[str, "CitedPage"]:
    from pipelines.cli.collect import ALLOW_PRIVATE
    from pipelines.intake.crawler.polite_client import Outside
    from pipelines.intake.recheck.cited_pages import fetch_pages

    outside = Outside(allow_private=os.environ.get(ALLOW_PRIVATE) == "1")
    return fetch_pages(folder, addresses, today, outside, lambda host: typer.echo(f"asking {host}", err=True))


def _accept(data: DataDir, name: str, path: Path, by: str | None) -> None:
    """Append what a person confirmed in a file. Exits with 2 where it is wrong; then nothing is appended."""
    from pipelines.intake.recheck.cited_claims import read_claims
    from pipelines.intake.recheck.proposals import accept
    from pipelines.sheets.strict_rows import RowError

    if not by:
        fail("a reading is signed: give --by, your initials or role", code=2)
    run_build(data)
    folder, today = data.situation(name), date.today()
    try:
        appended, known = accept(folder, path, by, read_claims(data, name, today), today)
    except RowError as error:
        fail(f"{error}\nNothing was appended.", code=2)
    again = f"; {known} stood there already" if known else ""
    typer.echo(f"{count_of(appended, 'reading')} appended to {folder / 'verifications.csv'}{again}")
    run_build(data)


def _say_outcome(found: Sequence["Proposal"], waits: int, by_hand: int, path: Path) -> None:
    """How many of each verdict, and what a person does next. No address is printed."""
    for verdict, count in Counter(each.verdict.value for each in found).most_common():
        look = sum(each.verdict == verdict and bool(each.look) for each in found)
        typer.echo(f"{count:6} {verdict}{f', {look} to look at' if look else ''}")
    for line in _list_reasons(found):
        typer.echo(f"       {line}")
    if waits:
        wait = (
            "page waits for a later run: its host was"
            if waits == 1
            else ("pages wait for a later run: their hosts were")
        )
        typer.echo(f"{waits:6} {wait} asked enough")
    if by_hand:
        cite = (
            "figure cites no address, or holds no value here: read it"
            if by_hand == 1
            else ("figures cite no address, or hold no value here: read them")
        )
        typer.echo(f"{by_hand:6} {cite} by hand")
    if found:
        typer.echo(
            f"proposed, not confirmed: {path}\n"
            "Confirm one by one with --by INITIALS, or write `yes` into its column `confirmed` and give it "
            "back with --accept-file"
        )
    elif not waits and not by_hand:
        typer.echo("nothing to read again")


def _list_reasons(found: Sequence["Proposal"]) -> Iterator[str]:
    """Why pages could not be read, each reason once."""
    reasons = Counter(look for each in found if each.verdict == "unreachable" for look in each.look)
    for reason, count in reasons.most_common():
        yield f"{count} unreachable: {reason}"


def _describe_proposal(proposal: "Proposal") -> dict[str, Any]:
    return {"claim_id": proposal.claim.claim_id, "phrase": proposal.phrase, "look": list(proposal.look)}
