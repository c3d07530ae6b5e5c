"""Streamlit's own browser files, from memory and compressed: its server reads and sends each one as it lies.

A first page asks for about seventy of them. Which of them a page of ours needs is known before the browser
finds out, so the front page can ask for all of them at once.
"""

import gzip
import mimetypes
import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Final

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import file_util

FOREVER: Final = "public, max-age=31536000, immutable"  # the address changes with the content
PREFIX: Final = "/static/"
TEXT: Final = {".js", ".css", ".svg", ".json"}
_IMPORT: Final = re.compile(r"""(?:from|import)["'`]\./([^"'`]+\.js)["'`]""")


def folder() -> Path:
    """Where Streamlit keeps them."""
    return Path(file_util.get_static_dir())


class StreamlitFiles:
    """ASGI middleware that answers for `/static/`; what is not a file there goes on to Streamlit."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"].removeprefix(scope.get("root_path", "")) if scope["type"] == "http" else ""
        if scope.get("method") != "GET" or not path.startswith(PREFIX) or path[len(PREFIX) :] not in names():
            await self.app(scope, receive, send)
            return
        name = path[len(PREFIX) :]
        packs = Path(name).suffix in TEXT and any(
            key == b"accept-encoding" and b"gzip" in value for key, value in scope["headers"]
        )
        headers = {"Cache-Control": FOREVER, "Content-Type": _type(name), "Vary": "Accept-Encoding"}
        if packs:
            headers["Content-Encoding"] = "gzip"
        await Response(packed(name) if packs else plain(name), headers=headers)(scope, receive, send)


@lru_cache(maxsize=1)
def names() -> frozenset[str]:
    """Every file, relative to `static/`."""
    root = folder() / "static"
    return frozenset(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())


@lru_cache(maxsize=256)
def plain(name: str) -> bytes:
    """One file as it lies."""
    return (folder() / "static" / name).read_bytes()


@lru_cache(maxsize=256)
def packed(name: str) -> bytes:
    """One file under gzip."""
    return gzip.compress(plain(name), compresslevel=6, mtime=0)


def needed_for(elements: Iterable[str]) -> list[str]:
    """The scripts of these elements and what they import, which `index.html` does not ask for itself."""
    known = set(re.findall(r'"\./static/(js/[^"]+\.js)"', (folder() / "index.html").read_text("utf-8")))
    found: list[str] = []
    waiting = [name for element in elements for name in names() if name.startswith(f"js/{element}.")]
    while waiting:
        name = waiting.pop()
        if name not in known and name in names():
            known.add(name)
            found.append(name)
            waiting += [f"js/{each}" for each in _IMPORT.findall(plain(name).decode())]
    return found


def _type(name: str) -> str:
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return f"{kind}; charset=utf-8" if Path(name).suffix in TEXT else kind


def pack_first() -> None:
    """Compress what a first page asks for before anybody does."""
    asked = re.findall(r'"\./static/((?:js|css)/[^"]+)"', (folder() / "index.html").read_text("utf-8"))
    for name in asked:
        packed(name)
