"""What runs away is stopped: time, memory, network, files and crashes in the child become a refusal here."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipelines.core.file_limits import FileLimits
from pipelines.sheets import sandbox
from pipelines.sheets.csv_reader import read_csv
from pipelines.sheets.raw_table import ReadError
from pipelines.sheets.sandbox import run_confined

# Tasks for the child. It finds this module by its name, as it does a reader's.
HERE = "tests.pipelines.sheets.test_sandbox"


def echo(path: Path, *, limits: FileLimits, words: str = "here") -> str:
    del limits
    return f"{path} {words}"


def sleep(path: Path, *, limits: FileLimits) -> None:
    del path, limits
    time.sleep(60)


def spin(path: Path, *, limits: FileLimits) -> None:
    del path, limits
    while True:
        pass


def hoard(path: Path, *, limits: FileLimits, at_once: bool) -> int:
    del path, limits
    if at_once:
        return len(bytearray(20_000_000_000))
    kept = []
    while True:
        kept.append(b"x" * 5_000_000)


def die(path: Path, *, limits: FileLimits) -> None:
    del path, limits
    os.abort()


def fail(path: Path, *, limits: FileLimits, error: str) -> None:
    del path, limits
    raise {"type": TypeError, "recursion": RecursionError, "memory": MemoryError}[error]("Ana Pérez")


def talk(path: Path, *, limits: FileLimits, size: int) -> str:
    del path, limits
    return "x" * size


def escape(path: Path, *, limits: FileLimits, way: str) -> str:
    """What no reader may do; the answer is what it was told, or that it was done."""
    del limits
    try:
        match way:
            case "socket":
                socket.create_connection(("127.0.0.1", 9), timeout=1)
            case "process":
                subprocess.run(["true"], check=False)
            case "fork":
                os.fork()
            case "exec":
                os.execv("/bin/true", ["true"])
            case "write":
                path.with_name("written").write_text("x")
            case "remove":
                path.unlink()
            case "files":
                kept = [os.open(path, os.O_RDONLY) for _ in range(5_000)]
                return f"{len(kept)} files"
    except OSError as error:
        return f"refused: {type(error).__name__}"
    return "done"


def interfaces(path: Path, *, limits: FileLimits) -> list[str]:
    del path, limits
    return Path("/proc/self/net/dev").read_text().split()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "bulletin.csv"
    path.write_text("a,b\n1,2\n")
    return path


def run(task: str, path: Path, kind: Any = str, limits: FileLimits | None = None, **options: Any) -> Any:
    return run_confined(f"{HERE}:{task}", path, kind, limits or FileLimits(), **options)


def test_child_hands_back_what_it_read(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("echo", file, words="ñ") == f"{file} ñ"
    monkeypatch.chdir(file.parent)
    assert read_csv(Path(file.name)).cells.rows() == [(2, "1", "2")]


@pytest.mark.parametrize("task", ["sleep", "spin"])
def test_file_that_takes_too_long_is_refused_and_its_child_ended(file: Path, task: str) -> None:
    begun = time.monotonic()
    with pytest.raises(ReadError, match=r"bulletin.csv: not read after 1 seconds"):
        run(task, file, limits=FileLimits(seconds=1))
    assert time.monotonic() - begun < 5
    assert wait_for_no_children()


@pytest.mark.parametrize("at_once", [True, False])
def test_file_that_needs_too_much_memory_is_refused(file: Path, at_once: bool) -> None:
    with pytest.raises(ReadError, match=r"bulletin.csv: needs more than .* bytes of memory; refused"):
        run("hoard", file, int, at_once=at_once)


def test_child_that_dies_is_a_refusal_and_the_next_file_is_read(file: Path) -> None:
    with pytest.raises(ReadError, match=r"took the reader's process down \(exit -6\)"):
        run("die", file)
    assert run("echo", file).endswith("here")


@pytest.mark.parametrize(
    ("error", "words"),
    [("type", r"the reader failed on it \(TypeError\)"), ("recursion", "nested"), ("memory", "needs more")],
)
def test_whatever_a_reader_raises_is_refused_quoting_nothing(file: Path, error: str, words: str) -> None:
    with pytest.raises(ReadError, match=words) as caught:
        run("fail", file, error=error)
    assert "Ana" not in str(caught.value)


def test_answer_that_is_too_long_is_not_heard(file: Path) -> None:
    limits = FileLimits(result_bytes=1_000)
    assert run("talk", file, limits=limits, size=900) == "x" * 900
    with pytest.raises(ReadError, match="takes more than 1,000 bytes"):
        run("talk", file, limits=limits, size=1_000)


@pytest.mark.parametrize("way", ["socket", "process", "fork", "exec", "write", "remove", "files"])
def test_child_reaches_nothing(file: Path, way: str) -> None:
    assert run("escape", file, way=way).startswith("refused")
    assert [path.name for path in file.parent.iterdir()] == ["bulletin.csv"]


def test_child_has_no_network_where_the_kernel_lets_it_have_none(file: Path) -> None:
    if subprocess.run(["unshare", "-n", "true"], check=False, capture_output=True).returncode == 0:
        assert [word for word in run("interfaces", file, list[str]) if word.endswith(":")] == ["lo:"]
    else:
        assert run("escape", file, way="socket").startswith("refused")


def test_secrets_of_the_environment_stay_here(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIBEROMETRO_SECRET", "x")
    sandbox._LINE.close()
    assert "LIBEROMETRO_SECRET" not in run("environment", file, list[str])


def environment(path: Path, *, limits: FileLimits) -> list[str]:
    del path, limits
    return list(os.environ)


def test_reader_process_that_was_killed_is_started_again(file: Path) -> None:
    read_csv(file)
    assert sandbox._LINE.process is not None
    os.kill(sandbox._LINE.process.pid, signal.SIGKILL)
    sandbox._LINE.process.wait()
    assert read_csv(file).cells.height == 1


def test_many_threads_read_at_once(file: Path) -> None:
    heights: list[int] = []
    threads = [threading.Thread(target=lambda: heights.append(read_csv(file).cells.height)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert heights == [1] * 8


def test_fork_of_ours_reads_too(file: Path) -> None:
    read_csv(file)
    child = os.fork()
    if child == 0:
        os._exit(0 if run("echo", file).endswith("here") else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert read_csv(file).cells.height == 1


def test_no_process_outlives_ours(file: Path) -> None:
    script = (
        "import os, sys, threading, time; from pathlib import Path;"
        "from pipelines.core.file_limits import FileLimits; from pipelines.sheets import sandbox;"
        f"threading.Thread(target=lambda: sandbox.run_confined('{HERE}:sleep', Path(sys.argv[1]), str, "
        "FileLimits()), daemon=True).start(); time.sleep(1.5);"
        "print(sandbox._LINE.process.pid, flush=True); time.sleep(60)"
    )

    with subprocess.Popen(
        [sys.executable, "-c", script, str(file)], stdout=subprocess.PIPE, text=True
    ) as ours:
        assert ours.stdout is not None
        reader = int(ours.stdout.readline())
        children = list(_children(reader))
        assert children
        ours.kill()
    until = time.monotonic() + 10
    while any(Path(f"/proc/{pid}").exists() for pid in (reader, *children)) and time.monotonic() < until:
        time.sleep(0.05)
    assert not any(Path(f"/proc/{pid}").exists() for pid in (reader, *children))


def _children(pid: int) -> Iterator[int]:
    for task in Path(f"/proc/{pid}/task").iterdir():
        yield from (int(child) for child in (task / "children").read_text().split())


def wait_for_no_children() -> bool:
    assert sandbox._LINE.process is not None
    until = time.monotonic() + 5
    while list(_children(sandbox._LINE.process.pid)) and time.monotonic() < until:
        time.sleep(0.05)
    return not list(_children(sandbox._LINE.process.pid))


def test_the_process_that_was_begun_is_the_one_that_answers(tmp_path: Path) -> None:
    sandbox._LINE.close()
    sandbox.begin()
    begun = sandbox._LINE.process
    assert begun is not None
    assert run_confined(f"{HERE}:echo", tmp_path, str, FileLimits()) == f"{tmp_path} here"
    assert sandbox._LINE.process is begun
