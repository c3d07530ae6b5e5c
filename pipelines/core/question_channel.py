"""A group's own channel for "something is wrong here", and the link that opens it with the question written.

Mail by RFC 6068; a form or an issue tracker by a template of its address. The reader's own programme sends
the question: nobody's address is held here.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlsplit

import msgspec

MOST: Final = 2_000  # characters of a link: what mail programmes, browsers and trackers take
MOST_TEMPLATE: Final = 500
_MOST_SUBJECT: Final = 300  # encoded
_CUT: Final = "…"
_PLACES: Final = ("{text}", "{subject}")
_MAIL: Final = re.compile(
    r"(?=[^@]{1,64}@)[A-Za-z0-9]+(?:[._+-][A-Za-z0-9]+)*@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}"
)
_NOT_IN_ADDRESS: Final = frozenset(" \"'<>\\^`|")
_UNSEEN: Final = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


class QuestionChannel(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`[questions]` of `situation.toml`: exactly one of the three.

    A form and an issue tracker are addresses with `{text}`, and `{subject}` where they take one.
    """

    mail: str | None = None
    form: str | None = None
    issues: str | None = None

    def __post_init__(self) -> None:
        """Raises ValueError where it is not one of them, or none that a link may lead to."""
        stated = [name for name in ("mail", "form", "issues") if getattr(self, name) is not None]
        if len(stated) != 1:
            raise ValueError(f"one of mail, form and issues is needed, not {' and '.join(stated) or 'none'}")
        if self.mail is not None:
            if not _MAIL.fullmatch(self.mail) or len(self.mail) > 254:
                raise ValueError("mail: expected a plain address, such as name@group.example")
        elif problem := _find_problem(self.template):
            raise ValueError(f"{stated[0]}: {problem}")

    @property
    def template(self) -> str:
        """The address of the form or the tracker with its places; empty for mail."""
        return self.form or self.issues or ""


def _find_problem(template: str) -> str | None:
    """Why a template is refused; None where it holds."""
    plain = template.replace("{text}", "").replace("{subject}", "")
    try:
        parts = urlsplit(plain)
    except ValueError:
        return "expected an address"
    opens = re.search(r"[?#]", template)
    if parts.scheme != "https" or not parts.hostname or "@" in parts.netloc:
        return "expected an address that begins with https:// and names a host"
    if len(template) > MOST_TEMPLATE:
        return f"longer than {MOST_TEMPLATE} characters"
    if not template.isascii() or not template.isprintable() or not _NOT_IN_ADDRESS.isdisjoint(template):
        return "holds a character that an address may not; encode it as %XX"
    if template.count("{text}") != 1 or template.count("{subject}") > 1:
        return "expected {text} once, and {subject} once or not at all"
    if {"{", "}"} & set(plain):
        return f"only {' and '.join(_PLACES)} may stand in braces"
    if opens is None or min(template.find(each) for each in _PLACES if each in template) < opens.start():
        return "{text} and {subject} stand behind a ? or a #"
    return None


@dataclass(frozen=True)
class WrittenQuestion:
    """What a question says before its reader adds to it."""

    subject: str
    about: str  # the sentence or title that it is about, as it is shown; shortened first
    facts: tuple[str, ...]  # lines by which a maintainer finds it, the most needed first
    asks: tuple[str, ...]  # what the reader is asked: what is wrong, and no names


def make_link(channel: QuestionChannel, question: WrittenQuestion) -> str:
    """The link that opens the channel with the question; never longer than MOST.

    Where it would be, what is asked about is shortened, then facts are left out from the last.
    """
    mail = channel.mail is not None
    subject = _cut(" ".join(clean_text(question.subject).split()), _MOST_SUBJECT)
    if mail:
        template = f"mailto:{quote(channel.mail or '', safe='@')}?subject={{subject}}&body={{text}}"
    else:
        template = channel.template
    begun = template.replace("{subject}", _encode(subject))
    text = _fit(question, MOST - len(begun) + len("{text}"), mail)
    return begun.replace("{text}", _encode(text, mail))


def clean_text(text: str) -> str:
    """A text without what cannot be seen; its lines end in line feeds."""
    return _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _fit(question: WrittenQuestion, room: int, mail: bool) -> str:
    about, facts = clean_text(question.about), [clean_text(each) for each in question.facts]
    asks = [clean_text(each) for each in question.asks]
    while True:
        spare = room - len(_encode(_join("", facts, asks), mail))
        if spare >= 0 or not facts:
            return _cut(_join(_cut(about, spare, mail), facts, asks), room, mail)
        facts.pop()


def _join(about: str, facts: Sequence[str], asks: Sequence[str]) -> str:
    return "\n".join([about, "", *facts, "", *asks])


def _cut(text: str, room: int, mail: bool = False) -> str:
    """As much of a text as takes no more room than this once encoded."""
    if len(_encode(text, mail)) <= room:
        return text
    room -= len(_encode(_CUT))
    kept = 0
    for letter in text:
        room -= len(_encode(letter, mail))
        if room < 0:
            break
        kept += 1
    return text[:kept].rstrip() + _CUT if kept else ""


def _encode(text: str, mail: bool = False) -> str:
    """Percent-encoded UTF-8; lines end in %0D%0A in mail (RFC 6068) and in %0A elsewhere."""
    return quote(text.replace("\n", "\r\n") if mail else text, safe="")
