"""What Prometheus may ask: on a port of its own, on this machine only, and only where the environment names
one in $LIBEROMETRO_METRICS_PORT. The public port answers to none of it.
"""

import logging
import os
from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    start_http_server,
)
from prometheus_client.metrics_core import Metric

from dashboards.queries import memory

PORT: Final = "LIBEROMETRO_METRICS_PORT"
HOST: Final = "127.0.0.1"
_log: Final = logging.getLogger("liberometro")


class _Looking:
    """Looks before anything is told, and tells nothing itself."""

    def __init__(self) -> None:
        self.look: Callable[[], object] = dict

    def collect(self) -> Iterator[Metric]:
        """Called by the registry; this one first."""
        self.look()
        return iter(())


REGISTRY: Final = CollectorRegistry()
_looking: Final = _Looking()
REGISTRY.register(_looking)
ProcessCollector(registry=REGISTRY)  # among others process_resident_memory_bytes
ANSWERED: Final = Counter(
    "liberometro_requests", "Requests by what was asked for and the code", ["kind", "code"], registry=REGISTRY
)
REFUSED: Final = Counter(
    "liberometro_refused", "Work refused before it was begun, by what", ["what"], registry=REGISTRY
)
WORKED: Final = Histogram(
    "liberometro_work_seconds",
    "Seconds at work on what was let in, by gate",
    ["gate"],
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
    registry=REGISTRY,
)
SESSIONS: Final = Gauge("liberometro_sessions", "Readers with a page open", registry=REGISTRY)
HEALTHY: Final = Gauge("liberometro_healthy", "1 while /healthz answers 200", registry=REGISTRY)
STORE_FOLLOWED: Final = Gauge(
    "liberometro_store_followed",
    "1 while the store of builds is followed, or none is named",
    registry=REGISTRY,
)
BUILD_AGE: Final = Gauge("liberometro_build_age_seconds", "Since the build was made", registry=REGISTRY)
DATA_AGE: Final = Gauge("liberometro_data_age_seconds", "Since the newest report", registry=REGISTRY)
PENDING: Final = Gauge("liberometro_rows_pending", "Rows that wait for a person", registry=REGISTRY)
DISK_FREE: Final = Gauge("liberometro_disk_free_bytes", "Where the build lies", registry=REGISTRY)
_HELD: Final = Gauge(
    "liberometro_cache_bytes", "Answers kept in memory, by pool", ["pool"], registry=REGISTRY
)


def serve(look: Callable[[], object]) -> None:
    """Start to listen where the environment says so; `look` sets the gauges of the build."""
    stated = os.environ.get(PORT)
    if not stated:
        return
    for name, pool in memory.POOLS.items():
        _HELD.labels(name).set_function(partial(lambda each: float(each.held), pool))
    _looking.look = look
    try:
        start_http_server(int(stated), HOST, REGISTRY)
    except (OSError, ValueError, OverflowError) as error:  # no reader is turned away for it
        _log.error("no metrics on %s:%s (%s=%s): %s", HOST, stated, PORT, stated, error)
        return
    _log.info("metrics on %s:%s", HOST, stated)
