"""Publishing: every page and file of an edition into a new folder, which then takes the place of the old."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from dashboards import catalog, exports
from dashboards.catalog import shown
from dashboards.exports import Origin
from dashboards.site import (
    addresses,
    archive,
    charts,
    data,
    embeds,
    family,
    linked,
    lost,
    manifest,
    news,
    records,
    render,
    shared,
)
from dashboards.site.edition import Edition
from dashboards.site.folder import written
from dashboards.site.render import Page
from dashboards.site.work import Site
from dashboards.view import View
from dashboards.words import FIRST_LANGUAGE

ASSETS: Final = render.HERE / "assets"
CONTRADICTIONS: Final = "contradictions"  # a chart without a picture: the page of records shows its rows


@dataclass(frozen=True)
class Step:
    """A part of the work, for who waits: what is made, how many pieces, and how each is made."""

    name: str
    pieces: int
    make: Callable[[], Iterator[None]]


Told = Callable[[str, int, int], None]  # the part, pieces done, pieces in all


def publish(
    edition: Edition, out: Path, told: Told = lambda *_: None, key: Ed25519PrivateKey | None = None
) -> int:
    """Write the site of an edition to `out`, signed where there is a key; returns how many files.

    On any failure `out` stays as it was.

    Raises folder.NotASiteError, exports.MissingBrowserError.
    """
    with written(out) as folder:
        site = Site(edition, folder)
        site.pinned = archive.carried(out, folder, edition)
        archive.recorded(edition, folder)
        for step in steps(site):
            told(step.name, 0, step.pieces)
            for done, _ in enumerate(step.make(), start=1):
                told(step.name, done, step.pieces)
        manifest.written(edition, folder, key)
        return len(folder.paths)


def steps(site: Site) -> list[Step]:
    """All parts in the order in which they are made."""
    views = list(site.edition.views.values())
    others = len(archive.builds(site.folder)) + 3  # a page for each, their list, the data, the embeds
    return [
        Step("front pages", len(views) + 1, lambda: _families(site)),
        Step("charts", sum(len(shown(view)) for view in views), lambda: _charts(site)),
        Step("records", sum(records.size(view) + others for view in views), lambda: _records(site)),
        Step("feeds and data", sum(len(news.feeds(view)) for view in views), lambda: _feeds(site)),
        Step("share pictures", sum(len(shared.names(view)) for view in views), lambda: _shared(site)),
    ]


def _families(site: Site) -> Iterator[None]:
    for name in sorted(path.name for path in ASSETS.iterdir()):
        content = render.style() if name == "style.css" else (ASSETS / name).read_bytes()
        site.folder.write(addresses.ASSETS + name, content)
    site.write(lost.page(site.edition.first, f"{lost.NAME}.html"))
    for language, view in site.edition.views.items():
        site.write(lost.page(view))
        home = family.canonical(language, FIRST_LANGUAGE)
        picture = linked.picture(language, "home")
        for path in dict.fromkeys((home, render.home(language))):
            site.write(family.page(site.edition, view, path, home, picture))
            yield


def _charts(site: Site) -> Iterator[None]:
    charts.scripts(site.folder)
    for view in site.edition.views.values():
        yield from charts.written(site, view)
        exhibit = catalog.exhibit(view, CONTRADICTIONS)
        if exhibit is not None:
            for ending in exports.TABLES:
                path = addresses.chart(view.language, CONTRADICTIONS, ending)
                content = exports.made(exhibit, view, ending, origin=Origin(CONTRADICTIONS))
                site.folder.write(path, content)


def _records(site: Site) -> Iterator[None]:
    for view in site.edition.views.values():
        for page in _record_pages(site, view):
            site.write(page)
            yield


def _record_pages(site: Site, view: View) -> Iterator[Page]:
    yield from records.pages(view)
    yield from archive.pages(site.edition, view, site.folder)
    yield data.page(site.edition, view)
    yield embeds.article(site.edition, view)


def _feeds(site: Site) -> Iterator[None]:
    edition, folder = site.edition, site.folder
    data.written(edition, folder)
    for view in edition.views.values():
        for name, title, found in news.feeds(view):
            if found:
                folder.write(
                    news.feed_path(view.language, name), news.atom(edition, view, name, title, found)
                )
                folder.write(
                    news.feed_path(view.language, name, "json"),
                    news.json_feed(edition, view, name, title, found),
                )
            yield
    folder.write("robots.txt", linked.robots(edition))
    if edition.base_url:
        folder.write("sitemap.xml", linked.sitemap(edition, site.pages))


def _shared(site: Site) -> Iterator[None]:
    for view in site.edition.views.values():
        yield from shared.written(view, site.folder)
