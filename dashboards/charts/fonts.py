"""The lettering of every chart and picture: Source Sans 3, the app's own file, and what it measures.

The file is the one that Streamlit ships and the pages use; pictures carry it, so that they look alike where
it is not installed. Its name stands in quotes: unquoted, the 3 makes the whole list invalid CSS.
"""

import base64
import re
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from PIL import ImageFont

NAME: Final = "Source Sans 3"
FAMILY: Final = f"'{NAME}', 'Source Sans', 'DejaVu Sans', Arial, sans-serif"
REGULAR, SEMIBOLD, BOLD = 400, 600, 700  # weights
_PATTERN: Final = "static/static/media/SourceSansVF-Upright*.woff2"
_MEASURED_AT: Final = 100
_NO_SIGN: Final = "\uffff"  # what a font draws for a sign that it lacks
_TIED: Final = re.compile(r"\(?\d[\d.,]* (?:de )?[^\d\s(]\S*(?: (?:de )?(?:19|20)\d\d\b\S*)?|\S+")


class MissingFontError(RuntimeError):
    """Streamlit no longer ships the font; the message says where it was looked for."""


@lru_cache(maxsize=1)
def find_file() -> Path:
    """The font's file. Raises MissingFontError."""
    found = find_spec("streamlit")
    folder = Path(found.origin).parent if found is not None and found.origin else Path()
    path = next(iter(sorted(folder.glob(_PATTERN))), None)
    if path is None:
        raise MissingFontError(f"no font is at {folder / _PATTERN}: name its new place in {__name__}")
    return path


@lru_cache(maxsize=1)
def write_face() -> str:
    """The CSS rule that carries the font inside a document."""
    content = base64.b64encode(find_file().read_bytes()).decode()
    return (
        f'@font-face{{font-family:"{NAME}";font-weight:200 900;font-display:block;'
        f'src:url(data:font/woff2;base64,{content}) format("woff2")}}'
    )


@lru_cache(maxsize=8)
def _load(weight: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.truetype(str(find_file()), _MEASURED_AT)
    font.set_variation_by_axes([weight])
    return font


@lru_cache(maxsize=512)
def has_sign(sign: str) -> bool:
    """Whether the font has a letter or sign of its own."""
    font = ImageFont.truetype(str(find_file()), _MEASURED_AT, layout_engine=ImageFont.Layout.BASIC)
    return bytes(font.getmask(sign)) != bytes(font.getmask(_NO_SIGN))


@lru_cache(maxsize=65536)  # the same words stand in every size
def measure_width(text: str, size: float, weight: int = REGULAR) -> float:
    """Pixels that a text takes at a size in pixels; a sign of another font is as wide as it is high."""
    known = "".join(letter for letter in text if letter.isascii() or has_sign(letter))
    return (_load(weight).getlength(known) / _MEASURED_AT + len(text) - len(known)) * size


def wrap_text(text: str, size: float, width: float, weight: int = REGULAR) -> list[str]:
    """A text in lines of at most `width` pixels; a word that is longer alone is cut.

    A number and what follows it, a day, its month and its year, do not part where they fit.
    """
    lines: list[str] = []
    line = ""
    tied = (
        [whole] if measure_width(whole, size, weight) <= width else whole.split(" ")
        for whole in _TIED.findall(text)
    )
    for word in (word for words in tied for word in words):
        longer = f"{line} {word}".strip(" ")
        if measure_width(longer, size, weight) <= width:
            line = longer
            continue
        if line:
            lines.append(line)
        line = word
        while measure_width(line, size, weight) > width and len(line) > 1:
            fits = next(
                n
                for n in range(len(line) - 1, 0, -1)
                if n == 1 or measure_width(line[:n], size, weight) <= width
            )
            lines.append(line[:fits])
            line = line[fits:]
    return [*lines, line] if line else lines


def balance_text(text: str, size: float, width: float, weight: int = REGULAR) -> list[str]:
    """The same in as few lines, each as long as the others: the narrowest width that keeps their number."""
    lines = wrap_text(text, size, width, weight)
    narrowest, widest = 0.0, width
    while len(lines) > 1 and widest - narrowest > size / 4:
        middle = (narrowest + widest) / 2
        if len(wrap_text(text, size, middle, weight)) > len(lines):
            narrowest = middle
        else:
            widest = middle
    return wrap_text(text, size, widest, weight)
