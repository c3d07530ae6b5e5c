"""Reviewed readings become labelled texts that training reads, masked, or are refused."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest
from typer.testing import CliRunner

from pipelines.__main__ import app
from pipelines.core.paths import DataDir
from pipelines.core.privacy import MASK
from pipelines.intake.decisions import ReviewVerdict
from pipelines.intake.review.field_choices import Refusal
from pipelines.intake.review.worklist import WaitingFigure, Worklist
from tests.invented import PLANTED
from tests.personal_places import holds
from tests.pipelines.intake.review.conftest import Give, build, candidate, decide, folder, reading
from training import labels

TEXT = (
    "La Lista publicó un informe con corte al 16 de febrero de 2026. Fulanita Inexistente Mengánez contó 448 "
    "personas bajo custodia y 61 mujeres entre ellas. Cayeron 700 litros de lluvia, 48 celdas y 520 camas; "
    "el 448 es también un autobús."
)
WHEN = "16 de febrero de 2026"


def export(data: DataDir, out: Path) -> tuple[list[dict[str, Any]], str]:
    """The exported lines, and what the command says."""
    done = CliRunner().invoke(app, ["export-labels", "--out", str(out), "--data-dir", str(data.root)])
    assert done.exit_code == 0, done.output
    return [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()], done.output


@pytest.fixture
def figures(data: DataDir, desk: Worklist, give: Give) -> dict[int, WaitingFigure]:
    """A report with five readings that wait, by their number."""
    numbers = ("448", "61", "700", "48 c", "520")
    give(
        TEXT,
        [reading(TEXT, each, who="La Lista", when=WHEN, value=int(each.split()[0])) for each in numbers],
    )
    build(data)
    return {figure.claim["value"]: figure for figure in desk.waiting()}


def test_exported_lines_are_read_by_the_training(
    data: DataDir,
    desk: Worklist,
    figures: dict[int, WaitingFigure],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    desk.decide(figures[448], ReviewVerdict.ACCEPT, "AB")
    desk.decide(figures[61], ReviewVerdict.CORRECT, "AB", "women", {"breakdown": "sex=female"})
    desk.decide(figures[700], ReviewVerdict.REJECT, "AB", Refusal.COUNTS_ELSE.value)
    desk.decide(figures[520], ReviewVerdict.REJECT, "AB", Refusal.REPEATS.value)
    out = tmp_path / "texts" / "reviewed.jsonl"
    out.parent.mkdir()
    _, said = export(data, out)
    assert "1 text, 2 claims, 1 distractor" in said
    assert "1 refusal left out" in said
    monkeypatch.setattr(labels, "TEXTS", out.parent)
    monkeypatch.setattr(labels, "ROOT", tmp_path)
    (text,) = labels.read_texts()
    assert (text.published, text.language, text.situation) == (date(2026, 2, 20), "es", "islandia")
    scene, mentions = labels.look(text)
    targets = labels.find_targets(text, scene, mentions)
    taught = {
        (number.value, text.text[slice(*scene.normal.span(*number.span))]): target
        for number, target in zip(mentions.numbers, targets, strict=True)
        if target.taught
    }
    assert set(taught) == {(448, "448"), (61, "61"), (700, "700")}  # not what waits, nor the other 448
    measures = {
        value: labels.MEASURES[int(target.measures.argmax())] for (value, _), target in taught.items()
    }
    assert (measures[448], measures[61], measures[700]) == ("in_custody", "in_custody", labels.MEASURES[0])
    assert taught[61, "61"].parts == ("sex=female",)
    assert taught[448, "448"].speakers
    assert taught[448, "448"].days


def test_a_masked_name_stays_masked_and_labels_point_at_words_that_stand(
    data: DataDir, desk: Worklist, figures: dict[int, WaitingFigure], tmp_path: Path
) -> None:
    desk.decide(figures[448], ReviewVerdict.ACCEPT, "AB")
    desk.decide(figures[61], ReviewVerdict.CORRECT, "AB", "x", {"as_of": "2026-02-01"})
    (line,), _ = export(data, tmp_path / "out.jsonl")
    assert not [name for name in ("Fulanita", "Inexistente", "Mengánez") if name in json.dumps(line)]
    assert MASK in line["text"]
    first, second = line["claims"]
    assert line["text"].count(first["span"]) == 1
    assert first["span"].startswith("448 ")
    assert (first["speaker_span"], first["day_span"]) == ("La Lista", WHEN)
    assert "day_span" not in second  # another day: the words no longer say it
    assert second["as_of"] == "2026-02-01"
    assert "value_high" not in first
    assert (tmp_path / "out.jsonl").stat().st_mode & 0o077 == 0
    msgspec.convert(line, labels.Labelled)


def test_the_last_word_of_a_person_stands_and_one_taken_back_is_none(
    data: DataDir, desk: Worklist, figures: dict[int, WaitingFigure], tmp_path: Path
) -> None:
    desk.decide(figures[448], ReviewVerdict.REJECT, "AB", "no")
    desk.decide(figures[448], ReviewVerdict.ACCEPT, "CD")
    desk.decide(figures[61], ReviewVerdict.ACCEPT, "AB")
    desk.undo(figures[61], "AB")
    (line,), _ = export(data, tmp_path / "out.jsonl")
    assert [(claim["value"], line["distractors"]) for claim in line["claims"]] == [(448, [])]


def test_a_text_that_the_gate_refuses_is_not_written(
    data: DataDir, desk: Worklist, give: Give, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    give(TEXT, [reading(TEXT, "448", when=WHEN)])
    build(data)
    desk.decide(desk.waiting()[0], ReviewVerdict.ACCEPT, "AB")
    monkeypatch.setattr("pipelines.intake.prose.name_masking.mask_numbers", lambda text: text)
    report = next((folder(data) / "inbox" / "reports").glob("*.txt"))
    report.write_text(f"{TEXT} Llame al 0414-123.45.67.", encoding="utf-8")  # as if masking had missed it
    lines, said = export(data, tmp_path / "out.jsonl")
    assert "text refused: a phone number" in said
    assert (lines, "123.45.67" in said) == ([], False)


@pytest.mark.parametrize("kind", PLANTED)
def test_nothing_personal_in_a_report_is_exported(
    data: DataDir, desk: Worklist, give: Give, tmp_path: Path, kind: str
) -> None:
    planted, core = PLANTED[kind]
    text = f"{TEXT} {planted}. Otra vez {planted}."
    give(text, [reading(text, "448", who="Fulanita Inexistente", when=WHEN)])
    build(data)
    desk.decide(desk.waiting()[0], ReviewVerdict.ACCEPT, "AB")
    lines, said = export(data, tmp_path / "out.jsonl")
    assert not holds(json.dumps(lines, ensure_ascii=False) + said, core)
    assert lines or "text refused" in said


def test_decisions_without_their_report_and_those_of_the_rules_are_left_out(
    data: DataDir, tmp_path: Path
) -> None:
    decide(data, candidate(), "accept")
    lines, said = export(data, tmp_path / "out.jsonl")
    assert lines == []
    assert "1 decision left out: the report is not in this inbox" in said


def test_a_file_that_cannot_be_written_is_told(data: DataDir, tmp_path: Path) -> None:
    out = tmp_path / "nowhere" / "out.jsonl"
    done = CliRunner().invoke(app, ["export-labels", "--out", str(out), "--data-dir", str(data.root)])
    assert done.exit_code == 1
    assert "cannot be written" in done.output
