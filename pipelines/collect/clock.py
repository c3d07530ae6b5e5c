"""Time, as something that can be handed in: the run waits by it, and a test's clock waits for nobody."""

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """The hour, and a way to let it pass."""

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
