"""A site as one ZIP; and whether a bundle or a folder is what was published.

The ZIP's comment holds the SHA-256 sum of all bytes before it and, where there is a key, their signature. So
what no manifest lists (headers, order, comment) is covered as well.

A file is read in pieces and never more of it than its entry states; a ZIP that states more than LARGEST is
not unpacked at all.
"""

import hashlib
import io
import lzma
import os
import re
import stat
import struct
import tempfile
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from dashboards.site import signing
from dashboards.site.output_folder import MARK
from pipelines.core import signatures
from pipelines.core.signatures import KEY, SIGNATURE, SUMS

STILL: Final = (1980, 1, 1, 0, 0, 0)  # the day of every member
MODE: Final = 0o100644 << 16
NAME: Final = b"liberometro"
PACKED: Final = (".png", ".xlsx", ".parquet", ".zip", ".woff2")  # these hardly get smaller
_SEAL: Final = re.compile(rb"liberometro sha256:([0-9a-f]{64})(?: ed25519:([0-9a-f]{128}))?\n")


def write(site: Path, out: Path, key: Ed25519PrivateKey | None = None) -> int:
    """Write a published site to `out`, whole or not at all; returns its size in bytes."""
    content = make_zip(site, key)
    handle, name = tempfile.mkstemp(prefix=f".{out.name}-", dir=out.resolve().parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).chmod(0o644)
        Path(name).replace(out)
    finally:
        Path(name).unlink(missing_ok=True)
    return len(content)


def make_zip(site: Path, key: Ed25519PrivateKey | None = None) -> bytes:
    """The ZIP's bytes: the manifest first, then every file by name."""
    paths = sorted(path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file())
    order = [SUMS, *(path for path in paths if path not in (SUMS, MARK))]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for path in order:
            packed.writestr(make_member(path), (site / path).read_bytes(), compresslevel=9)
        packed.comment = seal(b"", key)  # as long as the true one: its length is part of what is sealed
    body = out.getvalue()
    body = body[: len(body) - len(packed.comment)]
    return body + seal(body, key)


def make_member(path: str) -> zipfile.ZipInfo:
    """How a file is entered: always the same day, system and mode."""
    info = zipfile.ZipInfo(path, STILL)
    info.create_system, info.external_attr = 3, MODE
    info.compress_type = zipfile.ZIP_STORED if path.endswith(PACKED) else zipfile.ZIP_DEFLATED
    return info


def seal(body: bytes, key: Ed25519PrivateKey | None) -> bytes:
    """The comment that answers for the bytes before it."""
    stated = b"liberometro sha256:" + hashlib.sha256(body).hexdigest().encode()
    return stated + (b" ed25519:" + key.sign(body).hex().encode() if key else b"") + b"\n"


def open_seal(content: bytes) -> tuple[bytes, str, bytes | None] | None:
    """The bytes before the comment, their stated SHA-256 and signature; None without such a comment."""
    start = content.rfind(NAME + b" sha256:")
    match = _SEAL.fullmatch(content, start) if start >= 0 else None
    if match is None:
        return None
    signature = bytes.fromhex(match[2].decode()) if match[2] else None
    return content[:start], match[1].decode(), signature


def is_bundle(content: bytes) -> bool:
    """Whether this is, or was before it was altered, a bundle: by its first member or its comment."""
    first = content[30 : 30 + len(SUMS)] == SUMS.encode()
    return (content[:2] == b"PK" and first) or (NAME + b" sha256:" in content and b"PK\x05\x06" in content)


LARGEST: Final = 4_000_000_000  # bytes of all files of a bundle, unpacked
SMALL: Final = 20_000_000  # bytes of a manifest
_PIECE: Final = 1 << 20
_DAY: Final = 0x21  # 1 January 1980, as a ZIP writes it
_LOCAL: Final = struct.Struct("<4s5H3I2H")  # the header before each member
# A member that says it is encrypted, or packed in a way that nobody here knows, is a RuntimeError.
_BROKEN: Final = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error,
    EOFError, OSError, OverflowError, RuntimeError, ValueError,
)  # fmt: skip


