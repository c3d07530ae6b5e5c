"""Whether a table holds together: parts that must add up, rows that stand once, months that have been.

What is refused by name, or not known, becomes one row that says so, however many cells it has.
"""

from itertools import groupby

from pipelines.core.counted import count_of
from pipelines.intake.mappings.column_labels import MappedFigure
from pipelines.intake.mappings.mapping_file import Mapping, Sum
from pipelines.intake.mappings.notation import tidy
from pipelines.intake.mappings.patterns import fit
from pipelines.sheets.raw_table import Grid

EVERY = "*"  # in the parts of a sum: every column of figures


def settle_table(mapping: Mapping, grid: Grid, figures: list[MappedFigure]) -> list[MappedFigure]:
    """The figures of one table of a workbook, compared with each other; what was only compared is gone."""
    kept = _drop_empty_month(figures)
    _refuse_twins(kept)
    check_sums(mapping, kept, unknown_too=True)
    aside = [f for f in kept if f.refused or (f.faults and f.amount is not None)]
    taken = [f for f in kept if not f.only_checked and all(f is not other for other in aside)]
    return taken + _gather(grid, aside)


def settle_tables(figures: list[MappedFigure]) -> list[MappedFigure]:
    """The figures of all tables of a workbook: what two of them state alike is one, what they state otherwise
    waits for a person."""
    kept: list[MappedFigure] = []
    stated: dict[tuple[object, ...], MappedFigure] = {}
    for figure in figures:
        if figure.faults or figure.amount is None:
            kept.append(figure)
            continue
        facts = ("organisation", "measure", "population", "breakdown", "as_of", "window", "period_start")
        first = stated.setdefault(tuple(figure.said.get(fact) for fact in facts), figure)
        if first is figure:
            kept.append(figure)
        elif first.amount != figure.amount:
            figure.doubts.append(f"{first.place} says {first.raw}")
            first.doubts.append(f"{figure.place} says {figure.raw}")
            kept.append(figure)
        else:
            first.doubts += [doubt for doubt in figure.doubts if doubt not in first.doubts]
    return kept


def _drop_empty_month(figures: list[MappedFigure]) -> list[MappedFigure]:
    """A running month that holds nothing but zeros has not been filled in yet; a past one is a doubt."""
    kept: list[MappedFigure] = []
    months = {f.column for f in figures if "running" in f.said}
    for column in dict.fromkeys(f.column for f in figures):
        found = [f for f in figures if f.column == column]
        if column in months and all(f.amount is not None and f.amount.value == 0 for f in found):
            if found[0].said["running"]:
                continue
            for figure in found:
                figure.doubts.append("nothing but zeros stand under a month that is over")
        kept += found
    return sorted(kept, key=lambda f: f.row)


def _refuse_twins(figures: list[MappedFigure]) -> None:
    """Two rows of the same labels: nothing says which is meant, so neither is."""
    rows: dict[tuple[tuple[str, str], ...], set[int]] = {}
    for figure in figures:
        rows.setdefault(tuple(figure.means.items()), set()).add(figure.row)
    for figure in figures:
        twins = rows[tuple(figure.means.items())]
        if len(twins) > 1 and figure.refused is None:
            figure.faults.append(f"rows {', '.join(map(str, sorted(twins)))} have the same labels")


def _gather(grid: Grid, figures: list[MappedFigure]) -> list[MappedFigure]:
    """One row for each label and reason, with the rows it stands for as its place."""
    gathered = []
    told = sorted(figures, key=_explain)
    for reason, group in groupby(told, key=_explain):
        found = list(group)
        rows = sorted({f.row for f in found})
        rows_named = f"row {rows[0]}" if len(rows) == 1 else f"rows {rows[0]} to {rows[-1]}"
        words = next((text for text in found[0].label.values() if text), found[0].raw)
        fault = f"{reason} ({count_of(len(found), 'cell')})"
        gathered.append(
            MappedFigure(
                words, f"sheet {grid.name} {rows_named}", found[0].grid, rows[0],
                said={"breakdown": None, **keep_day(found)}, faults=[fault],
            )
        )  # fmt: skip
    return sorted(gathered, key=lambda f: f.row)


