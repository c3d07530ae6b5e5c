"""Release files: what each says of itself, whether it is whole, and which is the last good one.

A release carries its own record (table `release_record`): its number, its day and the rows of each table. Its
last bytes are a seal, the sha256 of all before them: a damaged file is never opened, because one can take the
process down that opens it. Before the seal its number stands once more, for opening a file takes a while. The
pointer repeats the record with the size and the sha256 of the file.

Order follows the numbers; times of files, which any copy and any wrong clock change, mean nothing. A file is
looked at once: as long as its size, its place on the disk and its times are the same, the answer is.
"""

import hashlib
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Final, NamedTuple

import duckdb
import msgspec

from pipelines.core.paths import SQL, DataDir, hash_file

NAMES: Final = "liberometro-*.duckdb"
RECORD: Final = "release_record"
_NAME: Final = re.compile(r"liberometro-(?P<id>[0-9a-f]{12}(-[0-9]{8})?)(-r[0-9]{1,9})?\.duckdb")
_LABEL: Final = re.compile(
    rb"\nliberometro release (?P<number>[0-9]{1,9}) (?P<id>[0-9a-f]{12}(-[0-9]{8})?)\Z"
)
_LABEL_BYTES: Final = 64  # at most
_SEAL: Final = b"\nliberometro sha256 "
_SEAL_BYTES: Final = len(_SEAL) + 64

BuildId = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{12}(-[0-9]{8})?\Z")]
Number = Annotated[int, msgspec.Meta(ge=1, le=999_999_999)]
Count = Annotated[int, msgspec.Meta(ge=0)]
Sha256 = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}\Z")]
POINTER_BYTES: Final = 65_536


class DamagedError(RuntimeError):
    """A pointer or a release file is not what it should be; the message says which, and what was found."""


class TableContent(msgspec.Struct, frozen=True, array_like=True):
    """What a table holds: its rows, and a sum over all cells, which each DuckDB makes its own way."""

    rows: Count
    cells: str


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """What a release says of itself.

    `number` grows with every release, whatever the clock says; `day` is the day that it was built for;
    `recheck_from` the day from which its inputs give another build; `duckdb` the version that wrote it.
    """

    id: BuildId
    number: Number
    made_from: str
    built_at: Annotated[datetime, msgspec.Meta(tz=True)]
    day: date
    recheck_from: date | None
    duckdb: str
    tables: dict[str, TableContent]


class Pointer(Record, frozen=True, kw_only=True):
    """The record of the release that readers open, its file's name, and what its bytes are."""

    file: str
    size: Count
    sha256: Sha256


@dataclass(frozen=True)
class Release:
    """A release file that is whole."""

    record: Record
    path: Path


class _Identity(NamedTuple):
    """Bytes that were looked at already: as long as this is the same, nobody wrote to the file."""

    path: str
    size: int
    changed: int
    modified: int
    inode: int


def open_release(path: Path) -> duckdb.DuckDBPyConnection:
    """A read-only connection: one process must open a file with one configuration."""
    return duckdb.connect(str(path), read_only=True, config={"autoinstall_known_extensions": "false"})


def read_pointer(data: DataDir) -> Pointer:
    """What the pointer says. Raises DamagedError, whatever lies there."""
    try:
        if _identify(data.pointer).size > POINTER_BYTES:
            raise DamagedError(f"{data.pointer}: too long for a pointer")
        content = data.pointer.read_bytes()
    except OSError as error:
        raise DamagedError(f"{data.pointer}: cannot be read ({error.strerror})") from error
    return decode_pointer(content, str(data.pointer))


def decode_pointer(content: bytes, place: str) -> Pointer:
    """The pointer that lies at a place. Raises DamagedError, whatever the bytes are."""
    try:
        pointer = msgspec.json.decode(content, type=Pointer)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise DamagedError(f"{place}: not a pointer ({error})") from error
    if _find_id(pointer.file) != pointer.id:
        raise DamagedError(f"{place}: it names a file that is not the release {pointer.id}")
    return pointer


def encode_pointer(pointer: Pointer) -> bytes:
    """A pointer as its file holds it."""
    return msgspec.json.format(msgspec.json.encode(pointer), indent=2) + b"\n"


def find_named(data: DataDir) -> Release:
    """The release that the pointer names, if its bytes are those that were published. Raises DamagedError."""
    pointer = read_pointer(data)
    path = data.build / pointer.file
    identity = _identify(path)
    if identity.size != pointer.size or _hash(identity) != pointer.sha256:
        raise DamagedError(f"{path}: not the bytes that were published ({identity.size:,} bytes now)")
    return Release(pointer, path)


def check_release(path: Path) -> Release:
    """Open a release and count and read every row of it. Raises DamagedError where it is not whole."""
    identity = _identify(path)
    record = _read_record(identity, rows=True)
    if isinstance(record, str):
        raise DamagedError(f"{path}: {record}")
    return Release(record, path)


