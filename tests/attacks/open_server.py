"""Forty visitors ask a real server for all they can: `python -m tests.attacks.open_server [SECONDS]`.

Each asks for one distinct thing after the other: files of every chart, form, size, language and day, charts
of their own, and pages over the websocket with hostile addresses. Meanwhile a reader asks for the front page,
and the memory of the server and its children is read. Ends with 1 where a limit did not hold.
"""

import asyncio
import http.client
import os
import random
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from pipelines.core.paths import ROOT, DataDir
from pipelines.warehouse import build
from tests.programs import run_apart, run_app

CLIENTS: Final = 40
GROWN_MB: Final = 300.0  # beyond idle, at any moment
LEFT_MB: Final = 100.0  # beyond idle, once it is quiet: what today's pages keep, and half of the rest
FRONT_SECONDS: Final = 0.5  # the front page's median
CALM_SECONDS: Final = 90  # within which memory has to be back
CHARTS: Final = (
    "overview", "held", "left-prison", "pace-left-prison", "pace-held", "pace-windows", "before-and-after",
    "outlook-held", "outlook-left-prison", "track-record", "announcements", "releases-by-role", "gaps",
    "not-comparable", "bands", "revolving-door", "breaks", "contradictions", "bridge", "bridges", "revisions",
    "origins", "nothing",
)  # fmt: skip
PAGES: Final = (
    "",
    "progress",
    "pace",
    "compare",
    "parts",
    "doubts",
    "builder",
    "claims",
    "changes",
    "quality",
)
LANGUAGES: Final = ("es", "en", "pt", "xx")
SIZES: Final = ("wide", "square", "tall", "story", "huge")
MEASURES: Final = ("in_custody", "released_to_date", "full_freedom_to_date", "detained_to_date")


@dataclass
class Seen:
    """What the attack met, and what it cost the server."""

    idle_mb: float = 0.0
    most_mb: float = 0.0
    after_mb: float = 0.0
    answers: Counter[str] = field(default_factory=Counter)
    without_retry: int = 0
    front: list[float] = field(default_factory=list)
    first_page: list[float] = field(default_factory=list)

    def list_failures(self) -> list[str]:
        """Every limit that did not hold, in words."""
        median = statistics.median(self.front)
        failed = [
            name for name in self.answers if name.startswith(("file 5", "page 5")) and "503" not in name
        ]
        return [
            message
            for broken, message in (
                (self.most_mb - self.idle_mb > GROWN_MB, f"grew by {self.most_mb - self.idle_mb:.0f} MB"),
                (self.after_mb - self.idle_mb > LEFT_MB, f"kept {self.after_mb - self.idle_mb:.0f} MB"),
                (median > FRONT_SECONDS, f"front page's median {median:.2f} s"),
                (bool(failed), f"answers {failed}"),
                (self.without_retry > 0, f"{self.without_retry} refusals without Retry-After"),
            )
            if broken
        ]

    def describe(self) -> str:
        """For a person."""
        memory = {"idle": self.idle_mb, "most": self.most_mb, "after": self.after_mb}
        timed = {"front": self.front, "page": self.first_page or [0.0]}
        return "\n".join(
            (
                "memory   " + ", ".join(f"{when} {held:.0f} MB" for when, held in memory.items()),
                *(f"{name:8} {_describe_times(each)}" for name, each in timed.items()),
                *(f"answers  {name}: {count}" for name, count in sorted(self.answers.items())),
            )
        )


def _describe_times(seconds: list[float]) -> str:
    return f"{len(seconds)} times, median {statistics.median(seconds):.2f} s, most {max(seconds):.1f} s"


def measure_megabytes(pid: int) -> float:
    """Resident memory of a process and everything that it started."""
    parents = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(path.parent.name)] = int(path.read_text("utf-8").rsplit(") ", 1)[1].split()[1])
        except (OSError, IndexError):
            continue
    ours, grown = {pid}, True
    while grown:
        more = {each for each, parent in parents.items() if parent in ours} - ours
        ours, grown = ours | more, bool(more)
    return sum(map(_read_megabytes, ours))


def _read_megabytes(pid: int) -> float:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1])
    except (OSError, IndexError):
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def attack(
    port: int,
    pid: int,
    seconds: float,
    seed: int = 0,
    calm: float = CALM_SECONDS,
    situation: str = "venezuela",
) -> Seen:
    """Let all of them loose on a server that answers already."""
    seen = Seen()
    for _ in range(3):
        _read_front(port)
    run_apart(_open_page(port, "", ""))
    seen.idle_mb = seen.most_mb = measure_megabytes(pid)
    end = time.monotonic() + seconds
    work = [
        threading.Thread(target=_ask, args=(port, random.Random(f"{seed} {n}"), end, seen, situation))
        for n in range(CLIENTS)
    ]
    work += [
        threading.Thread(target=_read, args=(port, end, seen)),
        threading.Thread(target=_read_pages, args=(port, end, seen)),
        threading.Thread(target=_watch, args=(pid, end, seen)),
    ]
    for each in work:
        each.start()
    for each in work:
        each.join()
    quiet = time.monotonic() + calm
    while time.monotonic() < quiet:
        seen.after_mb = measure_megabytes(pid)
        if seen.after_mb - seen.idle_mb <= LEFT_MB:
            break
        time.sleep(1)
    return seen


