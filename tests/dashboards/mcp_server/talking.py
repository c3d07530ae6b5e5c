"""The server for programs as one starts it: a process of its own, spoken to by the SDK's own client."""

import os
import sys
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from anyio.from_thread import BlockingPortal, start_blocking_portal
from mcp import Client, StdioServerParameters
from mcp.types import CallToolResult

from pipelines.core.paths import ROOT
from tests.conftest import TODAY

T = TypeVar("T")
COMMAND = ["-m", "dashboards", "mcp"]


class Program(NamedTuple):
    """A client that is connected to a server over a data folder."""

    data: Path
    portal: BlockingPortal
    client: Client

    def talk(self, talk: Callable[[Client], Awaitable[T]]) -> T:
        """What `talk` returns after it has spoken with the server."""
        return self.portal.call(talk, self.client)

    def ask(self, *calls: tuple[str, Mapping[str, Any]]) -> list[CallToolResult]:
        """The answers to these calls, each a tool and its arguments."""
        return [self.portal.call(partial(self.client.call_tool, tool, dict(of))) for tool, of in calls]


@contextmanager
def connect(data: Path) -> Iterator[Program]:
    """A server over this data folder, started and ended with the SDK's client."""
    server = StdioServerParameters(
        command=sys.executable, args=COMMAND, cwd=ROOT, env={**surround(data), "PATH": os.environ["PATH"]}
    )
    with start_blocking_portal() as portal, portal.wrap_async_context_manager(Client(server)) as client:
        yield Program(data, portal, client)


def surround(data: Path) -> dict[str, str]:
    """The environment of a server that serves this data folder on a known day."""
    return {"LIBEROMETRO_DATA": str(data), "LIBEROMETRO_TODAY": TODAY.isoformat()}


def text_of(answer: CallToolResult) -> str:
    return "\n".join(part.text for part in answer.content)
