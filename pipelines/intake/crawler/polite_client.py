"""A polite reader of the web: robots.txt first, pauses, limits, redirects one checked step at a time."""

import random
import ssl
import time
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final, Protocol

from protego import Protego

from pipelines.core.file_limits import DEFAULT
from pipelines.intake.crawler.address_guard import Place, Resolve, join, look_up, parse_place, resolve_public
from pipelines.intake.crawler.crawl_state import (
    CollectError,
    CrawlState,
    FailedError,
    MissingError,
    PostponedError,
    RefusedError,
    Robots,
    RobotsError,
    Validators,
)
from pipelines.intake.crawler.http_transfer import HttpAnswer, get
from pipelines.intake.crawler.source_list import RequestLimits, Sources

_FIRST_PAUSE: Final = timedelta(seconds=4)  # before the second attempt; doubled for each further one
_LONGEST_PAUSE: Final = timedelta(days=1)  # whatever a server asks for


class Clock(Protocol):
    """The hour, and a way to let it pass; a test's clock waits for nobody."""

    def now(self) -> datetime:
        """The hour, in UTC."""
        ...

    def sleep(self, pause: timedelta) -> None:
        """Let time pass."""
        ...


class SystemClock:
    """The machine's own."""

    def now(self) -> datetime:
        """The hour, in UTC."""
        return datetime.now(UTC)

    def sleep(self, pause: timedelta) -> None:
        """Let time pass."""
        time.sleep(max(0.0, pause.total_seconds()))


class HostSchedule:
    """Keeps each host's next hour. `not_before` outlives the run: a pause that was asked for is kept."""

    def __init__(
        self, limits: RequestLimits, clock: Clock, not_before: dict[str, datetime], random_: random.Random
    ) -> None:
        self._limits = limits
        self._clock = clock
        self._not_before = not_before
        self._random = random_
        self._asked: Counter[str] = Counter()
        self._delays: dict[str, timedelta] = {}

    def slow_down(self, host: str, seconds: float | None) -> None:
        """Take over the pause that a robots.txt wants, where it is longer than ours."""
        wanted = min(_LONGEST_PAUSE, timedelta(seconds=min(seconds or 0.0, 1e6)))
        usual = timedelta(seconds=self._limits.delay_seconds)
        if wanted > self._delays.setdefault(host, usual) and self._asked[host]:
            self._not_before[host] = self.ready(host) + wanted - self._delays[host]
        self._delays[host] = max(usual, wanted)

    def ready(self, host: str) -> datetime:
        """When this host may be asked next."""
        return self._not_before.get(host, datetime.min.replace(tzinfo=UTC))

    def wait(self, host: str) -> None:
        """Wait for this host's turn and count the request. Raises PostponedError when that is too long."""
        if self._asked[host] >= self._limits.per_host:
            raise PostponedError(f"{host} was asked {self._limits.per_host} times in this run")
        pause = self.ready(host) - self._clock.now()
        if pause > timedelta(seconds=self._limits.patience_seconds):
            raise PostponedError(
                f"{host} wants a pause until {self.ready(host):%Y-%m-%d %H:%M} UTC", self.ready(host)
            )
        if pause > timedelta(0):
            self._clock.sleep(pause)
        self._asked[host] += 1
        self.hold(host, self._delays.get(host, timedelta(seconds=self._limits.delay_seconds)))

    def hold(self, host: str, pause: timedelta) -> None:
        """Do not ask this host again before the pause is over."""
        self._not_before[host] = max(self.ready(host), self._clock.now() + min(pause, _LONGEST_PAUSE))

    def back_off(self, host: str, attempt: int, headers: Mapping[str, str] | None = None) -> None:
        """After the n-th trouble: what Retry-After asks, else 4 s doubled each time and up to half more.

        The chance is there so that many collectors do not come back in step; it is drawn from a generator
        that is handed in.
        """
        asked = read_retry_after(headers, self._clock.now()) if headers else None
        pause = _FIRST_PAUSE * 2 ** (attempt - 1) * (1 + self._random.random() / 2)
        self.hold(host, pause if asked is None else asked)


def read_retry_after(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """Retry-After in either of its forms (RFC 9110, 10.2.3); None where it is missing or unreadable."""
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdecimal():
        return timedelta(seconds=int(text)) if len(text) < 8 else _LONGEST_PAUSE
    try:
        hour = parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(timedelta(0), (hour if hour.tzinfo else hour.replace(tzinfo=UTC)) - now)


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

    def __init__(self, sources: Sources, state: CrawlState, outside: Outside) -> None:
        self._limits = sources.limits
        self._agent = sources.agent
        self._headers = {"User-Agent": sources.user_agent}
        self._state = state
        self._outside = outside
        self._out_of_reach: dict[str, CollectError] = {}  # origins whose robots.txt failed in this run
        self.pace = HostSchedule(sources.limits, outside.clock, state.not_before, outside.chance)

    def fetch(
        self,
        url: str,
        *,
        accepted: Collection[str],
        max_bytes: int,
        ports: Collection[int] = (),
        validators: Validators | None = None,
        stays_on: Callable[[str], bool] | None = None,
    ) -> HttpAnswer:
        """The answer (200 or 304) at the end of at most `redirects` steps, each checked like the first.

        `stays_on` says of a host whether a redirect may lead there: a page that was hacked leads elsewhere.
        Raises RefusedError, FailedError or PostponedError; of the address the message holds the host alone.
        """
        headers = {"Accept": ", ".join(accepted), **(validators.headers() if validators else {})}
        return self._follow(url, headers, accepted, max_bytes, ports, stays_on, asks_robots=True)

    def _follow(
        self,
        url: str,
        headers: dict[str, str],
        accepted: Collection[str] | None,
        max_bytes: int,
        ports: Collection[int],
        stays_on: Callable[[str], bool] | None = None,
        *,
        asks_robots: bool,
    ) -> HttpAnswer:
        passed: set[str] = set()
        for _ in range(self._limits.redirects + 1):
            place = parse_place(url, ports)
            if place.url in passed:
                raise RefusedError("its redirects go round in a circle")
            passed.add(place.url)
            if stays_on is not None and not stays_on(place.host):
                raise RefusedError(
                    f"it leads to another site, {place.host}; where it has moved there, list that in `hosts`"
                )
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
    ) -> HttpAnswer:
        """One place, as often as `attempts` allows, with growing pauses."""
        trouble: FailedError | None = None
        for attempt in range(1, self._limits.attempts + 1):
            self._wait(place.host, trouble)
            addresses = resolve_public(
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
            raise RobotsError(f"robots.txt of {place.host} does not allow it")

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
