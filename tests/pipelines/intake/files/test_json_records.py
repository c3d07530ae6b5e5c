"""JSON: records by a path, figures as they are written, and no surprise kept quiet."""

from pathlib import Path

import pytest

from pipelines.core.file_limits import FileLimits
from pipelines.intake.files.json_records import read_json_grid
from pipelines.sheets.raw_table import ReadError


def feed(folder: Path, content: str) -> Path:
    path = folder / "feed.json"
    path.write_text(content, encoding="utf-8")
    return path


def test_records_become_rows_and_nested_objects_dotted_keys(tmp_path: Path) -> None:
    path = feed(
        tmp_path, '{"data": [{"rows": [{"day": "2026-02-15", "n": {"all": 448, "w": 5.80}}, {"day": null}]}]}'
    )
    grid = read_json_grid(path, "data[0].rows")
    assert [(row.number, row.cells, row.typed) for row in grid.rows] == [
        (1, ["day", "n.all", "n.w"], []),
        (2, ["2026-02-15", "448", "5.80"], [2, 3]),
        (3, [None, None, None], []),
    ]


def test_key_that_stands_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="'n' stands twice"):
        read_json_grid(feed(tmp_path, '[{"n": 1, "n": 2}]'))


@pytest.mark.parametrize("at", ["data", "items.rows", "items[3]", "items[", "count"])
def test_path_that_leads_nowhere_is_named(tmp_path: Path, at: str) -> None:
    with pytest.raises(ReadError, match=r"path|list of objects"):
        read_json_grid(feed(tmp_path, '{"items": [{"a": 1}], "count": 1}'), at)


@pytest.mark.parametrize("content", ['[{"a": NaN}]', "[{", "[" * 100_000])
def test_what_is_no_json_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(ReadError, match=r"JSON|nested too deeply"):
        read_json_grid(feed(tmp_path, content))


def test_limits_hold(tmp_path: Path) -> None:
    path = feed(tmp_path, '[{"a": 1, "b": 2}, {"a": 3}]')
    for limits, words in [
        (FileLimits(rows=1), "records"),
        (FileLimits(columns=1), "keys"),
        (FileLimits(json_bytes=5), "bytes"),
    ]:
        with pytest.raises(ReadError, match=words):
            read_json_grid(path, limits=limits)
