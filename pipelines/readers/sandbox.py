"""Risky formats are parsed in a process of their own, with a bound on time and memory.

The child speaks msgpack on its standard streams, so nothing it says is ever executed here.
"""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec

from pipelines.paths import ROOT
from pipelines.readers.limits import Limits
from pipelines.readers.shapes import ReadError

T = TypeVar("T")
CHILD: Final = "pipelines.readers.child"


class Order(msgspec.Struct, frozen=True):
    """What the child is asked to do: `task` is one of its names for a function."""

    task: str
    path: str
    limits: Limits
    options: dict[str, Any] = {}


class Answer(msgspec.Struct, frozen=True):
    """What came of it: `result` in msgpack, or the message of the ReadError."""

    result: bytes = b""
    error: str | None = None


def run_confined(task: str, path: Path, kind: type[T], limits: Limits, **options: Any) -> T:
    """Run one of the child's tasks on a file and return its result as `kind`.

    Raises ReadError when the task refuses the file, takes longer than `limits.seconds`, needs more than
    `limits.memory_bytes` of address space, or takes its process down.
    """
    order = msgspec.msgpack.encode(Order(task, str(path), limits, options))
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONSAFEPATH": "1"}
    try:
        done = subprocess.run(
            [sys.executable, "-m", CHILD],
            input=order,
            capture_output=True,
            timeout=limits.seconds,
            env=environment,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise ReadError(f"{path}: not read after {limits.seconds} seconds; refused") from error
    try:
        answer = msgspec.msgpack.decode(done.stdout, type=Answer)
    except msgspec.DecodeError as error:
        last = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
        raise ReadError(
            f"{path}: reading it took the reader's process down (exit {done.returncode}{': ' if last else ''}"
            f"{' '.join(last)}); refused"
        ) from error
    if answer.error is not None or not answer.result:
        raise ReadError(answer.error or f"{path}: the reader gave no answer")
    return msgspec.msgpack.decode(answer.result, type=kind)
