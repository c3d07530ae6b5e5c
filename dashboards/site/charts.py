"""Charts: a page for each, its files, its interactive version, and the two embeds."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import msgspec

from dashboards import catalog, citing, exports, figures, sentences
from dashboards.exhibits import Exhibit
from dashboards.exports import Origin
from dashboards.site import addresses, linked, pictures, policy, statements
from dashboards.site.edition import Edition
from dashboards.site.folder import Folder
from dashboards.site.render import Page, render
from dashboards.site.work import Site
from dashboards.view import View

AT_ONCE: Final = 2  # charts being drawn: one by Chromium, one by Python
INTERACTIVE: Final = "interactive"
EMBED: Final = "embed"
EMBED_ROWS: Final = 12  # of a table without a picture
PLOTLY: Final = "plotly-basic.min.js"
SCRIPT: Final = "chart.js"
LICENCE: Final = "plotly-basic.LICENSE"
STATIC: Final = Path(figures.__file__).resolve().parent / "static"
_QUOTABLE: Final = {"measure", "population", "as_of_precision", "window_basis", "published_basis"}


@dataclass(frozen=True)
class Shown:
    """One chart that has something to show, in one language."""

    name: str
    group: str
    exhibit: Exhibit


@lru_cache(maxsize=16)
def shown(view: View) -> tuple[Shown, ...]:
    """Charts that have a picture or a table, in the catalogue's order."""
    found = ((chart, chart.draw(view)) for chart in catalog.charts(view).values())
    return tuple(
        Shown(chart.name, chart.page, exhibit)
        for chart, exhibit in found
        if exhibit is not None and (exhibit.figure is not None or exhibit.rows)
    )


def written(site: Site, view: View) -> Iterator[None]:
    """Everything of one language's charts."""
    edition, folder = site.edition, site.folder
    for chart, files in zip(shown(view), _files(view), strict=True):
        for ending, content in files.items():
            folder.write(addresses.chart(view.language, chart.name, ending), content)
        with_picture = chart.exhibit.figure is not None
        for page in (
            _page(edition, view, chart),
            _embed(view, chart, pinned=False),
            *((_interactive(view, chart),) if with_picture else ()),
        ):
            site.write(page)
        _pin(edition, view, chart, folder, site.pinned)
        yield
    site.write(_index(view))


def _files(view: View) -> Iterator[dict[str, bytes]]:
    """The files of each chart, in order; the next ones are drawn while these are written."""
    with ThreadPoolExecutor(AT_ONCE, "drawing") as pool:
        yield from pool.map(
            lambda chart: pictures.files(chart.exhibit, view, Origin(chart.name)), shown(view)
        )


def scripts(folder: Folder) -> None:
    """Plotly's basic bundle and what draws with it, once for the whole site."""
    folder.keep(STATIC / PLOTLY, addresses.ASSETS + PLOTLY)
    folder.keep(STATIC / LICENCE, f"{addresses.ASSETS}{LICENCE}.txt")
    folder.write(addresses.ASSETS + SCRIPT, classic((STATIC / SCRIPT).read_text(encoding="utf-8")))


def classic(module: str) -> str:
    """A module as a plain script that draws the page's own document: modules do not load from a USB stick."""
    body = re.sub(r"^export (?=(?:async )?(?:function|const|let)\b)", "", module, flags=re.MULTILINE)
    body = body.replace("import.meta.url", "document.currentScript.src")
    body = body.replace(
        "encodeURIComponent(found.claim)", "found.claim"
    )  # here it is an address, see _addressed
    if re.search(r"^(?:import|export)\b|import\.meta|encodeURIComponent", body, flags=re.MULTILINE):
        raise ValueError(
            f"{SCRIPT} holds what a plain script of the site cannot: change charts.classic with it"
        )
    start = (
        'const doc = JSON.parse(document.getElementById("figure").textContent);\n'
        'const host = document.getElementById("chart");\n'
        "draw(host, doc).catch(() => { host.textContent = doc.words.failed; });\n"
    )
    return f'(() => {{\n"use strict";\n{body}\n{start}}})();\n'


def _pin(edition: Edition, view: View, chart: Shown, folder: Folder, keep: frozenset[str]) -> None:
    """What stays as it is: the page to embed and its pictures; never written again once it is there."""
    build, language = view.build.id, view.language
    page = _embed(view, chart, pinned=True)
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
    endings = exports.formats(exhibit)
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
            "pictures": _pictures(addresses.chart(view.language, name, "")) if exhibit.figure else (),
            "interactive": addresses.chart(view.language, name, f"{INTERACTIVE}.html"),
            "quotes": quotes(view, exhibit),
            "citation": citing.cite(view, exhibit, address),
            "snippets": snippets(edition, view, chart),
            "build_page": addresses.build(view.language, view.build.id),
        },
    )


def _pictures(stem: str) -> tuple[str, str]:
    """The wide and the tall picture; `stem` ends in a dot."""
    return (f"{stem}{pictures.SIZES[0]}.svg", f"{stem}{pictures.SIZES[1]}.svg")


