"""`new`: a situation's starting folder, of files that a person then edits."""

import json
import re
import shutil
import unicodedata
from datetime import date
from pathlib import Path
from string import Template
from typing import Annotated, Final

import typer

from pipelines.cli.options import DATA, DataFolder, day_option, fail, refuse_personal
from pipelines.core.paths import DataDir
from pipelines.core.situation import is_timezone, read_organisations, read_situation

STARTING: Final = Path(__file__).with_name("starting_folder")
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{1,40}")
_ARRIVING: Final = ".new"  # hidden, so that no build takes the folder for a situation


def new(
    name: Annotated[str, typer.Argument(help="The folder's name: small letters, digits and _.")],
    called: Annotated[str, typer.Option("--called", help="What readers call the situation.")],
    organisation: Annotated[str, typer.Option("--organisation", help="Whose figures head its pages.")],
    baseline: Annotated[
        date,
        day_option("--baseline", "The day from which releases are counted."),
    ],
    timezone: Annotated[str, typer.Option("--timezone", help="Where it is, such as America/Bogota.")],
    data_dir: DataFolder = DATA,
) -> None:
    """Make a situation's starting folder: settings, organisations, events, the mapping of a list."""
    refuse_personal(called=called, organisation=organisation)
    data = DataDir(data_dir)
    folder = data.situation(name)
    if not _NAME.fullmatch(name) or folder == data.build:
        fail(f"{name}: the folder's name is of small letters, digits and _, a letter first", code=2)
    if not called.strip():
        fail("--called: is empty; it is what readers call the situation", code=2)
    if not is_timezone(timezone):
        fail(f"--timezone {timezone}: no such time zone; they are called like America/Bogota", code=2)
    if folder.exists():
        fail(f"{folder}: is there already; nothing was written", code=2)
    own = _make_id(organisation)
    if not own:
        fail(f"--organisation {organisation}: has no letter of a to z to make an id of", code=2)
    facts = {
        "id": name, "called": called, "organisation": organisation, "organisation_id": own,
        "timezone": timezone,
    }  # fmt: skip
    beside = data.root / _ARRIVING / name
    try:
        _fill(beside, {key: _quote(each) for key, each in facts.items()} | {"baseline": f"{baseline:%F}"})
        read_situation(beside)
        read_organisations(beside)
        beside.rename(folder)
    finally:
        shutil.rmtree(beside.parent, ignore_errors=True)
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            typer.echo(str(path))


def _make_id(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")


def _quote(text: str) -> str:
    """As it stands between the quotes of a TOML string."""
    return json.dumps(text, ensure_ascii=False)[1:-1]


def _fill(folder: Path, facts: dict[str, str]) -> None:
    for source in STARTING.rglob("*.*"):
        path = folder / source.relative_to(STARTING)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(Template(source.read_text(encoding="utf-8")).substitute(facts), encoding="utf-8")
