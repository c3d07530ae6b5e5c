"""The units of docs/systemd as systemd reads them, and what they must not lose."""

import configparser
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from pipelines.core.paths import ROOT
from tests.programs import find_program

UNITS = ROOT / "docs" / "systemd"
WORKING = ("liberometro-app@.service", "liberometro-publish.service")
FOLLOWED = "liberometro-followed@.service"  # the app with builds.conf
MOST_EXPOSED = 2.5  # of 10, as systemd-analyze counts; Chromium's sandbox needs namespaces


@pytest.fixture(scope="module")
def units(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The units with programs that are here: systemd-analyze looks for them."""
    folder = tmp_path_factory.mktemp("units")
    for path in UNITS.glob("liberometro-*"):
        written = re.sub(r"^ExecStart=.*$", "ExecStart=/bin/true", path.read_text("utf-8"), flags=re.M)
        (folder / path.name.replace("@.", "@8501.")).write_text(written, "utf-8")
    shutil.copy(folder / "liberometro-app@8501.service", folder / "liberometro-app@.service")
    followed = (folder / "liberometro-app@8501.service").read_text("utf-8")
    followed += (UNITS / "builds.conf").read_text("utf-8")  # as systemd joins them: the later line counts
    (folder / FOLLOWED.replace("@.", "@8501.")).write_text(followed, "utf-8")
    return folder


def read_unit(name: str) -> configparser.SectionProxy:
    parser = configparser.ConfigParser(strict=False, interpolation=None, allow_no_value=True)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read(UNITS / name, "utf-8")
    return parser["Service"]


def run_analyze(units: Path, *command: str) -> str:
    program = find_program("systemd-analyze", "systemd")
    done = subprocess.run(
        [program, *command],
        capture_output=True,
        text=True,
        timeout=60,
        env={"SYSTEMD_UNIT_PATH": f"{units}:"},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


@pytest.mark.parametrize("name", [*sorted(path.name for path in UNITS.glob("liberometro-*")), FOLLOWED])
def test_systemd_finds_nothing_wrong(units: Path, name: str) -> None:
    named = str(units / name.replace("@.", "@8501."))
    assert "Unknown" not in run_analyze(units, "verify", named)


@pytest.mark.parametrize("name", [*WORKING, FOLLOWED])
def test_little_of_the_machine_is_exposed(units: Path, name: str) -> None:
    told = run_analyze(
        units, "security", "--offline=true", "--no-pager", str(units / name.replace("@.", "@8501."))
    )
    found = re.search(r"Overall exposure level.*: ([0-9.]+) ", told)
    assert found is not None
    assert float(found[1]) <= MOST_EXPOSED


@pytest.mark.parametrize("name", WORKING)
def test_limits_umask_and_hardening_are_there(name: str) -> None:
    unit = read_unit(name)
    assert unit["UMask"] == "0077"
    for limit in ("MemoryMax", "TasksMax", "CPUQuota"):
        assert unit[limit]
    for yes in ("NoNewPrivileges", "PrivateTmp", "PrivateDevices", "ProtectHome", "RestrictSUIDSGID"):
        assert unit[yes] == "yes"
    assert (unit["ProtectSystem"], unit["CapabilityBoundingSet"]) == ("strict", "")
    assert {"user", "pid", "net"} == set(unit["RestrictNamespaces"].split())  # what Chromium's sandbox makes
    assert unit["SystemCallFilter"].startswith("@system-service")


def test_the_app_writes_nowhere_and_asks_nobody() -> None:
    unit = read_unit("liberometro-app@.service")
    assert "ReadWritePaths" not in unit
    assert (unit["IPAddressDeny"], unit["IPAddressAllow"]) == ("any", "localhost")
    assert "--server.address 127.0.0.1" in unit["ExecStart"]


def test_a_machine_that_follows_writes_its_copy_alone() -> None:
    lines = (UNITS / "builds.conf").read_text("utf-8").splitlines()
    assert [line for line in lines if line.startswith("ReadWritePaths=")] == [
        "ReadWritePaths=/srv/liberometro/followed"
    ]
    assert "Environment=LIBEROMETRO_DATA=/srv/liberometro/followed" in lines
    (closed,) = (line for line in lines if line.startswith("IPAddressDeny=") and line != "IPAddressDeny=")
    assert {"link-local", "10.0.0.0/8", "192.168.0.0/16"} <= set(
        closed.removeprefix("IPAddressDeny=").split()
    )


def test_the_app_is_served_on_this_machine_unless_asked() -> None:
    def dry(*more: str) -> str:
        done = subprocess.run(
            ["make", "-n", "run", *more], cwd=ROOT, capture_output=True, text=True, timeout=60
        )
        return done.stdout.replace("\\\n", " ")

    assert "--server.address 127.0.0.1" in dry()
    asked = dry("HOST=0.0.0.0", "HOSTS=app.example.org")
    assert "--server.address 0.0.0.0" in asked
    assert "--server.allowedHosts app.example.org" in asked
