"""Over the bundled data: a difference is given where the rule gives one, equal to it, and nowhere else."""

from functools import lru_cache
from itertools import pairwise
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboards.mcp_server import tools
from dashboards.mcp_server.tools import compare_figures
from dashboards.metrics.change import last_change
from dashboards.queries import database, series
from dashboards.queries.view import View
from pipelines.warehouse.published_build import Build
from tests.dashboards.app.test_real_figures import bundled, venezuela

__all__ = ["bundled", "venezuela"]  # fixtures

SERIES = ("situation", "organisation", "measure", "population", "breakdown", "baseline")


@lru_cache
def read(build: Build, table: str) -> pl.DataFrame:
    frame: pl.DataFrame = database.open_connection(build).cursor().table(table).pl()
    return frame


def expect(build: Build, one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any] | None:
    """The difference by `metrics/change` within the mart `series`; None where that rule gives none."""
    same = all(one[name] == other[name] for name in (*SERIES, "kind"))
    open_start = one["kind"] == "cumulative" and one["baseline"] is None
    if not same or open_start or one["kind"] in ("flow", "promise") or one["as_of"] == other["as_of"]:
        return None
    if any(each["withheld"] or each["doubt"] for each in (one, other)):
        return None
    line = series.select_rows(read(build, "series"), **{name: one[name] for name in SERIES})
    both = line.filter(
        pl.col("as_of").is_in([one["as_of"], other["as_of"]]),
        pl.col("doubt").is_null(),
        ~pl.col("suppressed"),
    )
    breaks = series.read_unbridged_breaks(build, one["situation"])
    change = last_change(both, breaks.get((one["organisation"], one["measure"], one["population"]), []))
    if change is None or change.refusal is not None:
        return None
    return {"outcome": change.outcome, "least": change.least, "most": change.most}


def compare(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    content: dict[str, Any] | None = compare_figures(
        one["figure_id"], other["figure_id"], "en"
    ).structured_content
    assert content is not None
    return content


@lru_cache
def list_rows(build: Build) -> list[dict[str, Any]]:
    """Every figure of the build, series after series."""
    return read(build, "figures").sort(*SERIES, "as_of", "claim_id").to_dicts()


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_difference_is_given_only_where_the_rule_gives_it(venezuela: View, data: st.DataObject) -> None:
    rows = list_rows(venezuela.build)
    first = data.draw(st.integers(0, len(rows) - 1))
    near = st.integers(max(0, first - 8), min(len(rows) - 1, first + 8))  # mostly of the same series
    one, other = rows[first], rows[data.draw(near | st.integers(0, len(rows) - 1))]
    told = compare(one, other)
    assert told["difference"] == expect(venezuela.build, one, other)
    assert (told["difference"] is None) == (told["refusal"] is not None)
    if told["difference"] is None:
        assert "more." not in told["sentences"][0]
        assert "fewer." not in told["sentences"][0]


def test_the_series_of_the_headline_is_subtracted_from_figure_to_figure(
    venezuela: View,
) -> None:
    rows = list_rows(venezuela.build)
    of = {
        "situation": "venezuela",
        "organisation": "foro_penal",
        "measure": "in_custody",
        "breakdown": "total",
    }
    line = [row for row in rows if of.items() <= row.items() and row["as_of"].year == 2026]
    subtracted = 0
    for one, other in pairwise(line):
        told = compare(one, other)
        assert told["difference"] == expect(venezuela.build, one, other)
        subtracted += told["difference"] is not None
    assert subtracted > 10


def test_a_long_answer_is_cut_between_sentences(venezuela: View, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tools, "LONGEST", 4000)
    answer = tools.list_figures("in_custody", limit=20, situation=venezuela.situation_id, language="es")
    lines, content = answer.content[0].text.split("\n"), answer.structured_content  # type: ignore[union-attr]
    assert sum(map(len, lines)) <= 4000 + len(venezuela.words("programs.cut"))
    assert venezuela.words("programs.cut") in lines
    assert content is not None
    assert set(content["sentences"]) - set(lines)
    whole = {*content["sentences"], *content["caveats"], venezuela.words("programs.cut")}
    assert [line for line in lines[:-1] if line not in whole and str(content["left_out"]) not in line] == []
