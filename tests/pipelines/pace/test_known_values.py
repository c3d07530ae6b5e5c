"""From statements to known values: revisions, hedges, slips and baselines."""

from datetime import date

import polars as pl

from pipelines.core.model import Kind
from pipelines.pace.known_values import SCHEMA, estimate_detentions, read_values, select_known

TODAY = date(2026, 1, 1)
Row = tuple[str, str, str, int | None, int | None, str, str | None]


def made(*rows: Row) -> pl.DataFrame:
    days = [(date.fromisoformat(a), date.fromisoformat(p), *rest) for a, p, *rest in rows]
    full = [(*row[:6], date.fromisoformat(row[6]) if row[6] else None) for row in days]
    return select_known(pl.DataFrame(full, schema=dict(SCHEMA), orient="row"), TODAY)


def stock(*values: int) -> list[Row]:
    return [
        (f"2025-{1 + i // 4:02}-{1 + 7 * (i % 4):02}",) * 2 + ("stock", value, None, "exact", None)
        for i, value in enumerate(values)
    ]


def test_a_later_statement_about_the_same_moment_replaces_the_first() -> None:
    rows = made(
        ("2025-01-05", "2025-01-05", "stock", 863, None, "exact", None),
        ("2025-01-05", "2025-01-08", "stock", 806, None, "exact", None),
    )
    assert read_values(rows, Kind.STOCK, 8).values.tolist() == [806]


def test_an_exact_figure_outranks_a_later_hedge() -> None:
    rows = made(
        ("2025-01-05", "2025-01-05", "stock", 863, None, "exact", None),
        ("2025-01-05", "2025-01-08", "stock", 800, None, "more_than", None),
    )
    assert read_values(rows, Kind.STOCK, 8).values.tolist() == [863]


def test_a_range_becomes_its_middle_with_an_error() -> None:
    seen = read_values(made(("2025-01-05", "2025-01-05", "stock", 700, 800, "range", None)), Kind.STOCK, 8)
    assert seen.values.tolist() == [750]
    assert 28 < seen.errors[0] < 30


def test_a_lower_cumulative_corrects_the_ones_before() -> None:
    rows = made(
        *(
            (f"2025-01-{day:02}", f"2025-01-{day:02}", "cumulative", value, None, "exact", "2025-01-01")
            for day, value in ((5, 300), (12, 344), (20, 317), (28, 350))
        )
    )
    assert read_values(rows, Kind.CUMULATIVE, 8).values.tolist() == [300, 317, 317, 350]


def test_a_stock_that_jumps_and_comes_straight_back_is_set_aside() -> None:
    seen = read_values(made(*stock(700, 690, 300, 685, 680)), Kind.STOCK, 8)
    assert 300 not in seen.values


def test_a_fall_that_stays_is_kept() -> None:
    seen = read_values(made(*stock(700, 690, 500, 495, 490)), Kind.STOCK, 8)
    assert 500 in seen.values


def test_two_baselines_are_two_series() -> None:
    rows = made(
        ("2025-01-05", "2025-01-05", "cumulative", 14000, None, "exact", "2014-01-01"),
        ("2025-01-05", "2025-01-05", "cumulative", 10, None, "exact", "2025-01-01"),
        ("2025-01-12", "2025-01-12", "cumulative", 20, None, "exact", "2025-01-01"),
    )
    assert read_values(rows, Kind.CUMULATIVE, 8).values.tolist() == [10, 20]


def test_detentions_come_from_reported_flows() -> None:
    rows = made(("2025-01-10", "2025-01-10", "flow", 20, None, "exact", "2025-01-01"))
    empty = read_values(rows, Kind.STOCK, 8)
    assert estimate_detentions(rows, empty, empty) == 2.0


def test_detentions_are_what_releases_leave_unexplained() -> None:
    rows = made(
        ("2025-01-01", "2025-01-01", "stock", 100, None, "exact", None),
        ("2025-01-11", "2025-01-11", "stock", 90, None, "exact", None),
        ("2025-01-01", "2025-01-01", "cumulative", 0, None, "exact", "2025-01-01"),
        ("2025-01-11", "2025-01-11", "cumulative", 30, None, "exact", "2025-01-01"),
    )
    stocks, released = read_values(rows, Kind.STOCK, 8), read_values(rows, Kind.CUMULATIVE, 8)
    assert estimate_detentions(rows, stocks, released) == 2.0


def test_a_forecast_remembers_what_is_recent_and_the_whole_is_there_for_the_page() -> None:
    rows = made(
        ("2020-01-05", "2020-01-05", "stock", 9500, None, "exact", None),
        ("2025-01-05", "2025-01-05", "stock", 8600, None, "exact", None),
        ("2025-02-05", "2025-02-05", "stock", 8500, None, "exact", None),
        ("2025-03-05", "2025-03-05", "stock", 9500, None, "exact", None),
        ("2025-03-07", "2025-03-07", "stock", 9500, None, "exact", None),
    )
    assert read_values(rows, Kind.STOCK, 8).values.tolist() == [8600, 8500]
    assert read_values(rows, Kind.STOCK, 8, whole=True).values.tolist() == [9500, 8600, 8500, 9500]