@dataclass(frozen=True)
class SiteCheck:
    """What a look at a bundle or folder found; `wrong` is empty where it is as published."""

    wrong: tuple[str, ...]  # one line a file, or what else is not as it was
    files: int  # listed in the manifest
    signer: Ed25519PublicKey | None = None  # whose signature fits
    trusted: bool = False  # that key was named by the caller, not taken from the bundle itself


def check_site(path: Path, trusted: Sequence[Ed25519PublicKey] = ()) -> SiteCheck:
    """Look at a bundle or at a published folder. `trusted`: a signature must be of one of these keys."""
    return check_folder(path, trusted) if path.is_dir() else check_zip(path.read_bytes(), trusted)


def check_folder(root: Path, trusted: Sequence[Ed25519PublicKey] = ()) -> SiteCheck:
    """Look at a published folder; nothing in it is opened that is no file."""
    wrong, prints, small = [], {}, {}
    left = LARGEST
    for name, entry in sorted(_walk(root)):
        kind = entry.stat(follow_symlinks=False).st_mode
        size = entry.stat(follow_symlinks=False).st_size
        if stat.S_ISLNK(kind):
            wrong.append(f"added: {name} (a link to another place)")
        elif not stat.S_ISREG(kind):
            wrong.append(f"added: {name} (no file: a pipe, a socket or a device)")
        elif size > left:
            return SiteCheck((*wrong, f"it holds more than {LARGEST} bytes: not read"), 0)
        else:
            left -= size
            try:
                prints[name] = signing.hash_file(Path(entry.path))
                if name in (SUMS, SIGNATURE, KEY) and size < SMALL:
                    small[name] = Path(entry.path).read_bytes()
            except OSError as error:
                prints[name] = f"unreadable: {error}"
    if prints.get(MARK, _EMPTY) == _EMPTY:
        prints.pop(MARK, None)
    return _compare(prints, small, trusted, wrong)


def _walk(root: Path) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """What lies below a folder and is no folder, however deep, by its path; no link is followed."""
    waiting = [("", str(root))]
    while waiting:
        prefix, folder = waiting.pop()
        with os.scandir(folder) as entries:
            for entry in entries:
                name = prefix + os.fsencode(entry.name).decode("utf-8", "backslashreplace")
                if entry.is_dir(follow_symlinks=False):
                    waiting.append((f"{name}/", entry.path))
                else:
                    yield name, entry


def check_zip(content: bytes, trusted: Sequence[Ed25519PublicKey] = ()) -> SiteCheck:
    """Look at the bytes of a bundle."""
    wrong: list[str] = []
    sealed = _check_seal(content, trusted, wrong)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            members = packed.infolist()
            wrong += _check_entries(packed, content)
            if sum(each.file_size for each in members) > LARGEST:
                return SiteCheck((*wrong, f"it states more than {LARGEST} bytes: not unpacked"), 0)
            prints, small = _hash_members(packed, members, wrong)
    except _BROKEN as error:
        return SiteCheck((*wrong, f"the ZIP cannot be read: {error}"), 0)
    found = _compare(prints, small, trusted, wrong)
    if found.signer and sealed != found.signer:
        return SiteCheck((*found.wrong, "its seal and its manifest are not signed by one key"), found.files)
    if sealed and not found.signer:
        return SiteCheck((*found.wrong, "its seal is signed and its manifest is not"), found.files)
    return found


def _check_seal(
    content: bytes, trusted: Sequence[Ed25519PublicKey], wrong: list[str]
) -> Ed25519PublicKey | None:
    """Who sealed the ZIP; says in `wrong` where the seal does not fit."""
    seal = open_seal(content)
    if seal is None:
        wrong.append("the ZIP: its seal is missing or altered (packed anew, or cut off)")
        return None
    body, stated, signature = seal
    if hashlib.sha256(body).hexdigest() != stated:
        wrong.append("the ZIP: its bytes are not those that its seal states")
    if signature is None:
        return None
    who = signatures.find_signer(body, signature, [*trusted, *_read_carried_keys(content)])
    if who is None:
        wrong.append("the ZIP: the signature of its seal does not fit")
    return who


def _read_carried_keys(content: bytes) -> list[Ed25519PublicKey]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if packed.getinfo(KEY).file_size < SMALL:
                return _parse_keys({KEY: packed.read(KEY)})
    except (*_BROKEN, KeyError):
        pass
    return []


