"""Only what a person confirmed becomes a reading: answers at the prompt, and rows of a file."""

import csv
import json
from datetime import date
from pathlib import Path

import pytest

from pipelines.core.paths import DataDir
from tests.conftest import row
from tests.pipelines.intake.recheck.conftest import Recheck, page, proposals, readings, save, table


def test_nothing_is_appended_without_a_yes_and_each_yes_is_kept(
    data: DataDir, folder: Path, recheck: Recheck
) -> None:
    rows = [row(url=f"https://diario.example/{number}") for number in range(4)]
    for each in rows:
        save(folder, each["url"], page(800))
    answers = "x\ny\ns\n3\nqualifier=more_than\nq\n"
    done = recheck(rows, "--from", str(folder), "--by", "mg", input=answers)
    assert "2 readings appended" in done.output
    assert [(e["verdict"], e["field"], e["should_be"], e["checked_by"]) for e in readings(data)] == [
        ("states_it", "", "", "mg"),
        ("states_something_else", "qualifier", "more_than", "mg"),
    ]
    assert {each["checked_on"] for each in readings(data)} == {date.today().isoformat()}
    assert {len(each["sha256"]) for each in readings(data)} == {64}


def test_an_answer_that_the_build_would_refuse_is_asked_again(
    data: DataDir, folder: Path, recheck: Recheck
) -> None:
    save(folder, "https://diario.example/1", page(800))
    answers = "3\nvalue=many\n2\nftp://x\n2\nhttps://hoja.example/1\n"
    done = recheck([row()], "--from", str(folder), "--by", "mg", input=answers)
    assert done.output.count("Not taken") + done.stderr.count("Not taken") >= 2
    assert [(e["verdict"], e["address"], e["sha256"]) for e in readings(data)] == [
        ("carrier_states_it", "https://hoja.example/1", "")
    ]


def test_a_run_goes_on_with_what_nobody_has_read(data: DataDir, folder: Path, recheck: Recheck) -> None:
    rows = [row(url=f"https://diario.example/{number}") for number in range(3)]
    for each in rows[:2]:
        save(folder, each["url"], page(800))
    recheck(rows, "--from", str(folder), "--by", "mg", input="y\nq\n")
    recheck(rows, "--from", str(folder))
    assert [each["url"][-1] for each in proposals(data)] == ["1", "2"]
    recheck(rows, "--from", str(folder), "--all")
    assert len(proposals(data)) == 3
    recheck(
        rows, "--from", str(folder), "--by", "mg", input="s\ny\n"
    )  # the third is unreachable: read once more
    recheck(rows, "--from", str(folder))
    assert [each["url"][-1] for each in proposals(data)] == ["1", "2"]


def test_one_figure_can_be_named_by_the_beginning_of_its_id(
    data: DataDir, folder: Path, recheck: Recheck
) -> None:
    rows = [row(), row(value=801)]
    save(folder, "https://diario.example/1", page(800))
    recheck(rows, "--from", str(folder))
    chosen = proposals(data)[0]
    recheck(rows, "--from", str(folder), "--claim", chosen["claim_id"][:8])
    assert [each["claim_id"] for each in proposals(data)] == [chosen["claim_id"]]
    assert recheck(rows, "--claim", "zzzz").exit_code == 2


def confirm(data: DataDir, *changes: dict[str, str]) -> Path:
    """The file of proposals with what a person wrote into its first rows."""
    path = data.situation("islandia") / "inbox" / "recheck" / "proposals.csv"
    rows = table(path)
    for found, cells in zip(rows, changes, strict=False):
        found |= cells
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_a_file_is_accepted_row_by_row_as_a_person_confirmed_it_and_twice_changes_nothing(
    data: DataDir, folder: Path, recheck: Recheck
) -> None:
    rows = [row(url=f"https://diario.example/{number}") for number in range(3)]
    for each in rows:
        save(folder, each["url"], page(800))
    recheck(rows, "--from", str(folder))
    other = {"confirmed": "yes", "verdict": "states_something_else", "field": "value", "should_be": "801"}
    path = confirm(data, {"confirmed": "yes"}, other)
    done = recheck(rows, "--accept-file", str(path), "--by", "mg")
    assert (done.exit_code, "2 readings appended" in done.output) == (0, True), done.output
    assert [each["verdict"] for each in readings(data)] == ["states_it", "states_something_else"]
    before = (data.situation("islandia") / "verifications.csv").read_bytes()
    again = recheck(rows, "--accept-file", str(path), "--by", "mg")
    assert "0 readings appended" in again.output
    assert "2 stood there already" in again.output
    assert (data.situation("islandia") / "verifications.csv").read_bytes() == before
    recheck(rows, "--from", str(folder))
    assert [each["confirmed"] for each in table(path)] == [
        "yes",
        "yes",
        "",
    ]  # a person's file is not written over
    assert len(proposals(data, "proposals-2.csv")) == 1


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"confirmed": "ok"}, "confirmed ok: expected yes"),
        ({"confirmed": "yes", "value": "801"}, "no claim is lista in_custody total exact 801"),
        ({"confirmed": "yes", "verdict": "sure"}, "verdict sure"),
        ({"confirmed": "yes", "verdict": "states_something_else"}, "field is empty"),
    ],
)
def test_a_file_with_one_wrong_row_is_refused_whole(
    data: DataDir, folder: Path, recheck: Recheck, cells: dict[str, str], said: str
) -> None:
    rows = [row(url=f"https://diario.example/{number}") for number in range(2)]
    for each in rows:
        save(folder, each["url"], page(800))
    recheck(rows, "--from", str(folder))
    path = confirm(data, {"confirmed": "yes"}, cells)
    done = recheck(rows, "--accept-file", str(path), "--by", "mg")
    assert done.exit_code == 2
    assert said in done.stderr
    assert readings(data) == []


def test_a_reading_is_signed(recheck: Recheck, tmp_path: Path) -> None:
    done = recheck([row()], "--accept-file", str(tmp_path / "proposals.csv"))
    assert (done.exit_code, "give --by" in done.stderr) == (2, True)


def test_a_program_gets_the_proposals_as_json(folder: Path, recheck: Recheck) -> None:
    save(folder, "https://diario.example/1", page(800))
    done = recheck([row(), row(value=5, url="")], "--from", str(folder), "--json")
    (found,) = json.loads(done.stdout)
    assert (found["verdict"], found["value"]) == ("states_it", "800")
    assert "▸800◂" in found["phrase"]
