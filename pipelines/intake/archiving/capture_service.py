"""One public archive that takes requests for copies, as the Wayback Machine's "Save Page Now" does.

`POST /save` with the address begins a copy and gives a job; `GET /save/status/<job>` says what became of it.
Neither redirects nor proxies are followed; what a server says is repeated only as one of our own words.
"""

import os
import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlencode

import msgspec

from pipelines.core.privacy import DiscreetError
from pipelines.intake.crawler.address_guard import Place, is_loopback, parse_place, resolve_public
from pipelines.intake.crawler.crawl_state import CollectError, FailedError, PostponedError, RefusedError
from pipelines.intake.crawler.http_transfer import HttpAnswer, get, post
from pipelines.intake.crawler.polite_client import HostSchedule, Outside
from pipelines.intake.crawler.source_list import FILE, RequestLimits, Sources, SourcesError
from pipelines.intake.recheck.cited_pages import make_address_key

ADDRESS: Final = "LIBEROMETRO_ARCHIVE_ADDRESS"
KEY: Final = "LIBEROMETRO_ARCHIVE_KEY"
_ANY_PORT: Final = range(1, 65_536)
_ANSWER_BYTES: Final = 2_000_000  # a finished copy lists everything that was copied with the page
_JOB: Final = r"[A-Za-z0-9._-]{1,200}"
_STAMP: Final = "%Y%m%d%H%M%S"
_FULL: Final = {  # the archive takes no more from us for now, whatever the address
    "error:user-session-limit", "error:bandwidth-limit-exceeded", "error:max-daily-bandwidth",
    "error:max-daily-bandwidth-from-ip", "error:blocked-client-ip",
}  # fmt: skip
_PASSING: Final = (408, 425, 429)


class StopError(DiscreetError):
    """The archive is to be left alone for this run; the message says why."""


class NotCopiedError(DiscreetError):
    """The archive made no copy of one address; the message says why."""


@dataclass(frozen=True)
class Copy:
    """A copy in the archive."""

    address: str
    made: datetime


class _Job(msgspec.Struct, frozen=True):
    """What the archive answers; every part may be missing."""

    job_id: str | None = None
    status: str | None = None
    status_ext: str | None = None
    timestamp: str | None = None
    original_url: str | None = None


@dataclass(frozen=True)
class ArchivePlace:
    """Where copies are asked for: the archive's address without a last slash. `key` is shown nowhere."""

    place: Place
    key: str | None = field(default=None, repr=False)

    @property
    def base(self) -> str:
        return self.place.url.rstrip("/")


def find_archive(sources: Sources, environment: Mapping[str, str] | None = None) -> ArchivePlace | None:
    """The archive of `[archive]` in `sources.toml`, None where none is named: then nothing is asked.

    Raises SourcesError for an address that will not do, and for a key that would go where only a file says.
    """
    said = os.environ if environment is None else environment
    address = sources.archive.address.strip()
    if not address:
        return None
    try:
        place = parse_place(address, _ANY_PORT)
    except RefusedError as error:
        raise SourcesError(f"{FILE}: [archive] address: {error}") from error
    if "?" in address or "#" in address:
        raise SourcesError(f"{FILE}: [archive] address has a query or a fragment; leave it out")
    if place.scheme != "https" and not is_loopback(place.host):
        raise SourcesError(f"{FILE}: [archive] address: an archive is asked over https only")
    key = said.get(KEY, "").strip() or None
    if key is not None and not re.fullmatch(r"[!-9;-~]+:[!-~]+", key):
        raise SourcesError(f"${KEY} is the archive's two keys with a colon between them, without a space")
    if key is not None and said.get(ADDRESS, "").strip().rstrip("/") != address.rstrip("/"):
        raise SourcesError(
            f"${KEY} is set, and ${ADDRESS} is not the address of [archive] in {FILE}: a key goes only where "
            "the environment says, never where a file of the data folder does"
        )
    return ArchivePlace(place, key)


