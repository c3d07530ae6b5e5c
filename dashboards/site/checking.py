"""Whether a bundle or a folder is what was published: each altered, missing or added file by its name.

A file is read in pieces and never more of it than its entry states; a ZIP that states more than LARGEST is
not unpacked at all.
"""

import hashlib
import io
import lzma
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from dashboards.site import bundle, manifest, signing
from dashboards.site.folder import MARK

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
class Found:
    """What a look at a bundle or folder found; `wrong` is empty where it is as published."""

    wrong: tuple[str, ...]  # one line a file, or what else is not as it was
    files: int  # listed in the manifest
    signer: Ed25519PublicKey | None = None  # whose signature fits
    trusted: bool = False  # that key was named by the caller, not taken from the bundle itself


def checked(path: Path, trusted: Sequence[Ed25519PublicKey] = ()) -> Found:
    """Look at a bundle or at a published folder. `trusted`: a signature must be of one of these keys."""
    return _folder(path, trusted) if path.is_dir() else _zip(path.read_bytes(), trusted)


def _folder(root: Path, trusted: Sequence[Ed25519PublicKey]) -> Found:
    wrong, prints = [], {}
    small = {}
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        if path.is_symlink():
            wrong.append(f"added: {name} (a link to another place)")
        elif path.is_file():
            with path.open("rb") as file:
                prints[name] = hashlib.file_digest(file, "sha256").hexdigest()
            if name in (manifest.SUMS, manifest.SIGNATURE, manifest.KEY) and path.stat().st_size < SMALL:
                small[name] = path.read_bytes()
    if prints.get(MARK, _EMPTY) == _EMPTY:
        prints.pop(MARK, None)
    return _compared(prints, small, trusted, wrong)


def _zip(content: bytes, trusted: Sequence[Ed25519PublicKey]) -> Found:
    wrong: list[str] = []
    sealed = _unsealed(content, trusted, wrong)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            members = packed.infolist()
            wrong += _entries(packed, content)
            if sum(each.file_size for each in members) > LARGEST:
                return Found((*wrong, f"it states more than {LARGEST} bytes: not unpacked"), 0)
            prints, small = _prints(packed, members, wrong)
    except _BROKEN as error:
        return Found((*wrong, f"the ZIP cannot be read: {error}"), 0)
    found = _compared(prints, small, trusted, wrong)
    if found.signer and sealed != found.signer:
        return Found((*found.wrong, "its seal and its manifest are not signed by one key"), found.files)
    if sealed and not found.signer:
        return Found((*found.wrong, "its seal is signed and its manifest is not"), found.files)
    return found


def _unsealed(
    content: bytes, trusted: Sequence[Ed25519PublicKey], wrong: list[str]
) -> Ed25519PublicKey | None:
    """Who sealed the ZIP; says in `wrong` where the seal does not fit."""
    seal = bundle.opened_seal(content)
    if seal is None:
        wrong.append("the ZIP: its seal is missing or altered (packed anew, or cut off)")
        return None
    body, stated, signature = seal
    if hashlib.sha256(body).hexdigest() != stated:
        wrong.append("the ZIP: its bytes are not those that its seal states")
    if signature is None:
        return None
    who = signing.signer(body, signature, [*trusted, *_carried(content)])
    if who is None:
        wrong.append("the ZIP: the signature of its seal does not fit")
    return who


def _carried(content: bytes) -> list[Ed25519PublicKey]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if packed.getinfo(manifest.KEY).file_size < SMALL:
                return _keys({manifest.KEY: packed.read(manifest.KEY)})
    except (*_BROKEN, KeyError):
        pass
    return []


def _keys(small: Mapping[str, bytes]) -> list[Ed25519PublicKey]:
    try:
        return [signing.public(small[manifest.KEY], manifest.KEY)] if manifest.KEY in small else []
    except signing.KeyFileError:
        return []  # that it is altered is found by its sum


