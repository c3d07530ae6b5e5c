"""`count` as an organisation uses it: a list in, a sheet out, and nobody of the list anywhere."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from typer.testing import CliRunner, Result

from pipelines.__main__ import app
from pipelines.core.paths import ROOT, DataDir
from tests.conftest import row, write_sheet
from tests.invented import PLANTED
from tests.pipelines.stays.lists import HEADER, MAPPING, NAME, PARTS, make_cells, write_list, write_rows
from tests.pipelines.stays.naive import Stay

CUT, SINCE = "2026-04-27", "2026-04-20"
BORN = date(1980, 5, 5)


@pytest.fixture
def listing(data: DataDir) -> DataDir:
    path = data.situation("islandia") / "situation.toml"
    path.write_text(path.read_text() + PARTS)
    (data.root.parent / "mapping.toml").write_text(MAPPING)
    return data


@pytest.fixture
def people() -> list[Stay]:
    """Sixty people in the north and three in the south; twenty of them released, one in the last week."""
    found = []
    for number in range(63):
        entered = date(2026, 1, 10) + timedelta(days=number)
        left = date(2026, 4, 2) + timedelta(days=number) if number < 20 else None
        sex, place = ("F" if number % 3 == 0 else "M"), ("South" if number > 59 else "Norte")
        found.append(Stay(f"p{number}", entered, left, "Indulto" if left else None, sex, BORN, place))
    return found


def run(data: DataDir, path: Path, *words: str, cut: str = CUT) -> Result:
    mapping, out = data.root.parent / "mapping.toml", data.root.parent / "sheet.csv"
    out.unlink(missing_ok=True)
    command = ["count", str(path), "--mapping", str(mapping), "--cut", cut, "--out", str(out), *words]
    return CliRunner().invoke(app, [*command, "--data-dir", str(data.root)])


def read_cells(done: Result) -> dict[tuple[str, str], int]:
    assert done.exit_code == 0, done.output
    return {(each["measure"], each["breakdown"]): each["value"] for each in json.loads(done.output)["cells"]}


def test_the_sheet_is_what_the_list_says_and_counts(
    listing: DataDir, people: list[Stay], tmp_path: Path
) -> None:
    cells = read_cells(run(listing, write_list(tmp_path / "list.csv", people), "--since", SINCE, "--json"))
    assert cells["in_custody", "total"] == 43
    assert cells["in_custody", "sex=female"] == 14
    assert cells["released", "total"] == 1
    assert cells["released_to_date", "mechanism=pardon"] == 20
    sheet = pl.read_csv(tmp_path / "sheet.csv", try_parse_dates=True)
    begins = set(sheet.filter(pl.col("measure").is_in(["detained", "released"]))["period_start"])
    assert begins == {date.fromisoformat(SINCE) + timedelta(days=1)}  # the first day that it counts
    done = CliRunner().invoke(app, ["ingest", str(tmp_path / "sheet.csv"), "--data-dir", str(listing.root)])
    assert done.exit_code == 0
    assert f"{len(cells)} accepted, 0 held for a person, 0 quarantined" in done.output


def test_the_bulletins_address_and_day_stand_in_every_row(
    listing: DataDir, people: list[Stay], tmp_path: Path
) -> None:
    path, address = write_list(tmp_path / "list.csv", people), "https://lista.example/boletin"
    done = run(listing, path, "--published", "2026-04-28", "--url", address)
    assert "review them, then ingest" in done.output
    rows = pl.read_csv(tmp_path / "sheet.csv", infer_schema=False)
    assert rows.select("published", "url").unique().rows() == [("2026-04-28", address)]
    for wrong, says in (
        (["--published", "2026-04-20"], "not a day from the cut, 2026-04-27, to today"),
        (["--published", "2999-04-20"], "not a day from the cut"),
        (["--url", "lista.example"], "expected an address that starts with http"),
    ):
        refused = run(listing, path, *wrong)
        assert refused.exit_code == 1
        assert says in refused.output
        assert not (tmp_path / "sheet.csv").exists()


def test_the_report_says_how_it_was_counted(listing: DataDir, people: list[Stay], tmp_path: Path) -> None:
    path = write_list(tmp_path / "list.csv", [*people, people[40]])
    said = run(listing, path, "--since", SINCE, "--lenient", "--stay-length", "--series", "week").output
    assert "64 rows of stays; held is who is there at the end of the day" in said
    assert "twice: 1 row: 65" in said
    assert "assumed: counted once" in said
    assert "2026-04-27 in_custody total: 43" in said
    assert "cells withheld: small, or they would give a small one away" in said
    assert "of 63 stays 20 ended, 43 still held" in said
    assert "review them, add the address, then ingest" in said
    day = run(listing, path, "--lenient", "--head-count", "day", cut="2026-04-21").output
    assert "held is who is there at any time of the day" in day
    assert "in_custody total: 44" in day  # who left on the day of the cut was there
    assert "everybody held at any time of the day" in (tmp_path / "sheet.csv").read_text()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--since", CUT], "the last bulletin lies before the cut"),
        (["--from", SINCE], "--from begins a series"),
        (["--gap-hours", "3"], "--gap-hours joins placements"),
        (["--out", "README.md"], "README.md: there is such a file"),
    ],
)
def test_what_cannot_be_asked_is_refused(
    listing: DataDir, people: list[Stay], tmp_path: Path, words: list[str], says: str
) -> None:
    done = run(listing, write_list(tmp_path / "list.csv", people), *words)
    assert done.exit_code == 1
    assert says in done.output


def test_small_cells_and_what_gives_them_away_stay_out(
    listing: DataDir, people: list[Stay], tmp_path: Path
) -> None:
    done = run(listing, write_list(tmp_path / "list.csv", people), "--since", SINCE, "--json")
    assert not [each for each in read_cells(done) if "facility" in each[1] or "age" in each[1]]
    assert json.loads(done.output)["withheld"] > 4
    sheet = (tmp_path / "sheet.csv").read_text()
    assert "facility" not in sheet
    assert "adolescent" not in sheet
    large = [replace(each, facility="Norte") for each in people]
    cells = read_cells(run(listing, write_list(tmp_path / "list.csv", large), "--json"))
    assert cells["in_custody", "facility=north"] == 43


def test_every_format_gives_the_same(listing: DataDir, people: list[Stay], tmp_path: Path) -> None:
    rows = [make_cells(each) for each in people]
    text = write_rows(tmp_path / "list.csv", rows)
    pl.read_csv(text, infer_schema=False).write_parquet(tmp_path / "list.parquet")
    typed = pl.DataFrame({"Código": [each.person for each in people], "Entrada": [e.entered for e in people],
                          "Salida": [e.left for e in people], "Motivo": [e.how for e in people],
                          "Sexo": [e.sex for e in people], "Nacimiento": [e.born for e in people],
                          "Centro": [e.facility for e in people]})  # fmt: skip
    typed.write_parquet(tmp_path / "typed.parquet")
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for cells in [list(HEADER), *rows]:
        sheet.append(cells)
    book.save(tmp_path / "list.xlsx")
    typed.with_columns(Nombre=pl.lit(NAME)).write_csv(tmp_path / "iso.csv", separator=";", include_bom=True)
    found = [
        read_cells(run(listing, tmp_path / name, "--since", SINCE, "--json"))
        for name in ("list.csv", "list.parquet", "typed.parquet", "list.xlsx", "iso.csv")
    ]
    assert found[0]
    assert all(each == found[0] for each in found)


MISTAKES = {
    "person_missing": [["", NAME, "01/02/2026", "", "", "F", "", ""]],
    "entry_unread": [["x", NAME, "31/02/2026", "", "", "F", "", ""]],
    "entry_in_future": [["x", NAME, "01/02/2096", "", "", "F", "", ""]],
    "exit_unread": [["x", NAME, "01/02/2026", NAME, "", "F", "", ""]],
    "exit_in_future": [["x", NAME, "01/02/2026", "01/02/2096", "", "F", "", ""]],
    "exit_before_entry": [["x", NAME, "01/02/2026", "31/01/2026", "", "F", "", ""]],
    "exit_undated": [["x", NAME, "01/02/2026", "", "Indulto", "F", "", ""]],
    "twice": [["x", NAME, "01/02/2026", "", "", "F", "", ""]] * 2,
    "overlapping": [["x", NAME, "01/02/2026", "03/03/2026", "Casa", "F", "", ""],
                    ["x", NAME, "01/03/2026", "", "", "F", "", ""]],
    "exit_missing": [["x", NAME, "01/02/2026", "", "", "F", "", ""],
                     ["x", NAME, "01/03/2026", "", "", "F", "", ""]],
    "unknown_code": [["x", NAME, "01/02/2026", "", "", NAME, "", ""]],
    "implausible_age": [["x", NAME, "01/02/2026", "", "", "F", "02/02/2026", ""]],
}  # fmt: skip
HELD = {"exit_in_future", "twice", "overlapping", "exit_missing", "unknown_code", "implausible_age"}


@pytest.mark.parametrize("fault", MISTAKES)
def test_a_mistake_stops_the_count_unless_it_is_lenient(listing: DataDir, tmp_path: Path, fault: str) -> None:
    path = write_rows(tmp_path / "list.csv", MISTAKES[fault])
    strict = run(listing, path)
    assert strict.exit_code == 1
    assert f"list.csv: {fault}: 1 row" in strict.output
    assert f": {len(MISTAKES[fault]) + 1}\n" in strict.output
    assert not (tmp_path / "sheet.csv").exists()
    lenient = run(listing, path, "--lenient", "--json")
    assert read_cells(lenient)["in_custody", "total"] == (1 if fault in HELD else 0)
    told = json.loads(lenient.output)["mistakes"]
    assert [(each["fault"], each["rows"]) for each in told] == [(fault, 1)]
    assert told[0]["assumed"]


AFTER_AN_OPEN_ROW = {  # rows of one person, and who is held and has been released at the cut
    "then an exit": ([("01/02/2026", ""), ("01/03/2026", "05/04/2026")], 0, 1),
    "the exit stands first in the list": ([("01/03/2026", "05/04/2026"), ("01/02/2026", "")], 0, 1),
    "two open rows": ([("01/02/2026", ""), ("01/03/2026", ""), ("02/03/2026", "05/04/2026")], 0, 1),
    "in and out on one day": ([("01/02/2026", ""), ("05/04/2026", "05/04/2026")], 0, 1),
    "and back again": ([("01/02/2026", ""), ("01/03/2026", "05/04/2026"), ("06/04/2026", "")], 1, 1),
    "an open one last": ([("01/02/2026", "05/04/2026"), ("01/03/2026", "")], 1, 0),
}


def test_a_list_without_rows_stops_the_count_unless_it_is_lenient(listing: DataDir, tmp_path: Path) -> None:
    path = write_rows(tmp_path / "list.csv", [])
    strict = run(listing, path)
    assert strict.exit_code == 1
    assert "list.csv: it has no rows" in strict.output
    assert not (tmp_path / "sheet.csv").exists()
    assert read_cells(run(listing, path, "--lenient", "--json"))["in_custody", "total"] == 0


@pytest.mark.parametrize("case", AFTER_AN_OPEN_ROW)
def test_an_open_row_ends_with_the_next_exit_of_that_person(
    listing: DataDir, tmp_path: Path, case: str
) -> None:
    rows, held, released = AFTER_AN_OPEN_ROW[case]
    path = write_rows(
        tmp_path / "list.csv",
        [["x", NAME, entry, left, "Indulto" if left else "", "F", "", ""] for entry, left in rows],
    )
    cells = read_cells(run(listing, path, "--lenient", "--json"))
    assert (cells["in_custody", "total"], cells["released_to_date", "total"]) == (held, released)


@pytest.mark.parametrize("days", ["", 'days = ["%d/%m/%Y"]'])
def test_a_year_of_two_digits_is_no_day(listing: DataDir, tmp_path: Path, days: str) -> None:
    mapping = listing.root.parent / "mapping.toml"
    mapping.write_text(MAPPING.replace('days = ["%d/%m/%Y"]', days))
    rows = [["a", NAME, "26-01-05", "", "", "F", "", ""], ["b", NAME, "2026-02-01", "", "", "F", "", ""]]
    said = run(listing, write_rows(tmp_path / "list.csv", rows)).output
    assert "entry_unread: 1 row, column 'Entrada': 2" in said


def test_a_row_of_a_workbook_has_the_number_that_a_person_sees(listing: DataDir, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for cells in (list(HEADER), [], ["a", NAME, date(2026, 2, 1)], [], ["b", NAME, "nunca"]):
        book.worksheets[0].append(cells)
    book.save(tmp_path / "list.xlsx")
    said = run(listing, tmp_path / "list.xlsx").output
    assert "entry_unread: 1 row, column 'Entrada': 5" in said
    assert NAME not in said


def test_what_the_mapping_says_the_list_is_known_for_is_assumed(listing: DataDir, tmp_path: Path) -> None:
    mapping = listing.root.parent / "mapping.toml"
    mapping.write_text(f'assume = ["twice"]\n{MAPPING}')
    assert run(listing, write_rows(tmp_path / "list.csv", MISTAKES["twice"])).exit_code == 0
    assert run(listing, write_rows(tmp_path / "list.csv", MISTAKES["overlapping"])).exit_code == 1


def test_late_entries_are_a_number(listing: DataDir, people: list[Stay], tmp_path: Path) -> None:
    first = read_cells(run(listing, write_list(tmp_path / "list.csv", people), "--json", cut=SINCE))
    ingested = CliRunner().invoke(
        app, ["ingest", str(tmp_path / "sheet.csv"), "--data-dir", str(listing.root)]
    )
    assert ingested.exit_code == 0
    late = [replace(people[30], person=f"late{number}") for number in range(7)]
    path = write_list(tmp_path / "list.csv", [*people, *late])
    since = json.loads(run(listing, path, "--since", SINCE, "--json").output)["since_last"]
    assert since["told_then"] == first["in_custody", "total"]
    assert since["changed_since_told"] == 7
    assert since["exits_of_any_kind"] == 1


def test_a_bulletin_is_checked_cell_by_cell(listing: DataDir, people: list[Stay], tmp_path: Path) -> None:
    path = write_list(tmp_path / "list.csv", people)
    rows = [
        row(value=43, as_of=CUT, published=CUT),
        row(breakdown="sex=female", value=15, as_of=CUT, published=CUT),
        row(breakdown="age=adolescent", value=2, as_of=CUT, published=CUT),
        row(breakdown="service=civilian", value=9, as_of=CUT, published=CUT),
    ]
    told = write_sheet(tmp_path / "bulletin.csv", rows)
    done = run(listing, path, "--check", str(told), "--json")
    assert done.exit_code == 1
    outcomes = {
        each["breakdown"]: each
        for each in json.loads(done.output)["check"]
        if each["measure"] == "in_custody"
    }
    assert {name: each["outcome"] for name, each in outcomes.items() if each["told"] is not None} == {
        "total": "same", "sex=female": "differs", "age=adolescent": "withheld",
        "service=civilian": "not_counted",
    }  # fmt: skip
    assert outcomes["sex=female"]["counted"] == 14
    assert outcomes["age=adolescent"]["counted"] is None
    assert outcomes["sex=male"]["outcome"] == "not_told"
    assert not (tmp_path / "sheet.csv").exists()


def find_everywhere(folder: Path, words: list[bytes]) -> list[str]:
    """Files below a folder that hold one of the words, whatever they are."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [f"{path.name}: {word!r}" for path in files for word in words if word in path.read_bytes()]


