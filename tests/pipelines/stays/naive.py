"""A list of stays counted in plain Python, person by person and day by day, as slowly as one likes."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import NamedTuple

ROLES = {"Indulto": ("released", "pardon"), "Amnistía": ("released", "amnesty"), "Falleció": ("died", None),
         "Casa": ("left", None), "Traslado": ("left", None)}  # fmt: skip
SEXES = {"F": "female", "M": "male"}
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

    entered: date
    left: date | None
    how: str | None
    sex: str | None
    born: date | None


def merge(rows: list[Stay], gap: timedelta | None = None) -> list[Merged]:
    """Rows that overlap are one stay; with a gap, those too that follow within it. An open row that others
    follow ends with the next exit."""
    merged = []
    for person in sorted({row.person for row in rows}):
        mine = [row for row in enumerate(rows) if row[1].person == person]
        mine.sort(key=lambda row: (row[1].entered, row[1].left or date.max, row[0]))
        groups: list[list[tuple[int, Stay]]] = []
        for place, (number, row) in enumerate(mine):
            later = [each.left for _, each in mine[place:] if each.left]
            ended = row if row.left or not later else replace(row, left=later[0])
            if groups:
                ends = [each.left or date.max for _, each in groups[-1]]
                last = mine[place - 1][1]
                twice = (row.entered, row.left) == (last.entered, last.left)
                reach = max(ends)
                near = gap is not None and (reach == date.max or row.entered <= reach + gap)
                if row.entered < reach or twice or near or last.left is None:
                    groups[-1].append((number, ended))
                    continue
            groups.append([(number, ended)])
        for group in groups:
            by_number = sorted(group)
            last = max(
                group, key=lambda each: (each[1].left or date.max, rows[each[0]].left is not None, each[0])
            )[1]
            sexes = [row.sex for _, row in by_number if row.sex]
            births = [row.born for _, row in by_number if row.born]
            merged.append(
                Merged(
                    min(row.entered for _, row in group),
                    last.left,
                    last.how if last.left else None,
                    sexes[-1] if sexes else None,
                    births[-1] if births else None,
                )
            )
    return merged


def is_held(stay: Merged, day: date, *, over_day: bool) -> bool:
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

    for stay in stays:
        if is_held(stay, cut, over_day=over_day):
            add("in_custody", stay, cut)
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
