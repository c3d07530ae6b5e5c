"""The connection goes to the address that was checked, and the certificate must be for the name."""

import ssl
import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from pipelines.intake.crawler.address_guard import parse_place, resolve_public
from pipelines.intake.crawler.crawl_state import FailedError, RefusedError
from pipelines.intake.crawler.http_transfer import HttpAnswer, get
from pipelines.intake.crawler.source_list import RequestLimits
from tests.pipelines.intake.crawler.server import Server, reply


@dataclass
class SecureServer:
    """A server with a certificate for diario.example, a context that trusts it, and the names it was sent."""

    server: Server
    trusting: ssl.SSLContext
    names: list[str | None]

    def get(self, host: str) -> HttpAnswer:
        place = parse_place(f"https://{host}:{self.server.port}/a", [self.server.port])
        return get(
            place,
            ["127.0.0.1"],
            headers={},
            limits=RequestLimits(total_seconds=5.0),
            max_bytes=1000,
            accepted=None,
            tls=self.trusting,
        )


@pytest.fixture
def secure(server: Server, tmp_path: Path) -> SecureServer:
    """The local server behind TLS."""
    key, certificate = make_certificate("diario.example")
    (tmp_path / "pair.pem").write_bytes(key + certificate)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "pair.pem")
    names: list[str | None] = []
    context.sni_callback = lambda _, name, __: names.append(name)
    server.http.socket = context.wrap_socket(server.http.socket, server_side=True)
    server.paths["/a"] = reply("hello")
    return SecureServer(server, ssl.create_default_context(cadata=certificate.decode()), names)


def test_the_name_is_sent_and_proved_though_the_address_is_given(secure: SecureServer) -> None:
    assert secure.get("diario.example").body == b"hello"
    assert secure.names == ["diario.example"]
    assert secure.server.asked[0][1]["Host"] == f"diario.example:{secure.server.port}"


def test_a_certificate_for_another_name_is_no_connection(secure: SecureServer) -> None:
    with pytest.raises(FailedError, match="certificate is not valid"):
        secure.get("otro.example")
    assert secure.server.asked == []


def test_a_certificate_of_an_unknown_authority_is_no_connection(secure: SecureServer) -> None:
    secure.trusting = ssl.create_default_context()
    with pytest.raises(FailedError, match="certificate is not valid"):
        secure.get("diario.example")


def test_a_name_that_answers_differently_a_moment_later_gains_nothing(server: Server) -> None:
    answers = iter((["8.8.8.8"], ["127.0.0.1"]))
    place = parse_place(f"http://cambia.example:{server.port}/a", [server.port])
    checked = resolve_public(place, resolve=lambda *_: next(answers))
    assert checked == ["8.8.8.8"]  # what the connection is given; the name is not asked again
    with pytest.raises(RefusedError, match=r"127\.0\.0\.1"):
        resolve_public(place, resolve=lambda *_: next(answers))


def test_no_thread_is_left_behind(secure: SecureServer) -> None:
    secure.get("diario.example")
    assert not [
        thread
        for thread in threading.enumerate()
        if isinstance(thread, threading.Timer) and thread.is_alive() and not thread.finished.is_set()
    ]


def make_certificate(name: str) -> tuple[bytes, bytes]:
    """A key and a certificate of its own for a name, both PEM, made for this run."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return private, certificate.public_bytes(serialization.Encoding.PEM)
