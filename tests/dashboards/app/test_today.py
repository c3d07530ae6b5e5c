"""Today, its news and silences, and all situations: what stands there, of which day, and what does not."""

import gzip
import json
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from html import unescape

import pytest

from dashboards.app import news_html, overview_html
from dashboards.exhibits import figures_over_time, news_summary, paired_figures, silences, situations
from dashboards.i18n.translations import list_languages
from dashboards.metrics.headline import find_headlines, list_freshness
from dashboards.queries.view import View, go_back, list_days, open_view
from dashboards.site.pages import families
from dashboards.text import headline_sentences, progress_sentences
from dashboards.web import chart_document, strips
from dashboards.web.headline_card import build_cards
from dashboards.web.html import render_cell
from pipelines.core.model import Measure
from pipelines.core.paths import DataDir
from tests.conftest import SITUATION, TODAY, row, write_readings, write_sheet
from tests.dashboards.conftest import LEFT, figures, opened, text_of
from tests.pipelines.warehouse.test_own_corrections import changed, mistake, write_mistakes

Publish = Callable[..., View]
EARLY = row(value=900, as_of="2025-11-01", published="2025-11-01")
LATE = row(value=700, as_of="2026-02-01", published="2026-02-01")
HALF = row(**LEFT, value=400, as_of="2026-02-01", published="2026-02-01")
AGES = re.compile(r"hace \d|\bago\b|há \d")


def claimed(value: int, **changed: str) -> dict[str, str]:
    """A total of the government, of the start and the day of `HALF` unless it is changed."""
    given = {**LEFT, "as_of": "2026-02-01", "published": "2026-02-01", "publisher": "La Gaceta", **changed}
    return row(organisation="gobierno", value=value, **given)


def test_the_title_is_one_dated_sentence_and_the_lead_says_from_how_many(publish: Publish) -> None:
    view = publish([EARLY, LATE, HALF])
    title, lead, _ = overview_html.compose_first_words(view)
    assert title.text.startswith("El 1 de febrero de 2026, La Lista contaba 700 personas en prisión")
    assert title.number == "700 personas en prisión"
    assert lead == [
        "Eran 900 el 1 de noviembre de 2025.",
        "Entre el 8 de enero de 2026 y el 1 de febrero de 2026 salieron de prisión 400 personas.",
        "No hallamos ningún total más nuevo.",
    ]


def test_the_two_panels_of_the_first_chart_show_the_same_days(publish: Publish) -> None:
    figure = figures_over_time.make_overview(publish([EARLY, LATE, HALF])).figure
    assert figure is not None
    layout = figure.layout
    assert layout.xaxis.range == layout.xaxis2.range


def test_the_lead_starts_where_the_chart_does(publish: Publish) -> None:
    old = row(value=8, as_of="2014-06-01", published="2014-06-01")
    view = publish([old, EARLY, LATE])
    assert "2014" not in progress_sentences.compose_progress(view, find_headlines(view))
    assert "2014" not in " ".join(overview_html.compose_first_words(view)[1])


@pytest.mark.parametrize("language", list_languages())
def test_what_is_sent_or_kept_carries_days_and_no_ages(publish: Publish, language: str) -> None:
    view = View(publish([EARLY, LATE, HALF]).build, "islandia", language, TODAY)
    found = find_headlines(view)
    sent = headline_sentences.compose_message(view, found)
    assert view.words.day(date(2026, 2, 1)) in sent
    assert not AGES.search(sent)
    assert not AGES.search(headline_sentences.warn_of_staleness(view, found))
    drawn = families._draw_sparkline(view, found.held)
    assert drawn is not None
    assert not AGES.search(drawn.summary)


def test_a_day_gone_back_to_is_never_called_today(publish: Publish) -> None:
    view = go_back(publish([EARLY, LATE]), date(2026, 2, 1))
    card = build_cards(view, find_headlines(view))[0]
    assert card.age == view.words("age.that_day") != view.words("age.today")
    assert "2026, hoy" not in text_of(opened("overview", known="2026-02-01"))


def test_a_part_of_those_who_left_stands_under_its_total_only_if_of_the_same_day(
    data: DataDir, publish: Publish
) -> None:
    listed = SITUATION.replace("[breakdown_values]", '[breakdown_values]\nmechanism = ["pardon"]')
    (data.situation("islandia") / "situation.toml").write_text(listed, encoding="utf-8")
    part = {**HALF, "value": "100", "breakdown": "mechanism=pardon"}
    for day, shown in (("2026-02-01", True), ("2026-01-25", False)):
        view = publish([EARLY, LATE, HALF, {**part, "as_of": day, "published": day}])
        left = build_cards(view, find_headlines(view))[1]
        assert (left.part is not None) is shown


