"""A site signed: its private key, the manifest of its files, the read-me that explains both."""

import hashlib
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from dashboards.i18n.translations import read_words
from dashboards.site.edition import Edition
from dashboards.site.output_folder import MARK, Folder
from pipelines.core import private_files
from pipelines.core.signatures import (
    KEY,
    SIGNATURE,
    SUMS,
    KeyFileError,
    LockedKeyError,
    compute_fingerprint,
    write_pem,
)


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


OUTSIDE: Final = frozenset(
    {SUMS, SIGNATURE, MARK}
)  # what the manifest cannot list, and the folder's own mark


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
