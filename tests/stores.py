"""A real S3-compatible server on this machine, and a line to it that fails as lines do."""

import json
import re
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.programs import Call, free_port

KEY, SECRET = "AKIAINVENTED0", "invented-and-never-told"
WEED = Path(sys.executable).parent / "weed"
PARTS = ("master", "volume", "filer", "s3")
STARTS_WITHIN_SECONDS = 60


@dataclass
class Server:
    """SeaweedFS in one process over a folder, with a bucket named `builds`. It honours conditional writes."""

    folder: Path
    port: int = field(default_factory=free_port)
    host: str = "127.0.0.1"
    anonymous: bool = False  # whether it takes what nobody signed
    prefix: tuple[str, ...] = ()  # a command that runs it elsewhere
    call: Call = lambda work: work()  # calls what asks it there
    process: subprocess.Popen[bytes] | None = None
    _inner: dict[str, int] = field(default_factory=dict)

    def start(self) -> None:
        """Raises AssertionError with its log where it does not serve."""
        self.folder.mkdir(parents=True, exist_ok=True)
        keys = {"accessKey": KEY, "secretKey": SECRET}
        actions = ["Admin", "Read", "Write", "List"]
        identities: list[dict[str, object]] = [{"name": "tests", "credentials": [keys], "actions": actions}]
        if self.anonymous:
            identities.append({"name": "anonymous", "actions": actions})
        settings = {"identities": identities}
        (self.folder / "keys.json").write_text(json.dumps(settings), "utf-8")
        self._inner = self._inner or {name: free_port() for part in PARTS for name in _name_ports(part)}
        ports = self._inner | {"s3.port": self.port}
        options = {
            "dir": self.folder,
            "ip": self.host,
            "ip.bind": self.host,
            "master.peers": "none",
            "master.telemetry": "false",
            "master.volumeSizeLimitMB": 64,
            "volume.max": 100,
            "s3.config": self.folder / "keys.json",
            "s3.port.iceberg": 0,
            "s3.port.lance": 0,
            "filer.localSocket": self.folder / "filer.sock",
            "s3.localSocket": self.folder / "s3.sock",
            **ports,
        }
        stated = [f"-{name}={value}" for name, value in options.items()]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [*self.prefix, str(WEED), "-logtostderr=true", "server", "-s3", *stated],
                stdout=log, stderr=log,
            )  # fmt: skip
        deadline = time.monotonic() + STARTS_WITHIN_SECONDS
        while not self.call(self._makes_bucket):
            lost = time.monotonic() > deadline or self.process.poll() is not None
            assert not lost, f"the store does not start:\n{(self.folder / 'log').read_text('utf-8')[-3000:]}"
            time.sleep(0.1)

    def _makes_bucket(self) -> bool:
        """Whether all of it answers: a bucket is a folder of the filer, made with its first file."""
        filer = f"http://{self.host}:{self._inner['filer.port']}/buckets/builds/started"
        with suppress(OSError), socket.create_connection((self.host, self.port), timeout=1):
            asked = urllib.request.Request(filer, b"yes", {"Content-Type": "text/plain"}, method="PUT")
            with urllib.request.urlopen(asked, timeout=5) as answer:
                return bool(answer.status == 201)
        return False

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None
            for part in PARTS:  # what it leaves outside its folder
                Path(f"/tmp/seaweedfs-{part}-grpc-{self._inner[f'{part}.port.grpc']}.sock").unlink(True)

    def environment(self, port: int | None = None) -> dict[str, str]:
        """What a machine is told that reads or publishes there, by way of another port where one is named."""
        return {
            "LIBEROMETRO_BUILDS": "s3://builds/monitor",
            "AWS_ACCESS_KEY_ID": KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_ENDPOINT_URL": f"http://{self.host}:{port or self.port}",
            "AWS_REGION": "us-east-1",
        }


def _name_ports(part: str) -> tuple[str, str]:
    return f"{part}.port", f"{part}.port.grpc"


@contextmanager
def run_server(folder: Path, *, anonymous: bool = False) -> Iterator[Server]:
    """A server that runs, and can be killed and started again."""
    server = Server(folder, anonymous=anonymous)
    try:
        server.start()
        yield server
    finally:
        server.kill()


_REFUSED = b"HTTP/1.1 500 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
_CONDITION = re.compile(rb"(?im)^if-(none-)?match:[^\r\n]*\r\n")


class Line:
    """A port before another one. `fault` says what becomes of what passes: "" (nothing), "500", "cut" (after
    `most` bytes of answer), "flip" (a byte of each long answer), "slow", "hang"; "deaf" takes conditions out,
    so that the server ignores them (what is asked may not be signed then), "501" refuses them.
    """

    def __init__(self, to: int) -> None:
        self._to, self.fault, self.most = to, "", 100_000
        self.sent = 0  # bytes that went to the server
        self.breaks_at = 0  # of these, the number at which one connection breaks, once
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
                if up and self.fault == "501" and _CONDITION.search(piece):
                    source.sendall(_REFUSED.replace(b"500", b"501"))
                    break
                if up and self.fault == "deaf":
                    piece = _CONDITION.sub(b"", piece)
                if up:
                    self.sent += len(piece)
                    if 0 < self.breaks_at < self.sent:
                        self.breaks_at = 0
                        break
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
