"""A chart's files, its framed and interactive page, HTML to embed it, and its light picture."""

import re
from typing import Any, Final

import msgspec
from lxml import etree

from dashboards.charts import fonts, theme
from dashboards.exhibits.chart_registry import Shown, list_shown
from dashboards.exhibits.exhibit import ChartRequest, Exhibit
from dashboards.export import formats, picture, share_picture, table_data
from dashboards.export.provenance import make_provenance, make_table_provenance
from dashboards.queries import claim_rows
from dashboards.queries.view import View
from dashboards.site import render, urls
from dashboards.site.edition import Edition
from dashboards.site.render import Page
from dashboards.web import chart_document, embedding, structured_data
from dashboards.web.embedding import EMBED

_NUMBER: Final = re.compile(r"-?\d+\.\d{2,}")
_PLACED: Final = (
    "d",
    "x",
    "y",
    "transform",
    "points",
    "width",
    "height",
    "cx",
    "cy",
    "r",
    "x1",
    "x2",
    "y1",
    "y2",
)
_SVG: Final = "{http://www.w3.org/2000/svg}"
# What plotly writes beside every shape and what is the default anyway.
_USUAL: Final = re.compile(
    r"(?:^|(?<=;))\s*(?:opacity: 1|stroke-opacity: 1|fill-opacity: 1|stroke-miterlimit: 2|white-space: pre"
    r"|pointer-events: (?:all|none)|font-weight: normal|font-style: normal"
    r"|font-variant: normal|cursor: \w+);"
)


SIZES: Final = ("wide", "tall")  # of the pictures in pages; the second is for narrow screens


def draw_files(exhibit: Exhibit, view: View, origin: ChartRequest) -> dict[str, bytes]:
    """Every file of an exhibit by its ending; each picture is drawn once, whatever is made of it.

    Each is what `exports` gives under its name; `wide.svg` and `tall.svg` are for pages.
    Raises chromium.MissingBrowserError.
    """
    lines, frame = make_provenance(exhibit, view, origin), table_data.collect_rows(exhibit)
    about = make_table_provenance(exhibit, view, frame, origin)
    made = {name: form.write(frame, about) for name, form in formats.TABLES.items()}
    if exhibit.figure is None:
        return made
    held = {"columns": frame.columns, "rows": table_data.list_rows(frame)}
    for size in SIZES:
        drawn = picture.draw_chart(exhibit, lines, theme.find_size(size))
        content = {"size": size, **held}
        made[f"{size}.svg"] = lighten(formats.PICTURES["svg"].write(drawn, lines, content))
        if size == theme.USUAL:
            made |= {name: form.write(drawn, lines, content) for name, form in formats.PICTURES.items()}
    return made


def lighten(svg: bytes) -> bytes:
    """The same picture to the tenth of a pixel, without metadata and font."""
    root = etree.fromstring(svg)
    for element in list(root.iter()):
        if not isinstance(element.tag, str):
            continue
        if element.tag in (f"{_SVG}metadata", f"{_SVG}style"):  # and the font, heavier than all the rest
            parent = element.getparent()
            if parent is not None:
                parent.remove(element)
            continue
        for name in _PLACED:
            if name in element.attrib:
                element.set(
                    name, _NUMBER.sub(lambda found: f"{float(found[0]):.1f}", element.get(name) or "")
                )
        _hold_width(element)
        if element.tag == f"{_SVG}svg" and element is not root:
            element.set("overflow", "visible")  # where that width is not kept, a letter outside is still read
        if "style" in element.attrib:
            element.set("style", _USUAL.sub("", element.get("style") or "").strip())
            if not element.get("style"):
                del element.attrib["style"]
        for name in [name for name in element.attrib if str(name).startswith("data-")]:
            del element.attrib[name]
    etree.cleanup_namespaces(root)
    written: bytes = etree.tostring(root, encoding="utf-8", xml_declaration=False)
    return written


