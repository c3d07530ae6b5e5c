"""Random damage to a release file: `python -m tests.attacks.damaged_releases [ROUNDS]`.

Nothing may take the process down, and no damage that changes what the tables say may pass as whole.
"""

import os
import random
import shutil
import sys
import tempfile
from collections import Counter
from pathlib import Path

from pipelines.core.paths import DataDir
from pipelines.warehouse import build, releases
from tests.conftest import TODAY, row, write_sheet, write_situation


def attack(root: Path, rounds: int, seed: int) -> tuple[Counter[str], list[str]]:
    """What became of each damage, and what got through."""
    data, chance = DataDir(root), random.Random(seed)
    write_situation(root)
    rows = [row(value=number) for number in range(50)]
    write_sheet(data.situation("islandia") / "transcriptions" / "sheet.csv", rows)
    whole = build.build(data, today=TODAY).build.path
    said = releases.check_release(whole).record
    seen: Counter[str] = Counter()
    wrong = []
    for number in range(rounds):
        copy = shutil.copyfile(whole, data.build / f"liberometro-{said.id}-r{number + 2}.duckdb")
        damage = spoil(copy, chance)
        try:
            if releases.check_release(copy).record != said:
                wrong.append(damage)
            seen["said the same"] += 1  # bytes that no table uses
        except releases.DamagedError:
            seen["refused"] += 1
        copy.unlink()
    return seen, wrong


def spoil(path: Path, chance: random.Random) -> str:
    """Damage a file in one of the ways in which disks, copies and editors do."""
    size = path.stat().st_size
    way, at = chance.choice(("flip", "zero", "cut", "noise", "swap")), chance.randrange(size)
    with path.open("r+b") as file:
        if way == "cut":
            os.truncate(path, at)
        elif way == "swap":  # two blocks, each whole in itself
            blocks = [4096 * 3 + 262_144 * chance.randrange((size - 12_288) // 262_144) for _ in range(2)]
            content = []
            for block in blocks:
                file.seek(block)
                content.append(file.read(262_144))
            for block, other in zip(blocks, reversed(content), strict=True):
                file.seek(block)
                file.write(other)
        else:
            length = 1 if way == "flip" else chance.randrange(1, 5_000)
            file.seek(at)
            file.write(bytes(length) if way == "zero" else chance.randbytes(length))
    return f"{way} at {at} of {size}"


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    with tempfile.TemporaryDirectory() as folder:
        seen, wrong = attack(Path(folder) / "data", rounds, rounds)
    print(f"{rounds} damaged releases: {dict(seen)}, {len(wrong)} wrong", *wrong, sep="\n")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
