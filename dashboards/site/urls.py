"""Where each page is, and how one leads to another: always relative, so the site works in any folder.

A page's path is the same in every language but for its first part. A figure is at
`<language>/figures/<first two characters of its id>.html#<id>`: the address follows from the id alone, never
changes, and no page grows long.
"""

import posixpath
from typing import Final
from urllib.parse import parse_qs, quote, urlsplit

from dashboards.web.embedding import make_chart_path, make_pinned_path

__all__ = ["make_chart_path", "make_pinned_path"]

HOME: Final = "index.html"
ASSETS: Final = "assets/"
SHELF: Final = 2  # characters of an id that name the page of its figure


def make_page_path(language: str, name: str) -> str:
    """A page of one language: es/claims.html; the home is index.html."""
    return f"{language}/{name}.html"


def find_shelf(figure_id: str) -> str:
    """Which page of figures an id is on."""
    return figure_id[:SHELF].lower()


def make_figure_path(language: str, figure_id: str) -> str:
    """The address of one figure."""
    return f"{language}/figures/{find_shelf(figure_id)}.html#{figure_id}"


def make_build_path(language: str, build_id: str) -> str:
    """The page of one build: what it said and what became of it."""
    return f"{language}/builds/{build_id}.html"


def make_relative_address(here: str, there: str) -> str:
    """From one path of the site to another, as an address."""
    path, _, fragment = there.partition("#")
    folder = posixpath.dirname(here)
    address = quote(posixpath.relpath(path, folder or "."), safe="/.+-_~")
    return f"{address}#{quote(fragment)}" if fragment else address


def make_rooted_address(root: str, there: str) -> str:
    """A path of the site as an address that holds wherever the page is shown; `root` as `/folder/`."""
    return root + make_relative_address("index.html", there)


def find_claim(url: str) -> str | None:
    """The claim that an address of the app leads to; None for any other address."""
    return _find_named(url, "claims", "claim")


def find_figure(url: str) -> str | None:
    """The figure that a permanent link of the app leads to; None for any other address."""
    return _find_named(url, "figure", "figure")


def _find_named(url: str, page: str, key: str) -> str | None:
    parts = urlsplit(url)
    if parts.scheme or parts.netloc or not parts.path.endswith(page):
        return None
    return next(iter(parse_qs(parts.query).get(key, [])), None)


def make_picture_path(language: str, name: str) -> str:
    """The path of a page's Open Graph picture."""
    return f"{language}/og/{name}.png"
