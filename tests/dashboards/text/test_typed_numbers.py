"""A number as a reader types it from a headline, in three languages."""

import pytest

from dashboards.text.typed_numbers import read_number, read_typed


@pytest.mark.parametrize(
    ("typed", "language", "number"),
    [
        ("808", "es", 808),
        ("808 excarcelados", "es", 808),
        ("9.000", "es", 9000),
        ("9.000", "en", 9000),
        ("9,000", "en", 9000),
        ("9 000", "pt", 9000),
        ("9 mil", "es", 9000),
        ("9 mil pessoas", "pt", 9000),
        ("9 thousand", "en", 9000),
        ("9,5 mil", "es", 9500),
        ("nueve mil", "es", 9000),
        ("nine thousand people", "en", 9000),
        ("nove mil", "pt", 9000),
        ("trezentos e oitenta e dois", "pt", 382),
        ("nueve mil", "pt", 9000),  # of another language, and not its last word alone
        ("noventa y nueve mil presos", "pt", 99000),
        ("más de mil", "es", 1000),
        ("más de 18.000", "es", 18000),
        ("382 presos en agosto de 2026", "es", 382),
        ("en 2026, 382 presos", "es", 382),
        ("2026", "es", 2026),
        ("1.5 million", "en", 1500000),
    ],
)
def test_a_number_is_read_however_it_is_written(typed: str, language: str, number: int) -> None:
    assert read_number(typed, language) == number


@pytest.mark.parametrize("typed", ["", "cuántos", "15,5", "24.521.733", "04141234567", "un preso", "<b>"])
def test_what_is_no_count_of_people_is_not_guessed(typed: str) -> None:
    assert read_number(typed, "es") is None


@pytest.mark.parametrize(
    ("typed", "language", "number", "note"),
    [
        ("999999999999", "es", None, "too_large"),
        ("04141234567", "es", None, "too_large"),
        ("50%", "es", None, "no_count"),
        ("50 por ciento", "es", None, "no_count"),  # and not the word "ciento"
        ("12,5 per cent", "en", None, "no_count"),
        ("cincuenta por ciento", "es", None, "no_count"),
        ("más del treinta y cinco por ciento de los presos", "es", None, "no_count"),
        ("cinquenta por cento de trezentos", "pt", 300, ""),
        ("nine hundred people, sixty percent of all", "en", 900, ""),
        ("15,5", "es", None, "no_count"),
        ("-3", "es", None, "no_count"),
        ("−9 000", "pt", None, "no_count"),
        ("cuántos", "es", None, ""),
        ("8.146 y 310", "es", 8146, "several"),
        ("808 y otra vez 808", "es", 808, ""),
        ("en 2026, 382 presos", "es", 382, ""),
        ("50% de 626", "es", 626, ""),
        ("CM-19, 808", "es", 19, "several"),
    ],
)
def test_what_was_not_taken_for_a_count_is_said(
    typed: str, language: str, number: int | None, note: str
) -> None:
    assert read_typed(typed, language) == (number, note)
