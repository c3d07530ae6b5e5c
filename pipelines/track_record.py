"""The outlook's track record, computed anew at each build for each situation's primary organisation.

The outlook itself is not stored, because it depends on the day on which it is asked for. `backtest` on the
command line scores every past publication; a build scores `ORIGINS` of them, so that it stays fast.
"""

from datetime import date
from typing import Final

import duckdb
import polars as pl

from pipelines.known_values import LEAST_OBSERVATIONS
from pipelines.outlook.backtest import run
from pipelines.published import outlook_breaks, query

ORIGINS: Final = 20  # past publications for each target, spread evenly: under a second for a long series


def fill(con: duckdb.DuckDBPyConnection, today: date) -> None:
    """Write `track_record` of a build whose marts are there; a situation with too few figures has no rows."""
    candidates = con.sql(query("outlook_candidates"), params={"least": LEAST_OBSERVATIONS}).pl()
    for situation, organisation in candidates.unique(maintain_order=True).iter_rows():
        of = {"situation": situation, "organisation": organisation}
        rows = con.sql(query("outlook_series_now"), params=of).pl()
        breaks = outlook_breaks(con, situation, organisation, today)
        made = run(rows, today, breaks=breaks, most=ORIGINS)
        con.register(
            "rows_arriving",
            made.with_columns(situation=pl.lit(situation), organisation=pl.lit(organisation)),
        )
        con.execute("INSERT INTO track_record BY NAME FROM rows_arriving")
        con.unregister("rows_arriving")
