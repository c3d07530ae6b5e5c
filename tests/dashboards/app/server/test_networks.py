"""Readers in networks of their own follow a store in a third: a cable is pulled out, and put back in."""

import os
import subprocess
import sys
from functools import partial
from pathlib import Path

from pipelines.core.paths import ROOT, DataDir
from pipelines.warehouse import releases
from tests.conftest import row, write_readings, write_sheet, write_situation
from tests.dashboards.app.server.test_following import (
    QUIET,
    ask_health,
    read_held,
    shows,
    tells,
    wait_until,
)
from tests.namespaces import HUB, Namespace, join_machines
from tests.programs import run_app
from tests.stores import Server


def publish(hub: Namespace, data: DataDir, value: int, environment: dict[str, str]) -> str:
    """Publish a number to the store by the command, on the machine where both are; the build's id."""
    folder = data.situation("islandia")
    rows = [row(value=value, as_of="2026-02-15", published="2026-02-15")]
    write_sheet(folder / "transcriptions" / "sheet.csv", rows)
    write_readings(folder, rows)
    done = subprocess.run(
        [*hub.prefix, sys.executable, "-m", "pipelines", "build", "--data-dir", str(data.root)],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return releases.read_pointer(data).id


def test_a_reader_whose_cable_is_pulled_serves_what_it_has_and_follows_again(tmp_path: Path) -> None:
    data = DataDir(tmp_path / "publisher")
    write_situation(data.root)
    with join_machines("near", "far") as (hub, machines):
        (near, _), (far, cable) = machines["near"], machines["far"]
        server = Server(tmp_path / "s3", host=HUB, prefix=hub.prefix, call=hub.call)
        stated = server.environment() | {"AWS_ALLOW_HTTP": "true"}
        try:
            server.start()
            publish(hub, data, 1591, stated)
            run = partial(run_app, **QUIET, **stated)
            with (
                run(tmp_path / "near", prefix=near.prefix, call=near.call) as one,
                run(tmp_path / "far", prefix=far.prefix, call=far.call) as other,
            ):
                before = publish(hub, data, 1592, stated)
                for machine, app in ((near, one), (far, other)):
                    machine.call(partial(wait_until, partial(shows, app, before)))
                cable.pull()
                after = publish(hub, data, 1593, stated)
                near.call(partial(wait_until, partial(shows, one, after)))
                far.call(partial(wait_until, partial(tells, other, "store_unreachable"), 90))
                code, told = far.call(partial(ask_health, other))
                assert (code, told["status"], told["build"]["id"]) == (200, "degraded", before)
                assert "1592" in far.call(partial(read_held, other.address))
                assert "1593" in near.call(partial(read_held, one.address))
                cable.plug()
                far.call(partial(wait_until, partial(shows, other, after), 90))
                wait = partial(wait_until, lambda: not ask_health(other)[1]["problems"])
                far.call(wait)
                assert "1593" in far.call(partial(read_held, other.address))
        finally:
            server.kill()
