"""House rules that a machine can hold: who may import whom, where SQL lives, what is never committed."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

from dashboards.__main__ import app as dashboards_app
from pipelines.__main__ import app as pipelines_app
from pipelines.paths import ROOT

SOURCES = sorted(
    path.relative_to(ROOT) for folder in ("pipelines", "dashboards") for path in (ROOT / folder).rglob("*.py")
)
SQL_FILES = sorted(path.relative_to(ROOT) for path in ROOT.glob("*/sql/**/*.sql"))
READ_SIDE = {
    "pipelines",
    "pipelines.bounds",  # what a qualifier allows
    "pipelines.figures",  # the ledger of what each build showed
    "pipelines.known_values",
    "pipelines.model",
    "pipelines.outlook",  # pure functions of the rows that a build holds; their answer depends on the day
    "pipelines.paths",
    "pipelines.published",
    "pipelines.rates",
    "pipelines.situation",
    "pipelines.staleness",
}


def imports(path: Path) -> set[str]:
    """Every module that a file imports, `from a import b` counted as `a` and as `a.b`."""
    found: set[str] = set()
    for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


@pytest.mark.parametrize("path", [p for p in SOURCES if p.parts[0] == "pipelines"], ids=str)
def test_pipelines_never_see_the_pages(path: Path) -> None:
    forbidden = {"streamlit", "plotly", "dashboards"}
    assert not {name for name in imports(path) if name.split(".")[0] in forbidden}


@pytest.mark.parametrize("path", [p for p in SOURCES if p.parts[0] == "dashboards"], ids=str)
def test_pages_see_only_the_read_side_of_the_pipelines(path: Path) -> None:
    modules = {name for name in imports(path) if name.split(".")[0] == "pipelines"}
    known = {
        name
        for name in modules
        if name in READ_SIDE or any(name.startswith(f"{module}.") for module in READ_SIDE - {"pipelines"})
    }
    assert modules <= known


@pytest.mark.parametrize("path", [p for p in SOURCES if p.parts[:2] == ("dashboards", "charts")], ids=str)
def test_charts_are_pure(path: Path) -> None:
    assert not {name for name in imports(path) if name.split(".")[0] in {"streamlit", "duckdb"}}


@pytest.mark.parametrize("path", SQL_FILES, ids=str)
def test_sql_file_starts_with_what_one_row_is(path: Path) -> None:
    assert (ROOT / path).read_text(encoding="utf-8").startswith("-- ")


@pytest.mark.parametrize("path", SOURCES, ids=str)
def test_missing_is_never_made_zero(path: Path) -> None:
    text = (ROOT / path).read_text(encoding="utf-8")
    assert not re.search(r"fill(na|_null)\(0\)|\.get\(\"(value|value_high|low|high)\", 0\)", text)


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
        *(each for e in project["optional-dependencies"].values() for each in e),
    ]
    names = {re.split(r"[<>=!~\[; ]", each)[0].lower().replace("_", "-") for each in ranges}
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8").lower()
    assert {name for name in names if not re.search(rf"^{re.escape(name)}==", lock, re.MULTILINE)} == set()


def test_every_command_stands_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for package, app in (("pipelines", pipelines_app), ("dashboards", dashboards_app)):
        commands = {command.name or "" for command in app.registered_commands}
        assert {name for name in commands if f"python -m {package} {name}" not in readme} == set()


def test_telemetry_is_off() -> None:
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert config["browser"]["gatherUsageStats"] is False


def test_the_pace_needs_no_simulation() -> None:
    seen = imports(Path("pipelines/known_values.py")) | imports(Path("pipelines/rates.py"))
    assert not {name for name in seen if name.startswith("pipelines.outlook")}


WAYS_IN = "readers mappings extract prose collect review queue reports decisions recheck"
SHEETS = ("pipelines.readers.shapes", "pipelines.readers.csv_table")  # of the main road
BUILD = "warehouse load inputs corrections judgements disclosure own_corrections law"
BELOW_BOTH = "figures published releases strict_rows transcriptions verifications"


def test_rows_reach_a_build_one_way() -> None:
    modules = f"{BUILD} {BELOW_BOTH}".split()
    seen = {name for module in modules for name in imports(Path(f"pipelines/{module}.py"))}
    ours = {name for name in seen if name.startswith("pipelines.") and not name.startswith(SHEETS)}
    assert not {name for name in ours if name.split(".")[1] in WAYS_IN.split()}
    assert "pipelines.claim_batches" in ours


def test_no_way_in_sees_the_warehouse() -> None:
    inside = [path for path in SOURCES if path.with_suffix("").parts[1] in WAYS_IN.split()]
    seen = {name for path in inside for name in imports(path) if name.startswith("pipelines.")}
    assert not {name for name in seen if name.split(".")[1] in BUILD.split()}


def test_every_situation_is_files_only_and_unknown_to_the_code() -> None:
    names = {path.parent.name for path in (ROOT / "data").glob("*/situation.toml")}
    assert len(names) >= 4
    for path in SOURCES:
        words = set(re.findall(r"[a-z_]+", (ROOT / path).read_text(encoding="utf-8").lower()))
        assert not words & names, path
