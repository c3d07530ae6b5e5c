"""The whole way from one figure held to another: of confirmed figures, and of days that meet."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from dashboards.exhibits.reconciliation import make_whole_way
from dashboards.i18n.translations import list_languages
from dashboards.metrics.whole_way import find_whole_way
from dashboards.queries.view import View
from tests.conftest import row
from tests.dashboards.conftest import LEFT

Publish = Callable[..., View]
BEFORE = row(value=806, as_of="2026-01-05", published="2026-01-05")
CLOSING = row(value=811, as_of="2026-01-10", published="2026-01-10")
SAME_DAY = row(**LEFT, value=16, as_of="2026-01-10", published="2026-01-10")
LATER = row(**LEFT, value=56, as_of="2026-01-13", published="2026-01-13")


def test_a_figure_held_meets_the_total_of_its_own_day_and_not_a_newer_one(publish: Publish) -> None:
    way = find_whole_way(publish([BEFORE, CLOSING, SAME_DAY, LATER]))
    assert way is not None
    assert (way.closing["as_of"], way.left["as_of"]) == (date(2026, 1, 10), date(2026, 1, 10))
    assert (way.left["value"], way.fell, way.added) == (16, -5, 21)


def test_without_a_total_of_its_day_the_nearest_stands(publish: Publish) -> None:
    way = find_whole_way(publish([BEFORE, CLOSING, LATER]))
    assert way is not None
    assert (way.closing["value"], way.left["value"]) == (811, 56)


def test_what_nobody_confirmed_is_no_end_of_the_way(publish: Publish) -> None:
    lone = row(value=388, as_of="2026-01-13", published="2026-01-13", publisher="La Tarde")
    rows = [BEFORE, CLOSING, SAME_DAY, LATER, lone]
    way = find_whole_way(publish(rows, read=rows[:-1]))
    assert way is not None
    assert way.closing["value"] == 811
    assert find_whole_way(publish([BEFORE, lone, LATER], read=[BEFORE, LATER])) is None


@pytest.mark.parametrize("language", list_languages())
def test_where_no_detention_was_reported_none_is_counted(publish: Publish, language: str) -> None:
    exhibit = make_whole_way(replace(publish([BEFORE, CLOSING, SAME_DAY]), language=language))
    assert exhibit is not None
    assert "21" in exhibit.summary
    assert " 0 " not in exhibit.summary
