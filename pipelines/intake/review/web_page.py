"""The review page: the same desk in a browser of this machine. Never part of the public app.

It listens on 127.0.0.1 only, and only to a browser that was given its key on the terminal. A form is taken
from this very page alone (host, origin and token are checked), so no other site can post a decision.
"""

import hmac
import secrets
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs

import typer
import uvicorn
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from pipelines.intake.decisions import DecisionError, ReviewVerdict
from pipelines.intake.review.field_choices import CORRECTED, KEYS, Choice, Refusal, list_choices
from pipelines.intake.review.page_words import LANGUAGES, Words, choose_language
from pipelines.intake.review.worklist import WaitingFigure, Worklist
from pipelines.sheets.transcription_sheet import CORRECTABLE
from pipelines.warehouse.published_build import Build, find_current

LONGEST_FORM: Final = 64 * 1024  # bytes
COOKIE: Final = "review_key"
HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",  # with no-referrer a browser hides the origin of a form, too
    "X-Content-Type-Options": "nosniff",
}
_TEMPLATES: Final = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True, undefined=StrictUndefined
)


class Guard:
    """Lets through only what comes from this page: right host, key, and for forms right origin."""

    def __init__(self, app: ASGIApp, key: str, hosts: Callable[[], set[str]]) -> None:
        self.app, self.key, self.hosts = app, key, hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse with 403 or pass on; every answer carries the headers above."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        refusal = self._refusal(request)
        if refusal is not None:
            await PlainTextResponse(refusal, 403, headers=dict(HEADERS))(scope, receive, send)
            return
        await self.app(scope, receive, send)

    def _refusal(self, request: Request) -> str | None:
        host = request.headers.get("host", "")
        if host not in self.hosts():
            return "this page answers on 127.0.0.1 only"
        key = request.cookies.get(COOKIE) or ""
        if request.url.path != "/enter" and not hmac.compare_digest(key.encode(), self.key.encode()):
            return "open the address that the terminal shows; it carries the key of this page"
        if request.method == "POST" and request.headers.get("origin") != f"http://{host}":
            return "a decision is taken from this page only"
        return None


