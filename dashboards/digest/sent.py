"""What was sent to which channel: a private file that is written before and after each message.

A message that is written down and neither confirmed nor taken back is unsure: a run was killed, or a
connection broke, while it was on its way. It lies with the inbox, not with the builds, which may be deleted.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import msgspec

from pipelines.core import private_files
from pipelines.core.paths import sync
from pipelines.core.privacy import DiscreetError

FILE: Final = "digest.json"
LOCK: Final = "digest.lock"


class SentError(DiscreetError):
    """Nothing may be sent: another run is sending, or what was sent cannot be read or kept."""


class ChannelState(msgspec.Struct, kw_only=True):
    """Of one channel: ids of the entries that arrived, and those of each message that may have."""

    sent: set[str] = msgspec.field(default_factory=set)
    unsure: dict[str, list[str]] = msgspec.field(default_factory=dict)  # key of a message → its entries

    def list_unsure(self) -> set[str]:
        """All entries that may have arrived."""
        return {each for entries in self.unsure.values() for each in entries}


class SentState(msgspec.Struct, kw_only=True):
    """All channels by name."""

    channels: dict[str, ChannelState] = msgspec.field(default_factory=dict)


def read_state(folder: Path) -> SentState:
    """The state, empty before the first message. Raises SentError where it is damaged."""
    path = folder / FILE
    try:
        return msgspec.json.decode(path.read_bytes(), type=SentState)
    except FileNotFoundError:
        return SentState()
    except (msgspec.MsgspecError, ValueError, OSError) as error:
        raise SentError(
            f"{path} cannot be read, so nobody knows what was sent and nothing is: restore it, or delete "
            "it and send with a --since from which on nothing was sent"
        ) from error


def write_state(folder: Path, state: SentState) -> None:
    """Write it beside and rename over, on the disk when this returns. Raises SentError."""
    path = folder / FILE
    beside = path.with_name(f".{path.name}.new")
    try:
        with private_files.open_private(beside, "wb") as handle:
            handle.write(
                msgspec.json.format(msgspec.json.encode(state, order="deterministic"), indent=1) + b"\n"
            )
            handle.flush()
            os.fsync(handle.fileno())
        beside.replace(path)
        sync(folder)
    except OSError as error:
        raise SentError(f"{path} cannot be written ({error.strerror}), so nothing more is sent") from error


@contextmanager
def lock(folder: Path) -> Iterator[None]:
    """One run at a time. Raises SentError where another is sending."""
    try:
        private_files.make_folder(folder)
        handle = private_files.open_private(folder / LOCK, "w")
    except OSError as error:
        raise SentError(f"{folder} cannot be written ({error.strerror}); nothing was sent") from error
    with handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise SentError("another run is sending the digest; nothing was sent") from error
        yield
