"""The bundled data show the named cases by themselves: gaps, contradictions, bridge, bands, announcements."""

import re

import polars as pl
import pytest

from dashboards.exhibits import (
    announcements,
    comparisons,
    contradictions,
    pace_charts,
    parts_chart,
    reconciliation,
    registers,
    releases_by_role,
)
from dashboards.i18n.translations import list_languages, read_words
from dashboards.mcp_server import tools
from dashboards.metrics.comparison_matrix import make_matrix
from dashboards.metrics.whole_way import find_whole_way
from dashboards.queries import database
from dashboards.queries.view import View
from pipelines.core.model import Kind
from tests.dashboards.app.test_real_figures import (
    bundled,
    venezuela,
)
from tests.dashboards.conftest import opened, text_of

__all__ = ["bundled", "venezuela"]  # fixtures


def pair(frame: pl.DataFrame, left: int, right: int) -> pl.DataFrame:
    return frame.filter(pl.col("left_value") == left, pl.col("right_value") == right)


def test_179_against_109_compares_and_3200_against_109_is_refused(venezuela: View) -> None:
    drawn = comparisons.make_comparison(venezuela, True, "2026-02-24", 1)
    assert set(pair(drawn.frame, 179, 109)["reason"]) == {"declared_equivalent"}
    refused = comparisons.make_comparison(venezuela, False, "2026-02-24", 1)
    assert refused.figure is None
    assert set(pair(refused.frame, 3200, 109)["reason"]) == {"different_population"}
    assert any("no son las mismas personas" in str(row[-1]) for row in refused.rows)


def test_of_the_bundled_totals_only_those_of_one_start_are_subtracted(venezuela: View) -> None:
    matrix = make_matrix(venezuela)
    assert matrix is not None
    first = matrix.comparable[0]
    assert (first.left["value"], first.right["value"], first.low, first.high) == (626, 269, 357, 357)
    bounds = {(cell.left["value"], cell.right["value"]): cell for cell in matrix.comparable}
    assert (bounds[303, 201].low, bounds[303, 201].high) == (102, None)
    assert (626, 156) not in bounds  # one outlet's start against six
    assert {cell.kind for row in matrix.cells for cell in row} >= {"start", "cause", "people", "promise"}


def test_808_is_set_against_nothing_since_its_carriers_deny_each_others_start(venezuela: View) -> None:
    refused = comparisons.make_comparison(venezuela, False, "2026-01-26", 1)
    for other in (266, 383):
        assert set(pair(refused.frame, 808, other)["reason"]) == {"unknown_window"}
    assert any(
        "Gobierno de Venezuela no dice desde cuándo cuenta" in str(row[-1])
        and "8 de enero de 2026" in str(row[-1])
        for row in refused.rows
    )
    matrix = make_matrix(venezuela)
    assert matrix is not None
    assert 808 not in {cell.left["value"] for cell in matrix.comparable}


def test_300_announced_in_the_week_of_15_may_have_38_verified_by_the_21st(venezuela: View) -> None:
    (row,) = [row for row in announcements.make_announcements(venezuela).rows if row[0] == "21 may 2026"]
    assert row[3] == "38"


def test_the_week_of_4_may_leaves_four_people_unexplained(venezuela: View) -> None:
    way = next(way for way in reconciliation.list_ways(venezuela) if "2026-04-27.2026-05-04" in way)
    summary = reconciliation.make_reconciliation(venezuela, way).summary
    assert "Salieron de prisión: 1".lower() in summary.lower()
    assert "detenciones nuevas: 0" in summary
    assert "Lo informado no explica 4 más." in summary


def test_of_768_who_left_only_333_show_in_the_number_held(venezuela: View) -> None:
    way = find_whole_way(venezuela)
    assert way is not None
    assert (way.opening["value"], way.left["value"], way.closing["value"]) == (806, 768, 473)
    assert (way.fell, way.newly_detained, way.unexplained) == (333, 18, 417)
    assert {row["organisation"] for row in (way.opening, way.left, way.closing, *way.detained)} == {
        "foro_penal"
    }
    exhibit = reconciliation.make_whole_way(venezuela)
    assert exhibit is not None
    assert exhibit.figure is not None
    said = " ".join(note.text for note in exhibit.figure.layout.annotations)
    for number in ("−768", "+18 o más", "unas +417 o menos", "baja<br>333"):
        assert f"<b>{number}</b>" in said


def test_494_and_759_are_two_edges_of_one_band_each_with_its_own_day(venezuela: View) -> None:
    rows = registers.make_bands(venezuela).rows
    (band,) = [row for row in rows if "494 (28 feb 2026)" in str(row[1]) and "759 (" in str(row[2])]
    assert "759 (2 mar 2026)" in str(band[2])


