"""What a page says of a figure: a verdict that is proposed, with the phrase it rests on and what to look at.

Proposed carefully: what the reader of prose did not recognise is left to the person, and a page that moved,
or lost its text, withdraws nothing.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import urlsplit, urlunsplit

from pipelines.intake.prose.extraction import Candidate
from pipelines.intake.prose.known_names import UNATTRIBUTED
from pipelines.intake.prose.prose_report import has_person_name
from pipelines.intake.recheck.cited_claims import CitedClaim
from pipelines.intake.recheck.cited_pages import CitedPage, PageText, Settings, Span
from pipelines.intake.review.masked_places import point_at
from pipelines.sheets.raw_table import ReadError
from pipelines.sheets.verifications import ReadingVerdict

_EMPTIED: Final = 300  # characters; a page with less has lost its text


@dataclass(frozen=True)
class Proposal:
    """A verdict for one claim. `phrase` is masked; `look` says what the reader of prose could not settle.

    `address` is where it was read, cut to its host where it names somebody.
    """

    claim: CitedClaim
    verdict: ReadingVerdict
    read_on: date
    phrase: str = ""
    look: tuple[str, ...] = ()
    field: str | None = None
    should_be: str | None = None
    address: str | None = None
    sha256: str | None = None


@dataclass(frozen=True)
class _Found:
    """A verdict before it has its phrase."""

    verdict: ReadingVerdict
    span: Span | None = None
    look: tuple[str, ...] = ()
    field: str | None = None
    should_be: str | None = None
    beside: bool = False  # the span is one of the whole page


def propose(
    claims: Sequence[CitedClaim], page: CitedPage, settings: Settings, known: Sequence[str], today: date
) -> Iterator[Proposal]:
    """A proposal for each claim of a page, all with values; none where it `waits`. `known` names stay."""
    if page.waits:
        return
    if page.path is None:
        yield from _propose_unreachable(claims, page.problem or "it is not there", today)
        return
    try:
        text = PageText(page.path, settings)
    except ReadError as error:
        problem = str(error).replace(str(page.path), "the page")
        yield from _propose_unreachable(claims, problem, today)
        return
    address, digest = _cut_address(page.final or page.address, text, known), page.sha256
    for claim in claims:
        found = _judge(claim, text, page)
        source = text.whole if found.beside else text.article
        phrase = point_at(source, found.span, known) if found.span else ""
        yield Proposal(
            claim, found.verdict, today, phrase, found.look, found.field, found.should_be, address, digest
        )


def _propose_unreachable(claims: Iterable[CitedClaim], problem: str, today: date) -> Iterator[Proposal]:
    for claim in claims:
        yield Proposal(claim, ReadingVerdict.UNREACHABLE, today, look=(problem,))


def _judge(claim: CitedClaim, text: PageText, page: CitedPage) -> _Found:
    assert claim.value is not None
    candidates = text.candidates(claim.published)
    own = [each for each in candidates if (each.value, each.value_high) == (claim.value, claim.value_high)]
    fitting = [each for each in own if each.measure == claim.measure]
    if fitting:
        best = max(fitting, key=lambda each: _rate_agreement(each, claim))
        return _Found(ReadingVerdict.STATES_IT, best.span, tuple(_list_differences(best, claim)))
    spans = text.spans_of(claim.value, claim.value_high)
    if spans and own and len(own) >= len(spans) and all(each.auto for each in own):
        look = "the reader is sure that it counts something else there"
        return _Found(
            ReadingVerdict.STATES_SOMETHING_ELSE, own[0].span, (look,), "measure", own[0].measure.value
        )
    if own:
        look = f"it reads as {own[0].measure} there, which is not sure"
        return _Found(ReadingVerdict.STATES_IT, own[0].span, (look,))
    if spans:
        look = "the number stands there; the reader does not see what it counts"
        return _Found(ReadingVerdict.STATES_IT, spans[0], (look,))
    beside = text.find_beside(claim.value)
    if beside:
        outside = "the number stands outside the article: in its title, a table, or what surrounds it"
        return _Found(ReadingVerdict.STATES_IT, beside, (outside,), beside=True)
    return _judge_missing(claim, text, page, candidates)


def _judge_missing(
    claim: CitedClaim, text: PageText, page: CitedPage, candidates: Sequence[Candidate]
) -> _Found:
    """The number is not there: it was changed, never stood there, or the page is another one by now."""
    read = len(text.article)
    if urlsplit(page.address).path in ("", "/"):
        return _Found(ReadingVerdict.UNREACHABLE, look=("the address is a front page, which changes",))
    if page.moved:
        return _Found(
            ReadingVerdict.UNREACHABLE, look=("the address leads to another page now, without the number",)
        )
    changed = [each for each in candidates if _is_same_thing(each, claim)]
    if changed:
        nearest = min(changed, key=lambda each: _measure_distance(each, claim))
        others = sorted({each.value for each in changed} - {nearest.value})
        also = [f"of the same thing it also says {', '.join(map(str, others))}"] if others else []
        should_be = str(nearest.value)
        return _Found(ReadingVerdict.STATES_SOMETHING_ELSE, nearest.span, tuple(also), "value", should_be)
    if read < _EMPTIED:
        return _Found(ReadingVerdict.UNREACHABLE, look=(f"the page has {read} characters left",))
    look = f"{read} characters were read and the number stands nowhere in them; its pictures were not read"
    return _Found(ReadingVerdict.DOES_NOT_STATE_IT, look=(look,))


def _is_same_thing(candidate: Candidate, claim: CitedClaim) -> bool:
    return (
        candidate.measure == claim.measure
        and candidate.breakdown == claim.breakdown
        and candidate.organisation in (claim.organisation, UNATTRIBUTED)
    )


def _measure_distance(candidate: Candidate, claim: CitedClaim) -> tuple[bool, int, int]:
    """Days between the moments, where both are known, then people between the values."""
    assert claim.value is not None
    people = abs(candidate.value - claim.value)
    if candidate.as_of is None or claim.as_of is None:
        return True, 0, people
    return False, abs((candidate.as_of - claim.as_of).days), people


def _rate_agreement(candidate: Candidate, claim: CitedClaim) -> tuple[bool, ...]:
    return (
        candidate.breakdown == claim.breakdown,
        candidate.organisation == claim.organisation,
        candidate.qualifier == claim.qualifier,
        candidate.as_of == claim.as_of,
    )


def _list_differences(candidate: Candidate, claim: CitedClaim) -> Iterator[str]:
    """What is read otherwise than the sheet says; a speaker or day that is not known is none."""
    for name in ("breakdown", "organisation", "qualifier", "as_of"):
        read, stated = getattr(candidate, name), getattr(claim, name)
        if read is not None and read != stated and read != UNATTRIBUTED:
            yield f"it reads {name} {read} there, not {stated}"


def _cut_address(address: str, text: PageText, known: Sequence[str]) -> str:
    """The address, cut to its host where it carries the name of somebody whom the page names."""
    if not has_person_name(address, text.whole, known):
        return address
    parts = urlsplit(address)
    return urlunsplit((parts.scheme, parts.netloc, "/", "", ""))
