"""What a signed folder says of itself: its manifest, whose signature fits, keys in PEM form.

The manifest holds a SHA-256 sum for each file and is signed with Ed25519, so that a mirror on any host can be
checked with what every Linux and macOS has.
"""

import hashlib
import re
from collections.abc import Iterable
from typing import Final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

SUMS: Final = "MANIFEST.sha256"
SIGNATURE: Final = "MANIFEST.sha256.sig"
KEY: Final = "PUBLIC-KEY.pem"
_LINE: Final = re.compile(r"([0-9a-f]{64})  ([^\n]+)")


class KeyFileError(RuntimeError):
    """A file is no key of the kind that is used here; the message says what to do."""


class LockedKeyError(KeyFileError):
    """The key needs a passphrase, and none was given."""


class BrokenManifestError(ValueError):
    """A manifest that no publish wrote; the message says which line."""


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
