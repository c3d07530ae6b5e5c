"""What a build worked out that hangs on few inputs, kept for the next one, since most inputs do not change.

A result is kept under the sha256 of all that it was made from, the code included, so a wrong one is never
found; each file begins with the sha256 of its content, so a damaged one is made anew. What a build did not
ask for is gone after it. It is as private as the build: sheets stand in it with the rows that were set aside.
"""

import contextlib
import hashlib
import io
import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final

import polars as pl

from pipelines.core import private_files
from pipelines.core.paths import hash_file

MOST_ROWS: Final = 100_000  # of one frame: a larger sheet is read anew, and nothing is stored twice
_SUM: Final = hashlib.sha256().digest_size


class KeptResults:
    """The results in one folder, or none where there is no folder; `code` stands for what makes them."""

    def __init__(self, folder: Path | None, code: str = "") -> None:
        self._folder = folder
        self._code = code
        self._asked: set[str] = set()

    def frame(
        self,
        kind: str,
        made_from: Iterable[object],
        make: Callable[[], pl.DataFrame],
        files: Sequence[Path] = (),
    ) -> pl.DataFrame:
        """The rows that `make` returns, from the last build where it had them.

        They hang on what `files` hold, of which one may be missing, and on `made_from`, told by its `repr`.
        Nothing is kept where a file changes meanwhile, or where `make` raises.
        """
        if self._folder is None:
            return make()
        told = [repr(each) for each in made_from]
        name = self._name(kind, [*told, *_hash_files(files)])
        found = self._read(name)
        if found is not None:
            return pl.read_ipc(io.BytesIO(found))
        rows = make()
        if rows.height <= MOST_ROWS and self._name(kind, [*told, *_hash_files(files)]) == name:
            content = io.BytesIO()
            # texts made anew: else the letters of a cell that was emptied would be written behind it
            rows.with_columns(pl.col(pl.String) + pl.lit("")).write_ipc(content)
            self._write(name, content.getvalue())
        return rows

    def digests(self, kind: str) -> set[bytes]:
        """What `keep_digests` kept last."""
        found = self._read(self._name(kind, ())) or b""
        return {found[at : at + _SUM] for at in range(0, len(found), _SUM)}

    def keep_digests(self, kind: str, digests: Iterable[bytes]) -> None:
        """Keep sha256 digests, each of all that a fact hangs on, instead of those before."""
        self._write(self._name(kind, ()), b"".join(sorted(digests)))

    def forget_unasked(self) -> None:
        """Remove what this build did not ask for."""
        for path in self._folder.glob("*") if self._folder else ():
            if path.name not in self._asked:
                path.unlink(missing_ok=True)

    def _name(self, kind: str, told: Sequence[str]) -> str:
        digest = hashlib.sha256("\0".join([self._code, *told]).encode())
        name = f"{kind}-{digest.hexdigest()}"
        self._asked.add(name)
        return name

    def _read(self, name: str) -> bytes | None:
        try:
            content = (self._folder / name).read_bytes() if self._folder else b""
        except OSError:
            return None
        return content[_SUM:] if hashlib.sha256(content[_SUM:]).digest() == content[:_SUM] else None

    def _write(self, name: str, content: bytes) -> None:
        """Under another name until it is whole; a disk that refuses it costs the next build some time."""
        if self._folder is None:
            return
        beside = self._folder / f"{name}.{os.getpid()}"
        try:
            private_files.make_folder(self._folder)
            with private_files.open_private(beside, "wb") as file:
                file.write(hashlib.sha256(content).digest() + content)
            beside.replace(self._folder / name)
        except OSError:
            with contextlib.suppress(OSError):
                beside.unlink()


def _hash_files(files: Sequence[Path]) -> list[str]:
    return [hash_file(path) if path.exists() else "" for path in files]


def hash_rows(rows: pl.DataFrame) -> str:
    """What stands for rows in `made_from`: their columns and values, in whatever order."""
    content = io.BytesIO()
    rows.sort(rows.columns).rechunk().write_ipc(content)
    return hashlib.sha256(content.getvalue()).hexdigest()
