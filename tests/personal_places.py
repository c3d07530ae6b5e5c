"""Every place where a person's data can be written, how it gets in, and what has to become of it.

docs/privacy.md shows these places as its table; a test holds the two equal.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import duckdb
import openpyxl
from typer.testing import CliRunner

from pipelines.__main__ import app
from pipelines.core.paths import DataDir
from pipelines.core.plain_text import make_plain
from pipelines.intake import decisions
from pipelines.sheets import archived_copies, questions, transcription_sheet, verifications
from pipelines.warehouse import corrections, published_build
from tests.conftest import LAW, ORGANISATIONS, SITUATION, row, write_sheet
from tests.pipelines.intake.review.conftest import candidate

QUARANTINED, STOPS, REFUSED, MASKED = "quarantined", "the build stops", "the command refuses", "masked"
MAPPING = """
publisher = "Muestra"
format = "csv"
rows = [1, 99]
[defaults]
organisation = "lista"
measure = "in_custody"
[[column]]
name = "Total"
figure = {}
[[column]]
name = "Nota"
gives = "note"
"""
EVENTS = ("date", "kind", "title_en", "title_es", "url", "published")
SHEET_EXTRAS = ("a column that nobody knows", "the name of a column", "a row that cannot be read")
SETTINGS: dict[str, str] = {  # place → the file with `{}` where it is planted
    "situation.toml: a text": SITUATION.replace("De prueba.", "{}"),
    "situation.toml: a key": SITUATION.replace(
        "[populations]", '[populations]\n"{}" = { es = "x", en = "x" }'
    ),
    "situation.toml: a remark": SITUATION + "\n# {}\n",
    "organisations.toml: a name": ORGANISATIONS.replace("La Lista", "{}"),
    "organisations.toml: an alias": ORGANISATIONS.replace("rhythm_days", 'aliases = ["{}"]\nrhythm_days'),
    "organisations.toml: a spokesperson": ORGANISATIONS.replace(
        "rhythm_days", 'spokespeople = ["{}"]\nrhythm_days'
    ),
    "organisations.toml: a definition": ORGANISATIONS
    + '[[organisation.counts]]\nmeasure = "in_custody"\npopulation = "held"\n'
    'text = { es = "{}", en = "x" }\n',
    "publishers.toml: a name": '[[publisher]]\nid = "El Diario"\nname = { es = "{}", en = "x", pt = "x" }\n',
    "publishers.toml: an address": '[[publisher]]\nid = "x"\nwebsite = "https://a.example/?q={}"\n'
    'name = { es = "x", en = "x", pt = "x" }\n',
    "law.toml: a fact": LAW.replace("Cubre el deshielo.", "{}"),
    "law.toml: an address": LAW.replace("https://tarde.example/ley", "https://tarde.example/?q={}"),
    "explanations.toml: a reason": '[[explanation]]\nrule = "x"\norganisation = "lista"\n'
    'decided = 2026-01-01\nreason = { es = "{}", en = "x" }\n',
    "bridges.toml: a reason": '[[bridge]]\norganisation = "lista"\nmeasure = "in_custody"\n'
    'population = "held"\nat = 2026-01-01\ndecided = 2026-01-01\nreason = { es = "{}", en = "x" }\n',
    "comparable.toml: a text": '[[comparable]]\nid = "x"\ntext = { es = "{}", en = "x" }\nside = []\n',
    "changes.toml: a publisher": '[[change]]\norganisation = "lista"\nmeasure = "in_custody"\n'
    'population = "held"\nperiod_start = 2026-01-01\nas_of = 2026-01-02\nchange = 1\n'
    'published = 2026-01-02\npublisher = "{}"\n',
    "corrections.toml: a reason": '[[correction]]\nwhere = { value = 800 }\nfield = "value"\n'
    'reason = "{}"\n'
    "decided = 2026-01-01\n",
    "corrections.toml: a condition": '[[correction]]\nwhere = { note = "{}" }\nfield = "value"\n'
    'reason = "x"\n'
    "decided = 2026-01-01\n",
    "mappings/x.toml: a publisher": MAPPING.replace("Muestra", "{}"),
    "reports/x/report.csv.toml: an address": 'url = "https://a.example/?q={}"\n',
    "events.csv: a title": "date,kind,title_en,title_es\n2026-02-01,law,x,{}\n",
    "situation.toml: a value of a wrong kind": SITUATION.replace("2026-01-08", '"{}"'),
}
STRICT: dict[str, tuple[str, tuple[str, ...]]] = {
    "verifications.csv": (verifications.FILE, verifications.COLUMNS),
    "archived_copies.csv": (archived_copies.FILE, archived_copies.COLUMNS),
    "own_corrections.csv": (corrections.OWN_FILE, corrections.COLUMNS),
    "questions.csv": (questions.FILE, questions.COLUMNS),
}
QUEUED = ("organisation", "measure", "breakdown", "publisher", "url", "note", "raw", "reason")


def list_places() -> dict[str, str]:
    """Each place with what becomes of it, in the words of the docs."""
    return {
        **{f"sheet: {column}": QUARANTINED for column in transcription_sheet.COLUMNS},
        **{f"sheet: {extra}": QUARANTINED for extra in SHEET_EXTRAS},
        "sheet: the name of a workbook's sheet": QUARANTINED,
        "sheet: the file's name": QUARANTINED,
        "report under a mapping: a cell": QUARANTINED,
        "report under a mapping: the file's name": QUARANTINED,
        **{f"decisions.csv: {column}": QUARANTINED for column in decisions.COLUMNS},
        **{f"inbox queue: {column}": QUARANTINED for column in QUEUED},
        **dict.fromkeys(SETTINGS, STOPS),
        **{f"{name}: {column}": STOPS for name, (_, columns) in STRICT.items() for column in columns},
        "ingest: the file's name": REFUSED,
        "review --reviewer": REFUSED,
        "export-labels: the file's name": REFUSED,
        "recheck --by": REFUSED,
        "questions add": REFUSED,
        "questions answer --because": REFUSED,
        "sources.toml: a publisher": REFUSED,
        "read --publisher": MASKED,
        "read --url": MASKED,
        "read: the file's name": MASKED,
        "read: the text": MASKED,
        "export-labels: the text": MASKED,
    }


def run(data: DataDir, *words: str) -> str:
    """What a command prints, both ways, and what it raised."""
    done = CliRunner().invoke(app, [*words, "--data-dir", str(data.root)])
    return f"{done.output}\n{done.exception or ''}"


def plant_rows(data: DataDir, text: str) -> None:
    """The text in every place whose row is quarantined."""
    folder = data.situation("islandia")
    sheets = folder / "transcriptions"
    rows = [row(), *(row(**{column: text}) for column in transcription_sheet.COLUMNS)]
    write_sheet(sheets / "columns.csv", rows)
    write_sheet(sheets / "unknown.csv", [{**row(value=801), "colour": text}])
    write_sheet(sheets / "header.csv", [{**row(value=802), text: "x"}])
    broken = write_sheet(sheets / "broken.csv", [row(value=803)])
    with broken.open("a", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerow([*row(value=804).values(), "one", text])
    _write_workbook(sheets / "workbook.xlsx", _cut_title(text))
    name = "".join("_" if c in "/\n\0" else c for c in text)[:60]
    write_sheet(sheets / f"{name}.csv", [row(value=806)])
    _plant_report(folder, text, name)
    _write_cells(
        folder / decisions.FILE,
        decisions.COLUMNS,
        [_decision(**{column: text}) for column in decisions.COLUMNS],
    )
    queued = candidate()
    _write_cells(
        folder / "inbox" / "candidates.csv",
        tuple(queued),
        [{**queued, "value": 900 + n, column: text} for n, column in enumerate(QUEUED)],
    )


def _plant_report(folder: Path, text: str, name: str) -> None:
    (folder / "mappings").mkdir()
    (folder / "mappings" / "muestra.toml").write_text(MAPPING, encoding="utf-8")
    reports = folder / "reports" / "muestra"
    reports.mkdir(parents=True)
    for file in ("report", name):
        _write_cells(reports / f"{file}.csv", ("Total", "Nota"), [{"Total": text, "Nota": text}])
    (reports / "report.csv.toml").write_text("published = 2026-03-01\n", encoding="utf-8")


def _cut_title(text: str) -> str:
    return "".join(" " if c in "[]:*?/\\\n" else c for c in text)[:31]


def _write_workbook(path: Path, title: str) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    cells = row(value=805)
    sheet.append(list(cells))
    sheet.append(list(cells.values()))
    book.save(path)


def _write_cells(path: Path, columns: Iterable[str], rows: Iterable[Mapping[str, object]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, list(columns), lineterminator="\n", restval="")
        writer.writeheader()
        writer.writerows(rows)


def _decision(**cells: str) -> dict[str, str]:
    figure = {**row(), "population": "", "retrieved": "", "as_of_precision": "day"}
    said = {"raw": "800", "file": "inbox/reports/a.txt", "place": "characters 1-4", "decision": "accept"}
    return {**figure, **said, "reviewer": "AB", "decided": "2026-02-01", **cells}


def plant_setting(folder: Path, place: str, text: str) -> Path:
    """The text in one settings file; returns it."""
    path = folder / place.partition(": ")[0]
    path.parent.mkdir(parents=True, exist_ok=True)
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    if path.suffix == ".csv":
        escaped = f'"{text}"'
    elif place.endswith("a remark"):
        escaped = text.replace("\n", " ")
    path.write_text(SETTINGS[place].replace("{}", escaped), encoding="utf-8")
    return path


def plant_strict(folder: Path, name: str, column: str, text: str) -> Path:
    """The text in one column of a file that people add rows to; returns it."""
    file, columns = STRICT[name]
    _write_cells(folder / file, columns, [{column: text}])
    return folder / file


def read_all_that_leaves(data: DataDir) -> Iterator[tuple[str, str]]:
    """Everything of a data folder that a visitor or a fellow monitor can be shown, with its place."""
    with duckdb.connect(str(published_build.find_current(data).path), read_only=True) as con:
        for (table,) in con.execute("SELECT table_name FROM duckdb_tables()").fetchall():
            yield f"table {table}", "\n".join(map(str, con.table(table).fetchall()))
    for name in ("claims", "quarantine", "decisions"):
        yield f"export {name}", run(data, "export", name, "--format", "json")
    for path in sorted(data.snapshots.glob("*.parquet")):
        with duckdb.connect() as con:
            yield path.name, "\n".join(map(str, con.read_parquet(str(path)).fetchall()))
    yield "the pointer", data.pointer.read_text(encoding="utf-8")


def holds(text: str, core: str) -> bool:
    """Whether a core, in letters and digits alone, stands in a text however it is written."""
    return core in "".join(c for c in make_plain(text).text.lower() if c.isalnum())


def format_table() -> str:
    """The table of docs/privacy.md: where something was planted, how often, and what became of it."""
    groups: dict[tuple[str, str], list[str]] = {}
    for place, fate in list_places().items():
        where, _, what = place.partition(": ")
        groups.setdefault((where, fate), []).append(what)
    lines = ["| where | what of it | what becomes of it | leaked |", "| --- | --- | --- | --- |"]
    for (where, fate), parts in groups.items():
        lines.append(f"| {where} | {', '.join(filter(None, parts))} | {fate} | nothing |")
    return "\n".join(lines)


if __name__ == "__main__":
    print(format_table())
