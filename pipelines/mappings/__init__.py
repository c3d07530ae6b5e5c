"""A publisher's own table, without Python: one TOML file says which cell is which claim.

Input: `data/<situation>/mappings/<publisher>.toml` and a report of that publisher. Output: claims, each with
the text of its cell and its place. docs/mappings.md explains every key with a complete example.
"""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import polars as pl

from pipelines.mappings.claims import judge_figures
from pipelines.mappings.reading import read_mapping
from pipelines.mappings.rows import collect_figures
from pipelines.mappings.schema import Mapping, MappingError, Report
from pipelines.model import CLAIM_SCHEMA
from pipelines.situation import Organisation, Situation

__all__ = ["Mapping", "MappingError", "Report", "apply", "read_mapping"]


def apply(
    mapping: Mapping,
    path: Path,
    situation: Situation,
    *,
    organisations: Sequence[Organisation],
    today: date,
    report: Report | None = None,
    file: str | None = None,
) -> pl.DataFrame:
    """The claims of one report, in the columns of CLAIM_SCHEMA; `file` is what stands in that column.

    A cell that cannot be read, or a row at fault, is quarantined with its reason. Where parts do not add up
    to their total, or the table has fewer or more rows than expected, all figures concerned wait for a
    person. Raises MappingError on a column that the mapping does not mention or that is missing, and
    ReadError on a file that cannot be read at all.
    """
    figures = collect_figures(mapping, path)
    claims = judge_figures(figures, mapping, situation, organisations, today, report or Report())
    return claims.with_columns(file=pl.lit(file or path.name)).select(*CLAIM_SCHEMA)
