"""The folder or object store that $LIBEROMETRO_BUILDS names: bytes there and back, failures in words of ours.

Keys of an object store come from the AWS_* variables alone. What a store or the library answers is never
repeated: it may hold an address with a name and a password, or a key.
"""

import fcntl
import hashlib
import ipaddress
import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

from pipelines.core.paths import ROOT
from pipelines.core.privacy import DiscreetError

if TYPE_CHECKING:
    from obstore import PutMode
    from obstore.store import ObjectStore

VARIABLE: Final = "LIBEROMETRO_BUILDS"
SOLE: Final = "LIBEROMETRO_SOLE_PUBLISHER"  # yes: no other machine publishes there
_KEYS: Final = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
_ROLES: Final = (  # without keys and these, the library would ask a service of the network for some
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
)
_ENDPOINTS: Final = ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT")
_BUCKET: Final = re.compile(r"s3://(?P<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(/(?P<prefix>[^?#@]*))?")
_STATUS: Final = re.compile(r"status code: (\d{3})")
_ANSWERS: Final = {
    "401": "it refuses our keys, or this use of them",
    "403": "it refuses our keys, or this use of them",
    "404": "there is no such bucket",
    "501": f"it does not know what is asked of it; writes on a condition are not asked for with {SOLE}=yes",
}
_DAY: Final = timedelta(days=1)
LOCK: Final = ".lock"  # in a folder: held while its pointer is moved
_TRIED: Final = "conditions"  # written in order to see whether the store looks at a condition
_NOBODYS: Final = '"00000000000000000000000000000000"'  # a version that no object has
_PIECE: Final = 8 << 20  # bytes of one read


class StoreError(DiscreetError):
    """Something is wrong with the store; the message is one line and holds no secret."""

    code = "store_unreachable"


class DamagedStoreError(StoreError):
    """The store answers, with what was never published."""

    code = "store_damaged"


class AbsentError(StoreError):
    """The store answers that it has no such thing."""


@dataclass(frozen=True)
class BuildStore:
    """A store; it is opened with the first question, and nothing is asked before."""

    name: str  # as messages call it
    open: "Callable[[], ObjectStore]"
    folder: Path | None = None  # where it is one
    sole: bool = False  # no other machine publishes there, so nothing is written on a condition

    @cached_property
    def _objects(self) -> "ObjectStore":
        return self.open()

    def read(self, key: str, most: int, unless: str | None = None) -> tuple[bytes, str | None] | None:
        """A small object and its version; None where it still has the version `unless`."""
        import obstore
        from obstore.exceptions import NotModifiedError

        with self._explain(key):
            try:
                found = obstore.get(self._objects, key, options={"if_none_match": unless} if unless else None)
            except NotModifiedError:
                return None
            if found.meta["size"] > most:
                raise DamagedStoreError(f"{self.name}: {key} is too long ({found.meta['size']:,} bytes)")
            return bytes(found.bytes()), found.meta["e_tag"]

    def read_pieces(self, key: str) -> Iterator[bytes]:
        """An object's bytes, piece by piece."""
        import obstore

        with self._explain(key):
            yield from obstore.get(self._objects, key).stream(_PIECE)

    def hash(self, key: str) -> str:
        """Hex sha256 of what lies there, read whole."""
        digest = hashlib.sha256()
        for piece in self.read_pieces(key):
            digest.update(piece)
        return digest.hexdigest()

    def list_sizes(self, folder: str) -> dict[str, int]:
        """Keys and sizes of what lies in a folder of the store."""
        import obstore

        with self._explain(folder):
            return {each["path"]: each["size"] for each in obstore.list(self._objects, folder).collect()}

    def list_idle(self, folder: str) -> set[str]:
        """Keys of a folder of the store to which nothing was written for a day."""
        import obstore

        with self._explain(folder):
            found = obstore.list(self._objects, folder).collect()
            return {each["path"] for each in found if datetime.now(UTC) - each["last_modified"] > _DAY}

    def write(self, key: str, content: bytes) -> None:
        """Put an object there with one request: it has its name once it is whole."""
        import obstore

        with self._explain(key):
            obstore.put(self._objects, key, content, use_multipart=False)

    def check_conditions(self) -> None:
        """Write on two conditions that do not hold. Raises StoreError where one of them is not refused."""
        if self.folder is not None or self.sole:
            return
        write = partial(self._write_on_condition, _TRIED, b"")
        if (write("create") and write("create")) or write({"e_tag": _NOBODYS}):
            raise StoreError(
                f"{self.name}: it overwrites what it was asked not to, so one of two machines that publish "
                "could undo what the other did; take a store that honours If-Match and If-None-Match, or say "
                f"with {SOLE}=yes that no other machine publishes there"
            )

    def replace(self, key: str, content: bytes, version: str | None) -> bool:
        """Write where `version` is still there (None: nothing is); False where another came before."""
        if self.sole:
            self.write(key, content)
            return True
        if self.folder is None:
            return self._write_on_condition(key, content, "create" if version is None else {"e_tag": version})
        with self._explain(key), self._hold(self.folder):
            if self._find_version(key) != version:
                return False
            self.write(key, content)
            return True

    def _write_on_condition(self, key: str, content: bytes, mode: "PutMode") -> bool:
        import obstore
        from obstore.exceptions import AlreadyExistsError, PreconditionError

        with self._explain(key):
            try:
                obstore.put(self._objects, key, content, mode=mode)
            except (AlreadyExistsError, PreconditionError):
                return False
            return True

    @contextmanager
    def _hold(self, folder: Path) -> Iterator[None]:
        """Be alone in a folder, which knows no conditions, among all who see it."""
        with (folder / LOCK).open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _find_version(self, key: str) -> str | None:
        import obstore

        try:
            return obstore.head(self._objects, key)["e_tag"]
        except FileNotFoundError:
            return None

    def remove(self, keys: list[str]) -> None:
        """Take objects away; one that is gone already is none the less gone."""
        import obstore

        with self._explain("what is to be removed"):
            for key in keys:
                try:
                    obstore.delete(self._objects, key)
                except FileNotFoundError:
                    continue

    def sweep(self) -> None:
        """Remove what writes that were killed a day ago left in a folder; in a bucket they leave nothing."""
        if self.folder is None:
            return
        with self._explain("what a killed upload left"):
            for path in self.folder.rglob("*#[0-9]*"):
                if time.time() - path.stat().st_mtime > _DAY.total_seconds():
                    path.unlink()

    @contextmanager
    def _explain(self, key: str) -> Iterator[None]:
        from obstore.exceptions import BaseError

        try:
            yield
        except FileNotFoundError:
            raise AbsentError(f"{self.name}: there is no {key}") from None
        except (BaseError, OSError) as error:
            raise StoreError(f"{self.name}: {_find_reason(str(error))} ({key})") from None


