"""The confined process: reads one order from standard input, answers on standard output, and ends."""

import os
import resource
import sys
from importlib import import_module
from pathlib import Path
from typing import Final

import msgspec

from pipelines.readers.limits import Limits
from pipelines.readers.sandbox import Answer, Order
from pipelines.readers.shapes import ReadError

# Module and function by name, so that a child loads the one library it needs.
TASKS: Final = {
    "xlsx_grids": ("xlsx_table", "parse"),
    "ods_grids": ("ods_table", "parse"),
    "html_grids": ("html_page", "parse_tables"),
    "html_text": ("html_page", "parse_article"),
    "html_whole": ("html_page", "parse_whole"),
    "pdf_grids": ("pdf_table", "parse"),
    "pdf_text": ("pdf_text", "parse"),
    "image_text": ("image_text", "parse"),
}


def main() -> None:
    """Answer one order. Standard output is kept for the answer: what libraries print goes to stderr."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    order = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=Order)
    confine(order.limits)
    answers.write(msgspec.msgpack.encode(answer(order)))
    answers.close()


def confine(limits: Limits) -> None:
    """Bound this process's address space, processor time and crash dumps."""
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    seconds = 2 * limits.seconds  # two processors at most; the parent watches the clock
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def answer(order: Order) -> Answer:
    """Run the task; a refusal, a lack of memory and endless nesting become an error to tell."""
    module, function = TASKS[order.task]
    try:
        parse = getattr(import_module(f"pipelines.readers.{module}"), function)
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