class ReviewPage:
    """The pages over one desk, for one person. `token` stands in every form."""

    def __init__(
        self, desk: Worklist, key: str, rebuild: Callable[[], Mapping[str, int]], reviewer: str = ""
    ) -> None:
        self.desk, self.key, self.rebuild = desk, key, rebuild
        self.token = secrets.token_urlsafe(32)
        self.decided: dict[str, tuple[WaitingFigure, str]] = {}  # in their order, each with who signed
        self.reviewer = reviewer
        self.language: str | None = None
        self.notice: str | None = None  # what the next page says, once
        self._queue: tuple[Build, list[WaitingFigure]] | None = None

    def routes(self) -> list[Route]:
        """Where each page lies."""
        return [
            Route("/enter", self.enter),
            Route("/style.css", self.style),
            Route("/keys.js", self.script),
            Route("/", self.queue),
            Route("/figure/{figure}", self.figure),
            Route("/figure/{figure}", self.decide, methods=["POST"]),
            Route("/undo", self.undo, methods=["POST"]),
            Route("/build", self.build, methods=["POST"]),
        ]

    async def enter(self, request: Request) -> Response:
        """The address with the key: sets the cookie and leads to the queue."""
        given = request.query_params.get("key", "")
        if not hmac.compare_digest(given.encode(), self.key.encode()):
            return PlainTextResponse("wrong key", 403, headers=dict(HEADERS))
        answer = RedirectResponse("/", 303, headers=dict(HEADERS))
        answer.set_cookie(COOKIE, self.key, httponly=True, samesite="strict")
        return answer

    async def style(self, _request: Request) -> Response:
        """The style sheet."""
        return _send_file("style.css", "text/css")

    async def script(self, _request: Request) -> Response:
        """The keys: the page's only script, and the page works without it."""
        return _send_file("keys.js", "text/javascript")

    async def queue(self, request: Request) -> Response:
        """What waits, gravest first."""
        return self._html(request, "queue.html", figures=await self._waiting())

    async def figure(self, request: Request) -> Response:
        """One figure with its form."""
        found = await self._find(request)
        return self._gone(request) if found is None else await self._form(request, found)

    async def decide(self, request: Request) -> Response:
        """Take a decision and go on to the next figure; one that does not hold comes back with why."""
        form = await _read_form(request)
        if form is None or not self._is_ours(form):
            return PlainTextResponse("this form is not from this page", 403, headers=dict(HEADERS))
        found = await self._find(request)
        if found is None:
            return self._gone(request)
        self.reviewer = form.get("reviewer", "").strip() or self.reviewer
        if "take" in form:
            return await self._form(request, found, form={**form, **self._find_taken(found, form["take"])})
        try:
            verdict, reason = _read_verdict(form)
            changed = _find_changed_fields(form, found) if verdict is ReviewVerdict.CORRECT else {}
            reviewer = form.get("reviewer", "")
            await run_in_threadpool(self.desk.decide, found, verdict, reviewer, reason, changed)
        except (DecisionError, ValueError) as error:
            return await self._form(request, found, form=form, problem=str(error), status=422)
        before = await self._waiting()
        self.decided[found.id] = (found, reviewer)
        rest = [figure for figure in before if figure.id != found.id]
        at = before.index(found) % len(rest) if rest else 0
        return RedirectResponse(f"/figure/{rest[at].id}" if rest else "/", 303, headers=dict(HEADERS))

    async def undo(self, request: Request) -> Response:
        """Take back the last decision of this page and show its figure again."""
        form = await _read_form(request)
        if form is None or not self._is_ours(form):
            return PlainTextResponse("this form is not from this page", 403, headers=dict(HEADERS))
        if not self.decided:
            self.notice = "nothing_to_undo"
            return RedirectResponse("/", 303, headers=dict(HEADERS))
        last = next(reversed(self.decided))
        figure, reviewer = self.decided[last]
        await run_in_threadpool(self.desk.undo, figure, reviewer)
        del self.decided[last]
        self.notice = "undone"
        return RedirectResponse(f"/figure/{last}", 303, headers=dict(HEADERS))

    async def build(self, request: Request) -> Response:
        """Renew the build, so that the decisions count."""
        form = await _read_form(request)
        if form is None or not self._is_ours(form):
            return PlainTextResponse("this form is not from this page", 403, headers=dict(HEADERS))
        await run_in_threadpool(self.rebuild)
        self.decided.clear()
        self._queue = None
        return RedirectResponse("/", 303, headers=dict(HEADERS))

    async def _waiting(self) -> list[WaitingFigure]:
        """The figures of the published build that were not decided here; read once a build."""
        build = find_current(self.desk.data)
        if self._queue is None or self._queue[0] != build:
            self._queue = (build, await run_in_threadpool(self.desk.waiting))
        return [figure for figure in self._queue[1] if figure.id not in self.decided]

    async def _find(self, request: Request) -> WaitingFigure | None:
        wanted = request.path_params["figure"]
        return next((figure for figure in await self._waiting() if figure.id == wanted), None)

    def _is_ours(self, form: Mapping[str, str]) -> bool:
        return hmac.compare_digest(form.get("token", "").encode(), self.token.encode())

    def _find_taken(self, figure: WaitingFigure, taken: str) -> dict[str, str]:
        """The fields that a choice sets, where it is one of this figure's; nothing otherwise."""
        name, _, number = taken.partition(":")
        choices = self._list_choices(figure).get(name, [])
        return next((each.sets for each in choices if str(each.number) == number), {})

    def _list_choices(self, figure: WaitingFigure) -> dict[str, list[Choice]]:
        return list_choices(figure.claim, figure.reading, self.desk.situation, self.desk.organisations)

    async def _form(
        self,
        request: Request,
        figure: WaitingFigure,
        *,
        form: Mapping[str, str] | None = None,
        problem: str | None = None,
        status: int = 200,
    ) -> Response:
        waiting = await self._waiting()
        after = waiting[(waiting.index(figure) + 1) % len(waiting)]
        read = {name: _format_value(figure.claim[name]) for name in CORRECTABLE}
        await run_in_threadpool(figure.work_out)
        answer = self._html(
            request,
            "figure.html",
            status=status,
            figure=figure,
            place=(waiting.index(figure) + 1, len(waiting)),
            after=after,
            read=read,
            choices=self._list_choices(figure),
            keys=KEYS,
            refusals=[each.name.lower() for each in Refusal],
            form=form or {},
            reviewer=self.reviewer,
            problem=problem,
        )
        answer.background = BackgroundTask(after.work_out)  # while this one is read
        return answer

    def _gone(self, request: Request) -> Response:
        return self._html(request, "queue.html", status=404, figures=[])

    def _html(self, request: Request, name: str, *, status: int = 200, **words: object) -> Response:
        asked = request.query_params.get("lang")
        if asked in LANGUAGES:
            self.language = asked
        language = self.language or choose_language(request.headers.get("accept-language", ""))
        notice, self.notice = self.notice, None
        text = _TEMPLATES.get_template(name).render(
            token=self.token,
            situation=self.desk.situation.id,
            w=Words(language, self.desk.situation, self.desk.organisations),
            notice=notice,
            decided=len(self.decided),
            **words,
        )
        return HTMLResponse(text, status, headers=dict(HEADERS))


