"""The sentence over a drawing of figures over time: one person is no people, and no month is told twice."""

import re
from collections.abc import Callable
from datetime import date

import pytest

from dashboards.exhibits import chart_registry, reconciliation
from dashboards.i18n.translations import read_words
from dashboards.metrics.headline import find_headlines
from dashboards.queries.view import View, open_view
from dashboards.site.pages import families
from dashboards.text import labels
from dashboards.text.headline_sentences import find_start
from dashboards.web import record_tables
from tests.conftest import row
from tests.dashboards.conftest import LEFT

Publish = Callable[..., View]
FIRST = row(value=185, as_of="2026-02-01", published="2026-02-01")
NEWEST = row(value=1, as_of="2026-02-20", published="2026-02-20")
HELD_ONE = {
    "es": "La Lista contaba 1 persona en prisión el 20 de febrero de 2026",
    "en": "La Lista counted 1 person held on 20 February 2026",
    "pt": "La Lista contava 1 pessoa presa em 20 de fevereiro de 2026",
}
LEFT_ONE = {
    "es": "La Lista contó 1 persona que salió de prisión del 8 de enero al 20 de febrero de 2026",
    "en": "La Lista counted 1 person released from prison from 8 January to 20 February 2026",
    "pt": "La Lista contou 1 pessoa que saiu da prisão de 8 de janeiro a 20 de fevereiro de 2026",
}
ALONE = {
    "es": "Hasta el 20 de febrero de 2026 había salido de prisión 1 persona, según La Lista",
    "en": "La Lista counted 1 person who had left prison by 20 February 2026",
    "pt": "Até 20 de fevereiro de 2026 tinha saído da prisão 1 pessoa, segundo La Lista",
}
ONE = {"es": "1 persona", "en": "1 person", "pt": "1 pessoa"}
FROM = {
    "es": ", frente a 185 el 1 de febrero de 2026",
    "en": ", down from 185 on 1 February 2026",
    "pt": ", ante 185 em 1 de fevereiro de 2026",
}
COURSE = {
    "es": "De 185 el 1 de febrero de 2026 a 1 el 20 de febrero de 2026",
    "en": "From 185 on 1 February 2026 to 1 on 20 February 2026",
    "pt": "De 185 em 1 de fevereiro de 2026 a 1 em 20 de fevereiro de 2026",
}


def title_of(language: str, chart: str) -> str:
    exhibit, _ = chart_registry.answer_request(open_view("islandia", language), chart, [])
    assert exhibit is not None
    return exhibit.title


@pytest.mark.parametrize("language", HELD_ONE)
def test_one_person_is_no_people(publish: Publish, language: str) -> None:
    publish([NEWEST, row(**LEFT, value=1, as_of="2026-02-20", published="2026-02-20")])
    assert title_of(language, "held") == HELD_ONE[language]
    assert title_of(language, "left-prison") == LEFT_ONE[language]
    assert title_of(language, "releases-by-role") == ALONE[language]
    days = {"opening_as_of": date(2026, 2, 1), "as_of": date(2026, 2, 20)}
    step = {
        "organisation": "lista",
        "refused": "",
        "residual": 0,
        "residual_low": 0,
        "residual_high": 0,
        "opening": 1,
        "closing": 0,
        **days,
    }
    assert f" {ONE[language]} " in reconciliation.compose_finding(open_view("islandia", language), step)


@pytest.mark.parametrize("language", HELD_ONE)
def test_two_figures_of_one_month_are_told_with_their_days(publish: Publish, language: str) -> None:
    publish([FIRST, NEWEST])
    assert title_of(language, "held") == HELD_ONE[language] + FROM[language]
    view = open_view("islandia", language)
    found = find_headlines(view)
    assert families._name_course(view, found.held, find_start(view, found)) == COURSE[language]


def test_a_figure_of_another_month_or_of_a_whole_month_is_told_with_its_month() -> None:
    words, newest = read_words("es"), date(2026, 2, 20)
    told = [
        labels.tell_month({"as_of": day, "as_of_precision": fine}, newest, words)
        for day, fine in ((date(2026, 1, 31), "day"), (date(2026, 2, 1), "month"), (date(2025, 2, 1), "day"))
    ]
    assert told == ["enero de 2026", "febrero de 2026", "febrero de 2025"]


def test_the_highest_of_the_same_month_is_told_with_its_day(publish: Publish) -> None:
    days = {"2026-02-01": 170, "2026-02-10": 185, "2026-02-20": 160}
    rows = [row(value=value, as_of=day, published=day, provenance="primary") for day, value in days.items()]
    publish(rows)
    assert title_of("en", "held").endswith("; the most was 185, on 10 February 2026")


def test_what_was_published_once_was_not_published_times(publish: Publish) -> None:
    publish([NEWEST])
    told = [record_tables.compose_claims_answer(open_view("islandia", each)) for each in HELD_ONE]
    assert [text.partition(".")[0] for text in told] == [
        "1 cifra, publicada 1 vez",
        "1 figure, published 1 time",
        "1 número, publicado 1 vez",
    ]


def test_a_drawing_that_ends_in_an_earlier_year_names_the_year_of_its_days(publish: Publish) -> None:
    publish([row(value=1000, as_of="2025-11-20", published="2025-11-20")])
    exhibit, _ = chart_registry.answer_request(open_view("islandia", "es"), "held", [])
    assert exhibit is not None
    assert exhibit.fit is not None
    told = " ".join(note.text for note in exhibit.fit(880.0, 400.0).layout.annotations)
    days = re.findall(r"20 (?:de )?nov\w*(?: de)? ?\d*", told)
    assert days != []
    assert [each for each in days if "2025" not in each] == []
