"""Charts: a page for each with its files, and the list of them."""

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Final

from dashboards import citing, contradictions, exports, figures, latest, sentences
from dashboards.catalog import Shown, shown
from dashboards.exhibits import Exhibit
from dashboards.exports import Origin
from dashboards.site import addresses, embeds, linked, pictures
from dashboards.site.edition import Edition
from dashboards.site.folder import Folder
from dashboards.site.render import Page, render
from dashboards.site.work import Site
from dashboards.view import View

AT_ONCE: Final = 2  # charts being drawn: one by Chromium, one by Python
DOUBTS: Final = "doubts"  # the group that the contradictions belong to
LICENCE: Final = "plotly-basic.LICENSE"
STATIC: Final = Path(figures.__file__).resolve().parent / "static"
_QUOTABLE: Final = {"measure", "population", "as_of_precision", "window_basis", "published_basis"}


def written(site: Site, view: View) -> Iterator[None]:
    """Everything of one language's charts."""
    edition, folder = site.edition, site.folder
    for chart, files in zip(shown(view), _files(view), strict=True):
        for ending, content in files.items():
            folder.write(addresses.chart(view.language, chart.name, ending), content)
        with_picture = chart.exhibit.figure is not None
        for page in (
            _page(edition, view, chart),
            embeds.embed(view, chart, pinned=False),
            *((embeds.interactive(view, chart),) if with_picture else ()),
        ):
            site.write(page)
        _pin(edition, view, chart, folder, site.pinned)
        yield
    site.write(_index(view))


def _files(view: View) -> Iterator[dict[str, bytes]]:
    """The files of each chart, in order; a few next ones are drawn while these are written."""
    ahead: deque[Future[dict[str, bytes]]] = deque()
    with ThreadPoolExecutor(AT_ONCE, "drawing") as pool:
        for chart in shown(view):
            ahead.append(pool.submit(pictures.files, chart.exhibit, view, Origin(chart.name)))
            if len(ahead) > 2 * AT_ONCE:
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()


def scripts(folder: Folder) -> None:
    """Plotly's basic bundle and what draws with it, once for the whole site."""
    folder.keep(STATIC / embeds.PLOTLY, addresses.ASSETS + embeds.PLOTLY)
    folder.keep(STATIC / LICENCE, f"{addresses.ASSETS}{LICENCE}.txt")
    folder.write(
        addresses.ASSETS + embeds.SCRIPT, embeds.classic((STATIC / embeds.SCRIPT).read_text(encoding="utf-8"))
    )


def _pin(edition: Edition, view: View, chart: Shown, folder: Folder, keep: frozenset[str]) -> None:
    """What stays as it is: the page to embed and its pictures; never written again once it is there."""
    build, language = view.build.id, view.language
    page = embeds.embed(view, chart, pinned=True)
    if page.path in keep:
        return
    folder.write(page.path, render(edition, page))
    if chart.exhibit.figure is not None:
        for size in pictures.SIZES:
            drawn = folder.root / addresses.chart(language, chart.name, f"{size}.svg")
            folder.keep(drawn, addresses.pinned(build, language, chart.name, f"{size}.svg"))


def _page(edition: Edition, view: View, chart: Shown) -> Page:
    exhibit, words, name = chart.exhibit, view.words, chart.name
    path = addresses.chart(view.language, name)
    endings = exports.TABLES if exhibit.figure is None else exports.formats(exhibit)
    address = edition.absolute(path)
    return Page(
        "chart.html",
        view.language,
        path,
        title=words("site.chart_title", title=exhibit.title, situation=words.of(view.situation.name)),
        description=exhibit.summary or exhibit.title,
        picture=linked.picture(view.language, f"chart-{name}" if exhibit.figure is not None else "charts"),
        data=linked.dataset(
            edition,
            view,
            path=path,
            name=exhibit.title,
            description=exhibit.summary or exhibit.title,
            files=[
                (addresses.chart(view.language, name, ending), exports.MEDIA[ending])
                for ending in endings
                if ending in exports.TABLES
            ],
            frame=exhibit.frame,
        ),
        context={
            "exhibit": exhibit,
            "files": [(ending, addresses.chart(view.language, name, ending)) for ending in endings],
            "pictures": embeds.both(addresses.chart(view.language, name, "")) if exhibit.figure else (),
            "interactive": addresses.chart(view.language, name, f"{embeds.INTERACTIVE}.html"),
            "quotes": quotes(view, exhibit),
            "citation": citing.cite(view, exhibit, address),
            "snippets": embeds.snippets(edition, view, chart),
            "build_page": addresses.build(view.language, view.build.id),
        },
    )


def quotes(view: View, exhibit: Exhibit) -> list[str]:
    """A sentence for the newest figure of each series in the chart; else its summary and source."""
    frame = exhibit.frame
    if frame.is_empty() or not set(frame.columns) >= _QUOTABLE:
        return [f"{exhibit.summary} {exhibit.source}".strip()]
    newest = latest.newest(view, frame.sort("as_of", "published", "claim_id"))
    return [sentences.quote(view, row) for row in newest]


def _index(view: View) -> Page:
    words = view.words
    groups: dict[str, list[Shown]] = {}
    for chart in shown(view):
        groups.setdefault(chart.group, []).append(chart)
    if contradictions.count(view)[0]:
        groups.setdefault(DOUBTS, [])
    name = words.of(view.situation.name)
    return Page(
        "charts.html",
        view.language,
        addresses.page(view.language, "charts/index"),
        title=words("site.charts_title", situation=name),
        description=words("site.charts_lead"),
        picture=linked.picture(view.language, "charts"),
        context={
            "groups": [(words(f"nav.{group}"), charts) for group, charts in groups.items()],
            # These have no picture, but a page that shows each of them.
            "doubts": (words(f"nav.{DOUBTS}"), contradictions.lead(view)),
        },
    )