def told(view: View) -> list[contradictions.Finding]:
    """What the page of checks says of each thing that does not add up, the largest first."""
    found, _ = contradictions.count_findings(view)
    pages = range(1, -(-found // contradictions.PER_PAGE) + 1)
    return [each for page in pages for each in contradictions.list_findings(view, page)[0]]


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        ("cumulative_falls", "al 26 de septiembre de 2024: 17.609, y después 17.577. No encaja por 32"),
        ("parts_do_not_add_up", "al 6 de julio de 2026: 372 en total, y sus partes suman 373"),
        ("parts_do_not_add_up", "al 6 de febrero de 2026: 453, 345, frente a 107. No encaja por 1 persona"),
        ("cumulative_falls", "al 18 de marzo de 2026: 7.727, y después 7.580. No encaja por 147"),
        ("applications_told_as_releases", "solicitudes de amnistía, acumulado"),
        ("applications_told_as_releases", "al 21 de febrero de 2026: al menos 1.557"),
        ("flow_exceeds_cumulative_change", "60 en el período, más que los 52 de todo su total"),
        ("two_values_one_moment", "al 8 de enero de 2026: 1.011, frente a 1.082. No encaja por 71"),
    ],
)
def test_the_named_contradictions_are_told(venezuela: View, rule: str, sentence: str) -> None:
    named = [each for each in told(venezuela) if venezuela.words(f"rule_text.{rule}") in each.rule]
    assert any(sentence in each.sentence for each in named), sentence


def test_a_number_of_applications_that_nothing_contradicts_is_no_case(venezuela: View) -> None:
    assert contradictions.compose_answer(venezuela) == (
        "Las reglas hallaron 22 casos de cifras publicadas que no pueden ser ciertas a la vez, "
        "1 número de solicitudes contado como salidas y 5 cifras en duda por sí solas; 0 con explicación."
    )
    (alone,) = [each for each in told(venezuela) if "1.557" in each.brief]
    (both,) = [each for each in told(venezuela) if ": 379." in each.brief]
    assert (len(alone.sides), len(both.sides)) == (1, 2)
    assert "así lo contó Bastille Post / AP" in alone.about
    assert "así lo contó La Razón (México)" in both.about


def test_a_figure_in_doubt_and_in_no_contradiction_stands_among_them_with_its_size(
    venezuela: View,
) -> None:
    (stray,) = [each for each in told(venezuela) if "388" in each.brief]
    assert (stray.people, stray.state, stray.name) == (180, "in_doubt", "Fuera de serie")
    assert stray.brief == "En prisión o bajo custodia: 388, y alrededor 644 y 568."
    assert [each.amount for each in stray.sides] == ["388", "644", "568"]
    text = text_of(opened("doubts", conflict=stray.key))
    assert "No encaja por 180 personas." in text


def test_what_does_not_add_up_goes_from_the_most_people_to_the_fewest(venezuela: View) -> None:
    sizes = [each.people for each in told(venezuela) if each.people is not None]
    assert sizes == sorted(sizes, reverse=True)
    inbox = contradictions.read_inbox(venezuela, 1)
    assert sum(inbox.counts.values()) == len(told(venezuela)) == inbox.matching
    falls = contradictions.read_inbox(venezuela, 1, "cumulative_falls")
    assert {each.name for each in falls.findings} == {"Un total acumulado que baja"}
    assert falls.matching == inbox.counts["cumulative_falls"]


def test_no_two_contradictions_read_alike_since_each_names_its_window(venezuela: View) -> None:
    sentences = [each.sentence for each in told(venezuela)]
    assert len(set(sentences)) == len(sentences) > 20


def test_both_paces_of_counts_that_do_not_fit_are_of_the_days_that_are_told(venezuela: View) -> None:
    exhibit = pace_charts.make_intervals(venezuela, Kind.CUMULATIVE)
    assert "a entre 14 y 20 en los 39 días hasta el 21 de abril de 2026" in exhibit.title
    assert exhibit.fit is not None
    drawn = " ".join(note.text for note in exhibit.fit(780, 440).layout.annotations).replace("<br>", " ")
    assert "78 en 39 días según su total, 114 según sus semanas: entre 14 y 20 por semana" in drawn


def test_no_derived_flow_is_below_zero(venezuela: View) -> None:
    found = database.read_mart(venezuela.build, "venezuela", "reconciliation", "as_of")
    lows = [each for term in reconciliation.FLOWS for each in found[f"{term}_low"].drop_nulls().to_list()]
    assert len(lows) > 10
    assert min(lows) >= 0


