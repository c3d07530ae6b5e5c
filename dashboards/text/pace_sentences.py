"""The pace in words: how many a week, whether it rises or falls, as far as the statements can tell."""

from datetime import date

from dashboards.i18n.translations import Words
from dashboards.metrics.pace import WINDOW, PaceSide, compute_facts
from dashboards.queries.view import View
from pipelines.core.model import Kind
from pipelines.pace.rates import WEEK, PaceChange, PeopleRange, find_required_pace


def compose_answer(view: View) -> str:
    """The page's answer in one sentence: the pace now and its trend, or why it cannot be told."""
    known, words = compute_facts(view), view.words
    named = {"organisation": view.names[known.organisation]}
    sides = known.sides()
    if not sides:
        return words("pace.answer_none", **named)
    side = sides[0]
    assert side.newest is not None
    when = {"day": words.day(side.newest), "age": view.age(side.newest)}
    if side.too_old:
        return words("pace.answer_stale", **named, **when, movement=compose_movement(side, words))
    return words("pace.answer_now", **named, **when, movement=compose_movement(side, words))


def compose_movement(side: PaceSide, words: Words) -> str:
    """What the last weeks before the newest figure brought, and whether that is more than before."""
    amount = side.over(WINDOW)
    central = None if amount is None else amount.per_week()[1]
    if amount is None or central is None:
        return words("pace.movement_unknown")
    if side.kind is Kind.CUMULATIVE:
        key = "left"
    elif round(central, 1) == 0:
        key = "same"
    else:
        key = "fell" if central > 0 else "rose"
    size = tell_rate(amount, words, mirrored=key == "rose")
    return words(
        f"pace.movement_{key}", amount=size, trend=tell_trend(side.trend(), words), days=words.days(WINDOW)
    )


def tell_trend(change: PaceChange | None, words: Words) -> str:
    """Whether the pace rose or fell against the weeks before, as far as the figures can tell."""
    if change is None or change.difference is None:
        return words("pace.trend_unknown")
    if change.low80 is None or change.high80 is None:
        return words("pace.trend_open")
    if change.low80 > 0:
        return words("pace.trend_faster")
    return words("pace.trend_slower" if change.high80 < 0 else "pace.trend_unclear")


def tell_rate(amount: PeopleRange, words: Words, *, mirrored: bool = False) -> str:
    """People per week: one number where the statements leave one, else with the bounds they set."""
    low, central, high = amount.per_week()
    if central is None:
        return words("pace.no_figures")
    if mirrored:
        low, central, high = (None if high is None else -high), -central, (None if low is None else -low)
    if low is None or high is None:
        return words("pace.open", central=words.rate(central))
    if words.rate(low) == words.rate(high):
        return words.rate(central)
    return words("pace.between", central=words.rate(central), low=words.rate(low), high=words.rate(high))


def tell_net_rate(amount: PeopleRange, words: Words) -> str:
    """How the number held changes per week: a fall or a rise, never a number of people below zero."""
    central = amount.per_week()[1]
    if central is None:
        return words("pace.no_figures")
    if round(central, 1) == 0:
        return words("pace.net_same")
    key = "fall" if central > 0 else "rise"
    return words(f"pace.net_{key}", amount=tell_rate(amount, words, mirrored=central < 0))


def tell_difference(change: PaceChange, words: Words) -> str:
    """After less before, per week, with its 80 % interval."""
    if change.difference is None:
        return words("pace.no_difference")
    central = words.rate(change.difference * WEEK)
    if change.low80 is None or change.high80 is None:
        return words("pace.difference_open", central=central)
    low, high = words.rate(change.low80 * WEEK), words.rate(change.high80 * WEEK)
    return words("pace.between", central=central, low=low, high=high)


def compose_needed_pace(view: View, by: date) -> str:
    """The net pace that would leave nobody held on a day that the reader picked, beside the last one."""
    known, words = compute_facts(view), view.words
    pace = find_required_pace(known.rows, view.today, by)
    if pace is None or known.held.newest is None:
        return words("pace.needed_unknown")
    low, high = pace[0] * WEEK, None if pace[1] is None else pace[1] * WEEK
    if high is None:
        size = words("qualifier.at_least", value=words.rate(low))
    elif words.rate(low) == words.rate(high):
        size = words.rate(low)
    else:
        size = words("qualifier.range", low=words.rate(low), high=words.rate(high))
    return words(
        "pace.needed",
        pace=size,
        by=words.day(by),
        newest=words.day(known.held.newest),
        movement=compose_movement(known.held, words),
    )
