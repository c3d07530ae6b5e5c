"""A build stores how past outlooks turned out, where there are enough figures to have given any."""

import json
from datetime import date, timedelta

import pytest
from typer.testing import CliRunner

from pipelines.__main__ import app
from pipelines.core.paths import DataDir
from pipelines.forecast.backtest import FORECASTERS, OUTLOOK
from pipelines.warehouse import load
from pipelines.warehouse.published_build import read_pace_breaks
from tests.conftest import TODAY, Built, row, rows_of

FIRST = date(2026, 5, 1)


def weekly(weeks: int, organisation: str = "lista") -> list[dict[str, str]]:
    """A stock that falls by a few people each week."""
    days = [FIRST + timedelta(weeks=week) for week in range(weeks)]
    return [
        row(
            organisation=organisation,
            value=700 - 8 * n - n % 3,
            as_of=day.isoformat(),
            published=day.isoformat(),
        )
        for n, day in enumerate(days)
    ]


def test_a_long_series_has_a_record_of_the_outlook_and_of_each_simple_forecaster(built: Built) -> None:
    stored = rows_of(built(weekly(16)), "track_record")
    assert {each["forecaster"] for each in stored} == {OUTLOOK, *FORECASTERS}
    assert {(each["situation"], each["organisation"]) for each in stored} == {("islandia", "lista")}
    assert all((each["score"] is None) == (each["refused"] is not None) for each in stored)
    assert all(each["as_known_on"] < each["day"] for each in stored)


def test_a_series_with_too_few_figures_has_no_record(built: Built) -> None:
    assert rows_of(built(weekly(8)), "track_record") == []


def test_only_the_primary_organisation_has_a_record(built: Built) -> None:
    assert rows_of(built(weekly(16, organisation="gobierno")), "track_record") == []


@pytest.mark.usefixtures("made_anew")
def test_a_build_scores_a_limited_number_of_past_publications(
    built: Built, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(load, "ORIGINS", 4)
    stored = rows_of(built(weekly(16)), "track_record")
    assert 0 < len({each["as_known_on"] for each in stored}) <= 4


def test_a_change_of_definition_refuses_the_outlooks_after_it(built: Built, data: DataDir) -> None:
    path = data.situation("islandia") / "organisations.toml"
    broken = FIRST + timedelta(weeks=10)
    text = "".join(
        f"""
[[organisation.counts]]
measure = "in_custody"
population = "held"
since = {since}
text = {{ es = "Cuenta {since}", en = "Counts {since}" }}
"""
        for since in (date(2020, 1, 1), broken)
    )
    path.write_text(
        path.read_text(encoding="utf-8").replace("rhythm_days = 7\n", "rhythm_days = 7\n" + text, 1)
    )
    con = built(weekly(16))
    assert read_pace_breaks(con, "islandia", "lista", TODAY) == [broken]
    later = [each for each in rows_of(con, "track_record") if each["as_known_on"] >= broken]
    assert {each["refused"] for each in later} == {"definition_break"}
    words = ["outlook", "--organisation", "lista", "--as-known-on", "2026-08-15", "--json"]
    told = json.loads(CliRunner().invoke(app, [*words, "--data-dir", str(data.root)]).output)
    assert {each["refused"] for each in told["outlook"] if each["target"] == "stock"} == {"definition_break"}
    assert told["by_when"]["refused"] == "definition_break"
