"""What the public sees stays as it is recorded in `frozen_interfaces.json`, wherever the code lies.

Names and addresses (commands, tables, columns, charts, files, pages and their parameters, the ids of figures
and of feed entries) are read at the entry points: the commands, the files that they write, the app's pages.
What follows from the tests' own rows must be equal to what is recorded; of the bundled data every figure that
is recorded must still be there, and more may come. `earlier_build/` is what a build of other rows and other
code left behind, and is never made anew: its links must go on answering.

A change that is meant is recorded anew, and shown in its commit: `python -m tests.test_frozen_interfaces`.
"""

import csv
import difflib
import io
import json
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import polars as pl
import pytest
import typer
from lxml import etree
from streamlit.runtime.state import query_params_proxy
from typer.testing import CliRunner

import app as served
from dashboards.__main__ import app as dashboards_app
from dashboards.app.page_registry import PAGES
from pipelines.__main__ import app as pipelines_app
from pipelines.core.paths import ROOT, SQL, DataDir
from pipelines.warehouse import published_build
from tests.conftest import TODAY
from tests.dashboards.conftest import opened, text_of
from tests.dashboards.site.conftest import BASE, ROWS, small_data
from tests.pipelines.warehouse.test_own_corrections import mistake, write_mistakes

EARLIER: Final = Path(__file__).with_name("earlier_build")
RECORD: Final = Path(__file__).with_name("frozen_interfaces.json")
BUNDLED: Final = "figures of the bundled data"
SAMPLES: Final = "samples of them"
BUILD: Final = "29a3038bafd9"  # the earlier one
REVISED: Final = "37dc046ed3067bee"  # a figure of which it said 610
UNCHANGED: Final = "4002ac1b7fd9a9a9"
ATOM: Final = "{http://www.w3.org/2005/Atom}"
Section = dict[str, Any] | list[str]


@contextmanager
def reading(data: Path) -> Iterator[None]:
    """Commands and pages read this data folder, on a known day."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        patch.setenv("LIBEROMETRO_DATA", str(data))
        patch.setenv("LIBEROMETRO_TODAY", TODAY.isoformat())
        yield


def run(command: typer.Typer, *arguments: str, code: int = 0) -> bytes:
    """The standard output of a command that ends as it should."""
    result = CliRunner().invoke(command, list(arguments))
    assert result.exit_code == code, (arguments, result.output)
    return result.stdout_bytes


@contextmanager
def small(folder: Path) -> Iterator[tuple[Path, Path]]:
    """The tests' own rows and their site, published after the earlier build: the data folder and the site."""
    data, site = folder / "data", folder / "site"
    shutil.copytree(EARLIER / "figures", data / "build" / "figures")
    shutil.copytree(EARLIER / "site", site)
    small_data(data, ROWS)
    write_mistakes(DataDir(data), mistake(front_page="yes"), mistake(old_value="790"))
    with reading(data):
        run(pipelines_app, "build")
        run(dashboards_app, "publish", str(site), "--base-url", BASE, "--day", TODAY.isoformat())
        yield data, site


def interfaces(data: Path, site: Path) -> dict[str, Section]:
    """Everything that follows from the code and the tests' own rows."""
    tables = run(pipelines_app, "export", "--list").decode().split()
    return {
        "commands": commands(),
        "published tables and the columns of their exports": {name: columns(name) for name in tables},
        "columns of the tables as known on a day": {
            name: past for name in tables if (past := past_columns(name))
        },
        "closed lists": closed_lists(data),
        "charts and their formats": charts(),
        "columns of the charts' files": chart_columns(site),
        "what a chart's file says about itself": keys_of(site / "en/charts/held.json", "about"),
        "files of the site": patterns(site),
        "tables of the open data": open_tables(site),
        "addresses of the JSON interface": api(site),
        "feeds": feeds(site),
        "figures of the tests' rows": ids(site),
        "addresses of the app": [route.path for route in served.app._user_routes],
        "pages of the app and what their addresses may say": pages(),
    }


def commands() -> Section:
    """Every command with its arguments and options: their names, type, default."""
    found = {}
    for package, command in (("pipelines", pipelines_app), ("dashboards", dashboards_app)):
        for name, each in _list_commands(typer.main.get_command(command)):
            stated = {" ".join(p.opts + p.secondary_opts): _stated(p) for p in each.params}
            found[f"python -m {package} {name}"] = dict(sorted(stated.items()))
    return dict(sorted(found.items()))


def _list_commands(group: Any) -> Iterator[tuple[str, Any]]:
    """The commands of a group by name, those of the groups in it by both names."""
    for name, each in group.commands.items():
        if hasattr(each, "commands"):
            yield from ((f"{name} {below}", command) for below, command in _list_commands(each))
        else:
            yield name, each


def _stated(parameter: Any) -> str:
    kind = parameter.type_descriptor.annotation
    values = "|".join(each.value for each in kind) if hasattr(kind, "__members__") else kind.__name__
    parts = [f"{parameter.param_type_name} {values}"]
    parts += ["required"] if parameter.required else []
    parts += [f"= {parameter.default}"] if parameter.default not in (None, False) else []
    parts += [f"${parameter.envvar}"] if parameter.envvar else []
    parts += ["repeatable"] if parameter.multiple else []
    return " ".join(parts)