class CaptureService:
    """Asks one archive, with a pause between any two requests. `requests` counts what was sent."""

    def __init__(
        self, archive: ArchivePlace, sources: Sources, not_before: dict[str, datetime], outside: Outside
    ) -> None:
        self._archive, self._outside = archive, outside
        self._limits = _make_limits(sources)
        self._pace = HostSchedule(self._limits, outside.clock, not_before, outside.chance)
        self._headers = {"User-Agent": sources.user_agent, "Accept": "application/json"}
        if archive.key is not None:
            self._headers["Authorization"] = f"LOW {archive.key}"
        self._tls: ssl.SSLContext = outside.tls
        self._troubles = 0  # one after the other
        self.requests = 0

    def ask(self, address: str) -> Copy | str:
        """Ask for a copy of an address: the job that makes it, or the copy where there is one already.

        Raises FailedError, NotCopiedError, StopError.
        """
        answer = self._send("/save", urlencode({"url": address, "skip_first_archive": "1"}).encode())
        if 300 <= answer.status < 400:
            return self._read_redirect(answer, address)
        job = self._read_job(answer)
        if job.status == "success":
            return self._find_copy(job, address)
        if job.job_id is None or not re.fullmatch(_JOB, job.job_id):
            raise NotCopiedError("the archive took the address and named no job")
        return job.job_id

    def follow(self, job: str, address: str) -> Copy | None:
        """The copy that a job made of an address, None while it is at work.

        Raises FailedError, NotCopiedError, StopError.
        """
        answer = self._send(f"/save/status/{job}", None)
        if answer.status == 404:
            raise NotCopiedError("the archive has forgotten that it was asked")
        found = self._read_job(answer)
        return self._find_copy(found, address) if found.status == "success" else None

    def _send(self, path: str, body: bytes | None) -> HttpAnswer:
        """One request, in its turn. Raises FailedError, and StopError where the archive wants to be left."""
        place = parse_place(f"{self._archive.base}{path}", _ANY_PORT)
        try:
            self._pace.wait(place.host)
            addresses = resolve_public(
                place, resolve=self._outside.resolve, allow_private=self._outside.allow_private
            )
        except (PostponedError, RefusedError) as error:
            raise StopError(str(error)) from error
        self.requests += 1
        try:
            answer = self._exchange(place, addresses, body)
        except RefusedError as error:
            raise FailedError(f"{place.host}: {error}") from error
        if answer.status in _PASSING or answer.status >= 500:
            self._troubles += 1
            self._pace.back_off(place.host, self._troubles, answer.headers)
            if answer.status == 429:
                raise StopError(f"{place.host} answers 429: it was asked enough for now")
            raise FailedError(f"{place.host} answers {answer.status}")
        self._troubles = 0
        if answer.status in (401, 403):
            known = "does not take the key" if self._archive.key else f"wants a key (${KEY})"
            raise StopError(f"{place.host} answers {answer.status}: it {known}")
        return answer

    def _exchange(self, place: Place, addresses: list[str], body: bytes | None) -> HttpAnswer:
        if body is None:
            return get(
                place, addresses, headers=self._headers, limits=self._limits, max_bytes=_ANSWER_BYTES,
                accepted=None, tls=self._tls,
            )  # fmt: skip
        headers = {
            **self._headers,
            "Content-Type": "application/x-www-form-urlencoded",
            "Content-Length": str(len(body)),
        }
        return post(
            place,
            addresses,
            body,
            headers=headers,
            limits=self._limits,
            max_bytes=_ANSWER_BYTES,
            tls=self._tls,
        )

    def _read_job(self, answer: HttpAnswer) -> _Job:
        """What a JSON answer says. Raises as `ask` does."""
        host = answer.place.host
        if 300 <= answer.status < 400:
            raise StopError(f"{host} redirects ({answer.status}), which is not followed")
        if answer.status != 200:
            raise NotCopiedError(f"{host} answers {answer.status}")
        if answer.content_type != "application/json":
            raise FailedError(f"{host} answers with {answer.content_type or 'no type'} instead of JSON")
        try:
            job = msgspec.json.decode(answer.body, type=_Job)
        except (msgspec.MsgspecError, RecursionError, ValueError):
            raise FailedError(f"{host} answers with what is no answer to our question") from None
        if job.status == "error" or (job.status_ext or "").startswith("error:"):
            said = job.status_ext or ""
            reason = said if re.fullmatch(r"error:[a-z-]{1,60}", said) else "error:unknown"
            if reason in _FULL:
                raise StopError(f"{host} takes no more for now ({reason})")
            raise NotCopiedError(f"the archive made no copy ({reason})")
        return job

    def _read_redirect(self, answer: HttpAnswer, address: str) -> Copy:
        """A redirect to the finished copy, as older interfaces gave it. Raises StopError for any other."""
        found = re.fullmatch(
            rf"(?:{re.escape(self._archive.base)})?/web/(\d{{14}})/(\S+)", answer.headers.get("location", "")
        )
        if found is None:
            raise StopError(f"{answer.place.host} redirects ({answer.status}), which is not followed")
        return self._find_copy(_Job(timestamp=found[1], original_url=found[2]), address)

    def _find_copy(self, job: _Job, address: str) -> Copy:
        """The copy that a finished job made. Raises NotCopiedError where it is of another page."""
        if job.timestamp is None or not re.fullmatch(r"\d{14}", job.timestamp, re.ASCII):
            raise NotCopiedError("the archive does not say when it made the copy")
        try:
            made = datetime.strptime(job.timestamp, _STAMP).replace(tzinfo=UTC)
            original = parse_place(job.original_url or address, _ANY_PORT)
            asked = parse_place(address, _ANY_PORT)
        except (ValueError, CollectError):
            raise NotCopiedError("the archive does not say what it made a copy of") from None
        if _bare(original) != _bare(asked) or (original.path == "/") != (asked.path == "/"):
            raise NotCopiedError("the archive was led to another page")
        return Copy(f"{self._archive.base}/web/{job.timestamp}/{original.url}", made)


def _bare(place: Place) -> str:
    return make_address_key(place.origin)


def _make_limits(sources: Sources) -> RequestLimits:
    """The situation's limits with the archive's own pause; how many are asked is counted by the run."""
    pause = max(sources.archive.delay_seconds, 0.0)
    return msgspec.structs.replace(sources.limits, delay_seconds=pause, per_host=1_000_000)
