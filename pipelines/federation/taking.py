"""Situations of other groups, taken from folders that they signed: `data/federation.toml` names them.

Each is written as a folder of `data/` whose `situation.toml` says who signed it (`signed_by`), and tried in a
build of its own before it takes its place: one that is bad or too old is left out, and the rest stands.
"""

import shutil
import tempfile
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Final

import duckdb
import msgspec

from pipelines.core import private_files
from pipelines.core.paths import DataDir
from pipelines.core.privacy import DiscreetError
from pipelines.core.signatures import KeyFileError, compute_fingerprint, read_public_key
from pipelines.core.situation import SignedBy, SituationError, TomlStruct, read_situation, read_toml
from pipelines.federation.copied_situation import PLACE, write_situation
from pipelines.federation.newest_taken import read_newest, remember
from pipelines.federation.signed_folder import (
    RefusedFolderError,
    SignedFolder,
    UnreachableFolderError,
    open_folder,
)
from pipelines.intake.crawler.polite_client import Outside
from pipelines.warehouse import build

FILE: Final = "federation.toml"
_DESCRIPTOR: Final = f"{PLACE}datapackage.json"
_ARRIVING: Final = ".federating-"
_CLOCKS_APART: Final = timedelta(days=1)


class Group(TomlStruct, frozen=True):
    """A group and its folder. `id` is the name that its situation has here."""

    id: Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9_]*\Z")]
    group: str
    address: str  # a folder on this machine (below `data/` where it is relative), or https://…
    key: str  # its public key, a PEM file, got another way than with the folder
    stale_days: Annotated[int, msgspec.Meta(ge=1)] = 45  # an older folder is not shown


class _Groups(TomlStruct, frozen=True):
    group: list[Group] = msgspec.field(default_factory=list)


@dataclass(frozen=True)
class Taken:
    """What became of one group's folder: the build that is shown of it, or why none is."""

    group: Group
    signed_by: SignedBy | None
    trouble: str = ""
    is_new: bool = False


class _Descriptor(msgspec.Struct):
    """What is read of `datapackage.json`."""

    version: str
    created: Annotated[datetime, msgspec.Meta(tz=True)]


def read_groups(data: DataDir) -> list[Group]:
    """The groups that the file names. Raises SituationError for a wrong one."""
    path = data.root / FILE
    groups = read_toml(path, _Groups).group
    for group in groups:
        if [each.id for each in groups].count(group.id) > 1:
            raise SituationError(f"{path}: two groups have the id {group.id!r}")
        if data.situation(group.id).exists() and _find_signer(data, group.id) is None:
            raise SituationError(
                f"{path}: {group.id!r} is a situation of your own, or another folder of {data.root}; "
                "give the group's another id"
            )
    return groups


def take_all(data: DataDir, now: datetime, outside: Outside) -> list[Taken]:
    """Take every folder anew; situations of groups that are named no longer go. The caller holds the lock."""
    groups = read_groups(data)
    for leftover in data.root.glob(f"{_ARRIVING}*"):
        shutil.rmtree(leftover)
    for name in data.situations():
        by = _find_signer(data, name)
        if by is None:
            continue
        remember(data, name, by)  # also of a run that ended between taking and noting
        if name not in {each.id for each in groups}:
            shutil.rmtree(data.situation(name))
    return [_take(data, group, now, outside) for group in groups]


def _take(data: DataDir, group: Group, now: datetime, outside: Outside) -> Taken:
    """What could not be read now stays as it was taken last, until it is too old."""
    before = _find_signer(data, group.id)
    try:
        by = _copy(data, group, before, now, outside)
        return Taken(group, by, is_new=by != before)
    except UnreachableFolderError as error:
        if before and not _is_stale(group, before.created, now):
            return Taken(group, before, f"{error}; the folder of {before.created:%Y-%m-%d} is shown")
        trouble = str(error)
    except (RefusedFolderError, KeyFileError, DiscreetError) as error:
        trouble = str(error)
    if before:
        shutil.rmtree(data.situation(group.id))
    return Taken(group, None, trouble)


def _copy(data: DataDir, group: Group, before: SignedBy | None, now: datetime, outside: Outside) -> SignedBy:
    key_file = data.root / group.key
    try:
        key = read_public_key(key_file.read_bytes(), group.key)
    except OSError as error:
        raise KeyFileError(f"{group.key} cannot be read ({error.strerror})") from error
    address = group.address if "://" in group.address else str(data.root / group.address)
    signed = open_folder(address, key, outside)
    stated = _read_descriptor(signed)
    by = SignedBy(
        group=group.group,
        fingerprint=compute_fingerprint(key),
        build=stated.version,
        created=stated.created,
        address=group.address,
    )
    if stated.created > now + _CLOCKS_APART:
        raise RefusedFolderError(f"it says that it was made on {stated.created:%Y-%m-%d}, which has not come")
    if _is_stale(group, stated.created, now):
        raise RefusedFolderError(
            f"it is of {stated.created:%Y-%m-%d}, older than the {group.stale_days} days that you allow"
        )
    newest = read_newest(data).get((group.id, by.fingerprint), by.created)
    if by.created < newest:
        raise RefusedFolderError(
            f"it is of {stated.created:%Y-%m-%d}, older than what was taken before "
            f"({newest:%Y-%m-%d}): somebody serves an old copy"
        )
    _replace(data, signed, group.id, by, now.date(), is_new=by != before)
    remember(data, group.id, by)
    return by


def _replace(data: DataDir, signed: SignedFolder, name: str, by: SignedBy, today: date, is_new: bool) -> None:
    """Write the situation beside, which holds every file against its sum.

    A new one is tried in a build of its own and put in the place of the last one.
    """
    private_files.make_folder(data.root)
    beside = Path(tempfile.mkdtemp(prefix=_ARRIVING, dir=data.root))
    try:
        trial = DataDir(beside)
        write_situation(signed, name, by, trial.situation(name))
        if not is_new:
            return
        try:
            build.build(trial, today=today)
        except (duckdb.DataError, duckdb.IntegrityError) as error:  # a value that no check foresaw
            raise RefusedFolderError(f"no build can be made of it ({type(error).__name__})") from error
        if data.situation(name).exists():
            data.situation(name).replace(beside / "before")
        trial.situation(name).replace(data.situation(name))
    finally:
        shutil.rmtree(beside)


def _read_descriptor(signed: SignedFolder) -> _Descriptor:
    try:
        return msgspec.json.decode(signed.read(_DESCRIPTOR), type=_Descriptor)
    except (msgspec.MsgspecError, ValueError) as error:
        raise RefusedFolderError(f"{_DESCRIPTOR}: {error}") from error


def _find_signer(data: DataDir, name: str) -> SignedBy | None:
    """Who signed a situation that is here; None for one's own, and where there is none."""
    folder = data.situation(name)
    return read_situation(folder).signed_by if (folder / "situation.toml").exists() else None


def _is_stale(group: Group, created: datetime, now: datetime) -> bool:
    return now - created > timedelta(days=group.stale_days)