def keep_day(figures: list[MappedFigure]) -> dict[str, object]:
    """The publication day that the report states, for what is said of it beside its figures."""
    return {"published": next((f.said["published"] for f in figures if "published" in f.said), None)}


def _explain(figure: MappedFigure) -> str:
    if figure.refused:
        words = next((text for text in figure.label.values() if text), "")
        return f"refused: {words}: {figure.refused}"
    return "; ".join(figure.faults)


def check_sums(mapping: Mapping, figures: list[MappedFigure], *, unknown_too: bool = False) -> None:
    """Where parts do not add up to what the publisher states, every figure concerned gets a doubt.

    `unknown_too`: a number whose label nobody knows is added too, and where it adds up proves the others.
    """
    for rule in mapping.sum:
        if rule.total is not None:
            lines: dict[tuple[int, int], list[MappedFigure]] = {}
            for figure in figures:
                lines.setdefault((figure.grid, figure.row), []).append(figure)
            names = {tidy(part) for part in rule.parts}
            for line in lines.values():
                totals = [f for f in line if f.column == tidy(rule.total)]
                parts = [f for f in line if f.column in names or (EVERY in names and f not in totals)]
                where = f"column {rule.total!r}"
                _compare_sums(totals, parts, f"columns {', '.join(rule.parts)}", where, unknown_too)
        elif rule.column is not None and rule.total_row is not None:
            _check_row_sums(rule, figures, unknown_too)


def _check_row_sums(rule: Sum, figures: list[MappedFigure], unknown_too: bool) -> None:
    """Rows gather until a total is met, because a table over several pages has its total on the last; a table
    whose total stands first is read from below. `within`: only rows that share that label belong together."""
    label, total = tidy(rule.column or ""), tidy(rule.total_row or "")
    if all(figure.label.get(label) != total for figure in figures):
        for figure in figures:
            figure.doubts.append(f"there is no row {total!r} to compare the rows with")
    for column in dict.fromkeys(figure.column for figure in figures if figure.column):
        blocks: dict[str | None, list[MappedFigure]] = {}
        for figure in figures:
            # a row at fault may be a part of any column
            if figure.column in (None, column) and not _is_left_out(rule, figure, label):
                blocks.setdefault(figure.means.get(tidy(rule.within or "")), []).append(figure)
        for block in blocks.values():
            _gather_parts(block, label, total, unknown_too)


def _is_left_out(rule: Sum, figure: MappedFigure, label: str) -> bool:
    return rule.without is not None and fit(rule.without, figure.label.get(label, "")) is not None


def _gather_parts(block: list[MappedFigure], label: str, total: str, unknown_too: bool) -> None:
    parts: list[MappedFigure] = []
    for figure in reversed(block) if block[0].label.get(label) == total else block:
        if figure.label.get(label) == total:
            _compare_sums([figure], parts, "rows", f"row {total!r}", unknown_too)
            parts = []
        else:
            parts.append(figure)


def _compare_sums(
    totals: list[MappedFigure], parts: list[MappedFigure], what: str, where: str, unknown_too: bool
) -> None:
    if not totals or not parts:
        return
    amounts = [figure.amount for figure in (*totals, *parts)]
    unread = [f for f in (*totals, *parts) if f.amount is None or (f.faults and not unknown_too)]
    if unread:
        doubt = f"{what} cannot be compared with {where}: one of them could not be read"
    elif any(amount and (amount.high is not None or amount.qualifier) for amount in amounts):
        return  # "more than 500" adds up to nothing
    else:
        added = sum(figure.amount.value for figure in parts if figure.amount)
        stated = sum(figure.amount.value for figure in totals if figure.amount)
        if added == stated:
            return
        doubt = f"{what} add up to {added}, {where} says {stated}"
    for figure in (*totals, *parts):
        figure.doubts.append(doubt)
