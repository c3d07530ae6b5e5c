"""How far two readers together are to be trusted, from texts that taught neither."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from pipelines.intake.prose.composing import ReadClaim, compose_claims
from pipelines.intake.prose.encoder import Encoder
from pipelines.intake.prose.light_reader import LightReader
from pipelines.intake.prose.readings import Reading, blend, read_numbers
from tests.pipelines.intake.prose.score import WHOLE, pair, same, score
from training.labels import Labelled, look, read_vocabulary

SHARES: Final = tuple(np.arange(0.3, 1.01, 0.05).round(2).tolist())
_PRECISION: Final = 0.98
_ENOUGH: Final = 60  # claims above a bar before its precision says anything
NEVER: Final = 1.1  # no probability is as high: nothing is sure


@dataclass(frozen=True)
class TwoReadings:
    """A text with what each reader makes of it."""

    page: Labelled
    first: list[Reading]
    second: list[Reading]

    def compose(self, readings: Sequence[Reading]) -> list[ReadClaim]:
        """The claims of some readings of this text."""
        return compose_claims(readings, *read_vocabulary(self.page.situation))


def read_twice(pages: Sequence[Labelled], folder: Path) -> list[TwoReadings]:
    """What both readers of an artefact make of some texts."""
    encoder, light = Encoder(folder), LightReader(folder)
    out = []
    for page in pages:
        scene, mentions = look(page)
        out.append(TwoReadings(page, read_numbers(mentions, encoder), light.read(scene, mentions)))
    return out


def find_share(texts: Sequence[TwoReadings]) -> float:
    """The share of the first reader by which most whole claims are right."""
    return max(SHARES, key=lambda share: _score(texts, share)["claim_f1"])


def _score(texts: Sequence[TwoReadings], share: float) -> dict[str, Any]:
    gold = {each.page.id: {"claims": each.page.claims, "distractors": []} for each in texts}
    guesses = [
        {"id": each.page.id, **tell(claim)}
        for each in texts
        for claim in each.compose(blend(each.first, each.second, share))
    ]
    return score(gold, guesses)


def tell(claim: ReadClaim) -> dict[str, Any]:
    """A claim as the scorer takes it."""
    return {
        "organisation": claim.organisation,
        "measure": claim.measure.value,
        "breakdown": claim.breakdown,
        "qualifier": claim.qualifier.value,
        "value": claim.number.value,
        "value_high": claim.number.high,
        "as_of": claim.as_of.isoformat() if claim.as_of else None,
        "period_start": claim.period_start.isoformat() if claim.period_start else None,
    }


def find_bar(texts: Sequence[TwoReadings], share: float) -> float:
    """The probability from which claims that both readers make are right in 98 of 100, or NEVER."""
    judged = []
    for each in texts:
        claims = each.compose(blend(each.first, each.second, share))
        alone = [
            {claim.identity for claim in each.compose(blend(each.first, each.second, own))}
            for own in (1.0, 0.0)
        ]
        told = [tell(claim) | {"place": place} for place, claim in enumerate(claims)]
        right = {
            guess["place"]
            for gold, guess in pair(each.page.claims, told)
            if all(same(field, gold, guess) for field in WHOLE)
        }
        judged += [
            (claim.probability, place in right)
            for place, claim in enumerate(claims)
            if all(claim.identity in found for found in alone)
        ]
    return choose_bar(judged)


def choose_bar(judged: Iterable[tuple[float, bool]]) -> float:
    """The lowest probability above which 98 in 100 are right by at least one standard error, or NEVER.

    `judged` is each claim's probability, and whether it is right. Without the margin the bar falls where 98
    in 100 happen to hold on these texts, and on others they do not.
    """
    bar, hits = NEVER, 0
    falling = sorted(judged, key=lambda each: (-each[0], each[1]))  # of equals the wrong ones count first
    for count, (probability, is_right) in enumerate(falling, 1):
        hits += is_right
        if count >= _ENOUGH and _lower_bound(hits, count) >= _PRECISION:
            bar = probability
    return float(bar)


def _lower_bound(hits: int, count: int) -> float:
    """The share less one standard error: Wilson's score interval (1927) with z = 1."""
    share, spread = hits / count, math.sqrt(hits * (count - hits) / count + 0.25) / count
    return (share + 0.5 / count - spread) / (1 + 1 / count)
