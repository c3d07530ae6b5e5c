"""Machines with a network of their own: namespaces of this test, joined by cables that can be pulled out.

A namespace has no way to anywhere but the machine at the other end of its cable.
"""

import ctypes
import os
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple, TypeVar

import pytest

from tests.programs import find_program

T = TypeVar("T")
NETWORK = "198.51.100"  # of addresses that are nobody's (RFC 5737)
HUB = f"{NETWORK}.1"
_NEW_NET = 0x40000000  # CLONE_NEWNET


class Namespace(NamedTuple):
    """One of them, by its name."""

    name: str

    @property
    def prefix(self) -> tuple[str, ...]:
        """What a command begins with that runs in it."""
        return (find_program("ip", "iproute2"), "netns", "exec", self.name)

    def set(self, *words: str) -> None:
        """`ip` within it. Raises AssertionError with what it said."""
        _run_ip("-n", self.name, *words)

    def call(self, work: Callable[[], T]) -> T:
        """What `work` returns, called in a thread whose sockets are of this network."""
        with ThreadPoolExecutor(1, initializer=self._enter) as apart:
            return apart.submit(work).result()

    def _enter(self) -> None:
        with Path(f"/run/netns/{self.name}").open("rb") as place:
            if ctypes.CDLL(None, use_errno=True).setns(place.fileno(), _NEW_NET) != 0:
                raise OSError(ctypes.get_errno(), f"no way into {self.name}")


class Cable(NamedTuple):
    """Between the hub and another machine."""

    hub: Namespace
    name: str  # at the hub's end
    address: str  # of the other machine

    def pull(self) -> None:
        self.hub.set("link", "set", self.name, "down")

    def plug(self) -> None:
        self.hub.set("link", "set", self.name, "up")
        self.hub.set("route", "replace", self.address, "dev", self.name)


@contextmanager
def join_machines(*names: str) -> Iterator[tuple[Namespace, dict[str, tuple[Namespace, Cable]]]]:
    """A hub at HUB, and a machine for each name with its cable to it; all are gone at the end."""
    if os.geteuid() != 0:
        tell = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        tell("only root makes network namespaces")
    hub, *others = (Namespace(f"lm{os.getpid()}-{name}") for name in ("hub", *names))
    machines: dict[str, tuple[Namespace, Cable]] = {}
    try:
        for each in (hub, *others):
            _run_ip("netns", "add", each.name)
            each.set("link", "set", "lo", "up")
        hub.set("address", "add", f"{HUB}/32", "dev", "lo")
        for number, (name, machine) in enumerate(zip(names, others, strict=True)):
            cable = Cable(hub, f"cable{number}", f"{NETWORK}.{10 + number}")
            hub.set("link", "add", cable.name, "type", "veth", "peer", "name", "up0", "netns", machine.name)
            machine.set("address", "add", f"{cable.address}/32", "dev", "up0")
            machine.set("link", "set", "up0", "up")
            machine.set("route", "add", HUB, "dev", "up0", "src", cable.address)
            cable.plug()
            machines[name] = machine, cable
        yield hub, machines
    finally:
        for each in (hub, *others):
            with suppress(AssertionError):  # one that was not made
                _run_ip("netns", "delete", each.name)


def _run_ip(*words: str) -> None:
    command = [find_program("ip", "iproute2"), *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{words}: {done.stderr}"
