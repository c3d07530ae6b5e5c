"""How much a file may ask of this machine. One place; passed on explicitly, so that a test can lower it."""

from dataclasses import dataclass
from typing import Final

_MB: Final = 1_000_000


@dataclass(frozen=True)
class FileLimits:
    """Upper bounds for one file. Reports are small; what exceeds these is a mistake or an attack."""

    csv_bytes: int = 300 * _MB
    lines: int = 3_000_000  # of a CSV file: more is a flood
    line_bytes: int = 4 * _MB  # of one line of it
    workbook_bytes: int = 50 * _MB
    parts: int = 5_000  # of a workbook
    unpacked_bytes: int = 200 * _MB  # all parts of a workbook together, as its directory states them
    unpacked_ratio: int = 200  # unpacked to packed; looked at from `ratio_from_bytes` on
    ratio_from_bytes: int = 20 * _MB
    html_bytes: int = 10 * _MB
    text_bytes: int = 10 * _MB
    json_bytes: int = 50 * _MB
    pdf_bytes: int = 100 * _MB
    image_bytes: int = 30 * _MB
    rows: int = 1_048_576  # of one sheet or table; for CSV see `lines`
    cells: int = 1_500_000  # of all tables of a file that a mapping reads
    columns: int = 1_000
    merged_ranges: int = 1_000  # of one sheet
    marks: int = 20_000  # formulas and merged cells of one ODS sheet
    pages: int = 300
    pixels: int = 50_000_000
    feed_bytes: int = 5 * _MB  # of others' servers; sources.toml may say otherwise
    report_bytes: int = 10 * _MB  # likewise
    robots_bytes: int = 500 * 1024  # RFC 9309, 2.5
    seconds: int = 20  # for one file, in its own process
    memory_bytes: int = 400 * _MB  # of that process, in memory
    address_bytes: int = 3_000 * _MB  # its address space: what asks for more at once is refused at once
    table_bytes: int = 480 * _MB  # of all cells of a file's tables, as they come back
    result_bytes: int = 16 * _MB  # of everything else that comes back


DEFAULT: Final = FileLimits()
