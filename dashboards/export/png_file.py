"""PNG: the same picture in pixels, with its lines as text chunks and its record as a compressed one."""

import io
import json
import struct
from collections.abc import Iterator
from typing import Any, Final

from lxml import etree
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from dashboards.export import chromium, provenance
from dashboards.export.provenance import LARGEST, FileContent, FileProvenance, NotOursError, make_content
from dashboards.queries.view import LICENCE_URL

RECORD: Final = "liberometro"
_CHUNK: Final = struct.Struct(">I4s")
# Pixels and texts: another kind could show something else (an animation, a palette, what is transparent).
_CHUNKS: Final = frozenset({b"IHDR", b"IDAT", b"IEND", b"iTXt", b"tEXt", b"zTXt"})
_PAGE: Final = "<!doctype html><style>body{margin:0;overflow:hidden}svg{display:block}</style><body>"


def write(picture: etree._Element, facts: FileProvenance, held: dict[str, Any]) -> bytes:
    """The file. Raises MissingBrowserError, PictureFailedError."""
    page = _PAGE + etree.tostring(picture, encoding="unicode")
    drawn = chromium.print_png(page, int(picture.get("width")), int(picture.get("height")))
    with Image.open(io.BytesIO(drawn)) as image:
        pixels = image.convert("RGB")
    record = provenance.seal_record({**facts.record(), **held, "format": "png"}, make_canonical_body(pixels))
    out = io.BytesIO()
    pixels.save(out, "PNG", pnginfo=_make_chunks(facts, record))
    return out.getvalue()


def make_canonical_body(image: Image.Image) -> bytes:
    """The pixels, whatever file they are kept in."""
    return f"{image.width}x{image.height}:".encode() + image.convert("RGB").tobytes()


def _make_chunks(facts: FileProvenance, record: dict[str, Any]) -> PngInfo:
    chunks = PngInfo()
    said = {
        "Title": f"{facts.situation_name}. {facts.title}",
        "Author": facts.project,
        "Description": facts.summary,
        "Comment": " · ".join(facts.key),
        "Source": facts.source,
        "Copyright": f"{facts.licence} {LICENCE_URL}",
        "Creation Time": facts.built_at,
        "Software": facts.project,
        "URL": facts.address,
    }
    for name, text in said.items():
        if text:
            chunks.add_itxt(name, text, lang=facts.language)
    chunks.add_itxt(RECORD, json.dumps(record, ensure_ascii=False), zip=True)
    return chunks


def looks_like(data: bytes) -> bool:
    return data.startswith(b"\x89PNG\r\n\x1a\n")


def read(data: bytes) -> FileContent:
    with Image.open(io.BytesIO(data)) as image:
        if image.width * image.height > LARGEST:
            raise NotOursError(f"more than {LARGEST} pixels, which nothing of ours has")
        said = {key: str(value) for key, value in image.info.items() if isinstance(value, str)}
        ours = any("Liberómetro" in value for value in said.values())
        body = make_canonical_body(image)
    return make_content("png", said.get(RECORD), body, ours, only=_CHUNKS.issuperset(_list_chunks(data)))


def _list_chunks(data: bytes) -> Iterator[bytes]:
    """The kinds of a PNG's chunks; what follows the last one is of a kind of its own."""
    place = 8
    while place < len(data):
        length, kind = _CHUNK.unpack_from(data.ljust(place + _CHUNK.size, b"\0"), place)
        yield kind
        place += _CHUNK.size + length + 4
        if kind == b"IEND" and place != len(data):
            yield data[place:]
            return