def test_how_people_left_is_a_part_of_all_who_left(venezuela: View) -> None:
    parts = database.read_mart(venezuela.build, "venezuela", "breakdowns", "as_of")
    through = parts.filter(pl.col("breakdown") == "mechanism=amnesty")
    assert through.select("value", "total").rows() == [(166, 673), (180, 790), (186, 768)]


def test_11000_under_measures_are_not_set_against_448_released_since_january(venezuela: View) -> None:
    found = database.read_mart(venezuela.build, "venezuela", "gaps", "as_of")
    for right in (448, 1):
        refused = pair(found, 11000, right)
        assert refused.height
        assert set(refused["reason"]) == {"different_cohort"}


def test_officials_and_who_verified_share_a_panel_that_says_not_to_subtract(venezuela: View) -> None:
    exhibit = releases_by_role.make_releases_by_role(venezuela)
    assert exhibit.figure is not None
    drawn = {trace.name for trace in exhibit.figure.data if trace.name}
    assert drawn == {"Foro Penal", "Gobierno"}
    notes = " ".join(note.text for note in exhibit.figure.layout.annotations)
    for said in (
        "768 tiene otro comienzo: no se resta", "Foro Penal: 768 del 8 ene al 21 abr 2026.",
        ">626<", ">269<", ">896<",
        "dice el Gobierno de Venezuela, 23 ene", "verificó Foro Penal, 23 ene",
    ):  # fmt: skip
        assert said in notes
    assert not {"897", "808"} & set(re.findall(r">(\d+)<", notes))  # taken back; of no known start
    listed = [str(row[5]) for row in exhibit.rows[:7]]  # what is drawn, before the newest of all
    assert all(any(number in cell for cell in listed) for number in ("626", "269", "896", "383"))
    assert "9000" not in str([trace.y for trace in exhibit.figure.data])
    assert "cerca de 9.000 personas" in " ".join(exhibit.key)  # another thing, in words
    assert "La más reciente anunciada: Asamblea Nacional, 300" in exhibit.summary


def test_breakdowns_are_drawn_over_time_and_no_withheld_cell_is(venezuela: View) -> None:
    exhibit = parts_chart.make_parts_over_time(venezuela, "foro_penal in_custody age")
    assert exhibit is not None
    assert exhibit.figure is not None
    withheld = set(exhibit.whole().filter("suppressed")["as_of"])  # type: ignore[misc]
    columns = {day for trace in exhibit.figure.data if trace.xaxis == "x" for day in trace.x}
    assert withheld
    assert columns
    assert not columns & withheld


def test_35_of_404_were_women_and_the_bulletin_whose_parts_make_373_is_left_out(venezuela: View) -> None:
    sex = parts_chart.make_parts_over_time(venezuela, "foro_penal in_custody sex")
    service = parts_chart.make_parts_over_time(venezuela, "foro_penal in_custody service")
    assert sex is not None
    assert service is not None
    assert sex.title.startswith("De 404 personas en prisión el 1 de junio de 2026, 35 eran mujeres;")
    assert "El boletín del 6 de julio de 2026 (372) no se dibuja: sus partes suman 373." in service.source
    for drawn in (sex.figure, sex.narrow, service.figure):
        assert drawn is not None
        assert "adolescentes" not in drawn.to_json()  # one of them is fewer than five


@pytest.mark.usefixtures("bundled")
@pytest.mark.parametrize("language", list_languages())
@pytest.mark.parametrize("page", ["compare", "doubts", "parts"])
def test_every_bundled_situation_has_these_pages(page: str, language: str) -> None:
    for situation in database.read_situations(database.find_current_build()):
        text = text_of(opened(page, lang=language, situation=situation.id))
        names = [situation.name_of.get(language), situation.name_in.get(language)]
        assert any(each in text for each in [read_words(language).of(situation.name), *filter(None, names)])
        assert "no se pudo mostrar" not in text
        assert "could not be shown" not in text


@pytest.mark.parametrize("number", ["391", "746"])
@pytest.mark.parametrize("language", list_languages())
def test_what_this_site_showed_wrongly_is_answered(venezuela: View, language: str, number: str) -> None:
    ours = read_words(language)("lookup.ours")
    assert ours in text_of(opened("claims", situation=venezuela.situation_id, lang=language, number=number))
    answer = tools.look_up_number(number, venezuela.situation_id, language)
    assert f"{ours}: {number}." in str(answer.content)
