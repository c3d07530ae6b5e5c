"""Debian's nginx before a published site, with docs/site.nginx.conf."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.programs import free_port, run_nginx


@contextmanager
def nginx(site: Path, folder: Path, **other: str) -> Iterator[str]:
    """The address at which nginx serves a site; `other` takes the place of limits of the file."""
    port = free_port()
    places = {"listen 80;": f"listen 127.0.0.1:{port};", "/srv/liberometro/public/site": str(site), **other}
    address = f"http://127.0.0.1:{port}/"
    with run_nginx(folder, "site.nginx.conf", places, address):
        yield address
