"""Every file of others is parsed in a process of its own, bound in memory, time, files and network: this end.

One small process for each of ours has the libraries loaded and forks a confined child for each file
(`reader_process`), which takes milliseconds. The child speaks msgpack and Arrow, so nothing it says is ever
executed here, and how much it may say is bounded before it is heard.
"""

import atexit
import contextlib
import os
import select
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeVar

import msgspec
import polars as pl

from pipelines.core.file_limits import FileLimits
from pipelines.core.paths import ROOT
from pipelines.sheets.raw_table import Fault, ReadError, Table

T = TypeVar("T")
FAR_END: Final = "pipelines.sheets.reader_process"
FRAME: Final = struct.Struct("<cQ")  # what is told, and how many bytes of it follow
PID, PIECE, RESULT, ERROR, EXIT = b"p", b"t", b"r", b"e", b"x"
_LOOK: Final = 0.02  # seconds between two looks at the child's memory
_SHORT: Final = 10_000  # bytes of what is told beside tables and results
_PIECE: Final = 100_000_000  # bytes of one piece of a table
# What a child may know of our environment; secrets are not among it.
_ENVIRONMENT: Final = ("PATH", "LANG", "LC_ALL", "TZ", "HOME", "TMPDIR", "LD_LIBRARY_PATH", "VIRTUAL_ENV")


class Order(msgspec.Struct, frozen=True):
    """What a child is asked to do: `task` is "module:function"."""

    task: str
    path: str
    folder: str  # what a relative path starts from
    limits: FileLimits
    options: dict[str, Any] = {}


class PieceHead(msgspec.Struct, frozen=True):
    """What is said of a piece of a table before its cells: pieces of one number make one table."""

    number: int
    name: str
    hidden: bool
    faults: list[Fault]
    hidden_rows: list[int] = []


class _Frame(NamedTuple):
    kind: bytes
    payload: bytes


def begin() -> None:
    """Start the process that the children come from: it loads its libraries beside what is done here."""
    _LINE.start()


def run_confined(task: str, path: Path, kind: type[T], limits: FileLimits, **options: Any) -> T:
    """Run a task on a file in a confined child and return its result as `kind`.

    Raises ReadError when the task refuses the file, exceeds a limit, or takes its process down.
    """
    for frame in _ask(task, path, limits, options):
        if frame.kind == RESULT:
            return msgspec.msgpack.decode(frame.payload, type=kind)
    raise ReadError(f"{path}: the reader gave no answer")


def read_confined_tables(task: str, path: Path, limits: FileLimits, **options: Any) -> list[Table]:
    """Run a task that hands on tables piece by piece. Raises ReadError as above."""
    heads: dict[int, PieceHead] = {}
    cells: dict[int, list[pl.DataFrame]] = {}
    faults: dict[int, list[Fault]] = {}
    unseen: dict[int, list[int]] = {}
    for frame in _ask(task, path, limits, options):
        if frame.kind != PIECE:
            break
        (length,) = struct.unpack_from("<I", frame.payload)
        head = msgspec.msgpack.decode(frame.payload[4 : 4 + length], type=PieceHead)
        heads.setdefault(head.number, head)
        faults.setdefault(head.number, []).extend(head.faults)
        unseen.setdefault(head.number, []).extend(head.hidden_rows)
        cells.setdefault(head.number, []).append(pl.read_ipc(frame.payload[4 + length :]))
    return [
        Table(head.name, pl.concat(cells[number]), faults[number], head.hidden, unseen[number])
        for number, head in heads.items()
    ]


def _ask(task: str, path: Path, limits: FileLimits, options: dict[str, Any]) -> Iterator[_Frame]:
    """The frames of an answer: any number of pieces, then the result. Raises ReadError."""
    order = msgspec.msgpack.encode(Order(task, str(path), str(Path.cwd()), limits, options))
    ours, theirs = socket.socketpair()
    with ours:  # closing it ends the child, whatever we leave by
        with theirs:
            _LINE.send(order, theirs.fileno())
        yield from _Hearing(ours, path, limits).hear()


