"""As known on: a day in the address puts a page back to what had been published by then."""

from collections.abc import Callable

import pytest

from dashboards.app.page_registry import PAGES
from dashboards.queries.view import View
from tests.conftest import row
from tests.dashboards.conftest import LEFT, opened, text_of

Show = Callable[[list[dict[str, str]]], View]


def grown() -> list[dict[str, str]]:
    """A figure, its revision a month later, and a newer moment."""
    return [
        row(value=806, as_of="2026-01-05", published="2026-01-05"),
        row(value=820, as_of="2026-01-05", published="2026-02-10"),
        row(value=700, as_of="2026-02-15", published="2026-02-15"),
        row(**LEFT, value=100, as_of="2026-01-18", published="2026-01-18"),
    ]


def test_the_overview_goes_back_to_what_was_known_and_says_so(show: Show) -> None:
    show(grown())
    text = text_of(opened("overview", known="2026-01-12"))
    assert "Así se sabía el 12 de enero de 2026." in text
    assert "El 5 de enero de 2026, La Lista contaba 806 personas en prisión" in text
    assert "Al 5 de enero de 2026, hace 7 días" in text
    assert "820" not in text
    assert "De La Lista no hay un total de todas las personas que han salido de prisión" in text
    assert "Como se sabía el 12 de enero de 2026." in text


def test_the_revision_is_there_from_the_day_it_was_published(show: Show) -> None:
    show(grown())
    text = text_of(opened("overview", known="2026-02-10", lang="en"))
    assert "As known on 10 February 2026." in text
    assert "counted 820 people" in text


def test_what_was_read_again_later_is_not_counted_as_read_again(publish: Callable[..., View]) -> None:
    rows = grown()
    publish(rows, read=[{**each, "checked_on": "2026-11-20"} for each in rows])
    now, then = text_of(opened("overview")), text_of(opened("overview", known="2026-01-12"))
    assert "releídas en su fuente: 4 (100" in now
    assert "releídas en su fuente: 0 (0" in then
    assert "aún no: 1;" in then  # of what was published by then


def test_progress_goes_back_too(show: Show) -> None:
    show(grown())
    text = text_of(opened("progress", known="2026-01-20"))
    assert "806" in text
    assert "820" not in text
    assert "700" not in text


def test_progress_goes_back_to_before_the_baseline(show: Show) -> None:
    show([row(organisation="gobierno", value=500, as_of="2024-02-01", published="2024-02-01"), *grown()])
    text = text_of(opened("progress", known="2024-03-01"))
    assert "no se pudo mostrar" not in text
    assert "500" in text


def test_parts_go_back_too(show: Show) -> None:
    parts = [
        row(value=value, breakdown="sex=female", as_of=day, published=day)
        for value, day in ((81, "2026-01-05"), (77, "2026-02-15"))
    ]
    show([*grown(), *parts])
    text = text_of(opened("parts", known="2026-01-12"))
    assert "Así se sabía el 12 de enero de 2026." in text
    assert " 81 806 " in text
    for later in (" 77 ", " 820 "):
        assert later not in text
    text = text_of(opened("parts", known="2026-01-01"))
    assert "no se pudo mostrar" not in text


def contradicted() -> list[dict[str, str]]:
    """A total that falls, a lone figure off the line between firm ones, and a later correction of it."""
    firm = [
        row(value=value, as_of=day, published=day, provenance="primary")
        for value, day in ((806, "2026-01-05"), (800, "2026-01-19"), (795, "2026-02-02"))
    ]
    return [
        *firm,
        row(value=420, as_of="2026-01-12", published="2026-01-12"),
        row(**LEFT, value=100, as_of="2026-01-18", published="2026-01-18"),
        row(**LEFT, value=97, as_of="2026-01-20", published="2026-01-20"),
    ]


def test_checks_tell_every_rule_and_state_as_of_that_day(show: Show) -> None:
    show(contradicted())
    now = text_of(opened("doubts", lang="en"))
    then = text_of(opened("doubts", known="2026-01-31", lang="en"))
    for text in (now, then):
        assert "Out of line" in text
        assert "A running total that falls" in text
    assert "By that day we had found 0 mistakes of our own" in then
    assert "A running total that falls" not in text_of(opened("doubts", known="2026-01-19", lang="en"))
    kept = opened("doubts", known="2026-01-31", rule="out_of_line", lang="en")
    assert "806" in text_of(kept)
    assert "100, then 97" not in text_of(kept)


@pytest.mark.parametrize("page", [page.name for page in PAGES.values() if page.goes_back])
def test_no_past_day_is_called_today(show: Show, page: str) -> None:
    show(grown())
    for lang, today in (("es", "hoy"), ("en", "today")):
        assert f"({today}" not in text_of(opened(page, known="2026-02-15", lang=lang)).lower()


def test_a_page_that_does_not_go_back_says_so(show: Show) -> None:
    show(grown())
    text = text_of(opened("claims", known="2026-01-20"))
    assert "Esta página no vuelve atrás." in text
    assert "820" in text


@pytest.mark.parametrize("wrong", ["2026-13-40", "ayer", "2031-01-01", "<b>1</b>"])
def test_a_wrong_day_is_refused_in_words_and_today_is_shown(show: Show, wrong: str) -> None:
    show(grown())
    text = text_of(opened("overview", known=wrong))
    assert "no es un día pasado, escrito AAAA-MM-DD" in text
    assert "contaba 700 personas" in text


def test_a_day_before_every_report_shows_no_figure(show: Show) -> None:
    show(grown())
    for page in ("overview", "progress", "compare", "doubts"):
        text = text_of(opened(page, known="2020-01-01"))
        assert "no se pudo mostrar" not in text
        assert "806" not in text
