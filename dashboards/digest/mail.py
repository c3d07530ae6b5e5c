"""The digest as one mail, text and HTML, handed to a relay for the one address of a list."""

import smtplib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Final

from dashboards.digest.channel import ChannelError, Message, UnsureError, make_key
from dashboards.digest.entries import Digest
from dashboards.digest.forms import tell_title, write_html, write_text
from pipelines.core.situation import DigestMail
from pipelines.intake.crawler.address_guard import is_loopback

PASSWORD: Final = "LIBEROMETRO_MAIL_PASSWORD"
USER: Final = "LIBEROMETRO_MAIL_USER"  # where it is not the address that the mail is from
RELAY: Final = "LIBEROMETRO_MAIL_RELAY"
_TLS_FROM_THE_START: Final = 465
_BROKEN: Final = (smtplib.SMTPException, OSError)


@dataclass(frozen=True)
class Mail:
    """One list by one relay. Another machine is spoken to over TLS only."""

    settings: DigestMail
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context, repr=False)
    seconds: float = 60.0  # for all of it
    now: Callable[[], datetime] = field(default=lambda: datetime.now(UTC), repr=False)
    repeats: bool = False

    @property
    def name(self) -> str:
        """The list."""
        return f"mail {self.settings.to}"

    @property
    def domain(self) -> str:
        """Of whom it is from; what this machine is called is told to nobody."""
        return self.settings.sender.partition("@")[2]

    def make_messages(self, digest: Digest) -> list[Message]:
        """One for all entries."""
        entries = tuple(each.id for each in digest.entries)
        key = make_key(self.name, entries)
        return [Message(key, entries, self._write(digest, key).as_bytes())]

    def _write(self, digest: Digest, key: str) -> EmailMessage:
        mail = EmailMessage(policy=SMTP)
        mail["Subject"] = tell_title(digest)
        mail["From"] = self.settings.sender
        mail["To"] = self.settings.to
        mail["Date"] = format_datetime(self.now())
        mail["Message-ID"] = f"<digest-{key}@{self.domain}>"
        mail["List-Id"] = f"<{digest.view.situation_id}.digest.{self.domain}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail["Content-Language"] = digest.view.language
        mail.set_content(write_text(digest), cte="quoted-printable")
        mail.add_alternative(write_html(digest), subtype="html", cte="quoted-printable")
        return mail

    def send(self, message: Message) -> None:
        """Raises as `Channel.send` does. What the relay says is told by its code alone."""
        host, _, port = self.settings.relay.rpartition(":")
        with self._connect(host, int(port)) as relay:
            try:
                self._greet(relay, host)
                for code, _ in (relay.mail(self.settings.sender), relay.rcpt(self.settings.to)):
                    if not 200 <= code < 300:
                        raise ChannelError(f"the relay answers {code}")
            except _BROKEN as error:
                raise ChannelError(_say(error)) from None
            try:
                relay.data(message.body)
            except smtplib.SMTPDataError as error:
                raise ChannelError(_say(error)) from None
            except _BROKEN as error:
                raise UnsureError(f"while it was handed over: {_say(error)}") from None

    @contextmanager
    def _connect(self, host: str, port: int) -> Iterator[smtplib.SMTP]:
        """A relay that is hung up on after `seconds`, however slowly it speaks."""
        try:
            if port == _TLS_FROM_THE_START:
                relay: smtplib.SMTP = smtplib.SMTP_SSL(
                    host, port, self.domain, timeout=self.seconds, context=self.tls
                )
            else:
                relay = smtplib.SMTP(host, port, self.domain, timeout=self.seconds)
        except _BROKEN as error:
            raise ChannelError(_say(error)) from None
        timer = threading.Timer(self.seconds, _hang_up, [relay])
        timer.daemon = True
        timer.start()
        try:
            yield relay
        finally:
            timer.cancel()
            relay.close()

    def _greet(self, relay: smtplib.SMTP, host: str) -> None:
        """TLS where the relay offers it, and always with another machine; then the password."""
        sock = relay.sock
        if sock is None:
            raise ChannelError("the relay hung up")
        here, hidden = is_loopback(str(sock.getpeername()[0])), isinstance(sock, ssl.SSLSocket)
        relay.ehlo()
        if not hidden and (relay.has_extn("starttls") or not here):
            if not relay.has_extn("starttls"):
                raise ChannelError(f"{host} is another machine and offers no STARTTLS")
            relay.starttls(context=self.tls)
            relay.ehlo()
        if self.password is not None:
            relay.login(self.user or self.settings.sender, self.password)


def _hang_up(relay: smtplib.SMTP) -> None:
    """The plain socket's shutdown: that of TLS would wait for the other side.

    STARTTLS puts another socket in the place of the first, so it is asked for now.
    """
    sock = relay.sock
    if sock is None:
        return
    try:
        socket.socket.shutdown(sock, socket.SHUT_RDWR)
    except OSError:
        return


def _say(error: Exception) -> str:
    """Our words and a code: what a server writes may repeat what it was sent."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return f"the relay refuses the password ({error.smtp_code})"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"the relay answers {error.smtp_code}"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not valid ({error.verify_message or 'another name'})"
    return "it does not answer in time" if isinstance(error, TimeoutError) else type(error).__name__
