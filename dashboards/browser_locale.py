"""A language as plotly wants it: names of months and days, separators; from Babel, so for every language."""

from typing import Any

from babel import Locale

from dashboards.words import Words


def browser_locale(words: Words) -> dict[str, Any]:
    """One plotly locale: its name, its dictionary (none is needed) and its format, complete."""
    locale: Locale = words.locale
    months = [locale.months["stand-alone"], locale.months["format"]]
    days = locale.days["format"]
    periods = locale.day_periods["format"]["wide"]
    return {
        "moduleType": "locale",
        "name": words.language,
        "dictionary": {},
        "format": {
            "days": [days["wide"][(n - 1) % 7] for n in range(7)],  # Babel's week begins on Monday
            "shortDays": [days["abbreviated"][(n - 1) % 7] for n in range(7)],
            "months": [months[0]["wide"][n] for n in range(1, 13)],
            "shortMonths": [months[1]["abbreviated"][n] for n in range(1, 13)],
            "periods": [periods.get("am", "AM"), periods.get("pm", "PM")],  # not every language names both
            "dateTime": "%-d %b %Y %H:%M:%S",
            "date": "%-d %b %Y",
            "time": "%H:%M:%S",
            "year": "%Y",
            "month": "%b %Y",
            "dayMonth": "%-d %b",
            "dayMonthYear": "%-d %b %Y",
            "currency": ["", ""],
            "decimal": words.separators[0],
            "thousands": words.separators[1:],
            "grouping": [3],
        },
    }
