"""`recheck`: read cited pages again and propose what each says of its figures; a person confirms."""

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from pipelines.commands.build import run
from pipelines.commands.options import (
    DATA,
    AsJson,
    DataFolder,
    Situation,
    default_situation,
    fail,
    print_json,
)
from pipelines.paths import DataDir

if TYPE_CHECKING:
    from pipelines.recheck.claims import Claim
    from pipelines.recheck.judge import Proposal
    from pipelines.recheck.pages import Page

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
    data = DataDir(data_dir)
    name = default_situation(data, situation)
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
    from pipelines.prose import known_names  # loaded here: other commands need none of the readers
    from pipelines.recheck import judge, proposals, text, walk
    from pipelines.recheck.claims import UnknownClaimError, choose, read_claims
    from pipelines.situation import read_organisations, read_situation

    run(data)
    today, folder = date.today(), data.situation(name)
    try:
        chosen = choose(read_claims(data, name, today), ids, every=every)
    except UnknownClaimError as error:
        fail(str(error), code=2)
    by_address: dict[str, list[Claim]] = {}
    for each in chosen:
        if each.url and each.value is not None:
            by_address.setdefault(each.url, []).append(each)
    settings = text.Settings(read_situation(folder), read_organisations(folder))
    known = known_names(settings.situation, settings.organisations)
    pages = _pages(folder, list(by_address), saved, today)
    found = [
        proposal
        for address, claims in by_address.items()
        for proposal in judge.propose(claims, pages[address], settings, known, today)
    ]
    path = proposals.write_proposals(folder, found)
    waits = sum(page.waits for page in pages.values())
    by_hand = len(chosen) - sum(len(claims) for claims in by_address.values())
    if as_json:
        print_json([{**proposals.reading(each, by=""), **_told(each)} for each in found])
    else:
        _say(found, waits, by_hand, path)
    if by is not None and found:
        appended = walk.walk(folder, found, by, today)
        typer.echo(f"\n{appended} readings appended to {folder / 'verifications.csv'}")
        if appended:
            run(data)
    if waits or any(page.problem for page in pages.values()):
        raise typer.Exit(UNREAD)


def _pages(folder: Path, addresses: Sequence[str], saved: Path | None, today: date) -> dict[str, "Page"]:
    """Each address with its page: from the saved pages alone where those are named, else kept or fetched."""
    from pipelines.collect.errors import CollectError
    from pipelines.queue import QueueError
    from pipelines.recheck.pages import KeptPages, Page, SavedPages
    from pipelines.situation import SituationError

    if saved is not None and not saved.is_dir():
        fail(f"{saved}: there is no such folder", code=2)
    try:
        source = SavedPages(saved) if saved is not None else KeptPages(folder)
        pages = {address: page for address in addresses if (page := source.find(address))}
        missing = [address for address in addresses if address not in pages]
        if saved is not None:
            return pages | {each: Page(each, problem="it is not in the folder") for each in missing}
        return pages | (_fetch(folder, missing, today) if missing else {})
    except SituationError as error:
        fail(str(error), code=2)
    except (CollectError, QueueError) as error:
        fail(str(error))


def _fetch(folder: Path, addresses: Sequence[str], today: date) -> dict[str, "Page"]:
    from pipelines.collect import Outside
    from pipelines.commands.collect import ALLOW_PRIVATE
    from pipelines.recheck.fetching import fetch_pages

    outside = Outside(allow_private=os.environ.get(ALLOW_PRIVATE) == "1")
    return fetch_pages(folder, addresses, today, outside, lambda host: typer.echo(f"asking {host}", err=True))


def _accept(data: DataDir, name: str, path: Path, by: str | None) -> None:
    """Append what a person confirmed in a file. Exits with 2 where it is wrong; then nothing is appended."""
    from pipelines.recheck.claims import read_claims
    from pipelines.recheck.proposals import accept
    from pipelines.strict_rows import RowError

    if not by:
        fail("a reading is signed: give --by, your initials or role", code=2)
    run(data)
    folder, today = data.situation(name), date.today()
    try:
        appended, known = accept(folder, path, by, read_claims(data, name, today), today)
    except RowError as error:
        fail(f"{error}\nNothing was appended.", code=2)
    again = f"; {known} stood there already" if known else ""
    typer.echo(f"{appended} readings appended to {folder / 'verifications.csv'}{again}")
    run(data)


def _say(found: Sequence["Proposal"], waits: int, by_hand: int, path: Path) -> None:
    """How many of each verdict, and what a person does next. No address is printed."""
    for verdict, count in Counter(each.verdict.value for each in found).most_common():
        look = sum(each.verdict == verdict and bool(each.look) for each in found)
        typer.echo(f"{count:6} {verdict}{f', {look} to look at' if look else ''}")
    for line in _why(found):
        typer.echo(f"       {line}")
    if waits:
        typer.echo(f"{waits:6} pages wait for a later run: their hosts were asked enough")
    if by_hand:
        typer.echo(f"{by_hand:6} figures cite no address, or hold no value here: read them by hand")
    if found:
        typer.echo(
            f"proposed, not confirmed: {path}\n"
            "Confirm one by one with --by INITIALS, or write `yes` into its column `confirmed` and give it "
            "back with --accept-file"
        )
    elif not waits and not by_hand:
        typer.echo("nothing to read again")


def _why(found: Sequence["Proposal"]) -> Iterator[str]:
    """Why pages could not be read, each reason once."""
    reasons = Counter(look for each in found if each.verdict == "unreachable" for look in each.look)
    for reason, count in reasons.most_common():
        yield f"{count} unreachable: {reason}"


def _told(proposal: "Proposal") -> dict[str, Any]:
    return {"claim_id": proposal.claim.claim_id, "phrase": proposal.phrase, "look": list(proposal.look)}