_SIZE: Final = re.compile(r"font-size: ?([\d.]+)px")
_WEIGHT: Final = re.compile(r"font-weight: ?(\w+)")
_WEIGHTS: Final = {"normal": fonts.REGULAR, "bold": fonts.BOLD}


def _hold_width(element: etree._Element) -> None:
    """Give each line of a text the width that it has in our font, whichever font a reader has."""
    if element.tag != f"{_SVG}text":
        return
    lines = [each for each in element if "line" in (each.get("class") or "").split()]
    font = _find_font(element, (0.0, fonts.REGULAR))
    for line in lines or [element]:
        wide = _measure(line, font)
        if wide:
            line.set("textLength", f"{wide:.1f}")
            line.set("lengthAdjust", "spacingAndGlyphs")


def _find_font(element: etree._Element, around: tuple[float, int]) -> tuple[float, int]:
    """Pixels and weight of the letters of an element, by itself or by what stands `around` it."""
    style = element.get("style") or ""
    size, weight = _SIZE.search(style), _WEIGHT.search(style)
    pixels = element.get("font-size") or (size[1] if size else around[0])
    heavy = element.get("font-weight") or (weight[1] if weight else around[1])
    return float(pixels), int(_WEIGHTS.get(str(heavy), heavy))


def _measure(element: etree._Element, around: tuple[float, int]) -> float:
    """Pixels that a line of text takes in our font, each part in its own size and weight."""
    font = _find_font(element, around)
    parts = [(element.text, font), *((each.tail, font) for each in element)]
    own = sum(fonts.measure_width(text, *font) for text, font in parts if text)
    return own + sum(_measure(each, font) for each in element)


INTERACTIVE: Final = "interactive"
OEMBED: Final = "oembed.json"
WIDTH: Final = 720  # pixels that a program is told, which cannot ask a folder of files for others
PLOTLY: Final = "plotly-basic.min.js"
SCRIPT: Final = "chart.js"


def make_classic_script(module: str) -> str:
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


def write_snippets(edition: Edition, view: View, chart: Shown) -> tuple[str, str]:
    """HTML to copy: one that stays as it is, one that follows the newest build."""
    fixed = urls.make_pinned_path(view.build.id, view.language, chart.name)
    moving = urls.make_chart_path(view.language, chart.name, f"{EMBED}.html")
    return _write_snippet(edition, chart, fixed), _write_snippet(edition, chart, moving)


def _write_snippet(edition: Edition, chart: Shown, path: str) -> str:
    source, script = (
        edition.absolute(each) or urls.make_relative_address(urls.HOME, each)
        for each in (path, embedding.HOST)
    )
    return embedding.write_iframe(source, chart.title, script)


def write_oembed(edition: Edition, view: View, chart: Shown, *, pinned: bool) -> bytes:
    """What an editor's program asks for to embed the chart by its address alone (oEmbed 1.0)."""
    fixed, moving = write_snippets(edition, view, chart)
    return msgspec.json.encode(
        {
            "version": "1.0",
            "type": "rich",
            "provider_name": view.words("app.name"),
            "provider_url": edition.absolute("index.html"),
            "title": chart.title,
            "html": fixed if pinned else moving,
            "width": WIDTH,
            "height": embedding.find_height(WIDTH),
            **({} if pinned else _describe_thumbnail(edition, view, chart)),
        }
    )


def make_oembed_path(view: View, name: str, *, pinned: bool) -> str:
    """Where that lies, beside the page that it is of."""
    if pinned:
        return urls.make_pinned_path(view.build.id, view.language, name, OEMBED)
    return urls.make_chart_path(view.language, name, OEMBED)


def _describe_thumbnail(edition: Edition, view: View, chart: Shown) -> dict[str, Any]:
    if not chart.has_picture:
        return {}
    return {
        "thumbnail_url": edition.absolute(urls.make_picture_path(view.language, f"chart-{chart.name}")),
        "thumbnail_width": share_picture.WIDTH,
        "thumbnail_height": share_picture.HEIGHT,
    }


