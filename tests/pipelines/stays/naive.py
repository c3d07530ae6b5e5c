"""A list of stays counted in plain Python, person by person and day by day, as slowly as one likes."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import NamedTuple

ROLES = {"Indulto": ("released", "pardon"), "Amnistía": ("released", "amnesty"), "Falleció": ("died", None),
         "Casa": ("left", None), "Traslado": ("left", None)}  # fmt: skip
SEXES = {"F": "female", "M": "male"}
FACILITIES = {"Norte": "north", "South": "south"}
AGES = {"adolescent": (0, 17), "adult": (18, 120)}


@dataclass(frozen=True)
class Stay:
    """One row of a list, whatever is wrong with it."""

    person: str
    entered: date
    left: date | None
    how: str | None
    sex: str | None
    born: date | None
    facility: str | None = None


class Merged(NamedTuple):
    """One stay of one person, after rows that overlap were joined."""

    person: str
    entered: date
    left: date | None
    how: str | None
    sex: str | None
    born: date | None


def sort_rows(rows: list[Stay]) -> list[tuple[int, Stay, Stay]]:
    """The rows of one person in the order in which they are told, each with its number, and again as it ends:
    an open row that others follow ends with the next exit. At one entry a row without an exit stands before
    those with a later one, and after those that ended on that day: whoever left then came back."""
    order = sorted(
        enumerate(rows), key=lambda each: (each[1].entered, each[1].left or each[1].entered,
                                           each[1].left is None, each[0])
    )  # fmt: skip
    found = []
    for place, (number, row) in enumerate(order):
        later = [each.left for _, each in order[place:] if each.left]
        found.append((number, row, row if row.left or not later else replace(row, left=later[0])))
    return found


def merge(rows: list[Stay], gap: timedelta | None = None) -> list[Merged]:
    """Rows that overlap are one stay; with a gap, those too that follow within it."""
    merged = []
    for person in sorted({row.person for row in rows}):
        mine = sort_rows([row for row in rows if row.person == person])
        groups: list[list[tuple[int, Stay, Stay]]] = []
        for number, row, ended in mine:
            if groups:
                reach = max(each.left or date.max for _, _, each in groups[-1])
                last = groups[-1][-1][1]
                twice = (row.entered, row.left) == (last.entered, last.left)
                near = gap is not None and (reach == date.max or row.entered <= reach + gap)
                if row.entered < reach or twice or near or last.left is None:
                    groups[-1].append((number, row, ended))
                    continue
            groups.append([(number, row, ended)])
        for group in groups:
            by_number = [row for _, row, _ in sorted(group, key=lambda each: each[0])]
            left = max(ended.left or date.max for _, _, ended in group)
            exits = [row for row in by_number if row.left == left]
            hows = [row.how for row in exits if row.how]
            sexes = [row.sex for row in by_number if row.sex]
            births = [row.born for row in by_number if row.born]
            merged.append(
                Merged(
                    person,
                    min(row.entered for row in by_number),
                    None if left == date.max else left,
                    hows[-1] if hows else None,
                    sexes[-1] if sexes else None,
                    births[-1] if births else None,
                )
            )
    return merged


def count_places(rows: list[Stay], day: date, *, over_day: bool) -> dict[tuple[str, str], int]:
    """Who is held where: a person is in the facility of the placement that began last, and once that is over
    in the one that lasts longest of those before it."""
    found: dict[tuple[str, str], int] = {}
    for person in {row.person for row in rows}:
        mine = sort_rows([row for row in rows if row.person == person])
        begun = [(number, row) for number, _, row in mine if row.facility and row.entered <= day]
        if not begun:
            continue
        place = begun[-1][1]
        if not is_held(place, day, over_day=over_day):
            place = max(begun, key=lambda each: (each[1].left or date.max, each[0]))[1]
        if is_held(place, day, over_day=over_day):
            key = ("in_custody", f"facility={FACILITIES[place.facility or '']}")
            found[key] = found.get(key, 0) + 1
    return found


def is_held(stay: Merged | Stay, day: date, *, over_day: bool) -> bool:
    """Whether somebody counts as held on a day."""
    if stay.entered > day:
        return False
    return stay.left is None or (stay.left >= day if over_day else stay.left > day)


def compute_age(born: date, day: date) -> int:
    """Years of life on a day; who was born on 29 February has a birthday on the 28th of other years."""
    birthday = (born.month, 28 if (born.month, born.day) == (2, 29) and not is_leap(day.year) else born.day)
    return day.year - born.year - ((day.month, day.day) < birthday)


def is_leap(year: int) -> bool:
    """Whether the year has a 29 February."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def find_group(born: date | None, day: date) -> str | None:
    """The group of age of somebody on a day."""
    if born is None:
        return None
    age = compute_age(born, day)
    return next((part for part, (first, last) in AGES.items() if first <= age <= last), None)


def tally(
    stays: list[Merged], cut: date, since: date | None, baseline: date, *, over_day: bool = False
) -> dict[tuple[str, str], int]:
    """(measure, breakdown) → people, without the parts in which there is nobody."""
    found: dict[tuple[str, str], int] = {}

    def add(measure: str, stay: Merged, day: date, mechanism: str | None = None) -> None:
        group = find_group(stay.born, day)
        parts = ["total", f"sex={SEXES[stay.sex]}" if stay.sex else None, f"age={group}" if group else None]
        for part in [*parts, f"mechanism={mechanism}" if mechanism else None]:
            if part:
                found[measure, part] = found.get((measure, part), 0) + 1

    held = {stay.person: stay for stay in stays if is_held(stay, cut, over_day=over_day)}
    for stay in held.values():  # who came twice on a day is held once, as the last stay has it
        add("in_custody", stay, cut)
    for stay in stays:
        if since is not None and since < stay.entered <= cut:
            add("detained", stay, stay.entered)
        if stay.left is None or stay.left > cut:
            continue
        kind, mechanism = ROLES[stay.how] if stay.how else ("left", None)
        if kind == "released" and since is not None and since < stay.left:
            add("released", stay, stay.left, mechanism)
        if kind == "released" and stay.left >= baseline:
            add("released_to_date", stay, stay.left, mechanism)
        if kind == "died" and stay.left >= baseline:
            found["deaths_in_custody_to_date", "total"] = (
                found.get(("deaths_in_custody_to_date", "total"), 0) + 1
            )
    return found
