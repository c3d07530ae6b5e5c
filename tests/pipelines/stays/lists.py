"""Lists of invented people for the tests, written as their organisation would."""

import csv
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

from tests.pipelines.stays.naive import Stay

HEADER = ("Código", "Nombre", "Entrada", "Salida", "Motivo", "Sexo", "Nacimiento", "Centro")
MAPPING = """
grain = "stays"
organisation = "lista"
person = "Código"
entry = "Entrada"
exit = "Salida"
birth = "Nacimiento"
days = ["%d/%m/%Y"]
[ages]
adolescent = [0, 17]
adult = [18, 120]
[how]
column = "Motivo"
[how.codes]
Indulto = { to = "released", mechanism = "pardon" }
"Amnistía" = { to = "released", mechanism = "amnesty" }
"Falleció" = { to = "died" }
Casa = { to = "left" }
Traslado = { to = "held" }
[sex]
column = "Sexo"
codes = { F = "female", M = "male" }
[facility]
column = "Centro"
codes = { Norte = "north" }
"""
PARTS = """
mechanism = ["amnesty", "pardon"]
facility = ["north", "south"]
"""
NAME = " ".join(("Perengana", "Inventez"))


def write_list(path: Path, stays: Iterable[Stay]) -> Path:
    """A list as CSV; every row carries the invented name."""
    return write_rows(path, map(make_cells, stays))


def make_cells(stay: Stay) -> list[str]:
    """The cells of one row."""
    return [
        stay.person, NAME, write_day(stay.entered), write_day(stay.left), stay.how or "", stay.sex or "",
        write_day(stay.born), stay.facility or "",
    ]  # fmt: skip


def write_rows(path: Path, rows: Iterable[list[str]]) -> Path:
    """Rows of cells under the header."""
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(HEADER)
        writer.writerows(rows)
    return path


def write_day(day: date | None) -> str:
    """As the organisation writes a day; with its time, where it has one, as machines do."""
    if isinstance(day, datetime):
        return f"{day}"
    return "" if day is None else f"{day:%d/%m/%Y}"
