"""Text in a picture, broken into lines by a font that travels with Pillow: alike on every machine."""

from functools import lru_cache
from typing import Final

from PIL import ImageFont

FAMILY: Final = "DejaVu Sans, Verdana, Arial, sans-serif"
# How much wider the family's widest member is than the font that is measured with.
_WIDER: Final = 1.17
_BOLDER: Final = 1.30
_MEASURED_AT: Final = 100
_RARE: Final = 0x250  # letters from here on are not in that font: as wide as they are high
_DASHES: Final = "–—‘’“”…"


@lru_cache(maxsize=1)
def _font() -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(_MEASURED_AT)
    assert isinstance(font, ImageFont.FreeTypeFont)
    return font


@lru_cache(maxsize=65536)  # the same words stand in every size and language
def width_of(text: str, size: float, bold: bool = False) -> float:
    """No less than the pixels that a text takes."""
    rare = sum(ord(letter) >= _RARE and letter not in _DASHES for letter in text)
    known = _font().getlength("".join(letter for letter in text if ord(letter) < _RARE or letter in _DASHES))
    return known * size / _MEASURED_AT * (_BOLDER if bold else _WIDER) + rare * size


def wrapped(text: str, size: float, width: float, bold: bool = False) -> list[str]:
    """A text in lines of at most `width` pixels; a word that is longer alone is cut."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if width_of(longer, size, bold) <= width:
            line = longer
            continue
        if line:
            lines.append(line)
        line = word
        while width_of(line, size, bold) > width and len(line) > 1:
            fits = next(
                n for n in range(len(line) - 1, 0, -1) if n == 1 or width_of(line[:n], size, bold) <= width
            )
            lines.append(line[:fits])
            line = line[fits:]
    return [*lines, line] if line else lines
