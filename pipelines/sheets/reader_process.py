"""Every file of others is parsed in a process of its own, bound in memory, time, files and network: far end.

`main` has the libraries loaded, owns no network, and forks a child for each order. It ends when the process
that asked for it ends, and takes the children along.
"""

import contextlib
import ctypes
import gc
import os
import resource
import selectors
import signal
import socket
import struct
import sys
from collections.abc import Iterator
from importlib import import_module
from io import BytesIO
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import msgspec

from pipelines.core.file_limits import FileLimits
from pipelines.sheets import csv_reader  # noqa: F401 # loaded once, for every child
from pipelines.sheets.raw_table import Grid, ReadError, Table, cap_faults
from pipelines.sheets.sandbox import ERROR, EXIT, FRAME, PID, PIECE, RESULT, Order, PieceHead

_ORDER: Final = 1 << 18  # bytes of an order
_NEWUSER, _NEWNET = 0x10000000, 0x40000000
_DIE_WITH_PARENT, _NO_NEW_RIGHTS = 1, 38  # prctl
_FILES: Final = 256  # open at once
_ROW: Final = 3  # a row takes as much memory as so many cells
# What no parser of a file has any business with, as Python's audit events name it.
_FORBIDDEN: Final = (
    "socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.system", "os.kill",
    "pty.", "os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.link", "os.symlink", "os.chmod",
    "os.chown", "os.truncate", "shutil.", "ftplib.", "http.", "urllib.", "smtplib.", "webbrowser.",
)  # fmt: skip
_WRITES: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def main() -> None:
    """Serve the socket whose number stands in the command line."""
    control = socket.socket(fileno=int(sys.argv[1]))
    leave_network()
    gc.freeze()  # what is loaded stays shared with the children
    _Nursery(control).serve()


class _Nursery:
    """Children by their process id, each with the stream that its answer goes to."""

    def __init__(self, control: socket.socket) -> None:
        self.control = control
        self.children: dict[int, socket.socket] = {}
        self.selector = selectors.DefaultSelector()
        self.woken, self.wake = os.pipe()
        for end in (self.woken, self.wake):
            os.set_blocking(end, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self.wake)
        self.selector.register(control, selectors.EVENT_READ)
        self.selector.register(self.woken, selectors.EVENT_READ)

    def serve(self) -> None:
        """Until the other end closes."""
        while True:
            for key, _ in self.selector.select():
                if key.fileobj is self.control:
                    if not self._take_order():
                        self._end_all()
                        return
                elif key.fileobj == self.woken:
                    os.read(self.woken, 4096)
                elif key.data in self.children:  # who asked has left
                    self.selector.unregister(key.fileobj)
                    _kill(key.data)
            self._bury()

    def _take_order(self) -> bool:
        try:
            order, handles, _, _ = socket.recv_fds(self.control, _ORDER, 1)
        except OSError:
            return False
        if not order:
            return False
        stream = socket.socket(fileno=handles[0])
        decoded = msgspec.msgpack.decode(order, type=Order)
        module = _load(decoded.task)
        pid = os.fork()
        if pid == 0:
            self._become_child()
            live(decoded, stream, module)
        self.children[pid] = stream
        self.selector.register(stream, selectors.EVENT_READ, pid)
        return True

    def _become_child(self) -> None:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        self.selector.close()
        self.control.close()
        os.close(self.woken)
        os.close(self.wake)
        for other in self.children.values():
            other.close()

    def _bury(self) -> None:
        """Tell of each child that died how it ended; who has its answer no longer listens."""
        while self.children:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return
            stream = self.children.pop(pid)
            if stream in self.selector.get_map():
                self.selector.unregister(stream)
            stream.setblocking(False)
            with contextlib.suppress(OSError):
                tell(stream, EXIT, str(os.waitstatus_to_exitcode(status)).encode())
            stream.close()

    def _end_all(self) -> None:
        for pid in self.children:
            _kill(pid)


