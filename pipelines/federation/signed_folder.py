"""A folder that another group published and signed, on this machine or at an https address.

Nothing of it is believed before the signature of its manifest fits the key that was named, and no file before
its sum is the one that the manifest states.
"""

import hashlib
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote, urljoin, urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from pipelines.core.signatures import (
    SIGNATURE,
    SUMS,
    BrokenManifestError,
    find_signer,
    is_unsafe,
    read_manifest,
)
from pipelines.intake.crawler.address_guard import parse_place, resolve_public
from pipelines.intake.crawler.crawl_state import CollectError
from pipelines.intake.crawler.http_transfer import get
from pipelines.intake.crawler.polite_client import Outside
from pipelines.intake.crawler.source_list import RequestLimits

LARGEST: Final = 500_000_000  # bytes of one file
LARGEST_LIST: Final = 50_000_000  # of what is read before it is known who wrote it
_LIMITS: Final = RequestLimits(total_seconds=600.0)
_AGENT: Final = {"user-agent": "Liberometro", "accept-encoding": "identity"}

ReadFile = Callable[[str], bytes]  # a path below the folder → its bytes


class RefusedFolderError(RuntimeError):
    """A folder is not what its group signed, or cannot be shown; the message says why."""


class UnreachableFolderError(RuntimeError):
    """A folder cannot be read at present; the message says why."""


@dataclass(frozen=True)
class SignedFolder:
    """A folder whose manifest the named key signed."""

    sums: Mapping[str, str]  # path → SHA-256
    read_file: ReadFile

    def read(self, path: str) -> bytes:
        """A file as it was signed. Raises RefusedFolderError, UnreachableFolderError."""
        if path not in self.sums:
            raise RefusedFolderError(f"its manifest lists no {path}")
        content = self.read_file(path)
        if hashlib.sha256(content).hexdigest() != self.sums[path]:
            raise RefusedFolderError(f"{path} is not the file that was signed")
        return content


def open_folder(address: str, key: Ed25519PublicKey, outside: Outside) -> SignedFolder:
    """Read and verify the manifest. Raises RefusedFolderError, UnreachableFolderError."""
    read_file = _read_web(address, outside) if "://" in address else _read_disk(Path(address))
    listed, signature = read_file(SUMS), read_file(SIGNATURE)
    if find_signer(listed, signature, [key]) is None:
        raise RefusedFolderError("its manifest is not signed by the key that was named")
    try:
        return SignedFolder(read_manifest(listed), read_file)
    except BrokenManifestError as error:
        raise RefusedFolderError(f"{SUMS}: {error}") from error


def _find_limit(path: str) -> int:
    return LARGEST_LIST if path in (SUMS, SIGNATURE) else LARGEST


def _read_disk(root: Path) -> ReadFile:
    def read_file(path: str) -> bytes:
        try:
            place = root / path
            info = place.lstat()
            if is_unsafe(path) or not stat.S_ISREG(info.st_mode):
                raise RefusedFolderError(f"{path} is no plain file")
            if info.st_size > _find_limit(path):
                raise RefusedFolderError(f"{path} is larger than {_find_limit(path):,} bytes")
            return place.read_bytes()
        except OSError as error:
            raise UnreachableFolderError(f"{path} cannot be read ({error.strerror})") from error

    return read_file


def _read_web(address: str, outside: Outside) -> ReadFile:
    root = address if address.endswith("/") else f"{address}/"
    if not root.startswith("https://"):
        raise RefusedFolderError("a folder on the web is read over https only")

    try:
        own_port = urlsplit(root).port  # the maintainer wrote it
    except ValueError as error:
        raise RefusedFolderError(f"its address: {error}") from error

    def read_file(path: str) -> bytes:
        try:
            place = parse_place(urljoin(root, quote(path)), (own_port,) if own_port else ())
            addresses = resolve_public(place, resolve=outside.resolve, allow_private=outside.allow_private)
            answer = get(
                place,
                addresses,
                headers=_AGENT,
                limits=_LIMITS,
                max_bytes=_find_limit(path),
                accepted=None,
                tls=outside.tls,
            )
        except CollectError as error:
            raise UnreachableFolderError(f"{path}: {error}") from error
        if answer.status != 200:
            raise UnreachableFolderError(f"{path}: the server answers {answer.status}")
        return answer.body

    return read_file
