"""A mail relay on loopback that speaks SMTP and misbehaves as told."""

import socketserver
import ssl
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field


@dataclass
class Relay:
    """`mails` are those that it took. `refuse`: a verb → the answer to it; None hangs up without one.

    With `tls` it offers STARTTLS. `drips`: a verb that it answers a digit at a time, for a minute.
    """

    refuse: dict[str, str | None] = field(default_factory=dict)
    tls: ssl.SSLContext | None = None
    drips: str = ""
    mails: list[bytes] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    server: socketserver.ThreadingTCPServer = field(init=False)

    def __post_init__(self) -> None:
        relay = self

        class Talk(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                self._tell("220 relay")
                while line := self.rfile.readline():
                    relay.said.append(line.decode().strip())
                    verb = line.decode().split()[0].upper()
                    if verb == relay.drips:
                        self._drip()
                        return
                    if verb in relay.refuse:
                        answer = relay.refuse[verb]
                        if answer is None:
                            return
                        self._tell(answer)
                    elif verb == "EHLO" and relay.tls is not None:
                        self._tell("250-relay\r\n250-AUTH PLAIN\r\n250 STARTTLS")
                    elif verb == "STARTTLS" and relay.tls is not None:
                        self._tell("220 begin")
                        self._hide(relay.tls)
                    elif verb == "AUTH":
                        self._tell("235 well")
                    elif verb == "DATA":
                        self._tell("354 go on")
                        relay.mails.append(self._read_mail())
                        if "AFTER" in relay.refuse:
                            return
                        self._tell("250 taken")
                    else:
                        self._tell("250 well")

            def _hide(self, tls: ssl.SSLContext) -> None:
                hidden = tls.wrap_socket(self.request, server_side=True)
                self.rfile, self.wfile = hidden.makefile("rb"), hidden.makefile("wb", 0)
                relay.said.append("hidden")

            def _read_mail(self) -> bytes:
                lines = []
                while (line := self.rfile.readline()) not in (b".\r\n", b""):
                    lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
                return b"".join(lines)

            def _drip(self) -> None:
                with suppress(OSError):
                    for _ in range(600):
                        self.wfile.write(b"2")
                        time.sleep(0.1)

            def _tell(self, text: str) -> None:
                self.wfile.write(f"{text}\r\n".encode())

        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Talk)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server.server_address[1]}"

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
