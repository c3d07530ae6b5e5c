"""What the review page says in each language (`page_words.toml`); what rules and decisions say is English."""

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from pipelines.core.model import TOTAL
from pipelines.core.situation import Organisation, Situation
from pipelines.intake.prose.pointing import NONE

LANGUAGES: Final = ("es", "en", "pt")
_LIKELIHOODS: Final = ((0.95, "almost_certain"), (0.8, "very_likely"), (0.6, "likely"), (0.4, "even"))


@lru_cache(maxsize=1)
def _read() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "page_words.toml").read_text(encoding="utf-8"))


def choose_language(accepted: str) -> str:
    """The first language of an Accept-Language header that the page has; Spanish where it has none."""
    asked = (part.split(";")[0].strip().lower()[:2] for part in accepted.split(","))
    return next((code for code in asked if code in LANGUAGES), LANGUAGES[0])


class Words:
    """The words of one language; `words.queue` is the text of that name."""

    def __init__(self, language: str, situation: Situation, organisations: list[Organisation]) -> None:
        self.language = language
        self.languages = {code: _read()[code]["name"] for code in LANGUAGES}
        self._texts: dict[str, Any] = _read()[language]
        self._situation = situation
        self._names = {each.id: each.name for each in organisations}

    def __getattr__(self, name: str) -> Any:
        try:
            return self._texts[name]
        except KeyError:
            raise AttributeError(name) from None

    def say(self, field: str, value: object) -> str:
        """A value of a field in words, with the id where the words are not the id."""
        text = "" if value is None else str(value)
        if field == "measure" and text == NONE:
            return str(self.no_figure)
        if field in ("measure", "qualifier", "reader"):
            known: dict[str, str] = self._texts[f"{field}s"]
            return known.get(text, text)
        if field == "organisation":
            return " + ".join(self._names.get(each, each) for each in text.split("+"))
        if field == "breakdown" and text != TOTAL:
            return "; ".join(self._say_part(part) for part in text.split(";"))
        return text

    def _say_part(self, part: str) -> str:
        key, _, value = part.partition("=")
        texts = self._situation.breakdown_labels.get(value, {})
        return f"{key}={texts.get(self.language, value)}"

    def say_percent(self, probability: float) -> str:
        """A probability as a whole percentage that never says certain or impossible."""
        share = min(max(round(100 * probability), 1), 99)
        edge = "<" if probability < 0.01 else ">" if probability > 0.99 else ""
        form: str = self._texts["percent"]
        return edge + form.format(n=share)

    def say_likelihood(self, probability: float) -> str:
        """A probability in words."""
        name = next((name for least, name in _LIKELIHOODS if probability >= least), "doubtful")
        found: str = self._texts["likelihoods"][name]
        return found
