"""What a channel is: it parts a digest into messages and sends one, or says why not and if that is sure."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, Protocol

from dashboards.digest.entries import Digest
from pipelines.core.privacy import DiscreetError

USER_AGENT: Final = "Liberometro"


class ChannelError(DiscreetError):
    """A message was not sent; the error says why, without any secret. `status` is what HTTP answered."""

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


class UnsureError(ChannelError):
    """It left, and no answer says whether it arrived."""


@dataclass(frozen=True)
class Message:
    """What is sent at once. `key` follows from the channel and the entries that it tells of, so that one that
    is sent again has the same."""

    key: str
    entries: tuple[str, ...]  # ids
    body: bytes = field(repr=False)


class Channel(Protocol):
    """One place that the group named. `name` is shown and kept; `repeats` says whether whoever receives can
    tell a repeat by its key, so that what is unsure is sent again without asking."""

    @property
    def name(self) -> str:
        """What it is called."""
        ...

    @property
    def repeats(self) -> bool:
        """Whether a repeat is known by its key."""
        ...

    def make_messages(self, digest: Digest) -> list[Message]:
        """The digest, which has entries, as messages."""
        ...

    def send(self, message: Message) -> None:
        """Raises ChannelError where it was surely not sent, UnsureError where nobody can tell."""
        ...


def make_key(channel: str, entries: Iterable[str]) -> str:
    """32 hexadecimal digits."""
    return hashlib.sha256("\n".join([channel, *sorted(entries)]).encode()).hexdigest()[:32]
