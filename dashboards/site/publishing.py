"""Publishing: every page and file of an edition into a new folder, which then takes the place of the old."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dashboards.site import addresses, family, render
from dashboards.site.edition import Edition
from dashboards.site.folder import Folder, written
from dashboards.words import FIRST_LANGUAGE

STATIC: Final = render.HERE / "assets"


@dataclass(frozen=True)
class Step:
    """A part of the work, for who waits: what is made, and how to make one piece after the other."""

    name: str
    pieces: int
    make: Callable[[], Iterator[None]]


Told = Callable[[str, int, int], None]  # the part, pieces done, pieces in all


def publish(edition: Edition, out: Path, told: Told = lambda *_: None) -> int:
    """Write the site of an edition to `out`; returns how many files. On any failure `out` stays as it was.

    Raises folder.NotASiteError, exports.MissingBrowserError.
    """
    with written(out) as folder:
        for step in steps(edition, folder):
            told(step.name, 0, step.pieces)
            for done, _ in enumerate(step.make(), start=1):
                told(step.name, done, step.pieces)
        return len(folder.paths)


def steps(edition: Edition, folder: Folder) -> list[Step]:
    """All parts in the order in which they are made."""
    return [
        Step("front pages", len(edition.views) + 1, lambda: _families(edition, folder)),
    ]


def _families(edition: Edition, folder: Folder) -> Iterator[None]:
    for name in sorted(path.name for path in STATIC.iterdir()):
        folder.write(addresses.ASSETS + name, render.style() if name == "style.css" else (STATIC / name).read_bytes())
    for language, view in edition.views.items():
        home = family.canonical(language, FIRST_LANGUAGE)
        for path in dict.fromkeys((home, render.home(language))):
            page = family.page(view, path, home, "", "")
            folder.write(path, render.render(edition, page))
            yield
