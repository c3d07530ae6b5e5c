"""What a server answered, as a WARC 1.1 file of one record, named by the sha256 of the document in it.

It lies in the inbox, is never in git and never shown: documents name people. `archived_copies.csv` gives the
sha256, so whoever keeps the inbox finds the answer that a figure rests on.
"""

import gzip
import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from uuid import UUID

from pipelines.core import private_files
from pipelines.intake.crawler.http_transfer import HttpAnswer

FOLDER: Final = "warc"
_AS_IT_CAME: Final = {"content-encoding", "transfer-encoding", "content-length"}  # the body is unpacked


def keep_warc(inbox: Path, answer: HttpAnswer, hour: datetime) -> Path:
    """Write an answer of status 200, got at an hour; bytes that are here already are not written again."""
    digest = hashlib.sha256(answer.body)
    folder = inbox / FOLDER
    path = folder / f"{digest.hexdigest()}.warc.gz"
    if not path.exists():
        private_files.make_folder(folder)
        beside = folder / f"new-{path.name}"
        with private_files.open_private(beside, "wb") as handle:
            handle.write(gzip.compress(_make_record(answer, digest.digest(), hour), mtime=0))
        beside.replace(path)
    return path


def _make_record(answer: HttpAnswer, digest: bytes, hour: datetime) -> bytes:
    told = {name: text for name, text in answer.headers.items() if name not in _AS_IT_CAME}
    block = _make_head("HTTP/1.1 200 OK", told | {"content-length": str(len(answer.body))}) + answer.body
    head = {
        "WARC-Type": "response",
        "WARC-Record-ID": f"<{UUID(bytes=digest[:16], version=4).urn}>",
        "WARC-Date": f"{hour.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "WARC-Target-URI": answer.place.url,
        "WARC-Payload-Digest": f"sha256:{digest.hex()}",
        "Content-Type": "application/http;msgtype=response",
        "Content-Length": str(len(block)),
    }
    return _make_head("WARC/1.1", head) + block + b"\r\n\r\n"


def _make_head(first: str, fields: dict[str, str]) -> bytes:
    lines = [first, *(f"{name}: {' '.join(text.split())}" for name, text in fields.items())]
    return "".join(f"{line}\r\n" for line in [*lines, ""]).encode("utf-8", "replace")
