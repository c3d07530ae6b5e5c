"""Text in images and scanned pages by RapidOCR, whose models come inside its package.

It is an extra: without it everything else works, and reading an image says what to install.
"""

import math
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pipelines.core.file_limits import DEFAULT, FileLimits
from pipelines.sheets.raw_table import Passage, ReadError
from pipelines.sheets.sandbox import run_confined

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL.Image import Image

Box = tuple[float, float, float, float]  # left, top, right, bottom, growing to the right and downwards

_GAP: Final = 0.9  # of a line's height: what lies further below begins a new paragraph
_HEIGHTS: Final = 1.3  # a line that is so many times higher is a heading or a big figure, not the next line
_PROSE: Final = 4  # words; a shorter line is a label, a cell or the end of a paragraph: nothing continues it
_SPACE: Final = 0.6  # of a line's height: pieces no further apart stand on one line
_SOFT_HYPHENS: Final = ("\u00ad", "\ufffe", "\x02")  # how PDF text marks a word broken at the line's end


@dataclass(frozen=True)
class TextLine:
    """One line of a page, where it stands, and how high its letters are, in the units of its box.

    `confidence`: as in Passage.
    """

    text: str
    box: Box
    height: float
    confidence: float | None = None


def join_lines(pieces: Iterable[TextLine], page: int | None) -> list[Passage]:
    """Group pieces, given in reading order, into passages whose box is the union of theirs."""
    groups: list[list[TextLine]] = []
    for line in _join_pieces(pieces):
        group = next((group for group in reversed(groups) if _is_next_line(group[-1], line)), None)
        if group is None:
            groups.append([line])
        else:
            group.append(line)
    return [
        Passage(
            _join_texts([line.text for line in group]), page, _unite_boxes(group), _find_least_sure(group)
        )
        for group in groups
    ]


def _join_pieces(pieces: Iterable[TextLine]) -> list[TextLine]:
    """A word in bold is a piece of its own: put such pieces back into their line."""
    lines: list[TextLine] = []
    for piece in pieces:
        if not piece.text.strip():
            continue
        last = lines[-1] if lines else None
        if last and _is_beside(last, piece):
            text = (
                f"{last.text.rstrip()} {piece.text.lstrip()}"
                if _is_apart(last, piece)
                else last.text + piece.text
            )
            joined = [last, piece]
            lines[-1] = TextLine(
                text, _unite_boxes(joined), max(last.height, piece.height), _find_least_sure(joined)
            )
        else:
            lines.append(piece)
    return lines


def _is_beside(left: TextLine, right: TextLine) -> bool:
    shared = min(left.box[3], right.box[3]) - max(left.box[1], right.box[1])
    gap = right.box[0] - left.box[2]
    height = min(left.height, right.height)
    return shared > 0.4 * height and -0.5 * height <= gap <= _SPACE * height


def _is_apart(left: TextLine, right: TextLine) -> bool:
    touching = right.box[0] - left.box[2] < 0.1 * min(left.height, right.height)
    return not touching or left.text.endswith(" ") or right.text.startswith(" ")


def _is_next_line(above: TextLine, below: TextLine) -> bool:
    """Right below a line of prose, about as high, and over the same stretch of the page."""
    gap = below.box[1] - above.box[3]
    height = min(above.height, below.height)
    overlap = min(above.box[2], below.box[2]) - max(above.box[0], below.box[0])
    return (
        len(above.text.split()) >= _PROSE
        and -height <= gap <= _GAP * height  # boxes of a crooked scan overlap
        and max(above.height, below.height) <= _HEIGHTS * height
        and overlap > 0
    )


def _join_texts(lines: list[str]) -> str:
    text = ""
    for line in lines:
        piece = line.strip()
        if text.endswith(_SOFT_HYPHENS) or (text.endswith("-") and piece[:1].islower()):
            text = text[:-1] + piece
        else:
            text = f"{text} {piece}" if text else piece
    return text


def _find_least_sure(lines: list[TextLine]) -> float | None:
    return min((line.confidence for line in lines if line.confidence is not None), default=None)


def _unite_boxes(lines: list[TextLine]) -> Box:
    return (
        min(line.box[0] for line in lines),
        min(line.box[1] for line in lines),
        max(line.box[2] for line in lines),
        max(line.box[3] for line in lines),
    )


_NOISE: Final = 0.4  # below this confidence, of 1, the engine sees letters in what are pictures
_SIDE: Final = 2_000  # pixels; the engine shrinks what is longer
_AREA: Final = 1_600_000  # pixels of a strip as the engine sees it: its memory grows with them
_OVERLAP: Final = 240  # pixels that neighbouring strips share: more than the highest line
_NEEDED: Final = ("rapidocr", "onnxruntime", "PIL")


def read_image_text(path: Path, *, limits: FileLimits = DEFAULT) -> list[Passage]:
    """The text of an image, one passage a paragraph or label, boxes in pixels from the top left.

    Raises ReadError when the OCR extra is missing, or the image is too large, cut short or broken.
    """
    require_ocr(path)
    return run_confined(f"{__name__}:parse", path, list[Passage], limits.for_pictures)


