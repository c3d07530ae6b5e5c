"""Tiny PDFs written by hand, so that the tests own every byte of them."""

from collections.abc import Sequence

Words = tuple[float, float, str]  # x and y in points from the lower left, and what stands there


def text(words: Sequence[Words], size: int = 12) -> bytes:
    """A content stream that writes words in Helvetica."""
    stream = b""
    for x, y, written in words:
        escaped = written.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)").encode("windows-1252")
        stream += b"BT /F1 %d Tf %d %d Td (%s) Tj ET\n" % (size, int(x), int(y), escaped)
    return stream


def ruled_table(rows: Sequence[Sequence[str]], left: int = 72, top: int = 700, width: int = 110) -> bytes:
    """A content stream that draws a table with lines around every cell, rows 20 points high."""
    columns = len(rows[0])
    right, bottom = left + columns * width, top - 20 * len(rows)
    lines = [(left, top - 20 * n, right, top - 20 * n) for n in range(len(rows) + 1)]
    lines += [(left + width * n, bottom, left + width * n, top) for n in range(columns + 1)]
    drawn = b"".join(b"%d %d m %d %d l S\n" % line for line in lines)
    cells = [
        (left + width * c + 4, top - 20 * r - 14, cell)
        for r, row in enumerate(rows)
        for c, cell in enumerate(row)
    ]
    return drawn + text(cells, 10)


def pdf(pages: Sequence[bytes], *, stated_pages: int | None = None, extra: bytes = b"") -> bytes:
    """A document of A4 pages; `stated_pages` is what it claims to have."""
    kids = b" ".join(b"%d 0 R" % (4 + 2 * n) for n in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, stated_pages or len(pages)),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for n, stream in enumerate(pages):
        resources = b"/Resources << /Font << /F1 3 0 R >> >>"
        box = b"/MediaBox [0 0 595 842]"
        objects.append(
            b"<< /Type /Page /Parent 2 0 R %s %s /Contents %d 0 R >>" % (box, resources, 5 + 2 * n)
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
    out = b"%PDF-1.4\n"
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    return out + b"trailer << /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        extra,
        start,
    )