def create_app(
    desk: Worklist,
    key: str,
    hosts: Callable[[], set[str]],
    rebuild: Callable[[], Mapping[str, int]],
    reviewer: str = "",
) -> ASGIApp:
    """The application: every request passes the guard first."""
    return Guard(Starlette(routes=ReviewPage(desk, key, rebuild, reviewer).routes()), key, hosts)


def serve(
    desk: Worklist,
    port: int,
    *,
    rebuild: Callable[[], Mapping[str, int]],
    reviewer: str = "",
    started: Callable[[uvicorn.Server, str], Awaitable[None] | None] | None = None,
) -> None:
    """Serve the page on 127.0.0.1 until it is interrupted, signed by `reviewer` until another name is typed.
    `started` is given the server and its address."""
    key = secrets.token_urlsafe(32)
    taken: set[str] = set()
    app = create_app(desk, key, lambda: taken, rebuild, reviewer)
    config = uvicorn.Config(app, host="127.0.0.1", port=port, access_log=False, log_level="warning")
    config.server_header = False
    listening = config.bind_socket()
    number = listening.getsockname()[1]
    taken |= {f"127.0.0.1:{number}", f"localhost:{number}"}
    address = f"http://127.0.0.1:{number}/enter?key={key}"
    server = uvicorn.Server(config)
    if started is not None:
        started(server, address)
    typer.echo(f"Review of {desk.situation.id}, on this machine only: {address}")
    server.run(sockets=[listening])


async def _read_form(request: Request) -> dict[str, str] | None:
    """The fields of a form; None where it is too long or no form."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > LONGEST_FORM:
            return None
    try:
        fields = parse_qs(body.decode("ascii"), keep_blank_values=True, max_num_fields=64)
    except ValueError:
        return None
    return {name: values[-1].strip() for name, values in fields.items()}


def _send_file(name: str, kind: str) -> Response:
    text = (Path(__file__).parent / "templates" / name).read_text(encoding="utf-8")
    return Response(text, media_type=kind, headers=dict(HEADERS))


def _read_verdict(form: Mapping[str, str]) -> tuple[ReviewVerdict, str]:
    """What a form decides and why. Raises ValueError on a verdict or a refusal that is none."""
    written = form.get("reason", "").strip()
    if "refuse" in form:
        if form["refuse"].upper() not in Refusal.__members__:
            raise ValueError(f"refuse {form['refuse']!r}: expected one of the page's reasons")
        why = Refusal[form["refuse"].upper()].value
        return ReviewVerdict.REJECT, f"{why}: {written}" if written else why
    verdict = ReviewVerdict(form.get("decision", ""))
    if verdict is ReviewVerdict.UNDO:
        raise ValueError("a decision is taken back by the key u alone")
    return verdict, written or (CORRECTED if verdict is ReviewVerdict.CORRECT else "")


def _find_changed_fields(form: Mapping[str, str], figure: WaitingFigure) -> dict[str, str]:
    """The fields whose text is not what was read."""
    return {
        name: form[name]
        for name in CORRECTABLE
        if name in form and form[name] != _format_value(figure.claim[name])
    }


def _format_value(value: object) -> str:
    return "" if value is None else str(value)
