"""Two figures side by side: their difference where the product's rule gives one, else the reason in words."""

from collections.abc import Sequence
from typing import Any

from dashboards.exhibits.comparisons import ORDER
from dashboards.mcp_server import figures
from dashboards.mcp_server.answers import Difference, Figure
from dashboards.metrics.change import Change, Refusal
from dashboards.metrics.difference import Apart, Side, subtract
from dashboards.queries import database
from dashboards.queries.view import View
from dashboards.text import headline_sentences, labels
from dashboards.text.reasons import Reason, compose_reason


def compare(
    view: View, one: Side, other: Side
) -> tuple[Difference | None, Apart | Refusal | None, list[str]]:
    """The difference, or the code of why there is none; and the sentences that say so."""
    words, found = view.words, subtract(view, one, other)
    if isinstance(found, Apart):
        return None, found, [words(f"programs.apart_{found}"), *_tell_pair(view, one, other, found)]
    about = one.about
    what = labels.name_counted(view, about["measure"], about["population"], about["breakdown"])
    told = headline_sentences.compose_change(view, what, found)
    if found.refusal is not None:
        return None, found.refusal, [told]
    derived = words("quote.derived")
    return _make_difference(found), None, [told, f"{derived[:1].upper()}{derived[1:]}."]


def _make_difference(change: Change) -> Difference:
    return Difference(outcome=change.outcome, least=change.least, most=change.most)


def _tell_pair(view: View, one: Side, other: Side, apart: Apart) -> Sequence[str]:
    """Of two speakers: whether they count the same thing, where the build has judged that pair."""
    if apart is not Apart.SPEAKER:
        return ()
    told = []
    for left, right in ((one, other), (other, one)):
        for first in left.standing:
            for second in right.standing:
                told += [_tell_row(view, row) for row in _find_pairs(view, first, second)]
    return list(dict.fromkeys(told))


def _find_pairs(view: View, left: Any, right: Any) -> list[dict[str, Any]]:
    equal = (("left_claim", left["claim_id"]), ("right_claim", right["claim_id"]))
    return database.read_mart(
        view.build, view.situation_id, "gaps", ORDER, known_on=view.known_on, equal=equal
    ).to_dicts()


def _tell_row(view: View, row: dict[str, Any]) -> str:
    return compose_reason(view, Reason.of(row), view.words)


def list_shown(view: View, side: Side) -> list[Figure]:
    """What is shown of one side: what stands, else what is in doubt, else that it is withheld."""
    rows = side.standing or side.doubted or ([side.about] if side.about["withheld"] else [])
    return figures.make_figures(view, rows)
