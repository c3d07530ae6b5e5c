"""Builds made once in a run: tests of equal inputs get a copy of the same file, whichever process made it."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest

from pipelines.core.paths import DataDir
from pipelines.warehouse import build
from pipelines.warehouse.fingerprint import Input

FILL = build._fill_safely


@pytest.fixture(scope="session", autouse=True)
def builds_made_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Only the filling is saved: lock, pointer, snapshot and pruning are the product's own in every test.

    A build outside the run's folder is one of a property's random ones and comes but once: it is not kept.
    """
    own = tmp_path_factory.getbasetemp()
    run = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    kept = run / "builds"
    kept.mkdir(exist_ok=True)

    def fill(path: Path, data: DataDir, files: list[Input], today: date, *rest: Any) -> build.Filled:
        if not data.root.is_relative_to(run):
            return FILL(path, data, files, today, *rest)
        made_from = path.stem.split("-")[1]  # the fingerprint of the inputs names the private file
        copy = kept / f"{made_from}-{today}.duckdb"
        with copy.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            said = copy.with_suffix(".json")
            if not said.exists():
                filled = FILL(path, data, files, today, *rest)
                shutil.copyfile(path, copy)
                said.write_bytes(msgspec.json.encode(filled))
                return filled
            shutil.copyfile(copy, path)
        return msgspec.json.decode(said.read_bytes(), type=build.Filled)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(build, "_fill_safely", fill)
        yield


@pytest.fixture
def made_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """For a test about how a build is made, or one that changes it: nothing comes from another test."""
    monkeypatch.setattr(build, "_fill_safely", FILL)
