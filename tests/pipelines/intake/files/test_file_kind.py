"""A file is what its bytes are; a name that says otherwise is refused."""

import zipfile
from pathlib import Path

import openpyxl
import pytest

from pipelines.intake.files.file_kind import FileKind, find_kind
from pipelines.sheets.raw_table import ReadError


def workbook(path: Path) -> Path:
    book = openpyxl.Workbook()
    book.active.append(["a"])
    book.save(path)
    return path


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("sheet.xlsx", b"%PDF-1.7\n", "PDF"),
        ("sheet.xlsx", b"a,b\n1,2\n", "plain text"),
        ("sheet.xlsx", b"<!DOCTYPE html><html></html>", "HTML page"),
        ("sheet.csv", b"<html><table></table></html>", "HTML page"),
        ("sheet.csv", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "password-protected"),
        ("sheet.csv", b'[{"a": 1}]', "JSON"),
        ("sheet.csv", b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "image"),
        ("bulletin.pdf", b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "image"),
        ("bulletin.png", b"%PDF-1.4\n", "PDF"),
        ("sheet.csv", bytes(range(256)) * 8, "binary"),
    ],
)
def test_file_that_is_not_what_its_name_says_is_refused(
    tmp_path: Path, name: str, content: bytes, found: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(ReadError, match=found) as caught:
        find_kind(path)
    assert str(path) in str(caught.value)


def test_csv_that_is_a_workbook_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx").rename(tmp_path / "a.csv")
    with pytest.raises(ReadError, match="its name says CSV, its content is: XLSX"):
        find_kind(path)


def test_workbook_that_is_any_other_archive_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "x")
    with pytest.raises(ReadError, match="ZIP archive; unpack it"):
        find_kind(path)


def test_workbook_that_is_cut_short_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx")
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(ReadError, match="cut short"):
        find_kind(path)


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="no such file"):
        find_kind(tmp_path / "nothing.csv")


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.csv", b"a,b\n", FileKind.CSV),
        ("a.tsv", b"a\tb\n", FileKind.CSV),
        ("a.txt", b"Foro Penal informa", FileKind.TEXT),
        ("a.txt", b"<p>not meant as a page</p>", FileKind.TEXT),
        ("a.json", b"\xef\xbb\xbf [1]", FileKind.JSON),
        ("a.htm", b"<p>x</p>", FileKind.HTML),
        ("download", b"%PDF-1.4", FileKind.PDF),
        ("download", b"<!doctype html>", FileKind.HTML),
        ("utf16.csv", "a,b\n1,2\n".encode("utf-16"), FileKind.CSV),
    ],
)
def test_kind_is_found(tmp_path: Path, name: str, content: bytes, kind: FileKind) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert find_kind(path) is kind
