"""`federate`: situations of other groups, from folders that they signed, beside one's own."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import typer

from pipelines.cli.build import run_build, say_waiting
from pipelines.cli.options import DATA, AsJson, DataFolder, print_json
from pipelines.core.paths import DataDir
from pipelines.warehouse import build_pointer

if TYPE_CHECKING:
    from pipelines.federation.taking import Taken

LEFT_OUT: Final = 3


def federate(data_dir: DataFolder = DATA, as_json: AsJson = False) -> None:
    """Take the folders that `federation.toml` names, verify who signed them, build, and say what is shown.

    Exit codes: 0 all are shown; 3 one is left out, or could not be read now; 5 all are shown, but the store
    of builds lacks this one; 1 nothing was published.
    """
    from pipelines.federation import taking
    from pipelines.intake.crawler.polite_client import Outside

    data = DataDir(data_dir)
    with build_pointer.hold_write_lock(data, say_waiting):
        found = taking.take_all(data, datetime.now(UTC), Outside())
    run_build(data)
    if as_json:
        print_json(
            [
                {
                    "id": each.group.id,
                    "group": each.group.group,
                    "build": each.signed_by and each.signed_by.build,
                    "created": each.signed_by and each.signed_by.created.isoformat(),
                    "fingerprint": each.signed_by and each.signed_by.fingerprint,
                    "trouble": each.trouble or None,
                }
                for each in found
            ]
        )
    else:
        for each in found:
            typer.echo(_tell(each))
    if any(each.trouble for each in found):
        raise typer.Exit(LEFT_OUT)


def _tell(each: "Taken") -> str:
    if each.signed_by is None:
        return f"{each.group.id}: LEFT OUT: {each.trouble}"
    by = each.signed_by
    new = "new" if each.is_new else "as before"
    line = f"{each.group.id}: {new}, build {by.build} of {by.created:%Y-%m-%d}, signed by {by.group}"
    line += f"\n  key {by.fingerprint}"
    return f"{line}\n  {each.trouble}" if each.trouble else line
