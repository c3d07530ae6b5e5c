"""What leaves its page: a chart within a frame of another site, and the version that a script draws."""

import re
from typing import Any, Final

import msgspec

from dashboards import figures
from dashboards.catalog import Shown, shown
from dashboards.site import addresses, linked, pictures, policy, statements
from dashboards.site.edition import Edition
from dashboards.site.render import Page
from dashboards.view import View

INTERACTIVE: Final = "interactive"
EMBED: Final = "embed"
EMBED_ROWS: Final = 12  # of a table without a picture
PLOTLY: Final = "plotly-basic.min.js"
SCRIPT: Final = "chart.js"


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


def snippets(edition: Edition, view: View, chart: Shown) -> tuple[str, str]:
    """HTML to copy: one that stays as it is, one that follows the newest build."""
    fixed = addresses.pinned(view.build.id, view.language, chart.name)
    moving = addresses.chart(view.language, chart.name, f"{EMBED}.html")
    return _snippet(edition, chart, fixed), _snippet(edition, chart, moving)


def _snippet(edition: Edition, chart: Shown, path: str) -> str:
    title = chart.exhibit.title.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
    source = edition.absolute(path) or addresses.relative("index.html", path)
    return (
        f'<iframe src="{source}" title="{title}" height="560" loading="lazy" '
        'style="width:100%;border:0"></iframe>'
    )


def embed(view: View, chart: Shown, *, pinned: bool) -> Page:
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
            "pictures": both(path.removesuffix(f"{EMBED}.html").removesuffix("html"))
            if exhibit.figure
            else (),
            "rows": exhibit.rows[:EMBED_ROWS],
            # What is pinned outlives its chart: it leads to the page of its build, which is always there.
            "whole": "" if pinned else addresses.chart(language, name),
            "since": addresses.build(language, view.build.id),
        },
    )


def interactive(view: View, chart: Shown) -> Page:
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


def both(stem: str) -> tuple[str, str]:
    """The wide and the tall picture; `stem` ends in a dot."""
    return (f"{stem}{pictures.SIZES[0]}.svg", f"{stem}{pictures.SIZES[1]}.svg")


def article(edition: Edition, view: View) -> Page:
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
