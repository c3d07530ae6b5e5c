"""`count`: from a private list of stays to the bulletin that it says, as a transcription sheet."""

import resource
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final, TypeVar

import msgspec
import polars as pl
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
)
from pipelines.core import situation as settings
from pipelines.core.counted import count_of
from pipelines.core.model import Qualifier
from pipelines.core.paths import DataDir
from pipelines.core.private_files import write_for_caller
from pipelines.stays import bulletin, gate, survival
from pipelines.stays.lake import SUFFIX, LakeRows
from pipelines.stays.list_file import ListFile
from pipelines.stays.mapping import CountError, Fault, Grain, HeadCount, Mapping, find_mapping, read_mapping
from pipelines.stays.mistakes import Mistake, refuse_mistakes
from pipelines.stays.tally import Question, Rows, Tally, open_tally
from pipelines.warehouse.disclosure.attack import DisclosureError

T = TypeVar("T")
SHOWN: Final = 60  # cells that are printed; the sheet has them all
ASSUMED: Final = {
    Fault.PERSON_MISSING: "left out",
    Fault.ENTRY_UNREAD: "left out: no entry, or not a day",
    Fault.ENTRY_IN_FUTURE: "left out",
    Fault.EXIT_UNREAD: "left out: an exit that is not a day",
    Fault.EXIT_IN_FUTURE: "counted as still held",
    Fault.EXIT_BEFORE_ENTRY: "left out",
    Fault.EXIT_UNDATED: "left out: how it ended is said, but not when",
    Fault.EXIT_UNEXPLAINED: "left, and no release, unless another row with that exit says how",
    Fault.TWICE: "counted once",
    Fault.OVERLAPPING: "counted as one stay, from the first entry to the last exit",
    Fault.EXIT_MISSING: "the stay before has no exit: counted as one stay with this, which ends it",
    Fault.UNKNOWN_CODE: "counted in the totals and in no part; an exit of an unknown kind as no release",
    Fault.IMPLAUSIBLE_AGE: "counted in no age group",
}


class Series(StrEnum):
    """How often a series has a head count."""

    WEEK = "week"
    DAY = "day"


def count(
    list_file: Annotated[
        Path, typer.Argument(metavar="LIST", help="The list: CSV, XLSX, Parquet; or a lake's settings.")
    ],
    mapping: Annotated[
        str,
        typer.Option("--mapping", help="What its columns mean: a file, or a name in the situation's stays/."),
    ],
    cut: Annotated[date, day_option("--cut", "The day that is counted.")],
    since: Annotated[
        date | None,
        day_option("--since", "The cut of the last bulletin: entries, exits since."),
    ] = None,
    data_dir: DataFolder = DATA,
    situation: Situation = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="The sheet; ORGANISATION-CUT.csv here by default.")
    ] = None,
    lenient: Annotated[
        bool, typer.Option("--lenient", help="Count although the list has mistakes, as docs/count.md says.")
    ] = False,
    head_count: Annotated[
        HeadCount | None,
        typer.Option("--head-count", help="Held at the end of the day, or at any time of it."),
    ] = None,
    gap_hours: Annotated[
        int | None, typer.Option("--gap-hours", min=0, help="Placements this close are one stay.")
    ] = None,
    series: Annotated[
        Series | None, typer.Option("--series", help="Every week or day up to the cut.")
    ] = None,
    first: Annotated[
        date | None,
        day_option("--from", "The first day of the series; the baseline by default."),
    ] = None,
    stay_length: Annotated[
        bool, typer.Option("--stay-length", help="How long people are held, too.")
    ] = False,
    published: Annotated[
        date | None,
        day_option("--published", "When the bulletin came out; today by default."),
    ] = None,
    url: Annotated[
        str | None, typer.Option("--url", help="Where the bulletin can be read; stands in every row.")
    ] = None,
    check: Annotated[
        Path | None, typer.Option("--check", help="Write nothing; compare with this transcription sheet.")
    ] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="Of a lake: the number of a snapshot, a day or a moment.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Count a private list of stays, and write what a bulletin says. Nobody on it is stored or named."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # what is left after a crash would hold rows
    try:
        with end_when_told():
            days = (cut, since, series, first)
            result = _count(
                _find_rows(list_file, as_of), mapping, DataDir(data_dir), situation, out, lenient, head_count,
                gap_hours, check, stay_length, days, (published, url),
            )  # fmt: skip
    except (CountError, DisclosureError, settings.SituationError) as error:
        fail(str(error))
    if as_json:
        print_json(result)
    else:
        _say(result)
    if any(cell["outcome"] == "differs" for cell in result["check"] or ()):
        raise typer.Exit(1)


Days = tuple[date, date | None, Series | None, date | None]
Issue = tuple[date | None, str | None]  # when the bulletin came out, and its address


