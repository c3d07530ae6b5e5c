"""The digest as JSON to one address of the group's own: signed, under a key by which a repeat is known."""

import hashlib
import hmac
from dataclasses import dataclass, field

from dashboards.digest.channel import Message, make_key
from dashboards.digest.entries import Digest
from dashboards.digest.forms import write_json
from dashboards.digest.http_out import HttpOut, read_place

SECRET = "LIBEROMETRO_WEBHOOK_SECRET"
ADDRESS = "LIBEROMETRO_WEBHOOK_ADDRESS"


@dataclass(frozen=True)
class Webhook:
    """One address; what stands behind its host is shown nowhere, for it may be a secret."""

    address: str = field(repr=False)
    secret: str | None = field(default=None, repr=False)
    out: HttpOut = field(default_factory=HttpOut, repr=False)
    repeats: bool = True

    @property
    def name(self) -> str:
        """The host, and which of its addresses without saying it."""
        told = hashlib.sha256(self.address.encode()).hexdigest()[:8]
        return f"webhook {read_place(self.address).host} {told}"

    def make_messages(self, digest: Digest) -> list[Message]:
        """One for all entries."""
        entries = tuple(each.id for each in digest.entries)
        return [Message(make_key(self.name, entries), entries, write_json(digest).encode())]

    def send(self, message: Message) -> None:
        """Raises as `Channel.send` does."""
        headers = {"Idempotency-Key": message.key}
        if self.secret:
            signed = hmac.new(self.secret.encode(), message.body, hashlib.sha256).hexdigest()
            headers["X-Liberometro-Signature"] = f"sha256={signed}"
        self.out.send(read_place(self.address), message.body, headers, repeats=True)
