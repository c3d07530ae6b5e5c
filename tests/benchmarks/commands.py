"""What one command takes, measured within its own process."""

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Final, NamedTuple

# What a process once took up counts as its own of whoever it starts, so a peak is not asked of `wait4`.
_MEASURED: Final = """
import resource, runpy, sys
sys.argv = sys.argv[1:]
try:
    runpy.run_module(sys.argv[0], run_name="__main__")
finally:
    used = resource.getrusage(resource.RUSAGE_SELF)
    (peak,) = (line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM"))
    print(int(peak) / 1024, used.ru_utime + used.ru_stime, file=sys.__stderr__)  # else masked
"""


class Took(NamedTuple):
    """Seconds by the clock and of the processor, without its children's; most memory in MB."""

    seconds: float
    processor: float
    peak_mb: float


def run(module: str, *words: str | Path, **environment: str) -> Took:
    """Run `python -m module words`. Raises CalledProcessError where it fails."""
    begun = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", _MEASURED, module, *words],
        env={**os.environ, **environment}, check=True, capture_output=True, text=True,
    )  # fmt: skip
    peak, processor = map(float, done.stderr.split()[-2:])
    return Took(time.perf_counter() - begun, processor, peak)
