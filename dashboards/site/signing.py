"""Keys and signatures: Ed25519, keys as PEM files, signatures as the 64 bytes that OpenSSL reads as well."""

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

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


class KeyFileError(RuntimeError):
    """A file is no key of the kind that is used here; the message says what to do."""


class LockedKeyError(KeyFileError):
    """The key needs a passphrase, and none was given."""


def new(path: Path, passphrase: str | None = None) -> Ed25519PrivateKey:
    """A new private key, readable by its owner alone. Raises FileExistsError: no key is ever overwritten."""
    key = Ed25519PrivateKey.generate()
    sealed = BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, sealed))
    return key


def private(path: Path, passphrase: str | None = None) -> Ed25519PrivateKey:
    """The private key of a file. Raises KeyFileError, LockedKeyError."""
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


def public(content: bytes, name: str) -> Ed25519PublicKey:
    """The public key of a PEM text; `name` is for the message. Raises KeyFileError."""
    try:
        key = load_pem_public_key(content)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise KeyFileError(f"{name} cannot be read as a public key in PEM form: {error}") from error
    if not isinstance(key, Ed25519PublicKey):
        raise KeyFileError(f"{name} holds another kind of key; an Ed25519 one is needed")
    return key


def pem(key: Ed25519PublicKey) -> bytes:
    """The public key as its file."""
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def fingerprint(key: Ed25519PublicKey) -> str:
    """SHA-256 of the key in DER form, in groups of four digits, to read out and to compare."""
    der = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    digits = hashlib.sha256(der).hexdigest()
    return " ".join(digits[n : n + 4] for n in range(0, len(digits), 4))


def signer(content: bytes, signature: bytes, keys: Iterable[Ed25519PublicKey]) -> Ed25519PublicKey | None:
    """Which of the keys made the signature; None where none did."""
    for key in keys:
        try:
            key.verify(signature, content)
        except InvalidSignature:
            continue
        return key
    return None
