"""The pace in words: how many a week, whether it rises or falls, as far as the statements can tell."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from babel.dates import format_date

from dashboards.i18n.translations import Words
from dashboards.metrics.pace import WINDOW, Mean, PaceSide, Week, compute_facts, list_unconfirmed
from dashboards.queries.view import View
from dashboards.text.amounts import count_told, tell_amount
from dashboards.text.labels import tell_moment
from dashboards.text.organisations import name_in_sentence
from pipelines.core.model import Kind
from pipelines.pace.rates import WEEK, PaceChange, PeopleRange, find_required_pace, sum_within

UNSURE: Final = ("open", "not_fell", "not_rose")  # directions that leave more than one way
OtherRates = Mapping[tuple[date, int], float]  # last day and days of a count → the pace by counts against it


def compose_answer(view: View) -> str:
    """The page's answer in one sentence: the pace now and its trend, or why it cannot be told."""
    known, words = compute_facts(view), view.words
    named = {"organisation": name_in_sentence(view, known.organisation)}
    sides = known.sides()
    if not sides:
        return words("pace.answer_none", **named)
    side = sides[0]
    assert side.newest is not None
    when = {"day": words.day(side.newest), "age": view.age(side.newest)}
    if side.too_old:
        return words("pace.answer_stale", **named, **when, movement=tell_movement(view, side))
    return words("pace.answer_now", **named, **when, movement=tell_movement(view, side))


def tell_movement(view: View, side: PaceSide) -> str:
    """What the last weeks brought, and which of the totals that it rests on nobody has confirmed."""
    amount = side.over(WINDOW)
    told = compose_movement(side, view.words)
    if amount is None or amount.central is None or side.newest is None:
        return told
    unsure = tell_unconfirmed(view, side, (side.newest, amount.days))
    return f"{told}; {unsure}" if unsure else told


def tell_unconfirmed(view: View, side: PaceSide, *spans: tuple[date, int]) -> str:
    """The totals that so many days up to a day rest on and that nobody has confirmed, each with its day;
    empty without any.
    """
    words = view.words
    unsure = {
        row["claim_id"]: words("pace.figure", figure=tell_amount(row, words), day=tell_moment(row, words))
        for last, days in spans
        for row in list_unconfirmed(view, side, last - timedelta(days=days), last)
    }
    if not unsure:
        return ""
    return words.plural("pace.unconfirmed", len(unsure), figures=words.listed(list(unsure.values())))


def compose_movement(side: PaceSide, words: Words) -> str:
    """What the last weeks before the newest figure brought, as far as their bounds tell, and whether that is
    more than before.
    """
    amount = side.over(WINDOW)
    if amount is None or amount.central is None:
        return words("pace.movement_unknown")
    key = "left" if side.kind is Kind.CUMULATIVE else find_direction(amount.low, amount.high)
    size = tell_rate(amount, words, mirrored=key == "rose")
    days, trend = words.days(amount.covered), tell_trend(side.trend(), side.kind, words)
    return words.plural(f"pace.movement_{key}", count_told(size, words), amount=size, trend=trend, days=days)


def find_direction(low: float | None, high: float | None) -> str:
    """Of a fall between two bounds, below zero a rise and None without a limit: fell, rose, same, not_fell or
    not_rose where one of them is zero, or open where both remain possible.
    """
    if low == high == 0:
        return "same"
    if low is not None and low >= 0:
        return "fell" if low > 0 else "not_rose"
    if high is not None and high <= 0:
        return "rose" if high < 0 else "not_fell"
    return "open"


def tell_trend(change: PaceChange | None, kind: Kind, words: Words) -> str:
    """Whether the pace rose or fell against the weeks before, as far as the figures can tell; of the number
    held that of its change.
    """
    if change is None or change.difference is None:
        return words("pace.trend_unknown")
    if change.low80 is None or change.high80 is None:
        return words("pace.trend_open")
    way = "faster" if change.low80 > 0 else "slower" if change.high80 < 0 else "unclear"
    return words(f"pace.trend_{way}" if kind is Kind.CUMULATIVE else f"pace.trend_stock_{way}")


