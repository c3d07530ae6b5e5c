"""House rules that a machine can hold: what is pure, where SQL lives, what is never committed."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer
from rich.text import Text

from dashboards.__main__ import app as dashboards_app
from pipelines.__main__ import app as pipelines_app
from pipelines.core.paths import ROOT, DataDir
from pipelines.core.situation import read_organisations, read_situation

SOURCES = sorted(
    path.relative_to(ROOT) for folder in ("pipelines", "dashboards") for path in (ROOT / folder).rglob("*.py")
)
TEXTS = {".css", ".html", ".js", ".po", ".py", ".sql", ".toml", ".txt"}
SQL_FILES = sorted(
    path.relative_to(ROOT)
    for folder in ("pipelines", "dashboards")
    for path in (ROOT / folder).rglob("*.sql")
)


def imports(path: Path) -> set[str]:
    """Every module that a file imports, `from a import b` counted as `a` and as `a.b`."""
    found: set[str] = set()
    for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def roots(path: Path) -> set[str]:
    """The packages that a file imports from."""
    return {name.split(".")[0] for name in imports(path)}


def sources(*below: str) -> list[Path]:
    """Our modules below a folder; there are some."""
    found = [path for path in SOURCES if path.parts[: len(below)] == below]
    assert found
    return found


def test_pipelines_never_see_the_pages() -> None:
    forbidden = {"streamlit", "plotly", "dashboards"}
    seen = {path: roots(path) & forbidden for path in sources("pipelines")}
    assert {path: names for path, names in seen.items() if names} == {}


def test_charts_are_pure() -> None:
    seen = {path: roots(path) & {"streamlit", "duckdb"} for path in sources("dashboards", "charts")}
    assert {path: names for path, names in seen.items() if names} == {}


def test_every_sql_file_starts_with_what_one_row_is() -> None:
    assert len(SQL_FILES) > 100
    assert [
        path for path in SQL_FILES if not (ROOT / path).read_text(encoding="utf-8").startswith("-- ")
    ] == []


def test_missing_is_never_made_zero() -> None:
    zero = re.compile(r"fill(na|_null)\(0\)|\.get\(\"(value|value_high|low|high)\", 0\)")
    assert [path for path in sources() if zero.search((ROOT / path).read_text(encoding="utf-8"))] == []


def test_no_lock_or_setting_names_a_registry() -> None:
    for name in ("requirements.lock", "pyproject.toml"):
        assert not re.search(r"https?://(?!github\.com)", (ROOT / name).read_text(encoding="utf-8"))


def test_every_pin_carries_its_hashes() -> None:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pins = re.findall(
        r"^[A-Za-z0-9_.\-\[\]]+==[^\n]*\\\n(?:    --hash=sha256:[0-9a-f]{64})", text, re.MULTILINE
    )
    assert len(pins) == len(re.findall(r"^[A-Za-z0-9]", text, re.MULTILINE)) > 50


def test_every_dependency_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    ranges = [
        *project["dependencies"],
        # torch is left to the machine: nobody needs it but who trains the reader anew
        *(each for name, e in project["optional-dependencies"].items() if name != "training" for each in e),
    ]
    names = {re.split(r"[<>=!~\[; ]", each)[0].lower().replace("_", "-") for each in ranges}
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8").lower()
    assert {name for name in names if not re.search(rf"^{re.escape(name)}==", lock, re.MULTILINE)} == set()


def test_every_command_stands_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for package, app in (("pipelines", pipelines_app), ("dashboards", dashboards_app)):
        commands = typer.main.get_group(app).commands
        assert {name for name in commands if f"python -m {package} {name}" not in readme} == set()


def helps(command: Any) -> Iterator[str]:
    """Every help text of a command and of those below it."""
    yield from filter(None, [command.help, *(getattr(each, "help", None) for each in command.params)])
    for each in getattr(command, "commands", {}).values():
        yield from helps(each)


def test_no_help_text_is_read_as_markup() -> None:
    """What stands in brackets would not be shown."""
    found = [text for app in (pipelines_app, dashboards_app) for text in helps(typer.main.get_command(app))]
    assert len(found) > 100
    assert [text for text in found if Text.from_markup(text).plain.rstrip() != text.rstrip()] == []


def test_every_bundled_situation_stands_in_the_readmes_table() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    table = readme.partition("## What is in the bundled data")[2].partition("## ")[0]
    data = DataDir(ROOT / "data")
    names = {read_situation(data.situation(name)).name["en"] for name in data.situations()}
    assert {name for name in names if f"| {name}" not in table and f", {name}" not in table} == set()


def test_telemetry_is_off() -> None:
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert config["browser"]["gatherUsageStats"] is False


def find_situation_names() -> set[str]:
    """What the bundled situations and those who speak in them are called, by id and in words."""
    data, names = DataDir(ROOT / "data"), set[str]()
    for each in data.situations():
        situation = read_situation(data.situation(each))
        names |= {each, *situation.name.values()}
        for organisation in read_organisations(data.situation(each)):
            if not organisation.unnamed:  # who nobody named is in every situation
                names |= {organisation.id, organisation.name}
    return {name for name in names if len(name) > 4} - {"families"}  # the families' page


def test_every_situation_is_files_only_and_unknown_to_code_queries_words_and_styles() -> None:
    names = find_situation_names()
    assert {"venezuela", "Venezuela", "foro_penal", "Foro Penal", "us_immigration_detention"} <= names
    word = re.compile(rf"(?<!\w)({'|'.join(map(re.escape, sorted(names)))})(?!\w)")
    learnt = (
        ROOT / "pipelines" / "intake" / "prose"
    )  # words that reports use: what the reader learnt and masks
    apart = (learnt / "languages", learnt / "reader_model", learnt / "name_masking.toml")
    files = [
        path
        for folder in ("pipelines", "dashboards")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in TEXTS and not any(path.is_relative_to(place) for place in apart)
    ]
    assert {path.suffix for path in files} == TEXTS
    found = {path.name: set(word.findall(path.read_text("utf-8"))) for path in [*files, ROOT / "app.py"]}
    assert {name: strangers for name, strangers in found.items() if strangers} == {}
