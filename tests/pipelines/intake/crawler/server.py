"""A web server on localhost that misbehaves as told, and a clock that waits for nobody."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import SHUT_RDWR

Handler = BaseHTTPRequestHandler
Behaviour = Callable[[Handler], None]


class FakeClock:
    """Starts on a fixed day; sleeping moves it on."""

    def __init__(self) -> None:
        self.hour = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
        self.slept: list[float] = []

    def now(self) -> datetime:
        return self.hour

    def sleep(self, pause: timedelta) -> None:
        self.slept.append(pause.total_seconds())
        self.hour += pause


@dataclass
class Loopback:
    """A server on this machine, on a port of its own; `find` says what each request gets."""

    http: ThreadingHTTPServer = field(init=False)

    def __post_init__(self) -> None:
        server = self

        class Answer(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                self.close_connection = True
                try:
                    server.find(self)(self)
                except OSError:
                    return  # the client hung up, as it should

            def do_POST(self) -> None:
                self.do_GET()

            def log_message(self, *_: object) -> None:
                return

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        self.http.daemon_threads = True
        threading.Thread(target=self.http.serve_forever, args=(0.02,), daemon=True).start()

    def find(self, handler: Handler) -> Behaviour:
        raise NotImplementedError

    @property
    def port(self) -> int:
        return int(self.http.server_address[1])

    def close(self) -> None:
        self.http.shutdown()
        self.http.server_close()


@dataclass
class Server(Loopback):
    """Each path answers as its behaviour says; 404 for every other. `asked` are the requests it got, `bodies`
    what was posted."""

    paths: dict[str, Behaviour] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    def find(self, handler: Handler) -> Behaviour:
        if handler.command == "POST":
            self.bodies.append(handler.rfile.read(int(handler.headers.get("Content-Length", 0))))
        self.asked.append((handler.path, dict(handler.headers)))
        return self.paths.get(handler.path, status(404))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def count(self, path: str) -> int:
        return sum(asked == path for asked, _ in self.asked)


def reply(
    body: bytes | str, content_type: str = "text/html; charset=utf-8", code: int = 200, **headers: str
) -> Behaviour:
    """A plain answer. Header names are written with _ for -."""
    content = body.encode() if isinstance(body, str) else body

    def behave(handler: Handler) -> None:
        handler.send_response(code)
        handler.send_header("Content-Type", content_type)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        for name, value in {"Content-Length": str(len(content)), **named}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(content)

    return behave


def status(code: int, **headers: str) -> Behaviour:
    return reply(b"", code=code, **headers)


def redirect(url: str, code: int = 302) -> Behaviour:
    return status(code, Location=url)


def in_turn(*behaviours: Behaviour) -> Behaviour:
    """One after the other; the last for ever."""
    left = list(behaviours)

    def behave(handler: Handler) -> None:
        (left.pop(0) if len(left) > 1 else left[0])(handler)

    return behave


def head(handler: Handler, content_type: str = "text/html", **headers: str) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", content_type)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()


def drip(handler: Handler) -> None:
    """A byte now and then, for ever."""
    head(handler)
    while True:
        handler.wfile.write(b"x")
        handler.wfile.flush()
        if threading.Event().wait(0.05):
            return


def drip_headers(handler: Handler) -> None:
    """Headers that never end."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        handler.wfile.write(b"X-A: b\r\n"[:3])
        handler.wfile.flush()
        if threading.Event().wait(0.05):
            return


def endless(handler: Handler) -> None:
    """As fast as it goes, for ever, with no length given."""
    head(handler)
    while True:
        handler.wfile.write(b"x" * 65_536)


def cut_short(handler: Handler) -> None:
    """Promises more than it sends."""
    head(handler, Content_Length="1000")
    handler.wfile.write(b"<html>only this")


def cut_chunks(handler: Handler) -> None:
    """A chunked body whose last chunk never comes."""
    head(handler, Transfer_Encoding="chunked")
    handler.wfile.write(b"5\r\nhello\r\n")


def hang_up(handler: Handler) -> None:
    """No answer at all."""
    handler.connection.shutdown(SHUT_RDWR)
