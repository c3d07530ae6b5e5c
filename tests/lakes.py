"""Lakes that tests start as their users do, by `docs/start-lake.sh`, over Debian's PostgreSQL."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

import duckdb

from pipelines.core.paths import ROOT
from pipelines.stays.lake import Lake, attach, open_gate, read_lake
from tests.programs import find_program

SCRIPT = ROOT / "docs" / "start-lake.sh"


class Catalogue(NamedTuple):
    """A folder with a lake in it, and its PostgreSQL."""

    folder: Path

    @property
    def cluster(self) -> Path:
        return self.folder / "catalogue"

    @property
    def settings(self) -> Path:
        return self.folder / "lake.toml"

    def start(self) -> str:
        """Run the documented command; what it says."""
        environment = {**os.environ, "LIBEROMETRO_PYTHON": sys.executable}
        done = subprocess.run(
            [SCRIPT, self.folder], env=environment, capture_output=True, text=True, timeout=600, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def kill(self) -> None:
        """End every process of the cluster with signal 9, as a power cut does."""
        pid = int((self.cluster / "postmaster.pid").read_text().splitlines()[0])
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        for each in (pid, *map(int, children)):
            with suppress(ProcessLookupError):
                os.kill(each, signal.SIGKILL)
        for each in (pid, *map(int, children)):
            while Path(f"/proc/{each}").exists():  # until init has taken note of its end
                time.sleep(0.01)

    def make_lake(self, name: str) -> Path:
        """The settings of another lake in the same PostgreSQL, that nobody has created yet."""
        self.ask(f"CREATE DATABASE {name}")
        folder = self.folder / name
        folder.mkdir()
        text = self.settings.read_text().replace("dbname=stays", f"dbname={name}")
        (folder / "lake.toml").write_text(text)
        return folder / "lake.toml"

    def ask(self, query: str, database: str = "postgres") -> str:
        """What psql prints, bare."""
        command = [find_program("psql", "postgresql"), "-h", self.cluster, "-d", database, "-AtXqc", query]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def dump(self, database: str = "stays") -> bytes:
        """All that the catalogue holds, as SQL."""
        command = [find_program("pg_dump", "postgresql"), "-h", self.cluster, database]
        return subprocess.run(command, capture_output=True, check=True).stdout


@contextmanager
def run_catalogue() -> Iterator[Catalogue]:
    """A lake in a folder of its own that PostgreSQL's user reaches; all of it is gone afterwards."""
    find_program("initdb", "postgresql")
    folder = Path(tempfile.mkdtemp(prefix="lake-"))
    catalogue = Catalogue(folder)
    try:
        catalogue.start()
        yield catalogue
    finally:
        with suppress(FileNotFoundError):
            catalogue.kill()
        shutil.rmtree(folder)


@contextmanager
def open_lake(settings: Path) -> Iterator[tuple[Lake, duckdb.DuckDBPyConnection]]:
    """A lake attached as `lake`, for reading."""
    lake = read_lake(settings)
    with duckdb.connect(config={"autoinstall_known_extensions": "false"}) as con:
        open_gate(con, lake)
        attach(con, lake)
        yield lake, con
