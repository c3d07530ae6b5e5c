"""How Chromium is started: in its sandbox where it can be, and without a network wherever it is.

What it draws is ours, and the names and texts in it are other people's: nothing in a picture may read a file
of this machine or ask a host. Three walls, each of which holds alone: a network namespace without any device
(where the system lets us make one), no name that resolves, and a proxy that does not exist.
"""

import logging
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import MutableMapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from choreographer.browsers.chromium import Chromium

# The user of the inner namespace is nobody's root: as root Chromium refuses its sandbox. Outside it stays the
# user that started us, so its files are ours.
NAMESPACES: Final = ("unshare", "--user", "--map-user=1000", "--map-group=1000", "--net")
# What its sandbox does within.
_AS_SANDBOX: Final = (
    "unshare", "--user", "--map-current-user", "--pid", "--net", "--fork", "--root", "/", "true"
)  # fmt: skip
_NET: Final = ("unshare", "--net")
# What choreographer asks for and no picture of ours needs.
_REFUSED: Final = frozenset(
    {
        "--no-sandbox", "--disable-web-security", "--allow-file-access-from-files",
        "--disable-popup-blocking", "--enable-unsafe-swiftshader", "--disable-ipc-flooding-protection",
    }
)  # fmt: skip
_OFFLINE: Final = (
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--proxy-server=quic://none.invalid:9",  # of a kind that it cannot use: it gives up before any socket
    "--proxy-bypass-list=<-loopback>",
    "--disable-background-networking",
    "--disable-domain-reliability",
    "--disable-quic",
    "--dns-prefetch-disable",
    "--no-pings",
    "--disable-default-apps",
    "--disable-client-side-phishing-detection",
    # These ask although components, extensions and background networking are off: a trace showed them.
    "--component-updater=url-source=data:,",
    "--disable-features=NetworkTimeServiceQuerying,OptimizationHints,MediaRouter,DialMediaRouteProvider",
)
_FIRST_PAGE: Final = "about:blank"  # where none is named, Debian's opens the start page of a search engine
_KEPT: Final = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "FONTCONFIG_FILE", "FONTCONFIG_PATH")
_TRIED_FOR_SECONDS: Final = 30
_CLEANED_TIMES: Final = 20
_log: Final = logging.getLogger("liberometro")


@dataclass(frozen=True)
class Confinement:
    """What this system lets us put around Chromium. `prefix` comes before its command."""

    prefix: tuple[str, ...]
    sandbox: bool

    def __str__(self) -> str:
        network = (
            "in a network namespace without devices" if self.prefix else "its network closed by rules only"
        )
        return f"Chromium draws {'in its sandbox' if self.sandbox else 'WITHOUT its sandbox'}, {network}"


@lru_cache
def choose_confinement(browser: str) -> Confinement:
    """The closest that can be had here, tried once a process and logged."""
    if _runs(*NAMESPACES, *_AS_SANDBOX):
        chosen = Confinement(NAMESPACES, sandbox=True)
    else:
        chosen = Confinement(_NET if _runs(*_NET, "true") else (), sandbox=_has_sandbox(browser))
    if chosen.sandbox:
        _log.info("%s", chosen)
    else:
        _log.warning("%s: allow user namespaces, or run as a user who is not root", chosen)
    return chosen


def _has_sandbox(browser: str) -> bool:
    """Whether Chromium itself finds a sandbox: a helper with its own rights, or a profile that lets it."""
    if os.geteuid() == 0:
        return False  # it refuses
    with tempfile.TemporaryDirectory() as profile:
        page = ("--headless", "--disable-gpu", *_OFFLINE, f"--user-data-dir={profile}", "--dump-dom")
        return _runs(browser, *page, _FIRST_PAGE, env=_make_environment(profile))


def _runs(*command: str, **options: Any) -> bool:
    try:
        ended = subprocess.run(command, capture_output=True, timeout=_TRIED_FOR_SECONDS, **options)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return ended.returncode == 0


def _make_environment(home: str) -> dict[str, str]:
    """What Chromium needs to know of us: no key, no cookie secret, no bus; its home is its profile."""
    own = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return {
        **own,
        "HOME": home,
        "TMPDIR": home,
        "XDG_RUNTIME_DIR": home,
        "DBUS_SESSION_BUS_ADDRESS": "disabled:",
    }


class ConfinedChromium(Chromium):
    """Chromium as choreographer starts it, confined; its profile is a new private folder, then removed."""

    def __init__(self, channel: Any, path: Path | str | None = None, **options: Any) -> None:
        super().__init__(channel, path, enable_extensions=False, **options)

    def get_cli(self) -> Sequence[str]:
        """The command: choreographer's, without what opens it up and with what closes it."""
        chosen = choose_confinement(str(self.path))
        cli = [each for each in super().get_cli() if each not in _REFUSED and "--proxy-server" not in each]
        start = cli.index(str(self.path))
        without = () if chosen.sandbox else ("--no-sandbox",)
        return [*cli[:start], *chosen.prefix, *cli[start:], *_OFFLINE, *without, _FIRST_PAGE]

    def get_env(self) -> MutableMapping[str, str]:
        """Its environment."""
        return _make_environment(str(self.tmp_dir.path))

    def pre_open(self) -> None:
        """Make its profile, which `clean` alone removes: at exit Python would, while it is still used."""
        super().pre_open()
        self.tmp_dir.temp_dir.cleanup()
        self.tmp_dir.path.mkdir(mode=0o700)

    def clean(self) -> None:
        """Remove its profile, into which a dying process of it may still be writing."""
        super().clean()
        for _ in range(_CLEANED_TIMES):
            if not hasattr(self, "tmp_dir") or not self.tmp_dir.path.exists():
                return
            time.sleep(0.1)
            shutil.rmtree(self.tmp_dir.path, ignore_errors=True)
