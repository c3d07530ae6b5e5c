"""Every bundled mapping against its sample: the claims that are expected, and no others."""

from pathlib import Path

import msgspec
import polars as pl
import pytest

from pipelines.core.model import CLAIM_SCHEMA
from pipelines.core.paths import ROOT
from pipelines.core.situation import read_organisations, read_situation
from pipelines.intake.mappings.mapping_file import ReportFacts, read_mapping
from pipelines.intake.mappings.tabular_reports import apply_mapping
from tests.pipelines.intake.mappings.test_mappings import INVENTED, TODAY

SAMPLES = sorted((ROOT / "data").glob("*/mappings/*.toml"))


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: f"{path.parent.parent.name}/{path.stem}")
def test_mapping_gives_the_expected_claims_of_its_sample(path: Path) -> None:
    folder = path.parent / "samples" / path.stem
    (sample,) = folder.glob("sample.*")
    facts = folder / "report.toml"
    report = msgspec.toml.decode(facts.read_bytes(), type=ReportFacts) if facts.is_file() else ReportFacts()
    situation = read_situation(path.parent.parent)
    organisations = [*read_organisations(path.parent.parent), INVENTED]
    found = apply_mapping(
        read_mapping(path), sample, situation, organisations=organisations, today=TODAY, report=report
    )
    schema = {name: kind for name, kind in CLAIM_SCHEMA.items() if name not in {"situation", "file"}}
    expected = pl.read_csv(folder / "expected.csv", schema=schema, empty_string_is_null=True)
    assert found.drop("situation", "file").rows(named=True) == expected.rows(named=True)


def test_every_sample_belongs_to_a_mapping() -> None:
    folders = {path for path in (ROOT / "data").glob("*/mappings/samples/*") if path.is_dir()}
    assert folders == {path.parent / "samples" / path.stem for path in SAMPLES}
