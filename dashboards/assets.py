"""The style and the files in `static/`, under one version, the hash of all: a browser may keep them."""

import gzip
import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Final

STATIC: Final = Path(__file__).resolve().parent / "static"
STYLE: Final = STATIC.with_name("style.css")
TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".woff2": "font/woff2",
}


@lru_cache(maxsize=1)
def files() -> dict[str, bytes]:
    """File name → content, of what a browser asks for."""
    paths = [STYLE, *sorted(STATIC.iterdir())]
    return {path.name: path.read_bytes() for path in paths if path.suffix in TYPES}


@lru_cache(maxsize=1)
def version() -> str:
    """Changes with any of the files."""
    digest = hashlib.sha256()
    for name, content in files().items():
        digest.update(name.encode() + b"\0" + content)
    return digest.hexdigest()[:12]


@lru_cache(maxsize=64)
def packed(name: str) -> bytes:
    """One file under gzip. Raises KeyError for a name that is not served."""
    return gzip.compress(files()[name], mtime=0)


def address(name: str) -> str:
    """Where a file is served, relative to any page. Raises KeyError for a name that is not served."""
    files()[name]
    return f"assets/{version()}/{name}"
