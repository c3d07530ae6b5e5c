"""Random lists count in DuckDB as in plain Python; survival agrees with a textbook."""

import tempfile
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.core.situation import Situation, read_situation
from pipelines.stays.list_file import ListFile
from pipelines.stays.mapping import Mapping, read_mapping
from pipelines.stays.mistakes import Mistake, refuse_mistakes
from pipelines.stays.survival import Duration, estimate, sum_up
from pipelines.stays.tally import Question, open_tally
from tests.conftest import write_situation
from tests.pipelines.stays import naive
from tests.pipelines.stays.lists import MAPPING, NAME, PARTS, write_list
from tests.pipelines.stays.naive import Stay

TODAY = date(2026, 6, 1)
BASELINE = date(2026, 1, 8)
CUT, SINCE = date(2026, 4, 27), date(2026, 4, 20)
DAYS = st.dates(date(2026, 1, 1), TODAY)
BIRTHS = st.one_of(st.none(), st.dates(date(1950, 1, 1), date(2012, 12, 31)), st.just(date(2008, 2, 29)))


@st.composite
def stays(draw: st.DrawFn) -> Stay:
    """A row in which nothing is wrong by itself; beside others of its person it may well be."""
    entered = draw(DAYS)
    days = draw(st.sampled_from([None, 0, 1, 2, 5, 14, 30, 60]))
    left = None if days is None else min(entered + timedelta(days=days), TODAY)
    how = draw(st.sampled_from([*naive.ROLES, None])) if left else None
    sex = draw(st.sampled_from(["F", "M", None]))
    return Stay(draw(st.sampled_from("abcdefghijklmnop")), entered, left, how, sex, draw(BIRTHS))


@st.composite
def placements(draw: st.DrawFn) -> Stay:
    """A row of one of few people, so that they are often in two places at once."""
    place = draw(st.sampled_from(["Norte", "South", None]))
    return replace(draw(stays()), person=draw(st.sampled_from("abcd")), facility=place)


@pytest.fixture(scope="module")
def situation(tmp_path_factory: pytest.TempPathFactory) -> Situation:
    folder = write_situation(tmp_path_factory.mktemp("data"))
    path = folder / "situation.toml"
    path.write_text(path.read_text() + PARTS)
    return read_situation(folder)


def make_mapping(situation: Situation, text: str = MAPPING) -> Mapping:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "mapping.toml"
        path.write_text(text)
        return read_mapping(path, situation)


def read(
    situation: Situation, rows: list[Stay], question: Question, text: str = MAPPING
) -> tuple[pl.DataFrame, list[Mistake]]:
    with tempfile.TemporaryDirectory() as folder:
        path = write_list(Path(folder) / "list.csv", rows)
        mapping = make_mapping(situation, text)
        with open_tally(ListFile(path), mapping, situation, question, Path(folder) / "private") as tally:
            return tally.read_cells(), tally.read_mistakes()


def ask(cut: date = CUT, since: date | None = SINCE) -> Question:
    return Question(cut, TODAY, BASELINE, [(since, cut)], since)


def list_cells(cells: pl.DataFrame, cut: date = CUT) -> dict[tuple[str, str], int]:
    at_cut = cells.filter((pl.col("as_of") == cut) & (pl.col("value") > 0))
    return {(measure, breakdown): value for measure, breakdown, _, _, value in at_cut.iter_rows()}


@settings(max_examples=25, deadline=None)
@given(rows=st.lists(stays(), min_size=1, max_size=25), over_day=st.booleans())
def test_a_random_list_counts_as_in_plain_python(
    situation: Situation, rows: list[Stay], over_day: bool
) -> None:
    text = MAPPING.replace("grain =", 'head_count = "day"\ngrain =') if over_day else MAPPING
    cells, _ = read(situation, rows, ask(), text)
    stays = [replace(each, left=None) if each.how == "Traslado" else each for each in rows]  # no exit
    assert list_cells(cells) == naive.tally(naive.merge(stays), CUT, SINCE, BASELINE, over_day=over_day)


