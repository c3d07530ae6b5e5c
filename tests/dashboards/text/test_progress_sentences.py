"""What the page of progress answers for the period that is shown."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from dashboards.i18n.translations import list_languages
from dashboards.metrics.headline import find_headlines
from dashboards.queries.view import View
from dashboards.text.progress_sentences import compose_progress
from tests.conftest import row
from tests.dashboards.conftest import LEFT

Publish = Callable[..., View]


def test_the_answer_is_of_the_period_that_is_shown(publish: Publish) -> None:
    held = {"2014-06-01": 8, "2025-11-01": 900, "2026-02-01": 700, "2026-03-01": 650}
    left = {"2026-02-01": 400, "2026-02-20": 440}
    rows = [row(value=value, as_of=day, published=day) for day, value in held.items()]
    view = publish(
        [*rows, *(row(**LEFT, value=value, as_of=day, published=day) for day, value in left.items())]
    )
    found = find_headlines(view)
    whole = compose_progress(view, found, date(2025, 10, 10), view.today)
    assert "había 900 personas el 1 de noviembre de 2025 y 650 personas el 1 de marzo de 2026" in whole
    assert "440 personas hasta el 20 de febrero de 2026" in whole
    early = compose_progress(view, found, date(2025, 10, 10), date(2026, 2, 10))
    assert "900 personas el 1 de noviembre de 2025 y 700 personas el 1 de febrero de 2026" in early
    assert "400 personas hasta el 1 de febrero de 2026" in early
    assert "650" not in early
    assert "440" not in early
    empty = compose_progress(view, found, date(2026, 8, 1), view.today)
    assert "1 de marzo de 2026 estaban en prisión o bajo custodia 650 personas." in empty
    assert "440 personas hasta el 20 de febrero de 2026" in empty
    assert empty.endswith("Esas cifras son anteriores al período que se muestra.")
    assert "2014" not in empty
    one = compose_progress(view, found, date(2014, 8, 1), date(2015, 1, 1))
    assert one.endswith("8 personas. Esa cifra es anterior al período que se muestra.")
    for language in list_languages():
        none = compose_progress(replace(view, language=language), found, date(2014, 1, 1), date(2014, 5, 1))
        assert "La Lista" in none
        assert not any(number in none for number in ("650", "440", " 8 "))
