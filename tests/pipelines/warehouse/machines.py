"""Machines that publish to one store and read from it, and what a test looks at or spoils there."""

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipelines.__main__ import app
from pipelines.core.paths import DataDir
from pipelines.warehouse import build, published_build
from pipelines.warehouse.build_store import BuildStore, open_store
from tests.conftest import TODAY, row, write_sheet
from tests.stores import KEY, SECRET


def publish(data: DataDir, value: int) -> None:
    """Build here, and nowhere else."""
    write_sheet(data.situation("islandia") / "transcriptions" / "sheet.csv", [row(value=value)])
    build.build(data, today=TODAY)


def values(data: DataDir) -> list[int]:
    with published_build.open_current(data) as con:
        return [value for (value,) in con.sql("SELECT value FROM claims").fetchall()]


def list_snapshots(data: DataDir) -> list[str]:
    return sorted(path.name for path in data.snapshots.glob("*"))


def copy_machine(data: DataDir, name: str) -> DataDir:
    return DataDir(Path(shutil.copytree(data.root, data.root.parent / name)))


def open_as(environment: dict[str, str]) -> BuildStore:
    """The store as a machine with this environment sees it, asked once so that it is open."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        store = open_store()
        assert store is not None
        store.list_sizes("releases")
    return store


def read_whole(store: BuildStore, key: str) -> bytes:
    """A file that lies there as one object, or in parts."""
    return b"".join(b"".join(store.read_pieces(part)) for part in sorted(store.list_sizes(key)) or [key])


def find_newest(store: BuildStore) -> str:
    """The key of the newest release."""
    return max(key for key in store.list_sizes("releases") if key.endswith(".duckdb"))


def run(data: DataDir, environment: dict[str, str], *words: str) -> tuple[int, str]:
    """A command's exit code and what it says, which names no secret."""
    done = CliRunner().invoke(app, [*words, "--data-dir", str(data.root)], env=environment)
    assert "Traceback" not in done.output
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    for secret in (SECRET, KEY):
        assert secret not in done.output
    return done.exit_code, done.output
