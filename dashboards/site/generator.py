"""Every page and file of an edition into a new folder, which then takes the place of the old one."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from dashboards.exhibits import chart_registry
from dashboards.exhibits.chart_registry import list_shown
from dashboards.exhibits.exhibit import ChartRequest
from dashboards.export import formats
from dashboards.i18n.translations import FIRST_LANGUAGE
from dashboards.queries.view import View
from dashboards.site import archive, feeds, llms, open_graph, render, robots_and_sitemap, signing, urls
from dashboards.site.edition import Edition
from dashboards.site.output_folder import open_folder
from dashboards.site.pages import charts, data, embeds, families, figures, records, situations
from dashboards.site.render import Page, Site

NAME = "404"


def make_not_found_page(view: View, path: str = "") -> Page:
    """The page in the view's language; `path` where it does not lie in the language's folder."""
    home = urls.make_page_path(view.language, NAME)
    return Page(
        "not_found.html",
        view.language,
        path or home,
        title=view.words("site.not_found_title"),
        description=view.words("site.not_found"),
        listed=False,
        canonical=home,
        anywhere=True,
    )


ASSETS: Final = render.HERE / "assets"
CONTRADICTIONS: Final = "contradictions"  # a chart without a picture: the page of records shows its rows


@dataclass(frozen=True)
class Step:
    """A part of the work, for who waits: what is made, how many pieces, and how each is made."""

    name: str
    pieces: int
    make: Callable[[], Iterator[None]]


Report = Callable[[str, int, int], None]  # the part, pieces done, pieces in all


def publish(
    edition: Edition, out: Path, told: Report = lambda *_: None, key: Ed25519PrivateKey | None = None
) -> int:
    """Write the site of an edition to `out`, signed where there is a key; returns how many files.

    On any failure `out` stays as it was.

    Raises output_folder.NotASiteError, chromium.MissingBrowserError.
    """
    with open_folder(out) as folder:
        site = Site(edition, folder)
        site.pinned = archive.carry_over(out, folder, edition)
        archive.record_current(edition, folder)
        for step in list_steps(site):
            told(step.name, 0, step.pieces)
            for done, _ in enumerate(step.make(), start=1):
                told(step.name, done, step.pieces)
        signing.write_manifest(edition, folder, key)
        return len(folder.paths)


def list_steps(site: Site) -> list[Step]:
    """All parts in the order in which they are made."""
    views = list(site.edition.views.values())
    others = len(archive.list_builds(site.folder)) + 4  # a page each, their list, situations, data, embeds
    return [
        Step("front pages", len(views) + 1, lambda: _write_families(site)),
        Step("charts", sum(len(list_shown(view)) for view in views), lambda: _write_charts(site)),
        Step(
            "records",
            sum(records.count_pages(view) + figures.count_pages(view) + others for view in views),
            lambda: _write_records(site),
        ),
        Step(
            "feeds and data", sum(len(feeds.list_feeds(view)) for view in views), lambda: _write_feeds(site)
        ),
        Step(
            "share pictures",
            sum(len(open_graph.list_names(view)) for view in views),
            lambda: _write_pictures(site),
        ),
    ]


def _write_families(site: Site) -> Iterator[None]:
    site.folder.write(render.STYLE, render.read_style())
    for drawing in sorted(ASSETS.glob("*.svg")):
        site.folder.write(urls.ASSETS + drawing.name, drawing.read_bytes())
    site.write(make_not_found_page(site.edition.first, f"{NAME}.html"))
    for language, view in site.edition.views.items():
        site.write(make_not_found_page(view))
        home = families.make_canonical_path(language, FIRST_LANGUAGE)
        picture = urls.make_picture_path(language, "home")
        for path in dict.fromkeys((home, render.make_home_path(language))):
            site.write(families.make_page(site.edition, view, path, home, picture))
            yield


def _write_charts(site: Site) -> Iterator[None]:
    charts.write_scripts(site.folder)
    for view in site.edition.views.values():
        yield from charts.write_charts(site, view)
        exhibit = chart_registry.find_exhibit(view, CONTRADICTIONS)
        if exhibit is not None:
            page = site.edition.absolute(urls.make_page_path(view.language, CONTRADICTIONS))
            for ending in formats.TABLES:
                path = urls.make_chart_path(view.language, CONTRADICTIONS, ending)
                origin = ChartRequest(CONTRADICTIONS, address=page or None)
                content = formats.make_file(exhibit, view, ending, origin=origin)
                site.folder.write(path, content)


def _write_records(site: Site) -> Iterator[None]:
    for view in site.edition.views.values():
        for page in _make_record_pages(site, view):
            site.write(page)
            yield


def _make_record_pages(site: Site, view: View) -> Iterator[Page]:
    yield from records.make_pages(view)
    yield from figures.make_pages(site.edition, view)
    yield from archive.make_pages(site.edition, view, site.folder)
    yield situations.make_page(view)
    yield data.make_page(site.edition, view)
    yield embeds.make_article(site.edition, view)


def _write_feeds(site: Site) -> Iterator[None]:
    edition, folder = site.edition, site.folder
    data.write_files(edition, folder)
    llms.write_files(edition, folder)
    for view in edition.views.values():
        for name, title, found in feeds.list_feeds(view):
            if found:
                folder.write(
                    feeds.make_feed_path(view.language, name),
                    feeds.write_atom(edition, view, name, title, found),
                )
                folder.write(
                    feeds.make_feed_path(view.language, name, "json"),
                    feeds.write_json_feed(edition, view, name, title, found),
                )
            yield
    folder.write("robots.txt", robots_and_sitemap.write_robots(edition))
    if edition.base_url:
        folder.write("sitemap.xml", robots_and_sitemap.write_sitemap(edition, site.pages))


def _write_pictures(site: Site) -> Iterator[None]:
    for view in site.edition.views.values():
        yield from open_graph.write_pictures(view, site.folder)
