"""What is wrong with the rows of a list, said by kind, column and line, never by what stands there."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import duckdb

from pipelines.core.counted import count_of
from pipelines.sheets.raw_table import FAILURES
from pipelines.stays.mapping import CountError, Fault, Mapping


@contextmanager
def tell_fault(name: str, done: str, advice: str, kind: type[CountError] = CountError) -> Iterator[None]:
    """Whatever a library raises meanwhile becomes an error that names the kind of fault only.

    What the library says may hold a cell.
    """
    try:
        yield
    except (CountError, OSError):
        raise
    except duckdb.OutOfMemoryException:
        said = "it takes more memory or disk than there is"
    except FAILURES as error:
        said = f"it cannot be {done} ({type(error).__name__}); {advice}"
    else:
        return
    raise kind(f"{name}: {said}")


@dataclass(frozen=True)
class Mistake:
    """One kind of mistake of a list: in how many rows, and the first of them; the header is row 1.

    `office`: whose list it is, where several are counted together.
    """

    fault: str
    column: str | None
    rows: int
    first_rows: list[int]
    office: str | None = None

    def __str__(self) -> str:
        office = f"{self.office}: " if self.office else ""
        column = f", column {self.column!r}" if self.column else ""
        more = " …" if self.rows > len(self.first_rows) else ""
        rows = ", ".join(map(str, self.first_rows))
        return f"{office}{self.fault}: {count_of(self.rows, 'row')}{column}: {rows}{more}"


def refuse_mistakes(name: str, mistakes: Sequence[Mistake], mapping: Mapping, lenient: bool) -> None:
    """Strict, but for mistakes that the mapping says the list is known for. Raises CountError."""
    assumed = {*mapping.assume, Fault.EXIT_UNEXPLAINED}
    wrong = [each for each in mistakes if not lenient and each.fault not in assumed]
    if wrong:
        lines = [f"{name}: {each}" for each in wrong]
        raise CountError(
            "\n".join([*lines, "Correct the list, or count it as docs/count.md says with --lenient."])
        )
