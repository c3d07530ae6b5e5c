"""Which mapping of a situation a report fits, or what keeps each of them from reading it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pipelines.sheets.raw_table import FAILURES, explain_failure

FOLDER: Final = "reports"  # of a situation, with one folder a mapping in it


@dataclass(frozen=True)
class Recognition:
    """The names of the mappings that read at least one figure of a report, and why each other does not."""

    fitting: list[str]
    refusals: dict[str, str]


def list_mappings(folder: Path) -> list[str]:
    """The names of the mappings of a situation's folder."""
    return sorted(path.stem for path in (folder / "mappings").glob("[!.]*.toml"))


def recognise(path: Path, folder: Path, names: list[str]) -> Recognition:
    """Try each of the named mappings of a situation's folder on a report; nothing is raised."""
    fitting: list[str] = []
    refusals: dict[str, str] = {}
    for name in names:
        reason = explain_refusal(path, folder / "mappings" / f"{name}.toml")
        if reason is None:
            fitting.append(name)
        else:
            refusals[name] = reason.replace(f"{folder}/", "")
    return Recognition(fitting, refusals)


def explain_refusal(path: Path, mapping: Path) -> str | None:
    """Why a report cannot be read by a mapping; None where at least one figure can."""
    from pipelines.intake.mappings.mapped_rows import collect_figures
    from pipelines.intake.mappings.mapping_file import MappingError, read_mapping

    try:
        figures = collect_figures(read_mapping(mapping), path)
    except MappingError as error:
        return str(error).replace(str(path), path.name)
    except FAILURES as error:
        return explain_failure(error, path, path.name)
    if all(figure.faults for figure in figures):
        return next((figure.faults[0] for figure in figures), "it has no figure")
    return None
