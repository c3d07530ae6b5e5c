"""Two machines that only show, behind nginx, and the store that they follow: it comes, goes and lies."""

import json
import os
import signal
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from pipelines.core.paths import DataDir
from pipelines.warehouse import build, shared_builds
from pipelines.warehouse.build_store import open_store
from tests.conftest import TODAY, row, write_readings, write_sheet, write_situation
from tests.programs import App, free_port, run_app, run_nginx
from tests.stores import SECRET, Line, Server, run_server

QUIET = {"LIBEROMETRO_TODAY": TODAY.isoformat(), "LIBEROMETRO_KEEP_BROWSER": "no"}
RHYTHM_SECONDS = 40  # the look every five seconds, a fetch and a warm-up on a machine that does much else


class House(NamedTuple):
    """One machine that builds, the store that it publishes to, and a folder for others."""

    root: Path
    publisher: DataDir
    server: Server

    def publish(self, value: int) -> str:
        """Publish a number to the store; the build's id."""
        folder = self.publisher.situation("islandia")
        rows = [row(value=value, as_of="2026-02-15", published="2026-02-15")]
        write_sheet(folder / "transcriptions" / "sheet.csv", rows)
        write_readings(folder, rows)
        made = build.build(self.publisher, today=TODAY)
        self.send()
        return made.build.id

    def send(self) -> None:
        with pytest.MonkeyPatch.context() as patch:
            for name, stated in self.server.environment().items():
                patch.setenv(name, stated)
            store = open_store()
            assert store is not None
            shared_builds.send(store, self.publisher)

    @contextmanager
    def read(self, name: str, port: int | None = None) -> Iterator[App]:
        """A machine that only shows, and knows nothing but where the store is."""
        with run_app(self.root / name, **QUIET, **self.server.environment(port)) as app:
            yield app

    @contextmanager
    def stand_before(self, *apps: App) -> Iterator[str]:
        """nginx before two machines; its address."""
        port = free_port()
        folder = self.root / f"nginx-{port}"
        folder.mkdir()
        places = {
            "127.0.0.1:8501": f"127.0.0.1:{apps[0].port}",
            "127.0.0.1:8502": f"127.0.0.1:{apps[1].port}",
            "listen 80;": f"listen 127.0.0.1:{port};",
            "/var/cache/nginx/liberometro": str(folder / "cache"),
        }
        with run_nginx(folder, "nginx.conf", places, f"http://127.0.0.1:{port}/_stcore/health"):
            yield f"http://127.0.0.1:{port}"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    publisher = DataDir(tmp_path / "publisher")
    write_situation(publisher.root)
    with run_server(tmp_path / "s3") as server:
        yield House(tmp_path, publisher, server)


def ask_health(app: App) -> tuple[int, dict[str, Any]]:
    try:
        with urllib.request.urlopen(f"{app.address}/healthz", timeout=20) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def wait_until(true: Callable[[], bool], seconds: float = RHYTHM_SECONDS) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.2)


def shows(app: App, build: str) -> bool:
    return bool(ask_health(app)[1]["build"]["id"] == build)


def tells(app: App, problem: str) -> bool:
    return problem in ask_health(app)[1]["problems"]


def read_held(address: str) -> str:
    with urllib.request.urlopen(f"{address}/file/islandia/es/held.csv", timeout=30) as answer:
        return str(answer.read().decode())


def test_two_machines_follow_one_store_and_go_on_without_it_and_without_each_other(house: House) -> None:
    house.publish(1591)
    with (
        house.read("first") as first,
        house.read("second") as second,
        house.stand_before(first, second) as front,
    ):
        made = house.publish(1592)
        for app in (first, second):
            wait_until(partial(shows, app, made))
            code, told = ask_health(app)
            assert (code, told["status"], told["problems"]) == (200, "ok", [])
            assert "1592" in read_held(app.address)
        house.server.kill()
        for app in (first, second):
            wait_until(partial(tells, app, "store_unreachable"))
            code, told = ask_health(app)
            assert (code, told["status"], told["build"]["id"]) == (200, "degraded", made)
        time.sleep(12)  # two more looks at least
        for app in (first, second):
            written = app.log.read_text("utf-8")
            assert written.count("cannot be reached") == 1
            assert SECRET not in written
        assert "1592" in read_held(front)
        os.kill(first.pid, signal.SIGKILL)
        for number in range(20):  # readers of both, by their cookies
            asked = urllib.request.Request(f"{front}/healthz", headers={"Cookie": f"route={number}"})
            with urllib.request.urlopen(asked, timeout=20) as answer:
                assert answer.status == 200
        house.server.start()
        wait_until(lambda: not ask_health(second)[1]["problems"])
        later = house.publish(1593)
        wait_until(partial(shows, second, later))
        assert "1593" in read_held(front)


def test_a_line_that_fails_takes_nothing_from_readers(house: House) -> None:
    before = house.publish(1591)
    line = Line(house.server.port)
    with house.read("reader", line.port) as app:
        assert shows(app, before)
        for fault, problem in (
            ("500", "store_unreachable"),
            ("cut", "store_unreachable"),
            ("hang", "store_unreachable"),
            ("flip", "store_damaged"),
        ):
            line.fault = fault
            house.publish(1600 + ord(fault[0]))
            wait_until(partial(tells, app, problem))
            code, told = ask_health(app)
            assert (code, told["status"], told["build"]["id"]) == (200, "degraded", before)
            assert "1591" in read_held(app.address)
        line.fault = ""
        made = house.publish(1592)
        wait_until(partial(shows, app, made))
    line.close()


def test_a_first_start_without_a_store_says_so_and_shows_it_once_it_comes(house: House) -> None:
    made = house.publish(7)
    house.server.kill()
    with house.read("reader") as app:
        wait_until(partial(tells, app, "store_unreachable"))
        code, told = ask_health(app)
        assert (code, "no_readable_build" in told["problems"]) == (503, True)
        assert "no build is here yet" in app.log.read_text("utf-8")
        house.server.start()
        wait_until(partial(shows, app, made))
        assert "7" in read_held(app.address)


def test_where_nothing_is_named_nobody_is_asked(house: House) -> None:
    house.publish(7)
    line = Line(house.server.port)
    stated = {name: text for name, text in house.server.environment(line.port).items() if "AWS" in name}
    with run_app(house.publisher.root, **QUIET, **stated) as app:
        time.sleep(6)
        assert ask_health(app)[1]["store"] is None
    assert line.asked == 0
    line.close()
