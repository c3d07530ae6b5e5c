"""What a reader asks of the list of figures, read from the address and written to it without defaults."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from dashboards.queries import claim_rows
from dashboards.queries.claim_rows import Filter
from dashboards.queries.view import View
from dashboards.text import figure_search
from dashboards.web import record_tables
from dashboards.web.addresses import make_address

PER_PAGE: Final = 20
SORTS: Final = ("newest", "oldest", "largest", "smallest", "published", "who")
COLUMNS: Final = (
    "figure",
    "state",
    "what",
    "who",
    "as_of",
    "since",
    "source",
    "reading",
    "published",
    "grade",
    "marks",
)
SHOWN: Final = COLUMNS[:8]
BESIDE: Final = (
    "figure",
    "state",
    "what",
    "who",
    "as_of",
    "source",
)  # while one figure is open beside the list
MENUS: Final = ("who", "measure", "part", "state", "reading", "grade")
KEYS: Final = (*MENUS, "since", "until", "q", "sort", "cols", "page", "claim", "number")


@dataclass(frozen=True)
class FigureQuestion:
    """What is asked: `said` are the keys of the address that differ from their defaults."""

    view: View
    said: tuple[tuple[str, str], ...] = ()

    def get(self, key: str) -> str:
        """What is said under a key; empty where nothing is."""
        return dict(self.said).get(key, "")

    def address(self, **changed: str) -> str:
        """The address of the same question with keys changed; another choice begins at the first page."""
        said = dict(self.said)
        if not set(changed) <= {"page", "claim", "number", "cols"}:
            said.pop("page", None)
            said.pop("claim", None)
        return make_address(self.view, "claims", {**said, **changed})

    @property
    def page(self) -> int:
        """Which page of the list, from 1."""
        return int(self.get("page") or 1)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns to show; one that a chip says of every row is left out."""
        chosen = self.get("cols").split(",") if self.get("cols") else BESIDE if self.get("claim") else SHOWN
        said = {"who": "who", "reading": "reading", "grade": "grade"}
        return tuple(
            each for each in COLUMNS if each in chosen and not (each in said and self.get(said[each]))
        )

    @property
    def filters(self) -> tuple[str, ...]:
        """The keys that narrow the list."""
        return tuple(key for key, _ in self.said if key in (*MENUS, "since", "until", "q"))

    def filter(self) -> Filter:
        """The same as SQL is asked."""
        view = self.view
        names = view.names
        first, last = figure_search.find_span(view, self.get("q"))
        since, until = _parse_day(self.get("since")), _parse_day(self.get("until"))
        return Filter(
            organisation=self.get("who") or None,
            measure=self.get("measure") or None,
            breakdown=self.get("part") or None,
            provenance=self.get("grade") or None,
            standing=self.get("state") or None,
            reading=self.get("reading") or None,
            since=max((day for day in (since, first) if day), default=None),
            until=min((day for day in (until, last) if day), default=None),
            words=figure_search.find_words(view, self.get("q")),
            sort=self.get("sort") or SORTS[0],
            ranked=tuple(sorted(names, key=names.__getitem__)) if self.get("sort") == "who" else (),
        )


def list_choices(view: View) -> dict[str, Sequence[str]]:
    """What each menu of the list can be set to, by its key in the address."""
    options = record_tables.list_options(view)
    return {
        "who": options.organisations,
        "measure": options.measures,
        "part": options.breakdowns,
        "state": record_tables.STANDINGS,
        "reading": record_tables.READINGS,
        "grade": record_tables.PROVENANCES,
    }


def read_question(view: View, stated: Mapping[str, str]) -> tuple[FigureQuestion, list[str]]:
    """The question of an address, and the keys whose values name nothing here."""
    allowed = {**list_choices(view), "sort": SORTS}
    said: dict[str, str] = {}
    refused: list[str] = []
    for key in KEYS:
        value = stated.get(key, "").strip()[:80]
        if not value:
            continue
        if (
            (key in allowed and value not in allowed[key])
            or (key in ("since", "until") and _parse_day(value) is None)
            or (key == "page" and not (value.isdecimal() and len(value) < 7 and int(value) > 0))
            or (key == "cols" and not set(value.split(",")) <= set(COLUMNS))
        ):
            refused.append(key)
        elif (key, value) not in (("sort", SORTS[0]), ("page", "1"), ("cols", ",".join(SHOWN))):
            said[key] = value
    return FigureQuestion(view, tuple(said.items())), refused


def find_page(question: FigureQuestion) -> tuple[FigureQuestion, list[dict[str, object]], int]:
    """The question on a page that there is, its statements (`figures_listed.sql`), and how many match."""
    view, chosen = question.view, question.filter()
    found = claim_rows.list_figures(
        view.build, view.situation_id, chosen, PER_PAGE, (question.page - 1) * PER_PAGE
    )
    if found.is_empty() and question.page > 1:
        question = replace(question, said=tuple(each for each in question.said if each[0] != "page"))
        found = claim_rows.list_figures(view.build, view.situation_id, chosen, PER_PAGE, 0)
    return question, found.to_dicts(), found["matching"][0] if found.height else 0


def _parse_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