def test_only_exact_figures_of_one_start_and_one_day_are_set_beside_each_other(publish: Publish) -> None:
    pairs = paired_figures.list_pairs(
        publish(
            [
                LATE,
                HALF,
                claimed(900),
                claimed(950, period_start="2025-12-25"),
                claimed(990, as_of="2026-01-28", published="2026-01-28"),
                row(**LEFT, value=300, as_of="2026-01-25", published="2026-01-25"),
                claimed(999, qualifier="more_than", as_of="2026-01-25", published="2026-01-25"),
            ]
        )
    )
    assert [[bar.figure.text for bar in pair.bars] for pair in pairs] == [["900", "400"]]
    assert [bar.share for bar in pairs[0].bars] == [1.0, pytest.approx(400 / 900)]
    assert "1 feb 2026" in pairs[0].what


def test_a_sentence_about_a_figure_of_second_hand_begins_with_a_capital(publish: Publish) -> None:
    told = {"as_of": "2026-03-01", "published": "2026-03-01", "provenance": "secondhand"}
    view = publish([EARLY, LATE, row(value=677, qualifier="about", **told)])
    days = (date(2025, 1, 1), view.today)
    exhibit = figures_over_time.make_progress(view, Measure.IN_CUSTODY, ("lista",), (), *days, ())
    assert ". Cerca de 677: " in exhibit.subtitle


def test_without_a_pair_that_compares_words_stand_in_its_place(publish: Publish) -> None:
    for rows, reason in (([LATE, HALF], "unsaid"), ([LATE, HALF, claimed(900, as_of="2026-01-20")], "none")):
        view = publish(rows)
        said = view.words(f"today.pairs_{reason}", organisation="La Lista")
        assert said in unescape(overview_html.render_pairs(view))


def test_an_authority_is_not_said_to_have_nothing_that_compares_with_its_own(
    publish: Publish, data: DataDir
) -> None:
    path = data.situation("islandia") / "situation.toml"
    own = SITUATION.replace('primary_organisation = "lista"', 'primary_organisation = "gobierno"')
    path.write_text(own, encoding="utf-8")
    view = publish([claimed(900)])
    page = unescape(overview_html.render_pairs(view))
    assert "Las cifras que se muestran aquí son oficiales: Gobierno es una autoridad." in page


def test_news_is_what_came_on_the_day_or_later(publish: Publish) -> None:
    new = row(value=690, as_of="2026-11-20", published="2026-11-20")
    view = publish([LATE, new], read=[LATE])
    kinds = {
        since: [line.kind for line in news_summary.summarize_news(view, date.fromisoformat(since))]
        for since in ("2026-11-20", "2026-11-21")
    }
    assert kinds == {"2026-11-20": ["added"], "2026-11-21": ["none"]}
    turns = news_summary.list_turns(view)
    assert turns[0] == TODAY - timedelta(news_summary.USUAL_DAYS)
    assert turns[-1] == TODAY
    assert date(2026, 11, 20) in turns


@pytest.mark.parametrize(
    ("removed", "altered", "told"),
    [
        (0, 1, ("1 corregida", "1 corrected", "1 corrigido")),
        (1, 0, ("1 retirada", "1 withdrawn", "1 retirado")),
        (2, 2, ("2 retiradas y 2 corregidas", "2 withdrawn and 2 corrected", "2 retirados e 2 corrigidos")),
    ],
)
def test_what_was_corrected_away_from_the_front_page_is_counted_without_a_zero(
    data: DataDir, publish: Publish, removed: int, altered: int, told: tuple[str, ...]
) -> None:
    taken = [mistake(old_value=str(100 + number)) for number in range(removed)]
    write_mistakes(data, *taken, *(changed(str(740 + number), "768") for number in range(altered)))
    view = publish([LATE])
    for language, said in zip(("es", "en", "pt"), told, strict=True):
        lines = news_summary.summarize_news(replace(view, language=language), date(2026, 1, 1))
        (line,) = [each for each in lines if each.kind == "corrected"]
        assert render_cell(line.said).partition(": ")[2].startswith(f"{said}.")


