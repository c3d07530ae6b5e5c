"""Text in images by RapidOCR, whose models come inside its package. Nothing is downloaded.

It is an extra: without it everything else works, and reading an image says what to install.
"""

import math
import warnings
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pipelines.readers.blocks import Line, join_lines
from pipelines.readers.limits import DEFAULT, Limits
from pipelines.readers.sandbox import run_confined
from pipelines.readers.shapes import Passage, ReadError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL.Image import Image

_NOISE: Final = 0.4  # below this confidence, of 1, the engine sees letters in what are pictures
_SIDE: Final = 2_000  # pixels; the engine shrinks what is longer
_OVERLAP: Final = 240  # pixels that neighbouring strips share: more than the highest line
_NEEDED: Final = ("rapidocr", "onnxruntime", "PIL")


def read_image_text(path: Path, *, limits: Limits = DEFAULT) -> list[Passage]:
    """The text of an image, one passage a paragraph or label, boxes in pixels from the top left.

    Raises ReadError when the OCR extra is missing, or the image is too large, cut short or broken.
    """
    require_ocr(path)
    return run_confined("image_text", path, list[Passage], limits)


def require_ocr(path: Path) -> None:
    """Raises ReadError when the OCR extra is not installed."""
    if any(find_spec(name) is None for name in _NEEDED):
        raise ReadError(
            f"{path}: reading images needs the OCR extra; run `make setup`, "
            "or pip install 'rapidocr' 'onnxruntime' 'pillow' as pyproject.toml lists under [ocr]"
        )


def parse(path: Path, *, limits: Limits) -> list[Passage]:
    """The child's side of the above."""
    size = path.stat().st_size
    if size > limits.image_bytes:
        raise ReadError(f"{path}: {size:,} bytes; an image may have {limits.image_bytes:,}")
    passages: list[Passage] = []
    frames = list(_frames(path, limits))
    for number, frame in enumerate(frames, 1):
        page = number if len(frames) > 1 else None
        passages += join_lines(recognise(frame, path), page)
    if not passages:
        raise ReadError(f"{path}: no text was found in the image")
    return passages


def recognise(image: "NDArray[np.uint8]", path: Path) -> Iterator[Line]:
    """The lines of an image given as blue, green, red, from top to bottom.

    The engine shrinks what is larger than 2,000 pixels, so that the small print of a long infographic would
    be lost: such an image is read in strips, each line in the one strip that holds its middle.
    """
    require_ocr(path)
    height, width = image.shape[:2]
    for top, bottom in _strips(height, width):
        first = top + _OVERLAP // 2 if top else 0
        last = bottom - _OVERLAP // 2 if bottom < height else height
        for line in _read_strip(image[top:bottom], top):
            if first <= (line.box[1] + line.box[3]) / 2 < last:
                yield line


def _strips(height: int, width: int) -> list[tuple[int, int]]:
    """Top and bottom of each strip; one for an image that is not much taller than wide."""
    if height <= max(_SIDE, 2 * width):
        return [(0, height)]
    tall = max(_SIDE // 2, width)
    return [(top, min(height, top + tall)) for top in range(0, height - _OVERLAP, tall - _OVERLAP)]


def _read_strip(strip: "NDArray[np.uint8]", offset: int) -> Iterator[Line]:
    result = _engine()(strip)
    if result.boxes is None:
        return
    for corners, text, score in zip(result.boxes, result.txts, result.scores, strict=True):
        left, top = corners.min(axis=0).tolist()
        right, bottom = corners.max(axis=0).tolist()
        height = math.dist(corners[0], corners[3])  # of the letters, even where the line is crooked
        yield Line(text, (left, top + offset, right, bottom + offset), height, round(float(score), 3))


@cache
def _engine() -> Any:
    from rapidocr import RapidOCR

    return RapidOCR(params={"Global.log_level": "critical", "Global.text_score": _NOISE})


def _frames(path: Path, limits: Limits) -> Iterator["NDArray[np.uint8]"]:
    """The pages of a TIFF, or the one picture of any other format, upright."""
    from PIL import Image, ImageSequence, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own limit is lower
            opened = Image.open(path)
        with opened as image:
            _check_pixels(image.size, path, limits)
            if image.format != "TIFF":
                yield _decode(image)
                return
            for number, frame in enumerate(ImageSequence.Iterator(image), 1):
                if number > limits.pages:
                    raise ReadError(f"{path}: more than {limits.pages} pages")
                _check_pixels(frame.size, path, limits)
                yield _decode(frame)
    except Image.DecompressionBombError as error:
        raise ReadError(f"{path}: {error}; at most {limits.pixels:,} pixels are read") from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        if isinstance(error, ReadError):
            raise
        raise ReadError(f"{path}: the image is cut short or broken ({error}); ask for it again") from error


def _check_pixels(size: tuple[int, int], path: Path, limits: Limits) -> None:
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
