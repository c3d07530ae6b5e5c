"""A figure by its permanent link: what the build that it names said, what is said now, and why it differs."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

import polars as pl

from dashboards.i18n.rich_text import Cell, Link
from dashboards.queries import claim_rows, database
from dashboards.queries.memory import remember_asked
from dashboards.queries.view import View
from dashboards.text import amounts, labels, readings, statement_sentences
from pipelines.warehouse import snapshots
from pipelines.warehouse.snapshots import UnknownBuildError

Row = Mapping[str, Any]
_FIGURE: Final = re.compile("[0-9a-f]{16}")
_ASIDE: Final = {"echo": "sharper", "outranked": "closer"}


class FigureState(StrEnum):
    """What became of a figure since the build that its link names."""

    CURRENT = "current"  # the link names the build of today
    STANDS = "stands"
    CHANGED = "changed"
    DOUBTED = "doubted"  # the same words, which do not fit what else is known now
    GONE = "gone"
    WITHHELD = "withheld"


class UnknownFigureError(KeyError):
    """A build had no figure of this id."""


@dataclass(frozen=True)
class FigureHistory:
    """One figure then and now, with the reasons for the difference in words."""

    view: View  # of the figure's own situation
    build: str
    verdict: FigureState
    said: tuple[Row, ...]
    now: tuple[Row, ...]
    history: tuple[Row, ...]  # all that is stated of it today, whatever became of it
    reasons: tuple[str, ...]
    doubts: tuple[Cell, ...]


def look_up(view: View, figure: str, build: str) -> FigureHistory:
    """A figure as a build showed it, and today. Raises UnknownBuildError, UnknownFigureError."""
    rows = read_said(view, figure, build)
    if rows.is_empty() and build == view.build.id:  # what was withdrawn, with nothing in its place
        rows_about = database.ask(view.build, "figure_without_standing", figure=figure)
    else:
        rows_about = rows
    if rows_about.is_empty():
        raise UnknownFigureError(figure)
    about = rows_about.row(0, named=True)
    view = replace(view, situation_id=_find_situation(view, about["situation"]))
    history = _read_history(view, figure, about)
    then, now = rows.to_dicts(), [row for row in history if row["standing"] == "stands"]
    verdict = _judge(view, build, then, now)
    claims = [row["claim_id"] for row in (*then, *now)]
    return FigureHistory(
        view=view,
        build=build,
        verdict=verdict,
        said=tuple(then),
        now=tuple(now),
        history=tuple(history),
        reasons=_list_reasons(view, then or history, history)
        if verdict in (FigureState.CHANGED, FigureState.DOUBTED, FigureState.GONE)
        else (),
        doubts=() if verdict is FigureState.WITHHELD else _list_contradictions(view, claims),
    )


def list_carriers(found: FigureHistory) -> list[Row]:
    """Every publication of what is stated today of a figure (rows of `claims_listed.sql`)."""
    build, situation = found.view.build, found.view.situation_id
    return [
        claim
        for row in found.history
        for claim in claim_rows.read_claims(
            build, situation, claim_rows.Filter(claim=row["claim_id"]), 1, 0
        ).to_dicts()
    ]


@remember_asked
def read_said(view: View, figure: str, build: str) -> pl.DataFrame:
    """The rows of one figure as a build showed them. Raises UnknownBuildError.

    Today's build is known without its snapshot too.
    """
    if not _FIGURE.fullmatch(figure):
        snapshots.read_snapshot(database.find_data_dir().snapshots, build)
        return pl.DataFrame()
    try:
        return snapshots.read_figure(database.find_data_dir(), build, figure)
    except UnknownBuildError:
        if build != view.build.id:
            raise
        return database.ask(view.build, "figure_by_id", figure=figure)


def _find_situation(view: View, situation: str) -> str:
    """The figure's own situation, as far as today's build still has it."""
    known = [each.id for each in database.read_situations(view.build)]
    return situation if situation in known else view.situation_id


def _read_history(view: View, figure: str, about: Row) -> list[dict[str, Any]]:
    keys = ("situation", "organisation", "measure", "population", "breakdown", "as_of")
    asked = {key: about[key] for key in keys}
    return database.ask(view.build, "figure_statements", figure=figure, **asked).to_dicts()


def _judge(view: View, build: str, then: Sequence[Row], now: Sequence[Row]) -> FigureState:
    if any(row["withheld"] for row in now):
        return FigureState.WITHHELD
    if not now:
        return FigureState.GONE
    if {_list_stated(row) for row in then} != {_list_stated(row) for row in now}:
        return FigureState.CHANGED
    if _is_in_doubt(now) and not _is_in_doubt(then):
        return FigureState.DOUBTED
    return FigureState.CURRENT if build == view.build.id else FigureState.STANDS


def _is_in_doubt(rows: Sequence[Row]) -> bool:
    """Whether a figure is in doubt; snapshots of earlier versions have no such column."""
    return any(row.get("doubt") for row in rows)


def _list_stated(row: Row) -> tuple[Any, ...]:
    return row["qualifier"], row["value"], row["value_high"]


def _list_reasons(view: View, then: Sequence[Row], history: Sequence[Row]) -> tuple[str, ...]:
    """Why a build's words are not those of now: corrections, later statements, rows that do not count."""
    words = view.words
    claims = [row["claim_id"] for row in then]
    corrections = database.ask(view.build, "figure_corrections", situation=view.situation_id, claims=claims)
    reasons = [readings.tell_correction(view, row) for row in corrections.to_dicts()]
    reasons += _tell_standings(view, then, history)
    reasons += [
        words(
            "figure.revised",
            organisation=statement_sentences.name_speaker(view, row["organisation"]),
            figure=amounts.tell_amount(row, words),
            day=words.day(row["published"]),
            publisher=view.publisher(row["publisher"]),
        )
        for row in history
        if row["standing"] == "stands" and row["published"] > max(each["published"] for each in then)
    ]
    gone = [claim for claim in claims if claim not in {row["claim_id"] for row in history}]
    return tuple(dict.fromkeys(reasons + _tell_gone(view, gone, corrected=corrections.height > 0)))


