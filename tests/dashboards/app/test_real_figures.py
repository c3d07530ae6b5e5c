"""The pages of the bundled data show the figures that were transcribed from the reference by hand."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from dashboards.exhibits import chart_registry, figures_over_time, own_corrections
from dashboards.i18n.translations import list_languages, read_words
from dashboards.metrics.comparison_matrix import make_matrix
from dashboards.metrics.headline import find_headlines
from dashboards.queries import claim_rows, database, series
from dashboards.queries.view import View
from pipelines.core.model import Measure
from pipelines.core.paths import ROOT, DataDir
from pipelines.core.situation import read_situation
from pipelines.warehouse import build
from tests.dashboards.conftest import opened, text_of

TODAY = date(2026, 11, 28)  # the day of the last reading: the bundled data know nothing of a day before
IN_CUSTODY = {"2024-11-11": 1976, "2026-01-05": 806, "2026-04-27": 454, "2026-08-03": 382}


@pytest.fixture(scope="session")
def bundled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The bundled data, built once beside a copy of it."""
    root = tmp_path_factory.mktemp("bundled") / "data"
    shutil.copytree(ROOT / "data", root, ignore=shutil.ignore_patterns("build", "inbox"))
    build.build(DataDir(root), today=TODAY)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LIBEROMETRO_DATA", str(root))
        patch.setenv("LIBEROMETRO_TODAY", TODAY.isoformat())
        yield root


@pytest.fixture
def venezuela(bundled: Path) -> View:
    """The Spanish view of Venezuela."""
    assert bundled.exists()
    return View(database.find_current_build(), "venezuela", "es", TODAY)


def test_foro_penal_in_custody(venezuela: View) -> None:
    exhibit = figures_over_time.make_progress(
        venezuela, Measure.IN_CUSTODY, ("foro_penal",), (), date(2024, 1, 1), TODAY, ()
    )
    stated = exhibit.frame.filter(pl.col("qualifier") == "exact")
    shown = {day.isoformat(): value for day, value in stated.select("as_of", "value").iter_rows()}
    assert {day: shown[day] for day in IN_CUSTODY} == IN_CUSTODY


@pytest.mark.parametrize("language", list_languages())
def test_our_corrections_call_an_organisation_as_the_pages_do(venezuela: View, language: str) -> None:
    view = replace(venezuela, language=language)
    mistakes = own_corrections.list_mistakes(view, per_page=1000)
    assert len(mistakes) > 200
    other = {venezuela.names[each] for each, name in view.names.items() if venezuela.names[each] != name}
    found = [each.why for each in mistakes if any(name in each.why for name in other)]
    assert found == []


@pytest.mark.usefixtures("bundled")
@pytest.mark.parametrize("language", list_languages())
def test_a_situation_names_who_counts_once_where_it_publishes_itself(language: str) -> None:
    text = text_of(opened("situations", lang=language))
    name = {"es": "Servicio de Inmigración y Control", "pt": "Serviço de Imigração e Alfândega"}.get(
        language, "U.S. Immigration and Customs Enforcement"
    )
    assert text.count(name) == 1


def test_foro_penal_released_since_8_january(venezuela: View) -> None:
    left = find_headlines(venezuela).left
    assert series.select_rows(left.line, as_of=date(2026, 2, 22))["value"].to_list() == [464]


@pytest.mark.usefixtures("bundled")
def test_the_overview_shows_the_newest_figure_and_says_that_it_is_old() -> None:
    text = text_of(opened("overview"))
    assert "El 3 de agosto de 2026, Foro Penal contaba 382 personas en prisión por motivos políticos" in text
    assert "Cifra antigua: se espera una cada 7 días." in text
    assert "de segunda mano" in text


@pytest.mark.parametrize("language", list_languages())
def test_the_limits_do_not_deny_the_differences_that_the_pages_compute(
    venezuela: View, language: str
) -> None:
    view = replace(venezuela, language=language)
    matrix = make_matrix(view)
    assert matrix is not None
    assert matrix.comparable
    only = {
        "es": "se restan entre sí solo donde",
        "en": "other only where",
        "pt": "só se subtraem entre si onde",
    }
    assert only[language] in text_of(opened("limits", lang=language))