def _find_reason(told: str) -> str:
    """What went wrong, of all that the library says: the rest may hold what nobody should read in a log."""
    status = _STATUS.search(told)
    if status:
        return _ANSWERS.get(status[1], f"it answers {status[1]}")
    reasons = {
        "TimedOut": "it is too slow",
        "timed out": "it is too slow",
        "kind: Connect": "it cannot be reached",
        "kind: Timeout": "it is too slow",
        "kind: Interrupted": "its answer broke off",
        "kind: Decode": "its answer broke off",
        "Permission denied": "it may not be written, or not read",
        "No space left": "its disk is full",
        "No locks available": "it knows no locks",
    }
    return next((reason for sign, reason in reasons.items() if sign in told), "it does not answer")


def open_store() -> BuildStore | None:
    """The store that the environment names; None where it names none. Raises StoreError for what is none."""
    place = os.environ.get(VARIABLE, "").strip()
    if not place:
        return None
    try:
        import obstore  # noqa: F401
    except ImportError:
        raise StoreError(f"{VARIABLE} is set and the package obstore is missing (`make setup`)") from None
    sole = os.environ.get(SOLE, "").strip().lower() == "yes"
    if "://" not in place or place.startswith("file:///"):
        folder = Path(unquote(urlsplit(place).path)) if "://" in place else ROOT / place
        return BuildStore(VARIABLE, partial(_open_folder, folder), folder, sole)
    found = _BUCKET.fullmatch(place)
    if found is None:
        raise StoreError(f"{VARIABLE} has to be s3://bucket/folder or a folder; keys stand in AWS_* alone")
    if not all(map(os.environ.get, _KEYS)) and not any(map(os.environ.get, _ROLES)):
        raise StoreError(f"{VARIABLE} is set and {' or '.join(_KEYS)} is not")
    bucket, prefix = found["bucket"], (found["prefix"] or "").strip("/")
    opened = partial(_open_bucket, bucket, prefix, _is_plain_allowed())
    return BuildStore(f"s3://{bucket}/{prefix}", opened, sole=sole)


def _open_folder(folder: Path) -> "ObjectStore":
    from obstore.store import LocalStore

    if not folder.is_dir():
        raise StoreError(f"{VARIABLE}: there is no such folder; make it, or mount it")
    return LocalStore(folder, automatic_cleanup=True)


def _open_bucket(bucket: str, prefix: str, plain: bool) -> "ObjectStore":
    from obstore.store import S3Store

    return S3Store(
        bucket,
        prefix=prefix or None,
        client_options={
            "connect_timeout": "5s",
            "read_timeout": "15s",
            "timeout": "10m",
            "allow_http": plain,
        },
        retry_config={"max_retries": 2, "retry_timeout": timedelta(seconds=20)},
    )


def _is_plain_allowed() -> bool:
    """Whether the store is asked without TLS. Raises StoreError where it may not be."""
    endpoint = next(filter(None, map(os.environ.get, _ENDPOINTS)), "")
    plain = endpoint.lower().startswith("http://")
    wanted = os.environ.get("AWS_ALLOW_HTTP", "").lower() in ("1", "true", "yes")
    if plain and not wanted and not _is_here(urlsplit(endpoint).hostname or ""):
        raise StoreError(
            "the address of the store is http:// and another machine; AWS_ALLOW_HTTP=true allows it"
        )
    return plain


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
