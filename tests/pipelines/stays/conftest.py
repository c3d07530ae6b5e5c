"""One PostgreSQL for a module's lakes, and a lake for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lakes import Catalogue, run_catalogue
from tests.pipelines.stays.offices import Group


@pytest.fixture(scope="module")
def catalogue() -> Iterator[Catalogue]:
    with run_catalogue() as started:
        yield started


@pytest.fixture
def group(catalogue: Catalogue, tmp_path: Path, request: pytest.FixtureRequest) -> Group:
    name = f"lake_{abs(hash(request.node.name))}"
    return Group(tmp_path, catalogue.make_lake(name))