def require_ocr(path: Path) -> None:
    """Raises ReadError when the OCR extra is not installed."""
    if any(find_spec(name) is None for name in _NEEDED):
        raise ReadError(
            f"{path}: reading images needs the OCR extra; run `make setup`, "
            "or pip install 'rapidocr' 'onnxruntime' 'pillow' as pyproject.toml lists under [ocr]"
        )


def parse(path: Path, *, limits: FileLimits) -> list[Passage]:
    """The child's side of the above."""
    size = path.stat().st_size
    if size > limits.image_bytes:
        raise ReadError(f"{path}: {size:,} bytes; an image may have {limits.image_bytes:,}")
    pages = [join_lines(recognise(frame, path), number) for number, frame in _read_frames(path, limits)]
    passages = [passage for page in pages for passage in page]
    if len(pages) == 1:
        passages = [replace(passage, page=None) for passage in passages]
    if not passages:
        raise ReadError(f"{path}: no text was found in the image")
    return passages


def recognise(image: "NDArray[np.uint8]", path: Path) -> Iterator[TextLine]:
    """The lines of an image given as blue, green, red, from top to bottom.

    The engine shrinks what is larger than 2,000 pixels, so that the small print of a long infographic would
    be lost, and takes memory with the area: an image is read in strips, each line in the one strip that holds
    its middle.
    """
    require_ocr(path)
    height, width = image.shape[:2]
    strips = _cut_strips(height, width)
    for number, (top, bottom) in enumerate(strips):
        first = (top + strips[number - 1][1]) / 2 if number else 0
        last = (bottom + strips[number + 1][0]) / 2 if number + 1 < len(strips) else height
        for line in _read_strip(image[top:bottom], top):
            if first <= (line.box[1] + line.box[3]) / 2 < last:
                yield line


def _cut_strips(height: int, width: int) -> list[tuple[int, int]]:
    """Top and bottom of each strip, equally tall; one for an image that is small enough."""
    seen = min(width, _SIDE)
    tall = min(_SIDE, _AREA // seen) * width // seen  # of the image's own pixels
    count = max(1, math.ceil((height - _OVERLAP) / (tall - _OVERLAP)))
    tall = min(height, tall)
    tops = [round(number * (height - tall) / max(1, count - 1)) for number in range(count)]
    return [(top, top + tall) for top in tops]


def _pad(strip: "NDArray[np.uint8]") -> "NDArray[np.uint8]":
    """With white below or right of it: the engine would enlarge what is narrow by far too much."""
    import numpy as np

    height, width = strip.shape[:2]
    more = ((0, max(0, width // 2 - height)), (0, max(0, height // 2 - width)), (0, 0))
    return np.pad(strip, more, constant_values=255)


def _read_strip(strip: "NDArray[np.uint8]", offset: int) -> Iterator[TextLine]:
    result = _load_engine()(_pad(strip))
    if result.boxes is None:
        return
    for corners, text, score in zip(result.boxes, result.txts, result.scores, strict=True):
        left, top = corners.min(axis=0).tolist()
        right, bottom = corners.max(axis=0).tolist()
        height = math.dist(corners[0], corners[3])  # of the letters, even where the line is crooked
        yield TextLine(text, (left, top + offset, right, bottom + offset), height, round(float(score), 3))


@cache
def _load_engine() -> Any:
    from rapidocr import RapidOCR

    # one line at a time: a batch is as long as its longest line, and takes 250 MB more
    return RapidOCR(
        params={"Global.log_level": "critical", "Global.text_score": _NOISE, "Rec.rec_batch_num": 1}
    )


def _read_frames(path: Path, limits: FileLimits) -> Iterator[tuple[int, "NDArray[np.uint8]"]]:
    """The pages of a TIFF, or the one picture of any other format, upright, each with its number."""
    from PIL import Image, ImageSequence, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own limit is lower
            opened = Image.open(path)
        with opened as image:
            _check_pixels(image.size, path, limits)
            if image.format != "TIFF":
                yield 1, _decode(image)
                return
            for number, frame in enumerate(ImageSequence.Iterator(image), 1):
                if number > limits.pages:
                    raise ReadError(f"{path}: more than {limits.pages} pages")
                _check_pixels(frame.size, path, limits)
                yield number, _decode(frame)
    except Image.DecompressionBombError as error:
        raise ReadError(f"{path}: {error}; at most {limits.pixels:,} pixels are read") from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        if isinstance(error, ReadError):
            raise
        raise ReadError(f"{path}: the image is cut short or broken ({error}); ask for it again") from error


def _check_pixels(size: tuple[int, int], path: Path, limits: FileLimits) -> None:
    width, height = size
    if width * height > limits.pixels:
        raise ReadError(f"{path}: {width:,} × {height:,} pixels; at most {limits.pixels:,} are read")


def _decode(image: "Image") -> "NDArray[np.uint8]":
    """Pixels as blue, green, red; what is transparent becomes white, as on a page."""
    import numpy as np
    from PIL import Image, ImageOps

    upright = ImageOps.exif_transpose(image)
    if "A" in upright.getbands() or "transparency" in upright.info:
        layer = upright.convert("RGBA")
        upright = Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer)
    pixels: NDArray[np.uint8] = np.asarray(upright.convert("RGB"), dtype=np.uint8)
    return np.ascontiguousarray(pixels[:, :, ::-1])
