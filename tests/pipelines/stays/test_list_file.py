"""How a private list is opened: in each encoding that a mapping names, and what is said of other files."""

from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import openpyxl
import polars as pl
import pytest

from pipelines.core.situation import read_organisations, read_situation
from pipelines.stays.bulletin import read_bulletin
from pipelines.stays.list_file import ListFile, check_lines, open_list
from pipelines.stays.mapping import CountError, Mapping, read_mapping
from pipelines.stays.tally import Question, open_judged
from tests.conftest import TODAY, write_situation
from tests.pipelines.stays.lists import HEADER, MAPPING, NAME, PARTS

ROW = ("a", NAME, "01/02/2026", "", "", "F", "", "Añasco")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_situation(tmp_path_factory.mktemp("data"))
    path = folder / "situation.toml"
    path.write_text(path.read_text() + PARTS)
    return folder


def make_mapping(folder: Path, encoding: str = "utf-8") -> Mapping:
    path = folder / "mapping.toml"
    path.write_text(f'encoding = "{encoding}"\n{MAPPING}')
    return read_mapping(path, read_situation(folder))


def read(path: Path, mapping: Mapping) -> list[tuple[object, ...]]:
    with duckdb.connect() as con:
        open_list(con, path, mapping)
        found = con.execute("SELECT person, facility FROM listed").fetchall()
        check_lines(con, path)
        return found


@pytest.mark.parametrize("separator", [",", ";"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "utf-16"])
def test_a_list_is_read_in_each_encoding_that_a_mapping_names(
    folder: Path, tmp_path: Path, encoding: str, separator: str
) -> None:
    path = tmp_path / "list.csv"
    path.write_text("\n".join([separator.join(HEADER), separator.join(ROW)]), encoding=encoding)
    mapping = make_mapping(folder, encoding.removesuffix("-sig"))
    assert read(path, mapping) == [("a", "Añasco")]


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16"])
def test_a_list_in_an_encoding_that_nobody_named_is_refused_with_what_to_do(
    folder: Path, tmp_path: Path, encoding: str
) -> None:
    path = tmp_path / "list.csv"
    path.write_text("\n".join([",".join(HEADER), ",".join(ROW)]), encoding=encoding)
    with pytest.raises(
        CountError, match=r"^list.csv: it is not utf-8; save it as CSV UTF-8, or name its `encoding`"
    ):
        read(path, make_mapping(folder))


def test_an_empty_list_is_refused(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "list.csv").touch()
    with pytest.raises(CountError, match=r"list.csv: row 1 has no names of columns"):
        read(tmp_path / "list.csv", make_mapping(folder))


@pytest.mark.parametrize(
    ("case", "said"),
    [
        ("merged", "row 2, 3 cannot be read: the merged range A2:A3 covers this row; unmerge it"),
        ("titled", "cell 2 of the row stands in a column without a header; row 1 has to name every column"),
        ("formula", "row 2 cannot be read: a cell holds a formula; paste it as a value"),
        ("broken", "the workbook is cut short or broken"),
    ],
)
def test_a_workbook_that_cannot_be_read_says_why_and_no_cell(
    folder: Path, tmp_path: Path, case: str, said: str
) -> None:
    path = tmp_path / "list.xlsx"
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for cells in [("Lista", *[""] * 7)] * (case == "titled") + [HEADER, ROW, ROW]:
        sheet.append(list(cells))
    if case == "merged":
        sheet.merge_cells("A2:A3")
    if case == "formula":
        sheet["B2"] = f'="{NAME}"'
    book.save(path)
    if case == "broken":
        path.write_bytes(path.read_bytes()[:2000])
    with pytest.raises(CountError) as refused:
        read(path, make_mapping(folder))
    assert said in str(refused.value)
    assert not any(word in str(refused.value) for word in NAME.split())


@pytest.mark.parametrize("machine", ["UTC", "America/Bogota", "Asia/Tokyo"])
def test_a_moment_with_a_zone_is_of_the_situation_s_day_on_any_machine(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, machine: str
) -> None:
    monkeypatch.setenv("TZ", machine)
    evening = datetime(2026, 2, 15, 22, 30, tzinfo=ZoneInfo("America/Caracas"))
    moments = pl.Series("Entrada", [evening, evening + timedelta(hours=2)])
    rows = pl.DataFrame([moments, moments.dt.convert_time_zone("Europe/Madrid").alias("Nacimiento")])
    missing = [pl.lit(None, pl.String).alias(name) for name in HEADER if name not in rows.columns]
    rows.with_columns(missing).with_columns(pl.lit("a").alias("Código")).write_parquet(
        tmp_path / "list.parquet"
    )
    situation, today = read_situation(folder), date(2026, 11, 24)
    question = Question(today, today, situation.baseline, [])
    lists = ListFile(tmp_path / "list.parquet"), make_mapping(folder), situation, question
    with open_judged(*lists, tmp_path / "private") as tally:
        found = tally.con.execute("SELECT entered, born FROM rows_read ORDER BY row").fetchall()
    assert found == [
        (datetime(2026, 2, 15, 22, 30), date(2026, 2, 15)),
        (datetime(2026, 2, 16, 0, 30), date(2026, 2, 16)),
    ]


def test_a_bulletin_that_is_missing_is_a_message(folder: Path, tmp_path: Path) -> None:
    settings = read_situation(folder), read_organisations(folder)
    with pytest.raises(CountError, match=r"^nofile.csv: "):
        read_bulletin(tmp_path / "nofile.csv", *settings, make_mapping(folder), TODAY)
