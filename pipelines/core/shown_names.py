"""Names of what readers see and can ask about: charts, and pages of the app and of the site.

They stand in the texts that readers send. What draws them is above: a test holds both lists equal.
"""

import re
from collections.abc import Collection
from difflib import get_close_matches
from typing import Final

from pipelines.core.model import BREAKDOWN_KEYS, Measure

CHARTS: Final = (
    "overview", "held", "left-prison", "pace-left-prison", "pace-held", "pace-windows", "before-and-after",
    "outlook-held", "outlook-left-prison", "track-record", "announcements", "releases-by-role", "gaps",
    "not-comparable", "bands", "revolving-door", "breaks", "contradictions", "bridge", "bridges", "revisions",
    "origins", "builder",
)  # fmt: skip  # and two for each division into parts: `is_division`
PAGES: Final = (
    "overview", "news", "situations", "progress", "pace", "parts", "builder", "compare", "doubts",
    "corrected", "claims", "figure", "methods", "law", "glossary", "limits", "look", "record",
)  # fmt: skip
SITE_PAGES: Final = (  # how their names begin; a number or the name of one of several may follow
    "index", "charts", "claims", "contradictions", "revisions", "changes", "organisations", "definitions",
    "figures", "builds", "data", "embeds", "404",
)  # fmt: skip
_MORE: Final = re.compile(r"(-\d{1,5})?(/.+)?")


def is_chart(name: str, organisations: Collection[str]) -> bool:
    """Whether a chart can have this name in a situation of these organisations."""
    return name in CHARTS or is_division(name, organisations)


def is_division(name: str, organisations: Collection[str]) -> bool:
    """Whether a name is of a division into parts: parts-over-time-foro-penal-in-custody-age-and-sex."""
    rest = name.removeprefix("parts-").removeprefix("over-time-")
    heads = (f"{who}-{what}-".replace("_", "-") for who in organisations for what in Measure)
    keys = {key.replace("_", "-") for key in BREAKDOWN_KEYS}
    return name.startswith("parts-") and any(
        rest.startswith(head) and set(rest.removeprefix(head).split("-and-")) <= keys for head in heads
    )


def is_page(name: str) -> bool:
    """Whether the app or the site can have a page of this name: claims, claims-3, figures/a8."""
    return name in PAGES or any(
        name.startswith(head) and _MORE.fullmatch(name.removeprefix(head)) for head in (*SITE_PAGES, *PAGES)
    )


def list_close(name: str, known: Collection[str]) -> list[str]:
    """The names that one may have meant, at most five; all of them where none comes close."""
    return get_close_matches(name, known, n=5, cutoff=0.5) or list(known)
