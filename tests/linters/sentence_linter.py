"""The linter of words: no sentence about a figure says less than it must, or more than its data.

It reads finished texts and knows nothing of how they were made. What it looks for in each language is data,
in `strong_words.toml`; names of organisations and publishers and the situation's own words are not ours to
judge, so whoever calls it may name them as quoted.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from dashboards.i18n.translations import Words
from dashboards.queries.view import View
from dashboards.text.labels import is_unread
from dashboards.text.statement_sentences import UNATTRIBUTED
from pipelines.core.model import Basis, Kind, Measure, Precision, Provenance, Qualifier

_VOCABULARY: Final = Path(__file__).resolve().parent / "strong_words.toml"


@dataclass(frozen=True)
class Problem:
    """What is wrong with a text: the rule it breaks, what was found or missed, and the text."""

    rule: str
    found: str
    text: str


@lru_cache(maxsize=1)
def read_vocabulary() -> dict[str, Any]:
    """The tables of `strong_words.toml`: `measures`, and one for each language."""
    return tomllib.loads(_VOCABULARY.read_text(encoding="utf-8"))


def check_words(
    text: str, language: str, measures: Iterable[str] = (), quoted: Iterable[str] = ()
) -> list[Problem]:
    """Words that are stronger than all of these measures; without measures, those that none bears out."""
    classes = read_vocabulary()[language]
    bare = _remove_quoted(text, quoted)
    for phrase in classes["allowed"]:
        bare = re.sub(phrase, " ", bare, flags=re.IGNORECASE)
    of_each = [set(read_vocabulary()["measures"][measure]["never"]) for measure in measures]
    never = set.intersection(*of_each) if of_each else {"freedom"}
    problems = []
    for name in sorted(never):
        searched = re.sub(classes["full"], " ", bare, flags=re.IGNORECASE) if name == "freedom" else bare
        found = re.search(classes[name], searched, re.IGNORECASE)
        if found:
            problems.append(Problem(f"stronger than the data ({name})", found[0], text))
    return problems


def check_sentence(view: View, row: Mapping[str, Any], text: str) -> list[Problem]:
    """What a sentence about one statement lacks or overstates. The row is as in `sentences.quote`."""
    words, language = view.words, view.language
    classes = read_vocabulary()[language]
    measure = read_vocabulary()["measures"][row["measure"]]
    quoted = _list_quoted(view, row)
    lacking = {
        "who": not _has_speaker(view, row, text, classes),
        "what": not _has(classes[measure["says"]], _remove_quoted(text, quoted)),
        "when": not _has_day(words, row["as_of"], row["as_of_precision"], text),
        "through whom": not row.get("derived") and view.publisher(row["publisher"]) not in text,
        "since when": _has_window(row) and not _has_day(words, row["period_start"], Precision.DAY, text),
    }
    problems = [Problem(f"does not say {rule}", "", text) for rule, missing in lacking.items() if missing]
    if row["value"] is not None and not row.get("withheld"):
        problems += check_amount(words, row, text)
    for mark in _list_marks(view, row):
        if not _has(classes[mark], text):
            problems.append(Problem(f"does not say that it is {mark}", "", text))
    return problems + check_words(text, language, [row["measure"]], quoted)


def check_amount(words: Words, row: Mapping[str, Any], text: str) -> list[Problem]:
    """Whether a text holds a figure with its qualifier: none lost, none put in."""
    value = re.escape(words.number(row["value"]))
    high = re.escape(words.number(row["value_high"])) if row["value_high"] is not None else value
    forms = {
        name: pattern.replace("{value}", value).replace("{high}", high)
        for name, pattern in read_vocabulary()[words.language]["qualifiers"].items()
    }
    number = rf"(?<![\d.,]){value}(?![\d]|[.,]\d)"
    if not re.search(number, text):
        return [Problem("does not say how many", words.number(row["value"]), text)]
    hedged = [
        name for name, form in forms.items() if re.search(rf"\b{form}(?!\d|[.,]\d)", text, re.IGNORECASE)
    ]
    if row["qualifier"] == Qualifier.EXACT:
        wrong = [name for name in hedged if name != Qualifier.RANGE]
        plain = len(re.findall(number, text)) > len(wrong)
        return [] if plain else [Problem("puts a qualifier in", ", ".join(wrong), text)]
    if row["qualifier"] not in hedged:
        return [Problem("loses its qualifier", row["qualifier"], text)]
    return []


def _has_speaker(view: View, row: Mapping[str, Any], text: str, classes: Mapping[str, str]) -> bool:
    if row["organisation"] == UNATTRIBUTED:
        return _has(classes["unnamed"], text)
    name = view.names.get(row["organisation"], row["organisation"])
    return any(f"{first}{name[1:]}" in text for first in {name[:1], name[:1].upper(), name[:1].lower()})


def _has_day(words: Words, day: Any, precision: str, text: str) -> bool:
    if precision == Precision.MONTH:
        return words.moment(day, precision) in text
    return words.day(day) in text or words.short_day(day) in text


def _has_window(row: Mapping[str, Any]) -> bool:
    """Whether a start must be said; a flow of one month says it with the month."""
    first = row["as_of"].replace(day=1)
    whole_month = row["as_of_precision"] == Precision.MONTH and row["period_start"] == first
    windowed = row["kind"] == Kind.CUMULATIVE or (row["kind"] == Kind.FLOW and not whole_month)
    return windowed and row["period_start"] is not None


def _list_marks(view: View, row: Mapping[str, Any]) -> list[str]:
    """Classes of words that must stand beside the figure."""
    return [
        *(["secondhand"] if row["provenance"] == Provenance.SECONDHAND else []),
        *(["derived"] if row.get("derived") or row["window_basis"] == "previous_bulletin" else []),
        *(["derived_day"] if row["as_of_basis"] != Basis.EXPLICIT else []),
        *(["revised"] if row.get("revision") else []),
        *(["corrected"] if row.get("corrected") else []),
        *(["contradicted"] if row.get("contradicted") else []),
        *(["replaced"] if row.get("standing", "stands") not in ("stands", "contradicted") else []),
        *(["contradicted"] if row.get("standing") == "contradicted" else []),
        *(["in_doubt"] if row.get("doubt") else []),
        *(["unread"] if view.known_on is None and is_unread(row) else []),
    ]


def _list_quoted(view: View, row: Mapping[str, Any]) -> list[str]:
    """Names and the situation's own words: whose they are is not what happened to them."""
    words, situation = view.words, view.situation
    population = situation.populations.get(row["population"])
    labels = (
        [words.breakdown(row["breakdown"], situation.breakdown_labels)] if row["breakdown"] != "total" else []
    )
    own = [words.of(population)] if population else []
    return [*view.names.values(), view.publisher(row["publisher"]), *labels, *own]


def _remove_quoted(text: str, quoted: Iterable[str]) -> str:
    for each in sorted(filter(None, quoted), key=len, reverse=True):
        text = text.replace(each, " … ")
    return text


def _has(pattern: str, text: str) -> bool:
    return re.search(pattern, text, re.IGNORECASE) is not None


def find_measures(text_id: str) -> list[str]:
    """The measure that a catalogue's text is about, by its id: `measure.released`, `quote.released`."""
    family, _, name = text_id.partition(".")
    known = {measure.value for measure in Measure}
    return [name] if name in known and family in ("measure", "measure_in_sentence", "quote") else []
