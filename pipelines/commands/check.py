"""`check`: the checks and what they found in the published build; whether its headlines were read again."""

from typing import Final

import polars as pl
import typer

from pipelines import published
from pipelines.commands.options import DATA, AsJson, DataFolder, Situation, chosen, fail, print_json
from pipelines.paths import SQL, DataDir

MOST: Final = 5  # rows of a failed check that are listed


def check(data_dir: DataFolder = DATA, situation: Situation = None, as_json: AsJson = False) -> None:
    """Run the stopping checks again on the published build, and list what the reviewing ones found.

    Ends with 1 where a stopping check finds rows, or nobody ever read a front page's headline again.
    """
    data = DataDir(data_dir)
    situations = chosen(data, situation)
    try:
        with published.opened(data) as con:
            failed = {
                path.stem: con.sql(path.read_text(encoding="utf-8")).pl()
                for path in sorted((SQL / "checks" / "fail").glob("*.sql"))
            }
            failed["headline_never_read_again"] = con.sql(
                published.query("headlines_unread"), params={"situations": situations}
            ).pl()
            findings = published.read_table(con, "findings", situations=situations)
    except published.NoBuildError as error:
        fail(str(error))
    rules = sorted(path.stem for path in (SQL / "checks" / "review").glob("*.sql"))
    found = {rule: findings.filter(pl.col("rule") == rule) for rule in rules}
    if as_json:
        print_json(
            {
                "fail": {name: rows.to_dicts() for name, rows in failed.items()},
                "review": {rule: rows.to_dicts() for rule, rows in found.items()},
            }
        )
    else:
        for name, rows in failed.items():
            typer.echo(f"{'FAILED' if rows.height else 'ok':8} {name:32} {rows.height or ''}")
            for row in rows.head(MOST).to_dicts():
                typer.echo("           " + " ".join(str(cell) for cell in row.values() if cell is not None))
        for rule, rows in found.items():
            typer.echo(f"{'review' if rows.height else 'ok':8} {rule:32} {rows.height or ''}")
            for row in rows.to_dicts():
                amounts = " / ".join(str(amount) for amount in row["amounts"])
                typer.echo(
                    f"           {row['situation']} {row['organisation']} {row['measure']} "
                    f"{row['breakdown']} {row['as_of']}: {amounts}"
                )
    if any(rows.height for rows in failed.values()):
        raise typer.Exit(1)