def _kill(pid: int) -> None:
    """The child and whatever it started; it is not buried yet, so the number is its own."""
    for kill in (os.killpg, os.kill):
        try:
            kill(pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            continue


def _load(task: str) -> ModuleType | None:
    """The module of a task, loaded before the fork so that the next child has it too."""
    try:
        return import_module(task.partition(":")[0])
    except ImportError:
        return None


def live(order: Order, stream: socket.socket, module: ModuleType | None) -> None:
    """A child's life: be confined, answer, end. Never returns."""
    try:
        os.setpgid(0, 0)
        tell(stream, PID, str(os.getpid()).encode())
        os.chdir(order.folder)
        confine(order.limits)
        answer(order, stream, module)
    except BaseException:
        # who asked has left, or no memory is left even to say so
        os._exit(1)
    os._exit(0)


def answer(order: Order, stream: socket.socket, module: ModuleType | None) -> None:
    """Run the task and tell what came of it; whatever it raises becomes an error to tell."""
    try:
        function = getattr(module, order.task.partition(":")[2])
        result = function(Path(order.path), limits=order.limits, **order.options)
        if isinstance(result, Iterator):
            for number, table in cap_faults(result, order.limits.faults):
                tell_piece(stream, number, table)
            result = None
        _bound_cells(result, order)
        encoded = msgspec.msgpack.encode(result)
    except ReadError as error:
        tell(stream, ERROR, str(error).encode("utf-8", "replace")[:4096])
    except MemoryError:
        words = f"{order.path}: needs more than {order.limits.memory_bytes:,} bytes of memory; refused"
        tell(stream, ERROR, words.encode())
    except RecursionError:
        tell(stream, ERROR, f"{order.path}: is nested too deeply; refused".encode())
    except Exception as error:  # a parser's own mistake is a refusal, and quotes nothing
        words = (
            f"{order.path}: the reader failed on it ({type(error).__name__}); ask for it in another format"
        )
        tell(stream, ERROR, words.encode())
    else:
        tell(stream, RESULT, encoded)


def _bound_cells(result: object, order: Order) -> None:
    """Refuse tables that would be small on the way and large where they arrive."""
    grids = [grid for grid in (result if isinstance(result, list) else [result]) if isinstance(grid, Grid)]
    cells = sum(len(row.cells) + _ROW for grid in grids for row in grid.rows)
    if cells > order.limits.cells:
        raise ReadError(
            f"{order.path}: its tables have more than {order.limits.cells:,} cells; split the file"
        )


def tell(stream: socket.socket, kind: bytes, payload: bytes) -> None:
    """One frame, whole."""
    stream.sendall(FRAME.pack(kind, len(payload)))
    stream.sendall(payload)


def tell_piece(stream: socket.socket, number: int, table: Table) -> None:
    """A piece of the table of that number: who it is, its rows at fault, its cells as Arrow."""
    head = msgspec.msgpack.encode(
        PieceHead(number, table.name, table.hidden, table.faults, table.hidden_rows)
    )
    cells = BytesIO()
    table.cells.write_ipc(cells)
    tell(stream, PIECE, struct.pack("<I", len(head)) + head + cells.getbuffer())


def leave_network() -> None:
    """A network namespace of its own, in which there is none; where that is not permitted, the audit hook
    still refuses every socket."""
    call = ctypes.CDLL(None, use_errno=True)
    call.prctl(_NO_NEW_RIGHTS, 1, 0, 0, 0)
    if call.unshare(_NEWNET) != 0:
        call.unshare(_NEWUSER | _NEWNET)


def confine(limits: FileLimits) -> None:
    """Bound this process: memory, processor time, files, processes; nothing is written or sent."""
    ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL, 0, 0, 0)
    seconds = 2 * limits.seconds + 1  # two processors at most; who asked watches the clock
    for what, most in (
        (resource.RLIMIT_AS, limits.address_bytes),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, _FILES),
    ):
        resource.setrlimit(what, (most, most))
    sys.addaudithook(_refuse_events)


def _refuse_events(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "open":
        mode, flags = arguments[1:3]
        if flags & _WRITES or (isinstance(mode, str) and set(mode) & set("wax+")):
            raise PermissionError("a reader writes no file")
    elif event.startswith(_FORBIDDEN):
        raise PermissionError(f"a reader has no business with {event}")


if __name__ == "__main__":
    main()
