"""Our browser files under one version, and Streamlit's own, from memory and compressed.

A first page asks for about seventy of them. Which of them a page of ours needs is known before the browser
finds out, so the front page can ask for all of them at once.
"""

import gzip
import hashlib
import mimetypes
import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import file_util

STATIC: Final = Path(__file__).resolve().parents[2] / "web" / "static"
TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".woff2": "font/woff2",
}


@lru_cache(maxsize=1)
def read_assets() -> dict[str, bytes]:
    """File name → content, of what a browser asks for."""
    return {path.name: path.read_bytes() for path in sorted(STATIC.iterdir()) if path.suffix in TYPES}


@lru_cache(maxsize=1)
def hash_assets() -> str:
    """Changes with any of the files."""
    digest = hashlib.sha256()
    for name, content in read_assets().items():
        digest.update(name.encode() + b"\0" + content)
    return digest.hexdigest()[:12]


@lru_cache(maxsize=64)
def compress_asset(name: str) -> bytes:
    """One file under gzip. Raises KeyError for a name that is not served."""
    return gzip.compress(read_assets()[name], mtime=0)


def make_asset_address(name: str) -> str:
    """Where a file is served, relative to any page. Raises KeyError for a name that is not served."""
    read_assets()[name]
    return f"assets/{hash_assets()}/{name}"


FOREVER: Final = "public, max-age=31536000, immutable"  # the address changes with the content
PREFIX: Final = "/static/"
TEXT: Final = {".js", ".css", ".svg", ".json"}
_IMPORT: Final = re.compile(r"""(?:from|import)["'`]\./([^"'`]+\.js)["'`]""")


def find_streamlit_folder() -> Path:
    """Where Streamlit keeps them."""
    return Path(file_util.get_static_dir())


class StreamlitFiles:
    """ASGI middleware that answers for `/static/`; what is not a file there goes on to Streamlit."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"].removeprefix(scope.get("root_path", "")) if scope["type"] == "http" else ""
        if (
            scope.get("method") != "GET"
            or not path.startswith(PREFIX)
            or path[len(PREFIX) :] not in list_files()
        ):
            await self.app(scope, receive, send)
            return
        name = path[len(PREFIX) :]
        packs = Path(name).suffix in TEXT and any(
            key == b"accept-encoding" and b"gzip" in value for key, value in scope["headers"]
        )
        headers = {
            "Cache-Control": FOREVER,
            "Content-Type": _find_media_type(name),
            "Vary": "Accept-Encoding",
        }
        if packs:
            headers["Content-Encoding"] = "gzip"
        content = await run_in_threadpool(compress_file if packs else read_file, name)
        await Response(content, headers=headers)(scope, receive, send)


@lru_cache(maxsize=1)
def list_files() -> frozenset[str]:
    """Every file, relative to `static/`."""
    root = find_streamlit_folder() / "static"
    return frozenset(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())


def read_file(name: str) -> bytes:
    """One file as it lies."""
    return (find_streamlit_folder() / "static" / name).read_bytes()


@lru_cache(maxsize=512)
def compress_file(name: str) -> bytes:
    """One file under gzip; all of them take some MB."""
    return gzip.compress(read_file(name), compresslevel=6, mtime=0)


def find_scripts(elements: Iterable[str]) -> list[str]:
    """The scripts of these elements and what they import, which `index.html` does not ask for itself."""
    known = set(
        re.findall(r'"\./static/(js/[^"]+\.js)"', (find_streamlit_folder() / "index.html").read_text("utf-8"))
    )
    found: list[str] = []
    waiting = [name for element in elements for name in list_files() if name.startswith(f"js/{element}.")]
    while waiting:
        name = waiting.pop()
        if name not in known and name in list_files():
            known.add(name)
            found.append(name)
            waiting += [f"js/{each}" for each in _IMPORT.findall(read_file(name).decode())]
    return found


def _find_media_type(name: str) -> str:
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return f"{kind}; charset=utf-8" if Path(name).suffix in TEXT else kind


def pack_first() -> None:
    """Compress what a first page asks for before anybody does."""
    asked = re.findall(
        r'"\./static/((?:js|css)/[^"]+)"', (find_streamlit_folder() / "index.html").read_text("utf-8")
    )
    for name in asked:
        compress_file(name)