@settings(max_examples=12, deadline=None)
@given(
    rows=st.lists(st.one_of(stays(), placements()), min_size=1, max_size=25),
    gap=st.integers(0, 10),
    over_day=st.booleans(),
)
def test_placements_within_the_gap_are_one_stay(
    situation: Situation, rows: list[Stay], gap: int, over_day: bool
) -> None:
    text = MAPPING.replace('grain = "stays"', f'grain = "placements"\ngap_hours = {24 * gap}')
    cells, _ = read(situation, rows, ask(), f'head_count = "day"\n{text}' if over_day else text)
    merged = naive.merge(rows, timedelta(days=gap))
    told = naive.tally(merged, CUT, SINCE, BASELINE, over_day=over_day)
    assert list_cells(cells) == told | naive.count_places(rows, CUT, over_day=over_day)


@settings(max_examples=8, deadline=None)
@given(rows=st.lists(stays(), min_size=1, max_size=25))
def test_a_series_is_its_bulletins_one_by_one(situation: Situation, rows: list[Stay]) -> None:
    days = [CUT - timedelta(days=7 * back) for back in range(12, -1, -1)]
    moments: list[tuple[date | None, date]] = [(day - timedelta(days=7), day) for day in days]
    series, _ = read(situation, rows, Question(CUT, TODAY, BASELINE, moments, SINCE))
    merged = naive.merge([replace(each, left=None) if each.how == "Traslado" else each for each in rows])
    for starts, day in moments:
        assert list_cells(series, day) == naive.tally(merged, day, starts, BASELINE)


ENTERED, LEFT = date(2026, 2, 1), date(2026, 4, 15)
NEXT_DAY = ENTERED + timedelta(days=1)
TWO_ROWS_OF_ONE_STAY = {  # rows of one person, and who is held and has been released at the cut
    "no exit, and an exit": ([(ENTERED, None, None), (ENTERED, LEFT, "Indulto")], 0, 1),
    "an exit, and no exit": ([(ENTERED, LEFT, "Indulto"), (ENTERED, None, None)], 0, 1),
    "the one with an exit began later": ([(ENTERED, None, None), (NEXT_DAY, LEFT, "Indulto")], 0, 1),
    "out on the next day": ([(ENTERED, NEXT_DAY, "Indulto"), (ENTERED, None, None)], 0, 1),
    "out and in again on that day": ([(ENTERED, None, None), (ENTERED, ENTERED, "Indulto")], 1, 1),
    "the last says nothing of how": ([(ENTERED, LEFT, "Indulto"), (NEXT_DAY, LEFT, None)], 0, 1),
    "the last says how": ([(ENTERED, LEFT, None), (NEXT_DAY, LEFT, "Indulto")], 0, 1),
    "the last says another": ([(ENTERED, LEFT, "Indulto"), (NEXT_DAY, LEFT, "Casa")], 0, 0),
    "a later exit says nothing": ([(ENTERED, NEXT_DAY, "Indulto"), (ENTERED, LEFT, None)], 0, 0),
}


@pytest.mark.parametrize("case", TWO_ROWS_OF_ONE_STAY)
def test_what_one_of_two_rows_says_of_the_exit_is_not_lost(situation: Situation, case: str) -> None:
    pair, held, released = TWO_ROWS_OF_ONE_STAY[case]
    cells, _ = read(situation, [Stay("a", *exit_, None, None) for exit_ in pair], ask())
    counted = list_cells(cells)
    assert counted.get(("in_custody", "total"), 0) == held
    assert counted.get(("released_to_date", "total"), 0) == released


def test_an_exit_of_which_the_list_does_not_say_how_is_told_and_stops_no_count(situation: Situation) -> None:
    rows = [Stay(each, ENTERED, LEFT, None, None, None) for each in "ab"]
    rows += [Stay("c", ENTERED, LEFT, "Casa", None, None), Stay("d", ENTERED, None, None, None, None)]
    _, mistakes = read(situation, rows, ask())
    assert mistakes == [Mistake("exit_unexplained", "Motivo", 2, [2, 3])]
    refuse_mistakes("list.csv", mistakes, make_mapping(situation), lenient=False)
    without = MAPPING.split("[how]")[0] + MAPPING[MAPPING.index("[sex]") :]
    assert read(situation, rows, ask(), without)[1] == []  # no column says it


