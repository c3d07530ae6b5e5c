"""The rooms: imports run downwards only, by the table in docs/architecture.md; no file is too long."""

import ast
import re
from collections import defaultdict
from pathlib import Path

from pipelines.core.paths import ROOT

TABLE = ROOT / "docs" / "architecture.md"
MOST_LINES = 400
MOST_STATIONS = 25
ROW = re.compile(
    r"^\| (?P<name>[a-z0-9 ]+) \| (?P<paths>`[^|]+`) \| (?P<holds>[^|]+) \| (?P<below>[^|]+) \|$",
    re.MULTILINE,
)
SOURCES = [p for folder in ("pipelines", "dashboards") for p in sorted((ROOT / folder).rglob("*.py"))]


def rooms() -> dict[str, tuple[list[str], set[str]]]:
    """Room → the modules or packages that it is made of, and the rooms that it may import."""
    found = {}
    for row in ROW.finditer(TABLE.read_text(encoding="utf-8")):
        paths = [
            each.removesuffix(".py").replace("/", ".") for each in re.findall(r"`([^`]+)`", row["paths"])
        ]
        below = row["below"].removeprefix("nothing of ours").split(",")
        found[row["name"].strip()] = (paths, {each.strip() for each in below} - {""})
    return found


def room_of(module: str, table: dict[str, tuple[list[str], set[str]]]) -> str:
    """The room with the longest path that holds the module."""
    fitting = [
        (len(path), name)
        for name, (paths, _) in table.items()
        for path in paths
        if module == path or module.startswith(f"{path}.")
    ]
    assert fitting, f"{module} is in no room of docs/architecture.md"
    return max(fitting)[1]


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path: Path, modules: set[str]) -> set[str]:
    """The modules of ours that a file imports, wherever in the file."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                found.add(whole if whole in modules else node.module)
    return found & modules


GRAPH = {name_of(path): imports(path, {name_of(each) for each in SOURCES}) for path in SOURCES}


def test_every_room_of_the_table_exists_and_names_rooms_of_the_table() -> None:
    table = rooms()
    assert len(table) > 20
    for name, (paths, below) in table.items():
        assert below <= set(table), name
        for path in paths:
            assert (ROOT / path.replace(".", "/")).is_dir() or (
                ROOT / f"{path.replace('.', '/')}.py"
            ).is_file()


def test_imports_run_downwards_only() -> None:
    table = rooms()
    upwards = defaultdict(set)
    for module, found in GRAPH.items():
        here = room_of(module, table)
        for other in found:
            there = room_of(other, table)
            if there != here and there not in table[here][1]:
                upwards[here, there].add(f"{module} → {other}")
    assert not dict(upwards)


def test_the_table_itself_has_no_circle() -> None:
    table = rooms()
    done: set[str] = set()
    while len(done) < len(table):
        free = {name for name, (_, below) in table.items() if name not in done and below <= done}
        assert free, f"a circle among {set(table) - done}"
        done |= free


def test_no_module_imports_itself_through_others() -> None:
    left = {module: set(found) for module, found in GRAPH.items()}
    while left:
        free = {module for module, found in left.items() if not found & left.keys()}
        assert free, f"a circle among {sorted(left)}"
        left = {module: found for module, found in left.items() if module not in free}


def test_no_file_is_longer_than_a_person_reads() -> None:
    long = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in SOURCES}
    assert {name: lines for name, lines in long.items() if lines > MOST_LINES} == {}


def test_the_walk_of_a_figure_names_functions_that_exist() -> None:
    """Each station of docs/architecture.md is `file: function`, or a stage of SQL."""
    text = TABLE.read_text(encoding="utf-8").split("## The walk of one figure")[1].split("\n## ")[0]
    stations = re.findall(r"^\d+\. `([^`]+)`(?:: `(\w+)`)?", text, re.MULTILINE)
    assert 15 < len(stations) <= MOST_STATIONS
    for path, function in stations:
        whole = ROOT / path
        assert whole.exists(), path
        if function:
            defined = {
                node.name
                for node in ast.parse(whole.read_text(encoding="utf-8")).body
                if isinstance(node, ast.FunctionDef | ast.ClassDef)
            }
            assert function in defined, f"{path}: {function}"
