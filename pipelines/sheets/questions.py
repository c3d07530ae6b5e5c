"""What readers asked and what became of it: `data/<situation>/questions.csv`.

One row a question, as a maintainer wrote it down, or an answer to one. Rows are appended and never edited; of
several answers to one question the latest counts. Nothing says who asked.
"""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

import polars as pl

from pipelines.core.model import QuestionState
from pipelines.sheets import strict_rows
from pipelines.sheets.strict_rows import StrictRule, parse_days

FILE: Final = "questions.csv"
ABOUT: Final = ("figure_id", "chart", "page")  # what a question is about: one of them
_ASKED: Final = (*ABOUT, "build_id", "asked", "question_es", "question_en", "question_pt")
_ANSWERED: Final = ("answered", "reason_es", "reason_en", "reason_pt", "link")
COLUMNS: Final = (
    "question_id", "asked", "figure_id", "build_id", "chart", "page", "question_es", "question_en",
    "question_pt", "state", *_ANSWERED,
)  # fmt: skip
_OURS: Final = ("figure_id", "build_id")  # digits and letters that we made
_FORMS: Final = {
    "question_id": (r"^[1-9]\d{0,5}$", "a whole number from 1"),
    "figure_id": (r"^[0-9a-f]{16}$", "16 digits of 0-9 and a-f, as a figure's page says them"),
    "build_id": (
        r"^[0-9a-f]{12}(-\d{8})?$",
        "12 digits of 0-9 and a-f, or these and a day, as the foot of every page says them",
    ),
    "chart": (r"^[a-z0-9][a-z0-9/_.=+-]{0,79}$", "the name of a chart, as in its address"),
    "page": (r"^[a-z0-9][a-z0-9/_.=-]{0,79}$", "the name of a page, as in its address"),
}
_MOST_LETTERS: Final = 600


def read_questions(folder: Path, today: date) -> pl.DataFrame:
    """The questions and answers of one situation, in the order of the file; no file is none.

    Columns: `row` (as a person sees it), `position` (from one), and COLUMNS: `question_id` Int64, days as
    Date, the rest text. Raises RowError with file and row where something is wrong.
    """
    rows = _read_cells(folder)
    _check(folder / FILE, rows, today)
    return rows.select(
        "row",
        pl.int_range(1, pl.len() + 1).alias("position"),
        pl.col("question_id").cast(pl.Int64),
        *(parse_days(n).alias(n) if n in ("asked", "answered") else pl.col(n) for n in COLUMNS[1:]),
    )


def ask(folder: Path, today: date, **cells: Any) -> int:
    """Append a question (cells under COLUMNS), on the disk before this returns; its number.

    Raises RowError where the build would refuse it; then nothing is written.
    """
    asked = read_questions(folder, today)["question_id"].max()
    number = 1 + (int(str(asked)) if asked is not None else 0)
    _append(folder, {"question_id": number, "state": QuestionState.OPEN, **cells}, today)
    return number


def answer(folder: Path, today: date, **cells: Any) -> None:
    """Append an answer: `question_id`, `state`, `answered`, reasons, `link`. Raises RowError as `ask`."""
    _append(folder, cells, today)


def _append(folder: Path, row: Mapping[str, Any], today: date) -> None:
    cells = {name: strict_rows.one_line(row.get(name)) for name in COLUMNS}
    before = _read_cells(folder)
    last = before["row"].max()
    added = pl.DataFrame([cells], schema=dict.fromkeys(COLUMNS, pl.String)).select(
        pl.lit(1 + (int(str(last)) if last is not None else 1), pl.Int64).alias("row"),
        pl.col(*COLUMNS).replace("", None),
    )
    _check(folder / FILE, pl.concat([before.select(added.columns), added]), today)
    strict_rows.append_rows(folder / FILE, COLUMNS, [cells])


def _read_cells(folder: Path) -> pl.DataFrame:
    path = folder / FILE
    if not path.exists():
        return pl.DataFrame(schema={"row": pl.Int64, **dict.fromkeys(COLUMNS, pl.String)})
    return strict_rows.read_rows(path, COLUMNS).with_columns(pl.col("row").cast(pl.Int64))


def _check(path: Path, rows: pl.DataFrame, today: date) -> None:
    strict_rows.check_rows(path, rows, _list_rules(today), ours=_OURS)


def _list_rules(today: date) -> list[StrictRule]:
    opens = pl.col("state") == QuestionState.OPEN
    answers = ~opens
    about = pl.sum_horizontal(pl.col(name).is_not_null() for name in ABOUT)
    texts = [name for name in COLUMNS if name.startswith(("question_e", "question_p", "reason_"))]
    asked_above = opens.cast(pl.Int64).cum_sum().over("question_id")
    return [
        *strict_rows.require_filled("question_id", "state"),
        *strict_rows.require_one_of(QuestionState, "state"),
        *(
            (~pl.col(name).str.contains(form), pl.lit(f"{name}: expected {expected}"))
            for name, (form, expected) in _FORMS.items()
        ),
        *((opens & broken, says) for broken, says in strict_rows.require_filled("asked", "question_es")),
        (opens & (about != 1), pl.lit(f"a question is about one of {', '.join(ABOUT)}")),
        *strict_rows.require_empty(*_ANSWERED, where=opens, because="an open question has no answer"),
        *((answers & broken, says) for broken, says in strict_rows.require_filled("answered", "reason_es")),
        *strict_rows.require_empty(*_ASKED, where=answers, because="the row that asked has it"),
        *strict_rows.require_days(today, "asked", "answered"),
        (
            pl.col("build_id").is_not_null() & pl.col("figure_id").is_null(),
            pl.lit("build_id stands beside a figure_id"),
        ),
        *(
            (
                pl.col(name).str.len_chars() > _MOST_LETTERS,
                pl.lit(f"{name}: longer than {_MOST_LETTERS} letters"),
            )
            for name in texts
        ),
        (opens & (asked_above > 1), pl.format("question {} stands further up", "question_id")),
        (answers & (asked_above == 0), pl.format("no row further up asks question {}", "question_id")),
        (
            parse_days("answered") < parse_days("asked").max().over("question_id"),
            pl.format("answered {} lies before the day on which it was asked", "answered"),
        ),
        *strict_rows.require_addresses("link"),
    ]
