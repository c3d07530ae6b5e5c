"""What documents were when they were read, and their copies: taken, refused, published, withheld."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.core.paths import DataDir
from pipelines.sheets import archived_copies
from pipelines.sheets.archived_copies import COLUMNS
from pipelines.sheets.strict_rows import RowError
from tests.conftest import TODAY, Built, row, rows_of, write_sheet

Cells = dict[str, str]
CITED = row()["url"]
DIGEST = "a1" * 32


def copy(**cells: str) -> Cells:
    """A document that was read, and a copy of it, with some cells changed."""
    return {
        "url": CITED,
        "retrieved": "2026-11-12",
        "sha256": DIGEST,
        "bytes": "48213",
        "archive": f"https://web.archive.org/web/20261113101010/{CITED}",
        "archived_on": "2026-11-13",
        **cells,
    }


def write_copies(data: DataDir, *rows: Cells) -> Path:
    return write_sheet(data.situation("islandia") / archived_copies.FILE, rows)


def test_a_copy_is_published_with_the_document_that_it_is_of(data: DataDir, built: Built) -> None:
    write_copies(data, copy())
    assert rows_of(built([row()]), "archived_copies") == [
        {
            "situation": "islandia",
            "position": 1,
            "url": CITED,
            "retrieved": date(2026, 11, 12),
            "sha256": DIGEST,
            "bytes": 48213,
            "archive": f"https://web.archive.org/web/20261113101010/{CITED}",
            "archived_on": date(2026, 11, 13),
        }
    ]


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"url": ""}, "url is empty"),
        ({"url": "diario.example/1"}, "url diario.example/1: expected a web address"),
        ({"retrieved": "12/11/2026"}, "retrieved 12/11/2026: expected a day as YYYY-MM-DD"),
        ({"retrieved": "2027-01-01"}, "retrieved 2027-01-01 lies in the future"),
        ({"sha256": "A1"}, "sha256: expected 64 hex digits in lower case"),
        ({"sha256": ""}, "sha256 is empty, but retrieved says it was read"),
        ({"retrieved": ""}, f"sha256 is {DIGEST}, but retrieved is empty"),
        ({"bytes": "48 kB"}, "bytes 48 kB: expected a number as plain digits"),
        ({"archived_on": ""}, "archived_on is empty, but archive is not"),
        ({"archive": ""}, "archived_on is 2026-11-13, but archive is empty"),
        ({"archived_on": "2026-11-20"}, "archived_on 2026-11-20: the copy's address is of 2026-11-13"),
        ({"archive": "https://elsewhere.example/1"}, "archive: elsewhere.example is no archive"),
        ({"archive": "https://web.archive.org@elsewhere.example/1"}, "is no archive that is known here"),
        ({"archive": "javascript:alert(1)"}, "expected a web address"),
        ({"retrieved": "", "sha256": "", "bytes": "", "archive": "", "archived_on": ""}, "says nothing"),
    ],
)
def test_a_row_that_is_wrong_stops_the_build_by_file_row_and_column(
    data: DataDir, built: Built, cells: Cells, told: str
) -> None:
    write_copies(data, copy(), copy(**cells))
    with pytest.raises(RowError) as stopped:
        built([row()])
    assert f"{archived_copies.FILE}: row 3: " in str(stopped.value)
    assert told in str(stopped.value)


@pytest.mark.parametrize("header", [COLUMNS[:-1], (*COLUMNS, "note")])
def test_a_column_that_is_missing_or_unknown_is_named(data: DataDir, built: Built, header: list[str]) -> None:
    path = data.situation("islandia") / archived_copies.FILE
    path.write_text(",".join(header) + "\n", encoding="utf-8")
    with pytest.raises(RowError, match=r"column archived_on is missing|no such column: note"):
        built([row()])


def test_a_situation_may_name_an_archive_of_its_own(data: DataDir, built: Built) -> None:
    path = data.situation("islandia") / "situation.toml"
    settings = path.read_text(encoding="utf-8")
    path.write_text(f'archive_hosts = ["archivo.example"]\n{settings}', encoding="utf-8")
    write_copies(data, copy(archive="https://archivo.example/1"))
    (found,) = rows_of(built([row()]), "archived_copies")
    assert found["archive"] == "https://archivo.example/1"
    write_copies(data, copy())
    with pytest.raises(RowError, match=re.escape("web.archive.org is no archive")):
        built([row()])


def test_a_document_that_no_figure_cites_is_not_published(data: DataDir, built: Built) -> None:
    write_copies(data, copy(url="https://diario.example/nobody-cites-it"), copy())
    assert [each["url"] for each in rows_of(built([row()]), "archived_copies")] == [CITED]


@pytest.mark.parametrize("value", [3, 120])
def test_an_address_that_spells_out_a_small_part_takes_its_copy_and_sha256_with_it(
    data: DataDir, built: Built, value: int
) -> None:
    spelt = "https://diario.example/liberan-a-tres-adolescentes"
    write_copies(
        data,
        copy(url=spelt, archive=f"https://web.archive.org/web/20261113101010/{spelt}"),
        copy(archive=f"https://web.archive.org/web/20261113101010/{spelt}"),
        copy(archive="", archived_on="", sha256="b2" * 32),
    )
    con = built([row(value=value, breakdown="age=adolescent", url=spelt), row()])
    (found,) = rows_of(con, "archived_copies")
    assert (found["url"], found["sha256"], found["archive"]) == (CITED, "b2" * 32, None)


def test_what_a_build_would_refuse_is_not_written(tmp_path: Path) -> None:
    wrong = [copy(archive="https://elsewhere.example/1"), copy(url="https://a.example/?tel=+34600123456")]
    assert archived_copies.append(tmp_path, wrong, TODAY) == 0
    assert not (tmp_path / archived_copies.FILE).exists()
    assert archived_copies.append(tmp_path, [*wrong, copy()], TODAY) == 1
    assert archived_copies.read_archived_copies(tmp_path, TODAY).height == 1


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(
        st.builds(
            copy,
            url=st.text(max_size=30) | st.just(CITED),
            retrieved=st.dates(TODAY - timedelta(9), TODAY + timedelta(2)).map(str) | st.just(""),
            sha256=st.sampled_from([DIGEST, "", "12345678" * 8, "x"]),
            bytes=st.integers(-1, 10**12).map(str),
            archive=st.sampled_from([copy()["archive"], "", "https://arquivo.pt/1", "https://b.example"]),
            archived_on=st.dates(TODAY - timedelta(40), TODAY + timedelta(2)).map(str) | st.just(""),
        ),
        max_size=6,
    )
)
def test_whatever_a_command_adds_a_build_can_read(tmp_path: Path, rows: list[Cells]) -> None:
    path = tmp_path / archived_copies.FILE
    path.unlink(missing_ok=True)
    kept = archived_copies.append(tmp_path, rows, TODAY)
    assert archived_copies.read_archived_copies(tmp_path, TODAY).height == kept
