"""`verify` says yes to what a named key signed or was accepted; to what is hostile it says no, at once."""

import io
import json
import os
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dashboards.__main__ import app
from dashboards.cli import verify
from dashboards.site import bundle, signing
from pipelines.core import signatures
from tests.attacks.bundles import KEY, OTHER, forge, site


def run(path: Path, *options: str) -> tuple[int, str]:
    """The exit code, and what was said; never a stack trace."""
    done = CliRunner().invoke(app, ["verify", str(path), *options])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    assert "Traceback" not in done.output
    return done.exit_code, done.output


@pytest.fixture
def public(tmp_path: Path) -> str:
    path = tmp_path / "public.pem"
    path.write_bytes(signatures.write_pem(KEY.public_key()))
    return str(path)


@pytest.fixture
def packed(tmp_path: Path) -> Path:
    out = tmp_path / "site.zip"
    bundle.write(site(tmp_path / "site"), out, KEY)
    return out


@pytest.mark.usefixtures("packed")
@pytest.mark.parametrize("what", ["site", "site.zip"])
def test_only_a_named_key_or_an_explicit_acceptance_is_a_yes(public: str, tmp_path: Path, what: str) -> None:
    path = tmp_path / what
    assert run(path, "--public-key", public)[0] == 0
    code, said = run(path)
    assert code == 6
    assert said.startswith("unproven: ")
    assert "only itself names" in said
    code, said = run(path, "--unsigned")
    assert code == 0
    assert "accepted with --unsigned" in said
    assert run(path, "--unsigned", "--public-key", public)[0] == 2


def test_an_unsigned_site_is_unproven_until_it_is_accepted(tmp_path: Path, public: str) -> None:
    out = site(tmp_path / "plain", None)
    assert run(out)[0] == 6
    assert run(out, "--unsigned")[0] == 0
    assert run(out, "--public-key", public)[0] == 4


def test_a_forgery_in_which_everything_fits_is_unproven_and_to_the_named_key_altered(
    packed: Path, public: str, tmp_path: Path
) -> None:
    forged = tmp_path / "forged.zip"
    forged.write_bytes(forge(packed.read_bytes()))
    assert run(forged)[0] == 6
    assert run(forged, "--public-key", public)[0] == 4
    unpacked = tmp_path / "forged"
    zipfile.ZipFile(forged).extractall(unpacked)
    assert run(unpacked)[0] == 6
    assert run(unpacked, "--public-key", public)[0] == 4
    other = tmp_path / "other.pem"
    other.write_bytes(signatures.write_pem(OTHER.public_key()))
    assert run(forged, "--public-key", str(other))[0] == 0  # to whoever trusts the forger


@pytest.mark.parametrize("options", [(), ("--unsigned",)])
def test_what_is_added_cut_or_changed_is_altered_even_where_unsigned_is_accepted(
    packed: Path, tmp_path: Path, options: tuple[str, ...]
) -> None:
    whole = packed.read_bytes()
    out = io.BytesIO(whole)
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(out, "a") as more:
        more.writestr("index.html", b"another")
    middle = len(whole) // 2
    for content in (
        whole + b"\n",
        whole + bytes(1000),
        b"MZ" + bytes(998) + whole,
        b"x" * 1000 + whole + b"x" * 1000,
        whole[:-1],
        whole[:middle],
        whole[:middle] + b"\0" + whole[middle:],
        whole + whole,
        out.getvalue(),
    ):
        (tmp_path / "b.zip").write_bytes(content)
        assert run(tmp_path / "b.zip", *options)[0] == 4


@pytest.mark.usefixtures("packed")
def test_a_folder_with_anything_more_in_it_is_altered(public: str, tmp_path: Path) -> None:
    def spoil(name: str, make: Callable[[Path], object]) -> str:
        place = tmp_path / "site" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        make(place)
        code, said = run(tmp_path / "site", "--public-key", public)
        place.unlink()
        assert code == 4, name
        return said

    assert "added: es/more.html" in spoil("es/more.html", lambda path: path.write_text("x"))
    assert "added: .hidden" in spoil(".hidden", lambda path: path.write_text("x"))
    assert "(a link to another place)" in spoil("link", lambda path: path.symlink_to(tmp_path))
    assert "(a link to another place)" in spoil("passwd", lambda path: path.symlink_to("/etc/passwd"))
    assert "(no file" in spoil("es/pipe", os.mkfifo)
    assert "more than" in spoil("sparse", lambda path: (path.touch(), os.truncate(path, 10**13)))
    assert "\\xff" in spoil(os.fsdecode(b"a\xff"), lambda path: path.write_text("x"))
    assert "\x1b" not in spoil("a\x1b[2Jintact", lambda path: path.write_text("x"))


