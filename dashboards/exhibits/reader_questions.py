"""What readers asked and what became of it, in words: of one figure, and all for the page of corrections."""

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any, Final

from dashboards.exhibits.chart_registry import list_charts
from dashboards.i18n.rich_text import Cell, Foreign, Link, Part
from dashboards.i18n.translations import FIRST_LANGUAGE
from dashboards.queries import claim_rows, database
from dashboards.queries.memory import remember
from dashboards.queries.view import View, make_figure_link
from dashboards.text import labels
from pipelines.core.model import QuestionState

COLUMNS: Final = ("asked", "about", "question", "answer", "took")
_NEWEST_FIRST: Final = "asked DESC, question_id DESC"
Row = Mapping[str, Any]


@dataclass(frozen=True)
class QuestionCounts:
    """How many questions there are of each state, and the median of the days that answers took."""

    open: int
    corrected: int
    stands: int
    days: int | None  # None where nothing was answered

    @property
    def all(self) -> int:
        """How many were asked."""
        return self.open + self.corrected + self.stands


@remember
def count_questions(view: View) -> QuestionCounts:
    """What was asked of a situation, as far as it was known on the view's day."""
    rows = _read(view)
    states = [row["state"] for row in rows]
    took = [row["days"] for row in rows if row["days"] is not None]
    return QuestionCounts(
        open=states.count(QuestionState.OPEN),
        corrected=states.count(QuestionState.CORRECTED),
        stands=states.count(QuestionState.STANDS),
        days=round(median(took)) if took else None,
    )


def tell_counts(view: View) -> str:
    """The same in a sentence or two; empty where nobody asked anything."""
    words, counts = view.words, count_questions(view)
    if not counts.all:
        return ""
    kinds = {state.value: words.number(getattr(counts, state)) for state in QuestionState}
    told = words.plural("question.counts", counts.all, **kinds)
    if counts.days is None:
        return told
    took = (
        words("question.took", days=words.days(counts.days))
        if counts.days
        else words("question.took_same_day")
    )
    return f"{told} {took}"


def list_about_figure(view: View, figure: str) -> list[list[Part]]:
    """The questions about one figure, the newest first, each with its answer."""
    words = view.words
    return [
        [
            *_tell_asked(view, row),
            *(
                _tell_answer(view, row, words(f"question.{row['state']}", day=words.day(row["answered"])))
                if row["answered"]
                else [words("question.unanswered")]
            ),
        ]
        for row in _group_by_figure(view).get(figure, ())
    ]


def list_questions(view: View) -> list[tuple[Cell, ...]]:
    """All of them, the newest first: cells under COLUMNS."""
    words = view.words
    return [
        (
            words.short_day(row["asked"]),
            _tell_about(view, row),
            _tell_words(view, row, "question"),
            _tell_answer(view, row, words(f"question.{row['state']}", day=words.short_day(row["answered"])))
            if row["answered"]
            else words("question.unanswered"),
            "" if row["days"] is None else words.days(row["days"]),
        )
        for row in _read(view)
    ]


def _read(view: View) -> list[dict[str, Any]]:
    return database.read_mart(
        view.build, view.situation_id, "questions", _NEWEST_FIRST, known_on=view.known_on
    ).to_dicts()


@remember
def _group_by_figure(view: View) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in _read(view):
        found.setdefault(row["figure_id"], []).append(row)
    return found


def _tell_words(view: View, row: Row, what: str) -> list[Part]:
    """A question or a reason in the reader's language, else in Spanish, with a word that it is."""
    words = view.words
    if row["suppressed"]:
        return [words("question.small")]
    own = row.get(f"{what}_{words.language}")
    if own:
        return [own]
    return [Foreign(row[f"{what}_{FIRST_LANGUAGE}"], FIRST_LANGUAGE), words("corrected.only_spanish")]


def _tell_asked(view: View, row: Row) -> list[Part]:
    words, day = view.words, view.words.day(row["asked"])
    if row["suppressed"]:
        return [words("question.asked_small", day=day)]
    told = _tell_words(view, row, "question")
    if len(told) == 1:
        return [words("question.asked", day=day, question=told[0])]
    return [words("question.asked", day=day, question="").rstrip(), *told]


def _tell_answer(view: View, row: Row, became: str) -> list[Part]:
    """What became of it, why, and where that can be read."""
    if row["suppressed"]:
        return [f"{became}."]
    reason = _tell_words(view, row, "reason")
    told: list[Part] = [f"{became}: {reason[0]}"] if len(reason) == 1 else [f"{became}:", *reason]
    return [*told, Link(view.words("question.where"), row["link"])] if row["link"] else told


def _tell_about(view: View, row: Row) -> Part:
    words = view.words
    if row["chart"]:
        told, address = (
            words("question.chart", name=row["chart"]),
            f"c/{view.language}/{view.situation_id}/{row['chart']}",
        )
        return Link(told, address, outside=False) if row["chart"] in list_charts(view) else told
    if row["page"]:
        names = (f"nav.{row['page']}", f"site.nav_{row['page'].split('/')[0]}")
        name = next((words(each) for each in names if words.has(each)), row["page"])
        return words("question.page", name=name)
    address = make_figure_link(view, row["figure_id"], row["build_id"])
    return Link(_name_figures(view).get(row["figure_id"], row["figure_id"]), address, outside=False)


@remember
def _name_figures(view: View) -> Mapping[str, str]:
    """Figure that was asked about → who counts what, and when."""
    asked = {row["figure_id"] for row in _read(view)} - {None}
    rows = claim_rows.read_statements(view.build, view.situation_id)
    return {
        row["figure_id"]: view.words(
            "question.named",
            organisation=view.names.get(row["organisation"], row["organisation"]),
            what=labels.name_with_window(view, row),
            moment=labels.tell_short_moment(row, view.words) if row["as_of"] else view.words("no_day"),
        )
        for row in rows.filter(rows["figure_id"].is_in(sorted(asked))).to_dicts()
    }
