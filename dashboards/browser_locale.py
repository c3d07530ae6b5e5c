"""A language as plotly wants it: names of months and days, separators; from Babel, so for every language."""

from typing import Any

from babel import Locale

from dashboards.words import Words


def browser_locale(words: Words) -> dict[str, Any]:
    """One plotly locale: its name, its dictionary (none is needed) and its format."""
    locale: Locale = words.locale
    months = [locale.months["stand-alone"], locale.months["format"]]
    days = locale.days["format"]
    return {
        "moduleType": "locale",
        "name": words.language,
        "dictionary": {},
        "format": {
            "days": [days["wide"][(n - 1) % 7] for n in range(7)],  # Babel's week begins on Monday
            "shortDays": [days["abbreviated"][(n - 1) % 7] for n in range(7)],
            "months": [months[0]["wide"][n] for n in range(1, 13)],
            "shortMonths": [months[1]["abbreviated"][n] for n in range(1, 13)],
            "decimal": words.separators[0],
            "thousands": words.separators[1:],
            "grouping": [3],
        },
    }
