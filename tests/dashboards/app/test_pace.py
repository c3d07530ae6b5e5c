"""Pace and outlook: what is told from figures that suffice, and what is refused, in both languages."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from polars.testing import assert_frame_equal

from dashboards.exhibits import before_and_after, outlook_charts, pace_charts, pace_windows
from dashboards.i18n.translations import list_languages, list_texts, read_catalogue, read_words
from dashboards.metrics.outlook_facts import compute_outlooks
from dashboards.metrics.pace import compute_facts
from dashboards.queries.view import View
from dashboards.text import outlook_sentences, pace_sentences
from pipelines.core.model import Kind
from pipelines.core.paths import DataDir
from pipelines.forecast.backtest import FORECASTERS, OUTLOOK
from pipelines.forecast.refusals import RefusalReason
from tests.conftest import TODAY, row
from tests.dashboards.conftest import LEFT, charts_of, opened, text_of

Publish = Callable[[list[dict[str, str]]], View]
EVENTS = """policy_events = [{ day = 2026-08-27, es = "Un anuncio", en = "An announcement" }]
"""
WEEKDAYS = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
DATE = {
    "es": r"\d{1,2} de [a-z]+ de \d{4}|[a-z]+ de 20\d\d",
    "en": r"\d{1,2} [A-Z][a-z]+ \d{4}|[A-Z][a-z]+ 20\d\d",
    "pt": r"\d{1,2} de [a-zç]+ de \d{4}|[a-zç]+ de 20\d\d",
}


def weekly(weeks: int, last: date) -> list[dict[str, str]]:
    """People held and people released, once a week up to a day."""
    rows = []
    for n in range(weeks):
        day = (last - timedelta(weeks=weeks - 1 - n)).isoformat()
        left = 6 * n + n % 3
        rows.append(row(value=700 - left, as_of=day, published=day))
        rows.append(row(**LEFT, value=100 + left, as_of=day, published=day))
    return rows


@pytest.fixture
def fresh(publish: Publish, data: DataDir) -> View:
    """A situation whose newest figure is of yesterday."""
    path = data.situation("islandia") / "situation.toml"
    path.write_text(EVENTS + path.read_text(encoding="utf-8"), encoding="utf-8")
    return publish(weekly(20, TODAY - timedelta(days=1)))


@pytest.fixture
def stale(show: Publish) -> View:
    """The same, silent for three months."""
    return show(weekly(20, TODAY - timedelta(days=96)))


def english(view: View) -> View:
    return View(view.build, view.situation_id, "en", view.today)


@pytest.mark.usefixtures("fresh")
def test_fresh_figures_give_a_pace_now_and_a_fan_for_both_targets() -> None:
    app = opened("pace")
    text = text_of(app)
    assert "salieron de prisión 6,2 personas por semana" in text
    assert "no se puede saber" not in text
    assert "lo que puede venir" in text
    assert charts_of(app) == 5
    english_text = text_of(opened("pace", lang="en"))
    assert "people a week left prison" in english_text
    assert "in eight of ten between" in english_text


@pytest.mark.usefixtures("stale")
@pytest.mark.parametrize("language", list_languages())
def test_the_page_says_that_an_interval_is_spread_only_for_a_pace(language: str) -> None:
    even = {
        "es": "por semana se reparte por igual.",
        "en": "is spread evenly only",
        "pt": "ele é repartido por",
    }
    covered = {"es": "Días cubiertos", "en": "Days covered", "pt": "Dias cobertos"}
    text = text_of(opened("pace", lang=language))
    assert even[language] in text
    assert covered[language] in text


@pytest.mark.usefixtures("stale")
@pytest.mark.parametrize(
    ("language", "answer", "refusal"),
    [
        (
            "es",
            "El ritmo de hoy no se puede saber",
            "que basta para mirar hacia delante es demasiado antigua",
        ),
        ("en", "The pace today cannot be told", "exact enough to look ahead from is too old"),
    ],
)
def test_stale_figures_are_refused_in_words_with_what_would_be_needed(
    language: str, answer: str, refusal: str
) -> None:
    app = opened("pace", lang=language)
    text = text_of(app)
    assert answer in text
    assert refusal in text
    assert {"es": "Haría falta una cifra nueva", "en": "A new figure would be needed"}[language] in text
    assert charts_of(app) == 2


@pytest.mark.parametrize("language", list_languages())
def test_when_nobody_may_be_held_is_never_one_date(fresh: View, language: str) -> None:
    told = outlook_sentences.compose_zero(replace(fresh, language=language))
    dates = re.findall(DATE[language], told)
    assert len(dates) == 2 or {"es": "más allá de", "en": "beyond", "pt": "além de"}[language] in told
    assert "%" in told


def test_when_nobody_may_be_held_is_not_said_where_it_is_refused(stale: View) -> None:
    assert "No se dice." in outlook_sentences.compose_zero(stale)
    assert not compute_outlooks(stale).ahead(Kind.STOCK)
    assert outlook_charts.make_outlook(stale, Kind.STOCK) is None


@pytest.mark.usefixtures("stale")
def test_no_date_to_come_stands_on_a_page_that_refuses() -> None:
    years = {int(year) for year in re.findall(r"\b20\d\d\b", text_of(opened("pace")))}
    assert max(years) <= TODAY.year


def test_the_pace_needed_by_a_day_is_told_only_for_the_day_that_the_reader_picked(fresh: View) -> None:
    assert "Para que el" not in text_of(opened("pace"))
    app = opened("pace", by="2027-03-02")
    app.query_params["by"] = "2027-03-02"
    app.run()
    held = compute_facts(fresh).rows.filter(kind="stock").sort("as_of")["value"][-1]
    weeks = (date(2027, 3, 2) - TODAY).days / 7
    assert "Para que el 2 de marzo de 2027 no quedara nadie en prisión" in text_of(app)
    assert f"{read_words('es').rate(held / weeks)} personas por semana" in text_of(app)


def test_an_exhibit_of_intervals_holds_one_row_an_interval_in_table_and_csv(fresh: View) -> None:
    for kind in (Kind.CUMULATIVE, Kind.STOCK):
        exhibit = pace_charts.make_intervals(fresh, kind)
        opening = kind is Kind.CUMULATIVE  # a hundred people up to the total's first figure
        assert exhibit.frame.height == len(exhibit.rows) == 19 + opening
        assert len(exhibit.csv().decode().splitlines()) == 20 + opening
        people = exhibit.frame["central"].sum()
        assert people == 6 * 19 + 19 % 3 + 100 * opening


def test_a_column_is_the_people_of_a_week_and_the_columns_are_all_of_them(fresh: View) -> None:
    exhibit = pace_charts.make_intervals(fresh, Kind.CUMULATIVE)
    assert exhibit.figure is not None
    bars = [trace for trace in exhibit.figure.data if trace.type == "bar"]
    people = [value for trace in bars[:2] for value in trace.y]
    weekly_counts = exhibit.frame.filter(exhibit.frame["days"] == 7)  # what opens the total is one block
    assert sum(people) == pytest.approx(weekly_counts["central"].sum())


def test_a_week_ends_on_the_day_of_the_bulletins_so_that_none_is_divided(fresh: View) -> None:
    exhibit = pace_charts.make_intervals(fresh, Kind.CUMULATIVE)
    assert exhibit.figure is not None
    whole, pale, *_ = (trace for trace in exhibit.figure.data if trace.type == "bar")
    assert len(whole.y) == 19
    assert len(pale.y) == 0
    last = TODAY - timedelta(days=1)
    assert whole.x[-1].date() == last - timedelta(days=3)
    first = (last - timedelta(days=6)).isoweekday()
    assert (WEEKDAYS[first - 1] in exhibit.subtitle, WEEKDAYS[last.isoweekday() - 1] in exhibit.subtitle) == (
        True,
        True,
    )


def test_people_held_are_drawn_below_zero_where_they_fall_and_told_without_a_sign(fresh: View) -> None:
    exhibit = pace_charts.make_intervals(fresh, Kind.STOCK)
    assert exhibit.figure is not None
    bars = [trace for trace in exhibit.figure.data if trace.type == "bar"]
    assert all(value < 0 for trace in bars[:2] for value in trace.y)
    labels = exhibit.figure.layout.yaxis.ticktext
    assert "-" not in "".join(labels)
    assert any(label.endswith("menos") for label in labels)
    assert "bajó" in exhibit.title


def test_a_policy_event_parts_before_from_after_with_a_margin(fresh: View) -> None:
    exhibit = before_and_after.make_before_and_after(fresh)
    assert [line[0] for line in exhibit.rows] == [("Un anuncio", "27 ago 2026")] * 2
    shown = exhibit.frame.row(0, named=True)
    assert shown["low80_per_week"] < shown["difference_per_week"] < shown["high80_per_week"]
    assert exhibit.title == (
        "Faltan cifras para saber si salieron de prisión más o menos personas por semana tras el "
        "27 de agosto de 2026"
    )
    assert exhibit.figure is not None
    texts = " ".join(note.text for note in exhibit.figure.layout.annotations)
    # its own day is one after it
    for told in ("Un anuncio", "antes: 5,7", "después: 6,2", "antes: baja de 5,7"):
        assert told in texts
    assert texts.count("azar") == 1


def test_the_titles_of_the_tables_say_what_they_show(fresh: View) -> None:
    newest = (
        "31 de agosto de 2026" if date(2026, 9, 1) == TODAY else read_words("es").day(TODAY - timedelta(1))
    )
    assert pace_windows.make_windows(fresh).title == (
        f"La Lista: salieron de prisión 6,2 personas por semana en los 28 días hasta el {newest}; "
        f"el número en prisión bajó 6,2 por semana en los 28 días hasta el {newest}"
    )
    record = outlook_charts.make_track_record(fresh)
    assert record.title.startswith(f"Hasta el {newest}, las perspectivas")
    assert outlook_charts.make_track_record(replace(fresh, today=date(2026, 1, 2))).title == (
        "Cómo resultaron las perspectivas anteriores"
    )


def find_rows(view: View, side: str) -> list[tuple[object, ...]]:
    """What the windows say of one side: the days, people a week, the newest figure, how many are covered."""
    return [line[1:] for line in pace_windows.make_windows(view).rows if line[0] == side]


def test_a_pace_since_the_baseline_is_of_all_figures_and_not_of_those_that_a_forecast_remembers(
    publish: Publish,
) -> None:
    first = date(2026, 1, 12)  # more than sixty figures ago
    days = [first + timedelta(days=4 * n) for n in range(78)]
    rows = [row(value=900 - 4 * n, as_of=day, published=day) for n, day in enumerate(days)]
    assert find_rows(publish(rows), "Cambio del número en prisión")[-1] == (
        "desde el 12 ene 2026",
        "baja de 7",
        read_words("es").short_day(days[-1]),
        "308 de 308",
    )


@pytest.mark.parametrize(
    ("missing", "told", "covered"),
    [(0, "desde el 9 ene 2026", "84 de 84"), (8, "28 días con cifras desde el 9 ene 2026", "28 de 84")],
)
def test_since_is_said_of_all_days_only_where_figures_cover_nearly_all(
    publish: Publish, missing: int, told: str, covered: str
) -> None:
    weeks = [date(2026, 1, 9) + timedelta(weeks=n) for n in range(12)]
    rows = [
        row(
            measure="detained",
            value=7,
            period_start=day,
            as_of=day + timedelta(days=6),
            published=day + timedelta(days=6),
        )
        for day in weeks
    ]
    stock = [row(value=800 - n, as_of=day, published=day) for n, day in enumerate(weeks[:2])]
    last = find_rows(publish([*rows[:2], *rows[2 + missing :], *stock]), "Detenciones nuevas")[-1]
    assert (last[0], last[1], last[-1]) == (told, "7", covered)


def test_an_event_inside_one_interval_is_not_compared_with_itself(publish: Publish, data: DataDir) -> None:
    path = data.situation("islandia") / "situation.toml"
    path.write_text(EVENTS + path.read_text(encoding="utf-8"), encoding="utf-8")
    days = (date(2026, 2, 1), date(2026, 6, 1), date(2026, 11, 1))
    view = publish([row(value=900 - 10 * n, as_of=day, published=day) for n, day in enumerate(days)])
    told = before_and_after.make_before_and_after(view).rows[1]
    assert told[2] == told[3]
    assert "un mismo intervalo entre dos cifras" in str(told[4])
    assert "en los 153 días anteriores a la última cifra" in pace_sentences.compose_answer(view)


def test_a_block_of_figures_that_leave_more_than_one_number_carries_its_bounds(publish: Publish) -> None:
    days = (date(2026, 2, 8), date(2026, 5, 8), date(2026, 11, 8))
    values = ((100, "about"), (300, "more_than"), (900, "exact"))
    rows = [
        row(**LEFT, value=value, qualifier=qualifier, as_of=day, published=day)
        for day, (value, qualifier) in zip(days, values, strict=True)
    ]
    exhibit = pace_charts.make_intervals(publish(rows), Kind.CUMULATIVE)
    assert exhibit.title == "Personas que salieron de prisión, por semana, según La Lista"
    assert "la tabla da los límites" in exhibit.subtitle
    assert exhibit.fit is not None
    texts = " ".join(note.text for note in exhibit.fit(880, 440).layout.annotations).replace("<br>", " ")
    assert "100 (entre 95 y 105)" in texts
    assert "como máximo 599" in texts


def test_missing_detentions_are_told_as_missing(fresh: View) -> None:
    lines = [line for line in pace_windows.make_windows(fresh).rows if line[0] == "Detenciones nuevas"]
    assert lines == [("Detenciones nuevas", "", "sin cifras con que calcularlo", "", "")]


def test_an_outlook_that_is_refused_as_too_old_names_the_figure_by_which_it_was_judged(
    publish: Publish,
) -> None:
    rows = weekly(20, TODAY - timedelta(days=96))[::2]
    bound = (TODAY - timedelta(days=71)).isoformat()
    view = publish([*rows, row(value=500, qualifier="more_than", as_of=bound, published=bound)])
    told, day = outlook_sentences.compose_refusals(view, Kind.STOCK), read_words("es").day
    assert [day(TODAY - timedelta(days=ago)) in told for ago in (96, 71)] == [True, False]


def test_without_a_running_total_releases_are_not_said_to_be_unpublished(publish: Publish) -> None:
    rows = weekly(20, TODAY - timedelta(days=1))[::2]
    month = {"period_start": "2026-10-01", "as_of": "2026-10-31", "published": "2026-11-02"}
    view = publish([*rows, row(**month, measure="released", value=9)])
    gross = find_rows(view, "Salidas de prisión")
    assert gross == [("", "sin un total acumulado con que calcularlo", "", "")]
    nothing = pace_charts.make_intervals(view, Kind.CUMULATIVE).summary
    assert nothing == "No hay un total acumulado de salidas con que calcularlo."


def test_the_record_names_every_forecaster_and_says_where_it_does_not_win(fresh: View) -> None:
    scores = outlook_charts.compute_scores(fresh)
    assert set(scores["forecaster"]) == {OUTLOOK, *FORECASTERS}
    best = scores.filter(scores["forecaster"] == OUTLOOK).with_columns(against_best=1.2)
    others = scores.filter(scores["forecaster"] != OUTLOOK)
    told = outlook_sentences.record(fresh, best.vstack(others), "stock")
    assert "no lo supera" in told


def test_two_languages_tell_the_same_numbers(fresh: View) -> None:
    spanish, other = pace_windows.make_windows(fresh), pace_windows.make_windows(english(fresh))
    assert spanish.frame.equals(other.frame)
    assert len(spanish.rows) == len(other.rows)


def test_every_refusal_forecaster_and_target_has_words() -> None:
    wanted = {
        *(f"refusal.{reason}" for reason in RefusalReason),
        *(f"refusal_needs.{reason}" for reason in RefusalReason),
        *(f"forecaster.{name}" for name in (OUTLOOK, *FORECASTERS)),
        "target.stock",
        "target.cumulative",
    }
    for language in list_languages():
        assert wanted - list_texts(read_catalogue(language)).keys() == set()


def test_a_past_day_shows_nothing_that_came_later(fresh: View) -> None:
    then = View(fresh.build, fresh.situation_id, "es", TODAY - timedelta(days=35))
    fan = outlook_charts.make_outlook(then, Kind.STOCK)
    assert fan is not None
    assert fan.figure is not None
    drawn = {day for trace in fan.figure.data if trace.customdata is not None for day in trace.x}
    assert max(drawn) <= then.today
    intervals = pace_charts.make_intervals(then, Kind.STOCK).frame
    assert max(intervals["end"].to_list()) <= then.today
    assert (
        outlook_charts.compute_scores(then)["forecasts"].max()
        < outlook_charts.compute_scores(fresh)["forecasts"].max()
    )


def test_a_day_gone_back_to_shows_the_pace_and_the_outlook_as_they_were_known(
    publish: Publish,
) -> None:
    rows = weekly(20, TODAY - timedelta(days=1))
    day = TODAY - timedelta(weeks=4)
    revised = {**rows[10], "value": "640", "published": (TODAY - timedelta(days=2)).isoformat()}
    now = publish([*rows, revised])
    back = replace(now, today=day, known_on=day)
    then = replace(publish([each for each in rows if each["published"] <= day.isoformat()]), today=day)
    for kind in (Kind.STOCK, Kind.CUMULATIVE):
        assert_frame_equal(
            pace_charts.make_intervals(back, kind).frame, pace_charts.make_intervals(then, kind).frame
        )
        ahead, known = outlook_charts.make_outlook(back, kind), outlook_charts.make_outlook(then, kind)
        assert ahead is not None
        assert known is not None
        assert_frame_equal(ahead.frame, known.frame)
        assert "Como se sabía" in ahead.source
    assert_frame_equal(pace_windows.make_windows(back).frame, pace_windows.make_windows(then).frame)
    assert pace_sentences.compose_answer(back) == pace_sentences.compose_answer(then)
    assert outlook_sentences.compose_zero(back) == outlook_sentences.compose_zero(then)


def test_a_record_of_the_past_is_judged_by_what_was_public_then(publish: Publish) -> None:
    rows = weekly(20, TODAY - timedelta(days=1))
    day = TODAY - timedelta(weeks=2)
    late = {**rows[30], "value": str(int(rows[30]["value"]) - 1), "published": TODAY.isoformat()}
    now = publish([*rows, late])
    back = replace(now, today=day, known_on=day)
    all_of_it = outlook_charts.compute_scores(replace(now, today=day))
    known = outlook_charts.compute_scores(back)
    assert 0 < known["forecasts"].sum() < all_of_it["forecasts"].sum()


@pytest.mark.usefixtures("fresh")
def test_the_page_goes_back_before_an_event_and_before_every_report() -> None:
    text = text_of(opened("pace", known="2026-08-20"))
    assert "Así se sabía el 20 de agosto de 2026." in text
    assert "por semana tras el 27 de agosto de 2026" not in text
    assert "por semana tras el 27 de agosto de 2026" in text_of(opened("pace"))
    nothing = text_of(opened("pace", known="2026-01-02"))
    assert "no se pudo mostrar" not in nothing
    assert "Así se sabía el 2 de enero de 2026." in nothing