@pytest.mark.parametrize("grain", ['"stays"', '"placements"\ngap_hours = 6'])
def test_who_left_and_came_again_on_the_day_of_the_cut_is_one_person(
    situation: Situation, grain: str
) -> None:
    out, again = (datetime.combine(CUT, time(hour)) for hour in (8, 20))
    rows = [
        *(Stay(each, day, left, None, "F", date(1990, 1, 1), "Norte")
          for each in "abcde" for day, left in ((ENTERED, out), (again, None))),
        Stay("f", ENTERED, CUT, "Indulto", "F", date(1990, 1, 1), "Norte"),
    ]  # fmt: skip
    text = MAPPING.replace('grain = "stays"', f'head_count = "day"\ngrain = {grain}')
    cells, _ = read(situation, rows, ask(), text)
    counted = list_cells(cells)
    for part in ("total", "sex=female", "age=adult", "facility=north"):
        assert counted["in_custody", part] == 6
    assert (counted["detained", "total"], counted["released", "total"]) == (5, 1)  # flows tell every stay


def test_a_person_is_in_one_facility_that_of_the_placement_that_began_last(situation: Situation) -> None:
    march, later, sent = date(2026, 3, 10), CUT + timedelta(days=20), CUT - timedelta(days=5)
    rows = [
        *(Stay(f"open {each}", day, None, None, None, None, place)
          for each in range(20) for day, place in ((ENTERED, "Norte"), (march, "South"))),
        *(Stay("one facility", day, later, None, None, None, "Norte") for day in (ENTERED, march)),
        *(Stay("twice", ENTERED, None, None, None, None, place) for place in ("Norte", "South", None)),
        Stay("back again", ENTERED, later, None, None, None, "Norte"),
        Stay("back again", march, sent, "Traslado", None, None, "South"),
        Stay("not back yet", ENTERED, later, None, None, None, "Norte"),
        Stay("not back yet", sent, later - timedelta(days=1), "Traslado", None, None, "South"),
        Stay("moved on that day", ENTERED, CUT, "Traslado", None, None, "Norte"),
        Stay("moved on that day", CUT, None, None, None, None, "South"),
    ]  # fmt: skip
    text = MAPPING.replace('grain = "stays"', 'grain = "placements"\ngap_hours = 24')
    for head_count in ("midnight", "day"):
        cells, _ = read(situation, rows, ask(), f'head_count = "{head_count}"\n{text}')
        counted = list_cells(cells)
        assert counted["in_custody", "total"] == 25
        assert counted["in_custody", "facility=south"] == 23
        assert counted["in_custody", "facility=north"] == 2


def test_zero_is_told_of_what_the_list_counts_and_of_nothing_else(situation: Situation) -> None:
    born = date(1990, 1, 1)
    cells, _ = read(situation, [Stay("a", date(2026, 2, 1), None, None, "F", born)], ask())
    zeros = set(cells.filter((pl.col("value") == 0) & (pl.col("measure") == "in_custody"))["breakdown"])
    assert zeros == {"sex=male", "age=adolescent"}
    without = MAPPING.replace('"Falleció" = { to = "died" }\n', "")
    cells, _ = read(situation, [Stay("a", date(2026, 2, 1), None, None, "F", born)], ask(), without)
    assert "deaths_in_custody_to_date" not in set(cells["measure"])


