"""The asked reader: a language model of a group's own choice reads a text beside the learned reader.

A text goes out once, masked, with the numbers that the scan found; what comes back are readings in the shape
of the learned reader's, and what they cost.
"""

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from pipelines.core.situation import LanguageModel, Organisation, Situation
from pipelines.intake.language_model.answer import Dropped, read_answer
from pipelines.intake.language_model.model_client import (
    ModelClient,
    UnansweredError,
    UnreadableError,
    make_headers,
)
from pipelines.intake.language_model.question import Question, make_question, write_body
from pipelines.intake.prose.composing import compose_claims
from pipelines.intake.prose.extraction import Candidate, look_at_text, make_candidate
from pipelines.intake.prose.mentions import Span, list_mentions
from pipelines.intake.prose.name_masking import mask_span
from pipelines.intake.prose.readings import Reading
from pipelines.intake.prose.text_marks import Scene

_GIVEN_UP: Final = 3  # texts in a row without an answer
_MILLION: Final = 1_000_000


@dataclass
class Costs:
    """What asking cost: of one text, or of several added up. Tokens are those that the server told; `untold`
    are the answers of which it did not tell them."""

    texts: int = 0
    requests: int = 0
    answers: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    untold: int = 0
    seconds: float = 0.0

    def add(self, other: "Costs") -> None:
        """Those of a further text."""
        self.texts += other.texts
        self.requests += other.requests
        self.answers += other.answers
        self.tokens_in += other.tokens_in
        self.tokens_out += other.tokens_out
        self.untold += other.untold
        self.seconds += other.seconds

    def price(self, settings: LanguageModel) -> float | None:
        """In the currency of the settings; None where a price is not set or tokens were not told."""
        if settings.price_in is None or settings.price_out is None or self.untold:
            return None
        return (self.tokens_in * settings.price_in + self.tokens_out * settings.price_out) / _MILLION


@dataclass(frozen=True)
class AskedText:
    """One text as the asked reader reads it. `candidates` is None where there was no answer, and `silent`
    says why. A text without numbers is not sent: it has no claims. `unasked` are the characters of numbers
    that a mask hides, so that nothing was asked about them."""

    candidates: list[Candidate] | None
    readings: list[Reading]
    dropped: Counter[Dropped]
    costs: Costs
    silent: str | None = None
    unasked: tuple[Span, ...] = ()


@dataclass
class AskedReader:
    """Reads the texts of one run. `costs` and `dropped` are those of all texts so far."""

    client: ModelClient
    situation: Situation
    organisations: list[Organisation]
    costs: Costs = field(default_factory=Costs)
    dropped: Counter[Dropped] = field(default_factory=Counter)
    _silent: int = 0  # texts in a row

    def read(self, text: str, published: date | None, language: str | None = None) -> AskedText:
        """Ask about a text. Raises ModelSettingsError where the server may not be asked, LanguageError on a
        language without a file; what the server does wrong is told in the answer."""
        scene, question = self._prepare(text, published, language)
        if not question.numbers:
            return AskedText([], [], Counter(), Costs(), unasked=_list_unasked(scene, question))
        if len(question.text.text) > self.client.server.settings.text_letters:
            return AskedText(None, [], Counter(), Costs(), "the text is longer than `text_letters` allows")
        if self._silent >= _GIVEN_UP:
            return AskedText(None, [], Counter(), Costs(), f"not asked: {_GIVEN_UP} texts got no answer")
        asked = self._ask(scene, question)
        self._silent = 0 if asked.costs.answers else self._silent + 1
        self.costs.add(asked.costs)
        self.dropped.update(asked.dropped)
        return asked

    def show(self, text: str, published: date | None, language: str | None = None) -> str | None:
        """The request as it would be sent, to the letter, but for the key; None where none would be."""
        _, question = self._prepare(text, published, language)
        server = self.client.server
        if not question.numbers or len(question.text.text) > server.settings.text_letters:
            return None
        body = write_body(question, server)
        headers = [f"{name}: {value}" for name, value in make_headers(server, body, show=True).items()]
        return "\n".join([f"POST {server.place.url}", *headers, "", body.decode()])

    def _prepare(self, text: str, published: date | None, language: str | None) -> tuple[Scene, Question]:
        scene = look_at_text(text, published, self.situation, self.organisations, language)
        return scene, make_question(
            scene,
            list_mentions(scene),
            self.situation,
            self.organisations,
            unknown_words=self.client.server.masks_unknown_words,
        )

    def _ask(self, scene: Scene, question: Question) -> AskedText:
        began, before = time.monotonic(), self.client.requests
        body = write_body(question, self.client.server)
        try:
            completion = self.client.ask(body)
        except UnansweredError as error:
            answers = int(isinstance(error, UnreadableError))
            costs = Costs(
                texts=1,
                requests=self.client.requests - before,
                answers=answers,
                untold=answers,
                seconds=time.monotonic() - began,
            )
            return AskedText(None, [], Counter(), costs, str(error))
        costs = Costs(
            texts=1,
            requests=self.client.requests - before,
            answers=1,
            tokens_in=completion.tokens_in or 0,
            tokens_out=completion.tokens_out or 0,
            untold=int(completion.tokens_in is None or completion.tokens_out is None),
            seconds=time.monotonic() - began,
        )
        if completion.cut:
            return AskedText(None, [], Counter(), costs, "its answer was cut off at `answer_tokens`")
        answer = read_answer(completion.content, question)
        candidates = make_candidates(answer.readings, scene, self.situation, self.organisations)
        if answer.dropped.keys() & {Dropped.NOT_JSON, Dropped.WRONG_SHAPE}:
            return AskedText(None, [], answer.dropped, costs, "its answer is not of the shape asked for")
        unasked = _list_unasked(scene, question)
        return AskedText(candidates, answer.readings, answer.dropped, costs, unasked=unasked)


def _list_unasked(scene: Scene, question: Question) -> tuple[Span, ...]:
    asked = {number.tokens for number in question.numbers.values()}
    return tuple(scene.normal.span(*n.span) for n in question.mentions.numbers if n.tokens not in asked)


def make_candidates(
    readings: Sequence[Reading], scene: Scene, situation: Situation, organisations: Sequence[Organisation]
) -> list[Candidate]:
    """The claims of readings as candidates; never sure, and their phrase is the number alone."""
    claims = compose_claims(readings, situation, organisations)
    return [
        replace(
            make_candidate(claim, scene, situation, reader="asked"),
            phrase=mask_span(scene, *claim.number.tokens),
        )
        for claim in claims
    ]
