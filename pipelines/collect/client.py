"""A polite reader of the web: robots.txt first, then redirects one checked step at a time, then patience."""

import random
import ssl
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from protego import Protego

from pipelines.collect.addresses import Place, Resolve, join, look_up, parse_place, public_addresses
from pipelines.collect.errors import CollectError, FailedError, MissingError, PostponedError, RefusedError
from pipelines.collect.pace import Clock, Pace, SystemClock
from pipelines.collect.sources import Sources
from pipelines.collect.state import Robots, State, Validators
from pipelines.collect.transfer import Answer, get
from pipelines.readers.limits import DEFAULT

_REDIRECTS: Final = {301, 302, 303, 307, 308}
_PASSING: Final = {408, 425, 429, 500, 502, 503, 504}  # statuses that another attempt may change
_ROBOTS_KEPT: Final = timedelta(days=1)  # RFC 9309, 2.4


@dataclass(frozen=True)
class Outside:
    """What the client takes from the world, so that a test can hand in its own.

    `allow_private` lifts the refusal of private addresses; it exists for tests against a local server.
    """

    clock: Clock = field(default_factory=SystemClock)
    chance: random.Random = field(default_factory=random.Random)
    resolve: Resolve = look_up
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    allow_private: bool = False


class Client:
    """Fetches for one run. Its `pace` says how soon a host may be asked again."""

    def __init__(self, sources: Sources, state: State, outside: Outside) -> None:
        self._limits = sources.limits
        self._agent = sources.agent
        self._headers = {"User-Agent": sources.user_agent}
        self._state = state
        self._outside = outside
        self._out_of_reach: dict[str, CollectError] = {}  # origins whose robots.txt failed in this run
        self.pace = Pace(sources.limits, outside.clock, state.not_before, outside.chance)

    def fetch(
        self,
        url: str,
        *,
        accepted: Collection[str],
        max_bytes: int,
        ports: Collection[int] = (),
        validators: Validators | None = None,
    ) -> Answer:
        """The answer (200 or 304) at the end of at most `redirects` steps, each checked like the first.

        Raises RefusedError, FailedError or PostponedError; of the address the message holds the host alone.
        """
        headers = {"Accept": ", ".join(accepted), **(validators.headers() if validators else {})}
        return self._follow(url, headers, accepted, max_bytes, ports, asks_robots=True)

    def _follow(
        self,
        url: str,
        headers: dict[str, str],
        accepted: Collection[str] | None,
        max_bytes: int,
        ports: Collection[int],
        *,
        asks_robots: bool,
    ) -> Answer:
        passed: set[str] = set()
        for _ in range(self._limits.redirects + 1):
            place = parse_place(url, ports)
            if place.url in passed:
                raise RefusedError("its redirects go round in a circle")
            passed.add(place.url)
            if asks_robots:
                self._heed_robots(place, ports)
            answer = self._ask(place, headers, accepted, max_bytes)
            if answer.status not in _REDIRECTS:
                return answer
            url = join(place.url, answer.headers.get("location", ""))
            if place.scheme == "https" and url.lower().startswith("http:"):
                raise RefusedError("it redirects from https to http")
        raise RefusedError(f"it redirects more than {self._limits.redirects} times")

    def _ask(
        self, place: Place, headers: dict[str, str], accepted: Collection[str] | None, max_bytes: int
    ) -> Answer:
        """One place, as often as `attempts` allows, with growing pauses."""
        trouble: FailedError | None = None
        for attempt in range(1, self._limits.attempts + 1):
            self._wait(place.host, trouble)
            addresses = public_addresses(
                place, resolve=self._outside.resolve, allow_private=self._outside.allow_private
            )
            try:
                answer = get(
                    place,
                    addresses,
                    headers={**self._headers, **headers},
                    limits=self._limits,
                    max_bytes=max_bytes,
                    accepted=accepted,
                    tls=self._outside.tls,
                )
            except FailedError as error:
                trouble = error
                self.pace.back_off(place.host, attempt)
                continue
            if answer.status in {200, *_REDIRECTS} or (answer.status == 304 and "If-None-Match" in headers):
                return answer
            if answer.status not in _PASSING:
                kind = MissingError if 400 <= answer.status < 500 else RefusedError
                raise kind(f"{place.host} answers {answer.status}")
            trouble = FailedError(f"{place.host} answers {answer.status}")
            self.pace.back_off(place.host, attempt, answer.headers)
        raise trouble or FailedError(f"{place.host} was not asked")

    def _wait(self, host: str, trouble: FailedError | None) -> None:
        try:
            self.pace.wait(host)
        except PostponedError as error:
            if trouble is None:
                raise
            raise PostponedError(f"{trouble}; {error}", error.until) from trouble

    def _heed_robots(self, place: Place, ports: Collection[int]) -> None:
        """Raises RefusedError where robots.txt says no, FailedError where it cannot be read (RFC 9309)."""
        rules = Protego.parse(self._robots(place, ports))
        self.pace.slow_down(place.host, rules.crawl_delay(self._agent))
        if not rules.can_fetch(place.url, self._agent):
            raise RefusedError(f"robots.txt of {place.host} does not allow it")

    def _robots(self, place: Place, ports: Collection[int]) -> str:
        kept = self._state.robots.get(place.origin)
        now = self._outside.clock.now()
        if kept is not None and now - kept.fetched < _ROBOTS_KEPT:
            return kept.text
        if place.origin in self._out_of_reach:
            raise self._out_of_reach[place.origin]
        try:
            text = self._read_robots(place, ports)
        except PostponedError as error:
            self._out_of_reach[place.origin] = error
            raise
        except CollectError as error:
            failure = FailedError(f"robots.txt of {place.host} cannot be read ({error}), so nothing else is")
            self._out_of_reach[place.origin] = failure
            raise failure from error
        self._state.robots[place.origin] = Robots(fetched=now, text=text)
        return text

    def _read_robots(self, place: Place, ports: Collection[int]) -> str:
        url = f"{place.origin}/robots.txt"
        try:
            answer = self._follow(url, {}, None, DEFAULT.robots_bytes, ports, asks_robots=False)
        except MissingError:
            return ""  # a host without rules
        return answer.body.decode("utf-8", "replace")
