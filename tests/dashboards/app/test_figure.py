"""A figure by its permanent link: what its build said stays, and what became of it since has its reason."""

import re
from collections.abc import Callable

import pytest

from dashboards.exhibits import figure_history
from dashboards.exhibits.figure_history import FigureState, UnknownFigureError
from dashboards.i18n.translations import list_languages
from dashboards.queries import claim_rows, database
from dashboards.queries.view import View
from pipelines.core.paths import DataDir
from pipelines.warehouse.snapshots import UnknownBuildError
from tests.conftest import row
from tests.dashboards.conftest import opened, text_of

Publish = Callable[[list[dict[str, str]]], View]
HELD = row(value=806, as_of="2026-01-05", published="2026-01-05")
REVISED = row(value=820, as_of="2026-01-05", published="2026-01-19", publisher="La Tarde")
LATER = row(value=700, as_of="2026-02-02", published="2026-02-02")
CORRECTION = """
[[correction]]
where = { organisation = "lista", value = 806 }
field = "%s"
expected = %s
corrected = %s
reason = "El acta dice otra cosa."
decided = 2026-03-01
"""


def the_id(view: View, value: int) -> str:
    """The id of the only figure with this value."""
    frame = claim_rows.read_claims(view.build, view.situation_id, claim_rows.Filter(), 100, 0)
    claim = frame.filter(frame["value"] == value)["leading_claim"][0]
    return claim_rows.find_figure_ids(view, [claim])[claim]


@pytest.fixture
def then(publish: Publish) -> tuple[View, str]:
    """A build, and the id of its figure of 806 people."""
    view = publish([HELD, LATER])
    return view, the_id(view, 806)


def test_a_figure_of_todays_build_is_told_and_can_be_cited(then: tuple[View, str]) -> None:
    view, figure = then
    page = opened("figure", figure=figure, build=view.build.id)
    text = text_of(page)
    assert "Es lo que dice la edición de hoy." in text
    assert (
        "Según La Lista, el 5 de enero de 2026 estaban en prisión o bajo custodia 806 personas detenidas"
        in text
    )
    blocks = [each.value for each in page.code]
    assert sum("806" in block for block in blocks) == len(blocks) == len(list_languages()) + 3


def test_without_a_build_the_link_means_todays(then: tuple[View, str]) -> None:
    assert "Es lo que dice la edición de hoy." in text_of(opened("figure", figure=then[1]))


def test_a_figure_that_nothing_changed_still_stands(then: tuple[View, str], publish: Publish) -> None:
    view, figure = then
    publish([HELD])
    text = text_of(opened("figure", figure=figure, build=view.build.id))
    assert "Sigue vigente" in text
    assert f"Lo que decía la edición {view.build.id}" in text


def test_a_revised_figure_keeps_what_it_said_and_names_who_replaced_it(
    then: tuple[View, str], publish: Publish
) -> None:
    view, figure = then
    new = publish([HELD, REVISED, LATER])
    found = figure_history.look_up(new, figure, view.build.id)
    assert found.verdict is FigureState.CHANGED
    assert [each["value"] for each in found.said] == [806]
    assert [each["value"] for each in found.now] == [820]
    text = text_of(opened("figure", figure=figure, build=view.build.id))
    assert "Ya no es la cifra vigente" in text
    assert "806 personas" in text
    assert "La Lista la dio de nuevo, con 820; publicada el 19 de enero de 2026 por La Tarde." in text


def test_a_corrected_figure_tells_the_correction_and_its_reason(
    then: tuple[View, str], publish: Publish, data: DataDir
) -> None:
    view, figure = then
    (data.situation("islandia") / "corrections.toml").write_text(CORRECTION % ("value", 806, 860))
    publish([HELD, LATER])
    text = text_of(opened("figure", figure=figure, build=view.build.id, lang="en"))
    assert "It no longer stands" in text
    assert (
        "It was corrected here on 1 March 2026: the figure, from “806” to “860”. "
        "Reason: El acta dice otra cosa." in text
    )
    assert "860 people held were in prison or in custody" in text
    assert "taken out" not in text


def test_a_figure_whose_day_was_corrected_leads_to_where_it_counts_now(
    then: tuple[View, str], publish: Publish, data: DataDir
) -> None:
    view, figure = then
    (data.situation("islandia") / "corrections.toml").write_text(
        CORRECTION % ("as_of", '"2026-01-05"', '"2026-01-04"')
    )
    publish([HELD, LATER])
    text = text_of(opened("figure", figure=figure, build=view.build.id))
    assert "Ya no se muestra" in text
    assert "la fecha de la cifra, de «2026-01-05» a «2026-01-04»" in text
    assert "cuenta ahora así: Según La Lista, el 4 de enero de 2026" in text


def test_a_withdrawn_figure_keeps_what_it_said_and_is_told_as_withdrawn(
    then: tuple[View, str], publish: Publish
) -> None:
    view, figure = then
    publish([LATER])
    text = text_of(opened("figure", figure=figure, build=view.build.id))
    assert "Ya no se muestra" in text
    assert "806 personas" in text
    assert "la fila que la decía se retiró o se volvió a transcribir" in text


