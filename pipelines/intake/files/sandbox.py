"""Risky formats are parsed in a process of their own, with a bound on time and memory: both its ends.

The child speaks msgpack on its standard streams, so nothing it says is ever executed here.
"""

import os
import resource
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec

from pipelines.core.file_limits import FileLimits
from pipelines.core.paths import ROOT
from pipelines.sheets.raw_table import ReadError

T = TypeVar("T")
CHILD: Final = "pipelines.intake.files.sandbox"


class Order(msgspec.Struct, frozen=True):
    """What the child is asked to do: `task` is one of its names for a function."""

    task: str
    path: str
    limits: FileLimits
    options: dict[str, Any] = {}


class Answer(msgspec.Struct, frozen=True):
    """What came of it: `result` in msgpack, or the message of the ReadError."""

    result: bytes = b""
    error: str | None = None


def run_confined(task: str, path: Path, kind: type[T], limits: FileLimits, **options: Any) -> T:
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


# Module and function by name, so that a child loads the one library it needs.
TASKS: Final = {
    "xlsx_grids": ("xlsx", "parse"),
    "ods_grids": ("ods", "parse"),
    "html_grids": ("html_page", "parse_tables"),
    "html_text": ("html_page", "parse_article"),
    "html_whole": ("html_page", "parse_whole"),
    "pdf_grids": ("pdf", "parse_tables"),
    "pdf_text": ("pdf", "parse_text"),
    "image_text": ("ocr", "parse"),
}


def main() -> None:
    """Answer one order. Standard output is kept for the answer: what libraries print goes to stderr."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    order = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=Order)
    confine(order.limits)
    answers.write(msgspec.msgpack.encode(answer_order(order)))
    answers.close()


def confine(limits: FileLimits) -> None:
    """Bound this process's address space, processor time and crash dumps."""
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    seconds = 2 * limits.seconds  # two processors at most; the parent watches the clock
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def answer_order(order: Order) -> Answer:
    """Run the task; a refusal, a lack of memory and endless nesting become an error to tell."""
    module, function = TASKS[order.task]
    try:
        parse = getattr(import_module(f"pipelines.intake.files.{module}"), function)
        result = parse(Path(order.path), limits=order.limits, **order.options)
        return Answer(result=msgspec.msgpack.encode(result))
    except ReadError as error:
        return Answer(error=str(error))
    except MemoryError:
        return Answer(
            error=f"{order.path}: needs more than {order.limits.memory_bytes:,} bytes of memory; refused"
        )
    except RecursionError:
        return Answer(error=f"{order.path}: is nested too deeply; refused")


if __name__ == "__main__":
    main()
