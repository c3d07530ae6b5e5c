"""A publish under trace: it asks for no host, and what it leaves is for everybody, whatever umask it had."""

import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from dashboards.site.output_folder import MARK
from pipelines.core.paths import ROOT
from tests.dashboards.site.conftest import Published
from tests.programs import find_program

pytestmark = pytest.mark.browser

# An address outside this machine: of the internet's families, not loopback, not a probe of what is asked.
_OUTSIDE = re.compile(r'inet_addr\("(?!127\.)|inet_pton\(AF_INET6, "(?!::1")|htons\(53\)')


def test_a_publish_asks_for_no_host_and_leaves_what_a_web_server_can_read(
    site: Published, tmp_path: Path
) -> None:
    trace, out, packed = tmp_path / "trace", tmp_path / "public" / "site", tmp_path / "site.zip"
    command = [sys.executable, "-m", "dashboards", "publish", str(out), "--bundle", str(packed)]
    traced = [
        find_program("strace", "strace"), "-f", "-qq", "--seccomp-bpf", "-o", str(trace),
        "-e", "trace=connect,sendto,sendmsg,sendmmsg,bind",
    ]  # fmt: skip
    done = subprocess.run(
        [*traced, *command],
        cwd=ROOT,
        env={**os.environ, "LIBEROMETRO_DATA": str(site.data.root)},
        umask=0o077,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in [out.parent, out, packed, *out.rglob("*")]}
    assert {mode for path, mode in modes.items() if path.is_dir()} == {0o755}
    assert {mode for path, mode in modes.items() if path.is_file()} == {0o644}
    assert (out / MARK).exists()
    assert any(path.suffix == ".png" for path in modes)
    told = trace.read_text(encoding="utf-8", errors="replace")
    assert "AF_UNIX" in told  # it was a trace of what talks
    assert [line for line in told.splitlines() if _OUTSIDE.search(line)] == []