def _find_rows(path: Path, as_of: str | None) -> Rows:
    if path.suffix == SUFFIX:
        return LakeRows(path, as_of)
    if as_of is not None:
        raise CountError("--as-of: only a lake has snapshots")
    return ListFile(path)


def _count(
    rows: Rows,
    mapping_name: str,
    data: DataDir,
    situation_name: str | None,
    out: Path | None,
    lenient: bool,
    head_count: HeadCount | None,
    gap_hours: int | None,
    check: Path | None,
    stay_length: bool,
    days: Days,
    issue: Issue,
) -> dict[str, Any]:
    folder = data.situation(choose_situation(data, situation_name))
    situation, organisations = settings.read_situation(folder), settings.read_organisations(folder)
    mapping = read_mapping(find_mapping(mapping_name, folder), situation)
    mapping = _override(mapping, head_count=head_count, gap_hours=gap_hours)
    organisation = next((each for each in organisations if each.id == mapping.organisation), None)
    if organisation is None:
        raise CountError(f"organisation {mapping.organisation}: not in {situation.id}/organisations.toml")
    today = date.today()
    question = _make_question(days, situation.baseline, today)
    published, url = issue[0] or today, issue[1]
    if not question.cut <= published <= today:
        raise CountError(
            f"--published {published}: not a day from the cut, {question.cut}, to today, {today}"
        )
    target = out or Path(f"{organisation.id}-{question.cut}.csv")
    if check is None and target.exists():
        raise CountError(f"{target}: there is such a file; move it away, or name another with --out")
    with open_tally(rows, mapping, situation, question, data.build / "counting") as tally:
        if not tally.count_rows() and not lenient:
            raise CountError(f"{rows.name}: it has no rows; if that is so, count it with --lenient")
        mistakes = tally.read_mistakes()
        refuse_mistakes(rows.name, mistakes, mapping, lenient)
        cells = tally.read_cells()
        sheet = bulletin.make_sheet(cells, mapping, organisation, published, url)
        passed = gate.hold_against(
            data, situation, organisations, sheet, organisation.id, today, question.since
        )
        marked = cells.join(
            passed.withheld.with_columns(withheld=True),
            on=list(bulletin.CELL),
            how="left",
            nulls_equal=True,
            maintain_order="left",
        ).with_columns(pl.col("withheld").is_not_null())
        result = _describe(tally, mapping, question, passed, mistakes)
        result["lake"] = _describe_lake(rows)
        result["cells"] = marked.filter(~pl.col("withheld")).drop("withheld").to_dicts()
        result["withheld"] = int(marked["withheld"].sum())
        few = situation.small_cell
        length = survival.sum_up(tally.read_durations(), few) if stay_length else None
        result["stay_length"] = length and vars(length)
        result["stay_length_withheld"] = stay_length and length is None
    if check is not None:
        told = bulletin.read_bulletin(check, situation, organisations, mapping, today)
        result["check"] = bulletin.compare(marked, told, question.cut).to_dicts()
    else:
        kept = sheet.filter(~marked["withheld"])
        write_for_caller(target, kept.write_csv().encode())
        result["sheet"], result["url"] = str(target), url
    return result


def _override(mapping: Mapping, **stated: object) -> Mapping:
    """What the command line says stands before the mapping."""
    if stated["gap_hours"] is not None and mapping.grain is Grain.STAYS:
        raise CountError("--gap-hours joins placements; the mapping's grain is stays")
    return msgspec.structs.replace(
        mapping, **{key: value for key, value in stated.items() if value is not None}
    )


def _make_question(days: Days, baseline: date, today: date) -> Question:
    cut, since, series, first = days
    if cut > today:
        raise CountError(f"--cut {cut}: lies in the future (today is {today})")
    if since is not None and since >= cut:
        raise CountError(f"--since {since}: the last bulletin lies before the cut, {cut}")
    if first is not None and series is None:
        raise CountError("--from begins a series; say --series week or day too")
    moments: list[tuple[date | None, date]] = [(since, cut)]
    if series is not None:
        step = timedelta(days=7 if series is Series.WEEK else 1)
        day, first = (since or cut - step), first or baseline
        moments = [(day, cut)]
        while day + step < cut:  # between the last bulletin and the cut as well
            day += step
        while day >= first:
            moments.append((day - step, day))
            day -= step
        moments.reverse()
    return Question(cut, today, baseline, moments, since)


