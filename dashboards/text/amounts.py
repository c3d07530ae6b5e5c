"""How many, as hedged as it was stated, or what stands for a withheld figure; changes within bounds.

A row is a dict with the columns of `statements` or of `claims_listed.sql`.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from dashboards.i18n.translations import Words
from dashboards.queries.view import View

Row = Mapping[str, Any]


def tell_amount(row: Row, words: Words) -> str:
    """The figure as hedged as it was stated: más de 500."""
    if row["value"] is None:
        return tell_suppressed(row, words)
    return words.amount(row["qualifier"], row["value"], row["value_high"])


def tell_amounts(rows: Sequence[Row], words: Words) -> str:
    """Figures for one moment: 391; two that contradict: 700 o cerca de 650."""
    return words("amount.or").join(tell_amount(row, words) for row in rows)


def tell_suppressed(row: Row, words: Words) -> str:
    """What stands for a figure that is not published: menos de 5, or that it would give a group away."""
    few = row.get("fewer_than")
    return words("parts.withheld") if few is None else words.plural("parts.fewer_than", few)


def tell_people(rows: Sequence[Row], words: Words) -> str:
    """Figures for one moment with their noun: 391 personas; two that contradict: 700 o cerca de 650."""
    many = max(row["value_high"] or row["value"] for row in rows)
    return words.plural("amount.people", many, amount=tell_amounts(rows, words))


def count_told(rate: str, words: Words) -> int:
    """The number that the noun beside a rate told agrees with: one, or several."""
    return 1 if rate == words.rate(1) else 2


def tell_claim_amount(view: View, claim: dict[str, Any]) -> str:
    """The claim's figure as hedged as it was stated; a small cell stays withheld."""
    if claim["withheld"]:
        return view.words("doubts.withheld")
    return tell_amount(claim, view.words)


def tell_between(view: View, low: int | None, high: int | None) -> str:
    """A number known by its bounds, one of which may be open."""
    words = view.words
    if low is not None and high is not None:
        if low == high:
            return words.number(low)
        return words("qualifier.range", low=words.number(low), high=words.number(high))
    if low is not None:
        return words("qualifier.at_least", value=words.number(low))
    return words("no_data") if high is None else words("qualifier.at_most", value=words.number(high))


def tell_change(view: View, low: int | None, high: int | None) -> str:
    """A change known by its bounds: 34 más, al menos 5 menos; its direction only where it is certain."""
    words = view.words
    if low == high == 0:
        return words("amount.same")
    if (low, high) in ((0, None), (None, 0)):
        return words("amount.unknown")
    if low is not None and low >= 0:
        return words("amount.more", amount=tell_between(view, low, high))
    if high is not None and high <= 0:
        return words("amount.fewer", amount=tell_between(view, -high, None if low is None else -low))
    return words("amount.unknown")
