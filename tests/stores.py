"""A real S3-compatible server on this machine, and a line to it that fails as lines do."""

import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.programs import free_port

KEY, SECRET = "AKIAINVENTED0", "invented-and-never-told"
RCLONE = Path(sys.executable).parent / "rclone"


@dataclass
class Server:
    """`rclone serve s3` over a folder, with a bucket named `builds`."""

    folder: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def bucket(self) -> Path:
        return self.folder / "builds"

    def start(self) -> None:
        self.bucket.mkdir(parents=True, exist_ok=True)
        self.process = subprocess.Popen(
            [
                str(RCLONE), "serve", "s3", "--addr", f"127.0.0.1:{self.port}",
                "--auth-key", f"{KEY},{SECRET}",
                "--config", os.devnull, str(self.folder),
            ],
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        for _ in range(200):
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
                return
            time.sleep(0.05)
        raise AssertionError("rclone does not serve")

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def environment(self, port: int | None = None) -> dict[str, str]:
        """What a machine is told that reads or publishes there, by way of another port where one is named."""
        return {
            "LIBEROMETRO_BUILDS": "s3://builds/monitor",
            "AWS_ACCESS_KEY_ID": KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port or self.port}",
            "AWS_REGION": "us-east-1",
        }


@contextmanager
def run_server(folder: Path) -> Iterator[Server]:
    """A server that runs, and can be killed and started again."""
    assert RCLONE.exists() or shutil.which("rclone"), "rclone is missing: make setup"
    server = Server(folder)
    server.start()
    try:
        yield server
    finally:
        server.kill()


_REFUSED = b"HTTP/1.1 500 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Line:
    """A port before another one. `fault` says what becomes of what passes: "" (nothing), "500", "cut" (after
    `most` bytes of answer), "flip" (a byte of each long answer), "slow", "hang".
    """

    def __init__(self, to: int) -> None:
        self._to, self.fault, self.most = to, "", 100_000
        self.sent = 0  # bytes that went to the server
        self.asked = 0  # connections
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listening.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                self.asked += 1
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        try:
            server = socket.create_connection(("127.0.0.1", self._to), timeout=5)
        except OSError:
            client.close()
            return
        server.settimeout(None)
        threading.Thread(target=self._pass, args=(client, server, True), daemon=True).start()
        self._pass(server, client, False)

    def _pass(self, source: socket.socket, target: socket.socket, up: bool) -> None:
        answered = 0
        with suppress(OSError):
            while piece := source.recv(65_536):
                if up and self.fault == "500":
                    source.sendall(_REFUSED)
                    break
                if up:
                    self.sent += len(piece)
                elif self.fault:
                    piece = self._spoil(piece, answered)
                answered += len(piece)
                if piece:
                    target.sendall(piece)
                if not up and self.fault == "cut" and answered >= self.most:
                    break
        for each in (source, target):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _spoil(self, piece: bytes, answered: int) -> bytes:
        if self.fault == "hang":
            time.sleep(3600)
        if self.fault == "slow":
            time.sleep(0.02)
        if self.fault == "cut":
            return piece[: max(0, self.most - answered)]
        if self.fault == "flip" and answered > self.most:
            return piece[:-1] + bytes([piece[-1] ^ 1])
        return piece
