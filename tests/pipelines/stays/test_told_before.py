"""A count beside what was told before: only what is of the same people and day is held against it."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from pipelines.__main__ import app
from pipelines.core.paths import DataDir
from tests.conftest import row, write_sheet
from tests.pipelines.stays.lists import MAPPING, NAME, PARTS, write_rows

CUT, SINCE = "2026-04-27", "2026-04-20"
PEOPLE = 30


@pytest.fixture
def listing(data: DataDir) -> DataDir:
    """A situation that counts foreigners apart, and beside it a list of thirty people."""
    path = data.situation("islandia") / "situation.toml"
    foreigners = '[populations]\nforeigners = { es = "extranjeros", en = "foreigners" }\n'
    path.write_text(path.read_text().replace("[populations]\n", foreigners) + PARTS)
    rows = [[f"p{number}", NAME, "01/02/2026", "", "", "", "", ""] for number in range(PEOPLE)]
    write_rows(data.root.parent / "list.csv", rows)
    return data


def count(data: DataDir, *words: str, mapping: str = MAPPING) -> Result:
    beside = data.root.parent
    (beside / "mapping.toml").write_text(mapping)
    asked = ["count", str(beside / "list.csv"), "--mapping", str(beside / "mapping.toml"), "--cut", CUT]
    return CliRunner().invoke(
        app, [*asked, *words, "--out", str(beside / "sheet.csv"), "--data-dir", str(data.root)]
    )


def check(data: DataDir, *told: dict[str, str], mapping: str = MAPPING) -> tuple[int, list[tuple[str, str]]]:
    """The code that it ends with; and what was told in total, in words, with what came of it."""
    sheet = write_sheet(data.root.parent / "told.csv", told)
    done = count(data, "--check", str(sheet), mapping=mapping)
    lines = [line.strip() for line in done.output.splitlines() if "in_custody total: told " in line]
    found = [(line.split("told ")[1].split(",")[0], line.split()[0]) for line in lines]
    return done.exit_code, found


def tell(value: int, **cells: object) -> dict[str, str]:
    return row(value=value, **{"as_of": CUT, "published": CUT, **cells})


def test_what_was_told_of_other_people_is_not_compared(listing: DataDir) -> None:
    both = (tell(30, population=""), tell(22, population="foreigners"))
    assert check(listing, *both) == (0, [("30", "same")])
    of_foreigners = f'population = "foreigners"\n{MAPPING}'
    assert check(listing, *both, mapping=of_foreigners) == (1, [("22", "differs")])
    done = count(listing, "--check", str(write_sheet(Path(listing.root.parent / "other.csv"), both[1:])))
    assert done.exit_code == 1
    assert "no row of it is lista's, of held, and counts" in done.output


@pytest.mark.parametrize(("population", "then"), [("held", 29), ("foreigners", 22)])
def test_the_last_bulletin_is_that_of_the_same_people(listing: DataDir, population: str, then: int) -> None:
    told = [
        tell(value, population=name, as_of=SINCE, published=SINCE)
        for name, value in (("held", 29), ("foreigners", 22))
    ]
    write_sheet(listing.situation("islandia") / "transcriptions" / "told.csv", told)
    mapping = f'population = "{population}"\n{MAPPING}'
    since = json.loads(count(listing, "--since", SINCE, "--json", mapping=mapping).stdout)["since_last"]
    assert (since["told_then"], since["changed_since_told"]) == (then, PEOPLE - then)


def test_what_is_small_of_other_people_withholds_nothing(listing: DataDir) -> None:
    told = [tell(value, population="foreigners", breakdown=part, as_of=CUT)
            for part, value in (("total", 22), ("facility=north", 2))]  # fmt: skip
    write_sheet(listing.situation("islandia") / "transcriptions" / "told.csv", told)
    rows = [[f"p{number}", NAME, "01/02/2026", "", "", "", "", "Norte"] for number in range(PEOPLE)]
    write_rows(listing.root.parent / "list.csv", rows)
    counted = json.loads(count(listing, "--json").stdout)
    assert "facility=north" in {each["breakdown"] for each in counted["cells"]}


@pytest.mark.parametrize(
    ("qualifier", "value", "high", "said", "outcome"),
    [
        ("at_least", 25, "", "at_least 25", "fits"),
        ("at_least", 31, "", "at_least 31", "differs"),
        ("more_than", 29, "", "more_than 29", "fits"),
        ("more_than", 30, "", "more_than 30", "differs"),
        ("at_most", 30, "", "at_most 30", "fits"),
        ("at_most", 29, "", "at_most 29", "differs"),
        ("less_than", 31, "", "less_than 31", "fits"),
        ("less_than", 30, "", "less_than 30", "differs"),
        ("range", 25, "30", "range 25 to 30", "fits"),
        ("range", 25, "29", "range 25 to 29", "differs"),
        ("range", 31, "40", "range 31 to 40", "differs"),
        ("about", 25, "", "about 25", "hedged"),
    ],
)
def test_a_hedged_number_is_held_to_what_it_says(
    listing: DataDir, qualifier: str, value: int, high: str, said: str, outcome: str
) -> None:
    told = tell(value, qualifier=qualifier, value_high=high)
    assert check(listing, told) == (int(outcome == "differs"), [(said, outcome)])


def test_a_sheet_that_tells_nothing_of_the_cut_is_no_agreement(listing: DataDir) -> None:
    days = [f"2026-04-{day}" for day in range(10, 17)]
    sheet = write_sheet(listing.root.parent / "told.csv", [tell(30, as_of=d, published=d) for d in days])
    done = count(listing, "--check", str(sheet))
    assert done.exit_code == 1
    assert f"the sheet tells nothing of {CUT}; it has 2026-04-10, " in done.output
    assert "2026-04-14 and 2 more" in done.output
