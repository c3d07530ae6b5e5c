"""The server for programs as one starts it: a process of its own, spoken to by the SDK's own client."""

import os
import sys
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import anyio
from mcp import Client, StdioServerParameters
from mcp.types import CallToolResult

from pipelines.core.paths import ROOT
from tests.conftest import TODAY

T = TypeVar("T")
COMMAND = ["-m", "dashboards", "mcp"]


def surround(data: Path) -> dict[str, str]:
    """The environment of a server that serves this data folder on a known day."""
    return {"LIBEROMETRO_DATA": str(data), "LIBEROMETRO_TODAY": TODAY.isoformat()}


def converse(data: Path, talk: Callable[[Client], Awaitable[T]]) -> T:
    """What `talk` returns after it has spoken with a server over this data folder."""

    async def connect() -> T:
        server = StdioServerParameters(
            command=sys.executable, args=COMMAND, cwd=ROOT, env={**surround(data), "PATH": os.environ["PATH"]}
        )
        with anyio.fail_after(120):
            async with Client(server) as client:
                return await talk(client)

    return anyio.run(connect)


def ask(data: Path, *calls: tuple[str, Mapping[str, Any]]) -> list[CallToolResult]:
    """The answers to these calls, each a tool and its arguments, in one conversation."""

    async def talk(client: Client) -> list[CallToolResult]:
        return [await client.call_tool(tool, dict(arguments)) for tool, arguments in calls]

    return converse(data, talk)


def text_of(answer: CallToolResult) -> str:
    return "\n".join(part.text for part in answer.content)
