"""The sizes of pictures: pixels, and how the text stands to the chart."""

from dataclasses import dataclass
from typing import Final


class UnknownSizeError(KeyError):
    """No size has this name; the message lists those that there are."""

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True)
class Size:
    """Pixels of a picture; `largest` is how much its lettering may be enlarged; `beside` puts the text at
    the right of the chart."""

    name: str
    width: int
    height: int
    largest: float
    beside: bool = False


SIZES: Final = {
    size.name: size
    for size in (
        Size("wide", 1200, 675, 1.5, beside=True),
        Size("square", 1080, 1080, 2.0),
        Size("tall", 1080, 1350, 2.0),
        Size("print", 2400, 1600, 2.6, beside=True),
    )
}
USUAL: Final = "wide"


def size_of(name: str) -> Size:
    """A size by its name. Raises UnknownSizeError."""
    try:
        return SIZES[name]
    except KeyError:
        raise UnknownSizeError(f"no size is called {name!r}; there are {', '.join(SIZES)}") from None
