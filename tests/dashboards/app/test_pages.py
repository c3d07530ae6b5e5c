"""Pages: drawn in every language, with the figures of the build and nothing else."""

import logging
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from dashboards.app.page_registry import PAGES
from dashboards.exhibits import figures_over_time
from dashboards.i18n.translations import list_languages, read_words
from dashboards.queries.view import View
from pipelines.core.model import Measure
from pipelines.core.paths import DataDir
from tests.conftest import SITUATION, row
from tests.dashboards.conftest import LEFT, day, ids_of, opened, text_of

Publish = Callable[[list[dict[str, str]]], View]
FAILED = [read_words(language)("error.title") for language in list_languages()]


@pytest.mark.parametrize("language", list_languages())
@pytest.mark.parametrize("page", PAGES)
@pytest.mark.usefixtures("view")
def test_every_page_is_drawn_in_every_language(page: str, language: str) -> None:
    app = opened(page, lang=language)
    text = text_of(app)
    assert not any(failed in text for failed in FAILED)
    assert len(ids := ids_of(app)) == len(set(ids))
    assert f"document.documentElement.lang = '{language}'" in text


@pytest.mark.parametrize("language", list_languages())
@pytest.mark.parametrize("page", PAGES)
def test_every_page_is_drawn_of_a_situation_without_any_figure(
    page: str, language: str, show: Publish
) -> None:
    show([])
    text = text_of(opened(page, lang=language))
    assert not any(failed in text for failed in FAILED)


def test_the_overview_answers_in_one_sentence_with_figure_day_and_age(view: View) -> None:
    text = text_of(opened("overview"))
    title = "El 15 de febrero de 2026, La Lista contaba 1.591 personas en prisión por motivos políticos"
    assert title in text
    assert "salieron de prisión al menos 464 personas" in text
    assert "Al 15 de febrero de 2026, hace 282 días" in text
    assert view.build.id in text


@pytest.mark.usefixtures("view")
def test_the_overview_in_english_says_the_same() -> None:
    text = text_of(opened("overview", lang="en"))
    assert "On 15 February 2026, La Lista counted 1,591 people in prison for political reasons" in text
    assert "at least 464 people left prison" in text


@pytest.mark.usefixtures("view")
def test_an_inferred_publication_day_stays_visible() -> None:
    assert "día de publicación inferido" in text_of(opened("overview"))
    assert "día de publicación inferido" in text_of(opened("claims", cols="figure,marks"))


@pytest.mark.usefixtures("view")
def test_a_change_is_computed_between_the_last_two_bulletins_and_marked_as_computed() -> None:
    text = text_of(opened("overview"))
    assert "Bajó: 9 menos que el 8 de febrero de 2026 (1.600)." in text
    assert "Las diferencias las calcula Liberómetro" in text


@pytest.mark.usefixtures("view")
def test_the_limits_say_once_that_the_figures_are_about_nobody_in_particular() -> None:
    assert text_of(opened("limits")).count("nada de ninguna persona") == 1


@pytest.mark.usefixtures("view")
def test_an_old_figure_is_announced_as_old() -> None:
    assert "Cifra antigua: se espera una cada 7 días." in text_of(opened("overview"))


def test_a_fresh_figure_is_not(publish: Publish) -> None:
    publish([row(value=5, as_of="2026-11-20", published="2026-11-20")])
    assert "ifra antigua" not in text_of(opened("overview"))


def test_missing_is_told_in_words_and_never_as_zero(publish: Publish) -> None:
    publish([row(value=5, as_of="2026-11-20", published="2026-11-20")])
    text = text_of(opened("overview"))
    assert "De La Lista no hay un total de todas las personas que han salido de prisión" in text
    assert "Sin datos" in text


def test_two_values_for_the_newest_day_are_both_shown(publish: Publish) -> None:
    publish([row(value=511), row(value=526, publisher="La Tarde")])
    text = text_of(opened("overview"))
    assert "511 o 526 personas" in text or "526 o 511 personas" in text
    assert "contradicha por otra cifra" in text


def test_a_total_of_another_baseline_is_not_taken_for_the_situations(publish: Publish) -> None:
    publish([row(), row(**{**LEFT, "period_start": "2024-07-29"}, value=2000)])
    text = text_of(opened("overview"))
    assert (
        "De La Lista no hay un total de todas las personas que han salido de prisión desde el 8 de enero"
        in text
    )


def test_where_no_total_of_those_who_left_is_published_the_card_tells_the_part_that_is(
    data: DataDir, publish: Publish
) -> None:
    listed = SITUATION.replace("[breakdown_values]", '[breakdown_values]\nmechanism = ["pardon"]')
    (data.situation("islandia") / "situation.toml").write_text(listed, encoding="utf-8")
    part = row(**LEFT, breakdown="mechanism=pardon", value=230, as_of="2026-02-01", published="2026-02-01")
    publish([row(), part, row(**LEFT, breakdown="sex=female", value=30)])
    text = text_of(opened("overview"))
    assert (
        "Aquí no hay un total de La Lista de personas que salieron de prisión desde el 8 de enero de 2026. "
        "230 cómo salieron: «pardon», al 1 de febrero de 2026" in text
    )
    assert "30 mujeres" not in text


@pytest.mark.usefixtures("view")
def test_the_table_of_a_chart_holds_its_own_figures_and_the_csv_the_same_rows() -> None:
    text = text_of(opened("progress"))
    assert "más de 700" in text
    assert "entre 650 y 700" in text


