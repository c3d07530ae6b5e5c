"""The stays of several offices in a DuckLake: Parquet files in a folder, their catalogue in PostgreSQL.

What is kept of a row, and what never is, says `sql/lake/2_stays.sql`. A lake is named by its settings, a TOML
file. No message repeats what PostgreSQL or DuckDB said: it may hold a value of a row, or how to get in.
"""

import hashlib
import hmac
from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, time, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, NamedTuple

import duckdb

from pipelines.core.situation import TomlStruct, read_toml
from pipelines.stays.mapping import CountError, Mapping
from pipelines.stays.mistakes import tell_fault

SQL: Final = Path(__file__).parent / "sql" / "lake"
GATE: Final = "gate"  # the catalogue as the plain database that it is
SUFFIX: Final = ".toml"
_EXTENSIONS: Final = ("postgres_scanner", "ducklake")
_KEY_BYTES: Final = 32
_PAD: Final = 64  # bytes of a block of SHA-256
_DURABLE: Final = {"fsync": "on", "full_page_writes": "on"}
_WEAK: Final = ("off", "local")  # of synchronous_commit; local would lose to a standby that takes over


class LakeError(CountError):
    """The lake cannot be read or written; the message says what to do, and nothing of what is in it."""


class _Settings(TomlStruct, frozen=True):
    catalogue: str
    files: str
    key: str


class Lake(NamedTuple):
    """Where a lake is. `catalogue`: how libpq reaches its database, without a password."""

    catalogue: str
    files: Path
    key: Path


class Agreement(NamedTuple):
    """What every office that writes agrees to, as the lake has it."""

    grain: str
    shared_ids: bool
    key_check: str


class Snapshot(NamedTuple):
    """The lake after one write. `office` and `note` are None for what no office wrote."""

    number: int
    moment: datetime
    office: str | None
    note: str | None


def read_lake(path: Path) -> Lake:
    """Read a lake's settings; a relative path starts at their folder. Raises SituationError, LakeError."""
    stated = read_toml(path, _Settings)
    words = stated.catalogue.casefold()
    if "://" in words or "password" in words or "passfile" in words:
        raise LakeError(
            f"{path.name}: catalogue is written `host=… dbname=…`, without a password: that stands in "
            "~/.pgpass or PGPASSWORD, and is not needed at all over a socket"
        )
    folder = path.resolve().parent
    return Lake(stated.catalogue, folder / stated.files, folder / stated.key)


def read_key(lake: Lake) -> bytes:
    """The key that ids are hashed under. Raises LakeError, OSError."""
    try:
        key = bytes.fromhex(lake.key.read_text(encoding="ascii").strip())
    except ValueError:
        key = b""
    if len(key) != _KEY_BYTES:
        raise LakeError(f"{lake.key.name}: a key is {2 * _KEY_BYTES} signs of 0 to 9 and a to f")
    return key


def check_of(key: bytes) -> str:
    """What tells this key from others, and nothing else."""
    return hmac.new(key, b"key of a lake", hashlib.sha256).hexdigest()


def without_words() -> AbstractContextManager[None]:
    """Whatever a library raises meanwhile becomes a LakeError that names the kind of fault only."""
    return tell_fault("the lake", "read or written", "its PostgreSQL's log says more", LakeError)


def run_sql(con: duckdb.DuckDBPyConnection, name: str) -> None:
    """Run one of the lake's SQL files."""
    con.execute((SQL / f"{name}.sql").read_text(encoding="utf-8"))


def open_gate(con: duckdb.DuckDBPyConnection, lake: Lake) -> None:
    """Reach the catalogue, and refuse one that could lose what it acknowledged. Raises LakeError."""
    for name in _EXTENSIONS:
        con.load_extension(str(_find_extension(name)))
    try:
        con.execute(f"ATTACH {_quote(lake.catalogue)} AS {GATE} (TYPE postgres)")
    except duckdb.Error:
        raise LakeError(
            "the lake: its PostgreSQL does not answer, or does not let this user in (docs/deploy.md)"
        ) from None
    asked = (SQL / "catalogue.sql").read_text(encoding="utf-8").partition("\n")[2]
    found = ask_catalogue(con, asked)
    said = dict(zip(("lc_messages", "fsync", "full_page_writes", "synchronous_commit"), found, strict=True))
    check_catalogue(said)


def ask_catalogue(con: duckdb.DuckDBPyConnection, query: str) -> tuple[Any, ...]:
    """The one row that PostgreSQL answers."""
    (row,) = con.execute("FROM postgres_query($1, $2)", [GATE, query]).fetchall()
    return tuple(row)


def check_catalogue(said: dict[str, str]) -> None:
    """Refuse settings under which rows were lost. `said`: name → value, as PostgreSQL has them."""
    language = said["lc_messages"].partition(".")[0]
    if language not in ("C", "POSIX"):  # DuckLake knows a conflict by PostgreSQL's English words
        raise LakeError(
            f"the lake: its PostgreSQL speaks {language}, and DuckLake reads English only. "
            "Set lc_messages = 'C' in postgresql.conf, and reload"
        )
    weak = [name for name, value in _DURABLE.items() if said[name] != value]
    weak += ["synchronous_commit"] if said["synchronous_commit"] in _WEAK else []
    if weak:
        raise LakeError(
            f"the lake: its PostgreSQL may lose what it acknowledged: set {' and '.join(weak)} = on"
        )


