"""A file's text in one piece, with the page and box that each stretch came from."""

from bisect import bisect_right
from dataclasses import dataclass
from pathlib import Path

from pipelines.readers import Passage, ReadError

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Document:
    """`text` is what the rules read; `starts[i]` is where `passages[i]` begins in it."""

    text: str
    starts: list[int]
    passages: list[Passage]

    def place(self, span: tuple[int, int]) -> tuple[int | None, Box | None]:
        """Page and box of the passage that a span begins in; None where the format has none."""
        if not self.passages:
            return None, None
        passage = self.passages[max(0, bisect_right(self.starts, span[0]) - 1)]
        return passage.page, passage.box


def read_document(path: Path) -> Document:
    """Read a file: UTF-8 text as it is, anything else through its reader.

    Raises ReadError when the file is missing, is not UTF-8, or its reader refuses it.
    """
    if path.suffix.lower() in ("", ".txt"):
        return _plain(path)
    from pipelines.readers import read_text  # the readers are heavy: only where they are needed

    return join(read_text(path))


def join(passages: list[Passage]) -> Document:
    """Passages one under the other."""
    starts, pieces, at = [], [], 0
    for passage in passages:
        starts.append(at)
        pieces.append(passage.text)
        at += len(passage.text) + 1
    return Document("\n".join(pieces), starts, passages)


def _plain(path: Path) -> Document:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise ReadError(f"{path}: the file is missing") from error
    except UnicodeDecodeError as error:
        raise ReadError(
            f"{path}: byte {error.start} is not UTF-8; save the text as UTF-8 and try again"
        ) from error
    except OSError as error:
        raise ReadError(f"{path}: {error.strerror}") from error
    return Document(text, [0], [Passage(text)])
