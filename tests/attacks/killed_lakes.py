"""Who works on a lake killed at any moment: `python -m tests.attacks.killed_lakes [ROUNDS]`.

Each round one of three offices writes its list, one person longer than any before it. Meanwhile the writer,
or the PostgreSQL below it, or somebody who counts is killed with signal 9. Whatever was acknowledged must be
there exactly once, whatever was not whole or not at all, and the next round must find nothing in its way.
"""

import contextlib
import io
import json
import multiprocessing
import random
import sys
import tempfile
import time
from collections import Counter
from datetime import date
from multiprocessing.process import BaseProcess
from pathlib import Path

from tests.conftest import write_situation
from tests.lakes import Catalogue, open_lake, run_catalogue
from tests.pipelines.stays.lists import MAPPING, PARTS, write_list
from tests.pipelines.stays.naive import Stay

OFFICES = ("north", "south", "west")
WRITER, CATALOGUE, READER, NOBODY = "the writer", "the catalogue", "a reader", "nobody"
VICTIMS = (WRITER, WRITER, CATALOGUE, READER, NOBODY)
FIRST = 300  # people on the first list
LONGEST_SECONDS = 60


class Command:
    """A command of ours in a process of its own; modules are loaded once for all."""

    def __init__(self, *words: str) -> None:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["pipelines.__main__"])
        self._ours, theirs = context.Pipe(duplex=False)
        self._child: BaseProcess = context.Process(target=_run, args=(words, theirs))
        self._child.start()
        theirs.close()

    def kill(self) -> None:
        """Signal 9."""
        self._child.kill()

    def is_running(self) -> bool:
        return self._child.is_alive()

    def wait(self) -> tuple[int, str]:
        """The exit code and all that it said; -9 and nothing where it was killed."""
        try:
            said: tuple[int, str] = self._ours.recv() if self._ours.poll(LONGEST_SECONDS) else (-1, "hangs")
        except EOFError:
            said = (-9, "")
        self._child.join(LONGEST_SECONDS)
        return said


def _run(words: tuple[str, ...], answers: "multiprocessing.connection.Connection") -> None:
    from pipelines.__main__ import app

    said, code = io.StringIO(), 0
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(io.StringIO()) as wrong:
        try:
            app(list(words))
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 99
    answers.send((code, said.getvalue() if code == 0 else wrong.getvalue()))