def test_another_gap_is_told_with_what_it_would_join(situation: Situation, tmp_path: Path) -> None:
    rows = [
        Stay("a", date(2026, 2, 1), date(2026, 2, 5), None, "F", None),
        Stay("a", date(2026, 2, 5), date(2026, 3, 1), None, "F", None),
        Stay("a", date(2026, 3, 3), None, None, "F", None),
    ]
    text = MAPPING.replace('grain = "stays"', 'grain = "placements"\ngap_hours = 24')
    mapping = make_mapping(situation, text)
    path = write_list(tmp_path / "list.csv", rows)
    with open_tally(ListFile(path), mapping, situation, ask(), tmp_path / "private") as tally:
        gaps = {each["gap_hours"]: (each["joined"], each["stays"]) for each in tally.read_gaps()}
        between = [each["between_at_cut"] for each in tally.read_gaps()]
        stated = [each["gap_hours"] for each in tally.read_gaps() if each["is_stated"]]
    assert gaps == {0: (1, 2), 6: (1, 2), 12: (1, 2), 24: (1, 2), 48: (2, 1), 168: (2, 1), 720: (2, 1)}
    assert stated == [24]
    assert between == [0] * 7


def test_who_is_between_two_placements_at_the_cut_is_told_by_gap(
    situation: Situation, tmp_path: Path
) -> None:
    rows = [
        Stay("a", date(2026, 2, 1), CUT, None, "F", None),
        Stay("a", CUT + timedelta(days=2), None, None, "F", None),
    ]
    text = MAPPING.replace('grain = "stays"', 'grain = "placements"\ngap_hours = 48')
    path = write_list(tmp_path / "list.csv", rows)
    with open_tally(
        ListFile(path), make_mapping(situation, text), situation, ask(), tmp_path / "private"
    ) as tally:
        assert list_cells(tally.read_cells())["in_custody", "total"] == 1
        between = {each["gap_hours"]: each["between_at_cut"] for each in tally.read_gaps()}
    assert between == {0: 0, 6: 0, 12: 0, 24: 0, 48: 1, 168: 1, 720: 1}


def test_a_list_larger_than_memory_is_spilled_unreadably(situation: Situation, tmp_path: Path) -> None:
    rows = pl.select(number=pl.int_range(600_000)).select(
        pl.format("{} {}", pl.lit(NAME), "number").alias("Código"),
        pl.lit(NAME).alias("Nombre"),
        pl.lit(date(2026, 1, 1)).alias("Entrada"),
        *(
            pl.lit(None, pl.String).alias(name)
            for name in ("Salida", "Motivo", "Sexo", "Nacimiento", "Centro")
        ),
    )
    rows.write_parquet(tmp_path / "list.parquet")
    mapping, private = make_mapping(situation), tmp_path / "private"
    with open_tally(
        ListFile(tmp_path / "list.parquet"), mapping, situation, ask(), private, "200MB"
    ) as tally:
        assert list_cells(tally.read_cells()) == {("in_custody", "total"): 600_000}
        spilled = [path.read_bytes() for path in private.rglob("*") if path.is_file()]
    assert sum(map(len, spilled)) > 1_000_000
    assert not any(word in each for each in spilled for word in NAME.encode().split())
    assert list(private.iterdir()) == []


def test_survival_agrees_with_the_textbook() -> None:
    """Weeks in remission of 21 patients under 6-mercaptopurine (Freireich 1963), as it is taught."""
    ended = {6: 3, 7: 1, 10: 1, 13: 1, 16: 1, 22: 1, 23: 1}
    open_ = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    days = sorted({*ended, *open_})
    durations = [Duration(day, ended.get(day, 0), ended.get(day, 0) + open_.count(day)) for day in days]
    steps = {step.days: step for step in estimate(durations)}
    shares = {6: 0.857, 7: 0.807, 10: 0.753, 13: 0.690, 16: 0.627, 22: 0.538, 23: 0.448}
    assert {day: round(step.share, 3) for day, step in steps.items()} == shares
    assert [steps[day].at_risk for day in shares] == [21, 17, 15, 12, 11, 7, 6]
    assert (round(steps[6].low, 3), round(steps[6].high, 3)) == (0.620, 0.952)
    assert (round(steps[23].low, 3), round(steps[23].high, 3)) == (0.188, 0.680)
    found = sum_up(durations, 5)
    assert found is not None
    assert (found.median, found.median_low, found.median_high) == (23, 13, None)
    assert sum_up(durations, 10) is None
