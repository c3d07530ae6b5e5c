"""What readers asked: what the file takes and refuses, which answer counts on a day, what is withheld."""

import csv
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.core.paths import DataDir
from pipelines.sheets import questions
from pipelines.sheets.questions import COLUMNS
from pipelines.sheets.strict_rows import RowError
from tests.conftest import TODAY, Built, row, rows_of

Cells = dict[str, str]
BUILD = "29a3038bafd9"
PART = "parts-a+b-in-custody-status"  # a chart of what two organisations said together


def asked(number: int = 1, **cells: str) -> Cells:
    """A question about a page, with some cells changed."""
    return {
        "question_id": str(number), "asked": "2026-11-10", "page": "claims", "state": "open",
        "question_es": "¿No eran 641?", **cells,
    }  # fmt: skip


def answered(number: int = 1, **cells: str) -> Cells:
    """An answer to it, with some cells changed."""
    return {
        "question_id": str(number), "state": "stands", "answered": "2026-11-12",
        "reason_es": "La fuente dice 640.", **cells,
    }  # fmt: skip


def write_questions(data: DataDir, *rows: Cells, columns: tuple[str, ...] = COLUMNS) -> Path:
    path = data.situation("islandia") / questions.FILE
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return path


def figure_of(built: Built, rows: list[Cells], **about: str) -> str:
    """The id of the one figure of these rows that is about this."""
    shown = rows_of(built(rows), "figures")
    (found,) = [each for each in shown if all(str(each[key]) == value for key, value in about.items())]
    return str(found["figure_id"])


def test_of_several_answers_the_latest_counts_and_a_past_day_knows_no_later_one(
    data: DataDir, built: Built
) -> None:
    write_questions(
        data,
        asked(1),
        asked(2, asked="2026-11-20", page="", chart=PART),
        answered(1, link="https://diario.example/1"),
        answered(
            1, state="corrected", answered="2026-11-18", reason_es="Decía 641.", reason_en="It said 641."
        ),
        answered(1, answered="2026-11-15", reason_es="Todavía no se sabe."),
    )
    con = built([row()])
    found = {each["question_id"]: each for each in rows_of(con, "questions")}
    assert (found[1]["state"], found[1]["answered"], found[1]["days"]) == ("corrected", date(2026, 11, 18), 8)
    assert (found[1]["reason_es"], found[1]["reason_en"], found[1]["link"]) == (
        "Decía 641.", "It said 641.", None,
    )  # fmt: skip
    assert (found[2]["state"], found[2]["answered"], found[2]["chart"]) == ("open", None, PART)
    then = {
        day: [
            (each["question_id"], each["state"], each["reason_es"])
            for each in rows_of(con, "questions", as_known_on=date(2026, 11, day))
        ]
        for day in (9, 10, 12, 15, 20)
    }
    assert then == {
        9: [],
        10: [(1, "open", None)],
        12: [(1, "stands", "La fuente dice 640.")],
        15: [(1, "stands", "Todavía no se sabe.")],
        20: [(1, "corrected", "Decía 641."), (2, "open", None)],
    }


def test_of_one_day_the_last_answer_in_the_file_counts(data: DataDir, built: Built) -> None:
    write_questions(data, asked(), answered(reason_es="Primera."), answered(reason_es="Segunda."))
    (found,) = rows_of(built([row()]), "questions")
    assert found["reason_es"] == "Segunda."


def test_a_question_is_about_a_figure_that_is_here_or_was_in_a_build_that_it_names(
    data: DataDir, built: Built
) -> None:
    here = figure_of(built, [row()])
    write_questions(data, asked(figure_id=here, page=""))
    assert rows_of(built([row()]), "questions")[0]["figure_id"] == here
    gone = asked(2, figure_id="0123456789abcdef", page="")
    write_questions(data, asked(), gone)
    with pytest.raises(RowError, match=r"islandia/questions.csv: row 3: no figure is 0123456789abcdef"):
        built([row()])
    write_questions(data, asked(), gone | {"build_id": BUILD})
    told = rows_of(built([row()]), "questions")
    assert len(told) == 2
    assert [each["suppressed"] for each in told if each["build_id"]] == [True]  # nobody knows what it was of


