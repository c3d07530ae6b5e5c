"""Who else says it: outlets that repeat a statement are one origin, and only independent ones corroborate."""

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from tests.pipelines.warehouse.marts.conftest import ORGANISATIONS, figure, side_by_side


def held(organisation: str, qualifier: str = "exact", value: int = 500) -> dict[str, Any]:
    return figure(organisation, "in_custody", value, 0, qualifier=qualifier)


# A statement, what is said beside it, and whether that corroborates it.
CASES: dict[str, tuple[dict[str, Any], dict[str, Any], bool]] = {
    "an independent organisation": (held("primary"), held("other"), True),
    "the organisation with another": (held("primary"), held("primary+other"), False),
    "two offices of one government": (held("state"), held("ministry"), False),
    "something more exact": (held("primary", "about", 100), held("other", "exact", 103), True),
    "something less exact": (held("primary", "exact", 103), held("other", "about", 100), False),
    "any larger figure fits an open bound": (
        held("primary", "more_than", 100),
        held("other", "exact", 900),
        False,
    ),
    "an open bound below it": (held("primary", "exact", 900), held("other", "more_than", 100), False),
    "the same bound": (held("primary", "more_than", 100), held("other", "more_than", 100), True),
}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, pl.DataFrame]:
    """The mart of each case, all from one build."""
    cases = [[said, beside] for said, beside, _ in CASES.values()]
    made = side_by_side(tmp_path_factory.mktemp("cases"), "origins", cases)
    return dict(zip(CASES, made, strict=True))


@pytest.mark.parametrize("case", CASES)
def test_only_the_same_or_something_more_exact_of_an_independent_organisation_corroborates(
    found: dict[str, pl.DataFrame], case: str
) -> None:
    said, _, corroborated = CASES[case]
    mine = found[case].filter(organisation=said["organisation"])
    assert mine["corroborated"].to_list() == [corroborated]


def test_outlets_that_repeat_a_statement_are_one_origin_and_no_corroboration(
    mart: Callable[..., pl.DataFrame],
) -> None:
    row = mart(
        "origins",
        [figure("primary", "in_custody", 500, 0, publisher=f"Outlet {n}", published=n) for n in range(3)],
    ).row(0, named=True)
    assert (row["carriers"], row["first_publisher"], row["corroborated"]) == (3, "Outlet 0", False)


def test_what_outlets_repeat_of_days_close_together_is_one_origin(mart: Callable[..., pl.DataFrame]) -> None:
    rows = [figure("primary", "in_custody", 500, day, publisher=f"Outlet {day}") for day in (0, 1, 9)]
    assert mart("origins", rows).sort("as_of")["carriers"].to_list() == [2, 1]


def test_a_speaker_nobody_named_corroborates_nobody(mart: Callable[..., pl.DataFrame]) -> None:
    organisations = ORGANISATIONS.replace('name = "Other"\n', 'name = "Other"\nunnamed = true\n')
    rows = [held("primary"), held("other")]
    assert mart("origins", rows, organisations=organisations)["corroborated"].to_list() == [False, False]


def test_many_who_speak_of_one_thing_are_set_beside_each_other_in_portions(
    mart: Callable[..., pl.DataFrame],
) -> None:
    names = [
        f"watcher_{number:03}" for number in range(230)
    ]  # each of two things: more than 200 pairs for each
    organisations = ORGANISATIONS + "".join(
        f'[[organisation]]\nid = "{name}"\nname = "{name}"\nrole = "ngo"\nrhythm_days = 7\n' for name in names
    )
    exact = [held(name, value=500 + number % 2) for number, name in enumerate(names)]
    about = [figure(name, "in_custody", 500, 7, qualifier="about", publisher="Outlet") for name in names]
    again = [figure(name, "in_custody", 500, 7, qualifier="about", publisher="Other") for name in names[:3]]
    found = mart("origins", [*exact, *about, *again], organisations=organisations)
    assert found.height == 2 * len(names)
    assert set(found.filter(carriers=2)["organisation"]) == set(names[:3])
    for row in found.iter_rows(named=True):
        say = names if row["qualifier"] == "about" else names[int(row["organisation"][-3:]) % 2 :: 2]
        assert row["corroborated_by"] == sorted({*say} - {row["organisation"]})
