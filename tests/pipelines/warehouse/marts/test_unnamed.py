"""Two figures of a speaker whom nobody named may be of two: no step, rhythm, revision, break or band."""

import polars as pl
import pytest

from pipelines.core.frames import read_frame
from pipelines.warehouse import build, published_build
from tests.pipelines.warehouse.marts.conftest import ORGANISATIONS, WEEK, day, figure, write

NAMED = '[[organisation]]\nid = "someone"\nname = "Someone"\nrole = "ngo"\n'
MARTS = ("reconciliation", "rhythms", "revisions", "breaks", "bands", "revolving_door", "breakdowns")
PART = "sex=female"
SAID = [
    *({**each, "organisation": "someone"} for each in WEEK),
    *(figure("someone", "in_custody", 470 + week, 7 * week) for week in range(2, 5)),
    figure("someone", "in_custody", 300, 35, provenance="primary"),
    figure("someone", "in_custody", 310, 35, published=40, provenance="primary"),
    *(figure("someone", "released_to_date", 9 + at, at, since=-30) for at in (1, 2)),
    *(figure("someone", "released_to_date", 5 + at, at, since=-10) for at in (3, 4)),
    *(figure("primary", "in_custody", 400, 7 * week) for week in range(5)),
    figure("someone", "in_custody", 40, 14, breakdown=PART, publisher="Other Daily"),
    figure("someone", "in_custody", 44, 21, breakdown=PART),
]


@pytest.fixture(scope="module", params=[False, True])
def told(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, pl.DataFrame]:
    """The rows of each mart about one speaker, and `unnamed`: whether nobody named them."""
    marked = NAMED + ("unnamed = true\n" if request.param else "")
    data = write(tmp_path_factory.mktemp("unnamed"), SAID, organisations=ORGANISATIONS + marked)
    build.build(data, today=day(60))
    with published_build.open_current(data) as con:
        found = {name: read_frame(con.table(name)) for name in MARTS}
    own = {name: rows.filter(organisation="someone") for name, rows in found.items() if name != "bands"}
    return own | {"bands": found["bands"], "unnamed": pl.DataFrame({"is": [request.param]})}


def test_two_figures_are_of_one_only_where_the_speaker_is_named(told: dict[str, pl.DataFrame]) -> None:
    named = not told["unnamed"]["is"].item()
    for mart in ("reconciliation", "revisions", "breaks", "bands", "revolving_door"):
        assert told[mart].is_empty() != named, mart
    rhythm = told["rhythms"].filter(measure="in_custody").row(0, named=True)
    assert (rhythm["rhythm_days"], rhythm["basis"]) == ((7, "usual") if named else (None, None))


def test_a_part_is_of_a_total_of_the_same_speaker_or_of_the_same_report(
    told: dict[str, pl.DataFrame],
) -> None:
    named = not told["unnamed"]["is"].item()
    totals = told["breakdowns"].filter(pl.col("stated")).sort("as_of")["total"].to_list()
    assert totals == [472 if named else None, 473]
