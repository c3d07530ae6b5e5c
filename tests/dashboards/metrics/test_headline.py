"""Which figure heads a page, what is said of it and what is passed over; what is in doubt is off the line."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from dashboards.charts.theme import IN_DOUBT
from dashboards.exhibits import custom_chart, figures_over_time, releases_by_role
from dashboards.exhibits.exhibit import Exhibit
from dashboards.export import brief, share_picture
from dashboards.i18n.translations import list_languages, read_words
from dashboards.metrics import headline
from dashboards.metrics.headline import find_headlines
from dashboards.queries.view import View
from dashboards.site.pages import families
from dashboards.text import headline_sentences, progress_sentences, readings
from dashboards.web import html
from dashboards.web.headline_card import Card, build_card, build_cards, render_card
from pipelines.core.model import Measure
from pipelines.core.paths import SQL
from tests.conftest import row
from tests.dashboards.conftest import opened, text_of

Publish = Callable[..., View]
HELD = Measure.IN_CUSTODY
LEFT = {"measure": "released_to_date", "period_start": "2026-01-08"}
FIRST = row(value=806, as_of="2026-01-05", published="2026-01-05")
SECOND = row(value=790, as_of="2026-01-19", published="2026-01-19")
NEWEST = row(value=770, as_of="2026-02-02", published="2026-02-03", publisher="La Tarde")
ODD = row(value=311, as_of="2026-01-12", published="2026-01-12", publisher="La Tarde")


def card(view: View, place: int = 0) -> str:
    """The card of people held, or the other one, as the Overview's HTML."""
    shown = build_cards(view, find_headlines(view))[place]
    return render_card(shown, shown.marks, html.APP)


def home(view: View) -> Card:
    """The side of people held in the picture of the front page."""
    return share_picture.make_home(view).sides[0]


def number(html: str) -> str:
    """The number of a card, or the words in its place."""
    return re.findall(r'class="lm-figure[^"]*">(.*?)</p>', html)[0]


def off_the_line(exhibit: Exhibit) -> list[int]:
    """The figures that an exhibit draws as in doubt."""
    assert exhibit.figure is not None
    return [
        value
        for trace in exhibit.figure.data
        if trace.marker.color == IN_DOUBT and trace.mode == "markers"
        for value in trace.y
    ]


def joined(exhibit: Exhibit) -> set[int]:
    """The figures that an exhibit's lines join."""
    assert exhibit.figure is not None
    lines = [trace for trace in exhibit.figure.data if trace.mode == "lines"]
    return {value for trace in lines for value in trace.y if value is not None}


def test_the_large_label_of_a_chart_is_the_headline_and_not_what_nobody_confirmed(publish: Publish) -> None:
    more = [row(value=800 - n, as_of=f"2026-01-{n}", published=f"2026-01-{n}") for n in (10, 14)]
    rows = [FIRST, *more, SECOND, NEWEST]
    view = publish(rows, read=rows[:-1])
    drawn = figures_over_time.make_overview(view)
    assert drawn.figure is not None
    letters = {
        found[2]: float(found[1])
        for note in drawn.figure.layout.annotations
        if (found := re.search(r"font-size:([\d.]+)px'>(\d+)<", note.text))
    }
    assert max(letters, key=letters.__getitem__) == "790"
    assert "770" in letters
    marks = next(each for each in drawn.figure.data if each.mode == "markers" and 770 in (each.y or ()))
    assert max(zip(marks.marker.size, marks.y, strict=True))[1] == 790


def test_an_unconfirmed_newest_figure_is_passed_over_and_named(publish: Publish) -> None:
    view = publish([FIRST, SECOND, NEWEST], read=[FIRST, SECOND])
    assert number(card(view)) == "790"
    assert "Publicada y sin confirmar: 770 al 2 de febrero de 2026, por La Tarde" in card(view)
    assert "leída de nuevo en su fuente el 19 ene 2026" in card(view)
    answer = headline_sentences.compose_answer(view, find_headlines(view))
    assert "790 personas" in answer
    assert "770" not in answer


def test_a_newer_figure_in_doubt_does_not_hide_the_newest_that_is_only_unconfirmed(publish: Publish) -> None:
    doubtful = row(value=775, as_of="2026-02-20", published="2026-02-15", publisher="La Tarde")
    shown = card(publish([FIRST, SECOND, NEWEST, doubtful], read=[FIRST, SECOND]))
    assert number(shown) == "790"
    assert "En duda: 775 al 20 de febrero de 2026, por La Tarde" in shown
    assert "Publicada y sin confirmar: 770 al 2 de febrero de 2026, por La Tarde" in shown
    older = card(publish([FIRST, ODD, SECOND, doubtful], read=[FIRST, SECOND]))
    assert "En duda: 775" in older
    assert "sin confirmar" not in older  # what is older than the headline is not named