def quotes(view: View, exhibit: Exhibit) -> list[str]:
    """A sentence for the newest figure of each series in the chart; else its summary and source."""
    frame = exhibit.frame
    if frame.is_empty() or not set(frame.columns) >= _QUOTABLE:
        return [f"{exhibit.summary} {exhibit.source}".strip()]
    newest = frame.sort("as_of", "published", "claim_id").unique(
        ["organisation", "measure", "baseline"], keep="last", maintain_order=True
    )
    return [sentences.quote(view, row) for row in newest.to_dicts()]


def snippets(edition: Edition, view: View, chart: Shown) -> tuple[str, str]:
    """HTML to copy: one that stays as it is, one that follows the newest build."""
    fixed = addresses.pinned(view.build.id, view.language, chart.name)
    moving = addresses.chart(view.language, chart.name, f"{EMBED}.html")
    return _snippet(edition, chart, fixed), _snippet(edition, chart, moving)


def _snippet(edition: Edition, chart: Shown, path: str) -> str:
    title = chart.exhibit.title.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
    source = edition.absolute(path) or addresses.relative("index.html", path)
    return (
        f'<iframe src="{source}" title="{title}" width="100%" height="560" loading="lazy" '
        'style="border:0"></iframe>'
    )


def _embed(view: View, chart: Shown, *, pinned: bool) -> Page:
    """The page within a frame of another site: the picture with its lines, and the way to the whole page."""
    exhibit, language, name = chart.exhibit, view.language, chart.name
    path = (
        addresses.pinned(view.build.id, language, name)
        if pinned
        else addresses.chart(language, name, f"{EMBED}.html")
    )
    return Page(
        "embed.html",
        language,
        path,
        title=exhibit.title,
        description=exhibit.summary or exhibit.title,
        listed=False,
        context={
            "exhibit": exhibit,
            "pictures": _pictures(path.removesuffix(f"{EMBED}.html").removesuffix("html"))
            if exhibit.figure
            else (),
            "rows": exhibit.rows[:EMBED_ROWS],
            # What is pinned outlives its chart: it leads to the page of its build, which is always there.
            "whole": "" if pinned else addresses.chart(language, name),
            "since": addresses.build(language, view.build.id),
        },
    )


def _interactive(view: View, chart: Shown) -> Page:
    exhibit, language = chart.exhibit, view.language
    path = addresses.chart(language, chart.name, f"{INTERACTIVE}.html")
    shelves = addresses.relative(path, addresses.page(language, "figures/index")).removesuffix("index.html")
    document = figures.document(exhibit, language, shelves)
    for trace in document["data"]:
        if "customdata" in trace:
            trace["customdata"] = [_addressed(view, each) for each in trace["customdata"]]
    return Page(
        "interactive.html",
        language,
        path,
        title=exhibit.title,
        description=exhibit.summary or exhibit.title,
        policy=policy.drawing(),
        listed=False,
        context={
            "exhibit": exhibit,
            "document": linked.harmless(msgspec.json.encode(document).decode()),
            "whole": addresses.chart(language, chart.name),
            "scripts": (addresses.ASSETS + PLOTLY, addresses.ASSETS + SCRIPT),
        },
    )


def _addressed(view: View, carried: Any) -> Any:
    """What a point carries (its text, its claim), with the figure's place in the site for the claim."""
    if not isinstance(carried, list) or len(carried) < 2:
        return carried
    figure = statements.figure_ids(view.build, view.situation_id).get(carried[1])
    place = f"{addresses.shelf(figure)}.html#{figure}" if figure else ""
    return [carried[0], place, *carried[2:]]


def _index(view: View) -> Page:
    words = view.words
    groups: dict[str, list[Shown]] = {}
    for chart in shown(view):
        groups.setdefault(chart.group, []).append(chart)
    name = words.of(view.situation.name)
    return Page(
        "charts.html",
        view.language,
        addresses.page(view.language, "charts/index"),
        title=words("site.charts_title", situation=name),
        description=words("site.charts_lead"),
        picture=linked.picture(view.language, "charts"),
        context={"groups": [(words(f"nav.{group}"), charts) for group, charts in groups.items()]},
    )


def embeds(edition: Edition, view: View) -> Page:
    """A plain article with both embeds of the first chart, to see how they sit."""
    chart = shown(view)[0] if shown(view) else None
    words, language = view.words, view.language
    context: dict[str, Any] = {"chart": chart}
    if chart is not None:
        context |= {
            "fixed": addresses.pinned(view.build.id, language, chart.name),
            "moving": addresses.chart(language, chart.name, f"{EMBED}.html"),
            "snippets": snippets(edition, view, chart),
        }
    return Page(
        "embeds.html",
        language,
        addresses.page(language, "embeds"),
        title=words("site.embeds_title"),
        description=words("site.embeds_lead"),
        policy=policy.framing(),
        context=context,
    )
