"""`questions`: a reader's question is written down, listed and answered, and nothing personal is written."""

import csv
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from pipelines.__main__ import app
from pipelines.core.paths import DataDir
from pipelines.warehouse import build, published_build
from tests.conftest import TODAY, row, write_sheet
from tests.invented import PLANTED

ROWS = [row(), row(value=640, as_of="2026-01-29", published="2026-01-29")]


@pytest.fixture
def figures(data: DataDir) -> list[str]:
    """The ids of the figures of a published build."""
    return publish(data, ROWS)


def publish(data: DataDir, rows: list[dict[str, str]]) -> list[str]:
    write_sheet(data.situation("islandia") / "transcriptions" / "sheet.csv", rows)
    build.build(data, today=TODAY)
    found = json.loads(run(data, "export", "figures", "--format", "json").stdout)
    return [each["figure_id"] for each in sorted(found, key=lambda each: each["as_of"])]


def run(data: DataDir, *words: str) -> Result:
    return CliRunner().invoke(app, [*words, "--data-dir", str(data.root)])


def ask(data: DataDir, *words: str) -> Result:
    return run(data, "questions", *words)


def path_of(data: DataDir) -> Path:
    return data.situation("islandia") / "questions.csv"


def test_a_question_is_written_down_answered_twice_and_listed_with_the_last_answer(
    data: DataDir, figures: list[str]
) -> None:
    first = ask(
        data, "add", "¿No eran 801?", "--figure", figures[0], "--en", "Not 801?", "--day", "2026-11-20"
    )
    assert "question 1 is in" in first.output, first.output
    assert ask(data, "add", "No se ve", "--chart", "held", "--day", "2026-11-21").exit_code == 0
    assert "nobody" not in ask(data, "list").output
    for state, because, day in (
        ("stands", "Dice 800.", "2026-11-21"),
        ("corrected", "Decía 801.", "2026-11-22"),
    ):
        done = ask(
            data, "answer", "1", state, "--because", because, "--day", day, "--link", "https://d.example/1"
        )
        assert done.exit_code == 0, done.output
    with path_of(data).open(encoding="utf-8", newline="") as handle:
        kept = list(csv.DictReader(handle))
    assert [each["state"] for each in kept] == ["open", "open", "stands", "corrected"]
    assert kept[0]["build_id"] == published_build.find_current(data).id
    told = ask(data, "list").output
    assert f"islandia 1: corrected, figure {figures[0]}, asked 2026-11-20" in told
    assert "2026-11-22: Decía 801. (https://d.example/1)" in told
    assert "Dice 800." not in told
    assert [each["question_id"] for each in json.loads(ask(data, "list", "--open", "--json").stdout)] == [2]
    assert run(data, "build").exit_code == 0
    shown = json.loads(run(data, "export", "questions", "--format", "json").stdout)
    assert [(each["question_id"], each["state"], each["days"]) for each in shown] == [
        (1, "corrected", 2), (2, "open", None),
    ]  # fmt: skip


def test_a_figure_that_a_later_build_lacks_is_asked_about_by_the_build_that_showed_it(
    data: DataDir, figures: list[str]
) -> None:
    was = published_build.find_current(data).id
    publish(data, ROWS[1:])
    refused = ask(data, "add", "¿Y esta?", "--figure", figures[0])
    assert (refused.exit_code, path_of(data).exists()) == (2, False)
    assert "had no figure of this id" in refused.output
    assert ask(data, "add", "¿Y esta?", "--figure", figures[0], "--build", was).exit_code == 0
    assert ask(data, "add", "¿Y?", "--figure", figures[0], "--build", "0" * 12).exit_code == 2
    assert run(data, "build").exit_code == 0


@pytest.mark.usefixtures("figures")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("add", "¿Y?", "--figure", "0123456789abcdef"), "had no figure of this id"),
        (("add", "¿Y?", "--figure", "x"), "had no figure of this id"),
        (("add", "¿Y?"), "one of --figure, --chart and --page"),
        (("add", "¿Y?", "--page", "claims", "--chart", "held"), "one of --figure, --chart and --page"),
        (("add", "¿Y?", "--page", "claims", "--build", "0" * 12), "--build belongs to --figure"),
        (("add", "¿Y?", "--page", "Una página"), "no page is called 'Una página'; there is:"),
        (("add", "¿Y?", "--page", "claim"), "no page is called 'claim'; there is: claims"),
        (("add", "¿Y?", "--page", "claims-x"), "no page is called 'claims-x'; there is: claims"),
        (("add", "¿Y?", "--chart", "heldd"), "no chart is called 'heldd'; there is: held, pace-held"),
        (("add", "¿Y?", "--chart", "zzz"), "no chart is called 'zzz'; there is: overview, held, left-prison"),
        (
            ("add", "¿Y?", "--chart", "parts-nadie-in-custody-sex"),
            "no chart is called 'parts-nadie-in-custody-sex'",
        ),
        (
            ("add", "¿Y?", "--chart", "parts-lista-in-custody-sax"),
            "no chart is called 'parts-lista-in-custody-sax'",
        ),
        (("add", "¿Y?", "--page", "claims", "--day", "2999-01-01"), "lies in the future"),
        (("add", "¿Y?", "--page", "claims", "--situation", "otra"), "unknown situation"),
        (("add", "Fue Mengana Inventez", "--page", "claims"), "may name a person"),
        (("answer", "1", "stands", "--because", "Dice 800."), "no row further up asks question 1"),
        (("answer", "1", "perhaps", "--because", "Dice 800."), "is not one of"),
    ],
)
def test_what_cannot_be_kept_is_refused_and_nothing_is_written(
    data: DataDir, words: tuple[str, ...], said: str
) -> None:
    refused = ask(data, *words)
    assert refused.exit_code == 2
    assert said in " ".join(refused.output.split())
    assert "Mengana" not in refused.output
    assert not path_of(data).exists()


@pytest.mark.parametrize("kind", PLANTED)
def test_what_looks_personal_is_refused_by_its_kind_and_never_repeated(data: DataDir, kind: str) -> None:
    text, core = PLANTED[kind]
    ask(data, "add", "¿Y?", "--page", "claims", "--day", "2026-11-20")
    before = path_of(data).read_bytes()
    for words in (
        ("add", f"Pregunta: {text}", "--page", "claims"),
        ("add", "¿Y?", "--page", "claims", "--en", text),
        ("answer", "1", "stands", "--because", text),
        ("answer", "1", "stands", "--because", "Dice 800.", "--pt", text),
    ):
        refused = ask(data, *words)
        assert (refused.exit_code, kind in refused.output) == (2, True), refused.output
        assert core not in "".join(filter(str.isalnum, refused.output)).lower()
    assert path_of(data).read_bytes() == before


def test_without_a_build_no_figure_is_known(data: DataDir) -> None:
    refused = ask(data, "add", "¿Y?", "--figure", "0123456789abcdef")
    assert (refused.exit_code, "build first" in refused.output) == (2, True)


def test_what_another_group_publishes_is_theirs_to_answer(data: DataDir, figures: list[str]) -> None:
    settings = data.situation("islandia") / "situation.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(
        f'{text}\n[signed_by]\ngroup = "Los otros"\nfingerprint = "ab"\nbuild = "0123456789ab"\n'
        'created = 2026-03-01T00:00:00Z\naddress = "../published"\n',
        encoding="utf-8",
    )
    refused = ask(data, "add", "¿No eran 801?", "--figure", figures[0])
    assert refused.exit_code == 2
    assert "Los otros" in refused.output
    assert not path_of(data).exists()
