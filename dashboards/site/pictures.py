"""Pictures for pages: a chart's SVG made light for a slow line, without what only a downloaded file needs."""

import re
from typing import Final

from lxml import etree

from dashboards import exports
from dashboards.exhibits import Exhibit
from dashboards.exports import Origin, content, picture, plain, png_file, sheet, svg_file
from dashboards.exports.imprint import imprint
from dashboards.view import View

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


def files(exhibit: Exhibit, view: View, origin: Origin) -> dict[str, bytes]:
    """Every file of an exhibit by its ending; each picture is drawn once, whatever is made of it.

    Each is what `exports` gives under its name; `wide.svg` and `tall.svg` are for pages.
    Raises exports.MissingBrowserError.
    """
    lines, frame = imprint(exhibit, view, origin), content.table(exhibit)
    made = {
        "csv": plain.csv(frame, lines),
        "xlsx": sheet.xlsx(frame, lines),
        "json": plain.json_file(frame, lines),
    }
    if exhibit.figure is None:
        return made
    held = {"columns": frame.columns, "rows": content.rows(frame)}
    for size in SIZES:
        drawn = picture.draw(exhibit, lines, exports.size_of(size))
        whole = svg_file.written(drawn, lines, {"size": size, **held})
        made[f"{size}.svg"] = light(whole)
        if size == exports.USUAL:
            made |= {"svg": whole, "png": png_file.written(drawn, lines, {"size": size, **held})}
    return made


def light(svg: bytes) -> bytes:
    """The same picture to the tenth of a pixel, without metadata."""
    root = etree.fromstring(svg)
    for element in list(root.iter()):
        if not isinstance(element.tag, str):
            continue
        if element.tag == f"{_SVG}metadata":
            parent = element.getparent()
            if parent is not None:
                parent.remove(element)
            continue
        for name in _PLACED:
            if name in element.attrib:
                element.set(
                    name, _NUMBER.sub(lambda found: f"{float(found[0]):.1f}", element.get(name) or "")
                )
        if "style" in element.attrib:
            element.set("style", _USUAL.sub("", element.get("style") or "").strip())
            if not element.get("style"):
                del element.attrib["style"]
        for name in [name for name in element.attrib if str(name).startswith("data-")]:
            del element.attrib[name]
    etree.cleanup_namespaces(root)
    written: bytes = etree.tostring(root, encoding="utf-8", xml_declaration=False)
    return written