@pytest.mark.usefixtures("bundled")
def test_the_progress_page_has_the_figures_in_its_tables() -> None:
    text = text_of(opened("progress", **{"from": "2024-01-01"}))
    for figure in ("1.976", "806", "454", "382", "464"):
        assert f" {figure} " in text


@pytest.mark.usefixtures("bundled")
@pytest.mark.parametrize("language", list_languages())
@pytest.mark.parametrize("page", ["overview", "progress", "claims"])
def test_every_bundled_situation_is_drawn(page: str, language: str) -> None:
    for situation in database.read_situations(database.find_current_build()):
        text = text_of(opened(page, lang=language, situation=situation.id))
        assert read_words(language).about(f"{page}.title", situation) in text
        assert "no se pudo mostrar" not in text
        assert "could not be shown" not in text


PRISON = {
    "es": r"\b(?:prisión|presos?|excarcela\w*)\b",
    "en": r"\b(?:prisons?|prisoners?|jail\w*)\b",
    "pt": r"\b(?:prisão|presos?|presas?)\b",
}


@pytest.mark.usefixtures("bundled")
@pytest.mark.parametrize("page", ["overview", "progress", "pace", "compare", "parts", "methods", "claims"])
@pytest.mark.parametrize("language", list_languages())
def test_immigration_detention_is_called_no_prison(language: str, page: str) -> None:
    text = text_of(opened(page, situation="us_immigration_detention", lang=language))
    ladder = read_words(language)("today.step_house")  # a step of every ladder
    assert re.findall(PRISON[language], text.replace(ladder, ""), re.IGNORECASE) == []


@pytest.mark.usefixtures("bundled")
@pytest.mark.parametrize("language", list_languages())
def test_no_picture_of_immigration_detention_speaks_of_prison(language: str) -> None:
    view = View(database.find_current_build(), "us_immigration_detention", language, TODAY)
    drawn = {chart.name: chart.draw(view) for chart in chart_registry.CHARTS}
    told = {
        name: " ".join(map(str, (made.title, made.subtitle, made.brief, made.summary, *made.key)))
        for name, made in drawn.items()
        if made is not None
    }
    assert {name: found for name in told if (found := re.findall(PRISON[language], told[name], re.I))} == {}


@pytest.mark.parametrize(("situation", "value"), [("cuba", "1.214"), ("russia", "778"), ("nicaragua", "62")])
@pytest.mark.parametrize("language", list_languages())
def test_a_list_that_is_not_of_people_in_prison_alone_is_not_said_to_be(
    bundled: Path, language: str, situation: str, value: str
) -> None:
    """By their own words these organisations count people under house arrest or restrictions as well."""
    words = read_words(language).of_situation(read_situation(bundled / situation))
    said = {"es": "en prisión", "en": "in prison", "pt": "na prisão"}[language]
    whole = words("measure_in_sentence.in_custody").partition(said)[2]
    assert whole
    text = text_of(opened("overview", situation=situation, lang=language))
    numbers = re.findall(rf"\b{value} \w+ {said}(.{{{len(whole)}}})", text)
    assert numbers
    assert set(numbers) == {whole}


def test_one_exact_total_is_not_counted_from_two_days_far_apart(venezuela: View) -> None:
    """626 on 23 January was told "since December" by four outlets; the one that begins later is corrected."""
    counted = claim_rows.read_statements(venezuela.build, "venezuela").filter(
        pl.col("kind") == "cumulative", pl.col("qualifier") == "exact", ~pl.col("period_start").is_null()
    )
    told = ("organisation", "measure", "population", "breakdown", "as_of", "value")
    begun = counted.group_by(told).agg(begun=pl.col("period_start").unique().sort())
    apart = begun.filter(pl.col("begun").list.last() - pl.col("begun").list.first() > pl.duration(days=2))
    assert counted.filter(pl.col("value") == 626)["period_start"].to_list() == [date(2025, 12, 1)]
    assert apart.to_dicts() == []
