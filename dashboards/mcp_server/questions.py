"""What a program may ask: arguments, each checked or refused in plain words, and the view that they name."""

import re
from datetime import date
from typing import Annotated, Any, Final

from mcp.server.mcpserver.exceptions import ToolError
from pydantic import Field

from dashboards.i18n.translations import list_languages
from dashboards.mcp_server.figures import find_about
from dashboards.queries import claim_rows
from dashboards.queries.view import View, open_view
from pipelines.core.model import TOTAL, Measure

MOST: Final = 20  # figures of one answer
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

Situation = Annotated[
    str | None, Field(max_length=64, description="Its id, as list_situations gives it; the first when null.")
]
Language = Annotated[str, Field(max_length=8, description="Of the sentences: es, en or pt.")]
KnownOn = Annotated[
    str | None, Field(max_length=10, description="A past day, YYYY-MM-DD: what had been published by then.")
]
Day = Annotated[str, Field(max_length=10, description="A day, YYYY-MM-DD.")]
FigureId = Annotated[str, Field(max_length=16, description="A figure_id of another answer.")]
Limit = Annotated[int, Field(ge=1, le=MOST, description="The most figures to list.")]


def open_asked(situation: str | None, language: str, known_on: str | None = None) -> View:
    """The view that is asked for. Raises ToolError, NoBuildError, UnknownSituationError."""
    if language not in list_languages():
        raise ToolError(f"no language is called {language!r}; there are {', '.join(list_languages())}")
    day = None if known_on is None else read_day(known_on)
    view = open_view(situation, language)
    if day is None:
        return view
    if day > view.today:
        raise ToolError(f"{day} is still to come: known_on is a day up to {view.today}")
    return open_view(situation, language, day)


def open_figure(figure: str, language: str, known_on: str | None = None) -> tuple[View, dict[str, Any]]:
    """The view of a figure's own situation, and what its id is about. Raises UnknownFigureError too."""
    about = find_about(open_asked(None, language), figure)
    return open_asked(about["situation"], language, known_on), about


def read_day(text: str) -> date:
    """A day as it is written in an address. Raises ToolError."""
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise ToolError(f"{text!r} is no day; write YYYY-MM-DD")


def read_count(view: View, organisation: str | None, measure: str, part: str) -> tuple[str, Measure, str]:
    """Organisation, measure and part that the build has figures of. Raises ToolError with those there are."""
    who = organisation or view.situation.primary_organisation
    if who not in view.names:
        raise ToolError(f"{view.situation_id} has no organisation {who!r}; it has {_list_some(view.names)}")
    if measure not in list(Measure):
        raise ToolError(f"no measure is called {measure!r}; there are {_list_some(Measure)}")
    found = claim_rows.read_combinations(view.build, view.situation_id)
    own = [row for row in found.to_dicts() if row["organisation"] == who]
    measures = sorted({row["measure"] for row in own})
    if measure not in measures:
        raise ToolError(f"{who} has no figure of {measure}; it has {_list_some(measures)}")
    parts = sorted(row["breakdown"] for row in own if row["measure"] == measure)
    parts.sort(key=lambda each: each != TOTAL)
    if part not in parts:
        raise ToolError(f"{who} has no figure of {measure} for {part!r}; it has {_list_some(parts)}")
    return who, Measure(measure), part


def _list_some(names: Any) -> str:
    listed = [str(each) for each in names]
    more = f" and {len(listed) - 40} more" if len(listed) > 40 else ""
    return f"{', '.join(listed[:40])}{more}"