def test_an_exhibit_is_one_frame_for_figure_table_and_csv(view: View) -> None:
    exhibit = figures_over_time.make_overview(view)
    lines = exhibit.csv().decode().splitlines()
    assert len(lines) - 1 == exhibit.frame.height == len(exhibit.rows)
    assert exhibit.figure is not None
    points = {c[1] for t in exhibit.figure.data if t.customdata is not None for c in t.customdata if c}
    exact = exhibit.frame.filter(pl.col("low") == pl.col("high"), ~pl.col("contradicted"))
    assert set(exact["claim_id"]) <= points <= set(exhibit.frame["claim_id"])  # a newer bound is drawn too


@pytest.mark.usefixtures("view")
def test_all_figures_are_asked_for_in_the_address_and_what_is_taken_along_follows() -> None:
    usual, every = opened("progress"), opened("progress", figures="all")
    bodies = ["".join(each.proto.body for each in app.get("html")) for app in (usual, every)]
    assert ["figures=all" in body for body in bodies] == [False, True]
    assert every.query_params["figures"] == "all"


def test_a_stock_and_a_cumulative_never_share_a_line(view: View) -> None:
    exhibit = figures_over_time.make_overview(view)
    assert exhibit.figure is not None
    kinds = dict(zip(exhibit.frame["claim_id"], exhibit.frame["kind"], strict=True))
    by_axis: dict[str, set[str]] = {}
    for trace in exhibit.figure.data:
        for carried in trace.customdata if trace.customdata is not None else ():
            if carried:
                by_axis.setdefault(trace.yaxis, set()).add(kinds[carried[1]])
    assert sorted(map(tuple, by_axis.values())) == [("cumulative",), ("stock",)]


def test_totals_of_two_baselines_are_two_series(view: View) -> None:
    exhibit = figures_over_time.make_progress(
        view,
        Measure.RELEASED_TO_DATE,
        ("lista", "gobierno"),
        (),
        day("2025-10-01"),
        view.today,
        (),
    )
    assert exhibit.figure is not None
    assert {trace.name for trace in exhibit.figure.data if trace.name} == {
        "La Lista, desde el 8 ene 2026",
        "Gobierno, sin fecha de inicio declarada",
    }


@pytest.mark.parametrize(
    ("language", "titles"), [("pt", ["Aprova-se uma lei", "Una marcha"]), ("en", ["A law passes", "A march"])]
)
def test_an_event_is_told_in_the_readers_language_else_in_spanish(
    view: View, language: str, titles: list[str]
) -> None:
    own = View(view.build, "islandia", language, view.today)
    told = figures_over_time.list_events(own, day("2026-01-01"), day("2026-02-01"), ("law", "protest"))
    assert [event.title.split(": ")[1] for event, _ in told] == titles


def test_one_exhibit_is_built_once_for_all_who_see_the_same(view: View) -> None:
    assert figures_over_time.make_overview(view) is figures_over_time.make_overview(
        View(view.build, "islandia", "es", view.today)
    )


def test_a_new_build_is_shown_without_a_restart(publish: Publish) -> None:
    publish([row(value=800)])
    assert "contaba 800 personas" in text_of(opened("overview"))
    publish([row(value=800), row(value=790, as_of="2026-01-12", published="2026-01-12")])
    assert "contaba 790 personas" in text_of(opened("overview"))


def test_without_a_build_the_page_says_which_command_makes_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIBEROMETRO_DATA", str(tmp_path))
    app = opened("overview")
    assert "Todavía no hay datos que mostrar" in text_of(app)
    assert app.code[0].value == "python -m pipelines build"


@pytest.mark.usefixtures("view")
def test_an_unexpected_error_is_a_plain_sentence_for_the_reader_and_a_trace_in_the_log(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_view: View) -> None:
        raise ValueError("secret detail")

    monkeypatch.setattr(figures_over_time, "make_overview", broken)
    with caplog.at_level(logging.ERROR, logger="liberometro"):
        text = text_of(opened("overview"))
    assert FAILED[0] in text
    assert "secret detail" not in text
    assert "secret detail" in caplog.text


@pytest.mark.usefixtures("view")
@pytest.mark.parametrize(("key", "value"), [("lang", "xx"), ("situation", "<b>atlantis</b>")])
def test_an_address_that_names_nothing_here_is_refused_in_words(key: str, value: str) -> None:
    app = opened("overview", **{key: value})
    assert f"«{key}» no puede ser «{value}»" in text_of(app)
    assert "<b>atlantis" not in "".join(each.proto.body for each in app.get("html"))


@pytest.mark.usefixtures("view")
def test_a_period_that_ends_before_it_begins_is_refused_in_words() -> None:
    app = opened("progress", **{"from": "2026-02-08", "to": "2026-01-08"})
    for key, value in (("from", "2026-02-08"), ("to", "2026-01-08")):
        assert f"«{key}» no puede ser «{value}»" in text_of(app)
        assert key not in app.query_params


def test_rows_set_aside_are_shown_with_place_and_reason(view: View) -> None:
    text = text_of(opened("claims"))
    assert "12 aceptadas, 0 en espera de revisión y 1 apartadas" in text
    assert "expected a whole number in digits" in text
    assert "muchos" not in text  # a cell that is no number may be a name
    assert view.build.id in text


@pytest.mark.usefixtures("view")
def test_claims_are_narrowed_by_what_the_address_says() -> None:
    text = text_of(opened("claims", who="gobierno"))
    assert "1 de 12 cifras" in text
    assert "Quitar: Según Gobierno" in text


def test_one_claim_is_reached_by_its_id(view: View) -> None:
    claim = figures_over_time.make_overview(view).frame["claim_id"][0]
    app = opened("claims", claim=claim)
    assert "Quién la publicó y cómo se leyó de nuevo" in text_of(app)
    assert f'id="row-{claim}"' in "".join(each.proto.body for each in app.get("html"))
