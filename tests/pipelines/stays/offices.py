"""A group whose offices write their lists into one lake, and the people on these lists."""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

from typer.testing import CliRunner, Result

from pipelines.__main__ import app
from tests.conftest import write_situation
from tests.pipelines.stays.lists import MAPPING, PARTS, write_list
from tests.pipelines.stays.naive import Stay

CUT, SINCE = "2026-04-27", "2026-04-20"
BORN = date(1980, 5, 5)
OFFICES = ("north", "south")


class Group:
    """A group's data folder and lake, and what its offices run."""

    def __init__(self, folder: Path, settings_file: Path, *agreed: str, mapping: str = MAPPING) -> None:
        self.folder, self.settings = folder, settings_file
        path = write_situation(folder / "data") / "situation.toml"
        path.write_text(path.read_text() + PARTS)
        (folder / "mapping.toml").write_text(mapping)
        assert self.run("lake", "create", *self.of_lake, *agreed).exit_code == 0

    @property
    def of_lake(self) -> list[str]:
        return ["--lake", str(self.settings)]

    def run(self, *words: str) -> Result:
        return CliRunner().invoke(app, [*words, "--data-dir", str(self.folder / "data")])

    def words_to_write(self, path: Path, office: str) -> list[str]:
        mapping = str(self.folder / "mapping.toml")
        return ["lake", "write", str(path), *self.of_lake, "--office", office, "--mapping", mapping]

    def write(self, rows: Sequence[Stay], office: str, *words: str) -> Result:
        path = write_list(self.folder / f"{office}.csv", rows)
        return self.run(*self.words_to_write(path, office), *words)

    def count(self, path: Path, *words: str) -> Result:
        out = self.folder / "sheet.csv"
        out.unlink(missing_ok=True)
        asked = ["--mapping", str(self.folder / "mapping.toml"), "--cut", CUT, "--since", SINCE]
        return self.run("count", str(path), *asked, "--out", str(out), *words)

    def sheet(self, *words: str) -> bytes:
        """The sheet of a count of the lake."""
        done = self.count(self.settings, *words)
        assert done.exit_code == 0, done.output
        return (self.folder / "sheet.csv").read_bytes()


def people(count: int, office: str) -> list[Stay]:
    """People of one office, a third of them released."""
    found = []
    for number in range(count):
        left = date(2026, 4, 2) + timedelta(days=number % 20) if number % 3 == 0 else None
        how, sex = ("Indulto" if left else None), ("F" if number % 3 == 0 else "M")
        found.append(Stay(f"{office}{number}", date(2026, 2, 1), left, how, sex, BORN, "Norte"))
    return found
