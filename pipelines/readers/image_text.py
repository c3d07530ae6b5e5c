"""Text in images by RapidOCR, whose models come inside its package. Nothing is downloaded.

It is an extra: without it everything else works, and reading an image says what to install.
"""

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

_SURE: Final = 0.6  # below this, of 1, what the engine believes to have read is not handed on
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
    """The lines of an image given as blue, green, red."""
    require_ocr(path)
    result = _engine()(image)
    if result.boxes is None:
        return
    for corners, text, score in zip(result.boxes, result.txts, result.scores, strict=True):
        if score >= _SURE:
            left, top = corners.min(axis=0).tolist()
            right, bottom = corners.max(axis=0).tolist()
            yield Line(text, (left, top, right, bottom), bottom - top)


@cache
def _engine() -> Any:
    from rapidocr import RapidOCR

    return RapidOCR(params={"Global.log_level": "critical"})


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