def list_releases(data: DataDir) -> list[tuple[int, Path]]:
    """Every release file with its number, the newest first; what cannot say its number has 0."""
    found = []
    for path in data.build.glob(NAMES):
        if _find_id(path.name) is None:
            continue
        try:
            found.append((_find_number(_identify(path)), path))
        except DamagedError:
            found.append((0, path))
    return sorted(found, reverse=True)


def walk_good(data: DataDir) -> Iterator[Release]:
    """The releases that are whole, the newest first, each looked at when it is asked for."""
    for number, path in list_releases(data):
        if number:
            try:
                yield check_release(path)
            except DamagedError:
                continue


def measure(con: duckdb.DuckDBPyConnection) -> dict[str, TableContent]:
    """Each stored table but the record, read whole."""
    text = (SQL / "queries" / "measure_tables.sql").read_text(encoding="utf-8")
    ((statement,),) = con.sql(text).fetchall()
    measured = con.sql(statement).fetchall() if statement else []
    return {name: TableContent(rows, cells) for name, rows, cells in measured}


def _find_id(name: str) -> str | None:
    found = _NAME.fullmatch(name)
    return found["id"] if found else None


def _identify(path: Path) -> _Identity:
    """Raises DamagedError for what is no plain file: opening a pipe or a device may never end."""
    try:
        info = path.lstat()
        if not stat.S_ISREG(info.st_mode):
            raise DamagedError(f"{path}: not a plain file")
        if path.with_name(f"{path.name}.wal").exists():
            raise DamagedError(f"{path}: something wrote to it, a .wal file lies beside it")
    except (OSError, ValueError) as error:
        raise DamagedError(f"{path}: there is no such file") from error
    return _Identity(str(path), info.st_size, info.st_ctime_ns, info.st_mtime_ns, info.st_ino)


@lru_cache(maxsize=64)
def _hash(identity: _Identity) -> str:
    try:
        return hash_file(Path(identity.path))
    except OSError as error:
        return f"cannot be read ({error.strerror})"


def seal(path: Path, record: Record) -> None:
    """Add number and seal to a finished file; DuckDB does not look at bytes behind its blocks."""
    with path.open("ab") as file:
        file.write(f"\nliberometro release {record.number} {record.id}".encode())
        file.flush()
        file.write(_SEAL + hash_file(path).encode())
        file.flush()
        os.fsync(file.fileno())


@lru_cache(maxsize=64)
def _is_sealed(identity: _Identity) -> bool:
    """Whether the last bytes are the seal of all that stands before them."""
    left, digest = identity.size - _SEAL_BYTES, hashlib.sha256()
    if left < 0:
        return False
    try:
        with Path(identity.path).open("rb") as file:
            while left and (piece := file.read(min(left, 1 << 20))):
                digest.update(piece)
                left -= len(piece)
            return left == 0 and file.read() == _SEAL + digest.hexdigest().encode()
    except OSError:
        return False


@lru_cache(maxsize=64)
def _find_number(identity: _Identity) -> int:
    """The number that stands before the seal; 0 where that is damaged or of another name."""
    path = Path(identity.path)
    if not _is_sealed(identity):
        return 0
    with path.open("rb") as file:
        file.seek(max(0, identity.size - _SEAL_BYTES - _LABEL_BYTES))
        label = _LABEL.search(file.read()[:-_SEAL_BYTES])
    if label is None:  # sealed by an earlier version
        record = _read_record(identity)
        return record.number if isinstance(record, Record) else 0
    return int(label[1]) if label[2].decode() == _find_id(path.name) else 0


@lru_cache(maxsize=64)
def _read_record(identity: _Identity, *, rows: bool = False) -> Record | str:
    """The record, or what is wrong with the file; with `rows` each row is looked at as well."""
    path = Path(identity.path)
    if not _is_sealed(identity):
        return "not a release, or damaged: its seal does not fit"
    try:
        with open_release(path) as con:
            ((text,),) = con.table(RECORD).fetchall()
            record = msgspec.json.decode(text, type=Record)
            fault = _compare_rows(con, record) if rows else None
    except (duckdb.Error, msgspec.MsgspecError, ValueError, TypeError, RuntimeError, MemoryError) as error:
        return f"not a release ({_first_line(error)})"
    if _find_id(path.name) not in (record.id, None):
        return f"it is the release {record.id}, renamed"
    return fault or record


def _compare_rows(con: duckdb.DuckDBPyConnection, record: Record) -> str | None:
    """What is wrong with the rows of a release that is open."""
    try:
        found = measure(con)
    except (duckdb.Error, RuntimeError, MemoryError) as error:
        return f"damaged ({_first_line(error)})"
    for name in sorted({*found, *record.tables}):
        now, then = found.get(name), record.tables.get(name)
        if now is None or then is None or now.rows != then.rows:
            return f"{name} has {now.rows if now else 'no'} rows, {then.rows if then else 'no'} were written"
        if record.duckdb == duckdb.__version__ and now.cells != then.cells:
            return f"rows of {name} are not those that were written"
    return None


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:300]
