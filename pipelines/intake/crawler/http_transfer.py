"""One request to one checked address: no redirect, no cookie, no proxy, bounded in bytes and seconds.

The body is counted as it arrives and as it unpacks; what a header promises about its size is never trusted.
"""

import logging
import socket
import ssl
import threading
import zlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPException
from typing import Final

from urllib3 import BaseHTTPResponse
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from pipelines.intake.crawler.address_guard import Place
from pipelines.intake.crawler.crawl_state import FailedError, RefusedError, UnreachableError
from pipelines.intake.crawler.source_list import RequestLimits

logging.getLogger("urllib3").setLevel(logging.ERROR)  # its warnings hold whole addresses

_CHUNK: Final = 65_536
_MOST_DIGITS: Final = 18  # of a length: Python refuses to read a number of thousands of digits
_BROKEN: Final = (HTTPError, HTTPException, OSError)


@dataclass(frozen=True)
class HttpAnswer:
    """What a server answered. `body` is the unpacked body of a 200, and empty for every other status."""

    place: Place
    status: int
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def content_type(self) -> str:
        """Type and subtype in lower case, without parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


class _Watchdog:
    """Hangs up after a number of seconds: a byte now and then never trips a read time-out."""

    def __init__(self, connection: HTTPConnection) -> None:
        self._connection = connection
        self._connected: socket.socket | None = None
        self.barked = False

    def connected(self) -> None:
        """Hold on to the socket: the connection lets go of it once the headers are read."""
        self._connected = self._connection.sock

    def bark(self) -> None:
        """Hang up, whatever is going on."""
        self.barked = True
        sock = self._connected or self._connection.sock
        if sock is not None:
            try:  # the plain socket's shutdown: that of TLS would wait for the other side
                socket.socket.shutdown(sock, socket.SHUT_RDWR)
            except OSError:
                return  # closed meanwhile, which is what was wanted


@contextmanager
def _watch(connection: HTTPConnection, seconds: float) -> Iterator[_Watchdog]:
    watchdog = _Watchdog(connection)
    timer = threading.Timer(seconds, watchdog.bark)
    timer.daemon = True
    timer.start()
    try:
        yield watchdog
    finally:
        timer.cancel()
        connection.close()


def get(
    place: Place,
    addresses: Sequence[str],
    *,
    headers: Mapping[str, str],
    limits: RequestLimits,
    max_bytes: int,
    accepted: Collection[str] | None,
    tls: ssl.SSLContext,
) -> HttpAnswer:
    """GET one place: the connection goes to `addresses`, the certificate must be for the host's name.

    `accepted` are content types (None: any). Raises RefusedError for a body that is too large or of another
    type, FailedError when no address answers, the time runs out, or the body is damaged or cut short.
    """
    return _request(place, addresses, None, headers, limits, max_bytes, accepted, tls)


def post(
    place: Place,
    addresses: Sequence[str],
    body: bytes,
    *,
    headers: Mapping[str, str],
    limits: RequestLimits,
    max_bytes: int,
    tls: ssl.SSLContext,
) -> HttpAnswer:
    """POST a body to one place, under the same guards; an answer of any content type is taken. Raises as
    `get` does."""
    return _request(place, addresses, body, headers, limits, max_bytes, None, tls)


def _request(
    place: Place,
    addresses: Sequence[str],
    body: bytes | None,
    headers: Mapping[str, str],
    limits: RequestLimits,
    max_bytes: int,
    accepted: Collection[str] | None,
    tls: ssl.SSLContext,
) -> HttpAnswer:
    trouble = "no address answers"
    for address in addresses:
        connection = _open_connection(place, address, limits, tls)
        with _watch(connection, limits.total_seconds) as watchdog:
            try:
                connection.connect()
                watchdog.connected()
            except _BROKEN as error:
                trouble = f"no connection: {_say_error(error)}"
                continue
            try:
                return _converse(connection, watchdog, place, body, headers, limits, max_bytes, accepted)
            except _BROKEN as error:
                if watchdog.barked:
                    raise FailedError(_say_too_slow(limits)) from error
                raise FailedError(f"the connection broke: {_say_error(error)}") from error
    raise UnreachableError(trouble)


def _open_connection(
    place: Place, address: str, limits: RequestLimits, tls: ssl.SSLContext
) -> HTTPConnection:
    if place.scheme == "http":
        return HTTPConnection(address, place.port, timeout=limits.connect_seconds)
    return HTTPSConnection(
        address,
        place.port,
        timeout=limits.connect_seconds,
        ssl_context=tls,
        server_hostname=place.host,
    )


def _converse(
    connection: HTTPConnection,
    watchdog: _Watchdog,
    place: Place,
    body: bytes | None,
    headers: Mapping[str, str],
    limits: RequestLimits,
    max_bytes: int,
    accepted: Collection[str] | None,
) -> HttpAnswer:
    connection.timeout = limits.read_seconds
    connection.request(
        "GET" if body is None else "POST",
        place.path,
        body,
        headers={"Host": place.authority, "Accept-Encoding": "gzip", **headers},
        preload_content=False,
        decode_content=False,
    )
    response = connection.getresponse()
    _refuse_hung_up(watchdog, limits)
    answer = HttpAnswer(
        place, response.status, {name.lower(): text for name, text in response.headers.items()}
    )
    if response.status == 200:
        if accepted is not None and answer.content_type not in accepted:
            raise RefusedError(
                f"its content type is {answer.content_type or 'not given'}; wanted: {', '.join(accepted)}"
            )
        answer = HttpAnswer(place, answer.status, answer.headers, _read_body(response, answer, max_bytes))
    _refuse_hung_up(watchdog, limits)
    return answer


def _refuse_hung_up(watchdog: _Watchdog, limits: RequestLimits) -> None:
    """What ends with the connection looks whole when it was hung up on."""
    if watchdog.barked:
        raise FailedError(_say_too_slow(limits))


def _read_body(response: BaseHTTPResponse, answer: HttpAnswer, max_bytes: int) -> bytes:
    packing = answer.headers.get("content-encoding", "identity").strip().lower()
    if packing not in {"identity", "", "gzip", "x-gzip"}:
        raise FailedError(f"the body is packed as {packing!r}, which was not asked for")
    declared = answer.headers.get("content-length", "")
    if declared.isdecimal() and (len(declared) > _MOST_DIGITS or int(declared) > max_bytes):
        raise RefusedError(
            f"the body is said to have {declared[:_MOST_DIGITS]} bytes; {max_bytes} are allowed"
        )
    unpacked = _Gunzip(max_bytes) if "gzip" in packing else None
    parts: list[bytes] = []
    received = 0
    for chunk in response.stream(_CHUNK, decode_content=False):
        received += len(chunk)
        if received > max_bytes:
            raise RefusedError(f"the body has more than {max_bytes} bytes")
        parts.append(unpacked.feed(chunk) if unpacked else chunk)
    if unpacked and not unpacked.whole:
        raise FailedError("the packed body is cut short")
    return b"".join(parts)


class _Gunzip:
    """Unpacks gzip piece by piece and never produces more than `room` bytes, whatever the ratio."""

    def __init__(self, room: int) -> None:
        self._room = self._left = room
        self._member = zlib.decompressobj(wbits=31)

    @property
    def whole(self) -> bool:
        return self._member.eof

    def feed(self, data: bytes) -> bytes:
        parts = []
        while data:
            if self._member.eof:  # a gzip file may be several, one after another
                self._member = zlib.decompressobj(wbits=31)
            try:
                part = self._member.decompress(data, self._left + 1)
            except zlib.error as error:
                raise FailedError("the packed body is damaged") from error
            self._left -= len(part)
            if self._left < 0:
                raise RefusedError(f"the body unpacks to more than {self._room} bytes")
            parts.append(part)
            data = self._member.unused_data
        return b"".join(parts)


def _say_too_slow(limits: RequestLimits) -> str:
    return f"it took more than {limits.total_seconds:g} seconds"


def _say_error(error: BaseException) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not valid ({error.verify_message or 'another name'})"
    return "it does not answer in time" if isinstance(error, TimeoutError) else type(error).__name__
