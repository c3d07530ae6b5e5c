"""Disks that refuse to take more, at many sizes: `python -m tests.attacks.short_writes [ROUNDS]`.

Each round runs the real command in a process of its own, below a limit on the size of files or on a disk of
that size (where this user may mount one). Afterwards readers have a whole build, the new one or the last
good one, as the exit code says; nothing half written has a name.
"""

import contextlib
import io
import multiprocessing
import os
import random
import re
import resource
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from pipelines.core.paths import DataDir
from pipelines.warehouse import published_build, releases, snapshots
from tests.conftest import row, write_sheet, write_situation

FILES = "file size limit"
DISK = "full disk"
INODES = "no more files"


def attack(root: Path, sizes: Sequence[int], kind: str) -> tuple[Counter[str], list[str]]:
    """How the builds ended, and what got through.

    A size is that of one file, of what is left of the disk, or the number of files that it still takes.
    """
    data = DataDir(root)
    write_situation(root)
    write_sheet(sheet(data), [row(value=1)])
    seen: Counter[str] = Counter()
    wrong: list[str] = []
    with contextlib.nullcontext() if kind == FILES else on_small_disk(data.build):
        assert run(data, None)[0] == 0
        known = 1
        for number, size in enumerate(sizes, start=2):
            write_sheet(sheet(data), [row(value=number)])
            if kind == DISK:
                used = sum(path.stat().st_blocks * 512 for path in data.build.rglob("*"))
                remount(data.build, f"size={used + size}")
            if kind == INODES:
                remount(data.build, f"nr_inodes={len(list(data.build.rglob('*'))) + 1 + size}")
            code, said = run(data, size if kind == FILES else None)
            if code == 0:
                known = number
            seen["published" if code == 0 else "refused"] += 1
            wrong += [f"{kind} {size}: {each}" for each in find_wrong(data, known, code, said)]
    return seen, wrong


def sheet(data: DataDir) -> Path:
    return data.situation("islandia") / "transcriptions" / "sheet.csv"


def find_wrong(data: DataDir, known: int, code: int, said: str) -> Iterator[str]:
    """What a reader, an operator or the next build would stumble on."""
    if code not in (0, 1):
        yield f"exit code {code}: {said[-300:]}"
        return
    if "Traceback" in said or (code and "Nothing was published" not in said):
        yield f"no clear message: {said[-300:]}"
    yield from published_build.list_faults(data)
    with published_build.open_current(data) as con:
        value = con.sql("SELECT value FROM claims").fetchall()
    if value != [(known,)]:
        yield f"readers see {value}, not {known}"
    whole = {path.name for _, path in releases.list_releases(data)}
    for path in data.build.iterdir():
        if path.name not in {*whole, "current.json", ".lock", "figures", "kept"}:
            yield f"{path.name} stays"
    for path in data.kept.glob("*"):
        if not re.fullmatch(r"[a-z_.-]+-[0-9a-f]{64}", path.name):
            yield f"kept/{path.name} stays"
    for path in data.snapshots.iterdir():
        if not snapshots.is_readable(data.snapshots, path.stem):
            yield f"figures/{path.name} is damaged"


def run(data: DataDir, limit: int | None) -> tuple[int, str]:
    """`python -m pipelines build`: its exit code and all that it says. Modules are loaded once for all."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["pipelines.__main__"])
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=_run_limited, args=(str(data.root), limit, theirs))
    child.start()
    theirs.close()
    try:
        code, said = ours.recv()
    except EOFError:
        child.join()
        return child.exitcode or -1, "no answer"
    child.join()
    return code, said


def _run_limited(root: str, limit: int | None, answers: "multiprocessing.connection.Connection") -> None:
    from pipelines.__main__ import app

    said, code = io.StringIO(), 0
    if limit is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))  # Python ignores SIGXFSZ: writes fail
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        try:
            app(["build", "--data-dir", root])
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 99
    answers.send((code, said.getvalue()))


def can_mount() -> bool:
    """Whether this user may mount a small disk."""
    if os.getuid() != 0:
        return False
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder], capture_output=True, check=False
        )
        if done.returncode == 0:
            subprocess.run(["umount", folder], check=True)
    return done.returncode == 0


@contextlib.contextmanager
def on_small_disk(folder: Path) -> Iterator[None]:
    folder.mkdir(parents=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(folder)], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def remount(folder: Path, option: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{option}", str(folder)], check=True)


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    chance = random.Random(rounds)
    found = []
    for kind in [FILES, *([DISK, INODES] if can_mount() else [])]:
        most = 3 if kind == INODES else 23.5
        sizes = [int(2 ** chance.uniform(0, most)) - 1 for _ in range(rounds)]
        with tempfile.TemporaryDirectory() as folder:
            seen, wrong = attack(Path(folder) / "data", sizes, kind)
        print(f"{kind}: {rounds} sizes, {dict(seen)}, {len(wrong)} wrong", flush=True)
        found += wrong
    print(*found, sep="\n")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
