"""One organisation's counts over months as its bulletins, outlets and agencies would carry them.

A history is made from its seed alone: the true path of two counts, the bulletins that state it, and the rows
of a sheet that carry each bulletin. Days are days from the first of March 2026, as in the marts' samples.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Final

from tests.pipelines.warehouse.marts.conftest import figure

FIRST_DAY: Final = -500
OUTLETS: Final = (
    "Diario del Este", "La Voz", "El Puerto", "Radio Centro", "Le Courrier", "Morning Post", "A Tribuna",
    "El Faro", "Canal 8", "Nuevo Siglo", "Der Bote", "La Hora", "Il Mattino", "Observador",
)  # fmt: skip
AGENCIES: Final = ("EFE", "AFP", "AP", "Reuters", "ANSA")


@dataclass(frozen=True)
class Flavour:
    """How an organisation publishes and how it is carried. Days, and shares of one."""

    length: tuple[int, int]
    gap: int  # usual days between two bulletins
    silences: int  # at most so many, of 30 to 150 days
    carriers: tuple[int, ...]  # weights of 1, 2, 3 … outlets
    posts: float  # bulletins that the organisation's own post carries too
    hourly: float  # days of large releases on which the count to date is told more than once


FLAVOURS: Final = {
    "weekly": Flavour((120, 260), 7, 1, (8, 20, 26, 22, 14, 10), 0.1, 0.25),
    "busy": Flavour((40, 90), 5, 0, (6, 18, 26, 24, 16, 10), 0.05, 0.6),
    "own_posts": Flavour((120, 260), 7, 1, (30, 30, 25, 15), 0.8, 0.2),
    "silent": Flavour((300, 650), 12, 4, (10, 22, 26, 22, 12, 8), 0.1, 0.15),
    "thin": Flavour((250, 600), 16, 3, (88, 10, 2), 0.1, 0.1),
}
# Thin histories are in the sheets, and one in six here: there only the neighbours tell what is wrong.
TURNS: Final = ("weekly", "busy", "silent", "own_posts", "weekly", "thin")


@dataclass
class Bulletin:
    """What an organisation states of one moment. Of several values (updates, revisions) the last counts."""

    organisation: str
    measure: str
    since: int | None  # a cumulative's baseline
    as_of: int
    values: list[int]
    said: list[int]  # day on which each value was first published


@dataclass(frozen=True)
class Told:
    """One row of a sheet and what the world knows of it."""

    row: dict[str, Any]
    bulletin: Bulletin
    version: int  # which of the bulletin's values it carries
    role: str  # carrier, post, undated, first_mention, bound
    published: int
    planted: str | None = None  # the kind of mistake, none where the row is true

    def changed(self, planted: str, **cells: Any) -> "Told":
        """The same row with some cells changed by a mistake."""
        return replace(self, row={**self.row, **cells}, planted=planted)


@dataclass
class History:
    """All that was stated, and all rows that carry it."""

    seed: int
    flavour: str
    bulletins: list[Bulletin] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)


def _few(chance: random.Random, mean: float) -> int:
    return int(chance.expovariate(1 / mean)) if mean > 0 else 0


def true_path(chance: random.Random, days: int) -> tuple[list[int], list[int], set[int]]:
    """Held and released so far at the end of each day, and the days of mass releases."""
    held, gone = chance.choice([90, 240, 500, 870, 900, 1300, 1900]) + chance.randrange(60), 0
    stock, total, masses = [held], [0], set()
    burst = wave = 0
    for day in range(1, days + 1):
        burst = max(burst - 1, 0) if burst or chance.random() > 1 / 30 else chance.randint(3, 10)
        wave = max(wave - 1, 0) if wave or chance.random() > 1 / 90 else chance.randint(4, 15)
        out = min(_few(chance, held / 60 if burst else held / 900), held // 6)
        if chance.random() < 1 / 110 and held > 150:
            out = 116 if chance.random() < 0.4 and held > 260 else int(held * chance.uniform(0.1, 0.4))
            masses.add(day)
        held += _few(chance, 9 if wave else held / 700) - out
        gone += out
        stock.append(held)
        total.append(gone)
        if out > 25:
            masses.add(day)
    return stock, total, masses


def cut_offs(chance: random.Random, flavour: Flavour, days: int) -> list[int]:
    """The days to which bulletins run: a rhythm with slips, broken by silences."""
    silences = {chance.randrange(20, days) for _ in range(chance.randint(0, flavour.silences))}
    made, day = [], chance.randrange(0, 4)
    while day <= days:
        made.append(day)
        step = flavour.gap if chance.random() < 0.7 else max(2, flavour.gap + chance.randint(-5, 9))
        if any(day < each <= day + step for each in silences):
            step += chance.randint(30, 150)
        day += step
    return made


def _bulletins(chance: random.Random, flavour: Flavour, organisation: str, days: int) -> Iterator[Bulletin]:
    """Bulletins of one organisation: stock, count to date, updates between, restarts and revisions."""
    stock, total, masses = true_path(chance, days)
    regular = cut_offs(chance, flavour, days)
    restart = chance.randrange(days // 3, 2 * days // 3) if chance.random() < 0.4 else None
    both = chance.random() < 0.4  # the old count goes on beside the new one
    for day in regular:
        said = day + chance.choice([0, 1, 1, 2, 3, 3, 4])
        yield Bulletin(organisation, "in_custody", None, day, [stock[day]], [said])
    between = [day for day in sorted(masses) if chance.random() < 0.7]
    between += [day for day in range(1, days) if total[day] - total[day - 1] > 3 and chance.random() < 0.35]
    often = sorted({*(day for day in regular if chance.random() < 0.8), *between})
    for start in (0, restart):
        if start is None:
            continue
        for day in often:
            if day <= start or (start == 0 and restart is not None and day > restart and not both):
                continue
            values = [total[day] - total[start]]
            grown = total[day] - total[day - 1]
            if grown > 12 and chance.random() < flavour.hourly:
                parts = sorted(chance.sample(range(1, grown), chance.choice([1, 1, 1, 2])))
                values = [*(values[0] - grown + part for part in parts), *values]
            if values[0] > 0:
                said = day + chance.choice([0, 0, 1])
                yield Bulletin(organisation, "released_to_date", start, day, values, [said] * len(values))


def _revise(chance: random.Random, bulletins: list[Bulletin]) -> None:
    """Some bulletins first gave another value, restated later; the counts to date still rise."""
    for measure, since in sorted({(each.measure, each.since or 0) for each in bulletins}):
        line = sorted(
            (each for each in bulletins if (each.measure, each.since or 0) == (measure, since)),
            key=lambda each: each.as_of,
        )
        for before, each, after in zip(line, line[1:], line[2:], strict=False):
            if len(each.values) > 1 or chance.random() > 0.03:
                continue
            off = max(1, int(each.values[0] * chance.uniform(0.005, 0.05)))
            first = each.values[0] + chance.choice([-off, off])
            if measure == "released_to_date":
                first = min(max(first, before.values[-1]), after.values[0])
            if first not in (each.values[0], before.values[-1], after.values[0]):
                each.values.insert(0, first)
                each.said.append(each.said[0] + chance.randint(2, 15))


class Press:
    """Who carries a bulletin, and the rows that come of it."""

    def __init__(self, chance: random.Random, flavour: Flavour, history: History) -> None:
        self.chance, self.flavour, self.history = chance, flavour, history
        self.agency_share = chance.uniform(0.15, 0.5)

    def tell(self, bulletin: Bulletin, version: int, role: str, published: int, **cells: Any) -> None:
        """Add one row; cells that are not named are those of a dated carrier."""
        publisher = cells.pop("publisher", None) or self.outlet()
        as_of = cells.pop("as_of", bulletin.as_of)
        value = cells.pop("value", bulletin.values[version])
        row = figure(
            bulletin.organisation,
            bulletin.measure,
            value,
            FIRST_DAY + as_of,
            published=FIRST_DAY + published,
            since=None if bulletin.since is None else FIRST_DAY + bulletin.since,
            publisher=publisher,
            url=f"https://news.example/{self.history.seed}/{len(self.history.told)}",
            **cells,
        )
        self.history.told.append(Told(row, bulletin, version, role, published))

    def outlet(self) -> str:
        """An outlet, often with the agency whose text it prints."""
        return self.with_agency(self.chance.choice(OUTLETS))

    def with_agency(self, name: str) -> str:
        if self.chance.random() > self.agency_share:
            return name
        agency = self.chance.choices(AGENCIES, (5, 3, 2, 2, 1))[0]
        return self.chance.choice([f"{name} / {agency}", f"{name} ({agency})"])

    def carry(self, bulletin: Bulletin) -> None:
        """All values of a bulletin. Who posts bulletins posts their revisions; others post some of them."""
        posted = self.chance.random() < self.flavour.posts
        for version, said in enumerate(bulletin.said):
            revised = version > 0 and said > bulletin.said[version - 1]
            self.carry_value(bulletin, version, posted or (revised and self.chance.random() < 0.4), revised)

    def carry_value(self, bulletin: Bulletin, version: int, posted: bool, revised: bool) -> None:
        """The own post and dated carriers of one value, what was printed without a day, and the hedged."""
        chance, said = self.chance, bulletin.said[version]
        if posted:
            own = {"publisher": bulletin.organisation.title(), "provenance": "primary"}
            self.tell(bulletin, version, "post", said, **own)
        weights = self.flavour.carriers
        number = chance.choices(range(1, len(weights) + 1), weights)[0]
        overtaken = version < len(bulletin.values) - 1 and said == bulletin.said[-1]  # later that day
        if revised or overtaken:
            number = chance.choice([0, 1, 2]) if posted else chance.choice([1, 2, 2, 3])
        for name in chance.sample(OUTLETS, number):
            basis = chance.choices(["explicit", "relative", "inferred"], (70, 17, 13))[0]
            late = chance.choice([0, 0, 1] if overtaken else [0, 0, 0, 0, 0, 1, 1, 2, 6])
            cells = {"publisher": self.with_agency(name), "as_of_basis": basis}
            self.tell(bulletin, version, "carrier", said + late, **cells)
        if version == 0 and said > bulletin.as_of and chance.random() < 0.07:
            early = chance.randint(bulletin.as_of, said)
            cells = {"as_of": early, "as_of_basis": "publication_date"}
            self.tell(bulletin, version, "first_mention", early, **cells)
        self.undated(bulletin, version, said)
        if bulletin.values[version] >= 40 and chance.random() < 0.35:
            self.hedge(bulletin, version, said + chance.choice([0, 0, 1, 2, 4]))

    def undated(self, bulletin: Bulletin, version: int, said: int) -> None:
        """Reprints that give no cut-off, some weeks later and stale."""
        chance = self.chance
        for _ in range(_few(chance, 0.9 if self.flavour.carriers[0] < 50 else 0.45)):
            late = said + chance.choice([0, 1, 1, 2, 3, 4, 5, 6, 8, 11, 16, 24, 45])
            basis, as_of = chance.choices(
                [("publication_date", late), ("inferred", late), ("inferred", bulletin.as_of)], (65, 12, 23)
            )[0]
            grade = "secondhand" if chance.random() < 0.15 else "press"
            self.tell(bulletin, version, "undated", late, as_of=as_of, as_of_basis=basis, provenance=grade)

    def hedge(self, bulletin: Bulletin, version: int, published: int) -> None:
        """ "More than 600", "about 640": said of the day of the article as often as of the cut-off."""
        chance, value = self.chance, bulletin.values[version]
        step = chance.choice([10, 50, 100]) if value >= 200 else 10
        about = chance.random() < 0.4
        value = (value + step // 2) // step * step if about else value // step * step
        qualifier = "about" if about else chance.choice(["more_than", "at_least"])
        if value == 0 or (qualifier == "more_than" and value == bulletin.values[version]):
            return
        if about and abs(value - bulletin.values[version]) > 0.05 * value:
            return
        places = [(published, "explicit"), (bulletin.as_of, "explicit"), (published, "publication_date")]
        as_of, basis = chance.choices(places, (55, 30, 15))[0]
        cells = {"value": value, "qualifier": qualifier, "as_of": as_of, "as_of_basis": basis}
        self.tell(bulletin, version, "bound", published, **cells)


def true_history(seed: int, flavour: str | None = None) -> History:
    """A history without mistakes."""
    chance = random.Random(seed)
    name = flavour or TURNS[seed % len(TURNS)]
    history, made = History(seed, name), FLAVOURS[name]
    days = chance.randint(*made.length)
    for organisation in ("primary", "other") if chance.random() < 0.25 else ("primary",):
        bulletins = list(_bulletins(chance, made, organisation, days))
        _revise(chance, bulletins)
        press = Press(chance, made, history)
        for bulletin in bulletins:
            press.carry(bulletin)
        history.bulletins += bulletins
    return history
