"""A digest as text, HTML and JSON. What a source is called may be hostile: it is text here."""

import json
import unicodedata
from collections.abc import Iterator
from typing import Any, Final

from dashboards.digest.entries import Digest, DigestEntry
from dashboards.exhibits.situations import tell_signer
from dashboards.web.html import escape_text

STYLE: Final = (
    "body{font:16px/1.5 sans-serif;max-width:44rem;margin:1rem auto;padding:0 1rem;color:#1b1b1b}"
    "h1{font-size:1.35rem}h2{font-size:1.1rem}li{margin:0 0 .8rem}.s{color:#595959;font-size:.9rem}"
)
# An entry may stand for all mistakes of a day, and one mistake may be told in both groups.
UNCOUNTED: Final = ("withdrawn", "corrected")


def tell_title(digest: Digest) -> str:
    """What heads it: the situation and the days, on one line."""
    words, situation = digest.view.words, digest.view.situation
    days = {"since": words.short_day(digest.since), "until": words.short_day(digest.until)}
    return make_line(words("digest.title", situation=words.of(situation.name), **days))


def make_line(text: str) -> str:
    """A text on one line, without characters that cannot be seen or turn the writing round."""
    return " ".join("".join(" " if _is_unseen(each) else each for each in text).split())


def _is_unseen(character: str) -> bool:
    return unicodedata.category(character)[0] == "C"


def tell_group(digest: Digest, group: str, size: int) -> str:
    """The heading of a group, with its size where that is how many figures it tells of."""
    words = digest.view.words
    name = words(f"digest.{group}")
    return name if group in UNCOUNTED else words("digest.group", name=name, count=words.number(size))


def _list_notes(digest: Digest) -> list[str]:
    words = digest.view.words
    notes = [*filter(None, [tell_signer(digest.view)]), words("digest.footer")]
    return notes if digest.entries else [words("digest.nothing"), *notes]


def list_blocks(digest: Digest) -> Iterator[tuple[str, DigestEntry]]:
    """Each entry as text of some lines; the first of a group stands below the group's heading."""
    for group, entries in digest.list_groups():
        for number, each in enumerate(entries):
            head = "" if number else f"{tell_group(digest, group, len(entries)).upper()}\n\n"
            yield head + tell_entry(digest, each), each


def tell_entry(digest: Digest, entry: DigestEntry) -> str:
    """One entry as text: the day and the sentence, what stood before, its page, its source."""
    words = digest.view.words
    lines = [f"• {words.short_day(entry.day)}. {make_line(entry.sentence)}"]
    lines += [make_line(entry.before)] if entry.before else []
    lines += [entry.address] if entry.address else []
    lines += [f"{words('table.source')}: {make_line(entry.source)}"] if entry.source else []
    return "\n".join(lines)


def write_text(digest: Digest) -> str:
    """The whole as text."""
    blocks = [tell_title(digest), *(block for block, _ in list_blocks(digest)), *_list_notes(digest)]
    return "\n\n".join(blocks) + "\n"


def write_html(digest: Digest) -> str:
    """The whole as one page without scripts, pictures or anything fetched."""
    title = escape_text(tell_title(digest))
    parts = [
        f"<h2>{escape_text(tell_group(digest, group, len(entries)))}</h2>\n"
        f"<ul>\n{''.join(_render_entry(digest, each) for each in entries)}</ul>\n"
        for group, entries in digest.list_groups()
    ]
    notes = "".join(f"<p>{escape_text(each)}</p>\n" for each in _list_notes(digest))
    return (
        f'<!DOCTYPE html>\n<html lang="{escape_text(digest.view.language)}">\n<head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{title}</title>\n'
        f"<style>{STYLE}</style></head>\n<body>\n<h1>{title}</h1>\n{''.join(parts)}{notes}</body>\n</html>\n"
    )


def _render_entry(digest: Digest, entry: DigestEntry) -> str:
    words = digest.view.words
    day = f'<time datetime="{entry.day.isoformat()}">{escape_text(words.short_day(entry.day))}</time>'
    before = f"<br>{escape_text(make_line(entry.before))}" if entry.before else ""
    links = [
        f'<a href="{escape_text(url)}" rel="noopener noreferrer">{escape_text(name)}</a>'
        for url, name in ((entry.address, words("digest.page")), (entry.source, words("table.source")))
        if url
    ]
    below = f'<br><span class="s">{" · ".join(links)}</span>' if links else ""
    return f"<li>{day}. {escape_text(make_line(entry.sentence))}{before}{below}</li>\n"


def write_json(digest: Digest) -> str:
    """The whole for programs; docs/digest.md names the fields."""
    view = digest.view
    told: dict[str, Any] = {
        "situation": view.situation_id,
        "language": view.language,
        "build": view.build.id,
        "since": digest.since.isoformat(),
        "until": digest.until.isoformat(),
        "title": tell_title(digest),
        "entries": [_make_object(each) for each in digest.entries],
        "notes": _list_notes(digest),
    }
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def _make_object(entry: DigestEntry) -> dict[str, str]:
    return {
        "id": entry.id,
        "group": entry.group,
        "day": entry.day.isoformat(),
        "organisation": make_line(entry.organisation),
        "sentence": make_line(entry.sentence),
        "before": make_line(entry.before),
        "address": entry.address,
        "source": entry.source,
    }


FORMS: Final = {"text": write_text, "html": write_html, "json": write_json}