def attach(
    con: duckdb.DuckDBPyConnection, lake: Lake, *, writes: bool = False, creates: bool = False
) -> None:
    """Attach the lake as `lake`, read-only unless it `writes`. Raises LakeError where there is none."""
    options = [
        f"DATA_PATH {_quote(f'{lake.files}/')}",
        "OVERRIDE_DATA_PATH true",  # the folder may be mounted elsewhere here
        "DATA_INLINING_ROW_LIMIT 0",
        "AUTOMATIC_MIGRATION false",
        "ENCRYPTED",
        f"CREATE_IF_NOT_EXISTS {str(creates).lower()}",
        *([] if writes else ["READ_ONLY"]),
    ]
    con.execute("SET ducklake_max_retry_count = 0")  # one writer: a conflict means that there were two
    try:
        con.execute(f"ATTACH {_quote(f'ducklake:postgres:{lake.catalogue}')} AS lake ({', '.join(options)})")
        read_agreement(con)
    except duckdb.IOException:
        raise LakeError(f"the lake: its files are not in {lake.files}, or its PostgreSQL ended") from None
    except (duckdb.InvalidInputException, duckdb.CatalogException) as error:
        if "does not exist" not in str(error):
            raise
        if not creates:
            raise LakeError("the lake: there is none yet; python -m pipelines lake create makes it") from None


def read_agreement(con: duckdb.DuckDBPyConnection) -> Agreement:
    """What was agreed to when the lake was made."""
    (row,) = con.execute("FROM lake.agreement").fetchall()
    return Agreement(*row)


def list_snapshots(con: duckdb.DuckDBPyConnection) -> list[Snapshot]:
    """Every snapshot that is kept, the oldest first."""
    found = con.sql((SQL / "snapshots.sql").read_text(encoding="utf-8")).fetchall()
    return [Snapshot(number, datetime.fromtimestamp(seconds, UTC), *said) for number, seconds, *said in found]


def find_snapshot(snapshots: list[Snapshot], as_of: str | None) -> Snapshot:
    """The last snapshot, or that of a number, or the last of a moment (UTC where it names no zone) or day.

    Raises LakeError.
    """
    if as_of is None:
        return snapshots[-1]
    if as_of.isdecimal():
        fitting = [each for each in snapshots if each.number == int(as_of)]
    else:
        moment = _read_moment(as_of)
        fitting = [each for each in snapshots if each.moment <= moment]
    if not fitting:
        raise LakeError(
            f"--as-of {as_of}: no such snapshot; there are {snapshots[0].number} to {snapshots[-1].number}, "
            f"since {snapshots[0].moment:%Y-%m-%dT%H:%M:%SZ}"
        )
    return fitting[-1]


def _read_moment(text: str) -> datetime:
    try:
        if len(text) == len("2026-04-27"):
            return datetime.combine(date.fromisoformat(text) + timedelta(days=1), time(), UTC)
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise LakeError("--as-of: the number of a snapshot, a day or a moment (2026-04-27T18:00)") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


class LakeRows:
    """The rows of all offices as of one snapshot, for a tally. `snapshot` is known once they are defined."""

    snapshot: Snapshot

    def __init__(self, path: Path, as_of: str | None) -> None:
        self._lake, self._as_of = read_lake(path), as_of
        self.name = path.name
        self.offices: Sequence[str | None] = ()

    def without_words(self) -> AbstractContextManager[None]:
        """What is raised meanwhile is said anew."""
        return without_words()

    def define(self, con: duckdb.DuckDBPyConnection, mapping: Mapping) -> None:
        """Define the view `rows_typed`. Raises LakeError."""
        open_gate(con, self._lake)
        attach(con, self._lake)
        self.snapshot = find_snapshot(list_snapshots(con), self._as_of)
        show_snapshot(con, self.snapshot.number)
        check_grain(con, mapping)
        offices = (SQL / "offices.sql").read_text(encoding="utf-8")
        self.offices = [office for (office,) in con.execute(offices).fetchall()]
        con.execute("SET VARIABLE offices = $1::VARCHAR[]", [self.offices])
        run_sql(con, "rows_typed")

    def check(self, con: duckdb.DuckDBPyConnection) -> None:
        """Nothing: a row that cannot be read is none that was written."""


def check_grain(con: duckdb.DuckDBPyConnection, mapping: Mapping) -> None:
    """Refuse a mapping by which a row is something else. Raises LakeError."""
    grain = read_agreement(con).grain
    if grain != mapping.grain.value:
        raise LakeError(f"the lake: its grain is {grain}, the mapping's {mapping.grain.value}")


def show_snapshot(con: duckdb.DuckDBPyConnection, number: int) -> None:
    """Define the view `rows_kept`: the stays as of one snapshot."""
    con.sql(f"FROM lake.stays AT (VERSION => {number:d})").create_view("rows_kept")


def set_key(con: duckdb.DuckDBPyConnection, key: bytes, scope: str) -> None:
    """From now on a person is a keyed hash. `scope`: whose ids they are."""
    block = key.ljust(_PAD, b"\0")
    con.execute("SET VARIABLE inner_pad = $1::BLOB", [bytes(each ^ 0x36 for each in block)])
    con.execute("SET VARIABLE outer_pad = $1::BLOB", [bytes(each ^ 0x5C for each in block)])
    con.execute("SET VARIABLE scope = $1::VARCHAR", [scope])
    run_sql(con, "keyed")


def _find_extension(name: str) -> Path:
    """Where the package of an extension keeps the file for this DuckDB. Raises LakeError."""
    found = find_spec(f"duckdb_extension_{name}")
    folders = found.submodule_search_locations if found else None
    path = Path((folders or [""])[0], "extensions", f"v{duckdb.__version__}", f"{name}.duckdb_extension")
    if not folders or not path.is_file():
        raise LakeError(
            f"DuckDB {duckdb.__version__} has no {name} here; install the extra: pip install '.[machines]'"
        )
    return path


def _quote(text: str) -> str:
    """A text as SQL writes it, where no parameter may stand."""
    return "'" + text.replace("'", "''") + "'"
