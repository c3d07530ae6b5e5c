"""What one run leaves to the next, and what can go wrong with one address."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import msgspec

from pipelines.core import private_files
from pipelines.core.privacy import DiscreetError


class CollectError(DiscreetError):
    """An address did not yield what was asked; the message says why and, where there is one, a way out."""


class RefusedError(CollectError):
    """It will not do as it stands: unsafe, forbidden, gone, too large or of another kind."""


class MissingError(RefusedError):
    """The server says that there is no such thing, or not for us (a 4xx status)."""


class RobotsError(RefusedError):
    """The host's robots.txt does not allow it for now."""


class FailedError(CollectError):
    """It may work another time: a time-out, a broken connection, a server in trouble."""


class UnreachableError(FailedError):
    """No connection was made, so nothing that was to be sent has left."""


class PostponedError(CollectError):
    """The host has had enough requests for now. `until`: when it may be asked again; None: the next run."""

    def __init__(self, message: str, until: datetime | None = None) -> None:
        super().__init__(message)
        self.until = until


FILE: Final = "collect.json"
_FORGOTTEN_AFTER: Final = timedelta(days=180)  # an entry that no feed has listed for so long


class StateError(CollectError):
    """`collect.json` cannot be read; the message says what may be done about it."""


class StateStruct(msgspec.Struct, kw_only=True, omit_defaults=True):
    """Base of what is written here: mutable, small."""


class Validators(StateStruct):
    """What a server gave to be asked with: has it changed since?"""

    etag: str | None = None
    last_modified: str | None = None

    def headers(self) -> dict[str, str]:
        """The conditional request."""
        pairs = (("If-None-Match", self.etag), ("If-Modified-Since", self.last_modified))
        return {name: text for name, text in pairs if text}


class Robots(StateStruct):
    """A copy of a robots.txt; `text` is empty where the host has none."""

    fetched: datetime
    text: str


class SourceState(StateStruct):
    """What is known of one source."""

    since: datetime  # first asked
    validators: Validators = msgspec.field(default_factory=Validators)
    last_success: datetime | None = None
    last_new: datetime | None = None  # the newest entry it has shown


class Seen(StateStruct):
    """What became of one entry. Where both `sha256` and `problem` are missing it was never settled."""

    listed: datetime  # when a source last named it
    sha256: str | None = None
    problem: str | None = None
    stamp: str | None = None  # its date of change as the feed writes it; another one: ask again
    source: str | None = None  # which source named it
    published: datetime | None = None  # as the source says
    language: str | None = None
    got: datetime | None = None  # first, or since its stamp last changed
    failing_since: datetime | None = None
    due: datetime | None = None  # when it is asked again, listed or not; None: never
    validators: Validators = msgspec.field(default_factory=Validators)

    @property
    def settled(self) -> bool:
        """Nothing more to do, unless the feed says that it changed."""
        return self.sha256 is not None or self.problem is not None


class CrawlState(StateStruct):
    """All of it."""

    listings: dict[str, SourceState] = {}
    seen: dict[str, Seen] = {}  # address → what became of it
    robots: dict[str, Robots] = {}  # origin → copy
    not_before: dict[str, datetime] = {}  # host → when it may be asked again


def read_state(inbox: Path) -> CrawlState:
    """The state, empty on a first run. Raises StateError when the file is damaged."""
    path = inbox / FILE
    try:
        return msgspec.json.decode(path.read_bytes(), type=CrawlState)
    except FileNotFoundError:
        return CrawlState()
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        raise StateError(
            f"{path} is damaged ({error}); delete it: reports already kept are known again by their sha256"
        ) from error


def write_state(inbox: Path, state: CrawlState, now: datetime) -> None:
    """Write it beside and rename over, without what no longer matters."""
    state.seen = {url: seen for url, seen in state.seen.items() if now - seen.listed < _FORGOTTEN_AFTER}
    state.robots = {
        origin: copy for origin, copy in state.robots.items() if now - copy.fetched < timedelta(days=1)
    }
    for host in [host for host, hour in state.not_before.items() if hour <= now]:
        del state.not_before[host]  # in place: a run that goes on keeps its pauses here
    write_json(inbox / FILE, state)


def write_json(path: Path, value: object) -> None:
    """Readable JSON, never half written."""
    private_files.make_folder(path.parent)
    beside = path.with_name(f".{path.name}.new")
    with private_files.open_private(beside, "wb") as handle:
        handle.write(msgspec.json.format(msgspec.json.encode(value), indent=1) + b"\n")
    beside.replace(path)
