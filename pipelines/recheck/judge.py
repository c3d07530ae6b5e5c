"""What a page says of a figure: a verdict that is proposed, with the phrase it rests on and what to look at.

Proposed carefully: what the rules did not recognise is left to the person, and a page that moved, or lost its
text, withdraws nothing.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import urlsplit, urlunsplit

from pipelines.extract import Candidate
from pipelines.extract.places import UNATTRIBUTED
from pipelines.prose import names_somebody
from pipelines.readers import ReadError
from pipelines.recheck.claims import Claim
from pipelines.recheck.pages import Page
from pipelines.recheck.text import PageText, Settings, Span
from pipelines.review.sentence import sentence_at
from pipelines.verifications import Verdict

_EMPTIED: Final = 300  # characters; a page with less has lost its text


@dataclass(frozen=True)
class Proposal:
    """A verdict for one claim. `phrase` is masked; `look` says what the rules could not settle.

    `address` is where it was read, cut to its host where it names somebody.
    """

    claim: Claim
    verdict: Verdict
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

    verdict: Verdict
    span: Span | None = None
    look: tuple[str, ...] = ()
    field: str | None = None
    should_be: str | None = None
    beside: bool = False  # the span is one of the whole page


def propose(
    claims: Sequence[Claim], page: Page, settings: Settings, known: Sequence[str], today: date
) -> Iterator[Proposal]:
    """A proposal for each claim of a page, all with values; none where it `waits`. `known` names stay."""
    if page.waits:
        return
    if page.path is None:
        yield from _unreachable(claims, page.problem or "it is not there", today)
        return
    try:
        text = PageText(page.path, settings)
    except ReadError as error:
        problem = str(error).replace(str(page.path), "the page")
        yield from _unreachable(claims, problem, today)
        return
    address, digest = _safe(page.final or page.address, text, known), page.sha256
    for claim in claims:
        found = _judge(claim, text, page)
        source = text.whole if found.beside else text.article
        phrase = str(sentence_at(source, found.span, known)) if found.span else ""
        yield Proposal(
            claim, found.verdict, today, phrase, found.look, found.field, found.should_be, address, digest
        )


def _unreachable(claims: Iterable[Claim], problem: str, today: date) -> Iterator[Proposal]:
    for claim in claims:
        yield Proposal(claim, Verdict.UNREACHABLE, today, look=(problem,))


def _judge(claim: Claim, text: PageText, page: Page) -> _Found:
    assert claim.value is not None
    candidates = text.candidates(claim.published)
    own = [each for each in candidates if (each.value, each.value_high) == (claim.value, claim.value_high)]
    fitting = [each for each in own if each.measure == claim.measure]
    if fitting:
        best = max(fitting, key=lambda each: _agreement(each, claim))
        return _Found(Verdict.STATES_IT, best.span, tuple(_differences(best, claim)))
    spans = text.spans_of(claim.value, claim.value_high)
    if spans and own and len(own) >= len(spans) and all(each.auto for each in own):
        look = "the rules are sure that it counts something else there"
        return _Found(Verdict.STATES_SOMETHING_ELSE, own[0].span, (look,), "measure", own[0].measure.value)
    if own:
        look = f"the rules read it as {own[0].measure} there, and are not sure"
        return _Found(Verdict.STATES_IT, own[0].span, (look,))
    if spans:
        look = "the number stands there; the rules do not see what it counts"
        return _Found(Verdict.STATES_IT, spans[0], (look,))
    beside = text.find_beside(claim.value)
    if beside:
        outside = "the number stands outside the article: in its title, a table, or what surrounds it"
        return _Found(Verdict.STATES_IT, beside, (outside,), beside=True)
    return _nowhere(claim, text, page, candidates)


def _nowhere(claim: Claim, text: PageText, page: Page, candidates: Sequence[Candidate]) -> _Found:
    """The number is not there: it was changed, never stood there, or the page is another one by now."""
    read = len(text.article)
    if urlsplit(page.address).path in ("", "/"):
        return _Found(Verdict.UNREACHABLE, look=("the address is a front page, which changes",))
    if page.moved:
        return _Found(
            Verdict.UNREACHABLE, look=("the address leads to another page now, without the number",)
        )
    changed = [each for each in candidates if _same_thing(each, claim)]
    if changed:
        nearest = min(changed, key=lambda each: _distance(each, claim))
        others = sorted({each.value for each in changed} - {nearest.value})
        also = [f"of the same thing it also says {', '.join(map(str, others))}"] if others else []
        should_be = str(nearest.value)
        return _Found(Verdict.STATES_SOMETHING_ELSE, nearest.span, tuple(also), "value", should_be)
    if read < _EMPTIED:
        return _Found(Verdict.UNREACHABLE, look=(f"the page has {read} characters left",))
    look = f"{read} characters were read and the number stands nowhere in them; its pictures were not read"
    return _Found(Verdict.DOES_NOT_STATE_IT, look=(look,))


def _same_thing(candidate: Candidate, claim: Claim) -> bool:
    return (
        candidate.measure == claim.measure
        and candidate.breakdown == claim.breakdown
        and candidate.organisation in (claim.organisation, UNATTRIBUTED)
    )


def _distance(candidate: Candidate, claim: Claim) -> tuple[bool, int, int]:
    """Days between the moments, where both are known, then people between the values."""
    assert claim.value is not None
    people = abs(candidate.value - claim.value)
    if candidate.as_of is None or claim.as_of is None:
        return True, 0, people
    return False, abs((candidate.as_of - claim.as_of).days), people


def _agreement(candidate: Candidate, claim: Claim) -> tuple[bool, ...]:
    return (
        candidate.breakdown == claim.breakdown,
        candidate.organisation == claim.organisation,
        candidate.qualifier == claim.qualifier,
        candidate.as_of == claim.as_of,
    )


def _differences(candidate: Candidate, claim: Claim) -> Iterator[str]:
    """What the rules read otherwise than the sheet; a speaker or day that they do not know is none."""
    for name in ("breakdown", "organisation", "qualifier", "as_of"):
        read, stated = getattr(candidate, name), getattr(claim, name)
        if read is not None and read != stated and read != UNATTRIBUTED:
            yield f"the rules read {name} {read} there, not {stated}"


def _safe(address: str, text: PageText, known: Sequence[str]) -> str:
    """The address, cut to its host where it carries the name of somebody whom the page names."""
    if not names_somebody(address, text.whole, known):
        return address
    parts = urlsplit(address)
    return urlunsplit((parts.scheme, parts.netloc, "/", "", ""))
