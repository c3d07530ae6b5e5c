"""The page of what we corrected: what stood, what stands, why and how long, in each language."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from dashboards.exhibits import news_entries, news_summary, own_corrections, reader_questions, revisions
from dashboards.i18n.rich_text import Link
from dashboards.i18n.translations import list_languages, read_words
from dashboards.metrics.headline import find_headlines
from dashboards.queries.view import View
from dashboards.web import mistake_list
from dashboards.web.html import render_cell
from pipelines.core.paths import DataDir
from pipelines.warehouse.corrections import CorrectionError
from tests.conftest import row
from tests.dashboards.app.test_law import page_links
from tests.dashboards.conftest import figures, opened, text_of
from tests.dashboards.published_view import published, rebuilt
from tests.pipelines.warehouse.test_own_corrections import changed, mistake, write_mistakes
from tests.pipelines.warehouse.test_questions import answered, asked, write_questions

Publish = Callable[[list[dict[str, str]]], View]
CORRECTION = """
[[correction]]
where = { organisation = "lista", measure = "in_custody", breakdown = "total", value = 806 }
field = "value"
expected = 806
corrected = 860
reason = "dos cifras cambiadas de lugar"
decided = 2026-03-03
"""


@pytest.fixture
def mistaken(data: DataDir, publish: Publish) -> View:
    """The view of a situation that lists mistakes of its own: on the front page, changed, small, others."""
    write_mistakes(
        data,
        mistake(front_page="yes"),
        changed("746", "768", new_as_of="2026-04-21", why_es="Lo dijo <b>otra</b> organización."),
        changed("640", "640", new_as_of="2026-01-29", shown_from="2026-11-20"),
        changed("3", "2", "age=adolescent"),
        *(mistake(old_value=str(100 + number)) for number in range(20)),
    )
    (data.situation("islandia") / "corrections.toml").write_text(CORRECTION, encoding="utf-8")
    return publish(figures())


@pytest.mark.usefixtures("mistaken")
def test_the_front_page_mistake_comes_first_with_what_stands_there_now_and_how_long_it_stood() -> None:
    text = text_of(opened("corrected"))
    told = [
        "Corregimos 24 cifras nuestras: 21 se retiraron y 3 se cambiaron. A la portada llegaron 1.",
        "Aquí decía 791 En prisión o bajo custodia, 20 ago 2026, La Lista",
        "Ahora dice",
        "No lo publicó nadie.",
        "Se mostró del 21 ago 2026 al 20 nov 2026 (91 días)",
        "Llegó a la portada",
    ]
    places = [text.find(each) for each in told]
    assert -1 not in places, told[places.index(-1)]
    assert places == sorted(places)


def test_news_leaves_out_no_mistake_of_the_front_page(data: DataDir, publish: Publish) -> None:
    front = [mistake(old_value=str(100 + number), front_page="yes") for number in range(5)]
    write_mistakes(data, *front, *(mistake(old_value=str(200 + number)) for number in range(2)))
    view = publish(figures())
    (day,) = {each.decided for each in own_corrections.list_mistakes(view)}
    lines = news_summary.summarize_news(view, day)
    (rest,) = [each.said for each in lines if each.kind == "corrected"]
    assert len([each for each in lines if each.kind == "withdrawn"]) == len(front)
    assert view.words("news.corrected_rest", told=view.words.plural("news.rest_removed", 2)) in rest


def test_what_stands_in_front_now_is_the_headline_of_the_build(mistaken: View) -> None:
    (first,) = own_corrections.list_mistakes(mistaken, reach=own_corrections.FRONT)
    held = find_headlines(mistaken).held
    assert first.new.figure == mistaken.words.number(held.rows[0]["value"]) == "1.591"
    assert "La Lista" in first.new.about


def test_a_number_is_struck_only_where_it_was_wrong_itself(mistaken: View) -> None:
    found = {each.old.figure: each for each in own_corrections.list_mistakes(mistaken, per_page=100)}
    assert (found["746"].struck, found["746"].new.figure) == (True, "768")
    assert (found["640"].struck, found["640"].new.about) == (
        False,
        "En prisión o bajo custodia, 29 ene 2026, La Lista",
    )
    assert found["640"].shown == "Se mostró el 20 nov 2026"
    html = mistake_list.render_mistakes(mistaken, list(found.values()))
    assert "<del>746</del>" in html
    assert "<del>640</del>" not in html
    assert "Lo dijo &lt;b&gt;otra&lt;/b&gt; organización." in html


def test_of_a_small_part_neither_numbers_nor_reason_are_told(mistaken: View) -> None:
    listed = own_corrections.list_mistakes(mistaken, per_page=100)
    (small,) = [each for each in listed if "adolescentes" in each.old.about]
    assert {small.old.figure, small.new.figure} == {"cifra reservada"}
    assert not small.struck
    assert small.why == mistaken.words("corrected.small")


@pytest.mark.usefixtures("mistaken")
def test_the_list_has_pages_and_can_be_narrowed_to_the_front_page() -> None:
    assert text_of(opened("corrected")).count("Aquí decía") == own_corrections.PER_PAGE
    assert text_of(opened("corrected", page="3")).count("Aquí decía") == 4
    assert text_of(opened("corrected", reach="front")).count("Aquí decía") == 1
    assert "1 a 10 de 23" in text_of(opened("corrected", reach="list"))


@pytest.mark.usefixtures("mistaken")
def test_corrections_of_published_figures_are_a_list_of_their_own() -> None:
    text = text_of(opened("corrected", lang="en"))
    place = text.index("Corrections of a published figure")
    assert "3 Mar 2026" in text[place:]
    assert "the figure 806 860 dos cifras cambiadas de lugar" in text[place:]


@pytest.mark.usefixtures("view")
@pytest.mark.parametrize("language", list_languages())
def test_a_situation_without_mistakes_says_so_and_the_menu_leads_there(language: str) -> None:
    words = read_words(language)
    app = opened("corrected", lang=language)
    assert words("corrected.none", of_situation=words("situation.of", situation="Islandia")) in text_of(app)
    assert words("nav.corrected") in page_links(app)


def test_all_of_them_can_be_taken_along(mistaken: View) -> None:
    lines = own_corrections.write_csv(mistaken).decode().splitlines()
    assert len(lines) == 25
    assert lines[0].startswith("position,decided,change")


def test_without_days_it_says_what_is_known_of_how_long(data: DataDir, publish: Publish) -> None:
    write_mistakes(
        data, mistake(shown_from=""), mistake(shown_from="", shown_until=""), mistake(shown_until="")
    )
    shown = {each.shown for each in own_corrections.list_mistakes(publish([row()]))}
    assert shown == {
        "Se mostró hasta el 20 nov 2026",
        "Se mostró desde el 21 ago 2026",
        read_words("es")("no_day"),
    }


SPANISH = 'reason = "dos cifras cambiadas de lugar"'
THREE = (
    'reason = { es = "dos cifras cambiadas de lugar", en = "two digits changed places", '
    'pt = "dois dígitos trocados" }'
)


@pytest.mark.parametrize("language", list_languages())
def test_why_a_person_corrected_a_figure_is_told_in_the_readers_language(
    data: DataDir, publish: Publish, language: str
) -> None:
    toml = CORRECTION.replace(SPANISH, THREE)
    (data.situation("islandia") / "corrections.toml").write_text(toml, encoding="utf-8")
    view = replace(publish(figures()), language=language)
    told = {
        "es": "dos cifras cambiadas de lugar",
        "en": "two digits changed places",
        "pt": "dois dígitos trocados",
    }
    (found,) = own_corrections.list_claim_corrections(view)
    assert found[-1] == told[language]
    (corrected,) = [each for each in map(str, revisions.make_revision_rows(view)) if told[language] in each]
    here = {"es": "corregida aquí el", "en": "corrected here on", "pt": "corrigido aqui em"}
    assert here[language] in corrected
    assert "None'" not in corrected
    assert any(told[language] in each.text for each in news_entries.find_earlier_figures(view).values())


def test_a_reason_in_spanish_alone_says_so_and_is_read_aloud_as_spanish(
    data: DataDir, publish: Publish
) -> None:
    (data.situation("islandia") / "corrections.toml").write_text(CORRECTION, encoding="utf-8")
    view = publish(figures())
    (spanish,), (english,) = (
        own_corrections.list_claim_corrections(replace(view, language=language)) for language in ("es", "en")
    )
    assert spanish[-1] == "dos cifras cambiadas de lugar"
    told = render_cell(english[-1])
    assert told == '<span lang="es">dos cifras cambiadas de lugar</span><br>(in Spanish only)'


def test_a_reason_without_spanish_is_refused_by_name(data: DataDir, publish: Publish) -> None:
    toml = CORRECTION.replace(SPANISH, 'reason = { en = "two digits" }')
    (data.situation("islandia") / "corrections.toml").write_text(toml, encoding="utf-8")
    with pytest.raises(CorrectionError, match=r"corrections.toml, correction 1: a reason is in es"):
        publish(figures())


def test_a_question_leads_to_its_chart_if_that_is_ours_and_one_answered_at_once_took_no_days(
    tmp_path: Path,
) -> None:
    root = tmp_path / "data"
    with published(root, figures()):
        write_questions(
            DataDir(root),
            asked(1, page="", chart="held"),
            asked(2, page="", chart="hold"),
            answered(1, answered="2026-11-10"),
        )
        view = rebuilt(root, figures())
        assert reader_questions.tell_counts(view).endswith(
            "La mitad de las respuestas, o más, llegó el mismo día."
        )
        newest, oldest = (about for _, about, *_ in reader_questions.list_questions(view))
        assert newest == view.words("question.chart", name="hold")
        assert oldest == Link(view.words("question.chart", name="held"), "c/es/islandia/held", outside=False)
