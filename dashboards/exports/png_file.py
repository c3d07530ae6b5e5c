"""PNG: the same picture in pixels, with its lines as text chunks and its record as a compressed one."""

import io
import json
from typing import Any, Final

from lxml import etree
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from dashboards.exports import browser, content
from dashboards.exports.imprint import Imprint
from dashboards.view import LICENCE_URL

RECORD: Final = "liberometro"
_PAGE: Final = "<!doctype html><style>body{margin:0;overflow:hidden}svg{display:block}</style><body>"


def written(picture: etree._Element, imprint: Imprint, held: dict[str, Any]) -> bytes:
    """The file. Raises MissingBrowserError, PictureFailedError."""
    page = _PAGE + etree.tostring(picture, encoding="unicode")
    drawn = browser.page_png(page, int(picture.get("width")), int(picture.get("height")))
    with Image.open(io.BytesIO(drawn)) as image:
        pixels = image.convert("RGB")
    record = content.sealed({**imprint.record(), **held, "format": "png"}, body(pixels))
    out = io.BytesIO()
    pixels.save(out, "PNG", pnginfo=_chunks(imprint, record))
    return out.getvalue()


def body(image: Image.Image) -> bytes:
    """The pixels, whatever file they are kept in."""
    return f"{image.width}x{image.height}:".encode() + image.convert("RGB").tobytes()


def _chunks(imprint: Imprint, record: dict[str, Any]) -> PngInfo:
    chunks = PngInfo()
    said = {
        "Title": f"{imprint.situation_name}. {imprint.title}",
        "Author": imprint.project,
        "Description": imprint.summary,
        "Comment": " · ".join(imprint.key),
        "Source": imprint.source,
        "Copyright": f"{imprint.licence} {LICENCE_URL}",
        "Creation Time": imprint.built_at,
        "Software": imprint.project,
        "URL": imprint.address,
    }
    for name, text in said.items():
        if text:
            chunks.add_itxt(name, text, lang=imprint.language)
    chunks.add_itxt(RECORD, json.dumps(record, ensure_ascii=False), zip=True)
    return chunks
