"""That no newer total was found is said only where it is so; a newer one of somebody else is named."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from dashboards.app import overview_html
from dashboards.i18n.translations import list_languages
from dashboards.metrics.headline import find_headlines
from dashboards.queries.view import View
from dashboards.text.newer_totals import tell_newer
from tests.conftest import row
from tests.dashboards.conftest import LEFT

Publish = Callable[..., View]
HELD = row(value=700, as_of="2026-02-01", published="2026-02-01")
FREED = row(**LEFT, value=400, as_of="2026-02-01", published="2026-02-01")
LATER = {"as_of": "2026-02-20", "published": "2026-02-21"}
OTHERS = row(organisation="gobierno", value=900, **LATER)


def test_without_any_later_total_none_was_found(publish: Publish) -> None:
    view = publish([HELD, FREED, row(organisation="gobierno", value=900, as_of="2026-01-20")])
    assert tell_newer(view, find_headlines(view)) == ["No hallamos ningún total más nuevo."]


@pytest.mark.parametrize("language", list_languages())
def test_a_later_total_of_another_is_named_with_who_says_it(publish: Publish, language: str) -> None:
    view = replace(publish([HELD, FREED, OTHERS]), language=language)
    none, other = tell_newer(view, find_headlines(view))
    assert none == view.words("today.no_newer_of", organisation="La Lista")
    for said in ("Gobierno", "900", view.words.day(date(2026, 2, 20)), "El Diario"):
        assert said in other
    assert {none, other} <= set(overview_html.compose_first_words(view)[1])


def test_on_a_phone_the_newer_total_of_another_stays(publish: Publish) -> None:
    view = publish([row(value=800, as_of="2025-12-01", published="2025-12-01"), HELD, FREED, OTHERS])
    wide = overview_html.render_answer(view, str).split('<span class="lm-wide">')[1:]
    assert wide  # the rest gives way
    assert all("900" not in each.partition("</span>")[0] for each in wide)


@pytest.mark.parametrize(
    ("later", "read"),
    [
        (row(value=650, **LATER), False),
        (row(**LEFT, value=450, **LATER), False),
        (row(value=690, as_of="2026-02-25", published="2026-02-19"), True),  # in doubt: of a day to come
    ],
)
def test_where_the_organisation_has_a_newer_one_nobody_is_told_that_there_is_none(
    publish: Publish, later: dict[str, str], read: bool
) -> None:
    view = publish([HELD, FREED, later], read=[HELD, FREED, later] if read else [HELD, FREED])
    found = find_headlines(view)
    assert any(each.passed_over for each in found.both)
    assert tell_newer(view, found) == []


def test_a_later_total_of_another_that_nobody_read_is_not_quoted(publish: Publish) -> None:
    view = publish([HELD, FREED, {**OTHERS, "provenance": "secondhand"}], read=[HELD, FREED])
    assert tell_newer(view, find_headlines(view)) == ["No hallamos ningún total más nuevo de La Lista."]