class Attack:
    """A lake under attack, and what was acknowledged of it."""

    def __init__(self, folder: Path, catalogue: Catalogue, seed: int) -> None:
        self._folder, self._catalogue, self._chance = folder, catalogue, random.Random(seed)
        self._data = folder / "data"
        made = write_situation(self._data)
        path = made / "situation.toml"
        path.write_text(path.read_text() + PARTS)
        (folder / "mapping.toml").write_text(MAPPING)
        self._length = FIRST
        self._held = dict.fromkeys(OFFICES, 0)  # rows of each office that must be there
        self._acknowledged: dict[int, tuple[str, int]] = {}  # snapshot → office, its rows
        self._usual = 1.0  # seconds that a write takes
        self.seen: Counter[str] = Counter()

    def run(self, rounds: int) -> list[str]:
        """What got through."""
        wrong, victims = [], [NOBODY]  # the first is left alone: how long does a write take?
        while len(victims) < rounds:
            victims += self._chance.sample(VICTIMS, len(VICTIMS))
        for number, victim in enumerate(victims[:rounds]):
            wrong += [f"round {number}, {victim}: {each}" for each in self._run_round(victim)]
        return [*wrong, *self._look_at_the_end()]

    def _run_round(self, victim: str) -> list[str]:
        self._length += 1
        office = self._chance.choice(OFFICES)
        rows = [
            Stay(f"{office}{each}", date(2026, 2, 1), None, None, "F", None) for each in range(self._length)
        ]
        path = write_list(self._folder / "list.csv", rows)
        began, files = time.monotonic(), self._list_files()
        writer = Command(
            "lake", "write", str(path), "--lake", str(self._catalogue.settings), "--office", office,
            "--mapping", str(self._folder / "mapping.toml"), "--data-dir", str(self._data), "--json",
        )  # fmt: skip
        # nobody counts beside the first write: a lake without rows is refused, as any list without rows
        reader = self._count("sheet.csv") if victim in (READER, NOBODY) and self._acknowledged else None
        self._wait_for_the_moment(writer, files)
        if victim == WRITER:
            writer.kill()
        elif victim == CATALOGUE:
            self._catalogue.kill()
        elif victim == READER and reader:
            reader.kill()
        code, said = writer.wait()
        if victim == CATALOGUE:
            self._catalogue.start()
        if victim == NOBODY:
            self._usual = time.monotonic() - began
        wrong = []
        if reader:
            ended, told = reader.wait()
            wrong += (
                [f"the reader: {ended} {told}"]
                if ended not in ((0, -9) if victim == READER else (0,))
                else []
            )
        self.seen[f"{victim}: {'acknowledged' if code == 0 else 'not'}"] += 1
        if code == 0:
            self._acknowledged[json.loads(said)["number"]] = (office, self._length)
        elif victim in (READER, NOBODY):
            wrong.append(f"the writer ended with {code}: {said}")
        return [*wrong, *self._look(office, acknowledged=code == 0)]

    def _wait_for_the_moment(self, writer: Command, files: set[Path]) -> None:
        """Any moment of the write, and in every second round one near its commit."""
        until = time.monotonic() + self._chance.uniform(0, 1.1 * self._usual)
        if self._chance.random() < 0.5:
            while writer.is_running() and self._list_files() == files:
                time.sleep(0.001)
            until = time.monotonic() + self._chance.uniform(0, 0.12)
        time.sleep(max(0.0, until - time.monotonic()))

    def _look(self, office: str, acknowledged: bool) -> list[str]:
        """Rows by office now, against what must or may be there."""
        found = self._read_rows()
        may = {self._length} if acknowledged else {self._length, self._held[office]}
        wrong = [
            f"{each} has {rows} rows, {people} people"
            for each, (rows, people) in found.items()
            if rows != people or rows not in (may if each == office else {self._held[each]})
        ]
        self.seen["not acknowledged, and there"] += not acknowledged and found[office][0] == self._length
        self._held[office] = found[office][0]
        return wrong

    def _read_rows(self, snapshot: int | None = None) -> dict[str, tuple[int, int]]:
        at = "" if snapshot is None else f" AT (VERSION => {snapshot})"
        query = "SELECT office, count(*), count(DISTINCT person) FROM lake.stays"
        with open_lake(self._catalogue.settings) as (_, con):
            rows = con.execute(f"{query}{at} GROUP BY office").fetchall()
        found = {each: (count, people) for each, count, people in rows}
        return {each: found.get(each, (0, 0)) for each in OFFICES}

    def _look_at_the_end(self) -> list[str]:
        """Every snapshot that was acknowledged holds what it held; nothing is left of who was killed."""
        wrong = []
        cleaning = ["lake", "clean", "--lake", str(self._catalogue.settings)]
        if (ended := Command(*cleaning, "--data-dir", str(self._data)).wait())[0]:
            wrong.append(f"clean: {ended}")
        for snapshot, (office, rows) in self._acknowledged.items():
            if self._read_rows(snapshot)[office] != (rows, rows):
                wrong.append(f"snapshot {snapshot} no longer holds {rows} rows of {office}")
        named = set(self._catalogue.ask("SELECT path FROM ducklake_data_file", "stays").split())
        there = {path.name for path in self._list_files()}
        if named != there:
            wrong.append(f"{len(there - named)} files that nobody knows, {len(named - there)} missing")
        code, said = self._count("last.csv").wait()
        if code or json.loads(said)["rows"] != sum(self._held.values()):
            wrong.append(f"the last count: {code}")
        if list((self._data / "build" / "counting").iterdir()):
            wrong.append("something is left where rows are spilled")
        return wrong

    def _count(self, name: str) -> Command:
        out = self._folder / name
        out.unlink(missing_ok=True)
        return Command(
            "count", str(self._catalogue.settings), "--mapping", str(self._folder / "mapping.toml"),
            "--cut", "2026-04-27", "--out", str(out), "--data-dir", str(self._data), "--json",
        )  # fmt: skip

    def _list_files(self) -> set[Path]:
        return set((self._catalogue.folder / "files").rglob("*.parquet"))


def attack(rounds: int, seed: int) -> tuple[Counter[str], list[str]]:
    """How the rounds ended, and what got through."""
    with run_catalogue() as catalogue, tempfile.TemporaryDirectory() as folder:
        one = Attack(Path(folder), catalogue, seed)
        wrong = one.run(rounds)
        return one.seen, wrong


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    seen, wrong = attack(rounds, seed=rounds)
    for what, times in sorted(seen.items()):
        print(f"{what}: {times}")
    print(f"{len(wrong)} wrong", *wrong, sep="\n")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
