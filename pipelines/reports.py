"""Tabular reports: `data/<situation>/reports/<publisher>/`, each read by `mappings/<publisher>.toml`.

What is known about a report beside its content stands in a small file beside it: `<report>.toml` with
`published`, `retrieved` and `url`, each optional.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Final

import msgspec
import polars as pl

from pipelines import privacy
from pipelines.mappings import MappingError, Report, apply, read_mapping
from pipelines.model import CLAIM_SCHEMA, State
from pipelines.readers import ReadError
from pipelines.situation import Organisation, Situation

FOLDER: Final = "reports"


class ReportError(ValueError):
    """A report has no mapping or no publisher, or wrong facts beside it; the message says what to do."""


def read_reports(
    folder: Path, situation: Situation, organisations: Sequence[Organisation], today: date
) -> Iterator[pl.DataFrame]:
    """The claims of each report of a situation's folder, in the shape of CLAIM_SCHEMA, report by report.

    A report that cannot be read as its mapping says is one quarantined row that says why; nothing is raised.
    """
    root = folder / FOLDER
    for path in sorted(root.rglob("*")):
        if not path.is_file() or path.name.startswith(".") or _describes_another(path):
            continue
        name = path.relative_to(folder).as_posix()
        try:
            yield _read(path, folder, situation, organisations, today)
        except (MappingError, ReadError, ReportError) as error:
            yield _quarantined(situation, name, str(error).replace(f"{folder}/", ""))


def _describes_another(path: Path) -> bool:
    return path.suffix == ".toml" and path.with_suffix("").is_file()


def _read(
    path: Path, folder: Path, situation: Situation, organisations: Sequence[Organisation], today: date
) -> pl.DataFrame:
    below = path.relative_to(folder)
    if len(below.parts) < 3:
        raise ReportError(f"{below}: put it into a folder of its publisher, {FOLDER}/<publisher>/{path.name}")
    mapping = folder / "mappings" / f"{below.parts[1]}.toml"
    if not mapping.exists():
        raise ReportError(f"{below}: no mapping for {below.parts[1]!r}; write mappings/{below.parts[1]}.toml")
    return apply(
        read_mapping(mapping),
        path,
        situation,
        organisations=organisations,
        today=today,
        report=_beside(path),
        file=below.as_posix(),
    )


def _beside(path: Path) -> Report:
    """What `<report>.toml` says. Raises ReportError with the key at fault."""
    facts = path.with_name(f"{path.name}.toml")
    if not facts.exists():
        return Report()
    try:
        return msgspec.toml.decode(facts.read_bytes(), type=Report)
    except (msgspec.ValidationError, msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ReportError(f"{facts}: {error}; it may hold published, retrieved and url") from error


def _quarantined(situation: Situation, name: str, reason: str) -> pl.DataFrame:
    row = {
        "situation": situation.id,
        "file": name,
        "place": "file",
        "raw": "",
        "state": State.QUARANTINED.value,
        "reason": privacy.mask_numbers(reason),
    }
    return pl.DataFrame([row], schema=pl.Schema(CLAIM_SCHEMA))
