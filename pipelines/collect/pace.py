"""How often one host is asked: a pause between requests, a limit a run, longer pauses when it struggles."""

import random
import time
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final, Protocol

from pipelines.collect.errors import PostponedError
from pipelines.collect.sources import Limits

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


class Pace:
    """Keeps each host's next hour. `not_before` outlives the run: a pause that was asked for is kept."""

    def __init__(
        self, limits: Limits, clock: Clock, not_before: dict[str, datetime], random_: random.Random
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
        self._delays[host] = max(timedelta(seconds=self._limits.delay_seconds), wanted)

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
        asked = _retry_after(headers, self._clock.now()) if headers else None
        pause = _FIRST_PAUSE * 2 ** (attempt - 1) * (1 + self._random.random() / 2)
        self.hold(host, pause if asked is None else asked)


def _retry_after(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """Retry-After in either of its forms (RFC 9110, 10.2.3); None where it is missing or unreadable."""
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdecimal():
        return timedelta(seconds=int(text)) if len(text) < 8 else _LONGEST_PAUSE
    try:
        hour = parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(timedelta(0), (hour if hour.tzinfo else hour.replace(tzinfo=UTC)) - now)
