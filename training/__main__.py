"""`python -m training`: learn from the labelled texts, write the artefact, say how long it took.

`--without HAND …` leaves hands out, so that they stay unseen; `python -m training.scoring` measures on them.
`--trust HAND …` teach nothing either: by them probabilities are brought to what is so, the two readers are
weighed against each other, and the bar is found from which a claim is sure.
"""

import argparse
import json
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import torch
from sentencepiece import SentencePieceProcessor

from pipelines.intake.prose.encoder import FOLDER, Pieces
from training.agreeing import NEVER, find_bar, find_share, read_twice
from training.artefact import choose_pieces, make_vocabulary, open_vocabulary, read_artefact, write_artefact
from training.calibrating import find_temperatures
from training.examples import Example, prepare
from training.fitting import PASSES, Network, fit
from training.labels import Labelled, find_targets, list_hands, look, read_texts
from training.light import describe, fit_light
from training.network import LAYERS, Encoder, Heads
from training.source_weights import SourceWeights, find_source, read_source

LIMITS: Final = (
    "Made for reports on people held or released for political reasons, in es, en, pt, it, fr, de.",
    "One in three of its claims on hard texts is wrong in some field; what it is not sure of waits.",
    "Releases of a day or a window, and full freedom, are what it reads worst.",
    "It points at what the scan found: a day or a speaker that the scan misses cannot be read.",
    "Joint statements of two organisations and second meanings of a number are seldom found.",
    "The texts that it learnt from speak mostly of Venezuela, half of them in Spanish.",
)
_BEFORE: Final = ("texts", "hands", "seed", "passes", "started_from")  # told of an artefact to go on from
_OFTEN: Final = 5  # a value of a part that so many labels have is known by itself


@dataclass(frozen=True)
class Beginning:
    """What stands before anything is learnt: `rows` are the pieces that are kept, `parts` the values that the
    heads know by themselves."""

    source: SourceWeights
    rows: np.ndarray
    parts: list[str]
    vocabulary: SentencePieceProcessor
    network: Network

    def make_example(self, labelled: Labelled) -> Example:
        """A text as the network takes it."""
        scene, mentions = look(labelled)
        found = self.vocabulary.encode(mentions.plain.replace("\n", " "), return_type="offset_mapping")
        pieces = Pieces(found["ids"], found["offsets"])
        return prepare(mentions, pieces, self.parts, find_targets(labelled, scene, mentions))


def begin(texts: Sequence[Labelled]) -> Beginning:
    """A network that has learnt nothing yet, for what some texts hold."""
    counted = Counter(
        value
        for each in texts
        for claim in each.claims
        if claim["breakdown"] != "total"
        for value in claim["breakdown"].split(";")
    )
    parts = [value for value, count in counted.most_common() if count >= _OFTEN]
    source = read_source(find_source())
    rows = choose_pieces(source, (each.text for each in texts))
    place = {number: index for index, number in enumerate(rows.tolist())}
    edges = (place[source.begin], place[source.end])
    network = Network(Encoder(source, np.asarray(rows)), Heads(source.width, len(parts)), edges)
    return Beginning(source, rows, parts, open_vocabulary(make_vocabulary(source, rows)), network)


def main() -> None:
    """Train once."""
    asked = _ask()
    begun = time.monotonic()
    torch.manual_seed(asked.seed)
    hands = [hand for hand in list_hands() if hand not in (*asked.without, *asked.trust)]
    texts, trusted = list(read_texts(hands)), list(read_texts(asked.trust))
    start = begin(texts)
    network = start.network
    _say(f"{len(texts)} texts of {len(hands)} hands, {len(start.rows)} pieces, {len(start.parts)} parts")
    examples, calibrating = ([start.make_example(each) for each in some] for some in (texts, trusted))
    if asked.start:
        read_artefact(asked.start, network, start.parts)
    fit(network, examples, asked.passes, asked.seed, _say)
    card = {
        "texts": len(texts),
        "claims": sum(len(each.claims) for each in texts),
        "hands": hands,
        "unseen": sorted(asked.without),
        "calibrated_by": sorted(asked.trust),
        "temperatures": find_temperatures(network, calibrating),
        "share": 1.0,
        "sure": NEVER,
        "seed": asked.seed,
        "passes": asked.passes,
        "layers": LAYERS,
        "limits": LIMITS,
    }
    if asked.start:
        before = json.loads((asked.start / "card.json").read_text("utf-8"))
        card["started_from"] = {name: before[name] for name in _BEFORE if name in before}
    write_artefact(network, start.source, start.rows, start.parts, card, asked.out)
    _add_second_reader(texts, trusted, asked.seed, asked.out)
    _say(f"{asked.out}: written after {round((time.monotonic() - begun) / 60)} min")


def _add_second_reader(texts: Sequence[Labelled], trusted: Sequence[Labelled], seed: int, out: Path) -> None:
    told = []
    for each in texts:
        scene, mentions = look(each)
        told.append(describe(scene, mentions, find_targets(each, scene, mentions)))
    tables = fit_light(told, seed)
    np.savez_compressed(
        out / "light.npz", **{name: table.astype(np.float16) for name, table in tables.items()}
    )
    twice = read_twice(trusted, out)
    card = json.loads((out / "card.json").read_text("utf-8"))
    card["share"] = find_share(twice) if twice else 1.0
    card["sure"] = find_bar(twice, card["share"])
    _say(f"share of the first reader {card['share']}, sure from {card['sure']:.3f}")
    (out / "card.json").write_text(json.dumps(card, indent=1, ensure_ascii=False) + "\n", "utf-8")


def _ask() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    hands = list_hands()
    parser.add_argument("--without", nargs="*", default=[], metavar="HAND", choices=hands)
    parser.add_argument("--trust", nargs="*", default=[], metavar="HAND", choices=hands)
    parser.add_argument("--passes", type=int, default=PASSES)
    parser.add_argument("--start", type=Path, metavar="FOLDER", help="an artefact to go on from")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=FOLDER)
    return parser.parse_args()


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    main()