def test_a_figure_whose_source_could_not_be_reached_was_not_read_again(publish: Publish) -> None:
    seen = row(value=650, as_of="2026-03-01", published="2026-03-01")
    verdicts = {"carrier_states_it": HALF, "unreachable": LATE, "does_not_state_it": EARLY}
    tried = [{**each, "verdict": verdict, "checked_on": "2026-11-20"} for verdict, each in verdicts.items()]
    view = publish([EARLY, LATE, HALF, seen], read=[*tried, {**seen, "checked_on": "2026-11-21"}])
    for since, count in (("2026-11-20", 2), ("2026-11-21", 1)):
        lines = news_summary.summarize_news(view, date.fromisoformat(since))
        (line,) = [each for each in lines if each.kind == "read"]
        assert line.said == view.words.plural("news.read_again", count)


def test_what_is_in_doubt_is_news_with_its_rule(publish: Publish) -> None:
    odd = row(value=100, as_of="2026-01-12", published="2026-01-12", publisher="La Tarde")
    view = publish([EARLY, odd, row(value=890, as_of="2026-01-19", published="2026-01-19")])
    (line,) = [each for each in news_summary.summarize_news(view, date(2026, 1, 1)) if each.kind == "doubt"]
    assert line.said == "100 quedó fuera de la línea: no encaja con las cifras de antes y de después."


def test_the_page_holds_every_answer_of_thirty_days_and_no_address_of_a_last_visit(publish: Publish) -> None:
    view = publish([LATE, row(value=690, as_of="2026-11-20", published="2026-11-20")])
    page = news_html.render_summary(view)
    days = re.findall(r'data-since="([\d-]+)"( hidden)?', page)
    assert [day for day, hidden in days if not hidden] == [news_summary.find_usual_day(view).isoformat()]
    assert [day for day, _ in days] == [day.isoformat() for day in news_summary.list_turns(view)]


def test_the_list_of_news_begins_on_any_day_of_the_readers(publish: Publish) -> None:
    publish([EARLY, LATE])
    text = text_of(opened("news", **{news_html.SINCE: "2026-01-02"}))
    assert "Desde el 2 de enero de 2026" in text
    assert "700 — En prisión o bajo custodia, 1 feb 2026" in text
    assert "900 —" not in text


def test_only_those_whose_rhythm_is_known_count_as_silent_for_longer_than_usual(publish: Publish) -> None:
    view = publish([row(), claimed(500, as_of="2026-01-20", published="2026-01-20")])
    known = {each.organisation: each.rhythm_days for each in list_freshness(view) if each.late}
    assert known["gobierno"] is None
    assert "ritmo conocido que llevan más tiempo calladas de lo usual en ellas: 1 de 1." in text_of(
        opened("news")
    )


def test_the_strip_has_a_line_an_organisation_the_shortest_silence_first(publish: Publish) -> None:
    days = ("2026-01-20", "2026-01-27", "2026-02-03")
    theirs = [claimed(n, as_of=day, published=day) for n, day in enumerate(days, start=500)]
    ours = [row(value=800 - n, as_of=day, published=day) for n, day in enumerate((*days, "2026-02-10"))]
    view = publish([*theirs, *ours])
    found = silences.list_silences(view)
    assert [(each.name, each.age) for each in found.lines] == [
        ("La Lista", "287 días"),
        ("Gobierno", "294 días"),
    ]
    assert "4 días con cifras" in found.lines[0].said
    assert found.lines[0].drawing.count("V19") == 4  # a tick for each day
    assert found.others == 0


def test_the_app_shows_a_drawing_as_an_image_and_the_site_within_its_page(view: View) -> None:
    words = view.words
    app = strips.render_silences(silences.list_silences(view), words, inline=False)
    site = strips.render_silences(silences.list_silences(view, themed=False), words, inline=True)
    assert "<svg" not in app
    assert "%3Csvg" in app
    assert "style=" not in site
    assert "<style" not in site
    said = re.findall(r'<span class="lm-unseen">(.*?)</span>', app)
    assert said == re.findall(r'<span class="lm-unseen">(.*?)</span>', site) != []


def test_all_situations_say_their_newest_figure_with_its_day_and_age_and_sum_nothing(view: View) -> None:
    found = situations.list_situations(view)
    (only,) = found.rows
    assert (only.figure, only.moment, only.age) == ("1.591", "15 de febrero de 2026", "hace 282 días")
    assert only.drawing.count('class="dot last held"') == 1
    text = text_of(opened("situations"))
    assert view.words("situations.lead") in text
    assert "La cuenta más nueva es del 15 de febrero de 2026." in text