@pytest.mark.parametrize("language", ["es", "en", "pt"])
def test_one_confirmed_figure_is_told_once_and_is_no_way_from_itself_to_itself(
    publish: Publish, language: str
) -> None:
    view = replace(publish([FIRST, NEWEST], read=[FIRST]), language=language)
    told = progress_sentences.compose_progress(view, find_headlines(view))
    assert told.count("806") == 1
    assert told.endswith(".")


def test_a_chart_names_no_figure_where_the_headline_is_older_than_all_that_it_shows(publish: Publish) -> None:
    old = row(value=490, as_of="2023-04-15", published="2023-04-15")
    view = publish([old, FIRST, SECOND], read=[old])
    assert number(card(view)) == "490"
    chart = figures_over_time.make_overview(view)
    assert chart.frame["value"].to_list() == [806, 790]
    assert chart.title == view.words("overview.chart_title", organisation="La Lista")
    assert share_picture._find_newest(view, chart) == ("", "")


@pytest.mark.parametrize("language", list_languages())
def test_progress_says_that_figures_are_unconfirmed_and_not_that_there_are_none(
    publish: Publish, language: str
) -> None:
    view = replace(publish([FIRST, SECOND], read=[]), language=language)
    told = progress_sentences.compose_progress(view, find_headlines(view))
    people = view.words("measure_in_sentence.in_custody")
    assert told == view.words("headline.none_text", organisation="La Lista", people=people)
    held = figures_over_time.make_progress(view, HELD, ("lista",), (), date(2025, 12, 1), view.today, ())
    assert held.title == view.words("measure.in_custody")


def test_every_place_says_the_headline(publish: Publish) -> None:
    view = publish([FIRST, SECOND, NEWEST], read=[FIRST, SECOND])
    found = find_headlines(view)
    held = found.held
    assert held.change is not None
    assert [each["value"] for each in held.change.after] == [790]
    assert "16 menos" in headline_sentences.compose_direction(view, held)
    assert "790 personas" in progress_sentences.compose_progress(view, found)
    overview = figures_over_time.make_overview(view)
    assert overview.frame["value"].to_list() == [806, 790, 770]  # the line goes on
    assert "a 790 (19 de enero de 2026)" in overview.summary
    assert [each["value"] for each in headline.list_newest(view, overview.frame)] == [790]
    assert share_picture._find_newest(view, overview) == ("790", "19 ene 2026")
    assert found.shown.equals(overview.frame)
    assert home(view).figure == "790"
    panel = families._draw_sparkline(view, held)
    assert panel is not None
    assert panel.last is not None
    assert panel.last[3] == "790"
    assert "770" not in panel.summary
    assert "en 2 cifras exactas" in panel.summary
    assert brief._collect_headline(build_card(view, held))["figure"] == "790"


def test_a_change_is_counted_from_the_confirmed_figure_before_and_not_from_an_unconfirmed_one(
    publish: Publish,
) -> None:
    view = publish([FIRST, ODD, SECOND], read=[FIRST, SECOND])
    held = find_headlines(view).held
    assert held.change is not None
    assert [each["value"] for each in (*held.change.before, *held.change.after)] == [806, 790]


def test_what_was_passed_over_tells_that_the_organisation_is_not_silent(publish: Publish) -> None:
    fresh = row(value=770, as_of="2026-11-20", published="2026-11-20")
    held = find_headlines(publish([FIRST, SECOND, fresh], read=[FIRST, SECOND])).held
    assert (held.as_of, held.newest, held.stale) == (date(2026, 1, 19), date(2026, 11, 20), False)


def test_two_origins_need_no_reading(publish: Publish) -> None:
    other = {**SECOND, "publisher": "La Tarde", "url": "https://tarde.example/1"}
    view = publish([FIRST, SECOND, other], read=[])
    assert number(card(view)) == "790"
    assert "aún no se ha vuelto a leer" in card(view)
    assert "se apoya en 2 publicaciones independientes" in card(view)


def test_a_first_hand_figure_needs_no_reading(publish: Publish) -> None:
    view = publish([FIRST, SECOND, {**NEWEST, "provenance": "primary"}], read=[])
    assert number(card(view)) == "770"
    assert "de primera mano" in card(view)
    assert "aún no se ha vuelto a leer" in card(view)