def columns(table: str) -> list[str]:
    """The columns of a table's export, with their types; those of its CSV and JSON are the same."""
    schema = pl.read_parquet(io.BytesIO(run(pipelines_app, "export", table, "--format", "parquet"))).schema
    header = run(pipelines_app, "export", table).decode().partition("\n")[0]
    assert header.split(",") == list(schema)
    return [f"{name} {kind}" for name, kind in schema.items()]


def past_columns(table: str) -> list[str]:
    """The columns of a table as it was known on a day; none where it has no such view."""
    asked = ["export", table, "--as-known-on", "2026-02-01"]
    result = CliRunner().invoke(pipelines_app, asked)
    assert result.exit_code in (0, 2), result.output
    return result.stdout.partition("\n")[0].split(",") if result.exit_code == 0 else []


def closed_lists(data: Path) -> Section:
    """The types of the build's columns; the codes that its rules give and the catalogues tell."""
    with published_build.open_current(DataDir(data)) as con:
        types = con.sql("SELECT DISTINCT column_name, data_type FROM duckdb_columns()").fetchall()
        bodies = con.sql("SELECT macro_definition FROM duckdb_functions() WHERE NOT internal").fetchall()
        bodies += con.sql("SELECT sql FROM duckdb_views() WHERE NOT internal").fetchall()
    bodies += [(path.read_text(encoding="utf-8"),) for path in (SQL / "3_lives").rglob("*.sql")]
    given = set(re.findall(r"'(\w+)'", " ".join(body for (body,) in bodies if body)))
    words = next((ROOT / "dashboards").rglob("en/LC_MESSAGES/*.po")).read_text(encoding="utf-8")
    listed = {name: re.findall(r"'(\w+)'", kind) for name, kind in types if kind.startswith("ENUM")}
    found = {name: labels for name, labels in listed.items() if "lista" not in labels}
    for group in ("standing", "why", "doubt"):
        found[group] = sorted(set(re.findall(rf'^msgid "{group}\.(\w+)"', words, re.MULTILINE)) & given)
    return dict(sorted(found.items()))


def charts() -> Section:
    """Every chart's name with the formats that it has for the tests' rows."""
    lines = run(dashboards_app, "chart", "--list", "--lang", "en").decode().splitlines()
    return {name: formats for name, formats, _ in (line.split("\t") for line in lines)}


def chart_columns(site: Path) -> Section:
    """The columns of each chart's CSV, below its remarks."""
    found = {}
    for path in sorted((site / "en/charts").glob("*.csv")):
        lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("# ")]
        found[path.stem] = next(csv.reader(lines))
    return found


def keys_of(path: Path, part: str) -> Section:
    """The names that stand in one object of a JSON file."""
    return list(json.loads(path.read_text(encoding="utf-8"))[part])