def test_a_situation_is_as_old_among_all_as_on_its_own_page(
    publish: Publish, data: DataDir, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between these two zones it is never the same day."""
    folder = data.situation("groenlandia")
    shutil.copytree(data.situation("islandia"), folder)
    text = SITUATION.replace("islandia", "groenlandia").replace("Islandia", "Groenlandia")
    for named, zone in ((folder, "Etc/GMT+12"), (data.situation("islandia"), "Pacific/Kiritimati")):
        own = text if named == folder else SITUATION
        (named / "situation.toml").write_text(own.replace("America/Caracas", zone), encoding="utf-8")
    write_sheet(folder / "transcriptions" / "sheet.csv", [LATE])
    write_readings(folder, [LATE])
    publish([LATE])
    monkeypatch.delenv("LIBEROMETRO_TODAY")
    view = open_view(None, "es")
    found = situations.list_situations(view, days=list_days(view))
    ages = {each.id: each.age for each in found.rows}
    assert len(set(ages.values())) == 2
    for each, age in ages.items():
        own_view = open_view(each, "es")
        assert age == own_view.age_in_days(find_headlines(own_view).held.as_of)
        assert age in text_of(opened("situations"))


def test_a_situation_without_a_headline_says_so_in_words(publish: Publish) -> None:
    publish([row(organisation="gobierno")])
    text = text_of(opened("situations"))
    assert "Sin datos" in text
    assert "Aquí no hay ninguna cifra de La Lista de personas en prisión o bajo custodia." in text
    assert "De ninguna situación hay una cuenta confirmada." in text


def test_the_first_words_are_the_pages_own(publish: Publish) -> None:
    view = publish(figures())
    title, lead, cards = overview_html.compose_first_words(view)
    page = text_of(opened("overview"))
    for said in (title.before.strip(), title.number, lead[0].split(".")[0], *(card.figure for card in cards)):
        assert said in page


def test_an_organisation_is_named_in_the_readers_language_where_it_has_a_name_there(
    data: DataDir, publish: Publish
) -> None:
    named = SITUATION.replace(
        "[populations]", '[organisation_names]\nlista = { en = "The List" }\n\n[populations]'
    )
    (data.situation("islandia") / "situation.toml").write_text(named, encoding="utf-8")
    publish([EARLY, LATE])
    assert "The List counted 700 people" in text_of(opened("overview", lang="en"))
    assert "La Lista contaba 700 personas" in text_of(opened("overview", lang="es"))


def test_a_button_leads_ahead_to_the_chart_of_its_language_only_where_that_is_in_memory(
    publish: Publish,
) -> None:
    view = publish([EARLY, LATE, HALF])

    def lead() -> dict[str, str]:
        bodies = "".join(each.proto.body for each in opened("overview", lang="es").get("html"))
        found = re.search('data-ahead="(.*?)"', bodies)
        return json.loads(unescape(found[1])) if found else {}

    assert lead() == {}
    for code in list_languages():
        other = replace(view, language=code)
        chart_document.make_chart(figures_over_time.make_overview(other), other)
    led = lead()
    assert sorted(led) == ["EN", "PT"]
    for code, address in led.items():
        document = chart_document.find_document(address.removeprefix("figures/"))
        assert document is not None
        drawn = json.loads(gzip.decompress(document.packed))
        assert drawn["title"] == figures_over_time.make_overview(replace(view, language=code.lower())).title


def test_where_most_figures_are_bounds_the_families_page_draws_them_open(publish: Publish) -> None:
    bounds = [
        row(value=900 - n, qualifier="more_than", as_of=f"2026-01-{n:02}", published=f"2026-01-{n:02}")
        for n in (10, 12, 14, 16)
    ]
    view = publish([*bounds, LATE])
    drawn = families._draw_sparkline(view, find_headlines(view).held)
    assert drawn is not None
    assert [look for look, _ in drawn.marks] == ["open", "dot"]


def test_where_nobody_has_enough_days_of_figures_nobody_is_said_to_have_fewer(publish: Publish) -> None:
    view = publish([EARLY, LATE])
    assert strips.render_silences(silences.list_silences(view), view.words, inline=True) == ""
    assert overview_html.render_silence(view) == ""
    whole = overview_html.render_silence(view, whole=True)
    assert view.words("today.silence_lead") not in whole
    assert view.words("today.silence_all") in whole
