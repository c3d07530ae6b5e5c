"""Visitors who arrive at the same instant: Streamlit's own websocket protocol, without a browser."""

import asyncio
import time
from collections.abc import Callable
from typing import NamedTuple

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import connect


class Wave(NamedTuple):
    """What a wave of visitors saw."""

    seconds: float  # until all had their page
    texts: list[str]  # the HTML that each got
    held: float  # what `look` saw while all were still there


def wave(port: int, visitors: int, look: Callable[[], float] = lambda: 0.0) -> Wave:
    """All visitors ask for the first page at once and stay until each has it.

    Raises ExceptionGroup where one of them is refused, loses the connection or gets a page without words.
    """
    return asyncio.run(_wave(port, visitors, look))


async def _wave(port: int, visitors: int, look: Callable[[], float]) -> Wave:
    gate, leave = asyncio.Event(), asyncio.Event()
    ready = asyncio.Semaphore(0)
    done: list[str] = []

    async def visit() -> None:
        address = f"ws://127.0.0.1:{port}/_stcore/stream"
        async with connect(address, subprotocols=["streamlit"], max_size=None, compression=None) as socket:
            ready.release()
            await gate.wait()
            ask = BackMsg()
            ask.rerun_script.query_string = ""
            await socket.send(ask.SerializeToString())
            seen: list[str] = []
            while True:
                answer = ForwardMsg()
                answer.ParseFromString(await socket.recv())
                kind = answer.WhichOneof("type")
                if kind == "delta":
                    seen.append(str(answer.delta.new_element.html.body))
                if kind == "script_finished":
                    break
            if not any(seen):
                raise ConnectionError("a visitor got a page without words")
            done.append(" ".join(seen))
            ready.release()
            await leave.wait()

    async with asyncio.TaskGroup() as group:  # a visitor who fails ends the wait for the others
        for _ in range(visitors):
            group.create_task(visit())
        for _ in range(visitors):
            await ready.acquire()
        begun = time.perf_counter()
        gate.set()
        for _ in range(visitors):
            await ready.acquire()
        seconds = time.perf_counter() - begun
        held = look()
        leave.set()
    return Wave(seconds, done, held)
