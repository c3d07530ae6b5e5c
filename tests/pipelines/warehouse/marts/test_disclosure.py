"""What published numbers imply: each way to a small cell is closed, and what is safe stays published."""

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines.warehouse import build, published_build
from pipelines.warehouse.disclosure import attack
from pipelines.warehouse.disclosure.linear_program import Program, Row, split_rows
from tests.attacks import small_cells
from tests.pipelines.warehouse.marts.conftest import SITUATION, figure, write
from tests.pipelines.warehouse.marts.test_suppression import TODAY, Rows, cell

MORE = """
region = ["a", "b"]
place = ["north", "town"]
group = ["minors", "students"]
health = ["critical"]
"""
LISTED = SITUATION.replace('"adolescent", "adult"]', '"adolescent", "adult", "child", "minor"]').replace(
    "[populations]", '[populations]\nminors_held = { es = "menores", en = "minors" }'
) + MORE.lstrip("\n")
TEEN, ADULT = "age=adolescent", "age=adult"


def total(value: int, as_of: int = 0, organisation: str = "primary", **more: Any) -> dict[str, Any]:
    return figure(organisation, "in_custody", value, as_of, **more)


def to_date(measure: str, value: int, part: str = TEEN, since: int = -50) -> dict[str, Any]:
    return cell(part, value, 0, f"{measure}_to_date", since=since)


# what is said, and the numbers of which at least one must go
WAYS: dict[str, tuple[Rows, set[int]]] = {
    "complement": ([total(100), cell(ADULT, 97)], {97}),
    "complement_days_apart": ([total(100, 2), cell(ADULT, 97)], {97}),
    "complement_of_another_organisation": ([total(100, organisation="other"), cell(ADULT, 97)], {97}),
    "complement_of_another_population": ([total(100, population="beneficiaries"), cell(ADULT, 97)], {97}),
    "complement_of_a_hedge": ([total(100), cell(ADULT, 97, qualifier="at_least")], {97}),
    "complement_without_a_total": (
        [cell("sex=female", 40), cell("sex=male", 60), cell(ADULT, 97)],
        {97},
    ),
    "crossed_parts": ([cell(TEEN, 20), cell(f"{TEEN};sex=male", 17)], {20, 17}),
    "crossed_with_a_half": ([total(100), cell("sex=male", 60), cell(f"{ADULT};sex=female", 37)], {37}),
    "parts_by_region": ([cell(TEEN, 20), cell(f"{TEEN};region=a", 17), cell(f"{TEEN};region=b", 3)],
                        {20, 17}),
    "children_of_minors": ([cell("age=minor", 20), cell("age=child", 17)], {20, 17}),
    "ladder": ([to_date("detained", 50), to_date("released", 47), cell(TEEN, 3)], {50, 47}),
    "ladder_of_what_nobody_stated": ([to_date("detained", 50), to_date("released", 47)], {50, 47}),
    "ladder_of_measures": ([to_date("released", 50), cell(TEEN, 47, 0, "under_measures"),
                            to_date("full_freedom", 3)], {50, 47}),
    "stock_and_flow": ([cell(TEEN, 20), cell(TEEN, 17, 9, "released", since=0), cell(TEEN, 3, 9)], {20, 17}),
    "stock_and_both_flows": (
        [cell(TEEN, 20), cell(TEEN, 23, 9, "released", since=0), cell(TEEN, 6, 9, "detained", since=0),
         cell(TEEN, 3, 9)],
        {20, 23, 6},
    ),
    "nested_windows": ([cell(TEEN, n, 9, "released", since=s) for n, s in ((20, 0), (17, 3))], {20, 17}),
    "two_baselines": ([to_date("released", 20, since=-50), to_date("released", 17, since=-10)], {20, 17}),
    "cumulative_less_flow": (
        [to_date("released", 20), cell(TEEN, 17, 0, "released", since=-9)],
        {20, 17},
    ),
    "minors_as_a_group": ([total(100), cell("group=minors", 3), cell(ADULT, 97)], {3, 97}),
    "minors_as_a_population": ([total(3, population="minors_held"), total(100), cell(ADULT, 97)], {3, 97}),
    "a_facility_as_a_place": ([total(60), cell("place=north", 3), cell("facility=south", 57)], {3, 57}),
}  # fmt: skip
SAFE: dict[str, Rows] = {
    "both_parts_are_large": [total(100), cell(ADULT, 60), cell(TEEN, 40)],
    "windows_far_apart": [to_date("released", 60), cell(TEEN, 17, 0, "released", since=-9)],
    "a_place_that_is_no_facility": [total(60), cell("place=town", 3)],
    "students": [total(100), cell("group=students", 97)],
    "few_in_all": [
        figure("primary", "released", 3, 0, since=-1),
        cell("sex=female", 2, 0, "released", since=-1),
    ],
}
SPELT = (
    "tres adolescentes entre ellos", "3 menores de edad", "1.2 % of them are minors",
    "both teenagers still held",
    "97 adultos", "una adolescente", "dois adolescentes", "adolescentes: 3", "three aged 16", "3 en North",
)  # fmt: skip


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, pl.DataFrame]:
    """The published claims of every case, of one build, which the attack has not broken into."""
    root = tmp_path_factory.mktemp("ways")
    spelt: Rows = [total(100 + n, 9 * n, note=note) for n, note in enumerate(SPELT)]
    spelt.append(total(300, 200, url="https://example.org/2026/liberan-a-3-menores", note="as of noon"))
    spelt.append(cell("tres_adolescentes", 3, 210))  # refused, and its reason repeats it
    spelt.append(cell("age=teenager", 3, 210, note="a teenager"))  # waits
    strangers: Rows = [total(100) | {"organisation": ""}, total(101) | {"measure": "", "organisation": ""}]
    strangers += [total(102, organisation="nobody"), cell(TEEN, 20), cell(TEEN, 3, 9), total(103)]
    cases = {name: rows for name, (rows, _) in WAYS.items()} | SAFE | {"spelt": spelt}
    cases["strangers"] = strangers
    for name, rows in cases.items():
        data = write(root, rows, name)
        settings = LISTED.replace('"demo"', f'"{name}"', 1)
        (root / name / "situation.toml").write_text(settings.replace("default = true\n", ""))
    build.build(data, today=TODAY)
    with published_build.open_current(data) as con:
        assert attack.attack(con) == []
        tables = ("claims", "pending", "quarantine", "reports", "statements")
        return {name: con.table(name).pl() for name in tables}


