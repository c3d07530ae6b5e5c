"""Builds that other machines read: sent to a store by the machine that builds, followed by those that show.

    releases/000000051-<sha256>.duckdb    a release file, by its number and its bytes
    releases/000000051-<sha256>.json      its pointer, written once the file is there and whole
    figures/<build>-<sha256>.parquet      a build's snapshot
    current.json                          the newest pointer again, which readers look at
    conditions                            written to see whether the store looks at a condition

Names say what the bytes are, so nothing but `current.json` is ever replaced, what is there needs not be sent
again, and two machines that publish never meet under one name. A file larger than PART_BYTES lies in parts,
`<name>/00001-of-00250` and on. Each is an object of its own, so whoever goes on with an upload that was
killed sees what is there, in a folder too. (S3 knows uploads in parts; the library that asks the store can
neither list one nor go on with it.) The pointer is moved on the condition that it is the one that was judged;
of two machines the first one wins, and the other is told. Nothing is sent to a store that ignores conditions.
"""

import errno
import hashlib
import logging
import os
import re
import shutil
import time
from collections.abc import Iterable
from contextlib import suppress
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Final

from pipelines.core import private_files
from pipelines.core.paths import DataDir, hash_file, sync
from pipelines.core.retention import KEPT_BUILDS
from pipelines.warehouse import build_pointer, releases, snapshots
from pipelines.warehouse.build_store import AbsentError, BuildStore, DamagedStoreError, StoreError
from pipelines.warehouse.releases import DamagedError, Pointer, Record

POINTER: Final = "current.json"
TRIES: Final = 5  # to move a pointer that others move as well
PART_BYTES = 16 << 20  # what a kill costs at most, and what one request carries
DAMAGED_SECONDS: Final = 300.0  # before what was damaged is fetched again under the same name
BROKEN_SECONDS: Final = 30.0  # before what broke off is
SPARE_BYTES: Final = 50_000_000  # that a copy leaves free on the disk
_RECORD: Final = re.compile(r"(?P<name>releases/(?P<number>\d{9})-[0-9a-f]{64})\.json")
_RELEASE: Final = re.compile(
    r"(?P<name>releases/(?P<number>\d{9})-[0-9a-f]{64})\.(json|duckdb(/\d{5}-of-\d{5})?)"
)
_PART: Final = re.compile(r"(?P<file>.+)/(?P<place>\d{5})-of-(?P<parts>\d{5})")
_SNAPSHOT: Final = re.compile(
    r"figures/(?P<build>[0-9a-f]{12}(-[0-9]{8})?)-(?P<sha256>[0-9a-f]{64})\.parquet"
)
_log: Final = logging.getLogger("liberometro")


class BehindError(StoreError):
    """The store names an older release than the one that lies here."""

    code = "store_behind"


class OvertakenError(StoreError):
    """Another machine published meanwhile."""


def send(store: BuildStore, data: DataDir) -> None:
    """Bring the published build and every snapshot to the store, move its pointer, remove what is old there.

    What is there already is not sent again. Raises StoreError or DamagedError, in one line each, and the
    store's pointer names then what it named before; the next call goes on from there.
    """
    with build_pointer.hold_write_lock(data):
        ours = releases.read_pointer(data)
        path = releases.find_named(data).path
        _refuse_older(store, ours)
        store.check_conditions()
        try:
            _send_file(store, store.list_sizes("releases"), _name(ours, "duckdb"), path, ours.sha256)
            _send_snapshots(store, data)
        except AbsentError:  # whoever came first removes what may no longer be published
            _refuse_older(store, ours)
            raise
        _refuse_older(store, ours)  # what was sent may have taken minutes
        store.write(_name(ours, "json"), releases.encode_pointer(ours))
        newest = _move_pointer(store, ours)
    if newest.id != ours.id:
        raise OvertakenError(_tell_newer(store, newest))
    try:
        _prune(store)
    except StoreError as error:
        _log.warning("%s", error)


def _name(pointer: Pointer, ending: str) -> str:
    return f"releases/{pointer.number:09d}-{pointer.sha256}.{ending}"


def _tell_newer(store: BuildStore, newest: Pointer) -> str:
    return (
        f"{store.name}: another machine published release {newest.number} ({newest.id}); "
        "the next `python -m pipelines build` starts from that one"
    )


def _refuse_older(store: BuildStore, ours: Pointer) -> None:
    """Nothing is published where something else is there that is no older. Raises OvertakenError."""
    with suppress(DamagedError, DamagedStoreError, AbsentError):  # it is put right by what follows
        found = _read_pointer(store)
        if found and _is_in_the_way(found[0], ours):
            raise OvertakenError(_tell_newer(store, found[0]))


def _is_in_the_way(there: Pointer, ours: Pointer) -> bool:
    """Whether it is another release, and no older. Of two with one number the first one stands."""
    return there.number >= ours.number and there.id != ours.id


