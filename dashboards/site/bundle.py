"""A site as one ZIP: the same site is the same bytes, and its last line answers for every byte before it.

The ZIP's comment holds the SHA-256 sum of all bytes before it and, where there is a key, their signature. So
what no manifest lists (headers, order, comment) is covered as well.
"""

import hashlib
import io
import os
import re
import tempfile
import zipfile
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from dashboards.site.folder import MARK
from dashboards.site.manifest import SUMS

STILL: Final = (1980, 1, 1, 0, 0, 0)  # the day of every member
MODE: Final = 0o100644 << 16
NAME: Final = b"liberometro"
PACKED: Final = (".png", ".xlsx", ".parquet", ".zip", ".woff2")  # these hardly get smaller
_SEAL: Final = re.compile(rb"liberometro sha256:([0-9a-f]{64})(?: ed25519:([0-9a-f]{128}))?\n")


def write(site: Path, out: Path, key: Ed25519PrivateKey | None = None) -> int:
    """Write a published site to `out`, whole or not at all; returns its size in bytes."""
    content = made(site, key)
    handle, name = tempfile.mkstemp(prefix=f".{out.name}-", dir=out.resolve().parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).chmod(0o644)
        Path(name).replace(out)
    finally:
        Path(name).unlink(missing_ok=True)
    return len(content)


def made(site: Path, key: Ed25519PrivateKey | None = None) -> bytes:
    """The ZIP's bytes: the manifest first, then every file by name."""
    paths = sorted(path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file())
    order = [SUMS, *(path for path in paths if path not in (SUMS, MARK))]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for path in order:
            packed.writestr(member(path), (site / path).read_bytes(), compresslevel=9)
        packed.comment = seal(b"", key)  # as long as the true one: its length is part of what is sealed
    body = out.getvalue()
    body = body[: len(body) - len(packed.comment)]
    return body + seal(body, key)


def member(path: str) -> zipfile.ZipInfo:
    """How a file is entered: always the same day, system and mode."""
    info = zipfile.ZipInfo(path, STILL)
    info.create_system, info.external_attr = 3, MODE
    info.compress_type = zipfile.ZIP_STORED if path.endswith(PACKED) else zipfile.ZIP_DEFLATED
    return info


def seal(body: bytes, key: Ed25519PrivateKey | None) -> bytes:
    """The comment that answers for the bytes before it."""
    stated = b"liberometro sha256:" + hashlib.sha256(body).hexdigest().encode()
    return stated + (b" ed25519:" + key.sign(body).hex().encode() if key else b"") + b"\n"


def opened_seal(content: bytes) -> tuple[bytes, str, bytes | None] | None:
    """The bytes before the comment, their stated SHA-256 and signature; None without such a comment."""
    start = content.rfind(NAME + b" sha256:")
    match = _SEAL.fullmatch(content, start) if start >= 0 else None
    if match is None:
        return None
    signature = bytes.fromhex(match[2].decode()) if match[2] else None
    return content[:start], match[1].decode(), signature


def is_one(content: bytes) -> bool:
    """Whether this is, or was before it was altered, a bundle: by its first member or its comment."""
    first = content[30 : 30 + len(SUMS)] == SUMS.encode()
    return (content[:2] == b"PK" and first) or NAME + b" sha256:" in content[-400:]