def tell_rate(amount: PeopleRange, words: Words, *, mirrored: bool = False) -> str:
    """People per week: one number where the statements leave one, else with the bounds they set. A bound is
    told as such, never as the number itself.
    """
    low, central, high = amount.per_week()
    if central is None:
        return words("pace.no_figures")
    if mirrored:
        low, central, high = (None if high is None else -high), -central, (None if low is None else -low)
    told, none = words.rate(central), words.rate(0)
    if low is None or high is None:
        is_least = low is not None and words.rate(low) == told != none
        return words("qualifier.at_least", value=told) if is_least else words("pace.open", central=told)
    least, most = words.rate(low), words.rate(high)
    if least == most:
        return tell_size(central, words)
    if told not in (least, most):
        return words("pace.between", central=told, low=least, high=most)
    if least == none:
        return words("qualifier.at_most", value=most)
    return words("qualifier.range", low=least, high=most)


def tell_rate_against(amount: PeopleRange, last: date, others: OtherRates, words: Words) -> str:
    """The same up to a day; with the pace by counts of the same speaker that contradict it, if any do."""
    low, central, high = amount.per_week()
    other = others.get((last, amount.days))
    if other is None or low is None or central is None or high is None:
        return tell_rate(amount, words)
    return tell_mean_rate(Mean(last, amount.days, central, low, high, other), words)


def tell_size(rate: float, words: Words) -> str:
    """People a week; what is more than none is never told as none."""
    told = words.rate(rate)
    return words("pace.under", amount=words.rate(0.1)) if rate != 0 and told == words.rate(0) else told


def tell_net_rate(amount: PeopleRange, words: Words) -> str:
    """How the number held changes per week: a fall or a rise, never a number of people below zero; both, each
    with its limit, where bounds leave open which it is.
    """
    low, central, high = amount.per_week()
    if central is None:
        return words("pace.no_figures")
    direction = find_direction(low, high)
    if direction == "same":
        return words("pace.net_same")
    if direction in ("fell", "rose"):
        key = "fall" if direction == "fell" else "rise"
        return words(f"pace.net_{key}", amount=tell_rate(amount, words, mirrored=direction == "rose"))
    if low is None and high is None:
        return words("pace.net_open")
    ways = [("rise", low), ("fall", high)]
    one, two = (_tell_limit(*way, words) for way in sorted(ways, key=lambda way: way[1] is None))
    return words("pace.net_either", one=one, two=two)


def _tell_limit(key: str, limit: float | None, words: Words) -> str:
    """How far a rise or a fall may go."""
    if limit is None:
        return words(f"pace.net_any_{key}")
    if limit == 0:
        return words("pace.net_same")
    return words(f"pace.net_{key}", amount=words("pace.up_to", amount=tell_size(abs(limit), words)))


def tell_bounded(
    low: float | None, central: float | None, high: float | None, kind: Kind, words: Words
) -> str:
    """A number with the bounds that its statements leave; of the number held a fall or a rise."""
    amount = PeopleRange(WEEK, WEEK, low, central, high, derived=False)
    return tell_rate(amount, words) if kind is Kind.CUMULATIVE else tell_net_rate(amount, words)


def tell_verdict(change: PaceChange, words: Words) -> str:
    """Whether the pace after a day differs from the one before by more than chance, or why it is not said."""
    for side in ("before", "after"):
        if getattr(change, side).central is None:
            return words(f"pace_events.none_{side}")
    if change.shared:
        return words("pace_events.shared")
    if change.low80 is None or change.high80 is None:
        return words("pace_events.open")
    if change.low80 > 0:
        return words("pace_events.faster")
    return words("pace_events.slower" if change.high80 < 0 else "pace_events.unclear")


def choose_told(means: list[Mean], kind: Kind) -> list[Mean]:
    """The paces that are told: of a running total the first and the last, where there are two; of the number
    held the last, unless its bounds leave open whether it fell.
    """
    if kind is Kind.CUMULATIVE:
        return [means[0], means[-1]] if len(means) > 1 else []
    return [mean for mean in means[-1:] if mean.low == mean.high or mean.low * mean.high > 0]


def keep_current(told: list[Mean], side: PaceSide) -> list[Mean]:
    """The paces that are told; of the number held none where figures since then point another way."""
    if side.kind is Kind.CUMULATIVE or not told or side.newest is None or side.newest <= told[-1].last:
        return told
    since = sum_within(side.counted, told[-1].last, side.newest)
    ways = {find_direction(*told[-1].bounds), find_direction(since.low, since.high)}
    return told if len(ways) == 1 else []


