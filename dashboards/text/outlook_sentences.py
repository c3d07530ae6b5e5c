"""The outlook in words: when nobody may be held, why it says nothing, and how it fared before."""

from datetime import date

import polars as pl

from dashboards.i18n.translations import Words
from dashboards.metrics.outlook_facts import compute_outlooks
from dashboards.metrics.pace import compute_facts
from dashboards.queries.view import View
from dashboards.text.amounts import count_told
from pipelines.core.model import Kind
from pipelines.forecast.backtest import OUTLOOK
from pipelines.forecast.outlook import HORIZONS, ByWhen, Refused
from pipelines.forecast.refusals import RefusalReason
from pipelines.pace.known_values import LEAST_OBSERVATIONS

CLEARLY_BETTER = 0.85  # of the best simple forecaster's score: the bar that the outlook was built for


def compose_refusal(view: View, refused: Refused) -> str:
    """Why there is no outlook, and what would have to be there."""
    known, words = compute_facts(view), view.words
    side = known.released if refused.target == Kind.CUMULATIVE else known.held
    reason = words(f"refusal.{refused.refused}")
    facts_of = {"least": words.number(LEAST_OBSERVATIONS), "patience": words.days(max(int(side.patience), 1))}
    newest = (
        words("refusal.newest", day=words.day(side.outlook_from), age=view.age(side.outlook_from))
        if (refused.refused is RefusalReason.TOO_OLD and side.outlook_from is not None)
        else ""
    )
    return " ".join(
        part for part in (reason, newest, words(f"refusal_needs.{refused.refused}", **facts_of)) if part
    )


def compose_refusals(view: View, target: Kind) -> str:
    """One line: that what comes cannot be told of a target, each reason once; empty where none is refused.

    The days ahead are named where only some of them are refused.
    """
    words, outlooks = view.words, compute_outlooks(view)
    found: dict[RefusalReason, list[Refused]] = {}
    for each in outlooks.refused(target):
        found.setdefault(each.refused, []).append(each)
    if not found:
        return ""
    told = []
    for group in found.values():
        text = compose_refusal(view, group[0])
        if len(found) > 1 or len(group) < len(HORIZONS):
            days = words.listed([words.number(each.horizon) for each in group])
            text = words("refusal.line", horizons=days, text=text)
        told.append(text)
    return " ".join([words("outlook.refused", target=words(f"target.{target}")), *told])


def compose_zero(view: View) -> str:
    """When nobody may be held: a range and the share of futures that never do, or why it is not said."""
    known, words = compute_outlooks(view).by_when, view.words
    if isinstance(known, Refused):
        return words("zero.refused", text=compose_refusal(view, known))
    return _compose_range(known, words)


def _compose_range(known: ByWhen, words: Words) -> str:
    shared = {"never": words.percent(known.never), "years": words.rate(known.looked_ahead / 365)}
    if known.earliest is None:
        return words("zero.never", **shared)
    earliest = words.moment(known.earliest, "month")
    if known.latest is None:
        return words("zero.open", earliest=earliest, **shared)
    return words("zero.range", earliest=earliest, latest=words.moment(known.latest, "month"), **shared)


def record(view: View, summary: pl.DataFrame, target: str) -> str:
    """How the outlook fared on a target against the best simple forecaster, and how its intervals held."""
    words = view.words
    own = summary.filter(pl.col("target") == target)
    outlook = own.filter(pl.col("forecaster") == OUTLOOK).to_dicts()
    others = own.filter(pl.col("forecaster") != OUTLOOK).sort("score", "forecaster").to_dicts()
    if not outlook or not others:
        return words("record.none", target=words(f"target.{target}"))
    mine, best = outlook[0], others[0]
    bias = words.rate(abs(mine["bias"]))
    return words.plural(
        "record.line",
        mine["forecasts"],
        target=words(f"target.{target}"),
        score=words.rate(mine["score"]),
        best=words.rate(best["score"]),
        name=words(f"forecaster.{best['forecaster']}"),
        verdict=words(f"record.{_judge(mine['against_best'])}"),
        in80=words.percent(mine["coverage80"]),
        in95=words.percent(mine["coverage95"]),
        bias=words.plural(
            f"record.bias_{'high' if mine['bias'] >= 0 else 'low'}", count_told(bias, words), people=bias
        ),
    )


def _judge(ratio: float | None) -> str:
    """What the error against that of the best simple forecaster says: better, equal, worse or unknown."""
    if ratio is None:
        return "unknown"
    if ratio <= CLEARLY_BETTER:
        return "better"
    return "equal" if ratio < 1 else "worse"


def compose_finding(view: View, summary: pl.DataFrame, until: date) -> str:
    """Whether past outlooks clearly beat the best simple forecaster, and on what; `until` is the last day
    that was judged.
    """
    words, own = view.words, summary.filter(pl.col("forecaster") == OUTLOOK).to_dicts()
    better = [words(f"target.{row['target']}") for row in own if _judge(row["against_best"]) == "better"]
    return words.plural(
        "pace_record.finding" if better else "pace_record.finding_none",
        sum(row["forecasts"] for row in own),
        day=words.day(until),
        targets=words.listed(better),
    )