def test_of_a_part_that_may_be_small_no_word_is_published(data: DataDir, built: Built) -> None:
    rows = [row(), row(value=3, breakdown="age=adolescent"), row(value=30, breakdown="sex=female")]
    small = figure_of(built, rows, breakdown="age=adolescent")
    other = figure_of(built, rows, breakdown="sex=female")
    write_questions(
        data,
        asked(1, figure_id=small, page="", question_es="¿No eran 2?", question_en="Not 2?"),
        asked(2, figure_id=other, page="", question_es="¿No eran 29?"),
        asked(3, question_es="¿No hay dos adolescentes entre ellos?"),
        answered(1, reason_es="La fuente dice 3.", reason_en="It says 3."),
        answered(2, reason_es="La fuente dice 30."),
        answered(3, reason_es="Son tres adolescentes.", link="https://diario.example/liberan-a-tres-adolescentes"),
    )  # fmt: skip
    found = {each["question_id"]: each for each in rows_of(built(rows), "questions")}
    assert found[1]["suppressed"]
    words = [name for name in found[1] if name.startswith(("question_e", "question_p", "reason_"))]
    assert len(words) == 6
    assert {found[1][name] for name in words} == {None}
    assert (found[2]["question_es"], found[2]["reason_es"]) == ("¿No eran 29?", "La fuente dice 30.")
    told = " ".join(map(str, found[3].values()))
    assert "tres" not in told
    assert "dos" not in told
    assert found[3]["link"] == "https://diario.example/"


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"question_id": ""}, "question_id is empty"),
        ({"question_id": "x1"}, "question_id: expected a whole number"),
        ({"question_id": "1"}, "question 1 stands further up"),
        ({"state": "maybe"}, "state maybe: expected open, corrected, stands"),
        ({"asked": ""}, "asked is empty"),
        ({"asked": "2026-11-25"}, "lies in the future"),
        ({"question_es": ""}, "question_es is empty"),
        ({"question_es": "x" * 601}, "question_es: longer than 600 letters"),
        ({"page": ""}, "a question is about one of figure_id, chart, page"),
        ({"chart": "held"}, "a question is about one of figure_id, chart, page"),
        ({"page": "Una página"}, "page: expected the name of a page"),
        ({"page": "", "figure_id": "12"}, "figure_id: expected 16 digits"),
        ({"build_id": BUILD}, "build_id stands beside a figure_id"),
        ({"reason_es": "Sí."}, "reason_es is Sí., but an open question has no answer"),
        ({"question_es": "escriban a mg@diario.example"}, "question_es: an e-mail address"),
    ],
)
def test_a_question_that_is_wrong_stops_the_build_with_file_and_row(
    data: DataDir, built: Built, cells: Cells, said: str
) -> None:
    write_questions(data, asked(1), asked(2, **cells))
    _refuses(built, said)


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"question_id": "2"}, "no row further up asks question 2"),
        ({"answered": ""}, "answered is empty"),
        ({"answered": "2026-11-09"}, "answered 2026-11-09 lies before the day on which it was asked"),
        ({"reason_es": ""}, "reason_es is empty"),
        ({"page": "claims"}, "page is claims, but the row that asked has it"),
        ({"link": "javascript:alert(1)"}, "expected a web address"),
        ({"reason_en": "ask mg@diario.example"}, "reason_en: an e-mail address"),
    ],
)
def test_an_answer_that_is_wrong_stops_the_build_with_file_and_row(
    data: DataDir, built: Built, cells: Cells, said: str
) -> None:
    write_questions(data, asked(1), answered(1, **cells))
    _refuses(built, said)


def _refuses(built: Built, said: str) -> None:
    with pytest.raises(RowError) as stopped:
        built([row()])
    assert "islandia/questions.csv: row 3: " in str(stopped.value)
    assert said in str(stopped.value)
    assert "mg@diario" not in str(stopped.value)


def test_an_unknown_or_a_missing_column_stops_the_build(data: DataDir, built: Built) -> None:
    write_questions(data, columns=(*COLUMNS, "who"))
    with pytest.raises(RowError, match="no such column: who"):
        built([row()])
    write_questions(data, columns=COLUMNS[:-1])
    with pytest.raises(RowError, match="column link is missing"):
        built([row()])


IDS = st.text("0123456789", min_size=16, max_size=16) | st.text("0123456789abcdef", min_size=16, max_size=16)


@settings(deadline=None, max_examples=40)
@given(IDS, IDS)
def test_no_id_of_ours_is_taken_for_a_number_of_a_person(
    tmp_path_factory: pytest.TempPathFactory, figure: str, build: str
) -> None:
    folder = tmp_path_factory.mktemp("ids")
    questions.ask(
        folder, TODAY, asked="2026-11-10", figure_id=figure, build_id=build[:12], question_es="¿Y esto?"
    )
    (found,) = questions.read_questions(folder, TODAY).to_dicts()
    assert (found["figure_id"], found["build_id"]) == (figure, build[:12])


def test_a_question_may_name_a_build_with_rows_of_later_days(tmp_path: Path) -> None:
    told = {"figure_id": "a" * 16, "build_id": f"{BUILD}-20261124", "asked": TODAY, "question_es": "¿Sí?"}
    assert questions.ask(tmp_path, TODAY, **told) == 1
