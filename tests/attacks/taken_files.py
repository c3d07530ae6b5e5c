"""Files taken from here, damaged by chance, and whatever else lies there: `verify` says yes to none of them.

A damaged file may be *current* only where all that it holds is as it was: a byte of packing without meaning.
"""

import random
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from dashboards.cli import verify
from dashboards.exhibits import chart_registry
from dashboards.export import chromium, formats
from dashboards.export.verification import FileState
from dashboards.queries.view import View
from tests.dashboards.conftest import figures
from tests.dashboards.published_view import published

YES = (FileState.CURRENT, FileState.INTACT)


def take_files(view: View) -> dict[str, bytes]:
    """One exhibit in every format that can be made here."""
    exhibit, origin = chart_registry.answer_request(view, "held")
    assert exhibit is not None
    forms = formats.FORMATS if chromium.is_available() else formats.TABLES
    return {
        form: formats.make_file(exhibit, view, form, origin=origin)
        for form in forms
        if form in (*formats.PICTURES, *formats.TABLES)
    }


def damage(content: bytes, other: bytes, chance: random.Random) -> Iterator[bytes]:
    """One of each kind of damage, at places of chance."""
    place, end = sorted(chance.randrange(len(content)) for _ in range(2))
    more = chance.randbytes(chance.randint(1, 60))
    yield content[:place] + bytes([content[place] ^ chance.randint(1, 255)]) + content[place + 1 :]
    yield content[:place]
    yield content[:place] + more + content[place:]
    yield content[:place] + content[end:]
    yield content[:place] + content[place:end] + content[place:]
    yield from (content + more, more + content, content + other, other + content)
    yield content[:place] + other[chance.randrange(len(other)) :]
    digits = [spot for spot in range(len(content)) if content[spot : spot + 1].isdigit()]
    spot = chance.choice(digits)
    yield content[:spot] + str(chance.randint(0, 9)).encode() + content[spot + 1 :]
    yield more


def attack(files: dict[str, bytes], folder: Path, rounds: int) -> tuple[Counter[str], list[str]]:
    """The verdicts by format, and what got through."""
    seen: Counter[str] = Counter()
    passed = []
    place = folder / "file"
    for form, content in files.items():
        place.write_bytes(content)
        assert verify.judge(place).state is FileState.CURRENT, form
        whole = formats.read(content)
        for number in range(rounds):
            chance = random.Random(f"{form} {number}")
            for kind, damaged in enumerate(damage(content, chance.choice([*files.values()]), chance)):
                place.write_bytes(damaged)
                state = verify.judge(place).state
                seen[f"{form} {state}"] += 1
                if state in YES and formats.read(damaged) != whole:
                    passed.append(f"{form}: damage {kind} of round {number} is {state}")
    return seen, passed


def main(rounds: int = 40) -> int:
    """Print the verdicts; 1 where a damaged file is called current, or an error escapes."""
    with TemporaryDirectory() as folder, published(Path(folder) / "data", figures()) as view:
        seen, passed = attack(take_files(view), Path(folder), rounds)
    for name, count in sorted(seen.items()):
        print(f"{name:<24}{count:>7}")
    print("\n".join(passed))
    print(f"{seen.total()} damaged files, {len(passed)} passed")
    return int(bool(passed))


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:2])))
