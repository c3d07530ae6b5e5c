"""The archived copy of a document that a figure is from, and what the document was when it was read."""

from collections.abc import Iterable, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from dashboards.i18n.rich_text import Link, Part
from dashboards.queries import claim_rows
from dashboards.queries.view import View

Row = Mapping[str, Any]
_SHOWN: Final = 12  # hex digits of a sum; all of them stand in the open data


def tell_copies(view: View, addresses: Iterable[str | None]) -> dict[str | None, list[Part]]:
    """Address → what is told of its document; only addresses of which anything is known."""
    documents = {each: each.partition("#")[0] for each in addresses if each}
    wanted = tuple(sorted(set(documents.values())))
    known = claim_rows.list_archived_copies(view.build, view.situation_id, wanted) if wanted else {}
    return {
        each: _tell_copy(view, known[document]) for each, document in documents.items() if document in known
    }


def _tell_copy(view: View, document: Row) -> list[Part]:
    """A link to the copy, and the sum of what was read here: that the archive got the same nobody checked."""
    words, told = view.words, list[Part]()
    if document["archive"]:
        host = urlsplit(document["archive"]).hostname or document["archive"]
        copied = words("copy.archived", host=host, day=words.day(document["archived_on"]))
        told.append(Link(copied, document["archive"]))
    if document["sha256"]:
        day = words.day(document["retrieved"])
        told.append(words("copy.document", day=day, sum=f"{document['sha256'][:_SHOWN]}…"))
    return told
