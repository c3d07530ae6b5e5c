"""Steps from one stock to the next: nothing is drawn of what was not computed."""

import pytest

from dashboards.charts.fonts import BOLD, measure_width
from dashboards.charts.waterfall import HELD, IN, MISSING, OUT, Aside, Step, draw_waterfall

OPENING = Step(HELD, "Held", "27 Mar", "1,200", 1200)
ARRESTED = Step(IN, "New detentions", "", "at least 161", 161)
LEFT = Step(OUT, "Released from prison", "", "187", -187)
CLOSING = Step(HELD, "Held", "1 Jul", "1,174", 1174)
NOT_COMPUTED = Step(MISSING, "Not explained", "", "not computed", None)


def count_joins(*steps: Step) -> int:
    return len(draw_waterfall(steps, ",.", "people").layout.shapes)


def test_a_way_that_does_not_add_up_does_not_lead_to_the_closing() -> None:
    assert count_joins(OPENING, ARRESTED, LEFT, CLOSING) == 3
    assert count_joins(OPENING, ARRESTED, NOT_COMPUTED, CLOSING) == 2


def test_what_is_not_computed_is_said_and_has_no_height() -> None:
    figure = draw_waterfall((OPENING, ARRESTED, NOT_COMPUTED, CLOSING), ",.", "people")
    assert [trace.y[0] for trace in figure.data] == [1200, 161, 0, 1174]
    assert "not computed" in {note.text for note in figure.layout.annotations}


def test_what_is_said_in_the_picture_ends_before_the_frame_of_the_fall() -> None:
    aside = Aside("Entraron en la lista unas 435 personas (cálculo nuestro)", "De las otras no se sabe.")
    steps = (OPENING, LONG, LEFT, NOT_COMPUTED, CLOSING)
    figure = draw_waterfall(steps, ",.", "people", "baja 333", aside, 560)
    (said,) = [note for note in figure.layout.annotations if "Entraron" in note.text]
    column = (560 - figure.layout.margin.l - figure.layout.margin.r) / len(steps)
    for line in said.text.replace("<b>", "").replace("</b>", "").split("<br>"):
        assert said.x * column + measure_width(line, 12.5, BOLD) < (len(steps) - 1 - 0.28) * column


def test_where_the_number_fell_the_axis_has_as_few_marks_as_where_it_rose() -> None:
    opening, left = Step(HELD, "Held", "30 Nov", "1,452", 1452), Step(OUT, "Released", "", "65", -65)
    closing = Step(HELD, "Held", "31 Dec", "1,452", 1452)
    axis = draw_waterfall((opening, left, NOT_COMPUTED, closing), ",.", "people").layout.yaxis
    assert axis.range[0] < -65
    assert axis.dtick is None  # one mark a person would lay seventy labels on one another
    assert axis.nticks == 6


PHONE = 324
LONG = Step(IN, "Detenciones nuevas", "por diferencia de dos totales", "al menos 161", 161)


@pytest.mark.parametrize(("width", "height"), [(880, 440), (500, 240), (PHONE, 240)])
def test_all_letters_have_twelve_pixels_or_more(width: float, height: float) -> None:
    steps = (OPENING, LONG, LEFT, NOT_COMPUTED, CLOSING)
    figure = draw_waterfall(steps, ",.", "people", "", None, width, height)
    assert min(note.font.size for note in figure.layout.annotations) >= 12
    assert any("dos totales" in note.text for note in figure.layout.annotations)


def test_on_a_phone_the_steps_lie_below_one_another_each_where_the_one_before_it_ended() -> None:
    figure = draw_waterfall((OPENING, ARRESTED, LEFT, CLOSING), ",.", "people", "", None, PHONE, 320)
    opening, arrested, left, _ = figure.data
    assert opening.y[0] < arrested.y[0] < left.y[0]  # counted from the top
    assert arrested.base[0] == pytest.approx(opening.base[0] + opening.x[0])
    assert left.base[0] == pytest.approx(arrested.base[0] + arrested.x[0])
    assert arrested.x[0] / left.x[0] == pytest.approx(161 / -187)


def test_a_phone_shows_all_steps_in_the_height_that_there_is() -> None:
    figure = draw_waterfall(
        (OPENING, LONG, ARRESTED, LEFT, LEFT, CLOSING), ",.", "people", "", None, PHONE, 240
    )
    assert max(bar.y[0] + bar.width / 2 for bar in figure.data) <= figure.layout.yaxis.range[0]
    assert figure.layout.yaxis.range[0] <= 260


@pytest.mark.parametrize(("width", "height"), [(880, 440), (PHONE, 420)])
def test_what_is_published_and_what_is_not_is_said_at_the_steps_or_below_them(
    width: float, height: float
) -> None:
    aside = Aside("435 people came onto the list", "18 or more are new detentions.")
    figure = draw_waterfall((OPENING, ARRESTED, CLOSING), ",.", "people", "", aside, width, height)
    said = " ".join(note.text for note in figure.layout.annotations)
    assert "435 people came onto the list" in said
    assert "18 or more are new detentions." in said


def test_a_number_stands_over_a_column_that_is_too_low_for_it() -> None:
    left = Step(OUT, "Released from prison", "", "10", -10)
    figure = draw_waterfall(
        (Step(HELD, "Held", "", "100", 100), left, Step(HELD, "Held", "", "90", 90)), ",.", ""
    )
    placed = {note.text.split("<b>")[-1].split("<")[0]: note.yanchor for note in figure.layout.annotations}
    assert (placed["100"], placed["10"]) == ("top", "bottom")
