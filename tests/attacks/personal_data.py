"""Invented people planted in every place, in random disguises, then looked for in all that leaves.

`python -m tests.attacks.personal_data [ROUNDS] [SEED]`: so many texts are hidden and asked about one by one;
then one of each kind is planted in every place of a data folder, and its tables, exports and site are looked
through. Ends with 1 when something got through.
"""

import gzip
import html
import io
import os
import random
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pypdfium2

from pipelines.core.paths import DATA_VARIABLE, DataDir
from pipelines.core.plain_text import make_plain
from pipelines.core.privacy import PersonalRules
from pipelines.warehouse import build as warehouse_build
from tests import personal_places as places
from tests.conftest import TODAY, write_situation
from tests.invented import AGES, BIRTHS, DISGUISES, EMAILS, PLANTED, SHAPES

TEXTS = [
    *((kind, text) for kind, (text, _) in PLANTED.items()),
    *(("an identity number", text) for text in SHAPES.values()),
    *(("an e-mail address", text) for text in EMAILS),
    *(("a birth date", text) for text in BIRTHS),
    *(("a name with an age", text) for text in AGES),
]
AROUND = (
    "{}",
    "Aviso: {}.",
    "({})",
    "según la lista, {}; hay 24 presos",
    "{}\n",
    "https://a.example/x {}",
    '"{}"',
)


def hide_and_ask(rounds: int, seed: int) -> list[str]:
    """Texts that were not told by their kind, or whose digits are left after masking."""
    dice = random.Random(seed)
    rules = PersonalRules()
    missed = []
    for _ in range(rounds):
        kind, text = dice.choice(TEXTS)
        names = dice.sample(sorted(DISGUISES), dice.choice((1, 1, 2)))
        hidden = text
        for name in names:
            hidden = DISGUISES[name](hidden)
        hidden = dice.choice(AROUND).format(hidden)
        left = sum(c.isdigit() for c in make_plain(rules.mask(hidden)).text)
        if kind not in (rules.describe(hidden) or "") or left > 3:
            missed.append(f"{kind}: {text!r} as {' and '.join(names)}")
    return missed


def plant_and_publish(kind: str, root: Path) -> list[str]:
    """Where something of one kind is found, of all that a data folder and its site show."""
    from dashboards.site.edition import open_edition
    from dashboards.site.generator import publish

    text, core = PLANTED[kind]
    write_situation(root / "data")
    data = DataDir(root / "data")
    places.plant_rows(data, text)
    warehouse_build.build(data, today=TODAY)
    shown = list(places.read_all_that_leaves(data))  # before the site holds the build open
    os.environ[DATA_VARIABLE] = str(data.root)
    publish(open_edition(None, "https://sitio.example/", TODAY), root / "site")
    shown += read_site(root / "site")
    return [where for where, words in shown if core in letters_and_digits(words)]


def read_site(folder: Path) -> Iterator[tuple[str, str]]:
    """Every file of a site as text, and its name; what is packed is opened."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != "plotly-basic.min.js":  # a library as it came: digits by chance
            name = path.relative_to(folder).as_posix()
            yield name, name
            for words in open_file(path.name, path.read_bytes()):
                yield name, words


def open_file(name: str, content: bytes) -> Iterator[str]:
    """A file's text: of a PDF its pages, of an archive or workbook its members."""
    if name.endswith(".gz"):
        yield from open_file(name.removesuffix(".gz"), gzip.decompress(content))
    elif name.endswith(".pdf"):
        with pypdfium2.PdfDocument(content) as document:
            yield "\n".join(page.get_textpage().get_text_bounded() for page in document)
    elif content[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in archive.namelist():
                yield member
                yield from open_file(member, archive.read(member))
    else:
        yield content.decode("utf-8", "ignore")


def letters_and_digits(text: str) -> str:
    """A text without what parts its letters and digits."""
    return "".join(c for c in html.unescape(text).lower() if c.isalnum())


def main(rounds: int = 20_000, seed: int = 1) -> int:
    """Print the counts; returns 1 when something got through."""
    missed = hide_and_ask(rounds, seed)
    print(f"{rounds:,} texts hidden, {len(missed)} missed")
    print("\n".join(sorted(set(missed))[:40]))
    leaks = []
    for kind in PLANTED:
        with tempfile.TemporaryDirectory() as scratch:
            found = plant_and_publish(kind, Path(scratch))
        leaks += found
        print(f"{kind}: planted in {len(places.list_places())} places, found in {len(found)}: {found[:5]}")
    return 1 if missed or leaks else 0


if __name__ == "__main__":
    sys.exit(main(*(int(word) for word in sys.argv[1:3])))
