"""What "something is wrong here" writes of a figure: its number where that stands, and none elsewhere."""

import re
from dataclasses import replace

import pytest

from dashboards.i18n.translations import list_languages
from dashboards.queries.view import View
from dashboards.text import amounts
from dashboards.text.reader_questions import ask_about_chart, ask_about_figure
from tests.dashboards.text.sample_statements import MARKED, statement

ID = "abcdefabcdefabcd"
ADDRESS = "https://sitio.example/figure"
WITHOUT = ("withheld", "a small group", "in doubt", "contradicted by a better one", "withdrawn", "superseded")
KNOWN = {"figure_id": ID, "doubt": None, "why_standing": "not_disputed", "fewer_than": None}


@pytest.mark.parametrize("language", list_languages())
@pytest.mark.parametrize("mark", MARKED)
def test_a_number_is_written_where_it_stands_and_nowhere_else(
    plain_view: View, language: str, mark: str
) -> None:
    view = replace(plain_view, language=language)
    row = {**KNOWN, **MARKED[mark]}
    written = ask_about_figure(view, row, ADDRESS)
    text = "\n".join((written.subject, written.about, *written.facts, *written.asks))
    assert ID in written.subject
    assert written.facts[0].endswith(ID)
    assert view.build.id in written.facts[1]
    assert written.facts[-1].endswith(ADDRESS)
    assert view.words("question.no_names") in written.asks
    if row["standing"] == "stands" and mark not in WITHOUT:
        assert amounts.tell_amount(row, view.words) in written.facts[2]
    else:
        told = text.replace(view.build.id, "").replace(view.words.day(row["as_of"]), "")
        numbers = re.findall(r"\d+", told)
        assert "400" not in numbers
        assert not re.search(r"\d", written.facts[2])


def test_every_mark_that_a_number_may_not_be_told_with_is_tried() -> None:
    assert set(WITHOUT) < set(MARKED)


def test_a_past_day_is_told(plain_view: View) -> None:
    day = statement()["as_of"]
    past = replace(plain_view, known_on=day, today=day)
    told = ask_about_chart(past, "held", "Título", "").facts
    assert "Como se sabía el 15 de febrero de 2026" in told
    assert not any("Dirección" in each for each in told)
