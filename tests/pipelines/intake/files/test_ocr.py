"""Images: read with their boxes when the extra is there, refused clearly when it is not or they are bombs."""

import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from pipelines.core.file_limits import FileLimits
from pipelines.intake.files import ocr
from pipelines.intake.files.file_kind import read_text
from pipelines.sheets.raw_table import ReadError


def picture(folder: Path, *lines: str, name: str = "card.png") -> Path:
    image = Image.new("RGB", (900, 60 + 90 * len(lines)), "white")
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(36)
    for number, line in enumerate(lines):
        draw.text((40, 30 + 90 * number), line, font=font, fill="black")
    path = folder / name
    image.save(path)
    return path


def png_claiming(width: int, height: int) -> bytes:
    """A PNG whose header states a size that its few bytes cannot fill."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 999))
        + chunk(b"IEND", b"")
    )


def test_labels_are_read_with_their_boxes(tmp_path: Path) -> None:
    passages = read_text(picture(tmp_path, "Personas detenidas: 448", "Mujeres: 58"))
    assert [passage.text for passage in passages] == ["Personas detenidas: 448", "Mujeres: 58"]
    assert passages[0].page is None
    left, top, right, bottom = passages[1].box or (0, 0, 0, 0)
    assert 20 < left < 60
    assert 100 < top < bottom < 190
    assert right < 400


def test_small_print_of_a_long_image_is_read_once(tmp_path: Path) -> None:
    lines = [f"Semana {n}: {1000 + 37 * n} personas" for n in range(1, 31)]
    passages = read_text(picture(tmp_path, *lines))
    assert [passage.text for passage in passages] == lines
    assert all((passage.confidence or 0) > 0.8 for passage in passages)


def test_image_of_30000_by_30000_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    path = tmp_path / "bomb.png"
    path.write_bytes(png_claiming(30_000, 30_000))
    with pytest.raises(ReadError, match="pixels"):
        read_text(path)


def test_pixels_over_the_limit_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="900 × 150 pixels; at most 1,000"):
        read_text(picture(tmp_path, "x"), limits=FileLimits(pixels=1_000))


@pytest.mark.parametrize("name", ["card.png", "card.jpg", "card.webp"])
def test_image_that_is_cut_short_is_refused(tmp_path: Path, name: str) -> None:
    path = picture(tmp_path, "Personas detenidas: 448", name=name)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(ReadError, match="cut short or broken"):
        read_text(path)


def test_blank_image_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="no text was found"):
        read_text(picture(tmp_path))


def test_missing_extra_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "find_spec", lambda _: None)
    with pytest.raises(ReadError, match="make setup"):
        read_text(picture(tmp_path, "x"))


def test_scanned_page_is_read_with_its_box_in_points(tmp_path: Path) -> None:
    path = tmp_path / "scan.pdf"
    with Image.open(picture(tmp_path, "Personas detenidas: 448", "Mujeres: 58")) as image:
        image.save(path, resolution=100)
    passages = read_text(path)
    assert [(passage.text, passage.page) for passage in passages] == [
        ("Personas detenidas: 448", 1),
        ("Mujeres: 58", 1),
    ]
    left, top, _, _ = passages[1].box or (0, 0, 0, 0)
    assert 15 < left < 45
    assert 72 < top < 137