def _parse_keys(small: Mapping[str, bytes]) -> list[Ed25519PublicKey]:
    try:
        return [signatures.read_public_key(small[KEY], KEY)] if KEY in small else []
    except signatures.KeyFileError:
        return []  # that it is altered is found by its sum


def _check_entries(packed: zipfile.ZipFile, content: bytes) -> Iterable[str]:
    """What is not as `make_zip` enters it: names twice or unsafe, other headers, bytes between members."""
    end = 0
    for name, times in Counter(each.filename for each in packed.infolist()).items():
        if times > 1:
            yield f"added: {name} is in the ZIP {times} times"
    for info in packed.infolist():
        if signatures.is_unsafe(info.orig_filename):
            yield f"added: {info.orig_filename!r} is no name that a publish writes"
        own = make_member(info.filename)
        kept = (
            info.date_time,
            info.create_system,
            info.external_attr,
            info.compress_type,
            info.extra,
            info.comment,
        )
        usual = (own.date_time, own.create_system, own.external_attr, own.compress_type, b"", b"")
        if kept != usual or not _has_fitting_header(info, content) or info.header_offset != end:
            yield f"altered: {info.filename} (its entry in the ZIP)"
        end = info.header_offset + _LOCAL.size + len(info.orig_filename.encode()) + info.compress_size


def _has_fitting_header(info: zipfile.ZipInfo, content: bytes) -> bool:
    header = content[info.header_offset : info.header_offset + _LOCAL.size]
    if len(header) < _LOCAL.size:
        return False
    signature, *stated = _LOCAL.unpack(header)
    name = len(info.orig_filename.encode())
    sizes = [info.CRC, info.compress_size, info.file_size, name, 0]
    return signature == b"PK\x03\x04" and stated == [
        info.extract_version, info.flag_bits, info.compress_type, 0, _DAY, *sizes
    ]  # fmt: skip


def _hash_members(
    packed: zipfile.ZipFile, members: Sequence[zipfile.ZipInfo], wrong: list[str]
) -> tuple[dict[str, str], dict[str, bytes]]:
    prints, small = {}, {}
    for info in members:
        try:
            with packed.open(info) as file:
                prints[info.filename] = _hash_file(file)
            if info.filename in (SUMS, SIGNATURE, KEY) and info.file_size < SMALL:
                small[info.filename] = packed.read(info)
        except _BROKEN as error:
            prints[info.filename] = f"unreadable: {error}"
            if info.filename == SUMS:
                wrong.append(f"altered: {SUMS} ({error})")
    return prints, small


def _hash_file(file: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while piece := file.read(_PIECE):
        digest.update(piece)
    return digest.hexdigest()


def _compare(
    prints: Mapping[str, str],
    small: Mapping[str, bytes],
    trusted: Sequence[Ed25519PublicKey],
    wrong: list[str],
) -> SiteCheck:
    content, signature = small.get(SUMS), small.get(SIGNATURE)
    if content is None:
        return SiteCheck((*wrong, f"missing: {SUMS}"), 0)
    who = (
        signatures.find_signer(content, signature, [*trusted, *_parse_keys(small)])
        if signature is not None
        else None
    )
    if signature is not None and who is None:
        wrong.append(f"altered: {SUMS} or {SIGNATURE} (the signature does not fit)")
    if trusted and who not in trusted:
        wrong.append("not signed by the key that was named")
    try:
        listed = signatures.read_manifest(content)
    except signatures.BrokenManifestError as error:
        return SiteCheck((*wrong, f"altered: {SUMS} ({error})"), 0)
    for path, stated in listed.items():
        if path not in prints:
            wrong.append(f"missing: {path}")
        elif prints[path] != stated:
            wrong.append(f"altered: {path}")
    wrong += [f"added: {path}" for path in prints if path not in {*listed, SUMS, SIGNATURE}]
    if signature is None and KEY in listed:
        wrong.append(f"missing: {SIGNATURE}")
    return SiteCheck(tuple(dict.fromkeys(wrong)), len(listed), who, who is not None and who in trusted)


_EMPTY: Final = hashlib.sha256(b"").hexdigest()