def test_a_reading_in_a_copy_is_told_as_one(publish: Publish) -> None:
    read = [FIRST, {**SECOND, "verdict": "carrier_states_it"}]
    second_hand = {**SECOND, "provenance": "secondhand"}
    view = publish([FIRST, second_hand], read=read)
    assert number(card(view)) == "790"
    assert "leída de nuevo en una copia el 19 ene 2026" in card(view)
    assert "de segunda mano" in " ".join(headline_sentences.list_marks(view, find_headlines(view).held))


def test_a_number_read_in_its_address_alone_is_told_as_no_more(publish: Publish) -> None:
    view = publish([FIRST, SECOND], read=[FIRST, {**SECOND, "verdict": "address_states_it"}])
    assert number(card(view)) == "790"
    assert "su dirección lleva el número; su texto no se leyó (19 ene 2026)" in card(view)
    assert "leída de nuevo" not in card(view)
    assert (
        readings.compose_share(view)
        .replace("\xa0", " ")
        .startswith("De esas publicaciones, releídas en su fuente: 1 (50 %); en una copia: 0; aún no: 1;")
    )


def test_what_its_speaker_took_back_gives_way_to_what_he_said_instead(publish: Publish) -> None:
    lower = {**NEWEST, "value": "769", "url": "https://tarde.example/769", "publisher": "La Tarde"}
    view = publish([FIRST, NEWEST, lower], read=[FIRST, lower, {**NEWEST, "verdict": "speaker_withdrew_it"}])
    assert number(card(view)) == "769"
    assert "770" not in card(view)


def test_what_its_source_does_not_state_is_neither_headline_nor_named_under_it(publish: Publish) -> None:
    view = publish([FIRST, SECOND, NEWEST], read=[FIRST, SECOND, {**NEWEST, "verdict": "does_not_state_it"}])
    assert number(card(view)) == "790"
    assert "770" not in card(view)
    assert figures_over_time.make_overview(view).frame["value"].to_list() == [806, 790]


@pytest.mark.parametrize("language", list_languages())
def test_where_nobody_confirmed_any_figure_words_stand_in_its_place(publish: Publish, language: str) -> None:
    left = row(**LEFT, value=40, as_of="2026-02-02", published="2026-02-02")
    view = replace(publish([FIRST, SECOND, left], read=[left]), language=language)
    words, found = view.words, find_headlines(view)
    assert not found.held.rows
    assert number(card(view)) == words("headline.none")
    assert words.number(790) in card(view)  # named under it
    answer = headline_sentences.compose_answer(view, found)
    assert "790" not in answer
    assert "40" in answer
    assert {"es": "confirmado", "en": "confirmed", "pt": "confirmado"}[language] in answer
    assert home(view).figure == words("headline.none")
    assert brief._collect_headline(build_card(view, found.held))["figure"] == words("headline.none")
    assert figures_over_time.make_overview(view).frame.height == 3  # the chart still shows what was published
    text = text_of(opened("overview", lang=language))
    assert words("headline.none") in text
    assert words("glance.no_change") not in text
    assert words("headline.no_direction") in text


def test_where_nothing_was_published_that_is_said(publish: Publish) -> None:
    view = publish([row(organisation="gobierno")])
    assert number(card(view)) == view.words("no_data")
    assert "De La Lista no hay un total" in headline_sentences.compose_answer(view, find_headlines(view))


def test_a_past_day_does_not_know_of_a_later_reading(publish: Publish) -> None:
    view = publish([FIRST, SECOND], read=[FIRST, {**SECOND, "checked_on": "2026-02-20"}])
    before, on = date(2026, 2, 19), date(2026, 2, 20)
    then = replace(view, today=before, known_on=before)
    assert number(card(then)) == "806"
    assert "Publicada y sin confirmar: 790" in card(then)
    assert number(card(replace(view, today=on, known_on=on))) == "790"
    assert "contaba 806 personas" in text_of(opened("overview", known="2026-02-19"))


def test_a_past_day_does_not_say_that_a_figure_is_unread_still(publish: Publish) -> None:
    own = {**SECOND, "provenance": "primary"}
    view = publish([own], read=[{**own, "checked_on": "2026-02-20"}])
    then = replace(view, today=date(2026, 2, 19), known_on=date(2026, 2, 19))
    assert view.words("headline.unread_then") in card(then)
    assert view.words("checked.none") not in card(then)
    assert "leída de nuevo en su fuente el 20 feb 2026" in card(view)