@pytest.mark.parametrize("way", WAYS)
def test_a_way_to_a_small_cell_is_closed(told: dict[str, pl.DataFrame], way: str) -> None:
    claims = told["claims"].filter(pl.col("situation") == way)
    assert not WAYS[way][1] <= set(claims["value"].to_list())
    assert claims.filter(pl.col("breakdown") == "total")["suppressed"].any() is (
        way == "minors_as_a_population"
    )


@pytest.mark.parametrize("case", SAFE)
def test_what_is_safe_stays_published(told: dict[str, pl.DataFrame], case: str) -> None:
    claims = told["claims"].filter(pl.col("situation") == case)
    assert sorted(claims["value"].to_list()) == sorted(int(row["value"]) for row in SAFE[case])


def test_rows_of_no_known_organisation_are_set_aside_beside_guarded_cells(
    told: dict[str, pl.DataFrame],
) -> None:
    assert told["quarantine"].filter(pl.col("situation") == "strangers").height == 3


def test_no_text_that_leaves_spells_a_part_out(told: dict[str, pl.DataFrame]) -> None:
    claims = told["claims"].filter(pl.col("situation") == "spelt")
    assert claims["note"].drop_nulls().to_list() == ["as of noon"]
    assert claims["value"].null_count() == 0
    for frame in told.values():
        for row in frame.filter(pl.col("situation") == "spelt").iter_rows():
            assert "menores" not in str(row)
            assert "tres" not in str(row)
    aside = pl.concat([told["pending"], told["quarantine"]], how="diagonal").filter(situation="spelt")
    assert aside.height == 2
    assert aside["value"].null_count() == 2
    assert aside["raw"].null_count() == 2


def test_contradictory_rows_never_make_a_cell_safe() -> None:
    """What an attacker cannot believe together is not believed together: the rest still tells."""
    rows = [
        Row({0: 1, 1: -1, 2: -1}, 0, 0, 100.0),  # the whole is both parts
        Row({0: 1}, 100, 100, 1000.0),
        Row({0: 1}, 40, 40, 300.0),  # an outlier, less believed
        Row({1: 1}, 97, 97, 1000.0),
    ]
    program = Program([rows[number] for number in split_rows(rows)[0]])
    assert program.conflict
    bounds = program.find_bounds({2: 1})
    assert (bounds.low, bounds.high) == (3, 3)


def test_an_attacker_written_apart_solves_no_planted_cell_of_random_worlds() -> None:
    score = small_cells.run(4, seed=7)
    assert score.solved == []
    assert score.planted > 10
    assert score.withheld < score.claims


def test_what_is_too_much_to_audit_is_withheld(tmp_path: Path) -> None:
    rows = [cell(ADULT, 1000 + n, n) for n in range(401)]
    data = write(tmp_path, [*rows, total(90, organisation="other")])
    build.build(data, today=date(2027, 12, 31))
    with published_build.open_current(data) as con:
        shown = con.table("claims").filter("value IS NOT NULL").pl()
    assert shown["breakdown"].to_list() == ["total"]
