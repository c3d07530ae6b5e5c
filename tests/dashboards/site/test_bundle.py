"""The mirror bundle: the same bytes every time, and no altered byte, file or name passes unnoticed."""

import io
import subprocess
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from dashboards.__main__ import app
from dashboards.site import bundle, output_folder, signing
from pipelines.core import signatures
from tests.attacks.bundles import KEY, OTHER, anew, forge, site
from tests.dashboards.site.conftest import Published


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return bundle.make_zip(site(tmp_path_factory.mktemp("site") / "out"), KEY)


@pytest.fixture(scope="module")
def unsigned(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return bundle.make_zip(site(tmp_path_factory.mktemp("site") / "out", None))


@pytest.fixture(scope="module")
def check(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., tuple[str, ...]]:
    """What is wrong with these bytes."""
    path = tmp_path_factory.mktemp("check") / "b.zip"

    def wrong(content: bytes, *trusted: signatures.Ed25519PublicKey) -> tuple[str, ...]:
        path.write_bytes(content)
        return bundle.check_site(path, trusted).wrong

    return wrong


def spans(content: bytes) -> dict[str, range]:
    """Where each member's header and content lie."""
    with zipfile.ZipFile(io.BytesIO(content)) as old:
        starts = [(each.header_offset, each.filename) for each in old.infolist()]
    ends = [start for start, _ in starts[1:]] + [content.index(b"PK\x01\x02")]
    return {name: range(start, end) for (start, name), end in zip(starts, ends, strict=True)}


def unpacks(content: bytes, name: str, whole: bytes) -> bool:
    """Whether a member's header and content are still those of the whole bundle."""
    start = spans(whole)[name].start
    end = start + 30 + len(name)
    with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(io.BytesIO(content)) as new:
        try:
            return content[start:end] == whole[start:end] and new.read(name) == old.read(name)
        except (zipfile.BadZipFile, zlib.error, EOFError):
            return False


def test_a_bundle_is_the_same_bytes_every_time_and_intact(
    packed: bytes, check: Callable[..., tuple[str, ...]], tmp_path: Path
) -> None:
    assert bundle.make_zip(site(tmp_path / "again"), KEY) == packed
    assert check(packed) == ()
    assert check(packed, KEY.public_key()) == ()
    assert check(packed, OTHER.public_key()) == ("not signed by the key that was named",)


def test_an_unsigned_bundle_is_intact_but_of_nobody(
    unsigned: bytes, check: Callable[..., tuple[str, ...]]
) -> None:
    assert check(unsigned) == ()
    assert check(unsigned, KEY.public_key()) == ("not signed by the key that was named",)


@given(data=st.data(), to=st.integers(1, 255))
def test_any_altered_byte_fails_and_its_file_is_named(
    packed: bytes, check: Callable[..., tuple[str, ...]], data: st.DataObject, to: int
) -> None:
    place = data.draw(st.integers(0, len(packed) - 1))
    altered = bytearray(packed)
    altered[place] ^= to
    assert bundle.is_bundle(bytes(altered))
    wrong = check(bytes(altered))
    assert wrong
    for name, span in spans(packed).items():
        # A deflate stream has bits that change nothing of the file: only the seal sees those.
        if place in span and not unpacks(bytes(altered), name, packed):
            assert any(name in line for line in wrong), (name, wrong)


@given(data=st.data(), to=st.integers(1, 255))
def test_any_altered_byte_of_an_unsigned_bundle_fails(
    unsigned: bytes, check: Callable[..., tuple[str, ...]], data: st.DataObject, to: int
) -> None:
    place = data.draw(st.integers(0, len(unsigned) - 1))
    assert check(unsigned[:place] + bytes([unsigned[place] ^ to]) + unsigned[place + 1 :])


@given(end=st.integers(0, 5000), more=st.binary(min_size=1, max_size=40))
def test_a_cut_or_longer_bundle_fails(
    packed: bytes, check: Callable[..., tuple[str, ...]], end: int, more: bytes
) -> None:
    assert check(packed[: min(end, len(packed) - 1)])
    assert check(packed + more)
    assert check(more + packed)


def test_each_altered_missing_and_added_file_is_named(
    packed: bytes, check: Callable[..., tuple[str, ...]]
) -> None:
    def change(members: dict[str, bytes]) -> None:
        members["index.html"] += b" "
        del members["data/figures.csv"]
        members["es/new.html"] = b"x"

    wrong = check(anew(packed, change, OTHER))
    assert {"altered: index.html", "missing: data/figures.csv", "added: es/new.html"} <= set(wrong)
    assert any("seal" in line for line in wrong)


def test_a_bundle_signed_anew_by_another_key_passes_only_where_no_key_is_named(
    packed: bytes, check: Callable[..., tuple[str, ...]]
) -> None:
    forged = forge(packed)
    assert check(forged) == ()
    assert check(forged, KEY.public_key()) == ("not signed by the key that was named",)


@pytest.mark.parametrize("lost", [signatures.SIGNATURE, signatures.KEY, signatures.SUMS])
def test_a_bundle_without_its_signature_key_or_manifest_fails(
    packed: bytes, check: Callable[..., tuple[str, ...]], lost: str
) -> None:
    assert any(lost in line for line in check(anew(packed, lambda members: members.pop(lost))))


@pytest.mark.parametrize("name", ["../out.html", "/etc/x", "es//x", "es/./x", "C:/x", "es\\x", "es/a\u202eb"])
def test_a_name_that_leaves_the_folder_fails(
    packed: bytes, check: Callable[..., tuple[str, ...]], name: str
) -> None:
    def change(members: dict[str, bytes]) -> None:
        members[name] = b"x"
        own = {path: inside for path, inside in members.items() if path not in signing.OUTSIDE}
        members[signatures.SUMS] = signing.write_sums(own)
        members[signatures.SIGNATURE] = KEY.sign(members[signatures.SUMS])

    assert check(anew(packed, change, KEY))


def test_a_name_that_is_entered_twice_fails(packed: bytes, check: Callable[..., tuple[str, ...]]) -> None:
    out = io.BytesIO(packed)
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(out, "a") as more:
        more.writestr(bundle.make_member("index.html"), b"another")
    assert "added: index.html is in the ZIP 2 times" in check(out.getvalue())


def test_what_unpacks_to_more_than_anybody_wants_is_not_unpacked(
    packed: bytes, check: Callable[..., tuple[str, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def change(members: dict[str, bytes]) -> None:
        members["zeros.html"] = bytes(5_000_000)

    bomb = anew(packed, change, KEY)
    monkeypatch.setattr(bundle, "LARGEST", 1_000_000)
    assert len(bomb) < 20_000
    assert "it states more than 1000000 bytes: not unpacked" in check(bomb)


def test_a_folder_is_checked_as_well(tmp_path: Path) -> None:
    out = site(tmp_path / "out")
    assert bundle.check_site(out, [KEY.public_key()]).wrong == ()
    (out / "index.html").write_bytes(b"x")
    (out / "es" / "claims.html").unlink()
    (out / "es" / "new.html").write_text("x")
    (out / "link").symlink_to(tmp_path)
    (out / output_folder.MARK).write_text("x")
    assert set(bundle.check_site(out).wrong) == {
        "altered: index.html",
        "missing: es/claims.html",
        "added: es/new.html",
        "added: link (a link to another place)",
        f"added: {output_folder.MARK}",
    }


def test_the_manifest_and_signature_are_read_by_common_tools(tmp_path: Path) -> None:
    out = site(tmp_path / "out")
    sums = subprocess.run(["sha256sum", "--strict", "-c", signatures.SUMS], cwd=out, capture_output=True)
    assert sums.returncode == 0, sums.stderr
    files = ["-inkey", signatures.KEY, "-in", signatures.SUMS, "-sigfile", signatures.SIGNATURE]
    signature = subprocess.run(
        ["openssl", "pkeyutl", "-verify", "-pubin", "-rawin", *files], cwd=out, capture_output=True
    )
    assert signature.returncode == 0, signature.stderr


def test_the_command_tells_every_file_and_ends_with_a_code(tmp_path: Path) -> None:
    runner, out = CliRunner(), tmp_path / "out"
    private = tmp_path / "key.pem"
    made = runner.invoke(app, ["keys", str(private)])
    assert private.stat().st_mode & 0o777 == 0o600
    public = tmp_path / "public.pem"
    public.write_text(made.stdout)
    assert runner.invoke(app, ["keys", str(private)]).exit_code == 1
    assert runner.invoke(app, ["keys", str(private), "--show"]).stdout == made.stdout
    files = {f"es/{number}.html": b"x" for number in range(40)}
    key = signing.read_private_key(private)
    bundle.write(site(out, key, files), tmp_path / "b.zip", key)
    good = runner.invoke(app, ["verify", str(tmp_path / "b.zip"), "--public-key", str(public)])
    assert (good.exit_code, good.stdout.split(":")[0]) == (0, "intact")
    for path in files:
        (out / path).write_bytes(b"y")
    bad = runner.invoke(app, ["verify", str(out)])
    assert bad.exit_code == 4
    assert all(f"altered: {path}\n" in bad.stdout for path in files)


def test_a_key_with_a_passphrase_needs_it_and_no_other_kind_of_key_is_taken(tmp_path: Path) -> None:
    locked = tmp_path / "locked.pem"
    signing.make_key(locked, "una frase")
    with pytest.raises(signatures.LockedKeyError):
        signing.read_private_key(locked)
    with pytest.raises(signatures.KeyFileError):
        signing.read_private_key(locked, "otra")
    assert signing.read_private_key(locked, "una frase")
    subprocess.run(
        ["openssl", "genpkey", "-algorithm", "ED448", "-out", tmp_path / "other.pem"],
        check=True,
        capture_output=True,
    )
    with pytest.raises(signatures.KeyFileError, match="another kind"):
        signing.read_private_key(tmp_path / "other.pem")


def test_a_published_site_is_signed_and_its_read_me_names_the_key(served: Published, tmp_path: Path) -> None:
    runner, out, packed = CliRunner(), tmp_path / "out", tmp_path / "out.zip"
    private, public = tmp_path / "key.pem", tmp_path / "public.pem"
    public.write_bytes(signatures.write_pem(signing.make_key(private).public_key()))
    assert bundle.check_site(served.out).wrong == ()
    done = runner.invoke(app, ["publish", str(out), "--bundle", str(packed), "--key", str(private)])
    assert done.exit_code == 0, done.output
    for path in (out, packed):
        told = runner.invoke(app, ["verify", str(path), "--public-key", str(public)])
        assert (told.exit_code, told.stdout.split(":")[0]) == (0, "intact"), told.stdout
    mark = signatures.compute_fingerprint(signing.read_private_key(private).public_key())
    for language in served.edition.views:
        read = (out / f"README.{language}.txt").read_text(encoding="utf-8")
        assert mark in read
        assert public.read_text().strip() in read


def test_publish_refuses_a_key_that_is_none_before_it_writes(served: Published, tmp_path: Path) -> None:
    (tmp_path / "key.pem").write_text("no key")
    command = ["publish", str(tmp_path / "out"), "--key", str(tmp_path / "key.pem")]
    refused = CliRunner().invoke(app, command)
    assert refused.exit_code == 1
    assert "cannot be read as a private key" in " ".join(refused.output.split())
    assert served.out.exists()
    assert not (tmp_path / "out").exists()
