"""A POST to a place that the group named: https, or this machine; no redirect, no proxy, bounded."""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from dashboards.digest.channel import USER_AGENT, ChannelError, UnsureError
from pipelines.intake.crawler.address_guard import (
    Place,
    Resolve,
    is_loopback,
    is_nobodys,
    look_up,
    parse_place,
)
from pipelines.intake.crawler.crawl_state import FailedError, RefusedError, UnreachableError
from pipelines.intake.crawler.http_transfer import HttpAnswer, post
from pipelines.intake.crawler.polite_client import Clock, SystemClock, read_retry_after
from pipelines.intake.crawler.source_list import RequestLimits

_ATTEMPTS: Final = 3
_FIRST_PAUSE: Final = timedelta(seconds=2)  # before the second attempt; doubled for the third
_LONGEST_PAUSE: Final = timedelta(minutes=2)  # a server that wants more is left for the next run
_ANSWER_BYTES: Final = 1_000_000
_NOT_TAKEN: Final = {408, 425, 429}  # said before anything was done with the message
_SERVER_TROUBLE: Final = 500


@dataclass(frozen=True)
class HttpOut:
    """The world, for tests to hand in; `limits` bounds one request in seconds."""

    resolve: Resolve = look_up
    clock: Clock = field(default_factory=SystemClock)
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    limits: RequestLimits = field(
        default_factory=lambda: RequestLimits(connect_seconds=10, read_seconds=30, total_seconds=30)
    )

    def send(self, place: Place, body: bytes, headers: Mapping[str, str], *, repeats: bool) -> HttpAnswer:
        """The answer, of a status from 200 to 299. With `repeats` what is unsure is tried again.

        Raises ChannelError where the message was surely not taken, UnsureError where nobody can tell.
        """
        told = {"User-Agent": USER_AGENT, "Content-Type": "application/json", **headers}
        told["Content-Length"] = str(len(body))
        for attempt in range(1, _ATTEMPTS + 1):
            trouble, asked_for = self._try(place, body, told)
            if isinstance(trouble, HttpAnswer):
                return trouble
            passing = repeats or not isinstance(trouble, UnsureError)
            if attempt == _ATTEMPTS or asked_for is None or not passing:
                raise trouble
            pause = asked_for or _FIRST_PAUSE * 2 ** (attempt - 1)
            if pause > _LONGEST_PAUSE:
                raise trouble
            self.clock.sleep(pause)
        raise AssertionError("the last attempt returns or raises")

    def _try(
        self, place: Place, body: bytes, headers: Mapping[str, str]
    ) -> tuple[HttpAnswer | ChannelError, timedelta | None]:
        """The answer, or the trouble with the pause after which it may have passed (None: never)."""
        try:
            addresses = find_addresses(place, self.resolve)
            answer = post(
                place,
                addresses,
                body,
                headers=headers,
                limits=self.limits,
                max_bytes=_ANSWER_BYTES,
                tls=self.tls,
            )
        except UnreachableError as error:
            return ChannelError(str(error)), timedelta(0)
        except RefusedError as error:
            return UnsureError(str(error)), None
        except FailedError as error:
            return UnsureError(str(error)), timedelta(0)
        status = answer.status
        if 200 <= status < 300:
            return answer, None
        asked = read_retry_after(answer.headers, self.clock.now()) or timedelta(0)
        if status in _NOT_TAKEN:
            return ChannelError(f"it answers {status}", status), asked
        if status >= _SERVER_TROUBLE:
            return UnsureError(f"it answers {status}", status), asked
        redirects = ": it redirects, which is not followed" if 300 <= status < 400 else ""
        return ChannelError(f"it answers {status}{redirects}", status), None


def find_addresses(place: Place, resolve: Resolve) -> list[str]:
    """The addresses of a host: this machine's own, or any that is asked over https. Raises ChannelError."""
    try:
        addresses = resolve(place.host, place.port)
    except FailedError as error:
        raise UnreachableError(str(error)) from error
    if addresses and all(map(is_loopback, addresses)):
        return addresses
    if place.scheme != "https":
        raise ChannelError(f"{place.host} is another machine: it is told over https only")
    for address in addresses:
        if is_nobodys(address):
            raise ChannelError(f"{place.host} leads to {address}, which is no server's address")
    return addresses


def read_place(address: str) -> Place:
    """An address taken apart. Raises ChannelError without repeating it, for its path may be a secret."""
    try:
        return parse_place(address, range(1, 65_536))
    except RefusedError as error:
        raise ChannelError(f"its address: {error}") from None