def _read_pointer(store: BuildStore, unless: str | None = None) -> tuple[Pointer, str | None] | None:
    """What the store's pointer says, and its version; None where the version is still `unless`."""
    found = store.read(POINTER, releases.POINTER_BYTES, unless)
    if found is None:
        return None
    try:
        return releases.decode_pointer(found[0], POINTER), found[1]
    except DamagedError:
        raise DamagedStoreError(f"{store.name}: {POINTER} is not a pointer") from None


def _find_whole(sizes: dict[str, int]) -> dict[str, dict[str, int]]:
    """Files that lie there whole: the keys and sizes of each one's parts in their order, or its own."""
    files: dict[tuple[str, int], dict[str, int]] = {}
    for key, size in sorted(sizes.items()):
        part = _PART.fullmatch(key)
        files.setdefault((part["file"], int(part["parts"])) if part else (key, 1), {})[key] = size
    return {file: parts for (file, number), parts in files.items() if len(parts) == number}


def _send_file(store: BuildStore, listed: dict[str, int], key: str, path: Path, sha256: str) -> None:
    """Bring a file there and read back what lies there; parts that are there and right are not sent again.

    `listed` has the sizes, in bytes, of what lies in its folder. Raises StoreError, or DamagedError where the
    file here has other bytes than `sha256`.
    """
    size = path.stat().st_size
    there = {name: listed[name] for name in listed if name == key or name.startswith(f"{key}/")}
    if there.get(key) == size and store.hash(key) == sha256:
        return
    number = -(-size // PART_BYTES)
    keys = [f"{key}/{place:05d}-of-{number:05d}" for place in range(1, number + 1)] if number > 1 else [key]
    store.remove([name for name in there if name not in keys])
    digest = hashlib.sha256()
    with path.open("rb") as file:
        for part in keys:
            piece = file.read(PART_BYTES)
            digest.update(piece)
            own = hashlib.sha256(piece).hexdigest()
            if there.get(part) == len(piece) and store.hash(part) == own:
                continue
            store.write(part, piece)
            if store.hash(part) != own:
                raise DamagedStoreError(f"{store.name}: {part} is not what was sent")
    if digest.hexdigest() != sha256:
        raise DamagedError(f"{path}: it does not have the bytes that were published")


def _send_snapshots(store: BuildStore, data: DataDir) -> None:
    listed = store.list_sizes("figures")
    there = {found["build"] for key in _find_whole(listed) if (found := _SNAPSHOT.fullmatch(key))}
    for path in sorted(data.snapshots.glob("*.parquet")):
        if path.stem not in there and snapshots.is_readable(data.snapshots, path.stem):
            sha256 = hash_file(path)
            _send_file(store, listed, f"figures/{path.stem}-{sha256}.parquet", path, sha256)


def _move_pointer(store: BuildStore, ours: Pointer) -> Pointer:
    """Make the store's pointer ours, unless another came first; returns what it names then."""
    for _ in range(TRIES):
        newest = _find_newest(store, ours)
        content, version = releases.encode_pointer(newest), None
        try:
            found = store.read(POINTER, releases.POINTER_BYTES)
            if found is not None:
                if found[0] == content:
                    return newest
                version = found[1]
                with suppress(DamagedError):
                    there = releases.decode_pointer(found[0], POINTER)
                    if _is_in_the_way(there, newest):
                        return there
        except DamagedStoreError:  # too long for a pointer
            store.remove([POINTER])
        except AbsentError:
            pass
        store.replace(POINTER, content, version)
    raise OvertakenError(f"{store.name}: other machines move {POINTER} all the time")


def _find_newest(store: BuildStore, ours: Pointer) -> Pointer:
    """Ours, or a higher one that lies beside its release: whoever sent it was killed, or lost the pointer."""
    sizes = store.list_sizes("releases")
    whole = _find_whole(sizes)
    for key in sorted(sizes, reverse=True):
        record = _RECORD.fullmatch(key)
        if record is None or int(record["number"]) <= ours.number or f"{record['name']}.duckdb" not in whole:
            continue
        with suppress(DamagedError, DamagedStoreError, AbsentError):
            found = store.read(key, releases.POINTER_BYTES)
            pointer = releases.decode_pointer(found[0] if found else b"", key)
            if _name(pointer, "json") == key:
                return pointer
    return ours


def _prune(store: BuildStore) -> None:
    """Keep the newest releases, what the pointer names, and what may still be published after that.

    Snapshots stay, since permanent links need them.
    """
    found = _read_pointer(store)
    if found is None:
        return
    sizes = store.list_sizes("releases")
    keys = {key: release for key in sizes if (release := _RELEASE.fullmatch(key))}
    names = {release["name"] for release in keys.values()}
    whole = _find_whole(sizes)
    finished = sorted(name for name in names if {f"{name}.json", f"{name}.duckdb"} <= whole.keys())
    going = {release["name"] for release in keys.values() if int(release["number"]) > found[0].number}
    kept = {_name(found[0], "")[:-1], *finished[-KEPT_BUILDS:], *going}
    old = [key for key, release in keys.items() if release["name"] not in kept]
    store.remove(sorted(old, key=lambda key: not key.endswith(".json")))  # no pointer without its release
    _prune_snapshots(store)
    store.sweep()


def _prune_snapshots(store: BuildStore) -> None:
    """Remove the parts of snapshots that are not whole and that nobody has gone on with for a day."""
    sizes, idle = store.list_sizes("figures"), store.list_idle("figures")
    whole = _find_whole(sizes)
    parts = {key: part["file"] for key in sizes if (part := _PART.fullmatch(key))}
    going = {file for key, file in parts.items() if key not in idle}
    store.remove([key for key, file in parts.items() if file not in whole and file not in going])


class Follower:
    """Keeps a data folder at what a store serves, as long as somebody calls `look`."""

    def __init__(self, store: BuildStore, data: DataDir) -> None:
        self._store, self._data = store, data
        self._version: str | None = None  # of the pointer that all was fetched for
        self._put_off: dict[str, tuple[float, StoreError]] = {}  # what failed, until when, and how

    def look(self) -> bool:
        """Fetch what is newer; whether there was something. Raises StoreError, and OSError for the disk here.

        What is served here stays served, whatever comes.
        """
        local = self._find_local()
        found = _read_pointer(self._store, self._version if local else None)
        if found is None:
            return False
        pointer, version = found
        if local and pointer.number < local.number:
            raise BehindError(
                f"{self._store.name}: it names release {pointer.number}, here is {local.number} already"
            )
        is_new = self._is_ahead(pointer)
        if is_new:
            with build_pointer.hold_write_lock(self._data):
                if self._is_ahead(pointer):
                    self._fetch_release(pointer)
        self._fetch_snapshots()
        self._version = version
        return is_new

    def _find_local(self) -> Pointer | None:
        try:
            releases.find_named(self._data)
            return releases.read_pointer(self._data)
        except DamagedError:
            return None

    def _is_ahead(self, pointer: Pointer) -> bool:
        local = self._find_local()
        if local is None or pointer.number != local.number:
            return local is None or pointer.number > local.number
        return pointer.sha256 != local.sha256

    def _fetch_release(self, pointer: Pointer) -> None:
        build_pointer.sweep(self._data)
        key = _name(pointer, "duckdb")
        private = self._data.build / f".building-{pointer.sha256[:12]}-{os.getpid()}.duckdb"
        try:
            parts = _find_whole(self._store.list_sizes("releases")).get(key, [key])
            self._download(key, private, parts, pointer.sha256, pointer.size)
            self._check(key, private, pointer)
            build_pointer.adopt(self._data, pointer, private)
        finally:
            private.unlink(missing_ok=True)
        build_pointer.prune(self._data)

    def _check(self, key: str, private: Path, pointer: Pointer) -> None:
        """Raises DamagedStoreError where it cannot be read here, or is not what the pointer tells of."""
        told = Record(**{name: getattr(pointer, name) for name in Record.__struct_fields__})
        try:
            if releases.check_release(private).record == told:
                return
            reason = "not the release that the pointer tells of"
        except DamagedError as error:
            reason = str(error).removeprefix(f"{private}: ")
        raise self._wait(key, DamagedStoreError(f"{self._store.name}: {key}: {reason}"), DAMAGED_SECONDS)

    def _fetch_snapshots(self) -> None:
        """Every snapshot that is not here yet; what is damaged is told once all others are here."""
        broken: StoreError | None = None
        for key, parts in sorted(_find_whole(self._store.list_sizes("figures")).items()):
            found = _SNAPSHOT.fullmatch(key)
            if found is None or (self._data.snapshots / f"{found['build']}.parquet").exists():
                continue
            size = sum(parts.values())
            fill = partial(self._download, key, parts=parts, sha256=found["sha256"], size=size)
            try:
                with build_pointer.hold_write_lock(self._data):
                    snapshots.add_snapshot(self._data.snapshots, found["build"], fill)
            except DamagedStoreError as error:
                broken = error
        if broken:
            raise broken

    def _download(self, key: str, target: Path, parts: Iterable[str], sha256: str, size: int) -> None:
        """Raises StoreError where it is not these bytes, for a while without another look."""
        until, failed = self._put_off.get(key, (0.0, StoreError()))
        if time.monotonic() < until:
            raise failed
        if size + SPARE_BYTES > shutil.disk_usage(self._data.build).free:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self._data.build))
        left = size
        try:
            with private_files.open_private(target, "wb") as file:
                for piece in chain.from_iterable(map(self._store.read_pieces, parts)):
                    left -= len(piece)
                    if left < 0:
                        break
                    file.write(piece)
        except AbsentError as error:
            raise self._wait(key, DamagedStoreError(str(error)), BROKEN_SECONDS) from None
        except StoreError as error:
            raise self._wait(key, error, BROKEN_SECONDS) from None
        if left or hash_file(target) != sha256:
            failed = DamagedStoreError(f"{self._store.name}: {key}: not the bytes that were published")
            raise self._wait(key, failed, DAMAGED_SECONDS)
        sync(target)

    def _wait(self, key: str, error: StoreError, seconds: float) -> StoreError:
        self._put_off[key] = time.monotonic() + seconds, error
        return error
