"""The bundled mappings count what they are for, and a mapping that contradicts itself is refused by name."""

from datetime import date
from pathlib import Path

import pytest

from pipelines.core.paths import ROOT
from pipelines.core.situation import Situation, read_situation
from pipelines.stays.list_file import ListFile
from pipelines.stays.mapping import BUNDLED, CountError, find_mapping, read_mapping
from pipelines.stays.tally import Question, open_tally
from tests.conftest import write_situation
from tests.pipelines.stays.lists import MAPPING, PARTS

SPANISH = """\
Código;Nombre;Fecha de ingreso;Fecha de salida;Fecha de registro;Fecha de nacimiento;Motivo de salida;Sexo;\
Condición;Nacionalidad;Condenado;Centro
a;X;01/02/2026;;02/02/2026;03/04/1990;;Mujer;Civil;Venezolana;No;El Rodeo I
b;X;01-02-2026;05/03/2026;02/02/2026;03/04/1990;AMNISTIA;M;civil;Colombiana;no;TOCORON
c;X;2026-02-01;22/04/2026;02/02/2026;03/04/2010;casa por carcel;M;Militar;Venezolano;Sí;Rodeo II
d;X;22/04/2026;;23/04/2026;28/04/2008;;M;Civil;Venezolana;;
"""
PLACEMENTS = """\
unique_identifier,stay_ID,book_in_date_time,book_out_date_time,detention_release_reason,gender,birth_year,\
citizenship_country,detention_facility_code
a,a1,2026-02-01 10:00:00,2026-02-05 23:30:00,Transferred,Male,1990,MEXICO,ABCDEF
a,a1,2026-02-06 03:00:00,,,Male,1990,MEXICO,GHI
b,b1,2026-02-01 10:00:00,2026-02-05 11:00:00,Transferred,Female,2009,PERU,ABCDEF
b,b1,2026-02-20 10:00:00,2026-04-24 11:00:00,Bonded Out,Female,2009,PERU,GHI
c,c1,2026-03-01 10:00:00,2026-04-27 21:00:00,Removed,Male,1985,MEXICO,ABCDEF
d,d1,2026-04-27 01:00:00,2026-04-27 22:00:00,Died,Male,1985,,ABCDEF
"""
OFFICE = """
mechanism = ["bond", "parole", "recognizance", "supervision", "proceedings_ended", "relief", "discretion"]
nationality = ["mexico", "other"]
facility = ["abcdef", "ghi"]
"""


def count(
    situation: Situation, name: str, text: str, folder: Path
) -> tuple[dict[tuple[str, str], int], list[str], dict[int, int]]:
    """Cells that are not zero, mistakes, and stays by gap."""
    mapping = read_mapping(find_mapping(name, ROOT / "data" / situation.id), situation)
    path = folder / "list.csv"
    path.write_text(text)
    cut, since = date(2026, 4, 27), date(2026, 4, 20)
    question = Question(cut, date(2026, 5, 1), date(2026, 1, 8), [(since, cut)], since)
    with open_tally(ListFile(path), mapping, situation, question, folder / "private") as tally:
        cells = {(m, b): value for m, b, _, _, value in tally.read_cells().iter_rows() if value}
        mistakes = [each.fault for each in tally.read_mistakes()]
        return cells, mistakes, {each["gap_hours"]: each["stays"] for each in tally.read_gaps()}


def test_a_small_organisations_list_in_spanish(tmp_path: Path) -> None:
    situation = read_situation(ROOT / "data" / "venezuela")
    cells, mistakes, _ = count(situation, "lista-organizacion", SPANISH, tmp_path)
    assert mistakes == []
    assert {name: value for (measure, name), value in cells.items() if measure == "in_custody"} == {
        "total": 2, "sex=female": 1, "sex=male": 1, "service=civilian": 2, "nationality=venezuelan": 2,
        "sentenced=no": 1, "facility=el_rodeo_1": 1, "age=adult": 1, "age=adolescent": 1,
    }  # fmt: skip
    assert cells["released_to_date", "total"] == 1
    assert cells["released_to_date", "nationality=foreign"] == 1
    assert ("released", "total") not in cells


def test_the_largest_public_list_by_placement(tmp_path: Path) -> None:
    folder = write_situation(tmp_path / "data")
    path = folder / "situation.toml"
    path.write_text(path.read_text().replace('"adolescent"', '"minor"') + OFFICE)
    cells, mistakes, stays = count(read_situation(folder), "detention-stays", PLACEMENTS, tmp_path)
    assert mistakes == []
    assert {name: value for (measure, name), value in cells.items() if measure == "in_custody"} == {
        "total": 1, "sex=male": 1, "age=adult": 1, "nationality=mexico": 1, "facility=ghi": 1,
    }  # fmt: skip
    assert cells["released", "mechanism=bond"] == 1
    assert cells["released", "age=minor"] == 1
    assert cells["detained", "total"] == 1
    assert cells["deaths_in_custody_to_date", "total"] == 1
    assert set(stays.values()) == {4}  # the list's own stays stand, whatever the gap


def test_every_bundled_mapping_has_a_test() -> None:
    assert {path.stem for path in BUNDLED.glob("*.toml")} == {"detention-stays"}
    assert {path.stem for path in (ROOT / "data").glob("*/stays/*.toml")} == {"lista-organizacion"}


@pytest.mark.parametrize(
    ("changed", "into", "says"),
    [
        ('"female"', '"frau"', "sex=frau: list it under breakdown_values"),
        ('mechanism = "pardon"', 'mechanism = "grace"', "mechanism=grace"),
        ('grain = "stays"', 'grain = "placements"', "placements need `gap_hours`"),
        ('grain = "stays"', 'grain = "stays"\ngap_hours = 1', "the grain is stays"),
        ('birth = "Nacimiento"', "", "`ages` needs `birth`"),
        ('birth = "Nacimiento"', 'birth = "Nacimiento"\nbirth_year = "Año"', "not both"),
        ('grain = "stays"', 'grain = "stays"\npopulation = "others"', "population others"),
    ],
)
def test_a_mapping_that_contradicts_itself_is_refused(
    tmp_path: Path, changed: str, into: str, says: str
) -> None:
    folder = write_situation(tmp_path)
    path = folder / "situation.toml"
    path.write_text(path.read_text() + PARTS)
    mapping = tmp_path / "mapping.toml"
    mapping.write_text(MAPPING.replace(changed, into))
    with pytest.raises(CountError, match=says):
        read_mapping(mapping, read_situation(folder))


def test_an_unknown_mapping_is_told_with_the_situations_own_and_the_bundled_ones(tmp_path: Path) -> None:
    (tmp_path / "stays").mkdir()
    own = tmp_path / "stays" / "ours.toml"
    own.write_text(MAPPING)
    with pytest.raises(CountError, match="take of detention-stays, ours"):
        find_mapping("nobody", tmp_path)
    assert find_mapping("ours", tmp_path) == own
