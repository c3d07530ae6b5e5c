"""A report in prose becomes candidate claims that wait for a person's yes.

Input: a text, HTML page, PDF or image in the inbox. Output: one row a candidate, in the shape of
CLAIM_SCHEMA, which carries the number's phrase alone, with personal names and numbers masked.
"""

import re
from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit, urlunsplit

import polars as pl

from pipelines.extract import Candidate, extract
from pipelines.extract.documents import Document, read_document
from pipelines.extract.masking import mask
from pipelines.extract.normalise import fold
from pipelines.model import CLAIM_SCHEMA, Provenance, PublishedBasis, State
from pipelines.privacy import MASK, mask_numbers
from pipelines.queue import INBOX
from pipelines.situation import Organisation, Situation

FOUND_BY: Final = "found by rule {}; waits for a person"
WITHHELD: Final = "full address withheld: it names a person"


def read_report(
    path: Path,
    *,
    situation: Situation,
    organisations: Sequence[Organisation],
    published: date | None,
    publisher: str,
    url: str | None,
    retrieved: date | None = None,
) -> pl.DataFrame:
    """The candidate claims of one report in the shape of CLAIM_SCHEMA, in reading order, all pending.

    Only where the situation says `accept_auto` are those that the rules are sure of accepted: `enqueue`
    writes that down as a decision, which counts as long as nothing speaks against the figure.
    `place` counts characters of the whole text, with page and box before them where the format has some.
    An address that carries the name of somebody whom the text names is cut to its host. Raises ReadError
    on a file that cannot be read as text.
    """
    document = read_document(path)
    candidates = extract(document.text, published, situation, list(organisations))
    address, note = url, None
    if url and names_somebody(url, document.text, known_names(situation, organisations)):
        parts = urlsplit(url)
        address, note = urlunsplit((parts.scheme, parts.netloc, "/", "", "")), WITHHELD
    shared = {
        "situation": situation.id,
        "published": published,
        "published_basis": PublishedBasis.STATED.value,
        "retrieved": retrieved,
        "publisher": mask_numbers(publisher),
        "url": address,
        "note": note,
        "file": _file(path),
    }
    rows = [
        {**shared, **_row(each, document, publisher, organisations, situation.accept_auto)}
        for each in candidates
    ]
    return pl.DataFrame(rows, schema=pl.Schema(CLAIM_SCHEMA))


def known_names(situation: Situation, organisations: Sequence[Organisation]) -> list[str]:
    """Names that a masked text may keep: organisations, who speaks for them, and the situation's places."""
    places = [
        value.replace("_", " ")
        for key in ("facility", "place", "region", "case")
        for value in situation.breakdown_values.get(key, [])
    ]
    labels = [text for texts in situation.breakdown_labels.values() for text in texts.values()]
    spoken = [name for each in organisations for name in (each.name, *each.aliases, *each.spokespeople)]
    return [*spoken, *places, *labels]


def names_somebody(url: str, text: str, known: Sequence[str]) -> bool:
    """Whether an address carries two words in a row that are masked as a name in the text it leads to."""
    slug = [word for word in re.split(r"[^a-z]+", fold(unquote(urlsplit(url).path))) if len(word) > 1]
    pairs = set(pairwise(slug))
    if not pairs:
        return False
    words = re.findall(r"[^\W\d_]+", text)
    written = pairwise(words)
    suspects = {
        f"{first} {second}"
        for first, second in written
        if first[:1].isupper() and second[:1].isupper() and (fold(first), fold(second)) in pairs
    }
    return any(mask(f"de {suspect}", known) == f"de {MASK}" for suspect in suspects)


def _row(
    candidate: Candidate,
    document: Document,
    publisher: str,
    organisations: Sequence[Organisation],
    accept_auto: bool,
) -> dict[str, Any]:
    speaks = next((each for each in organisations if each.id == candidate.organisation), None)
    own = speaks is not None and fold(publisher) in {fold(name) for name in (speaks.name, *speaks.aliases)}
    return {
        "organisation": candidate.organisation,
        "measure": candidate.measure.value,
        "population": candidate.population,
        "breakdown": candidate.breakdown,
        "qualifier": candidate.qualifier.value,
        "value": candidate.value,
        "value_high": candidate.value_high,
        "period_start": candidate.period_start,
        "as_of": candidate.as_of,
        "as_of_basis": candidate.as_of_basis.value if candidate.as_of_basis else None,
        "as_of_precision": candidate.as_of_precision.value,
        "provenance": (Provenance.PRIMARY if own else Provenance.PRESS).value,
        "raw": mask_numbers(candidate.phrase),
        "place": _place(candidate.span, document),
        "state": (State.ACCEPTED if candidate.auto and accept_auto else State.PENDING).value,
        "reason": FOUND_BY.format(candidate.rule),
    }


def _place(span: tuple[int, int], document: Document) -> str:
    page, box = document.place(span)
    where = f"characters {span[0]}-{span[1]}"
    if box is not None:
        where = f"box {' '.join(f'{side:.0f}' for side in box)} {where}"
    return where if page is None else f"page {page} {where}"


def _file(path: Path) -> str:
    """The path below the situation's folder; a file that is not in an inbox keeps its name alone."""
    parts = path.parts
    below = [index for index, part in enumerate(parts) if part == INBOX]
    return "/".join(parts[below[-1] :]) if below else path.name
