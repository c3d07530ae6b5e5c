"""Builds of another machine: a thread that keeps the data folder at what $LIBEROMETRO_BUILDS serves.

Readers are served from the folder alone, so a store that is away, slow or wrong takes nothing from them; what
is wrong with it is said in the log once, and in `/healthz` for as long as it lasts.
"""

import logging
import time
from dataclasses import dataclass
from threading import Event, Thread
from typing import Any, Final

from dashboards.queries import database
from pipelines.warehouse.build_store import StoreError, open_store
from pipelines.warehouse.shared_builds import Follower

SECONDS: Final = 5.0  # between two looks at the store
FIRST_SECONDS: Final = 20.0  # that a start without any build waits for the first look
LONGEST_SECONDS: Final = 120.0  # for a look, before the store counts as away
_log: Final = logging.getLogger("liberometro")


@dataclass
class Following:
    """What became of the looks at the store."""

    problem: str = ""  # a code, as `/healthz` tells it
    said: str = ""
    reached: float | None = None  # the monotonic time of the last look that was answered well
    begun: float = 0.0  # of the look that is going on, 0 between two


_current: Following | None = None


def start() -> None:
    """Begin to follow where the environment names a store; without any build here wait for the first look."""
    global _current
    if _current is not None:
        return
    try:
        store = open_store()
    except StoreError as error:
        _current = Following()
        _note(_current, error.code, str(error))
        return
    if store is None:
        return
    _current, done = Following(), Event()
    data = database.find_data_dir()
    follower = Follower(store, data)
    Thread(target=_follow, args=(follower, _current, done), name="builds", daemon=True).start()
    if not data.pointer.exists():
        done.wait(FIRST_SECONDS)


def tell() -> dict[str, Any] | None:
    """For a monitor: the problem as a code, None without one, and since when nothing was heard; None where
    nothing is followed.
    """
    if _current is None:
        return None
    now = time.monotonic()
    begun = _current.begun
    hangs = begun > 0 and now - begun > LONGEST_SECONDS
    return {
        "problem": "store_unreachable" if hangs else _current.problem or None,
        "reached_seconds_ago": None if _current.reached is None else round(now - _current.reached),
    }


def _follow(follower: Follower, state: Following, done: Event) -> None:
    while True:
        state.begun = time.monotonic()
        _look(follower, state)
        state.begun = 0.0
        done.set()
        time.sleep(SECONDS)


def _look(follower: Follower, state: Following) -> None:
    try:
        follower.look()
    except StoreError as error:
        _note(state, error.code, str(error))
    except OSError as error:
        _note(state, "store_not_copied", f"{error.filename or 'the copy'}: {error.strerror or error}")
    except Exception:  # whatever it is, the next look may go well
        if state.problem != "store_not_copied":
            _log.exception("could not follow the store of builds")
        state.problem, state.said = "store_not_copied", ""
    else:
        state.reached = time.monotonic()
        _note(state, "", "")


def _note(state: Following, problem: str, said: str) -> None:
    """Keep what is wrong, and say it once."""
    if said != state.said:
        if said:
            here = "what is here is served"
            if not database.find_data_dir().pointer.exists():
                here = "no build is here yet, so readers are told that there is none"
            _log.warning("%s; %s", said, here)
        else:
            _log.warning("the store of builds is followed again")
    state.problem, state.said = problem, said
