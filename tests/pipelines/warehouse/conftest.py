"""Stores of this test's own: a bucket of a real server, and a folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.core.paths import DataDir
from pipelines.warehouse.build_store import BuildStore
from tests.pipelines.warehouse.machines import open_as
from tests.stores import Server, run_server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with run_server(tmp_path_factory.mktemp("s3")) as server:
        yield server


@pytest.fixture(params=["bucket", "folder"])
def environment(request: pytest.FixtureRequest, server: Server, tmp_path: Path) -> dict[str, str]:
    """Of a machine: an empty place of this test's own."""
    if request.param == "bucket":
        return server.environment() | {"LIBEROMETRO_BUILDS": f"s3://builds/{tmp_path.name}"}
    (tmp_path / "share").mkdir()
    return {"LIBEROMETRO_BUILDS": str(tmp_path / "share")}


@pytest.fixture
def store(environment: dict[str, str]) -> BuildStore:
    return open_as(environment)


@pytest.fixture
def reader(tmp_path: Path) -> DataDir:
    return DataDir(tmp_path / "reader")