def compose_finding(told: list[Mean], kind: Kind, organisation: str, words: Words) -> str:
    """How the pace changed between the two that are told, or how the number held changed last; with the days.

    Empty without any, or where bounds leave open which way it changed.
    """
    if not told:
        return ""
    first, last = told[0], told[-1]
    days = dict(zip(("first_day", "last_day"), tell_days((first.last, last.last), words), strict=True))
    facts = {
        "organisation": organisation,
        "first": tell_mean_rate(first, words),
        "last": tell_mean_rate(last, words),
        "first_days": words.days(first.days),
        "last_days": words.days(last.days),
        **days,
    }
    if kind is Kind.STOCK:
        return words(f"pace.finding_stock_{find_direction(*last.bounds)}", **facts)
    change = _compare(first, last, words)
    return words(f"pace.finding_cumulative_{change}", **facts) if change else ""


def tell_mean_rate(mean: Mean, words: Words) -> str:
    """People a week, without a sign; both where counts of the same speaker contradict each other."""
    low, high = (tell_size(abs(rate), words) for rate in mean.rates)
    return low if low == high else words("qualifier.range", low=low, high=high)


def _compare(one: Mean, two: Mean, words: Words) -> str:
    """Whether the second pace is lower, higher or the same; empty where their bounds leave it open."""
    if {words.rate(rate) for mean in (one, two) for rate in mean.bounds} == {words.rate(one.rate)}:
        return "same"
    if two.bounds[1] < one.bounds[0]:
        return "slowed"
    return "rose" if two.bounds[0] > one.bounds[1] else ""


def tell_days(days: Sequence[date], words: Words) -> list[str]:
    """Days in words, the year only once at the last where it is that of all."""
    one_year = len({day.year for day in days}) == 1
    return [words.tick(day, "MMMMd") if one_year else words.day(day) for day in days[:-1]] + [
        words.day(days[-1])
    ]


def tell_mean(week: Week, kind: Kind, words: Words, form: str) -> tuple[str, str, str]:
    """The mean of the four weeks up to a week, of which days it is, and the same in short; days in a form."""
    day = words.tick(week.last, form)
    number = tell_pace(week.mean or 0.0, kind, words)
    return number, words("pace.mean_when", day=day), words("pace.mean_to", day=day)


def tell_pace(rate: float, kind: Kind, words: Words) -> str:
    """People a week who left, or by how many more or fewer are held."""
    return words.rate(rate) if kind is Kind.CUMULATIVE else tell_net(words, -rate)


def tell_net(words: Words, change: float) -> str:
    """By how many people a number rose or fell, without a sign."""
    if words.rate(change) == words.rate(0):
        return words.rate(0)
    return words("pace.more" if change > 0 else "pace.fewer", amount=words.rate(abs(change)))


def compose_last_weeks(view: View, others: OtherRates) -> str:
    """How many a week left prison and how the number held changed over the last weeks; empty without both."""
    known, words = compute_facts(view), view.words
    told = []
    for side in (known.released, known.held):
        amount = side.over(WINDOW)
        if amount is None or side.newest is None:
            continue
        if amount.low is None or amount.high is None:  # without a limit it is no finding
            continue
        key = "left" if side.kind is Kind.CUMULATIVE else find_direction(amount.low, amount.high)
        if key in UNSURE:
            continue
        if key == "left":
            size = tell_rate_against(amount, side.newest, others, words)
        else:
            size = tell_rate(amount, words, mirrored=key == "rose")
        days, day = words.days(amount.covered), words.day(side.newest)
        many = count_told(size, words)
        unsure = tell_unconfirmed(view, side, (side.newest, amount.days))
        text = words.plural(f"pace_windows.{key}", many, amount=size, days=days, day=day)
        told.append(f"{text} ({unsure})" if unsure else text)
    return f"{view.names[known.organisation]}: {'; '.join(told)}" if told else ""


def name_weekday(day: date, words: Words) -> str:
    """Monday, lunes, segunda-feira."""
    return str(format_date(day, "EEEE", locale=words.locale))


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
    return words.plural(
        "pace.needed",
        count_told(size, words),
        pace=size,
        by=words.day(by),
        newest=words.day(known.held.newest),
        movement=tell_movement(view, known.held),
    )