def make_embed(edition: Edition, view: View, chart: Shown, exhibit: Exhibit, *, pinned: bool) -> Page:
    """The page within a frame of another site: the picture with its lines, and the way to the whole page."""
    language, name = view.language, chart.name
    path = (
        urls.make_pinned_path(view.build.id, language, name)
        if pinned
        else urls.make_chart_path(language, name, f"{EMBED}.html")
    )
    return Page(
        "embed.html",
        language,
        path,
        title=exhibit.title,
        description=exhibit.summary or exhibit.title,
        policy=render.make_framed_policy(),
        listed=False,
        context={
            "exhibit": exhibit,
            "frame": embedding.FRAME,
            "oembed": edition.absolute(make_oembed_path(view, name, pinned=pinned)),
            "name": name,
            "pictures": name_both_sizes(path.removesuffix(f"{EMBED}.html").removesuffix("html"))
            if exhibit.figure
            else (),
            "rows": exhibit.rows[: embedding.ROWS],
            "first": embedding.tell_rows(view.words, len(exhibit.rows)),
            # What is pinned outlives its chart: it leads to the page of its build, which is always there.
            "whole": "" if pinned else urls.make_chart_path(language, name),
            "since": urls.make_build_path(language, view.build.id),
        },
    )


def make_interactive(view: View, chart: Shown, exhibit: Exhibit) -> Page:
    """The page on which the reader's browser draws the chart."""
    language = view.language
    path = urls.make_chart_path(language, chart.name, f"{INTERACTIVE}.html")
    shelves = urls.make_relative_address(path, urls.make_page_path(language, "figures/index")).removesuffix(
        "index.html"
    )
    document = chart_document.describe_chart(exhibit, language, shelves, view.build.id)
    for drawing in filter(None, (document, document.get("narrow"))):
        for trace in drawing["data"]:
            if "customdata" in trace:
                trace["customdata"] = [_address_point(view, each) for each in trace["customdata"]]
    return Page(
        "interactive.html",
        language,
        path,
        title=exhibit.title,
        description=exhibit.summary or exhibit.title,
        policy=render.make_drawing_policy(),
        listed=False,
        context={
            "exhibit": exhibit,
            "document": structured_data.escape_script(msgspec.json.encode(document).decode()),
            "whole": urls.make_chart_path(language, chart.name),
            "scripts": (urls.ASSETS + PLOTLY, urls.ASSETS + SCRIPT),
        },
    )


def _address_point(view: View, carried: Any) -> Any:
    """What a point carries (its text, its claim), with the figure's place in the site for the claim."""
    if not isinstance(carried, list) or len(carried) < 2:
        return carried
    figure = claim_rows.read_figure_ids(view.build, view.situation_id).get(carried[1])
    place = f"{urls.find_shelf(figure)}.html#{figure}" if figure else ""
    return [carried[0], place, *carried[2:]]


def name_both_sizes(stem: str) -> tuple[str, str]:
    """The wide and the tall picture; `stem` ends in a dot."""
    return (f"{stem}{SIZES[0]}.svg", f"{stem}{SIZES[1]}.svg")


def make_article(edition: Edition, view: View) -> Page:
    """A plain article with both embeds of the first chart, to see how they sit."""
    chart = list_shown(view)[0] if list_shown(view) else None
    words, language = view.words, view.language
    context: dict[str, Any] = {"chart": chart, "host": embedding.HOST}
    if chart is not None:
        context |= {
            "fixed": urls.make_pinned_path(view.build.id, language, chart.name),
            "moving": urls.make_chart_path(language, chart.name, f"{EMBED}.html"),
            "snippets": write_snippets(edition, view, chart),
        }
    return Page(
        "embeds.html",
        language,
        urls.make_page_path(language, "embeds"),
        title=words("site.embeds_title"),
        description=words("site.embeds_lead"),
        policy=render.make_framing_policy(),
        context=context,
    )