def _entries(packed: zipfile.ZipFile, content: bytes) -> Iterable[str]:
    """What is not as `bundle.made` enters it: names twice or unsafe, other headers, bytes between members."""
    end = 0
    for name, times in Counter(each.filename for each in packed.infolist()).items():
        if times > 1:
            yield f"added: {name} is in the ZIP {times} times"
    for info in packed.infolist():
        if manifest.unsafe(info.orig_filename):
            yield f"added: {info.orig_filename!r} is no name that a publish writes"
        own = bundle.member(info.filename)
        kept = (
            info.date_time,
            info.create_system,
            info.external_attr,
            info.compress_type,
            info.extra,
            info.comment,
        )
        usual = (own.date_time, own.create_system, own.external_attr, own.compress_type, b"", b"")
        if kept != usual or not _header_fits(info, content) or info.header_offset != end:
            yield f"altered: {info.filename} (its entry in the ZIP)"
        end = info.header_offset + _LOCAL.size + len(info.orig_filename.encode()) + info.compress_size


def _header_fits(info: zipfile.ZipInfo, content: bytes) -> bool:
    header = content[info.header_offset : info.header_offset + _LOCAL.size]
    if len(header) < _LOCAL.size:
        return False
    signature, *stated = _LOCAL.unpack(header)
    name = len(info.orig_filename.encode())
    sizes = [info.CRC, info.compress_size, info.file_size, name, 0]
    return signature == b"PK\x03\x04" and stated == [
        info.extract_version, info.flag_bits, info.compress_type, 0, _DAY, *sizes
    ]  # fmt: skip


def _prints(
    packed: zipfile.ZipFile, members: Sequence[zipfile.ZipInfo], wrong: list[str]
) -> tuple[dict[str, str], dict[str, bytes]]:
    prints, small = {}, {}
    for info in members:
        try:
            with packed.open(info) as file:
                prints[info.filename] = _digest(file)
            if info.filename in (manifest.SUMS, manifest.SIGNATURE, manifest.KEY) and info.file_size < SMALL:
                small[info.filename] = packed.read(info)
        except _BROKEN as error:
            prints[info.filename] = f"unreadable: {error}"
            if info.filename == manifest.SUMS:
                wrong.append(f"altered: {manifest.SUMS} ({error})")
    return prints, small


def _digest(file: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while piece := file.read(_PIECE):
        digest.update(piece)
    return digest.hexdigest()


def _compared(
    prints: Mapping[str, str],
    small: Mapping[str, bytes],
    trusted: Sequence[Ed25519PublicKey],
    wrong: list[str],
) -> Found:
    content, signature = small.get(manifest.SUMS), small.get(manifest.SIGNATURE)
    if content is None:
        return Found((*wrong, f"missing: {manifest.SUMS}"), 0)
    who = signing.signer(content, signature, [*trusted, *_keys(small)]) if signature is not None else None
    if signature is not None and who is None:
        wrong.append(f"altered: {manifest.SUMS} or {manifest.SIGNATURE} (the signature does not fit)")
    if trusted and who not in trusted:
        wrong.append("not signed by the key that was named")
    try:
        listed = manifest.read(content)
    except manifest.BrokenManifestError as error:
        return Found((*wrong, f"altered: {manifest.SUMS} ({error})"), 0)
    for path, stated in listed.items():
        if path not in prints:
            wrong.append(f"missing: {path}")
        elif prints[path] != stated:
            wrong.append(f"altered: {path}")
    wrong += [f"added: {path}" for path in prints if path not in {*listed, manifest.SUMS, manifest.SIGNATURE}]
    if signature is None and manifest.KEY in listed:
        wrong.append(f"missing: {manifest.SIGNATURE}")
    return Found(tuple(dict.fromkeys(wrong)), len(listed), who, who is not None and who in trusted)


_EMPTY: Final = hashlib.sha256(b"").hexdigest()