@pytest.mark.usefixtures("packed")
def test_a_folder_deeper_than_any_path_gets_its_answer(tmp_path: Path) -> None:
    deep = f"cd '{tmp_path}/site' && for n in $(seq 1500); do mkdir d && cd d || exit 1; done; touch x"
    subprocess.run(["sh", "-c", deep], check=True)
    try:
        assert run(tmp_path / "site", "--unsigned")[0] in (4, 7)
    finally:
        subprocess.run(["rm", "-rf", str(tmp_path / "site" / "d")], check=True)


def test_what_is_no_file_is_refused_and_nobody_waits_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to(tmp_path / "pipe")
    (tmp_path / "large").touch()
    os.truncate(tmp_path / "large", verify.LARGEST + 1)
    for path in (tmp_path / "pipe", tmp_path / "link", tmp_path / "large", Path("/dev/zero")):
        code, said = run(path)
        assert (code, said.split(":")[0]) == (7, "refused"), path
    assert run(tmp_path / "large", "--public-key", str(tmp_path / "pipe"))[0] == 2


def test_an_empty_or_a_foreign_folder_is_unknown(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert run(tmp_path / "empty")[0] == 5
    assert run(tmp_path / "empty", "--unsigned")[0] == 5
    (tmp_path / "empty" / "index.html").write_text("x")
    assert run(tmp_path / "empty", "--unsigned")[0] == 5


@pytest.mark.parametrize("name", sorted(signing.OUTSIDE))
def test_a_folder_that_only_looks_like_a_site_is_altered(tmp_path: Path, name: str) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / name).touch()
    assert run(tmp_path / "site", "--unsigned")[0] == 4


def test_an_empty_manifest_is_no_site(tmp_path: Path) -> None:
    """Nothing listed, nothing there: everything fits, and nothing was published."""
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / signatures.SUMS).touch()
    (tmp_path / "site" / signatures.SIGNATURE).write_bytes(KEY.sign(b""))
    assert run(tmp_path / "site", "--unsigned")[0] == 4


HOSTILE = (
    b"[]",
    b'{"about": 1, "rows": 2}',
    b'{"about": {"liberometro": 1}, "rows": [1]}',
    b'{"about": {"liberometro": 1}, "rows": {"a": 1}}',
    b"[" * 100_000,
    b'{"about": {"liberometro": 1, "options": 5}, "rows": [{}]}',
    b"# liberometro: {}\n",
    b'# liberometro: {"liberometro": 1, "sha256": []}\na\n',
    b"#" + b"\0" * 1000,
    b"<svg xmlns='http://www.w3.org/2000/svg'><metadata/></svg>",
    b"<!DOCTYPE svg [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;'>]><svg>&b;</svg>",
    b"<!DOCTYPE svg [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><svg>&a;</svg>",
    b"\x89PNG\r\n\x1a\n" + b"\0\0\0\x0dIHDR" + b"\xff" * 13,
    b"%PDF-1.4\n%%EOF\n%Liberometro\n",
    b"PK\x05\x06" + b"\0" * 18,
    b"PK\x03\x04" + b"\xff" * 200,
    b"liberometro sha256:" + b"0" * 64 + b"\n",
    '# Liberómetro\n# liberometro: {"liberometro": 1, "title": "\\ud800", "sha256": "x"}\na,b\n'.encode(),
)


@pytest.mark.parametrize("content", HOSTILE, ids=range(len(HOSTILE)))
def test_a_file_that_was_made_to_break_its_reader_gets_a_no(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    assert run(path)[0] in (4, 5, 7)
    code, said = run(path, "--json", "--unsigned")
    assert code in (4, 5, 7)
    assert json.loads(said)["state"] in ("altered", "unknown", "refused")


def test_a_workbook_that_unpacks_to_gigabytes_is_not_unpacked(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("xl/workbook.xml", b"<workbook/>")
        bomb.writestr("xl/worksheets/sheet1.xml", bytes(100_000_000))
    code, said = run(tmp_path / "bomb.xlsx")
    assert code == 5
    assert "unpacks to more than" in said