def _describe(
    tally: Tally, mapping: Mapping, question: Question, passed: gate.Passed, mistakes: list[Mistake]
) -> dict[str, Any]:
    """How the count was made and what it assumes."""
    found: dict[str, Any] = {
        "rows": tally.count_rows(),
        "grain": mapping.grain.value,
        "head_count": mapping.head_count.value,
        "cut": question.cut,
        "since": question.since,
        "mistakes": [{**vars(each), "assumed": ASSUMED[Fault(each.fault)]} for each in mistakes],
        "gaps": tally.read_gaps(),
        "since_last": None,
        "check": None,
        "sheet": None,
        "url": None,
    }
    if question.since is not None:
        held, later, exits = tally.count_late()
        found["since_last"] = {
            "told_then": passed.told_then,
            "held_then_by_list": held,
            "changed_since_told": None if passed.told_then is None else held - passed.told_then,
            "entries_recorded_later": later,
            "exits_of_any_kind": exits,
        }
    return found


def _describe_lake(rows: Rows) -> dict[str, Any] | None:
    if not isinstance(rows, LakeRows):
        return None
    return {"snapshot": rows.snapshot.number, "moment": rows.snapshot.moment, "offices": list(rows.offices)}


def _say(result: dict[str, Any]) -> None:
    held = "at the end of the day" if result["head_count"] == "midnight" else "at any time of the day"
    typer.echo(f"{count_of(result['rows'], 'row')} of {result['grain']}; held is who is there {held}")
    if result["lake"]:
        typer.echo(f"  snapshot {result['lake']['snapshot']}: {', '.join(result['lake']['offices'])}")
    for each in result["mistakes"]:
        typer.echo(f"  {Mistake(**{name: each[name] for name in Mistake.__annotations__})}")
        typer.echo(f"    assumed: {each['assumed']}")
    for gap in result["gaps"]:
        stated = " (this count)" if gap["is_stated"] else ""
        typer.echo(
            f"  gap of {gap['gap_hours']} h: {gap['joined']} joined, {count_of(gap['stays'], 'stay')}, "
            f"{gap['between_at_cut']} held at the cut between two placements{stated}"
        )
    _say_cells(result)
    _say_since_last(result["since_last"])
    _say_length(result)
    for cell in result["check"] or ():
        typer.echo(
            f"  {cell['outcome']:12} {cell['measure']} {cell['breakdown']}: told {_show_told(cell)}, "
            f"counted {_show(cell['counted'])}"
        )
    if result["sheet"]:
        address = "" if result["url"] else " add the address,"
        rows = count_of(len(result["cells"]), "row")
        typer.echo(f"{result['sheet']}: {rows}; review them,{address} then ingest")


def _say_cells(result: dict[str, Any]) -> None:
    latest = [each for each in result["cells"] if each["as_of"] == result["cut"]]
    for each in latest[:SHOWN]:
        window = f" since {each['period_start']}" if each["period_start"] else ""
        typer.echo(f"  {each['as_of']} {each['measure']}{window} {each['breakdown']}: {each['value']}")
    if len(result["cells"]) > len(latest[:SHOWN]):
        typer.echo(f"  … and {count_of(len(result['cells']) - len(latest[:SHOWN]), 'more cell')}")
    if result["withheld"]:
        one = result["withheld"] == 1
        cells = count_of(result["withheld"], "cell")
        typer.echo(f"  {cells} withheld: small, or {'it' if one else 'they'} would give a small one away")


def _say_since_last(since: dict[str, Any] | None) -> None:
    if since is None:
        return
    now = since["held_then_by_list"]
    typer.echo(f"  last bulletin: told {_show(since['told_then'])}, the list says {now} of that day today:")
    typer.echo(f"    late entries and corrections: {_show(since['changed_since_told'])}")
    typer.echo(f"    entries that the list got later: {_show(since['entries_recorded_later'])}")
    typer.echo(f"    exits of any kind since then: {since['exits_of_any_kind']}")


def _say_length(result: dict[str, Any]) -> None:
    length = result["stay_length"]
    if result["stay_length_withheld"]:
        typer.echo("  length of stay: withheld, too few people")
    if length is None:
        return
    typer.echo(
        f"  length of stay (Kaplan–Meier): median, in days, {_show(length['median'])} "
        f"({_show(length['median_low'])} to {_show(length['median_high'])}); "
        f"of {count_of(length['stays'], 'stay')} {length['ended']} ended, {length['still_held']} still held"
    )
    for days, (share, low, high) in length["shares"].items():
        typer.echo(f"    still held after {count_of(days, 'day')}: {share:.1%} ({low:.1%} to {high:.1%})")


def _show(value: object) -> str:
    return "—" if value is None else str(value)


def _show_told(cell: dict[str, Any]) -> str:
    """The number as the bulletin hedged it."""
    hedge = f"{cell['qualifier']} " if cell["qualifier"] not in (None, Qualifier.EXACT.value) else ""
    high = f" to {cell['told_high']}" if cell["told_high"] is not None else ""
    return f"{hedge}{_show(cell['told'])}{high}"