class _Hearing:
    """One answer, heard while the clock and the child's memory are watched."""

    def __init__(self, stream: socket.socket, path: Path, limits: FileLimits) -> None:
        self.stream = stream
        self.path = path
        self.limits = limits
        self.until = time.monotonic() + limits.seconds
        self.pid: int | None = None
        self.told = 0

    def hear(self) -> Iterator[_Frame]:
        while True:
            kind, length = FRAME.unpack(self._take(FRAME.size))
            self._bound(kind, length)
            payload = bytes(self._take(length))
            if kind == PID:
                self.pid = int(payload)
            elif kind == ERROR:
                raise ReadError(payload.decode("utf-8", "replace"))
            elif kind == EXIT:
                self._refuse(f"reading it took the reader's process down (exit {payload.decode()})")
            else:
                self.told += length
                yield _Frame(kind, payload)
                if kind == RESULT:
                    return

    def _bound(self, kind: bytes, length: int) -> None:
        """How much may be told at all, before a byte of it is taken in."""
        if length > {PIECE: _PIECE, RESULT: self.limits.result_bytes}.get(kind, _SHORT):
            self._refuse(f"what it holds takes more than {self.limits.result_bytes:,} bytes")

    def _take(self, size: int) -> bytearray:
        taken = bytearray(size)
        view, at = memoryview(taken), 0
        while at < size:
            if select.select([self.stream], [], [], _LOOK)[0]:
                count = self.stream.recv_into(view[at:])
                if count == 0:
                    self._refuse("reading it took the reader's process down")
                at += count
            if time.monotonic() > self.until:
                self._refuse(f"not read after {self.limits.seconds} seconds")
            self._watch_memory()
        return taken

    def _watch_memory(self) -> None:
        if self.pid is not None and self.told + measure_memory(self.pid) > self.limits.memory_bytes:
            self._refuse(f"needs more than {self.limits.memory_bytes:,} bytes of memory")

    def _refuse(self, reason: str) -> None:
        raise ReadError(f"{self.path}: {reason}; refused")


def measure_memory(pid: int) -> int:
    """Bytes of a process that are in memory; 0 where it is gone."""
    try:
        pages = Path(f"/proc/{pid}/statm").read_bytes().split()[1]
    except (OSError, IndexError):
        return 0
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


class _Line:
    """The way to the process that forks the children; started when it is needed, again when it died."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.control: socket.socket | None = None
        self.process: subprocess.Popen[bytes] | None = None

    def send(self, order: bytes, answer: int) -> None:
        """Hand over an order and where the answer goes."""
        with self.lock:
            for last in (False, True):
                self._start()
                assert self.control is not None
                try:
                    socket.send_fds(self.control, [order], [answer])
                except OSError:
                    self.close()
                    if last:
                        raise
                else:
                    return

    def start(self) -> None:
        """Start the process, if none is there."""
        with self.lock:
            self._start()

    def _start(self) -> None:
        if self.control is not None:
            return
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        known = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
        threads = {"POLARS_MAX_THREADS": "2", "OMP_NUM_THREADS": "2", "OPENBLAS_NUM_THREADS": "1"}
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-m", FAR_END, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,  # what interrupts us is for us: it ends when our end closes
                cwd=ROOT,
                env={**known, **threads, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
            )
        self.control = ours

    def close(self) -> None:
        """End the process and its children."""
        if self.control is not None:
            self.control.close()
        if self.process is not None:
            try:
                self.process.wait(timeout=2)
            except subprocess.TimeoutExpired:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()
        self.control = self.process = None

    def forget(self) -> None:
        """In a fork of ours: that process is the parent's."""
        self.__init__()  # type: ignore[misc]


_LINE: Final = _Line()
atexit.register(_LINE.close)
os.register_at_fork(after_in_child=_LINE.forget)
