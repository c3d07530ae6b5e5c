"""Where no total of those who left is given: what is known in part, and a count not yet begun."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from dashboards.exhibits import releases_by_role
from dashboards.i18n.translations import list_languages
from dashboards.metrics.headline import find_headlines
from dashboards.queries.view import View, go_back
from dashboards.text import headline_sentences
from dashboards.web.headline_card import build_cards
from pipelines.core.paths import DataDir
from tests.conftest import SITUATION, row
from tests.dashboards.conftest import LEFT

Publish = Callable[..., View]
HELD = row(value=700, as_of="2026-02-01", published="2026-02-01")
FIRST = row(value=800, as_of="2025-12-01", published="2025-12-01")
PARDONED = row(**LEFT, value=400, breakdown="mechanism=pardon", as_of="2026-02-01", published="2026-02-01")


@pytest.fixture
def in_part(data: DataDir, publish: Publish) -> View:
    """Of those who left, only how many were pardoned."""
    listed = SITUATION.replace("[breakdown_values]", '[breakdown_values]\nmechanism = ["pardon"]')
    (data.situation("islandia") / "situation.toml").write_text(listed, encoding="utf-8")
    return publish([FIRST, HELD, PARDONED])


@pytest.mark.parametrize("language", list_languages())
def test_a_part_of_those_who_left_stands_beside_the_missing_total(in_part: View, language: str) -> None:
    view = replace(in_part, language=language)
    words, found = view.words, find_headlines(view)
    left = build_cards(view, found)[1]
    assert left.figure == words("card.none_in_all")
    told = headline_sentences.tell_missing(view, found.left)[1]
    assert left.said == (told,)
    assert "La Lista" in told
    assert words("measure_in_sentence.released_to_date") in told  # true where it stands alone, too
    assert "400" in headline_sentences.compose_answer(view, found)
    assert any("400" in each for each in headline_sentences.compose_lead(view, found))


def test_where_nobody_gives_a_total_the_table_lists_the_parts(in_part: View) -> None:
    shown = releases_by_role.make_releases_by_role(in_part)
    assert [cells[5].text for cells in shown.rows] == ["400"]
    assert shown.summary.startswith(in_part.words("roles.in_part"))
    assert "400" in shown.summary


def test_beside_a_total_the_table_lists_no_parts(publish: Publish) -> None:
    total = row(**LEFT, value=500, as_of="2026-02-01", published="2026-02-01")
    shown = releases_by_role.make_releases_by_role(publish([HELD, PARDONED, total]))
    assert [cells[5].text for cells in shown.rows] == ["500"]


def test_where_releases_of_a_period_are_published_only_the_total_is_missing(publish: Publish) -> None:
    flow = row(
        measure="released", value=24, period_start="2026-01-10", as_of="2026-01-12", published="2026-01-12"
    )
    view = publish([HELD, flow])
    assert build_cards(view, find_headlines(view))[1].said == (
        "Aquí no hay un total de La Lista de personas que salieron de prisión desde el 8 de enero de 2026.",
    )


@pytest.mark.parametrize("language", list_languages())
def test_on_a_day_before_its_start_nothing_is_said_of_a_count(publish: Publish, language: str) -> None:
    view = replace(go_back(publish([FIRST, HELD]), date(2025, 12, 15)), language=language)
    words, found = view.words, find_headlines(view)
    start = words.day(view.situation.baseline)
    assert view.situation.baseline > view.today
    assert start not in " ".join(headline_sentences.compose_lead(view, found))
    answer = headline_sentences.compose_answer(view, found)
    assert start not in answer
    assert "800" in answer
    assert build_cards(view, found)[1].said == (headline_sentences.tell_missing(view, found.left)[1],)


def test_on_a_day_before_all_figures_the_answer_says_that_there_is_none(publish: Publish) -> None:
    view = go_back(publish([FIRST, HELD]), date(1999, 1, 1))
    assert headline_sentences.compose_lead(view, find_headlines(view)) == [
        "Aquí no hay ninguna cifra de La Lista de personas en prisión o bajo custodia."
    ]


UNDATED = row(measure="released_to_date", value=12, as_of="2026-02-01", published="2026-02-01")
SAID = {
    "es": "El total de La Lista de personas que salieron de prisión, 12 hasta el 1 de febrero de 2026, "
    "no dice desde cuándo cuenta.",
    "en": "The total from La Lista of people released from prison, 12 up to 1 February 2026, "
    "does not say since when it counts.",
    "pt": "O total de La Lista de pessoas que saíram da prisão, 12 até 1 de fevereiro de 2026, "
    "não diz desde quando conta.",
}


@pytest.mark.parametrize("language", list_languages())
def test_a_total_that_does_not_say_since_when_is_told_as_one_and_not_as_none(
    publish: Publish, language: str
) -> None:
    view = replace(publish([FIRST, HELD, UNDATED]), language=language)
    found = find_headlines(view)
    left = build_cards(view, found)[1]
    assert (left.figure, left.said) == (view.words("card.undated"), (SAID[language],))
    assert SAID[language] in headline_sentences.compose_lead(view, found)
    assert headline_sentences.compose_answer(view, found).endswith(SAID[language])
    assert releases_by_role.make_releases_by_role(view).subtitle.startswith(
        view.words("roles.subtitle_undated")
    )


def test_where_the_table_has_no_room_for_all_figures_it_says_how_many_it_shows(publish: Publish) -> None:
    days = [f"2026-01-{day:02}" for day in range(9, 31)]
    told = [row(**LEFT, value=number, as_of=day, published=day) for number, day in enumerate(days, 500)]
    said = {"es": "20 de estas 22 cifras", "en": "20 of these 22 figures", "pt": "20 destes 22 números"}
    many = publish([HELD, *told])
    for language, sentence in said.items():
        shown = releases_by_role.make_releases_by_role(replace(many, language=language))
        assert (len(shown.rows), sentence in shown.summary) == (20, True)
    assert "CSV" not in releases_by_role.make_releases_by_role(publish([HELD, *told[:20]])).summary
