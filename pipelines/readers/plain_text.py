"""Plain text: UTF-8, UTF-16 by its marks, and otherwise Windows-1252, the older encoding of Spanish texts."""

from pathlib import Path

from pipelines.readers.csv_table import looks_like_utf16
from pipelines.readers.limits import DEFAULT, Limits
from pipelines.readers.shapes import Passage, ReadError


def read_plain_text(path: Path, *, limits: Limits = DEFAULT) -> list[Passage]:
    """The whole text as one passage, as it stands but for line ends. Raises ReadError if it is too large."""
    size = path.stat().st_size
    if size > limits.text_bytes:
        raise ReadError(f"{path}: {size:,} bytes; a text may have {limits.text_bytes:,}")
    text = _decode(path.read_bytes()).removeprefix("\ufeff")
    return [Passage(text.replace("\r\n", "\n").replace("\r", "\n"))]


def _decode(content: bytes) -> str:
    codec = looks_like_utf16(content[:4096])
    if codec:
        return content.decode(codec, "replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("windows-1252", "replace")
