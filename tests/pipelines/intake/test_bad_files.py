"""One bad file never stops the others: whatever its reader raises becomes one quarantined row."""

import os
from pathlib import Path

import polars as pl
import pytest
from polars.exceptions import PanicException

from pipelines.core.paths import DataDir
from pipelines.intake import claim_batches
from pipelines.intake.mappings import tabular_reports
from pipelines.warehouse import build, published_build
from tests.conftest import TODAY, row, rows_of, write_sheet


def read(data: DataDir) -> tuple[list[int], dict[str, str]]:
    """The values that count, and the reason of each file set aside."""
    build.build(data, today=TODAY)
    with published_build.open_current(data) as con:
        aside = {each["file"]: each["reason"] for each in rows_of(con, "quarantine")}
        return sorted(each["value"] for each in rows_of(con, "claims")), aside


@pytest.fixture
def sheets(data: DataDir) -> Path:
    folder = data.situation("islandia") / "transcriptions"
    write_sheet(folder / "a.csv", [row(value=1)])
    write_sheet(folder / "z.csv", [row(value=3, as_of="2026-01-06")])
    return folder


@pytest.mark.usefixtures("made_anew")
@pytest.mark.parametrize(
    "error",
    [
        ValueError("value of secret-name"), RecursionError(), MemoryError(), KeyError("x"),
        OSError(5, "Input/output error"), pl.exceptions.ComputeError("secret-name"),
        PanicException("secret-name"), UnicodeDecodeError("utf-8", b"x", 0, 1, "?"),
    ],
    ids=lambda error: type(error).__name__,
)  # fmt: skip
@pytest.mark.parametrize("where", ["read_tables", "read_sheet"])
def test_whatever_a_reader_raises_quarantines_its_file_alone(
    data: DataDir, sheets: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException, where: str
) -> None:
    write_sheet(sheets / "m.csv", [row(value=2)])
    whole = getattr(claim_batches, where)

    def fail(what: object, *rest: object) -> object:
        named = str(what) if where == "read_tables" else str(rest[0])
        if named.endswith("m.csv"):
            raise error
        return whole(what, *rest)

    monkeypatch.setattr(claim_batches, where, fail)
    values, aside = read(data)
    assert values == [1, 3]
    assert list(aside) == ["transcriptions/m.csv"]
    assert "transcriptions/m.csv" in aside["transcriptions/m.csv"]
    assert "secret-name" not in aside["transcriptions/m.csv"]


@pytest.mark.usefixtures("made_anew", "sheets")
@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit])
def test_a_person_who_stops_the_build_stops_it(
    data: DataDir, monkeypatch: pytest.MonkeyPatch, error: type[BaseException]
) -> None:
    def stop(_path: Path) -> None:
        raise error

    monkeypatch.setattr(claim_batches, "read_tables", stop)
    with pytest.raises(error):
        build.build(data, today=TODAY)
    assert not list(data.build.glob("*building*"))


@pytest.mark.usefixtures("made_anew", "sheets")
def test_a_report_whose_reader_fails_is_quarantined_alone(
    data: DataDir, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = data.situation("islandia") / "reports" / "diario" / "r.csv"
    report.parent.mkdir(parents=True)
    report.write_text("a,b\n1,2\n")

    def fail(*_: object) -> None:
        raise RecursionError

    monkeypatch.setattr(tabular_reports, "_read_one_report", fail)
    values, aside = read(data)
    assert values == [1, 3]
    assert "RecursionError" in aside["reports/diario/r.csv"]


def test_what_lies_among_the_sheets_and_is_no_sheet_is_said_and_not_passed_over(
    data: DataDir, sheets: Path, tmp_path: Path
) -> None:
    write_sheet(sheets / ".hidden.csv", [row(value=9)])
    os.mkfifo(sheets / "pipe.csv")
    (sheets / "dangling.csv").symlink_to("nowhere.csv")
    (sheets / "loop.csv").symlink_to("loop.csv")
    write_sheet(tmp_path / "outside.csv", [row(value=9)])
    (sheets / "outside.csv").symlink_to(tmp_path / "outside.csv")
    (sheets / "folder.csv").symlink_to(tmp_path)
    (sheets / "line\nend.csv").write_bytes(b"\x00\x01\x02\x03\x04")
    (sheets / os.fsdecode(b"no-text-\xff.csv")).write_bytes(b"")
    for name in (".gitkeep", ".DS_Store", ".~lock.a.csv#", ".a.csv.swp"):
        (sheets / name).write_bytes(b"left by a programme" if name != ".gitkeep" else b"")
    values, aside = read(data)
    assert values == [1, 3]
    found = {name.removeprefix("transcriptions/") for name in aside}
    assert found == {
        ".hidden.csv", "pipe.csv", "dangling.csv", "loop.csv", "outside.csv", "folder.csv",
        "line\\nend.csv", "no-text-\\udcff.csv",
    }  # fmt: skip
    assert "rename it" in aside["transcriptions/.hidden.csv"]
    assert all(name in reason for name, reason in aside.items())


def test_a_sheet_with_a_name_of_another_script_counts_as_any_other(data: DataDir, sheets: Path) -> None:
    write_sheet(sheets / "boletín «día 5» 公報.csv", [row(value=2, as_of="2026-01-07")])
    assert read(data)[0] == [1, 2, 3]


@pytest.mark.usefixtures("sheets")
@pytest.mark.parametrize(
    "content", [b"\xff\xfe\x00", b"a,b\n1\n", b"", b"\x00" * 500, b'"' + b"x" * 5000], ids=range(5)
)
def test_a_damaged_queue_or_file_of_decisions_stops_no_sheet(data: DataDir, content: bytes) -> None:
    folder = data.situation("islandia")
    (folder / "inbox").mkdir()
    for name in ("inbox/candidates.csv", "decisions.csv"):
        (folder / name).write_bytes(content)
        values, _ = read(data)
        assert values == [1, 3]
        (folder / name).unlink()


@pytest.mark.usefixtures("sheets")
@pytest.mark.parametrize(
    "name",
    ["situation.toml", "organisations.toml", "publishers.toml", "corrections.toml", "law.toml",
     "bridges.toml", "events.csv", "verifications.csv", "archived_copies.csv",
     "own_corrections.csv", "questions.csv"],
)  # fmt: skip
def test_broken_settings_stop_the_build_with_their_name_and_nothing_is_published(
    data: DataDir, name: str
) -> None:
    build.build(data, today=TODAY)
    before = published_build.find_current(data)
    for content in (b"= = =", b"\xff\xfe\x81", b"a = " + b"[" * 5_000, b"a,b\n\xff\xff,1\n" + bytes(100)):
        (data.situation("islandia") / name).write_bytes(content)
        with pytest.raises((build.BuildError, ValueError)) as stopped:
            build.build(data, today=TODAY)
        assert name in str(stopped.value), stopped.value
        assert published_build.find_current(data) == before