@pytest.fixture
def private_list(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of its own for the list, so that all the others can be searched for it."""
    return tmp_path_factory.mktemp("elsewhere")


@pytest.mark.parametrize(
    "broken", ["not at all", "a line too long", "an open quote", "no header", "a formula"]
)
def test_nobody_of_the_list_is_found_anywhere(
    listing: DataDir, people: list[Stay], private_list: Path, tmp_path: Path, broken: str
) -> None:
    planted = [NAME, *(text for text, _ in PLANTED.values())]
    rows = [make_cells(each) for each in people]
    for column in range(len(HEADER)):  # in every cell once, the mapped ones too
        for text in planted:
            rows.append([*rows[0][:column], text, *rows[0][column + 1 :]])
    path = write_rows(private_list / "list.csv", rows)
    if broken == "a line too long":
        path.write_text(path.read_text() + f"z,{NAME},01/02/2026,,,F,,,,{NAME}\n")
    elif broken == "an open quote":
        path.write_text(path.read_text() + f'z,"{NAME},01/02/2026,,,F,,\n')
    elif broken == "no header":
        path.write_text("\n".join(path.read_text().splitlines()[1:]))
    elif broken == "a formula":
        book = openpyxl.Workbook()
        for cells in [list(HEADER), ["x", f'="{NAME}"', "", "", "", "", "", ""]]:
            book.worksheets[0].append(cells)
        path = private_list / "list.xlsx"
        book.save(path)
    command = [
        sys.executable, "-m", "pipelines", "count", str(path), "--mapping", str(tmp_path / "mapping.toml"),
        "--cut", CUT, "--since", SINCE, "--lenient", "--stay-length", "--out", str(tmp_path / "sheet.csv"),
        "--data-dir", str(listing.root),
    ]  # fmt: skip
    environment = {**os.environ, "TMPDIR": str(tmp_path), "HOME": str(tmp_path)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False)
    assert done.returncode == (0 if broken == "not at all" else 1)
    out = tmp_path / "output"
    out.write_bytes(done.stdout + done.stderr)
    words = [text.encode() for text in planted]
    words += NAME.encode().split()
    assert find_everywhere(tmp_path, words) == []
    assert b"Traceback" not in done.stderr
    assert list((listing.build / "counting").iterdir()) == []


def test_what_a_killed_count_left_is_removed_by_the_next(
    listing: DataDir, people: list[Stay], tmp_path: Path
) -> None:
    program = """
import sys, time
from pathlib import Path
from pipelines.stays.private_folder import make_private_folder
with make_private_folder(Path(sys.argv[1])) as folder:
    (folder / "spilled").write_text("a row")
    print("ready", flush=True)
    time.sleep(60)
"""
    counting = listing.build / "counting"
    process = subprocess.Popen(
        [sys.executable, "-c", program, str(counting)], cwd=ROOT, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    process.stdout.readline()
    (left,) = counting.iterdir()
    assert (left.stat().st_mode & 0o777, counting.stat().st_mode & 0o777) == (0o700, 0o700)
    path = write_list(tmp_path / "list.csv", people)
    assert run(listing, path).exit_code == 0
    assert (left / "spilled").exists()  # its process lives
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert run(listing, path).exit_code == 0
    assert list(counting.iterdir()) == []
