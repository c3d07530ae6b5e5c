"""What a row must be before it counts, rule by rule, and the id of a claim.

Input: rows as text, one String column for each cell, as a reader gave them. Output: the same number of
rows, typed, each accepted, pending or quarantined with every reason that applies. Nothing is repaired.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import duckdb
import polars as pl

from pipelines.core import privacy
from pipelines.core.frames import lend_frame, read_frame
from pipelines.core.model import (
    BREAKDOWN_KEYS,
    TOTAL,
    Basis,
    Kind,
    Measure,
    Provenance,
    PublishedBasis,
    Qualifier,
    RowState,
)
from pipelines.core.paths import SQL
from pipelines.core.situation import Organisation, Situation, make_personal_rules

DATES: Final = ("period_start", "as_of", "published")
REQUIRED: Final = ("organisation", "measure", "breakdown", "qualifier", "value", "publisher", "provenance")
LONGEST_MEMORY_YEARS: Final = 90  # a count since 1967 is history; a mistyped century is a hundred years off
AS_OF_BASES: Final = {"stated": Basis.EXPLICIT, **{basis.value: basis for basis in Basis}}


@dataclass(frozen=True)
class RowRule:
    """One rule: its name, the state of a row that breaks it, which rows do, and what it says of them.

    `hides`: the column whose cell is of no list and no form, so that a person's name may stand there. Of a
    row that breaks such a rule the place and the rule's sentence are told, and nothing that was written.
    """

    name: str
    state: RowState
    broken: pl.Expr
    says: pl.Expr
    tells_kind: bool = False  # its sentence names what kind of text stands there, and repeats none
    hides: str | None = None
    yes_suffices: bool = False  # a row that a person decided about may break it


def _select_text(column: str) -> pl.Expr:
    return pl.col(f"{column}_text")


def _is_outside(column: str, allowed: Sequence[str]) -> pl.Expr:
    return ~_select_text(column).is_in(list(allowed))


def _list_value_rules(column: str) -> list[RowRule]:
    cell = _select_text(column)
    wrong = cell.is_not_null() & ~cell.str.contains(r"^[0-9]{1,9}$")
    negative = cell.str.contains(r"^[-−]\s?[0-9]+([.,][0-9]+)?$")
    grouped = cell.str.contains(r"^[0-9]{1,3}([.,\s\u{00a0}\u{202f}'’][0-9]{3})+$")
    fraction = cell.str.contains(r"^[0-9]+[.,][0-9]+$") & ~grouped
    too_long = cell.str.contains(r"^[0-9]{10,}$")
    rest = wrong & ~negative & ~grouped & ~fraction & ~too_long

    def rule(name: str, broken: pl.Expr, sentence: str) -> RowRule:
        return RowRule(name, RowState.QUARANTINED, broken, pl.format(f"{column} {sentence}", cell))

    return [
        rule(f"{column}_negative", negative, "{}: a count of people cannot be negative"),
        rule(
            f"{column}_grouped",
            grouped,
            "{}: a separator can mean thousands or decimals; write digits only, 1697 for 1.697",
        ),
        rule(f"{column}_fractional", fraction, "{}: a count of people is a whole number"),
        rule(f"{column}_impossible", too_long, "{}: more people than there are"),
        RowRule(
            f"{column}_not_a_number",
            RowState.QUARANTINED,
            rest,
            pl.lit(f"{column}: expected a whole number in digits"),
            hides=f"{column}_text",
        ),
    ]


def _list_date_rules(column: str, today: date) -> list[RowRule]:
    cell, year = _select_text(column), pl.col(column).dt.year()
    told = pl.lit(today) if column == "published" else pl.coalesce("published", pl.lit(today))
    return [
        RowRule(
            f"{column}_not_a_day",
            RowState.QUARANTINED,
            cell.is_not_null() & pl.col(column).is_null(),
            pl.lit(f"{column}: expected a day as YYYY-MM-DD"),
            hides=f"{column}_text",
        ),
        RowRule(
            f"{column}_in_the_future",
            RowState.QUARANTINED,
            pl.col(column) > today,
            pl.format(f"{column} {{}}: lies in the future (today is {today})", cell),
        ),
        RowRule(  # a mistyped century (1926) or year (0206)
            f"{column}_long_ago",
            RowState.PENDING,
            year < told.dt.year() - LONGEST_MEMORY_YEARS,
            pl.format(f"{column} {{}}: more than {LONGEST_MEMORY_YEARS} years before it was told", cell),
            yes_suffices=True,
        ),
    ]


def mark_breakdowns(rows: pl.DataFrame, situation: Situation) -> pl.DataFrame:
    """Add the Boolean columns that the breakdown rules read: malformed, key_unknown, key_twice, unlisted.

    Worked out once for each distinct text: a million rows hold a few dozen of them.
    """
    texts = rows.select(pl.col("breakdown_text").drop_nulls().unique())
    parts = pl.col("breakdown_text").str.split(";")
    known = pl.element().is_in([TOTAL, *sorted(situation.parts)])
    key = pl.element().str.extract(r"^([a-z_]+)=[^=]+$", 1)
    word = pl.element().str.contains(r"=[\p{Ll}\d_-]+$")
    keys = parts.list.eval(key).list.drop_nulls()
    marks = texts.with_columns(
        malformed=parts.list.eval(~known & (key.is_null() | ~word)).list.any(),
        key_unknown=parts.list.eval(key.is_not_null() & ~key.is_in(list(BREAKDOWN_KEYS))).list.any(),
        key_twice=(keys.list.n_unique() != keys.list.len())
        | (parts.list.contains(TOTAL) & (parts.list.len() > 1)),
        unlisted=parts.list.eval(~known).list.any(),
    )
    return rows.join(marks, on="breakdown_text", how="left", maintain_order="left")


def _list_breakdown_rules() -> list[RowRule]:
    """The keys are a closed list, so an unknown one is wrong; a value can be new, so a person looks."""
    whole = _select_text("breakdown")
    malformed, unknown = pl.col("malformed"), pl.col("key_unknown")
    keys = ", ".join(BREAKDOWN_KEYS)
    return [
        RowRule(
            "breakdown_malformed",
            RowState.QUARANTINED,
            malformed,
            pl.lit("breakdown: expected `total` or key=value joined by `;`, a value in small letters and _"),
            hides="breakdown_text",
        ),
        RowRule(
            "breakdown_key_unknown",
            RowState.QUARANTINED,
            unknown,
            pl.lit(f"breakdown: unknown key; the keys are {keys}"),
            hides="breakdown_text",
        ),
        RowRule(
            "breakdown_key_twice",
            RowState.QUARANTINED,
            pl.col("key_twice") & ~malformed,
            pl.format("breakdown {}: a key stands twice, or `total` beside a part", whole),
        ),
        RowRule(
            "breakdown_value_unlisted",
            RowState.PENDING,
            pl.col("unlisted") & ~malformed & ~unknown,
            pl.format("breakdown {}: a new value; list it in situation.toml or correct it", whole),
        ),
    ]


def _make_personal_rule(column: str, text: pl.Expr, personal: privacy.PersonalRules) -> RowRule:
    """No text of a row may hold something personal; it is told by its column and kind."""
    kinds = privacy.describe_column(text, personal)
    says = pl.format(f"{column}: {{}}; aggregates only", kinds)
    return RowRule(f"{column}_personal", RowState.QUARANTINED, kinds.is_not_null(), says, tells_kind=True)


def list_rules(situation: Situation, organisations: Sequence[Organisation], today: date) -> list[RowRule]:
    """Every rule of a row, in the order in which their sentences are shown."""
    ids = [organisation.id for organisation in organisations]
    closed: dict[str, Sequence[str]] = {
        "organisation": ids,
        "measure": list(Measure),
        "qualifier": list(Qualifier),
        "provenance": list(Provenance),
        "as_of_basis": list(AS_OF_BASES),
        "published_basis": list(PublishedBasis),
        "population": list(situation.populations),
    }
    needs_moment = [measure.value for measure in Measure if measure.kind is not Kind.PROMISE]
    personal = make_personal_rules(situation, organisations)
    return [
        RowRule(
            "unknown_column",
            RowState.QUARANTINED,
            pl.col("unknown_cells").is_not_null(),
            pl.format("no such column: {}", pl.col("unknown_columns")),
        ),
        *(
            RowRule(
                f"{column}_missing",
                RowState.QUARANTINED,
                _select_text(column).is_null(),
                pl.lit(f"{column} is empty"),
            )
            for column in REQUIRED
        ),
        *(
            RowRule(
                f"{column}_unknown",
                RowState.QUARANTINED,
                _is_outside(column, allowed),
                pl.lit(f"{column}: unknown; known are {', '.join(sorted(allowed))}"),
                hides=f"{column}_text",
            )
            for column, allowed in closed.items()
        ),
        *_list_breakdown_rules(),
        *_list_value_rules("value"),
        *_list_value_rules("value_high"),
        RowRule(
            "value_high_without_range",
            RowState.QUARANTINED,
            _select_text("value_high").is_not_null() & (_select_text("qualifier") != Qualifier.RANGE),
            pl.lit("value_high is given, but the qualifier is not `range`"),
        ),
        RowRule(
            "range_without_value_high",
            RowState.QUARANTINED,
            _select_text("value_high").is_null() & (_select_text("qualifier") == Qualifier.RANGE),
            pl.lit("the qualifier is `range`, but value_high is empty"),
        ),
        RowRule(
            "value_high_below_value",
            RowState.QUARANTINED,
            pl.col("value_high") < pl.col("value"),
            pl.format("value_high {} is below value {}", _select_text("value_high"), _select_text("value")),
        ),
        *(rule for column in DATES for rule in _list_date_rules(column, today)),
        RowRule(
            "as_of_missing",
            RowState.PENDING,
            _select_text("as_of").is_null() & _select_text("measure").is_in(needs_moment),
            pl.lit("as_of is empty: find the moment, a figure without one cannot be placed"),
        ),
        RowRule(
            "published_missing",
            RowState.PENDING,
            _select_text("published").is_null(),
            pl.lit("published is empty: find the day, so that it is known since when this was known"),
        ),
        RowRule(
            "window_backwards",
            RowState.QUARANTINED,
            pl.col("period_start") > pl.col("as_of"),
            pl.format(
                "period_start {} lies after as_of {}", _select_text("period_start"), _select_text("as_of")
            ),
        ),
        RowRule(
            "address_not_web",
            RowState.QUARANTINED,
            ~_select_text("url").str.contains(r"^https?://[^\s/]+"),
            pl.lit("url: expected an address that starts with http:// or https://"),
            hides="url_text",
        ),
        *(
            _make_personal_rule(column, _select_text(column), personal)
            for column in ("publisher", "url", "note", "breakdown")
        ),
        # what else is not from a list or typed is quarantined already: here it is told what it is
        *(
            _make_personal_rule(
                column, pl.when(_is_outside(column, allowed)).then(_select_text(column)), personal
            )
            for column, allowed in closed.items()
        ),
        *(
            _make_personal_rule(
                column, pl.when(pl.col(column).is_null()).then(_select_text(column)), personal
            )
            for column in ("value", "value_high", "retrieved", *DATES)
        ),
        _make_personal_rule("unknown column", pl.col("unknown_cells"), personal),
    ]


_ACCEPTED: Final = {
    "state": pl.lit(RowState.ACCEPTED.value), "is_hidden": pl.lit(False), "reason": pl.lit(None, pl.String),
}  # fmt: skip


def judge(rows: pl.DataFrame, every_rule: Sequence[RowRule], personal: privacy.PersonalRules) -> pl.DataFrame:
    """Add `state`, `reason` and `is_hidden` to typed rows; same rows, same order.

    The sentences are only put together for the rows that break a rule: in a million good rows that is
    most of the time saved. They are put together from masked cells, and these rows leave with masked cells,
    without those that a rule hides.
    """
    breaks = rows.select(rule.broken.fill_null(False).alias(rule.name) for rule in every_rule)
    at_fault = breaks.select(pl.any_horizontal(pl.all())).to_series()
    if not at_fault.any():
        return rows.with_columns(**_ACCEPTED)
    faulty, broken = rows.filter(at_fault), breaks.filter(at_fault)
    texts = [name for name in rows.columns if name.endswith("_text") or name.startswith("unknown_c")]
    masked = faulty.with_columns(privacy.mask_expression(name, personal).alias(name) for name in texts)
    sentences = [
        (faulty if rule.tells_kind else masked)
        .select(pl.when(broken[rule.name]).then(rule.says).alias(rule.name))
        .to_series()
        for rule in every_rule
        if broken[rule.name].any()
    ]
    grave = [rule.name for rule in every_rule if rule.state is RowState.QUARANTINED]
    quarantined, pending = (pl.lit(state.value) for state in (RowState.QUARANTINED, RowState.PENDING))
    hiding = [rule for rule in every_rule if rule.hides and broken[rule.name].any()]
    for rule in hiding:
        masked = masked.with_columns(pl.when(~broken[rule.name]).then(rule.hides).alias(str(rule.hides)))
    judged = masked.with_columns(
        *broken.select(
            state=pl.when(pl.any_horizontal(grave)).then(quarantined).otherwise(pending),
            is_hidden=pl.any_horizontal(pl.lit(False), *(rule.name for rule in hiding)),
        ).get_columns(),
        pl.DataFrame(sentences)
        .select(reason=pl.concat_str(pl.all(), separator=" · ", ignore_nulls=True))
        .to_series(),
    )
    good = rows.filter(~at_fault).with_columns(**_ACCEPTED)
    positions = pl.concat([at_fault.not_().arg_true(), at_fault.arg_true()])
    return pl.concat([good, judged]).with_columns(position=positions).sort("position").drop("position")


_BOX: Final = r"box [\d ]+"  # where on a page a figure stands: long numbers of our own


def set_aside(rows: pl.DataFrame, reason: str) -> pl.DataFrame:
    """The same rows, in the shape of CLAIM_SCHEMA, quarantined for one more reason."""
    return rows.with_columns(
        state=pl.lit(RowState.QUARANTINED.value),
        reason=pl.concat_str("reason", pl.lit(reason), separator=" · ", ignore_nulls=True),
    )


def set_personal_aside(rows: pl.DataFrame, personal: privacy.PersonalRules) -> pl.DataFrame:
    """Rows in the shape of CLAIM_SCHEMA from any way in: what is personal is masked, its row quarantined.

    Their reason names each column and what kind of thing stands there.
    """
    if rows.is_empty():
        return rows
    texts = [name for name, kind in rows.schema.items() if kind == pl.String]
    looked = {name: pl.col(name) for name in texts} | {"place": pl.col("place").str.replace(_BOX, "")}
    kinds = rows.select(privacy.describe_column(looked[name], personal).alias(name) for name in texts)
    found = kinds.select(pl.any_horizontal(pl.all().is_not_null())).to_series()
    if not found.any():
        return rows
    told = kinds.select(
        pl.concat_str(
            [pl.format(f"{name}: {{}}; aggregates only", name) for name in texts],
            separator=" · ",
            ignore_nulls=True,
        )
    ).to_series()
    masked = rows.with_columns(
        pl.when(kinds[name].is_null())
        .then(name)
        .otherwise(privacy.mask_expression(name, personal))
        .alias(name)
        for name in texts
    )
    return masked.with_columns(
        state=pl.when(found).then(pl.lit(RowState.QUARANTINED.value)).otherwise("state"),
        reason=pl.when(found)
        .then(pl.concat_str("reason", told, separator=" · ", ignore_nulls=True))
        .otherwise("reason"),
    )


STATED: Final = (
    "situation", "organisation", "measure", "population", "breakdown", "qualifier", "value", "value_high",
    "period_start", "as_of", "published", "publisher", "url",
)  # fmt: skip  # what a claim's identity is made of, in the order of sql/04_claim_identity.sql


def compute_identities(rows: pl.DataFrame) -> pl.Series:
    """The identity of each row as the warehouse computes it: sixteen hex digits over what was stated."""
    with duckdb.connect() as con:
        con.execute((SQL / "0_vocabulary" / "04_claim_identity.sql").read_text(encoding="utf-8"))
        lend_frame(con, "stated", rows.select(STATED).with_row_index("position"))
        return read_frame(con.sql((SQL / "queries" / "claim_identities.sql").read_text(encoding="utf-8")))[
            "claim_id"
        ]
