"""Parts that must add up to a total; where they do not, a person has to look before any of them counts."""

from pipelines.mappings.facts import Figure
from pipelines.mappings.notation import tidy
from pipelines.mappings.schema import Mapping


def check_sums(mapping: Mapping, figures: list[Figure]) -> None:
    """Where parts do not add up to what the publisher states, every figure concerned gets a doubt."""
    for rule in mapping.sum:
        if rule.total is not None:
            for key in dict.fromkeys((figure.grid, figure.row) for figure in figures):
                line = [f for f in figures if (f.grid, f.row) == key]
                totals = [f for f in line if f.column == tidy(rule.total)]
                parts = [f for f in line if f.column in {tidy(part) for part in rule.parts}]
                _compare(totals, parts, f"columns {', '.join(rule.parts)}", f"column {rule.total!r}")
        elif rule.column is not None and rule.total_row is not None:
            _check_rows(figures, tidy(rule.column), tidy(rule.total_row))


def _check_rows(figures: list[Figure], label: str, total: str) -> None:
    """A table over several pages has its total on the last: rows gather until one is met."""
    if all(figure.label.get(label) != total for figure in figures):
        for figure in figures:
            figure.doubts.append(f"there is no row {total!r} to compare the rows with")
    for column in dict.fromkeys(figure.column for figure in figures if figure.column):
        parts: list[Figure] = []
        for figure in figures:
            if figure.column is None:  # a row at fault may be a part of any column
                parts.append(figure)
            elif figure.column == column and figure.label.get(label) == total:
                _compare([figure], parts, "rows", f"row {total!r}")
                parts = []
            elif figure.column == column:
                parts.append(figure)


def _compare(totals: list[Figure], parts: list[Figure], what: str, where: str) -> None:
    if not totals or not parts:
        return
    amounts = [figure.amount for figure in (*totals, *parts)]
    if any(figure.faults or figure.amount is None for figure in (*totals, *parts)):
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
