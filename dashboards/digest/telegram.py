"""The digest as plain messages in one Telegram channel, parted between entries.

Telegram knows no key by which a repeat could be dropped: what is unsure is never sent again by itself.
"""

import json
import re
from dataclasses import dataclass, field
from typing import Final

import msgspec

from dashboards.digest.channel import ChannelError, Message, UnsureError, make_key
from dashboards.digest.entries import Digest
from dashboards.digest.forms import list_blocks, tell_title
from dashboards.digest.http_out import HttpOut, read_place
from dashboards.exhibits.situations import tell_signer

TOKEN: Final = "LIBEROMETRO_TELEGRAM_TOKEN"
ADDRESS: Final = "LIBEROMETRO_TELEGRAM_ADDRESS"  # of a Bot API server of one's own
USUAL_ADDRESS: Final = "https://api.telegram.org"
LONGEST: Final = 4096  # of one message, in the units of UTF-16 that Telegram counts
_TOKEN: Final = re.compile(r"\d{1,20}:[A-Za-z0-9_-]{1,100}")
_HINTS: Final = {
    400: "the channel's name is wrong, or the bot is not in it",
    401: "the token is wrong",
    403: "the bot may not write in the channel; make it an administrator",
    404: "the token is wrong",
}


class _Answer(msgspec.Struct, frozen=True):
    ok: bool


@dataclass(frozen=True)
class Telegram:
    """One channel (@name)."""

    channel: str
    token: str | None = field(repr=False)
    address: str = field(default=USUAL_ADDRESS, repr=False)
    out: HttpOut = field(default_factory=HttpOut, repr=False)
    repeats: bool = False

    @property
    def name(self) -> str:
        """The channel."""
        return f"telegram {self.channel}"

    def make_messages(self, digest: Digest) -> list[Message]:
        """As many as are needed, each with whole entries; the first begins with the title.

        Figures of another group are shown under its name in each: a message is passed on alone.
        """
        parts: list[tuple[str, list[str]]] = []
        signer = tell_signer(digest.view)
        heads = (tell_title(digest), digest.view.words("digest.footer"), signer)
        text, entries = "\n".join(filter(None, heads)), list[str]()
        for block, entry in list_blocks(digest):
            longer = f"{text}\n\n{block}"
            if count_units(longer) > LONGEST and entries:
                parts.append((text, entries))
                longer, entries = "\n\n".join(filter(None, (signer, block))), []
            text, entries = cut(longer), [*entries, entry.id]
        parts.append((text, entries))
        return [self._make_message(text, tuple(ids)) for text, ids in parts]

    def _make_message(self, text: str, entries: tuple[str, ...]) -> Message:
        said = {"chat_id": self.channel, "text": text, "link_preview_options": {"is_disabled": True}}
        return Message(make_key(self.name, entries), entries, json.dumps(said, ensure_ascii=False).encode())

    def send(self, message: Message) -> None:
        """Raises as `Channel.send` does."""
        if self.token is None:
            raise ChannelError(f"${TOKEN} is not set")
        if not _TOKEN.fullmatch(self.token):
            raise ChannelError(f"${TOKEN} is no token: digits, a colon, letters")
        place = read_place(f"{self.address.rstrip('/')}/bot{self.token}/sendMessage")
        try:
            answer = self.out.send(place, message.body, {}, repeats=False)
        except UnsureError:
            raise
        except ChannelError as error:
            hint = _HINTS.get(error.status or 0)
            raise ChannelError(f"{error}: {hint}" if hint else str(error), error.status) from None
        try:
            taken = msgspec.json.decode(answer.body, type=_Answer).ok
        except (msgspec.MsgspecError, ValueError, RecursionError):
            taken = False
        if not taken:
            raise UnsureError("what it answers is not Telegram's answer to a message that was taken")


def count_units(text: str) -> int:
    """The length of a text as Telegram counts it."""
    return len(text.encode("utf-16-le")) // 2


def cut(text: str) -> str:
    """A text that fits into one message: one that is longer ends in an ellipsis."""
    if count_units(text) <= LONGEST:
        return text
    kept = text.encode("utf-16-le")[: 2 * (LONGEST - 1)].decode("utf-16-le", "ignore")
    return f"{kept}…"
