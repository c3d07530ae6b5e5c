"""Keys, signatures and the manifest: a SHA-256 sum for each file of a site, signed with Ed25519.

It lies in the site, so a mirror on any host can be checked with what every Linux and macOS has.
"""

import hashlib
import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from dashboards.i18n.translations import read_words
from dashboards.site.edition import Edition
from dashboards.site.output_folder import MARK, Folder
from pipelines.core import private_files


class KeyFileError(RuntimeError):
    """A file is no key of the kind that is used here; the message says what to do."""


class LockedKeyError(KeyFileError):
    """The key needs a passphrase, and none was given."""


def make_key(path: Path, passphrase: str | None = None) -> Ed25519PrivateKey:
    """A new private key, readable by its owner alone. Raises FileExistsError: no key is ever overwritten."""
    key = Ed25519PrivateKey.generate()
    sealed = BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, sealed))
    return key


def read_private_key(path: Path, passphrase: str | None = None) -> Ed25519PrivateKey:
    """The private key of a file, which is closed to others. Raises KeyFileError, LockedKeyError."""
    private_files.close_to_others(path)
    try:
        key = load_pem_private_key(path.read_bytes(), passphrase.encode() if passphrase else None)
    except TypeError as error:
        raise LockedKeyError(
            f"{path} needs its passphrase, or was given one that it has not: {error}"
        ) from error
    except (OSError, ValueError, UnsupportedAlgorithm) as error:
        raise KeyFileError(f"{path} cannot be read as a private key in PEM form: {error}") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyFileError(
            f"{path} holds another kind of key; `python -m dashboards keys` makes an Ed25519 one"
        )
    return key


def read_public_key(content: bytes, name: str) -> Ed25519PublicKey:
    """The public key of a PEM text; `name` is for the message. Raises KeyFileError."""
    try:
        key = load_pem_public_key(content)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise KeyFileError(f"{name} cannot be read as a public key in PEM form: {error}") from error
    if not isinstance(key, Ed25519PublicKey):
        raise KeyFileError(f"{name} holds another kind of key; an Ed25519 one is needed")
    return key


def write_pem(key: Ed25519PublicKey) -> bytes:
    """The public key as its file."""
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def compute_fingerprint(key: Ed25519PublicKey) -> str:
    """SHA-256 of the key in DER form, in groups of four digits, to read out and to compare."""
    der = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    digits = hashlib.sha256(der).hexdigest()
    return " ".join(digits[n : n + 4] for n in range(0, len(digits), 4))


def find_signer(
    content: bytes, signature: bytes, keys: Iterable[Ed25519PublicKey]
) -> Ed25519PublicKey | None:
    """Which of the keys made the signature; None where none did."""
    for key in keys:
        try:
            key.verify(signature, content)
        except InvalidSignature:
            continue
        return key
    return None


SUMS: Final = "MANIFEST.sha256"
SIGNATURE: Final = "MANIFEST.sha256.sig"
KEY: Final = "PUBLIC-KEY.pem"
OUTSIDE: Final = frozenset(
    {SUMS, SIGNATURE, MARK}
)  # what the manifest cannot list, and the folder's own mark
_LINE: Final = re.compile(r"([0-9a-f]{64})  ([^\n]+)")


class BrokenManifestError(ValueError):
    """A manifest that no publish wrote; the message says which line."""


def write_manifest(edition: Edition, folder: Folder, key: Ed25519PrivateKey | None) -> None:
    """Read-me files, the public key, the manifest and its signature; the last files of a publish."""
    for language in edition.views:
        folder.write(f"README.{language}.txt", write_readme(edition, language, key))
    sign_folder(folder, key)


def sign_folder(folder: Folder, key: Ed25519PrivateKey | None) -> None:
    """The public key, the manifest of all that lies in the folder, and its signature."""
    if key:
        folder.write(KEY, write_pem(key.public_key()))
    listed = _write_lines((path, hash_file(folder.root / path)) for path in sorted(folder.paths))
    folder.write(SUMS, listed)
    if key:
        folder.write(SIGNATURE, key.sign(listed))


def write_readme(edition: Edition, language: str, key: Ed25519PrivateKey | None) -> str:
    """What the folder is, how to open it and how to check it, for whoever finds it on a stick."""
    words, view = read_words(language), edition.views[language]
    parts = [
        words("mirror.what", situation=words.of(view.situation.name), build=edition.build.id),
        words("mirror.open", file=f"{language}/index.html"),
        words("mirror.check", manifest=SUMS),
        words("mirror.signed", manifest=SUMS, signature=SIGNATURE, key=KEY)
        if key
        else words("mirror.unsigned"),
    ]
    if key:
        parts += [
            words("mirror.fingerprint", fingerprint=compute_fingerprint(key.public_key())),
            write_pem(key.public_key()).decode().strip(),
        ]
    if edition.base_url:
        parts.append(words("mirror.address", address=edition.base_url))
    parts.append(words("footer.licence"))
    return "\n\n".join(parts) + "\n"


def write_sums(files: Mapping[str, bytes]) -> bytes:
    """The manifest of these files, in the order of their names."""
    return _write_lines(
        (path, hashlib.sha256(content).hexdigest()) for path, content in sorted(files.items())
    )


def hash_file(path: Path) -> str:
    """The SHA-256 sum of one file, read piece by piece."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write_lines(digests: Iterable[tuple[str, str]]) -> bytes:
    return "".join(f"{each}  {path}\n" for path, each in digests).encode()


def read_manifest(content: bytes) -> dict[str, str]:
    """Path → SHA-256. Only the form that `sums` writes is taken. Raises BrokenManifestError."""
    found: dict[str, str] = {}
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        raise BrokenManifestError(f"it is no text: {error}") from error
    for number, line in enumerate(text.split("\n")[:-1], start=1):
        match = _LINE.fullmatch(line)
        if match is None or match[2] in found or is_unsafe(match[2]):
            raise BrokenManifestError(f"line {number} is not a SHA-256 sum and a path of its own")
        found[match[2]] = match[1]
    if not text.endswith("\n") or list(found) != sorted(found):
        raise BrokenManifestError("it is cut off, or its lines are out of order")
    return found


def is_unsafe(path: str) -> bool:
    """Whether a path would leave the folder that it is unpacked in, or is another's spelling of a path."""
    parts = path.split("/")
    return (
        not path.isprintable()
        or "\\" in path
        or ":" in path
        or any(part in ("", ".", "..") for part in parts)
    )
