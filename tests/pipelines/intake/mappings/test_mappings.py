"""Mappings: each rule against a table of three lines."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from pipelines.core.model import Role
from pipelines.core.paths import ROOT
from pipelines.core.situation import Organisation, Situation
from pipelines.intake.mappings.mapping_file import MappingError, ReportFacts, read_mapping
from pipelines.intake.mappings.tabular_reports import apply_mapping
from tests.invented import IDENTITY

TODAY = date(2026, 12, 31)
INVENTED = Organisation(id="muestra", name="Muestra", role=Role.NGO)
PLACE = Situation(
    id="nowhere",
    name={"es": "Ninguna", "en": "Nowhere"},
    summary={"es": "", "en": ""},
    timezone="UTC",
    baseline=date(2026, 1, 1),
    baseline_text={"es": "", "en": ""},
    primary_organisation="muestra",
    default_population="detainees",
    populations={"detainees": {"es": "", "en": ""}, "applicants": {"es": "", "en": ""}},
    breakdown_values={"sex": ["female", "male"], "facility": ["north", "south"]},
    measure_populations={"amnesty_applications_to_date": "applicants"},
)
HEAD = """
publisher = "Muestra"
format = "csv"
rows = [1, 9]
[defaults]
organisation = "muestra"
measure = "in_custody"
[dates]
patterns = ["d/M/y", "MMMM y"]
[[column]]
name = "Día"
gives = "as_of"
[[column]]
name = "Total"
figure = {}
"""
KNOWN = ReportFacts(published=date(2026, 3, 1), url="https://example.org/report")


def read(
    folder: Path, mapping: str, content: str | bytes, *, name: str = "report.csv", report: ReportFacts = KNOWN
) -> pl.DataFrame:
    """The claims of a report under a mapping, both given as text."""
    (folder / "publisher.toml").write_text(mapping, encoding="utf-8")
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return claims(folder / "publisher.toml", path, report)


def claims(mapping: Path, path: Path, report: ReportFacts = KNOWN) -> pl.DataFrame:
    return apply_mapping(
        read_mapping(mapping), path, PLACE, organisations=[INVENTED], today=TODAY, report=report
    )


def facility(name: str, values: str) -> str:
    """A column of labels that are facilities."""
    return f'[[column]]\nname = "{name}"\ngives = "breakdown"\nkey = "facility"\nvalues = {{ {values} }}\n'


def pick(frame: pl.DataFrame, *columns: str) -> list[tuple[object, ...]]:
    return frame.select(columns).rows()


def reasons(frame: pl.DataFrame) -> Sequence[str | None]:
    return frame["reason"].to_list()


def test_example_of_the_documentation_gives_what_it_says(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "mappings.md").read_text(encoding="utf-8")
    _, content, _, mapping, rest = page.split("```", 4)
    mapping = mapping.removeprefix("toml").replace('"foro_penal"', '"muestra"')
    found = read(tmp_path, mapping, content.lstrip("\n").encode("windows-1252"), report=ReportFacts())
    printed = [
        tuple(cell.strip() for cell in line.strip("|").split("|"))
        for line in rest.split("\n## ")[0].splitlines()
        if line.startswith("| ") and "---" not in line
    ]
    header, *expected = printed
    assert [tuple(str(cell) for cell in row) for row in pick(found, *header)] == expected


# --- columns ------------------------------------------------------------------------------------------------


def test_column_that_the_mapping_does_not_mention_fails_by_name(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="column 'Sin comida' is not in the mapping"):
        read(tmp_path, HEAD, "Día,Total,Sin comida\n1/2/2026,5,1\n")


def test_column_that_is_missing_fails_by_name_unless_it_is_optional(tmp_path: Path) -> None:
    more = HEAD + '[[column]]\nname = "Mujeres"\nfigure = { breakdown = "sex=female" }\n'
    with pytest.raises(MappingError, match="column 'Mujeres' is not there"):
        read(tmp_path, more, "Día,Total\n1/2/2026,5\n")
    assert pick(read(tmp_path, more + "optional = true\n", "Día,Total\n1/2/2026,5\n"), "value") == [(5,)]


def test_cells_below_an_empty_header_fail_by_place(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="row 2 holds something in column 3, which has no header"):
        read(tmp_path, HEAD, "Día,Total,\n1/2/2026,5,7\n")


def test_header_that_stands_twice_fails(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="'Total' stands twice"):
        read(tmp_path, HEAD, "Día,Total,Total\n1/2/2026,5,7\n")


def test_order_of_columns_does_not_matter(tmp_path: Path) -> None:
    assert pick(read(tmp_path, HEAD, "Total,Día\n5,1/2/2026\n"), "value", "as_of", "place") == [
        (5, date(2026, 2, 1), "row 2 column A")
    ]


def test_file_of_another_format_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="expects csv, the content is: JSON"):
        read(tmp_path, HEAD, '[{"a": 1}]', name="report.json")


# --- what becomes of cells ----------------------------------------------------------------------------------


def test_separator_means_thousands_only_where_the_mapping_says_so(tmp_path: Path) -> None:
    content = "Día;Total\n1/2/2026;1.697\n"
    refused = read(tmp_path, HEAD, content)
    assert pick(refused, "value", "state", "raw") == [(None, "quarantined", "1.697")]
    accepted = read(tmp_path, HEAD + '[numbers]\nthousands = "."\n', content)
    assert pick(accepted, "value", "state", "raw") == [(1697, "accepted", "1.697")]


def test_cell_that_cannot_be_read_harms_no_other(tmp_path: Path) -> None:
    found = read(tmp_path, HEAD, "Día,Total\n1/2/2026,-5\n31/2/2026,6\n3/2/2026,7\n4/2/2026,2 y 3\n")
    assert found["state"].to_list() == ["quarantined", "quarantined", "accepted", "quarantined"]
    assert "negative" in (reasons(found)[0] or "")
    assert "no such day" in (reasons(found)[1] or "")
    assert found["raw"].to_list() == ["-5", "6", "7", "2 y 3"]


def test_row_that_cannot_be_read_is_kept_whole(tmp_path: Path) -> None:
    found = read(tmp_path, HEAD, b"D\xc3\xada,Total\n1/2/2026,5\n2/2/2026,6 \xf3\n3/2/2026\n")
    assert pick(found, "state", "raw", "place", "breakdown")[1:] == [
        ("quarantined", "2/2/2026,6 ó", "row 3", None),
        ("quarantined", "3/2/2026", "row 4", None),
    ]


def test_blank_is_no_claim_and_zero_is_one(tmp_path: Path) -> None:
    mapping = HEAD + '[numbers]\nblank = ["s/d"]\n'
    found = read(tmp_path, mapping, "Día,Total\n1/2/2026,\n2/2/2026,s/d\n3/2/2026,0\n")
    assert pick(found, "value", "place") == [(0, "row 4 column B")]


def test_hedges_and_ranges_in_the_cell_are_kept(tmp_path: Path) -> None:
    mapping = HEAD + '[numbers]\nqualifiers = { "más de" = "more_than" }\nrange = "-"\n'
    found = read(tmp_path, mapping, "Día,Total\n1/2/2026,Más de 500\n2/2/2026,10-20\n")
    assert pick(found, "qualifier", "value", "value_high") == [
        ("more_than", 500, None),
        ("range", 10, 20),
    ]


def test_number_that_the_file_types_is_not_read_with_the_publishers_separators(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (
        ["Día", "Total"],
        [date(2026, 2, 1), 1697.0],
        [date(2026, 2, 2), 1.697],
        [date(2026, 2, 3), "1.697"],
    ):
        book.active.append(row)
    book.save(tmp_path / "report.xlsx")
    mapping = HEAD.replace('"csv"', '"xlsx"') + '[numbers]\nthousands = "."\n'
    (tmp_path / "publisher.toml").write_text(mapping, encoding="utf-8")
    found = claims(tmp_path / "publisher.toml", tmp_path / "report.xlsx")
    assert pick(found, "value", "as_of", "place") == [
        (1697, date(2026, 2, 1), "sheet Sheet row 2 column B"),
        (None, date(2026, 2, 2), "sheet Sheet row 3 column B"),
        (1697, date(2026, 2, 3), "sheet Sheet row 4 column B"),
    ]


def test_formula_without_a_saved_result_is_never_a_silent_blank(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Día", "Total"])
    book.active.append([date(2026, 2, 1), "=2+3"])
    book.save(tmp_path / "report.xlsx")
    mapping = HEAD.replace('"csv"', '"xlsx"') + "[where]\ncomputed = true\n"
    (tmp_path / "publisher.toml").write_text(mapping, encoding="utf-8")
    found = claims(tmp_path / "publisher.toml", tmp_path / "report.xlsx")
    assert found["state"].to_list() == ["quarantined"]
    assert "without a result" in (reasons(found)[0] or "")


# --- what labels, headers and the document say --------------------------------------------------------------


def test_word_that_the_mapping_does_not_translate_is_quarantined_without_a_guess(tmp_path: Path) -> None:
    mapping = HEAD + facility("Centro", '"Norte" = "north"')
    found = read(tmp_path, mapping, "Día,Centro,Total\n1/2/2026,Norte,5\n1/2/2026,Este,6\n1/2/2026,,7\n")
    assert pick(found, "breakdown", "state") == [
        ("facility=north", "accepted"),
        (None, "quarantined"),
        (None, "quarantined"),
    ]
    assert "'Este' is not among the mapping's values" in (reasons(found)[1] or "")
    assert "column 'Centro' is empty" in (reasons(found)[2] or "")


def test_parts_of_a_breakdown_come_together_in_one_order(tmp_path: Path) -> None:
    mapping = HEAD.replace("figure = {}", 'figure = { breakdown = "sex=female" }')
    mapping += facility("C", '"N" = "north", "T" = "total"')
    found = read(tmp_path, mapping, "Día,C,Total\n1/2/2026,N,5\n1/2/2026,T,6\n")
    assert found["breakdown"].to_list() == ["facility=north;sex=female", "sex=female"]


@pytest.mark.parametrize(("measure", "starts"), [("in_custody", None), ("released", date(2026, 2, 1))])
def test_month_in_the_header_is_the_window_of_a_flow_and_the_moment_of_a_stock(
    tmp_path: Path, measure: str, starts: date | None
) -> None:
    mapping = HEAD.split("[[column]]")[0].replace("in_custody", measure)
    mapping += '[[column]]\nname = "n"\nskip = true\n'
    mapping += '[[column]]\nmatches = ".* 2026"\nfigure = {}\nheader_gives = "period"\n'
    found = read(tmp_path, mapping, "n,Febrero 2026\nx,5\n")
    assert pick(found, "period_start", "as_of", "as_of_precision") == [(starts, date(2026, 2, 28), "month")]


def test_year_and_day_are_found_in_cells_above_the_table(tmp_path: Path) -> None:
    mapping = HEAD.replace('"d/M/y"', '"d/M"') + (
        "[where]\nheader_rows = [3]\n"
        '[[find]]\ngives = "year"\ncell = "A1"\npattern = "Año (.*)"\n'
        '[[find]]\ngives = "published"\ncell = "B2"\n'
    )
    found = read(tmp_path, mapping, "Año 2026\nPublicado,5/2\nDía,Total\n1/2,5\n", report=ReportFacts())
    assert pick(found, "as_of", "published") == [(date(2026, 2, 1), date(2026, 2, 5))]


def test_fact_that_is_not_found_or_found_twice_fails(tmp_path: Path) -> None:
    start = HEAD + '[[find]]\ngives = "published"\n'
    with pytest.raises(MappingError, match="cell C9 is empty"):
        read(tmp_path, start + 'cell = "C9"', "Día,Total\n1/2/2026,5\n")
    with pytest.raises(MappingError, match="finds nothing"):
        read(tmp_path, start + 'cell = "A2"\npattern = "al (.*)"', "Día,Total\n1/2/2026,5\n")
    with pytest.raises(MappingError, match="finds several"):
        read(tmp_path, start + "cell = 'A2'\npattern = '([12])/'", "Día,Total\n1/2/2026,5\n")


def test_publication_day_is_the_moment_only_where_the_report_never_states_one(tmp_path: Path) -> None:
    silent = HEAD.replace('gives = "as_of"', "skip = true")
    assert pick(read(tmp_path, silent, "Día,Total\nx,5\n"), "as_of", "as_of_basis") == [
        (date(2026, 3, 1), "publication_date")
    ]
    found = read(tmp_path, HEAD, "Día,Total\n,5\n")
    assert pick(found, "as_of", "state") == [(None, "pending")]


def test_population_is_the_one_that_the_measure_is_about(tmp_path: Path) -> None:
    mapping = HEAD.replace("in_custody", "amnesty_applications_to_date")
    assert read(tmp_path, mapping, "Día,Total\n1/2/2026,5\n")["population"].to_list() == ["applicants"]


def test_headers_over_two_rows_are_joined_and_merged_ones_spread(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (["Día", "Personas", None], [None, "Hombres", "Mujeres"], ["1/2/2026", 5, 6]):
        book.active.append(row)
    book.active.merge_cells("B1:C1")
    book.active.merge_cells("A1:A2")
    book.save(tmp_path / "report.xlsx")
    mapping = HEAD.split("[[column]]")[0].replace('"csv"', '"xlsx"') + (
        "[where]\nheader_rows = [1, 2]\n"
        '[[column]]\nname = "Día"\ngives = "as_of"\n'
        '[[column]]\nname = "Personas / Hombres"\nfigure = { breakdown = "sex=male" }\n'
        '[[column]]\nname = "Personas / Mujeres"\nfigure = { breakdown = "sex=female" }\n'
    )
    (tmp_path / "publisher.toml").write_text(mapping, encoding="utf-8")
    found = claims(tmp_path / "publisher.toml", tmp_path / "report.xlsx")
    assert pick(found, "breakdown", "value") == [("sex=male", 5), ("sex=female", 6)]


def test_html_table_is_mapped(tmp_path: Path) -> None:
    content = "<table><tr><th>Día<th>Total<tr><td>1/2/2026<td>5</table>"
    found = read(tmp_path, HEAD.replace('"csv"', '"html"'), content, name="report.html")
    assert pick(found, "value", "place") == [(5, "table 1 row 2 column 2")]


# --- what a person has to look at ---------------------------------------------------------------------------


def test_parts_that_do_not_add_up_wait_for_a_person(tmp_path: Path) -> None:
    mapping = HEAD + (
        '[[column]]\nname = "H"\nfigure = { breakdown = "sex=male" }\n'
        '[[column]]\nname = "M"\nfigure = { breakdown = "sex=female" }\n'
        '[[sum]]\ntotal = "Total"\nparts = ["H", "M"]\n'
    )
    found = read(tmp_path, mapping, "Día,Total,H,M\n1/2/2026,5,3,2\n2/2/2026,6,3,2\n3/2/2026,7,x,2\n")
    assert found["state"].to_list() == ["accepted"] * 3 + ["pending"] * 4 + ["quarantined", "pending"]
    assert "columns H, M add up to 5, column 'Total' says 6" in (reasons(found)[3] or "")
    assert "could not be read" in (reasons(found)[6] or "")


def test_rows_that_do_not_add_up_to_their_total_row_wait_for_a_person(tmp_path: Path) -> None:
    mapping = HEAD + (
        facility("C", '"N" = "north", "S" = "south", "Suma" = "total"')
        + '[[sum]]\ncolumn = "C"\ntotal_row = "Suma"\n'
    )
    good = read(tmp_path, mapping, "Día,C,Total\n1/2/2026,N,5\n1/2/2026,S,6\n1/2/2026,Suma,11\n")
    assert good["state"].to_list() == ["accepted"] * 3
    bad = read(tmp_path, mapping, "Día,C,Total\n1/2/2026,N,5\n1/2/2026,S,6\n1/2/2026,Suma,12\n")
    assert bad["state"].to_list() == ["pending"] * 3
    none = read(tmp_path, mapping, "Día,C,Total\n1/2/2026,N,5\n1/2/2026,S,6\n")
    assert "there is no row 'Suma'" in (reasons(none)[0] or "")


@pytest.mark.parametrize(("rows", "state"), [(1, "accepted"), (9, "accepted"), (10, "pending")])
def test_table_of_an_unexpected_size_waits_for_a_person(tmp_path: Path, rows: int, state: str) -> None:
    content = "Día,Total\n" + "".join(f"{day}/2/2026,5\n" for day in range(1, rows + 1))
    assert set(read(tmp_path, HEAD, content)["state"]) == {state}


def test_table_without_a_row_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="0 rows of data, 1 to 9 were expected"):
        read(tmp_path, HEAD, "Día,Total\n")


def test_skipped_rows_are_named_by_their_words(tmp_path: Path) -> None:
    mapping = HEAD + '[[skip]]\ncolumn = "Día"\nmatches = "^Fuente"\nequals = ["Nota"]\n'
    found = read(tmp_path, mapping, "Día,Total\n1/2/2026,5\nFuente: x,1\nNota,2\n")
    assert found["value"].to_list() == [5]


def test_mapped_rows_obey_the_same_contracts_as_rows_typed_by_hand(tmp_path: Path) -> None:
    mapping = HEAD.replace('"muestra"', '"nobody"')
    found = read(tmp_path, mapping, "Día,Total\n1/2/2026,5\n1/2/2027,6\n")
    assert found["state"].to_list() == ["quarantined", "quarantined"]
    assert "organisation: unknown" in (reasons(found)[0] or "")
    assert "in the future" in (reasons(found)[1] or "")


def test_report_without_a_publication_day_waits_for_a_person(tmp_path: Path) -> None:
    assert read(tmp_path, HEAD, "Día,Total\n1/2/2026,5\n", report=ReportFacts())["state"].to_list() == [
        "pending"
    ]


def test_identity_numbers_never_come_out(tmp_path: Path) -> None:
    found = read(tmp_path, HEAD, f"Día,Total\n1/2/2026,{IDENTITY}\n")
    assert found["state"].to_list() == ["quarantined"]
    assert "345" not in "".join(str(cell) for cell in found.row(0))


# --- mappings that contradict themselves --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("figure = {}", "skip = true", "no column is a figure"),
        ("figure = {}", "figure = {}\nskip = true", "one of figure, gives, check, skip"),
        ("figure = {}", 'figure = { measure = "prisoners" }', "prisoners"),
        ("figure = {}", 'figure = { breakdown = "gender=female" }', "'gender=female'"),
        ("figure = {}", "figure = {}\ncolour = 1", "colour"),
        ("rows = [1, 9]", "rows = [9, 1]", "fewest, most"),
        ('"d/M/y"', '"d de M"', "put words into quotes"),
        ('gives = "as_of"', 'gives = "breakdown"', "needs values"),
        ('gives = "as_of"', 'gives = "measure"\nvalues = { "x" = "y" }', "'y' is no measure"),
        ('gives = "as_of"', 'gives = "breakdown"\nkey = "k"\nvalues = { "x" = "y" }', "'k' is unknown"),
        ('name = "Día"', 'name = "Día"\nmatches = "D"', "either name or matches"),
        ('name = "Día"', 'matches = "("', "publisher.toml"),
        ("[defaults]", '[[find]]\ngives = "published"\n[defaults]', "say where"),
        ("[defaults]", '[[sum]]\ntotal = "Total"\n[defaults]', "sum: give either"),
        ('"csv"', '"xls"', "xls"),
    ],
)  # fmt: skip
def test_mapping_that_contradicts_itself_is_named(tmp_path: Path, old: str, new: str, words: str) -> None:
    assert old in HEAD
    path = tmp_path / "publisher.toml"
    path.write_text(HEAD.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(MappingError, match=words) as caught:
        read_mapping(path)
    assert str(path) in str(caught.value)


def test_missing_mapping_is_named(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="the file is missing"):
        read_mapping(tmp_path / "publisher.toml")
