"""Chart builder: every state has an address that gives it back; what an address asks in vain is told."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from html import unescape
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from dashboards.charts import theme
from dashboards.exhibits import chart_registry, custom_chart, figures_over_time
from dashboards.exhibits.custom_chart import Choice, UnknownChoiceError
from dashboards.export import formats
from dashboards.queries.view import View
from pipelines.core.model import TOTAL, Kind, Measure
from tests.conftest import row
from tests.dashboards.conftest import figures, opened, text_of
from tests.dashboards.published_view import published

EXAMPLES = settings(max_examples=60, deadline=None)
TEXT = st.text(st.characters(codec="utf-8"), max_size=40)


@pytest.fixture(scope="module")
def view(tmp_path_factory: pytest.TempPathFactory) -> Iterator[View]:
    female = {"breakdown": "sex=female"}
    rows = [*figures(), row(value=230, **female, as_of="2026-02-08", published="2026-02-08")]
    rows.append(row(value=240, **female, as_of="2026-01-15", published="2026-01-15"))
    rows.append(row(value=1900, organisation="gobierno", as_of="2026-02-15", published="2026-02-15"))
    rows += [
        row(measure="under_measures", value=900, as_of=day, published=day)
        for day in ("2026-02-08", "2026-02-15")
    ]
    rows.append(row(measure="amnesty_granted_to_date", period_start="2026-01-08", value=5))
    since = {"measure": "under_measures", "period_start": "2026-02-01"}
    rows.append(row(**since, value=40, as_of="2026-02-12", published="2026-02-12"))
    full = {"measure": "full_freedom_to_date", "period_start": "2026-02-10"}
    rows.append(row(**full, value=7, as_of="2026-02-15", published="2026-02-15"))
    with published(tmp_path_factory.mktemp("builder") / "data", rows) as shown:
        yield shown


def test_no_subtitle_dates_a_drawing_that_leaves_out_figures_of_its_summary(view: View) -> None:
    days = (date(2025, 1, 1), date(2026, 11, 24))
    told = figures_over_time.make_progress(view, Measure.IN_CUSTODY, ("lista",), (), *days, ()).subtitle
    assert told.startswith("Personas en prisión o bajo custodia el día de cada cifra.")
    assert "2026" not in told


@st.composite
def choices(draw: st.DrawFn, view: View) -> Choice:
    """Any state that the page can be in."""
    measure = draw(st.sampled_from(custom_chart.list_measures(view)))
    split = draw(st.sampled_from(custom_chart.list_splits(view, measure)))
    if split != custom_chart.NONE:
        return draw(divided(view, measure, split))
    part = draw(st.sampled_from(custom_chart.list_parts(view, measure)))
    also = tuple(each for each in custom_chart.list_companions(view, measure, part) if draw(st.booleans()))
    can = custom_chart.find_offer(view, measure, part, also=also)
    assert can is not None
    since = draw(st.dates(can.first, can.last))
    return Choice(
        measure,
        tuple(each for each in can.organisations if draw(st.booleans())),
        tuple(each for each in can.starts if draw(st.booleans())) if measure.kind is Kind.CUMULATIVE else (),
        part,
        since,
        draw(st.dates(since, can.last)),
        tuple(each for each in can.events if draw(st.booleans())),
        draw(st.sampled_from(list(theme.SIZES))),
        also,
        figures=draw(st.sampled_from(custom_chart.FIGURES)),
    )


@st.composite
def divided(draw: st.DrawFn, view: View, measure: Measure, split: str) -> Choice:
    """The same of a division into parts."""
    can = custom_chart.find_split_offer(view, measure, split)
    assert can is not None
    since = draw(st.dates(can.first, can.last))
    return Choice(
        measure,
        (),
        (),
        TOTAL,
        since,
        draw(st.dates(since, can.last)),
        tuple(each for each in can.events if draw(st.booleans())),
        draw(st.sampled_from(list(theme.SIZES))),
        split=split,
        show=draw(st.sampled_from(list(custom_chart.SHOWN))),
    )


@EXAMPLES
@given(st.data())
def test_an_address_gives_back_the_state_that_it_was_written_from(view: View, data: st.DataObject) -> None:
    choice = data.draw(choices(view))
    assert custom_chart.parse_choice(view, custom_chart.make_pairs(choice)) == choice


@EXAMPLES
@given(st.data())
def test_every_state_draws_or_says_that_there_is_nothing(view: View, data: st.DataObject) -> None:
    choice = data.draw(choices(view))
    exhibit = custom_chart.make_custom_chart(view, choice)
    assert exhibit.title
    assert exhibit.summary
    if exhibit.figure is not None and choice.split == custom_chart.NONE:
        assert set(exhibit.frame["organisation"]) <= set(choice.organisations)
        assert set(exhibit.frame["measure"]) <= {choice.measure.value, *(each.value for each in choice.also)}
        assert exhibit.frame["kind"].n_unique() == 1
        assert exhibit.frame["as_of"].is_between(choice.since, choice.until).all()
    assert bool(figures_over_time.list_quotable(view, exhibit)) is (exhibit.figure is not None)


@EXAMPLES
@given(pairs=st.lists(st.tuples(st.sampled_from(custom_chart.KEYS) | TEXT, TEXT), max_size=6))
def test_hostile_parameters_are_refused_by_name_or_read_and_nothing_else(
    view: View, pairs: list[tuple[str, str]]
) -> None:
    try:
        choice = custom_chart.parse_choice(view, pairs)
    except UnknownChoiceError:
        return
    assert custom_chart.parse_choice(view, custom_chart.make_pairs(choice)) == choice


def test_a_stock_and_a_running_total_never_share_a_chart(view: View) -> None:
    drawn = custom_chart.make_custom_chart(
        view, custom_chart.parse_choice(view, [(custom_chart.WHAT, "released_to_date")])
    )
    assert set(drawn.frame["kind"]) == {"cumulative"}
    with pytest.raises(UnknownChoiceError, match="what can not be 'released'"):
        custom_chart.parse_choice(view, [(custom_chart.WHAT, "released")])


def test_steps_of_one_ladder_share_an_axis_each_by_its_own_name(view: View) -> None:
    choice = custom_chart.parse_choice(view, [(custom_chart.WITH, "under_measures")])
    drawn = custom_chart.make_custom_chart(view, choice)
    assert drawn.figure is not None
    assert drawn.title == "En prisión o bajo custodia y fuera de prisión bajo medidas"
    assert {trace.name for trace in drawn.figure.data if trace.name} == {
        "La Lista: personas en prisión o bajo custodia",
        "La Lista: personas fuera de prisión bajo medidas",
        "La Lista: personas fuera de prisión bajo medidas, desde el 1 feb 2026",
    }
    assert "no se suman ni se restan entre sí" in drawn.key[-1]
    assert "900" in drawn.summary


def test_running_totals_of_one_ladder_name_their_starts(view: View) -> None:
    said = [(custom_chart.WHAT, "released_to_date"), (custom_chart.WITH, "full_freedom_to_date")]
    drawn = custom_chart.make_custom_chart(view, custom_chart.parse_choice(view, said))
    assert drawn.figure is not None
    assert {trace.name for trace in drawn.figure.data if trace.name} == {
        "La Lista: personas que salieron de prisión, desde el 8 ene 2026",
        "La Lista: personas con libertad plena, desde el 10 feb 2026",
    }
    only = custom_chart.make_custom_chart(
        view, custom_chart.parse_choice(view, [*said, (custom_chart.START, "2026-01-08")])
    )
    assert only.title.startswith("La Lista contó ")


def test_the_axis_is_refused_to_what_is_no_step_of_the_ladder_or_of_another_kind(view: View) -> None:
    for what, beside in (
        ("in_custody", "released_to_date"),
        ("in_custody", "in_custody"),
        ("released_to_date", "amnesty_granted_to_date"),
    ):
        with pytest.raises(UnknownChoiceError, match=f"with can not be '{beside}'"):
            custom_chart.parse_choice(view, [(custom_chart.WHAT, what), (custom_chart.WITH, beside)])
    for axis in custom_chart.AXES:
        assert len({measure.kind for measure in axis}) == 1


def test_a_division_is_drawn_with_its_events_within_its_days(view: View) -> None:
    said = [
        (custom_chart.SPLIT, "lista sex"),
        (custom_chart.EVENT, "law"),
        (custom_chart.SINCE, "2026-01-01"),
    ]
    choice = custom_chart.parse_choice(view, said)
    drawn = custom_chart.make_custom_chart(view, choice)
    assert drawn.figure is not None
    assert drawn.title == (
        "De 1.591 personas en prisión el 15 de febrero de 2026, 250 eran mujeres; "
        "el 8 de febrero de 2026 eran 230 de 1.600"
    )
    assert [label for label, _ in drawn.events] == ["1"]
    assert [row["value"] for row in figures_over_time.list_quotable(view, drawn)] == [250]
    early = custom_chart.parse_choice(view, [*said, (custom_chart.UNTIL, "2026-01-20")])
    nothing = custom_chart.make_custom_chart(view, early)
    assert nothing.figure is None
    assert nothing.summary == view.words("builder.split_empty")


@pytest.mark.parametrize("key", custom_chart.OVER_TIME)
def test_a_division_is_not_chosen_together_with_what_it_has_no_use_for(view: View, key: str) -> None:
    with pytest.raises(UnknownChoiceError, match=f"{key} can not be chosen together with split"):
        custom_chart.parse_choice(view, [(custom_chart.SPLIT, "lista sex"), (key, "")])
    with pytest.raises(UnknownChoiceError, match="show can not be chosen without split"):
        custom_chart.parse_choice(view, [(custom_chart.SHOW, "shares")])


def test_what_can_be_chosen_once_is_refused_twice(view: View) -> None:
    with pytest.raises(UnknownChoiceError, match="part can be chosen only once"):
        custom_chart.parse_choice(view, [(custom_chart.PART, "total"), (custom_chart.PART, "total")])


def test_a_part_says_that_it_is_only_a_part(view: View) -> None:
    exhibit = custom_chart.make_custom_chart(
        view, custom_chart.parse_choice(view, [(custom_chart.PART, "sex=female")])
    )
    assert exhibit.title == "En prisión o bajo custodia: mujeres"
    assert exhibit.summary.startswith("Solo una parte del total (mujeres).")
    assert exhibit.frame["value"].to_list() == [240, 230, 250]


def test_a_range_beyond_the_figures_is_held_within_them_and_an_inverted_one_refused(view: View) -> None:
    choice = custom_chart.parse_choice(
        view, [(custom_chart.SINCE, "1800-01-01"), (custom_chart.UNTIL, "9999-12-31")]
    )
    assert choice.until == view.today
    assert choice.since == date(2025, 10, 1)
    inverted = [
        (custom_chart.SINCE, str(view.today)),
        (custom_chart.UNTIL, str(view.today - timedelta(days=9))),
    ]
    with pytest.raises(UnknownChoiceError, match="is after"):
        custom_chart.parse_choice(view, inverted)


def test_what_the_progress_page_shows_can_be_asked_of_the_builder(view: View) -> None:
    can = custom_chart.find_offer(view, Measure.RELEASED_TO_DATE, TOTAL)
    assert can is not None
    origin = chart_registry.make_request_over_time(
        view, Measure.RELEASED_TO_DATE, ["lista"], can.usual_starts, can.usual_span, ["law"]
    )
    assert origin is not None
    exhibit, again = chart_registry.answer_request(view, "builder", origin.options)
    assert exhibit is not None
    assert exhibit.frame["value"].to_list() == [400, 464]
    assert again == origin


STATE = {
    "what": "in_custody",
    "who": "gobierno",
    "part": "total",
    "since": "2026-01-01",
    "until": "2026-03-01",
    "event": "law",
    "size": "square",
}


@pytest.mark.usefixtures("view")
def test_the_page_shows_what_the_address_says_and_a_change_of_language_keeps_it() -> None:
    app = opened("builder", **STATE)
    for language, head in (("es", "Haga su propio gráfico"), ("en", "Make your own chart")):
        app.query_params["lang"] = language
        app.run()
        text = text_of(app)
        assert head in text
        assert "Gobierno" in text
        assert "1.900" in text if language == "es" else "1,900" in text
        assert "who=gobierno" in page_html(app)
        assert "size=square" in page_html(app)


@pytest.mark.usefixtures("view")
def test_the_state_survives_a_change_of_page_and_back() -> None:
    app = opened("builder", **STATE)
    app.switch_page(str(Path("dashboards/app/pages/compare.py"))).run()
    app.switch_page(str(Path("dashboards/app/pages/builder.py"))).run()
    assert "who=gobierno" in page_html(app)
    assert "since=2026-01-01&amp;until=2026-03-01&amp;event=law&amp;size=square" in page_html(app)


@pytest.mark.usefixtures("view")
def test_the_page_draws_a_division_and_steps_of_one_ladder_as_its_address_says() -> None:
    app = opened("builder", split="lista sex", show="counts", event="law")
    assert "250 eran mujeres" in text_of(app)
    assert "split=lista+sex&amp;show=counts" in page_html(app)
    assert "who=" not in page_html(app)
    app = opened("builder", **{"with": "under_measures"})
    assert "y fuera de prisión bajo medidas" in text_of(app)
    assert "with=under_measures" in page_html(app)


@pytest.mark.usefixtures("view")
def test_what_a_division_has_no_use_for_is_told() -> None:
    text = text_of(opened("builder", split="lista sex", who="lista"))
    assert "La dirección pide algo que no existe aquí." in text
    assert "250 eran mujeres" in text


@pytest.mark.usefixtures("view")
@pytest.mark.parametrize("key", ["what", "with", "split", "who", "part", "since", "event", "size"])
def test_a_value_that_is_not_here_is_told(key: str) -> None:
    text = text_of(opened("builder", **{key: "<script>alert(1)</script>"}))
    assert "La dirección pide algo que no existe aquí." in text
    assert "«<script>alert(1)</script>»" in text
    assert ("1.591" in text) is (key != "who")


@pytest.mark.usefixtures("view")
def test_the_page_offers_files_a_sentence_a_reference_and_a_snippet() -> None:
    app = opened("builder", **STATE)
    for form in formats.TABLES:
        assert f"builder.{form}?" in page_html(app)
    page = unescape(page_html(app))
    assert re.search(r'class="lm-quoted"[^>]*>[^<]*Gobierno[^<]*1\.900', page)
    assert 'data-address="https://liberometro.example/builder?situation=islandia' in page
    assert "<figure><a href=" in page
    assert "<img src=" in page
    assert "@misc{" in page


def page_html(app: AppTest) -> str:
    return " ".join(each.proto.body for each in app.get("html"))
