"""Bands as known on any day: what a plain look at that day's statements finds, asked whole or in part."""

from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from pipelines.core.paths import DataDir
from pipelines.warehouse import build, published_build
from tests.conftest import TODAY, row, write_sheet, write_situation

START = date(2026, 1, 1)
REGISTRIES = ("lista", "uno", "dos", "tres")
FIGURE = st.fixed_dictionaries(
    {
        "organisation": st.sampled_from([*REGISTRIES, "gobierno"]),
        "measure": st.sampled_from(["in_custody", "in_custody", "under_measures"]),
        "breakdown": st.sampled_from(["total", "total", "sex=male"]),
        "value": st.integers(300, 320),
        "qualifier": st.sampled_from(["exact", "exact", "about", "more_than"]),
        "moment": st.integers(0, 45),
        "delay": st.integers(0, 20),
    }
)


@given(st.lists(FIGURE, min_size=40, max_size=120), st.sampled_from(["lista", "gobierno"]), st.data())
@settings(
    max_examples=6, deadline=None, suppress_health_check=list(HealthCheck), phases=set(Phase) - {Phase.shrink}
)
def test_bands_of_any_day_are_those_of_its_statements(
    figures: list[dict[str, Any]], primary: str, data: st.DataObject
) -> None:
    with TemporaryDirectory() as scratch:
        folder = _write(Path(scratch), figures, primary)
        build.build(folder, today=TODAY)
        with published_build.open_current(folder) as con:
            for after in (*data.draw(st.lists(st.integers(0, 65), min_size=3, max_size=6)), 90):
                known_on = START + timedelta(days=after)
                statements = _list_statements(con, known_on)
                bands = con.table_function("bands_as_known_on", [known_on]).pl().to_dicts()
                told = [(*_name(band), band["organisations"], band["values"]) for band in bands]
                assert sorted(told) == _find_bands(statements, primary)
                for band in bands:
                    of = {"known_on": known_on, "counted": band["measure"], "part": band["breakdown"]}
                    sql = "FROM band_edges_as_known_on($known_on, counted := $counted, part := $part)"
                    its = [each for each in bands if _name(each)[:2] == (band["measure"], band["breakdown"])]
                    edges = con.sql(sql, params=of).pl().to_dicts()
                    assert sorted(map(_tell, edges)) == sorted(map(_tell, its))
            assert sorted(map(_tell, con.table("bands").pl().to_dicts())) == sorted(map(_tell, bands))


def _write(root: Path, figures: list[dict[str, Any]], primary: str) -> DataDir:
    folder = write_situation(root)
    with (folder / "organisations.toml").open("a", encoding="utf-8") as organisations:
        for each in REGISTRIES[1:]:
            organisations.write(f'\n[[organisation]]\nid = "{each}"\nname = "{each.title()}"\nrole = "ngo"\n')
    about = folder / "situation.toml"
    about.write_text(about.read_text("utf-8").replace('"lista"', f'"{primary}"', 1), encoding="utf-8")
    rows = []
    for number, each in enumerate(figures):
        as_of = START + timedelta(days=each["moment"])
        cells = {name: each[name] for name in ("organisation", "measure", "breakdown", "value", "qualifier")}
        published = as_of + timedelta(days=each["delay"])
        rows.append(row(**cells, as_of=as_of, published=published, url=f"https://diario.example/{number}"))
    write_sheet(folder / "transcriptions" / "sheet.csv", rows)
    return DataDir(root)


def _list_statements(con: duckdb.DuckDBPyConnection, known_on: date) -> list[dict[str, Any]]:
    """Those of registries that stand without a doubt."""
    stated = con.table_function("statements_as_known_on", [known_on]).pl().to_dicts()
    return [
        each
        for each in stated
        if each["organisation"] in REGISTRIES and each["standing"] == "stands" and each["doubt"] is None
    ]


def _find_bands(statements: list[dict[str, Any]], primary: str) -> list[tuple[Any, ...]]:
    found = []
    for thing in {(each["measure"], each["breakdown"]) for each in statements}:
        chosen: dict[tuple[str, date], dict[str, Any]] = {}
        for each in statements:
            key = (each["organisation"], each["as_of"])
            if (each["measure"], each["breakdown"]) == thing and (
                key not in chosen or _prefer(each) < _prefer(chosen[key])
            ):
                chosen[key] = each
        own: dict[str, list[dict[str, Any]]] = {}
        for (who, _), each in chosen.items():
            own.setdefault(who, []).append(each)
        lead = min(own, key=lambda who: (who != primary, -len(own[who]), who))
        days: dict[tuple[str, str], tuple[int, date, list[dict[str, Any]]]] = {}
        for anchor in (each["as_of"] for each in own[lead]):
            nearest = [min(figures, key=lambda each: _measure(each, anchor)) for figures in own.values()]
            beside = [each for each in nearest if abs((each["as_of"] - anchor).days) <= 7]
            if len(beside) > 1:
                sides = sorted(beside, key=lambda each: (each["value"], each["organisation"]))
                ends = (sides[0], sides[-1])
                apart = sum(abs((each["as_of"] - anchor).days) for each in ends)
                key = (ends[0]["claim_id"], ends[1]["claim_id"])
                days[key] = min(days.get(key, (10**6, anchor, sides)), (apart, anchor, sides), key=_rank)
        for (low, high), (_, anchor, sides) in days.items():
            told = ([each[column] for each in sides] for column in ("organisation", "value"))
            found.append((*thing, anchor, low, high, *told))
    return sorted(found)


def _rank(each: tuple[int, date, list[dict[str, Any]]]) -> tuple[int, date]:
    return each[:2]


def _measure(each: dict[str, Any], anchor: date) -> tuple[int, bool]:
    return abs((each["as_of"] - anchor).days), each["as_of"] > anchor


def _prefer(each: dict[str, Any]) -> tuple[bool, int, str]:
    return (each["qualifier"] != "exact", -each["published"].toordinal(), each["claim_id"])


def _name(band: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(band[each] for each in ("measure", "breakdown", "as_of", "low_claim", "high_claim"))


def _tell(band: dict[str, Any]) -> tuple[Any, ...]:
    return (*_name(band), band["registries"], band["low_as_of"], band["low_value"], band["high_value"])
