"""The manifest of a site: a SHA-256 sum for each of its files, in the form that `sha256sum -c` reads; signed.

It lies in the site, so a mirror on any host can be checked with what every Linux and macOS has.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from dashboards.site import signing
from dashboards.site.edition import Edition
from dashboards.site.folder import MARK, Folder
from dashboards.words import words_of

SUMS: Final = "MANIFEST.sha256"
SIGNATURE: Final = "MANIFEST.sha256.sig"
KEY: Final = "PUBLIC-KEY.pem"
OUTSIDE: Final = frozenset(
    {SUMS, SIGNATURE, MARK}
)  # what the manifest cannot list, and the folder's own mark
_LINE: Final = re.compile(r"([0-9a-f]{64})  ([^\n]+)")


class BrokenManifestError(ValueError):
    """A manifest that no publish wrote; the message says which line."""


def written(edition: Edition, folder: Folder, key: Ed25519PrivateKey | None) -> None:
    """Read-me files, the public key, the manifest and its signature; the last files of a publish."""
    for language in edition.views:
        folder.write(f"README.{language}.txt", readme(edition, language, key))
    signed(folder, key)


def signed(folder: Folder, key: Ed25519PrivateKey | None) -> None:
    """The public key, the manifest of all that lies in the folder, and its signature."""
    if key:
        folder.write(KEY, signing.pem(key.public_key()))
    listed = _listed((path, digest(folder.root / path)) for path in sorted(folder.paths))
    folder.write(SUMS, listed)
    if key:
        folder.write(SIGNATURE, key.sign(listed))


def readme(edition: Edition, language: str, key: Ed25519PrivateKey | None) -> str:
    """What the folder is, how to open it and how to check it, for whoever finds it on a stick."""
    words, view = words_of(language), edition.views[language]
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
            words("mirror.fingerprint", fingerprint=signing.fingerprint(key.public_key())),
            signing.pem(key.public_key()).decode().strip(),
        ]
    if edition.base_url:
        parts.append(words("mirror.address", address=edition.base_url))
    parts.append(words("footer.licence"))
    return "\n\n".join(parts) + "\n"


def sums(files: Mapping[str, bytes]) -> bytes:
    """The manifest of these files, in the order of their names."""
    return _listed((path, hashlib.sha256(content).hexdigest()) for path, content in sorted(files.items()))


def digest(path: Path) -> str:
    """The SHA-256 sum of one file, read piece by piece."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _listed(digests: Iterable[tuple[str, str]]) -> bytes:
    return "".join(f"{each}  {path}\n" for path, each in digests).encode()


def read(content: bytes) -> dict[str, str]:
    """Path → SHA-256. Only the form that `sums` writes is taken. Raises BrokenManifestError."""
    found: dict[str, str] = {}
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        raise BrokenManifestError(f"it is no text: {error}") from error
    for number, line in enumerate(text.split("\n")[:-1], start=1):
        match = _LINE.fullmatch(line)
        if match is None or match[2] in found or unsafe(match[2]):
            raise BrokenManifestError(f"line {number} is not a SHA-256 sum and a path of its own")
        found[match[2]] = match[1]
    if not text.endswith("\n") or list(found) != sorted(found):
        raise BrokenManifestError("it is cut off, or its lines are out of order")
    return found


def unsafe(path: str) -> bool:
    """Whether a path would leave the folder that it is unpacked in, or is another's spelling of a path."""
    parts = path.split("/")
    return (
        not path.isprintable()
        or "\\" in path
        or ":" in path
        or any(part in ("", ".", "..") for part in parts)
    )
