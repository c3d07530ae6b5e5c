"""Whether the files that people write for a situation hold something personal: every key, value and remark.

A file in which something is found stops a build, because what stands in it is shown as it is; the message
says where and of what kind, never what.
"""

import csv
import hashlib
import itertools
import tomllib
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from pipelines.core.paths import hash_file
from pipelines.core.personal_search import PersonalKind
from pipelines.core.privacy import PersonalRules, find_suspects, mask_message
from pipelines.core.situation import SituationError

_FILES: Final = ("*.toml", "mappings/**/*.toml", "reports/**/*.toml", "stays/*.toml", "events.csv")
SAID: Final = 5  # places that a message names
GROUPS_OWN: Final = (  # addresses that a group makes known itself: to publishers, readers, its list
    "contact", "questions.mail", "digest.mail.from", "digest.mail.to",
)  # fmt: skip
Place = tuple[str, str]  # where a text stands in a file, and the text


def check_settings(folder: Path, rules: PersonalRules, clean: Collection[bytes] = ()) -> set[bytes]:
    """Look through the TOML files of a situation, of its mappings, reports and lists, and its events.

    Returns the digest of these files and rules, or nothing where a file changed meanwhile; `clean` are such
    digests of what was found clean before.
    Raises SituationError with the first places.
    """
    files = sorted(path for pattern in _FILES for path in folder.glob(pattern))
    digest = _digest(files, folder, rules)
    if digest not in clean:
        _raise_found(list(_look_through(files, folder, rules)))
    return {digest} & {_digest(files, folder, rules)}


def _digest(files: Sequence[Path], folder: Path, rules: PersonalRules) -> bytes:
    told = [rules.tell(), *(f"{path.relative_to(folder.parent)} {hash_file(path)}" for path in files)]
    return hashlib.sha256("\0".join(told).encode()).digest()


def check_file(path: Path, rules: PersonalRules) -> None:
    """The same for one file. Raises SituationError."""
    _raise_found(list(_look_through([path], path.parent, rules)))


def _raise_found(found: list[str]) -> None:
    if found:
        more = [f"and {len(found) - SAID} more"] if len(found) > SAID else []
        raise SituationError("\n".join([*found[:SAID], *more]))


def _look_through(files: Sequence[Path], folder: Path, rules: PersonalRules) -> Iterator[str]:
    """A line for each text of the files, and each name of one, in which something is found."""
    places = [(path, *place) for path in files for place in _list_texts(path)]
    suspect = find_suspects([text for *_, text in places])  # of all at once: the pattern is long
    texts: dict[Path, list[Place]] = {path: [] for path in files}
    for path, place, text in itertools.compress(places, suspect):
        texts[path].append((place, text))
    for path, suspects in texts.items():
        name = path.relative_to(folder.parent).as_posix()
        shown = rules.mask(name)
        if shown != name:
            yield f"{shown}: the file's name: {rules.describe(name)}; aggregates only"
        for place, text in suspects:
            kinds = {each.kind for each in rules.find(text)}
            if place == "signed_by.fingerprint":  # written by `federate`: digits of a key
                continue
            if place in GROUPS_OWN:
                kinds -= {PersonalKind.EMAIL}
            if kinds:
                told = " and ".join(kind for kind in PersonalKind if kind in kinds)
                yield f"{shown}: {mask_message(rules.mask(place))}: {told}; aggregates only"


def _list_texts(path: Path) -> Iterable[Place]:
    """Every text of a file with its place."""
    text = path.read_bytes().decode("utf-8", "replace")
    if path.suffix == ".csv":
        return _list_cells(text)
    try:
        values = list(_walk(tomllib.loads(text), ""))
    except (
        tomllib.TOMLDecodeError,
        RecursionError,
    ):  # who reads it says so; what it says may hold a line of it
        return [(f"line {number}", line) for number, line in enumerate(text.splitlines(), 1)]
    return [*values, *_list_remarks(text)]


def _list_cells(text: str) -> Iterator[Place]:
    try:
        for number, row in enumerate(csv.reader(text.splitlines()), 1):
            for column, cell in enumerate(row, 1):
                yield f"row {number}, cell {column}", cell
    except csv.Error:
        return


def _list_remarks(text: str) -> Iterator[Place]:
    """What stands behind a `#`: nobody is shown it, but the file itself is open to all."""
    for number, line in enumerate(text.splitlines(), 1):
        if "#" in line:
            yield f"line {number}", line.partition("#")[2]


def _walk(value: Any, place: str) -> Iterator[Place]:
    """Keys and values; a key with its value as one text, because a label may be split from its number."""
    if isinstance(value, dict):
        for key, inner in value.items():
            below = f"{place}.{key}" if place else key
            if isinstance(inner, dict | list):
                yield below, key
            yield from _walk(inner, below)
    elif isinstance(value, list):
        for position, inner in enumerate(value):
            yield from _walk(inner, f"{place}[{position}]")
    elif isinstance(value, str):
        yield place, value
        yield place, f"{_last_key(place)}: {value}"
    elif isinstance(value, int) and not isinstance(value, bool):
        yield place, f"{_last_key(place)}: {value}"


def _last_key(place: str) -> str:
    return place.rpartition(".")[2].partition("[")[0]