def test_what_is_in_doubt_is_off_the_line_and_in_the_table(publish: Publish) -> None:
    earlier = [
        row(value=820, as_of="2025-12-22", published="2025-12-22"),
        row(value=815, as_of="2025-12-29", published="2025-12-29"),
    ]
    view = publish([*earlier, FIRST, ODD, SECOND])
    span = (date(2025, 12, 1), view.today)
    choice = custom_chart.parse_choice(view, [("what", "in_custody")])
    for shown in (
        figures_over_time.make_overview(view),
        figures_over_time.make_progress(view, HELD, ("lista",), (), *span, ()),
        custom_chart.make_custom_chart(view, choice),
    ):
        assert off_the_line(shown) == [311]
        assert joined(shown) == {820, 815, 806, 790}
        assert shown.frame["value"].to_list() == [820, 815, 806, 790]
        assert "311" not in shown.summary
        assert view.words("doubt.key") in shown.key
        (doubted,) = [each for each in shown.rows if each[3].text == "311"]
        assert [mark for mark in doubted[-1] if "en duda" in mark] == [
            "en duda: no encaja con las cifras de antes y de después"
        ]
        assert b"out_of_line" in shown.csv()


def test_the_hover_of_a_doubt_names_its_rule(publish: Publish) -> None:
    shown = figures_over_time.make_overview(publish([FIRST, ODD, SECOND]))
    assert shown.figure is not None
    hovers = [
        each[0] for trace in shown.figure.data if trace.marker.color == IN_DOUBT for each in trace.customdata
    ]
    assert [each for each in hovers if "en duda: no encaja" in each and "La Tarde" in each] == hovers != []


def test_no_doubt_no_key(publish: Publish) -> None:
    view = publish([FIRST, SECOND])
    shown = figures_over_time.make_overview(view)
    assert off_the_line(shown) == []
    assert view.words("doubt.key") not in shown.key


def test_a_key_explains_no_mark_that_its_drawing_leaves_out(publish: Publish) -> None:
    """A drawing over time has no dot in a revised mark, and no ring without room for its words."""
    newer = row(value=788, as_of="2026-01-19", published="2026-01-26")
    other = row(value=600, as_of="2026-02-02", published="2026-02-03")
    view = publish([FIRST, ODD, SECOND, newer, NEWEST, other])
    explained = [view.words(key) for key in ("key.revised", "key.contradicted", "doubt.key")]
    held = figures_over_time.make_overview(view)
    assert held.frame["revision"].max() == 1
    assert held.frame["contradicted"].any()
    assert [each in held.key for each in explained] == [False, False, True]
    assert not set(explained) & set(brief.list_key(view, held))
    span = (date(2025, 12, 1), view.today)
    every = figures_over_time.make_progress(view, HELD, ("lista",), (), *span, (), every=True)
    assert [each in every.key for each in explained] == [False, True, True]
    assert set(explained[1:]) <= set(brief.list_key(view, every))


def test_an_axis_is_not_stretched_for_what_is_in_doubt(publish: Publish) -> None:
    view = publish([FIRST, {**ODD, "value": "79000"}, SECOND])
    figure = figures_over_time.make_overview(view).figure
    assert figure is not None
    assert figure.layout.yaxis.range[1] < 1000


def test_a_doubt_that_is_newest_heads_nothing_and_is_named_with_its_rule(publish: Publish) -> None:
    falling = [
        row(**LEFT, value=value, as_of=day, published=day)
        for value, day in ((100, "2026-01-20"), (120, "2026-02-01"), (30, "2026-02-08"))
    ]
    view = publish([FIRST, *falling], read=[FIRST, *falling])
    (passed,) = find_headlines(view).left.passed_over
    assert (passed.reason, passed.row["doubt"]) == ("in_doubt", "cumulative_falls")
    html = card(view, 1)
    assert number(html) == "120"
    assert "En duda: 30 al 8 de febrero de 2026, por El Diario (un total acumulado no baja" in html


def test_no_line_of_releases_by_role_runs_through_a_doubt(publish: Publish) -> None:
    totals = [(100, "2026-01-20"), (40, "2026-01-25"), (120, "2026-02-01")]
    shown = releases_by_role.make_releases_by_role(
        publish([row(**LEFT, value=value, as_of=day, published=day) for value, day in totals])
    )
    assert shown.figure is not None
    traces = shown.figure.data
    ends = {end for trace in traces if trace.mode == "lines" for end in zip(trace.x, trace.y, strict=True)}
    told = [each[0] for trace in traces for each in trace.customdata or ()]
    assert not any("<b>40</b>" in text for text in told)
    assert len(ends) >= 2  # of 100 and 120


@pytest.mark.parametrize("language", list_languages())
def test_every_rule_of_doubt_has_its_words(language: str) -> None:
    rules = re.findall(r"THEN '(\w+)'", (SQL / "3_lives/judged/01_doubts.sql").read_text())
    assert len(set(rules)) == len(rules) >= 6
    assert [rule for rule in rules if not read_words(language).has(f"doubt.{rule}")] == []
