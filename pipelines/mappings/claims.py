"""Figures of a mapped report become claims, under the same rules as rows typed in by hand."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import polars as pl

from pipelines import contracts, privacy
from pipelines.mappings.facts import Figure, Said
from pipelines.mappings.schema import Mapping, Report
from pipelines.model import (
    CLAIM_SCHEMA,
    TOTAL,
    Basis,
    Kind,
    Measure,
    Precision,
    PublishedBasis,
    Qualifier,
    State,
)
from pipelines.situation import Organisation, Situation

_TEXTS = (
    "organisation", "measure", "population", "breakdown", "qualifier", "value", "value_high", "period_start",
    "as_of", "as_of_basis", "published", "published_basis", "publisher", "provenance", "url", "note",
)  # fmt: skip # the cells that the contracts look at


def judge_figures(
    figures: Sequence[Figure],
    mapping: Mapping,
    situation: Situation,
    organisations: Sequence[Organisation],
    today: date,
    report: Report,
) -> pl.DataFrame:
    """One row a figure, in the columns of CLAIM_SCHEMA with `file` null.

    A figure that could not be read is quarantined with its own reasons alone; every other one also has to
    satisfy the contracts. Doubts (sums, numbers of rows) let it wait for a person.
    """
    claims = [_claim(figure, mapping, situation, organisations, report) for figure in figures]
    rows = pl.DataFrame(claims, schema=pl.Schema(CLAIM_SCHEMA))
    texts = rows.select(pl.col(column).cast(pl.String).alias(f"{column}_text") for column in _TEXTS)
    beside = rows.drop("state", "reason").hstack(texts).with_columns(unknown_cells=pl.lit(None, pl.String))
    judged = contracts.judge(
        contracts.mark_breakdowns(beside, situation), contracts.rules(situation, organisations, today)
    )
    verdicts = [
        _verdict(figure, state, reason)
        for figure, state, reason in zip(figures, judged["state"], judged["reason"], strict=True)
    ]
    return rows.with_columns(
        pl.Series("state", [state for state, _ in verdicts], dtype=pl.String),
        pl.Series("reason", [reason for _, reason in verdicts], dtype=pl.String),
    ).with_columns(privacy.masked(pl.col(column)) for column in ("raw", "note", "reason"))


def _verdict(figure: Figure, state: str, reason: str | None) -> tuple[str, str | None]:
    if figure.faults:
        return State.QUARANTINED.value, "; ".join(figure.faults)
    reasons = "; ".join(figure.doubts + ([reason] if reason else []))
    if state == State.ACCEPTED and figure.doubts:
        return State.PENDING.value, reasons
    return state, reasons or None


def _claim(
    figure: Figure,
    mapping: Mapping,
    situation: Situation,
    organisations: Sequence[Organisation],
    report: Report,
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
        "population": said.get("population") or _population(said, situation, organisations),
        "breakdown": None if parts is None else ";".join(parts) or TOTAL,
        "qualifier": hedge or said.get("qualifier") or (Qualifier.EXACT if amount else None),
        "value": amount.value if amount else None,
        "value_high": amount.high if amount else None,
        "period_start": said.get("period_start") or _window(said),
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


def _window(said: Said) -> date | None:
    """Only a flow starts with the period it is given for; a stock or a cumulative only ends with it."""
    measure = said.get("measure")
    known = measure in list(Measure) and Measure(measure).kind is Kind.FLOW
    return said.get("window") if known else None


def _population(said: Said, situation: Situation, organisations: Sequence[Organisation]) -> str:
    """Whose the figures are where the report does not say: what that organisation counts, or the usual."""
    usual = situation.measure_populations.get(str(said.get("measure")), situation.default_population)
    for organisation in organisations:
        if organisation.id == said.get("organisation"):
            return next(
                (c.population for c in organisation.counts if c.measure == said.get("measure")), usual
            )
    return usual
