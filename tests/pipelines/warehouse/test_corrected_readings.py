"""A correction of a number, and the readings that were of the number before it."""

from datetime import date

import pytest

from pipelines.core.paths import DataDir
from tests.conftest import Built, row, rows_of
from tests.pipelines.sheets.test_verifications import reading, write_readings

CORRECTION = """
[[correction]]
where = {{ organisation = "lista" }}
field = "{field}"
{values}
reason = "el boletín dice otra cosa"
decided = 2026-02-01
"""
NUMBER = "expected = 800\ncorrected = 806"


def correct(data: DataDir, field: str = "value", values: str = NUMBER) -> None:
    text = CORRECTION.format(field=field, values=values)
    (data.situation("islandia") / "corrections.toml").write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("value", NUMBER),
        ("value_high", "corrected = 810"),
        ("qualifier", 'expected = "exact"\ncorrected = "more_than"'),
    ],
)
@pytest.mark.parametrize("read_on", ["2026-01-05", "2026-02-01"])
def test_a_reading_of_the_number_before_it_was_corrected_no_longer_checks_it(
    data: DataDir, built: Built, field: str, values: str, read_on: str
) -> None:
    write_readings(data, reading(checked_on=read_on, verdict="address_states_it"))
    correct(data, field, values)
    con = built([row()])
    (stated,) = rows_of(con, "statements")
    assert (stated["checked"], stated["checked_on"]) == (None, None)
    assert [each["rests_on"] for each in rows_of(con, "headline")] == [None]
    assert con.sql("FROM claim_checks_as_known_on(DATE '9999-12-31')").fetchall() == []


def test_before_the_correction_was_decided_its_reading_checked_the_number(
    data: DataDir, built: Built
) -> None:
    write_readings(data, reading(checked_on="2026-01-05"))
    correct(data)
    (stated,) = rows_of(built([row()]), "statements", as_known_on=date(2026, 1, 31))
    assert (stated["value"], stated["checked"]) == (800, "read_again")


def test_a_reading_after_the_correction_checks_the_corrected_number(data: DataDir, built: Built) -> None:
    write_readings(
        data,
        reading(checked_on="2026-01-05", verdict="address_states_it"),
        reading(checked_on="2026-02-02"),
    )
    correct(data)
    (stated,) = rows_of(built([row()]), "statements")
    assert (stated["value"], stated["checked"]) == (806, "read_again")


def test_a_correction_of_a_day_leaves_the_reading_of_the_number(data: DataDir, built: Built) -> None:
    write_readings(data, reading(checked_on="2026-01-05"))
    correct(data, "as_of", "expected = 2026-01-05\ncorrected = 2026-01-04")
    (stated,) = rows_of(built([row()]), "statements")
    assert stated["checked"] == "read_again"


@pytest.mark.parametrize(
    ("field", "should_be", "standing"), [("value", "806", "stands"), ("measure", "released", "withdrawn")]
)
def test_a_number_corrected_as_a_reader_found_it_stands_again_and_no_other_mistake_is_mended_by_it(
    data: DataDir, built: Built, field: str, should_be: str, standing: str
) -> None:
    found = {"verdict": "states_something_else", "field": field, "should_be": should_be}
    write_readings(data, reading(checked_on="2026-01-20", **found))
    correct(data)
    (stated,) = rows_of(built([row()]), "statements")
    assert (stated["value"], stated["standing"], stated["checked"]) == (806, standing, None)
