"""`extract` as a program meets it."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from pipelines.cli.read import extract
from pipelines.core.paths import ROOT

app = typer.Typer()
app.command("extract")(extract)
TEXT = "Lista Abierta cuenta 444 presos políticos hasta el lunes."


def run(folder: Path, *arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, [*arguments, "--data-dir", str(folder.parent)])
    return done.exit_code, done.output


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_batch_prints_one_object_a_line(islandia_folder: Path, page: Path, tmp_path: Path) -> None:
    manifest = tmp_path / "manifest.jsonl"
    lines = [
        {"id": "a", "path": "page.txt", "published": "2026-02-26"},
        {"id": "b", "path": str(page), "published": None},
    ]
    manifest.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    code, output = run(islandia_folder, "--batch", str(manifest))
    rows = [json.loads(line) for line in output.splitlines()]
    assert code == 0
    assert [(row["id"], row["as_of"]) for row in rows] == [("a", "2026-02-23"), ("b", None)]
    expected = {
        "organisation": "lista",
        "measure": "in_custody",
        "breakdown": "total",
        "qualifier": "exact",
        "value": 444,
        "value_high": None,
        "period_start": None,
        "auto": True,
        "population": "held",
        "as_of_basis": "relative",
        "as_of_precision": "day",
        "page": None,
        "box": None,
    }
    assert {key: rows[0][key] for key in expected} == expected
    first, last = rows[0]["span"]
    assert TEXT[first:last] == "444"
    assert rows[0]["rule"] == "es.learned"


def test_files_with_json_print_the_same_lines(islandia_folder: Path, page: Path) -> None:
    code, output = run(islandia_folder, str(page), "--published", "2026-02-26", "--json")
    assert code == 0
    assert json.loads(output)["value"] == 444


def test_files_print_a_table_for_people(islandia_folder: Path, page: Path) -> None:
    code, output = run(islandia_folder, str(page), "--published", "2026-02-26")
    assert code == 0
    assert "444" in output


def test_of_a_folder_every_text_is_read_and_named_by_its_place(islandia_folder: Path, tmp_path: Path) -> None:
    reports = tmp_path / "reports"
    (reports / "march").mkdir(parents=True)
    for name in ("b.txt", "a.md", "march/c.txt", "notes.docx"):
        (reports / name).write_text(TEXT, encoding="utf-8")
    code, output = run(islandia_folder, str(reports), "--published", "2026-02-26", "--json")
    assert code == 0
    assert [json.loads(line)["id"] for line in output.splitlines()] == ["a.md", "b.txt", "march/c.txt"]


def test_progress_is_shown_on_a_terminal_and_never_among_the_results(
    islandia_folder: Path, page: Path
) -> None:
    seen, terminal = pty.openpty()
    command = [sys.executable, "-m", "pipelines", "extract", str(page.parent), "--published", "2026-02-26"]
    command += ["--data-dir", str(islandia_folder.parent), "--json"]
    environment = {**os.environ, "TERM": "xterm"}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=terminal
    ) as running:
        os.close(terminal)
        shown = b"".join(iter(lambda: _read_terminal(seen), b"")).decode()
        told, _ = running.communicate(timeout=60)
    os.close(seen)
    assert json.loads(told)["value"] == 444
    assert "reading" in shown
    assert "1/1" in shown


def _read_terminal(seen: int) -> bytes:
    """What was written to a terminal; nothing once nobody writes there any more."""
    try:
        return os.read(seen, 4096)
    except OSError:
        return b""


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "give FILES"),
        (("x.txt",), "--published is missing"),
        (("x.txt", "--published", "2026-02-26"), "the file is missing"),
        (("x.txt", "--published", "2026-02-26", "--situation", "nowhere"), "unknown situation"),
        (("x.txt", "--published", "2026-02-26", "--language", "xx"), "unknown language"),
        (("--batch", "no.jsonl"), "cannot be read"),
    ],
)
def test_what_is_wrong_is_said(islandia_folder: Path, arguments: tuple[str, ...], says: str) -> None:
    code, output = run(islandia_folder, *arguments)
    assert code != 0
    assert says in output


def test_text_that_is_not_utf_8_is_refused_with_what_to_do(islandia_folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "latin.txt"
    path.write_bytes("presos políticos".encode("latin-1"))
    code, output = run(islandia_folder, str(path), "--published", "2026-02-26")
    assert code == 1
    assert "save the text as UTF-8" in " ".join(output.split())


def test_manifest_line_that_is_none_is_named(islandia_folder: Path, tmp_path: Path) -> None:
    manifest = tmp_path / "manifest.jsonl"
    manifest.write_text('{"id": "a"}', encoding="utf-8")
    code, output = run(islandia_folder, "--batch", str(manifest))
    assert code == 2
    assert "line 1" in output