def _watch(pid: int, end: float, seen: Seen) -> None:
    while time.monotonic() < end:
        seen.most_mb = max(seen.most_mb, measure_megabytes(pid))
        time.sleep(0.25)


def _read(port: int, end: float, seen: Seen) -> None:
    while time.monotonic() < end:
        begun = time.perf_counter()
        code = _read_front(port)
        seen.front.append(time.perf_counter() - begun)
        seen.answers[f"front {code}"] += 1
        time.sleep(0.2)


def _read_pages(port: int, end: float, seen: Seen) -> None:
    while time.monotonic() < end:
        begun = time.perf_counter()
        if run_apart(_open_page(port, "", "")) == "drawn":
            seen.first_page.append(time.perf_counter() - begun)
        time.sleep(1)


def _read_front(port: int) -> int:
    return _get(port, "/")[0]


def _ask(port: int, chance: random.Random, end: float, seen: Seen, situation: str) -> None:
    visitor = f"192.0.2.{chance.randrange(1, 250)}"  # a proxy of this machine says who asks
    while time.monotonic() < end:
        if chance.random() < 0.25:
            page, query = chance.choice(PAGES), _invent_query(chance)
            seen.answers[f"page {run_apart(_open_page(port, page, query, visitor))}"] += 1
            continue
        code, headers = _get(port, _invent_file(chance, situation), visitor)
        seen.answers[f"file {code}"] += 1
        seen.without_retry += code == 503 and "Retry-After" not in headers
        if code == 503:
            time.sleep(0.2)  # ruder than what it was told, politer than a busy loop: the machine is shared


def _invent_day(chance: random.Random) -> str:
    return (date(2025, 12, 1) + timedelta(chance.randrange(360))).isoformat()


def _invent_file(chance: random.Random, situation: str) -> str:
    language = chance.choice(LANGUAGES)
    form = chance.choice(("png", "png", "svg", "csv", "xlsx", "json"))
    query = {"known": _invent_day(chance)} if chance.random() < 0.7 else {}
    query["size"] = chance.choice(SIZES)
    kind = chance.random()
    if kind < 0.1:
        del query["size"]
        return f"/file/{situation}/{language}/brief.pdf?{urlencode(query)}"
    if kind < 0.5:
        query |= {"what": chance.choice(MEASURES), "since": _invent_day(chance), "until": _invent_day(chance)}
        return f"/file/{situation}/{language}/builder.{form}?{urlencode(query)}"
    return f"/file/{situation}/{language}/{chance.choice(CHARTS)}.{form}?{urlencode(query)}"


def _invent_query(chance: random.Random) -> str:
    query = {"known": _invent_day(chance), "lang": chance.choice(LANGUAGES), "what": chance.choice(MEASURES)}
    query |= {"since": _invent_day(chance), "until": _invent_day(chance), "x" * 40: "y" * 400}
    return urlencode(query)


def _get(port: int, address: str, visitor: str = "198.51.100.1") -> tuple[int, http.client.HTTPMessage]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", address, headers={"X-Forwarded-For": visitor})
        answer = connection.getresponse()
        answer.read()
        return answer.status, answer.headers
    except (OSError, http.client.HTTPException):
        return 0, http.client.HTTPMessage()
    finally:
        connection.close()


async def _open_page(port: int, page: str, query: str, visitor: str = "198.51.100.1") -> str:
    """A session that asks for one page: drawn, refused, or cut off."""
    address, said = f"ws://127.0.0.1:{port}/_stcore/stream", {"X-Forwarded-For": visitor}
    try:
        async with asyncio.timeout(30):
            async with connect(
                address, subprotocols=["streamlit"], max_size=None, additional_headers=said
            ) as socket:
                ask = BackMsg()
                ask.rerun_script.query_string = query
                ask.rerun_script.page_name = page
                await socket.send(ask.SerializeToString())
                while True:
                    answer = ForwardMsg()
                    answer.ParseFromString(await socket.recv())
                    if answer.WhichOneof("type") == "script_finished":
                        return "drawn"
    except TimeoutError:
        return "late"
    except (OSError, WebSocketException) as error:
        return f"refused {type(error).__name__}"


@contextmanager
def real_data() -> Iterator[Path]:
    """The data folder to attack: $LIBEROMETRO_DATA, else a build of the bundled data beside."""
    if "LIBEROMETRO_DATA" in os.environ:
        yield Path(os.environ["LIBEROMETRO_DATA"])
        return
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "data"
        root.mkdir()
        for each in (ROOT / "data").iterdir():
            if each.name != "build":
                (root / each.name).symlink_to(each)
        build.build(DataDir(root))
        yield root


def main(seconds: float = 45.0) -> int:
    """Print what happened; 1 where something did not hold."""
    with real_data() as root, run_app(root) as server:
        seen = attack(server.port, server.pid, seconds)
    print(f"load     {os.getloadavg()}")
    print(seen.describe())
    failures = seen.list_failures()
    print("\n".join(f"FAILED   {each}" for each in failures) or "all limits held")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(*map(float, sys.argv[1:2])))
