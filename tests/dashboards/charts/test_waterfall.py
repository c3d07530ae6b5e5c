"""Steps from one stock to the next: nothing is drawn of what was not computed."""

from dashboards.charts.waterfall import HELD, IN, MISSING, OUT, Step, draw_waterfall

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
