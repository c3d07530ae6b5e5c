"""What stands before every route of the app, Streamlit's own too: which hosts, methods and addresses are
answered, how many readers at once, and the headers that every answer carries.

Streamlit answers to more than the app needs (uploads, metrics, an interface for programs): only what a
browser asks for is let through. The same headers are in docs/nginx.conf for answers that nginx gives itself.
"""

import asyncio
import logging
import os
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.web.server.starlette.starlette_websocket import is_host_allowed

from dashboards.app.server import admission, metrics

POLICY: Final = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' blob:; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'{sockets}; object-src 'none'; "
    "base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)
HEADERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "Permissions-Policy": "camera=(), microphone=(), geolocation=(), interest-cohort=()",
        "Referrer-Policy": "strict-origin-when-cross-origin",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "SAMEORIGIN",
        "Cross-Origin-Opener-Policy": "same-origin",
    }
)
FRAMED: Final = "frame-ancestors *"  # in the policy of a page that anybody may show in a frame
METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
STREAM: Final = "/_stcore/stream"
# What a browser asks of Streamlit's core; all else below it is no business of a reader.
CORE: Final = frozenset({"/_stcore/health", "/_stcore/host-config", STREAM})
SESSIONS: Final = "LIBEROMETRO_SESSIONS"  # how many readers may have a page open at once; 300 without
OWN_SHARE: Final = 3  # one address has at most a third of them
IDLE: Final = "LIBEROMETRO_IDLE_SECONDS"  # a page in which nothing is touched is let go then; 3600 without
FIRST_SECONDS: Final = 30  # within which a session asks for its page
KINDS: Final = (
    "file",
    "card",
    "embed",
    "oembed",
    "figures",
    "assets",
    "static",
    "c",
    "healthz",
    "_stcore",
    "media",
    "component",
)
_PLAIN_HOST: Final = re.compile(r"[A-Za-z0-9.-]+(:[0-9]+)?|\[[0-9A-Fa-f:.]+\](:[0-9]+)?")
_log: Final = logging.getLogger("liberometro")


class Guard:
    """ASGI middleware around everything else."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._most = int(os.environ.get(SESSIONS, "300"))
        self._idle = float(os.environ.get(IDLE, "3600"))
        self._sessions: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        answering = _Answering(scope, send)
        refusal = self._find_refusal(scope)
        if refusal is not None:
            await answering.refuse(refusal, receive)
        elif scope["type"] == "websocket":
            await self._hold_session(scope, receive, answering)
        else:
            await answering.run(self.app, receive)

    def _find_refusal(self, scope: Scope) -> Response | None:
        """Why this is not answered; None where it is."""
        path = scope["path"]
        if not is_host_allowed(Headers(scope=scope).get("host")):
            return PlainTextResponse("this host name is not served here (server.allowedHosts)\n", 421)
        if "_stcore" in path.lower() and path not in CORE:
            return PlainTextResponse("there is nothing here\n", 404)
        if scope["type"] == "http":
            if scope["method"] not in METHODS:
                return PlainTextResponse("only reading\n", 405, {"Allow": ", ".join(sorted(METHODS))})
            return None
        if path != STREAM:
            return PlainTextResponse("there is nothing here\n", 404)
        owner = admission.group_address(find_address(scope))
        if self._sessions.total() < self._most and self._sessions[owner] < max(1, self._most // OWN_SHARE):
            return None
        admission.note_refusal("sessions", f"{self._sessions.total()} are open")
        again = {"Retry-After": "60"}
        return PlainTextResponse("too many readers have a page open; come again in a minute\n", 503, again)

    async def _hold_session(self, scope: Scope, receive: Receive, answering: "_Answering") -> None:
        owner = admission.group_address(find_address(scope))
        self._sessions[owner] += 1
        metrics.SESSIONS.set(self._sessions.total())
        try:
            await answering.run(self.app, _Listening(receive, answering, self._idle))
        finally:
            self._sessions[owner] -= 1
            if not self._sessions[owner]:
                del self._sessions[owner]
            metrics.SESSIONS.set(self._sessions.total())


class _Listening:
    """What a reader sends; a session that is silent for too long is ended as if its reader had left."""

    def __init__(self, receive: Receive, answering: "_Answering", idle: float) -> None:
        self._receive, self._answering, self._idle = receive, answering, idle
        self._asked = 0

    async def __call__(self) -> Message:
        try:
            # the first message is the connection itself, the second asks for the page
            async with asyncio.timeout(self._idle if self._asked > 1 else min(FIRST_SECONDS, self._idle)):
                message = await self._receive()
        except TimeoutError:
            await self._answering({"type": "websocket.close", "code": 1001, "reason": "idle"})
            return {"type": "websocket.disconnect", "code": 1001}
        self._asked += 1
        return message


class _Answering:
    """What goes out: with our headers, counted, and an answer of ours where the app fails."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self._scope, self._send = scope, send
        self._begun = False

    async def __call__(self, message: Message) -> None:
        kind = message["type"]
        if kind == "websocket.close" and not self._begun:  # refused by Streamlit, which would send no header
            await self.refuse(PlainTextResponse("this page may not connect here\n", 403))
            return
        if kind in ("http.response.start", "websocket.http.response.start"):
            self._begun = True
            headers = MutableHeaders(scope=message)
            framed = FRAMED in headers.get("Content-Security-Policy", "")
            for name, value in list_headers(self._scope):
                if not (framed and name == "X-Frame-Options"):  # which cannot say that anybody may
                    headers.setdefault(name, value)
            metrics.ANSWERED.labels(_find_kind(self._scope["path"]), message["status"]).inc()
        elif kind == "websocket.accept":
            self._begun = True
            metrics.ANSWERED.labels("session", 101).inc()
        await self._send(message)

    async def run(self, app: ASGIApp, receive: Receive) -> None:
        """The app; what it fails at is a plain sentence, its details a log entry."""
        try:
            await app(self._scope, receive, self)
        except Exception:
            _log.exception("a request failed")
            if not self._begun:
                await self.refuse(PlainTextResponse("this failed; it has been noted\n", 500))

    async def refuse(self, answer: Response, receive: Receive | None = None) -> None:
        """Answer in place of the app; a browser that wants a socket gets a plain answer in its place."""
        answer.headers["Cache-Control"] = "no-store"
        if receive is not None and self._scope["type"] == "websocket":
            await receive()  # the wish to connect
        await answer(self._scope, receive or _hear_nothing, self)


async def _hear_nothing() -> Message:
    return {"type": "http.disconnect"}


def find_address(scope: Scope) -> str:
    """Who asks. uvicorn has put a trusted proxy's word in the place of its address ($FORWARDED_ALLOW_IPS)."""
    client = scope.get("client")
    return client[0] if client else admission.NOBODY


def list_headers(scope: Scope) -> Iterable[tuple[str, str]]:
    """The headers of every answer; not every browser's 'self' is also the page's own socket."""
    host = Headers(scope=scope).get("host", "")
    sockets = f" ws://{host} wss://{host}" if _PLAIN_HOST.fullmatch(host) else ""
    return (("Content-Security-Policy", POLICY.format(sockets=sockets)), *HEADERS.items())


def _find_kind(path: str) -> str:
    first = path.strip("/").split("/", 1)[0]
    return first if first in KINDS else ("page" if "." not in first else "other")
