"""Who may start work, decided before anything of it is computed: by its cost, in all and for each address.

A gate counts the cost of all that was let in and is not done. What is let in waits for a free place; who
would exceed what a gate holds, or waits too long, is refused and told to come again.
"""

import ipaddress
import logging
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition
from typing import Final

from dashboards.app.server import metrics

AGAIN_SECONDS: Final = 5
NOBODY: Final = "local"  # an address that is not known: visitors of this machine itself
_log: Final = logging.getLogger("liberometro")


class RefusedError(RuntimeError):
    """There is no place now; the message says of what."""


class Gate:
    """Lets in work of a limited cost, and a limited number to be done at once, first come first served."""

    def __init__(self, name: str, *, cost: int, own_cost: int, at_once: int, own_at_once: int, wait: float):
        self.name = name
        self._cost, self._own_cost = cost, own_cost  # let in, in all and of one address
        self._at_once, self._own_at_once = at_once, own_at_once
        self._wait = wait  # seconds
        self._let_in: Counter[str] = Counter()
        self._at_work: Counter[str] = Counter()
        self._changed = Condition()
        self.last_used = 0.0  # on the monotonic clock

    @contextmanager
    def let_in(self, address: str, cost: int = 1) -> Iterator[None]:
        """Count the cost until it is done. Raises RefusedError at once where it is too much."""
        owner = group_address(address)
        with self._changed:
            if self._let_in.total() + cost > self._cost or self._let_in[owner] + cost > self._own_cost:
                self._refuse("too much at once")
            self._let_in[owner] += cost
        try:
            yield
        finally:
            self._leave(self._let_in, owner, cost)

    @contextmanager
    def at_work(self, address: str) -> Iterator[None]:
        """A place to work at, for what was let in. Raises RefusedError where the wait is too long."""
        owner = group_address(address)
        with self._changed:
            if not self._changed.wait_for(lambda: self._has_place(owner), self._wait):
                self._refuse(f"no place within {self._wait:.0f} s")
            self._at_work[owner] += 1
        begun = time.perf_counter()
        try:
            yield
        finally:
            metrics.WORKED.labels(self.name).observe(time.perf_counter() - begun)
            self._leave(self._at_work, owner, 1)

    def is_idle(self, seconds: float) -> bool:
        """Whether nothing was done here for a while."""
        with self._changed:
            return not self._let_in and time.monotonic() - self.last_used > seconds

    def _has_place(self, owner: str) -> bool:
        return self._at_work.total() < self._at_once and self._at_work[owner] < self._own_at_once

    def _leave(self, counted: Counter[str], owner: str, amount: int) -> None:
        with self._changed:
            self.last_used = time.monotonic()
            counted[owner] -= amount
            if counted[owner] <= 0:
                del counted[owner]
            self._changed.notify_all()

    def _refuse(self, why: str) -> None:
        note_refusal(self.name, why)
        raise RefusedError(f"{self.name}: {why}")


# Charts computed anew, pictures and PDF. One address never takes both places: another one gets on.
FILES: Final = Gate("files", cost=30, own_cost=12, at_once=2, own_at_once=1, wait=20)
# Cards of addresses that nobody made ahead: a day gone back to, a figure. Who is refused gets a plain one.
CARDS: Final = Gate("cards", cost=12, own_cost=4, at_once=2, own_at_once=1, wait=2)
# Pages being drawn, but those of a reader's own choice: they are computed anew, and go through FILES.
PAGES: Final = Gate("pages", cost=400, own_cost=120, at_once=2, own_at_once=2, wait=20)


def note_refusal(what: str, why: str) -> None:
    """Counted, and one line in the log. Whose address it was is nobody's business."""
    metrics.REFUSED.labels(what).inc()
    _log.warning("refused: %s, %s", what, why)


def group_address(address: str) -> str:
    """What counts as one visitor: an IPv4 address, or the /64 network that one owner has all of in IPv6."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return NOBODY
    if found.version == 4:
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((found, 64), strict=False))