def patterns(site: Path) -> Section:
    """Every file of the site; a language, a build and the first digits of an id are names of their own."""
    found = {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
    for pattern, name in (
        (r"(^|/)(es|en|pt)/", r"\1<language>/"),
        (r"README\.(es|en|pt)", "README.<language>"),
        (r"builds/[0-9a-f]{12}", "builds/<build>"),
        (r"figures/[0-9a-f]{2}\.", "figures/<shelf>."),
    ):
        found = {re.sub(pattern, name, path) for path in found}
    return sorted(found)


def open_tables(site: Path) -> Section:
    """Each resource of the data package with its columns and their types; all its files have these."""
    found: dict[str, list[str]] = {}
    for each in json.loads((site / "data/datapackage.json").read_text(encoding="utf-8"))["resources"]:
        fields = [f"{field['name']} {field['type']}" for field in each.get("schema", {}).get("fields", [])]
        found[f"{each['name']}: {each['path']}"] = fields
    return found


def api(site: Path) -> Section:
    """The addresses of the description, and the names that each answer's objects have."""
    described = json.loads((site / "api/v1/openapi.json").read_text(encoding="utf-8"))
    found: dict[str, list[str]] = {path: [] for path in described["paths"]}
    for path in sorted((site / "api/v1").glob("*.json")):
        answer = json.loads(path.read_text(encoding="utf-8"))
        rows = answer.get("rows") or [{}] if isinstance(answer, dict) else [{}]
        found[f"/{path.name}"] = [*answer, *(f"rows.{name}" for name in rows[0])]
    return dict(sorted(found.items()))


def feeds(site: Path) -> Section:
    """The ids of feeds and entries, which readers keep, and the names in a JSON feed."""
    found: dict[str, list[str]] = {}
    for path in sorted(site.glob("*/feeds/*.atom")):
        found[path.relative_to(site).as_posix()] = [
            each.text or "" for each in etree.parse(path).getroot().iter(f"{ATOM}id")
        ]
    stated = json.loads((site / "en/feeds/all.json").read_text(encoding="utf-8"))
    assert [each["id"] for each in stated["items"]] == found["en/feeds/all.atom"][1:]
    found["en/feeds/all.json"] = [*stated, *(f"items.{name}" for name in stated["items"][0])]
    return found


def ids(site: Path) -> Section:
    """Every figure and its claim by what it is of."""
    with (site / "data/figures.csv").open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    return {f"{_about(row)}, {row['value']}": f"{row['figure_id']} {row['claim_id']}" for row in rows}


def _about(row: dict[str, Any]) -> str:
    names = ("organisation", "measure", "population", "breakdown", "as_of")
    return " ".join(str(row[name]) for name in names)


def pages() -> Section:
    """Every page of the app with the keys of the address that it looks at."""
    found = {}
    routes = [re.fullmatch("/([a-z]+)", each.path) for each in served.app._user_routes]
    for name in sorted(each[1] for each in routes if each and each[1] in PAGES):
        keys: set[str] = set()
        with pytest.MonkeyPatch.context() as patch:
            for way in ("__getitem__", "get_all"):
                patch.setattr(query_params_proxy.QueryParamsProxy, way, _noting(way, keys))
            opened(name)
        found[name] = sorted(keys)
    return found


def _noting(way: str, keys: set[str]) -> Any:
    plain = getattr(query_params_proxy.QueryParamsProxy, way)

    def noted(self: query_params_proxy.QueryParamsProxy, key: str) -> Any:
        keys.add(key)
        return plain(self, key)

    return noted


def bundled(folder: Path) -> dict[str, Section]:
    """The ids of every figure of the bundled data, and what the first of each measure is of."""
    data = folder / "bundled"
    shutil.copytree(ROOT / "data", data, ignore=shutil.ignore_patterns("build", "inbox"))
    with reading(data):
        run(pipelines_app, "build")
        figures = pl.read_csv(run(pipelines_app, "export", "figures"), infer_schema=False)
    found: dict[str, list[str]] = {}
    samples = {}
    for (situation,), rows in figures.sort("situation").group_by("situation", maintain_order=True):
        known = rows["figure_id"].unique().sort().to_list()
        found[str(situation)] = [" ".join(known[start : start + 6]) for start in range(0, len(known), 6)]
        dated = rows.filter(pl.col("as_of").is_not_null()).sort("measure", "as_of", "figure_id")
        for row in dated.unique("measure", keep="first", maintain_order=True).to_dicts():
            samples[f"{situation}: {_about(row)}"] = row["figure_id"]
    return {BUNDLED: found, SAMPLES: samples}


def record() -> dict[str, Section]:
    """All that is recorded."""
    found: dict[str, Section] = json.loads(RECORD.read_text(encoding="utf-8"))
    return found


def difference(was: Section, now: Section) -> str:
    """What differs, a line for each line of the record that went or came."""
    texts = [json.dumps(each, ensure_ascii=False, indent=1).splitlines() for each in (was, now)]
    return "\n".join(difflib.unified_diff(*texts, "recorded", "now", n=1, lineterm=""))


def test_what_the_public_sees_is_what_is_recorded(tmp_path: Path, subtests: pytest.Subtests) -> None:
    recorded = record()
    with small(tmp_path) as (data, site):
        for name, section in interfaces(data, site).items():
            with subtests.test(name):
                changed = difference(recorded[name], section)
                assert not changed, f"{name}:\n{changed}"
        with subtests.test("the site keeps what an earlier build pinned"):
            for path in filter(Path.is_file, (EARLIER / "site/builds").rglob("*")):
                assert (site / path.relative_to(EARLIER / "site")).read_bytes() == path.read_bytes(), path
        with subtests.test("the site's page of an earlier build says what became of it"):
            page = (site / f"en/builds/{BUILD}.html").read_text(encoding="utf-8")
            assert "610" in page
            assert "601" in page
        with subtests.test("a permanent link of an earlier build answers"):
            text = text_of(opened("figure", figure=REVISED, build=BUILD, lang="en"))
            assert "It no longer stands" in text
            assert "610 people held" in text
            assert "601 people held" in text
            text = text_of(opened("figure", figure=UNCHANGED, build=BUILD, lang="en"))
            assert "806 people held" in text


def test_every_recorded_figure_of_the_bundled_data_has_its_id(tmp_path: Path) -> None:
    recorded, now = record(), bundled(tmp_path)
    for situation, lines in dict(recorded[BUNDLED]).items():
        gone = set(" ".join(lines).split()) - set(" ".join(dict(now[BUNDLED])[situation]).split())
        assert not gone, f"{situation}: {len(gone)} figures lost their ids, as {sorted(gone)[:3]}"
    samples = dict(recorded[SAMPLES])
    kept = {about: figure for about, figure in dict(now[SAMPLES]).items() if about in samples}
    assert kept.items() <= samples.items(), difference(samples, kept)


def main() -> None:
    """Record what there is now."""
    with tempfile.TemporaryDirectory() as folder:
        with small(Path(folder)) as (data, site):
            found = interfaces(data, site)
        found |= bundled(Path(folder))
    RECORD.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
