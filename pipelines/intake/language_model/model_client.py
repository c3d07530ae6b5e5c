"""One question to a server with a language model (`/v1/chat/completions`), and what it answered, in numbers.

No redirect is followed and no proxy used; an answer is bounded in bytes and seconds; a passing trouble is
waited out a few times. Nothing that a server says is repeated but its status.
"""

import random
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Annotated, Final

import msgspec

from pipelines.core.privacy import DiscreetError
from pipelines.intake.crawler.address_guard import Resolve, look_up
from pipelines.intake.crawler.crawl_state import FailedError, RefusedError
from pipelines.intake.crawler.http_transfer import HttpAnswer, post
from pipelines.intake.crawler.polite_client import Clock, SystemClock, read_retry_after
from pipelines.intake.crawler.source_list import RequestLimits
from pipelines.intake.language_model.settings import ModelServer, resolve_server

_PASSING: Final = {408, 425, 429, 500, 502, 503, 504}  # statuses that another attempt may change
_FIRST_PAUSE: Final = timedelta(seconds=2)  # before the second attempt; doubled for each further one
_LONGEST_PAUSE: Final = timedelta(minutes=2)  # a server that wants more is left alone
_CONNECT_SECONDS: Final = 10.0

Tokens = Annotated[int, msgspec.Meta(ge=0, le=10**9)]


class UnansweredError(DiscreetError):
    """A question got no answer; the message says why, in our words and not in the server's."""


class UnreadableError(UnansweredError):
    """The server answered, and what it sent is no answer: the text that was asked about may have done it."""


class _Usage(msgspec.Struct, frozen=True):
    prompt_tokens: Tokens | None = None
    completion_tokens: Tokens | None = None


class _Message(msgspec.Struct, frozen=True):
    content: str


class _Choice(msgspec.Struct, frozen=True):
    message: _Message
    finish_reason: str | None = None


class _Completion(msgspec.Struct, frozen=True):
    choices: Annotated[list[_Choice], msgspec.Meta(min_length=1)]
    usage: _Usage | None = None


@dataclass(frozen=True)
class Completion:
    """What the model wrote, and how many tokens it read and wrote for that, as the server counts them; None
    where it does not say. `cut`: it was stopped at `answer_tokens`."""

    content: str
    tokens_in: int | None
    tokens_out: int | None
    cut: bool = False


@dataclass
class ModelClient:
    """Asks one server. `requests` counts what was sent, attempts that failed included. `resolve`, `clock`,
    `chance` and `tls` are the world, for tests to hand in."""

    server: ModelServer
    resolve: Resolve = look_up
    clock: Clock = field(default_factory=SystemClock)
    chance: random.Random = field(default_factory=random.Random)
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    requests: int = 0

    def ask(self, body: bytes) -> Completion:
        """Raises UnansweredError, and ModelSettingsError where the server may not be asked at all."""
        trouble = "it was not asked"
        for attempt in range(1, self.server.settings.attempts + 1):
            try:
                answer = self._send(body)
            except FailedError as error:
                trouble, asked_for = str(error), None
            except RefusedError:
                raise UnreadableError("its answer is larger than `answer_kilobytes` allows") from None
            else:
                if answer.status == 200:
                    return _read_completion(answer)
                if answer.status not in _PASSING:
                    raise UnansweredError(_explain_status(answer.status))
                trouble, asked_for = f"it answers {answer.status}", answer.headers
            if attempt < self.server.settings.attempts:
                self._wait(attempt, asked_for, trouble)
        raise UnansweredError(trouble)

    def _send(self, body: bytes) -> HttpAnswer:
        addresses = resolve_server(self.server, self.resolve)
        settings = self.server.settings
        limits = RequestLimits(
            connect_seconds=min(_CONNECT_SECONDS, settings.seconds),
            read_seconds=settings.seconds,
            total_seconds=settings.seconds,
        )
        self.requests += 1
        return post(
            self.server.place,
            addresses,
            body,
            headers=make_headers(self.server, body),
            limits=limits,
            max_bytes=1000 * settings.answer_kilobytes,
            tls=self.tls,
        )

    def _wait(self, attempt: int, headers: Mapping[str, str] | None, trouble: str) -> None:
        asked = read_retry_after(headers, self.clock.now()) if headers else None
        pause = asked or _FIRST_PAUSE * 2 ** (attempt - 1) * (1 + self.chance.random() / 2)
        if pause > _LONGEST_PAUSE:
            raise UnansweredError(f"{trouble} and wants a longer pause than is waited for")
        self.clock.sleep(pause)


def make_headers(server: ModelServer, body: bytes, *, show: bool = False) -> dict[str, str]:
    """All headers of a request; with `show` as they may be shown, without the key."""
    headers = {
        "Host": server.place.authority,
        "Accept-Encoding": "gzip",
        "Content-Length": str(len(body)),
        "Content-Type": "application/json",
        "Accept": "application/json",
        "User-Agent": "Liberometro",
    }
    if server.key is not None:
        headers["Authorization"] = "Bearer (the key)" if show else f"Bearer {server.key}"
    return headers


def _explain_status(status: int) -> str:
    if 300 <= status < 400:
        return f"it redirects ({status}), which is not followed"
    hint = {400: "the question may be too long for it, or it knows no json_schema", 401: "the key is wrong"}
    known = hint.get(status) or {403: "the key is wrong", 404: "the address or the model's name"}.get(status)
    return f"it answers {status}" + (f": {known}" if known else "")


def _read_completion(answer: HttpAnswer) -> Completion:
    if answer.content_type != "application/json":
        raise UnreadableError("what it sends is not said to be JSON")
    try:
        completion = msgspec.json.decode(answer.body, type=_Completion)
    except (msgspec.MsgspecError, RecursionError, ValueError):
        raise UnreadableError("what it sends is no chat completion") from None
    choice = completion.choices[0]
    usage = completion.usage or _Usage()
    cut = choice.finish_reason == "length"
    return Completion(choice.message.content, usage.prompt_tokens, usage.completion_tokens, cut)
