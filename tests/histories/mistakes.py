"""Mistakes of single outlets, planted into a history: misprints, counts taken for others, old values as new.

The organisation's own posts make none. What an agency gets wrong, all outlets that print its text get wrong.
"""

import random
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from tests.histories.world import FIRST_DAY, OUTLETS, Bulletin, History, Told, true_history
from tests.pipelines.warehouse.marts.conftest import day as date_of

RATES: Final = (0.02, 0.08)  # of a history's rows, from and to


def digit(chance: random.Random, value: int) -> int | None:
    """One digit is another one."""
    digits = list(str(value))
    place = chance.randrange(len(digits))
    digits[place] = chance.choice([each for each in "123456789" if each != digits[place]])
    return int("".join(digits))


def transposed(chance: random.Random, value: int) -> int | None:
    """Two neighbouring digits changed places."""
    digits = str(value)
    places = [place for place in range(len(digits) - 1) if digits[place] != digits[place + 1]]
    places = [place for place in places if place or digits[1] != "0"]
    if not places:
        return None
    place = chance.choice(places)
    return int(digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :])


def dropped(chance: random.Random, value: int) -> int | None:
    """One digit is missing."""
    digits = str(value)
    if len(digits) < 2:
        return None
    place = chance.randrange(len(digits))
    return int(digits[:place] + digits[place + 1 :])


def rounded(chance: random.Random, value: int) -> int | None:
    """A round number without the hedge that it needs."""
    step = chance.choice([10, 50, 100, 100]) if value >= 150 else 10
    return (value + step // 2) // step * step or None


MISPRINTS: Final[dict[str, Callable[[random.Random, int], int | None]]] = {
    "digit": digit,
    "transposed": transposed,
    "dropped": dropped,
    "rounded": rounded,
}
KINDS: Final = {
    "digit": 0.25,
    "transposed": 0.15,
    "dropped": 0.1,
    "rounded": 0.15,
    "other_count": 0.2,
    "stale": 0.1,
    "other_day": 0.05,
}


def _agency(told: Told) -> str | None:
    named = re.search(r"(?: / |\()(\w+)\)?$", told.row["publisher"])
    return named[1] if named else None


def _of_one_text(told: list[Told], number: int) -> list[int]:
    """Where the rows stand that print the same text as one row: it alone, or its agency's."""
    one = told[number]
    if _agency(one) is None:
        return [number]
    return [
        place
        for place, each in enumerate(told)
        if each.bulletin is one.bulletin
        and (each.version, each.role, _agency(each)) == (one.version, one.role, _agency(one))
    ]


def _before(history: History, bulletin: Bulletin, known: int, *, same_line: bool) -> list[Bulletin]:
    """Earlier bulletins that were out by a day: of the same line, or of the organisation's other counts."""
    line = (bulletin.organisation, bulletin.measure, bulletin.since)
    return sorted(
        (
            each
            for each in history.bulletins
            if each.organisation == line[0]
            and ((each.organisation, each.measure, each.since) == line) == same_line
            and each.said[0] <= known
            and each is not bulletin
        ),
        key=lambda each: each.as_of,
    )


def _value(chance: random.Random, history: History, told: Told, kind: str) -> int | None:
    """The wrong value of one kind, or none where it cannot be made."""
    if kind in MISPRINTS:
        return MISPRINTS[kind](chance, told.row["value"])
    others = [
        each
        for each in _before(history, told.bulletin, told.published, same_line=False)
        if each.as_of >= told.bulletin.as_of - 10
    ]
    return others[-1].values[0] if others else None


def _stale(chance: random.Random, history: History) -> Told | None:
    """A new row: an older bulletin's value, given out as the count of a day after a newer bulletin."""
    told = chance.choice([each for each in history.told if each.role == "carrier"])
    older = [
        each
        for each in _before(history, told.bulletin, told.published, same_line=True)
        if each.as_of < told.bulletin.as_of and each.values[-1] != told.row["value"]
    ]
    if not older:
        return None
    late = max(told.published, told.bulletin.as_of + 1) + chance.randint(0, 3)
    cells = {
        "value": older[-1].values[-1] if chance.random() < 0.7 else chance.choice(older[-4:]).values[-1],
        "as_of": date_of(FIRST_DAY + late).isoformat(),
        "published": date_of(FIRST_DAY + late).isoformat(),
        "as_of_basis": "explicit",
        "publisher": chance.choice(OUTLETS),
        "url": f"https://news.example/{history.seed}/{len(history.told)}",
    }
    return replace(told.changed("stale", **cells), published=late)


def plant(history: History, chance: random.Random) -> None:
    """Plant mistakes into a true history, in place."""
    share = chance.uniform(*RATES)
    for _ in range(round(share * len(history.told))):
        kind = chance.choices(list(KINDS), list(KINDS.values()))[0]
        if kind == "stale":
            row = _stale(chance, history)
            history.told += [row] if row else []
            continue
        likely = [3 if each.role == "carrier" else 1 for each in history.told]
        number = chance.choices(range(len(history.told)), likely)[0]
        told = history.told[number]
        if told.planted or told.role in ("post", "bound"):
            continue
        cells: dict[str, Any]
        if kind == "other_day":
            slip = told.bulletin.as_of + chance.choice([-2, -1, 1, 1, 2, 3])
            cells = {"as_of": date_of(FIRST_DAY + slip).isoformat(), "as_of_basis": "explicit"}
        else:
            value = _value(chance, history, told, kind)
            if value is None or value == told.row["value"]:
                continue
            cells = {"value": value}
        places = [number] if kind in ("rounded", "other_day") else _of_one_text(history.told, number)
        for place in places:
            history.told[place] = history.told[place].changed(kind, **cells)


def history(seed: int, flavour: str | None = None) -> History:
    """A history with its mistakes, all from the seed."""
    made = true_history(seed, flavour)
    plant(made, random.Random(f"mistakes {seed}"))
    return made
