"""Memory given back: glibc keeps what was freed in as many heaps as there are threads unless it is told."""

import ctypes
import gc
import sys
from contextlib import suppress
from typing import Final

from dashboards.app.server import admission
from dashboards.queries import memory

QUIET_SECONDS: Final = 10  # without work that was let in
FORGOTTEN_SECONDS: Final = 300  # then nobody waits for what somebody once asked for
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8


def prepare() -> None:
    """Two heaps for all threads, and large pieces straight from the system; before threads are started.

    Threads that compute hand over more often than by themselves: a front page waits for each of them.
    """
    sys.setswitchinterval(0.001)
    with suppress(OSError, AttributeError):  # another C library
        libc = ctypes.CDLL(None)
        libc.mallopt(_M_ARENA_MAX, 2)
        libc.mallopt(_M_MMAP_THRESHOLD, 256 * 1024)
        libc.mallopt(_M_TRIM_THRESHOLD, 1024 * 1024)


class Upkeep:
    """Gives memory back once after each time of work."""

    def __init__(self) -> None:
        self._done_for = 0.0
        self._forgot_for = 0.0

    def do(self) -> None:
        """Called every few seconds."""
        used = max(admission.FILES.last_used, admission.PAGES.last_used)
        if used != self._forgot_for and admission.FILES.is_idle(FORGOTTEN_SECONDS):
            self._forgot_for, self._done_for = used, 0.0
            memory.ASKED.clear()
        if used == self._done_for or not admission.FILES.is_idle(QUIET_SECONDS):
            return
        self._done_for = used
        gc.collect()
        give_back()


def give_back() -> None:
    """What is free goes back to the system."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
