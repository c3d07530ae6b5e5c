"""How much a file may ask of this machine. One place; passed on explicitly, so that a test can lower it."""

from dataclasses import dataclass, replace
from typing import Final

_MB: Final = 1_000_000


@dataclass(frozen=True)
class FileLimits:
    """Upper bounds for one file. Reports are small; what exceeds these is a mistake or an attack."""

    csv_bytes: int = 250 * _MB
    lines: int = 3_000_000  # of a CSV file: more is a flood
    line_bytes: int = 4 * _MB  # of one line of it
    workbook_bytes: int = 50 * _MB
    parts: int = 5_000  # of a workbook
    unpacked_bytes: int = 200 * _MB  # all parts of a workbook together, as its directory states them
    unpacked_ratio: int = 200  # unpacked to packed; looked at from `ratio_from_bytes` on
    ratio_from_bytes: int = 20 * _MB
    html_bytes: int = 10 * _MB
    text_bytes: int = 10 * _MB
    prose_letters: int = 500_000  # of a text that figures are searched in
    json_bytes: int = 30 * _MB
    pdf_bytes: int = 100 * _MB
    image_bytes: int = 30 * _MB
    rows: int = 1_048_576  # of one sheet or table; for CSV see `lines`
    cells: int = 1_500_000  # of all tables of a file that a mapping reads
    columns: int = 1_000
    figures: int = 50_000  # of one mapped report
    faults: int = 10_000  # rows of a sheet that are kept one by one where they cannot be read or do not count
    merged_ranges: int = 1_000  # of one sheet
    marks: int = 20_000  # formulas and merged cells of one ODS sheet
    pages: int = 300
    pixels: int = 25_000_000
    feed_bytes: int = 5 * _MB  # of others' servers; sources.toml may say otherwise
    report_bytes: int = 10 * _MB  # likewise
    robots_bytes: int = 500 * 1024  # RFC 9309, 2.5
    seconds: int = 20  # for one file, in its own process
    memory_bytes: int = 490 * _MB  # of that process, in memory, and of the cells that it handed back already
    picture_seconds: int = 60  # the same for what has to be recognised in pictures: the engine's models alone
    picture_memory_bytes: int = 750 * _MB  # take most of it
    address_bytes: int = 3_000 * _MB  # its address space: what asks for more at once is refused at once
    result_bytes: int = 16 * _MB  # of what comes back, cells of tables aside

    @property
    def for_pictures(self) -> "FileLimits":
        """The same with the time and memory that recognising text takes."""
        return replace(self, seconds=self.picture_seconds, memory_bytes=self.picture_memory_bytes)


DEFAULT: Final = FileLimits()