def test_a_second_value_for_the_same_moment_is_told_beside_the_first(
    then: tuple[View, str], publish: Publish
) -> None:
    view, figure = then
    publish([HELD, {**REVISED, "published": "2026-01-05"}, LATER])
    found = figure_history.look_up(
        View(database.find_current_build(), "islandia", "es", view.today), figure, view.build.id
    )
    assert sorted(each["value"] for each in found.now) == [806, 820]
    assert "Sigue en los datos, y ahora hay otra cifra para el mismo momento." in found.reasons
    assert [str(each) for each in found.doubts] == ["Dos valores para un mismo momento. Sin explicación."]


def test_a_contradiction_that_somebody_explained_is_told_with_its_explanation(
    then: tuple[View, str], publish: Publish, data: DataDir
) -> None:
    view, figure = then
    (data.situation("islandia") / "explanations.toml").write_text(
        """
[[explanation]]
rule = "two_values_one_moment"
organisation = "lista"
as_of = 2026-01-05
reason = { es = "La Tarde contó también otro centro.", en = "La Tarde counted another place too." }
link = "https://tarde.example/1"
decided = 2026-03-01
"""
    )
    publish([HELD, {**REVISED, "published": "2026-01-05"}, LATER])
    text = text_of(opened("figure", figure=figure, build=view.build.id))
    assert "Explicada: La Tarde contó también otro centro." in text


def test_what_is_withheld_today_is_not_given_away_by_an_old_link(publish: Publish, data: DataDir) -> None:
    settings = data.situation("islandia") / "situation.toml"
    settings.write_text("small_cell = 1\n" + settings.read_text())
    adolescents = row(value=3, breakdown="age=adolescent", as_of="2026-01-05", published="2026-01-05")
    old = publish([HELD, adolescents])
    figure = the_id(old, 3)
    settings.write_text(settings.read_text().replace("small_cell = 1", "small_cell = 5"))
    publish([HELD, adolescents])
    page = opened("figure", figure=figure, build=old.build.id)
    assert "Podría delatar a un grupo pequeño y hoy no se muestra" in text_of(page)
    told = text_of(page) + " ".join(each.value for each in page.code)
    assert not re.search(r"\b3 personas?\b|: 3\b", told)


def test_a_build_that_left_no_record_is_said_to_be_unknown_and_not_guessed(then: tuple[View, str]) -> None:
    view, figure = then
    text = text_of(opened("figure", figure=figure, build="0123456789ab"))
    assert "Aquí no queda registro de la edición «0123456789ab», y no se adivina." in text
    assert f"Lo que decía la edición {view.build.id}" in text


def test_todays_build_is_known_when_its_snapshot_was_deleted(then: tuple[View, str], data: DataDir) -> None:
    view, figure = then
    for path in data.snapshots.iterdir():
        path.unlink()
    assert "Es lo que dice la edición de hoy." in text_of(
        opened("figure", figure=figure, build=view.build.id)
    )


HOSTILE = [
    "",
    "<script>alert(1)</script>",
    "../../current",
    "0" * 5000,
    "'; DROP TABLE figures; --",
    "é\x00",
    "%00",
]


def test_hostile_parameters_get_a_clear_message(then: tuple[View, str]) -> None:
    view, figure = then
    for wrong in HOSTILE:
        strange_figure = opened("figure", figure=wrong, build=view.build.id)
        assert re.search("No se conoce esa cifra|Falta decir qué cifra", text_of(strange_figure)), wrong
        strange_build = opened("figure", figure=figure, build=wrong)
        told = text_of(strange_build)
        assert re.search("No se sabe qué decía esa edición|Es lo que dice la edición de hoy", told), wrong
        for page in (strange_figure, strange_build):
            assert not any("<script>alert" in each.proto.body for each in page.get("html"))
            assert "Esta página no se pudo mostrar" not in text_of(page)


def test_an_unknown_figure_and_an_unknown_build_are_two_errors(then: tuple[View, str]) -> None:
    view, figure = then
    with pytest.raises(UnknownFigureError):
        figure_history.look_up(view, "0" * 16, view.build.id)
    with pytest.raises(UnknownBuildError):
        figure_history.look_up(view, figure, "0" * 12)
    with pytest.raises(UnknownBuildError):
        figure_history.look_up(view, "no id", "0" * 12)


def test_a_claim_is_quoted_cited_and_linked_from_its_page(then: tuple[View, str]) -> None:
    view, figure = then
    claim = claim_rows.read_claims(view.build, "islandia", claim_rows.Filter(), 10, 0)
    page = opened("claims", claim=claim.filter(claim["value"] == 806)["claim_id"][0])
    html = "".join(each.proto.body for each in page.get("html"))
    assert f'href="figure?figure={figure}&amp;build={view.build.id}' in html
    assert "Citar esta cifra" in text_of(page)
    assert any(block.value.startswith("According to La Lista, 806 people held") for block in page.code)
    assert any(block.value.startswith("@misc{") for block in page.code)
