"""PDF: our lines and record in the document's information, added behind Chromium's own bytes.

A PDF may be changed by what is appended to it (ISO 32000, 7.5.6 Incremental Updates): Chromium's document
stays as it was printed, and its checksum is over exactly those bytes.
"""

import json
import re
from datetime import datetime
from typing import Any, Final

import pypdfium2

from dashboards.export import provenance
from dashboards.export.provenance import FileContent, FileProvenance, make_content
from dashboards.queries.view import LICENCE_URL

KEY: Final = "Liberometro"
_MARK: Final = b"%Liberometro\n"
# All that `write` appends: one object with texts in hexadecimal digits, which nobody can draw.
_APPENDED: Final = re.compile(
    re.escape(_MARK) + rb"\d+ 0 obj\n<<(?:/[A-Za-z]+ <[0-9a-f]*>\n)+/CreationDate \(D:\d{14}Z\)>>\nendobj\n"
    rb"xref\n\d+ 1\n\d{10} 00000 n \n"
    rb"trailer\n<</Size \d+ (/Root\s+\d+\s+\d+\s+R) /Info \d+ 0 R /Prev (\d+)>>\nstartxref\n\d+\n%%EOF\n"
)
_TRAILER: Final = re.compile(rb"trailer\s*<<(.*?)>>\s*startxref\s*(\d+)\s*%%EOF\s*$", re.DOTALL)


class UnusualPdfError(ValueError):
    """The PDF has no plain trailer, so nothing can be appended to it."""


def write(printed: bytes, facts: FileProvenance, held: dict[str, Any]) -> bytes:
    """A printed document with its information. Raises UnusualPdfError."""
    made = datetime.fromisoformat(facts.built_at).strftime("%Y%m%d%H%M%S").encode()
    # The hour of printing becomes that of the build, of the same length: the same build, the same bytes.
    printed = re.sub(rb"\(D:\d{14}\+00'00'\)", b"(D:" + made + b"+00'00')", printed.rstrip()) + b"\n"
    found = _TRAILER.search(printed)
    if found is None:
        raise UnusualPdfError("the printed PDF ends in no plain trailer; Chromium writes one")
    record = provenance.seal_record({**facts.record(), **held, "format": "pdf"}, printed)
    said = {
        "Title": f"{facts.situation_name}. {facts.title}",
        "Author": facts.project,
        "Subject": facts.source,
        "Keywords": f"build {facts.build}; {facts.licence} {LICENCE_URL}; {facts.address}",
        "Creator": facts.project,
        KEY: json.dumps(record, ensure_ascii=False),
    }
    size = int(re.search(rb"/Size\s+(\d+)", found.group(1)).group(1))  # type: ignore[union-attr]
    root = re.search(rb"/Root\s+\d+\s+\d+\s+R", found.group(1)).group(0)  # type: ignore[union-attr]
    entries = b"".join(b"/%s %s\n" % (name.encode(), _encode_text(text)) for name, text in said.items())
    start = len(printed) + len(_MARK)
    info = b"%d 0 obj\n<<%s/CreationDate (D:%sZ)>>\nendobj\n" % (size, entries, made)
    table = b"xref\n%d 1\n%010d 00000 n \n" % (size, start)
    trailer = b"trailer\n<</Size %d %s /Info %d 0 R /Prev %s>>\nstartxref\n%d\n%%%%EOF\n" % (
        size + 1, root, size, found.group(2), start + len(info),
    )  # fmt: skip
    return printed + _MARK + info + table + trailer


def _encode_text(text: str) -> bytes:
    """A text string of PDF: UTF-16 in hexadecimal digits."""
    return b"<" + ("\ufeff" + text).encode("utf-16-be").hex().encode() + b">"


def make_canonical_body(file: bytes) -> bytes:
    """What was printed, without what was appended; the whole file where nothing was."""
    return file[: file.rfind(_MARK)] if _MARK in file else file


def find_record(file: bytes) -> str | None:
    """The JSON of the record; None where there is none. Raises pypdfium2.PdfiumError."""
    document = pypdfium2.PdfDocument(file)
    try:
        return document.get_metadata_value(KEY) or None
    finally:
        document.close()


def looks_like(data: bytes) -> bool:
    return data.startswith(b"%PDF-")


def read(data: bytes) -> FileContent:
    ours = "Liberómetro".encode("utf-16-be").hex().encode() in data or b"Liber" in data
    body = make_canonical_body(data)
    printed, added = _TRAILER.search(body), _APPENDED.fullmatch(data, len(body))
    only = printed is not None and added is not None
    if printed is not None and added is not None:  # it leads to the pages that were printed, not to others
        only = added[1] in printed[1] and added[2] == printed[2]
    return make_content("pdf", find_record(data), body, ours, only=only)
