"""Plain text comes out as it stands, whichever encoding it was saved in."""

from pathlib import Path

import pytest

from pipelines.core.file_limits import FileLimits
from pipelines.intake.files.file_kind import read_text
from pipelines.sheets.raw_table import Passage, ReadError

TEXT = "La organización informó de 448 detenidos.\nMañana habrá más."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1252"])
def test_text_is_read_in_any_of_its_encodings(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "note.txt"
    path.write_bytes(TEXT.replace("\n", "\r\n").encode(encoding))
    assert read_text(path) == [Passage(TEXT)]


def test_text_over_the_limit_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "note.txt"
    path.write_text(TEXT, encoding="utf-8")
    with pytest.raises(ReadError, match="a text may have 9"):
        read_text(path, limits=FileLimits(text_bytes=9))


def test_workbook_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "feed.json"
    path.write_text('[{"a": 1}]', encoding="utf-8")
    with pytest.raises(ReadError, match="a text was expected"):
        read_text(path)
