"""`/healthz`: whether readers get what they should, for a monitor. 200, or 503 with what is wrong as codes.

A store of builds that is away or wrong is a problem as well, but not of readers: it is told, with 200.

It opens nothing that was looked at already, is made at most every KEPT_SECONDS however many ask unless the
pointer or the build changed, and names no path.
"""

import os
import shutil
import time
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from threading import Lock
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from dashboards.app.server import following, metrics
from dashboards.queries import claim_rows, database
from pipelines.warehouse import published_build

KEPT_SECONDS: Final = 5
LEAST_FREE: Final = 200_000_000  # bytes: some tens of builds
OLDEST_DAYS: Final = "LIBEROMETRO_OLDEST_BUILD_DAYS"  # a build is made when its inputs change; 35 without


@dataclass(frozen=True)
class Health:
    """What is told, and whether all is well."""

    told: dict[str, Any]

    @property
    def is_good(self) -> bool:
        return bool(self.told["status"] != "failing")


_lock: Final = Lock()
_last: tuple[float, object, Health] | None = None


def list_routes() -> list[Route]:
    """For `st.App(routes=…)`."""
    return [Route("/healthz", serve_health)]


def serve_health(_request: Request) -> JSONResponse:
    """What `check` finds."""
    found = check()
    headers = {"Cache-Control": "no-store"} | ({} if found.is_good else {"Retry-After": "60"})
    return JSONResponse(found.told, 200 if found.is_good else 503, headers)


def check() -> Health:
    """The health now; one look for all who ask within a few seconds."""
    global _last
    with _lock:
        lies = _identify()
        if _last is None or _last[1] != lies or time.monotonic() - _last[0] > KEPT_SECONDS:
            _last = (time.monotonic(), lies, _look(datetime.now(UTC)))
        return _last[2]


def _identify() -> object:
    """Changes with the pointer and with every file beside it."""
    data = database.find_data_dir()
    found = []
    for path in sorted({data.pointer, *data.build.glob("*.duckdb")}):
        try:
            info = path.stat()
            found.append((path.name, info.st_size, info.st_mtime_ns, info.st_ctime_ns, info.st_ino))
        except OSError:
            found.append((path.name, -1, 0, 0, 0))
    return tuple(found)


def _look(now: datetime) -> Health:
    data = database.find_data_dir()
    found = published_build.check_build(data, now)
    problems = []
    if found.build is None:
        problems.append("no_readable_build")
    elif found.faults:
        problems.append("build_damaged")  # readers get the last good one
    oldest = timedelta(days=float(os.environ.get(OLDEST_DAYS, "35")))
    if found.age is not None and found.age > oldest:
        problems.append("build_too_old")
    if found.age is not None and found.age < -timedelta(hours=1):
        problems.append("clock_before_build")
    free = _find_free(data.build if data.build.is_dir() else data.root)
    if free is None or free < LEAST_FREE:
        problems.append("disk_full")
    newest, store = found.newest_published, following.tell()
    _set_gauges(found, now.date(), free, not problems)
    away = [store["problem"]] if store and store["problem"] else []
    metrics.STORE_FOLLOWED.set(not away)
    told = {
        "status": "failing" if problems else "degraded" if away else "ok",
        "problems": [*problems, *away],
        "build": {
            "readable": found.build is not None,
            "id": None if found.build is None else found.build.id,
            "built_at": None if found.build is None else found.build.built_at,
            "age_seconds": None if found.age is None else round(found.age.total_seconds()),
        },
        "data": {
            "newest_published": None if newest is None else newest.isoformat(),
            "age_days": None if newest is None else (now.date() - newest).days,
        },
        "store": store,
        "disk_free_bytes": free,
        "limits": {"build_age_seconds": round(oldest.total_seconds()), "disk_free_bytes": LEAST_FREE},
    }
    return Health(told)


def _find_free(folder: Any) -> int | None:
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return None


def _set_gauges(found: published_build.BuildHealth, today: date, free: int | None, good: bool) -> None:
    metrics.HEALTHY.set(good)
    metrics.DISK_FREE.set(-1 if free is None else free)
    if found.age is not None:
        metrics.BUILD_AGE.set(found.age.total_seconds())
    if found.newest_published is not None:
        metrics.DATA_AGE.set((today - found.newest_published).total_seconds())
    if found.build is not None:
        situations = database.read_situations(found.build)
        counted = [claim_rows.count_rows_by_state(found.build, each.id)["pending"] for each in situations]
        metrics.PENDING.set(sum(counted))
