"""One round: to each channel what it has not got, written down before and after: nothing goes twice."""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import msgspec

from dashboards.digest import mail, sent, telegram, webhook
from dashboards.digest.channel import Channel, ChannelError, Message, UnsureError
from dashboards.digest.entries import Digest
from dashboards.digest.http_out import HttpOut
from dashboards.digest.sent import ChannelState, SentState
from pipelines.core.situation import DigestChannels, DigestMail, Situation, SituationError

Unsure = Literal["sent", "again"]  # what a person found out about messages that may have arrived


class NoChannelError(SituationError):
    """No channel is named, or one is named so that a secret would go where only a file says."""


@dataclass(frozen=True)
class ChannelOutcome:
    """What became of one channel: what was sent now, how many entries may have arrived, the trouble."""

    name: str
    entries: int = 0
    messages: int = 0
    unsure: int = 0
    trouble: str = ""


def list_channels(
    situation: Situation, environment: Mapping[str, str] | None = None, out: HttpOut | None = None
) -> list[Channel]:
    """The channels that the group names, with their secrets of the environment. Raises NoChannelError."""
    said = os.environ if environment is None else environment
    named, world = situation.digest or DigestChannels(), out or HttpOut()
    found: list[Channel] = []
    address = said.get(webhook.ADDRESS, "").strip() or named.webhook
    if address:
        address = _check_webhook(address)
        found.append(webhook.Webhook(address, said.get(webhook.SECRET) or None, world))
    if named.telegram:
        server = said.get(telegram.ADDRESS, "").strip() or telegram.USUAL_ADDRESS
        token = said.get(telegram.TOKEN, "").strip() or None
        found.append(telegram.Telegram(named.telegram, token, server, world))
    if named.mail:
        found.append(_make_mail(named.mail, said))
    if not found:
        raise NoChannelError(
            "no channel is named: give `webhook`, `telegram` or `mail` below [digest] in situation.toml "
            "(docs/digest.md)"
        )
    return found


def _check_webhook(address: str) -> str:
    """An address of the environment is held against the same rule as one of the file."""
    try:
        msgspec.convert({"webhook": address}, DigestChannels)
        webhook.Webhook(address).name  # noqa: B018
    except (msgspec.ValidationError, ChannelError):
        raise NoChannelError(
            "the webhook's address is no https address (http only for this machine); it is not repeated here"
        ) from None
    return address


def _make_mail(settings: DigestMail, said: Mapping[str, str]) -> mail.Mail:
    password, relay = said.get(mail.PASSWORD) or None, said.get(mail.RELAY, "").strip()
    if password is not None and not relay:
        raise NoChannelError(
            f"${mail.PASSWORD} is set and ${mail.RELAY} is not: a password goes only where the environment "
            "says, never where a file of the data folder does"
        )
    if relay:
        try:
            plain = msgspec.to_builtins(settings)
            settings = msgspec.convert({**plain, "relay": relay}, DigestMail)
        except msgspec.ValidationError:
            raise NoChannelError(f"${mail.RELAY} is a name and a port: smtp.example.org:587") from None
    return mail.Mail(settings, said.get(mail.USER, "").strip() or None, password)


def select_unsent(digest: Digest, state: ChannelState) -> Digest:
    """The digest without what a channel has got or may have got."""
    known = state.sent | state.list_unsure()
    return replace(digest, entries=tuple(each for each in digest.entries if each.id not in known))


def send_digest(
    digest: Digest, channels: Sequence[Channel], folder: Path, unsure: Unsure | None = None
) -> Iterator[ChannelOutcome]:
    """Send to each channel in turn; one that fails does not stop the others. Raises sent.SentError."""
    with sent.lock(folder):
        state = sent.read_state(folder)
        for channel in channels:
            own = state.channels.setdefault(channel.name, ChannelState())
            if not channel.repeats:
                _settle_unsure(own, unsure)
            yield _send_to(channel, digest, folder, state, own)


def _settle_unsure(own: ChannelState, unsure: Unsure | None) -> None:
    if unsure == "sent":
        own.sent |= own.list_unsure()
    if unsure is not None:
        own.unsure.clear()


def plan_messages(channel: Channel, digest: Digest, own: ChannelState) -> list[Message]:
    """What a channel is to be sent now: first what is unsure, as the messages that it was, where a repeat is
    known by its key; then what it has not got."""
    again = own.unsure.values() if channel.repeats else ()
    parts = [replace(digest, entries=tuple(e for e in digest.entries if e.id in set(ids))) for ids in again]
    parts.append(select_unsent(digest, own))
    return [message for part in parts if part.entries for message in channel.make_messages(part)]


def _send_to(
    channel: Channel, digest: Digest, folder: Path, state: SentState, own: ChannelState
) -> ChannelOutcome:
    entries = messages = 0
    trouble = ""
    for message in plan_messages(channel, digest, own):
        known = message.key in own.unsure
        own.unsure[message.key] = list(message.entries)
        sent.write_state(folder, state)
        try:
            channel.send(message)
        except UnsureError as error:
            trouble = f"it may have arrived or not: {error}"
            break
        except ChannelError as error:
            if not known:
                del own.unsure[message.key]
            trouble = str(error)
            break
        own.sent |= set(message.entries)
        own.unsure = {key: ids for key, ids in own.unsure.items() if set(ids) - own.sent}
        entries, messages = entries + len(message.entries), messages + 1
    sent.write_state(folder, state)
    return ChannelOutcome(channel.name, entries, messages, len(own.list_unsure()), trouble)
