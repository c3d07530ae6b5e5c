"""A publisher's tables, without Python: reports read by their mapping become claims under the contracts.

Input: `data/<situation>/mappings/<publisher>.toml` and a report of that publisher. Output: claims, each with
the text of its cell and its place. docs/mappings.md explains every key with a complete example.

What is known about a report beside its content stands in a small file beside it: `<report>.toml` with
`published`, `retrieved` and `url`, each optional.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import polars as pl

from pipelines.core import privacy
from pipelines.core.kept_results import KeptResults
from pipelines.core.model import (
    CLAIM_SCHEMA,
    TOTAL,
    Basis,
    Kind,
    Measure,
    Precision,
    PublishedBasis,
    Qualifier,
    RowState,
)
from pipelines.core.paths import find_obstacle, name_below, walk_files
from pipelines.core.situation import Organisation, Situation, encode_settings, make_personal_rules
from pipelines.intake.mappings.column_labels import MappedFigure, Said
from pipelines.intake.mappings.mapped_rows import collect_figures
from pipelines.intake.mappings.mapping_file import Mapping, MappingError, ReportFacts, read_mapping
from pipelines.intake.mappings.recognition import FOLDER
from pipelines.sheets import contracts
from pipelines.sheets.raw_table import FAILURES, explain_failure

_TEXTS = (
    "organisation", "measure", "population", "breakdown", "qualifier", "value", "value_high", "period_start",
    "as_of", "as_of_basis", "published", "published_basis", "retrieved", "publisher", "provenance",
    "url", "note",
)  # fmt: skip # the cells that the contracts look at


def judge_figures(
    figures: Sequence[MappedFigure],
    mapping: Mapping,
    situation: Situation,
    organisations: Sequence[Organisation],
    today: date,
    report: ReportFacts,
) -> pl.DataFrame:
    """One row a figure, in the columns of CLAIM_SCHEMA with `file` null.

    A figure that could not be read is quarantined with its own reasons alone; every other one also has to
    satisfy the contracts. Doubts (sums, numbers of rows) let it wait for a person.
    """
    claims = [_make_claim(figure, mapping, situation, organisations, report) for figure in figures]
    rows = pl.DataFrame(claims, schema=pl.Schema(CLAIM_SCHEMA))
    texts = rows.select(pl.col(column).cast(pl.String).alias(f"{column}_text") for column in _TEXTS)
    beside = rows.drop("state", "reason").hstack(texts).with_columns(unknown_cells=pl.lit(None, pl.String))
    personal = make_personal_rules(situation, organisations)
    judged = contracts.judge(
        contracts.mark_breakdowns(beside, situation),
        contracts.list_rules(situation, organisations, today),
        personal,
    )
    verdicts = [
        _decide_state(figure, state, reason)
        for figure, state, reason in zip(figures, judged["state"], judged["reason"], strict=True)
    ]
    decided = rows.with_columns(
        pl.Series("state", [state for state, _ in verdicts], dtype=pl.String),
        pl.Series("reason", [reason for _, reason in verdicts], dtype=pl.String),
    )
    return contracts.set_personal_aside(decided, personal)


def _decide_state(figure: MappedFigure, state: str, reason: str | None) -> tuple[str, str | None]:
    if figure.faults:
        return RowState.QUARANTINED.value, "; ".join(figure.faults)
    reasons = "; ".join(figure.doubts + ([reason] if reason else []))
    if state == RowState.ACCEPTED and figure.doubts:
        return RowState.PENDING.value, reasons
    return state, reasons or None


def _make_claim(
    figure: MappedFigure,
    mapping: Mapping,
    situation: Situation,
    organisations: Sequence[Organisation],
    report: ReportFacts,
) -> dict[str, Any]:
    said, amount = figure.said, figure.amount
    published = report.published or said.get("published")
    as_of, basis = said.get("as_of"), Basis.EXPLICIT
    if not mapping.states_moment:
        as_of, basis = published, Basis.PUBLICATION_DATE
    hedge = amount.qualifier if amount else None
    parts = said.get("breakdown", ())
    return {
        "situation": situation.id,
        "organisation": said.get("organisation"),
        "measure": said.get("measure"),
        "population": said.get("population") or _choose_population(said, situation, organisations),
        "breakdown": None if parts is None else ";".join(parts) or TOTAL,
        "qualifier": hedge or said.get("qualifier") or (Qualifier.EXACT if amount else None),
        "value": amount.value if amount else None,
        "value_high": amount.high if amount else None,
        "period_start": said.get("period_start") or _find_window(said),
        "as_of": as_of,
        "as_of_basis": basis,
        "as_of_precision": said.get("precision", Precision.DAY),
        "published": published,
        "published_basis": PublishedBasis.STATED,
        "retrieved": report.retrieved,
        "publisher": mapping.publisher,
        "provenance": mapping.provenance,
        "url": said.get("url") or report.url,
        "note": said.get("note"),
        "raw": figure.raw,
        "file": None,
        "place": figure.place,
        "state": None,
        "reason": None,
    }


def _find_window(said: Said) -> date | None:
    """Only a flow starts with the period it is given for; a stock or a cumulative only ends with it."""
    measure = said.get("measure")
    known = measure in list(Measure) and Measure(measure).kind is Kind.FLOW
    return said.get("window") if known else None


def _choose_population(said: Said, situation: Situation, organisations: Sequence[Organisation]) -> str:
    """Whose the figures are where the report does not say: what that organisation counts, or the usual."""
    usual = situation.measure_populations.get(str(said.get("measure")), situation.default_population)
    for organisation in organisations:
        if organisation.id == said.get("organisation"):
            return next(
                (c.population for c in organisation.counts if c.measure == said.get("measure")), usual
            )
    return usual


def apply_mapping(
    mapping: Mapping,
    path: Path,
    situation: Situation,
    *,
    organisations: Sequence[Organisation],
    today: date,
    report: ReportFacts | None = None,
    file: str | None = None,
) -> pl.DataFrame:
    """The claims of one report, in the columns of CLAIM_SCHEMA; `file` is what stands in that column.

    A cell that cannot be read, or a row at fault, is quarantined with its reason. Where parts do not add up
    to their total, or the table has fewer or more rows than expected, all figures concerned wait for a
    person. Raises MappingError on a column that the mapping does not mention or that is missing, and
    ReadError on a file that cannot be read at all.
    """
    figures = collect_figures(mapping, path)
    claims = judge_figures(figures, mapping, situation, organisations, today, report or ReportFacts())
    return claims.with_columns(file=pl.lit(file or path.name)).select(*CLAIM_SCHEMA)


class ReportError(privacy.DiscreetError):
    """A report has no mapping or no publisher, or wrong facts beside it; the message says what to do."""


def read_reports(
    folder: Path,
    situation: Situation,
    organisations: Sequence[Organisation],
    today: date,
    kept: KeptResults,
) -> Iterator[pl.DataFrame]:
    """The claims of each report of a situation's folder, in the shape of CLAIM_SCHEMA, report by report.

    A report that cannot be read as its mapping says is one quarantined row that says why; nothing is raised.
    `kept`: what an earlier build read.
    """
    root = folder / FOLDER
    settings = encode_settings(situation, organisations)
    for path in walk_files(root):
        if _is_facts_file(path):
            continue
        name = name_below(path, folder)
        try:
            obstacle = find_obstacle(path, folder)
            if obstacle is not None:
                raise ReportError(f"{name}: {obstacle}")
            rows = kept.frame(
                "report",
                (name, *settings, today),
                partial(_read_one_report, path, folder, situation, organisations, today),
                [path, _find_facts_file(path), _find_mapping(path, folder)],
            )
        except (MappingError, ReportError) as error:
            rows = _quarantine_report(situation, name, str(error).replace(f"{folder}/", ""))
        except FAILURES as error:
            rows = _quarantine_report(situation, name, explain_failure(error, path, name))
        yield rows


def _is_facts_file(path: Path) -> bool:
    return path.suffix == ".toml" and path.with_suffix("").is_file()


def _find_facts_file(path: Path) -> Path:
    return path.with_name(f"{path.name}.toml")


def _find_mapping(path: Path, folder: Path) -> Path:
    return folder / "mappings" / f"{path.relative_to(folder).parts[1]}.toml"


def _read_one_report(
    path: Path, folder: Path, situation: Situation, organisations: Sequence[Organisation], today: date
) -> pl.DataFrame:
    below = path.relative_to(folder)
    kinds = make_personal_rules(situation, organisations).describe(below.as_posix())
    if kinds:
        raise ReportError(f"{below}: the file's name: {kinds}; rename it")
    if len(below.parts) < 3:
        raise ReportError(f"{below}: put it into a folder of its publisher, {FOLDER}/<publisher>/{path.name}")
    mapping = _find_mapping(path, folder)
    if not mapping.exists():
        raise ReportError(f"{below}: no mapping for {below.parts[1]!r}; write mappings/{below.parts[1]}.toml")
    return apply_mapping(
        read_mapping(mapping),
        path,
        situation,
        organisations=organisations,
        today=today,
        report=_read_facts_beside(path),
        file=name_below(path, folder),
    )


def _read_facts_beside(path: Path) -> ReportFacts:
    """What `<report>.toml` says. Raises ReportError with the key at fault."""
    facts = _find_facts_file(path)
    if not facts.exists():
        return ReportFacts()
    try:
        return msgspec.toml.decode(facts.read_bytes(), type=ReportFacts)
    except (msgspec.ValidationError, msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ReportError(f"{facts}: {error}; it may hold published, retrieved and url") from error


def _quarantine_report(situation: Situation, name: str, reason: str) -> pl.DataFrame:
    row = {
        "situation": situation.id,
        "file": privacy.mask_message(name),
        "place": "file",
        "raw": "",
        "state": RowState.QUARANTINED.value,
        "reason": privacy.mask_message(reason),
    }
    return pl.DataFrame([row], schema=pl.Schema(CLAIM_SCHEMA))