def _tell_standings(view: View, then: Sequence[Row], history: Sequence[Row]) -> list[str]:
    """What became of the statements of then that are still in the data, and why."""
    words = view.words
    stated = {_list_stated(row) for row in then}
    became = [row for row in history if _list_stated(row) in stated]
    standing = sum(row["standing"] == "stands" for row in history)
    read = readings.tell_readings(view, became)
    reasons = []
    for row in became:
        if row["standing"] == "withdrawn":
            reasons.append(words("figure.now_withdrawn", reading=read[row["claim_id"]]))
        elif row["standing"] == "contradicted":
            reasons.append(words("figure.now_contradicted", why=words(f"why.{row['why_standing']}")))
        elif row["standing"] in _ASIDE:
            reasons.append(words(f"figure.{_ASIDE[row['standing']]}"))
        elif row["standing"] == "stands" and standing > len(then):
            reasons.append(words("figure.beside"))
        if row["doubt"]:
            reasons.append(words("figure.now_doubted", reason=words(f"doubt.{row['doubt']}")))
    return reasons


def _tell_gone(view: View, claims: Sequence[str], corrected: bool) -> list[str]:
    """Where the claims went that no longer say anything of this figure."""
    words, situation = view.words, view.situation_id
    found = claim_rows.read_claims_by_id(view.build, situation, tuple(sorted(claims)))
    reasons = [
        words("figure.repeated", day=labels.tell_moment(row, words))
        if row["is_repeat"]
        else words("figure.moved", sentence=statement_sentences.quote(view, row))
        for row in found.to_dicts()
    ]
    lost = [claim for claim in claims if claim not in set(found["claim_id"])]
    aside = database.ask(view.build, "figure_set_aside", situation=situation, claims=lost)
    reasons += [
        words("figure.aside", state=words(f"aside.{row['state']}").lower(), reason=row["reason"])
        for row in aside.to_dicts()
    ]
    if lost and not aside.height and not corrected:
        reasons.append(words("figure.withdrawn"))
    return reasons


def _list_contradictions(view: View, claims: Sequence[str]) -> tuple[Cell, ...]:
    """Contradictions that the figure is part of, each with its explanation."""
    words = view.words
    found = database.ask(
        view.build, "figure_contradictions", situation=view.situation_id, claims=sorted(set(claims))
    )
    lines: list[Cell] = []
    for row in found.to_dicts():
        rule = words(f"rule.{row['rule']}")
        reason = words.of_column(row, "explanation")
        text = (
            words("figure.explained", rule=rule, reason=reason)
            if reason
            else words("figure.unexplained", rule=rule)
        )
        lines.append(Link(text, row["explanation_link"]) if row["explanation_link"] else text)
    return tuple(dict.fromkeys(lines))
