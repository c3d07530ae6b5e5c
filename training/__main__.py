"""`python -m training`: learn from the labelled texts, write the artefact, say how long it took.

`--without HAND …` leaves hands out, so that they stay unseen; `python -m training.scoring` measures on them.
"""

import argparse
import time
from collections import Counter
from pathlib import Path
from typing import Final

import numpy as np
import torch

from pipelines.intake.prose.encoder import FOLDER, Pieces
from training.artefact import choose_pieces, make_vocabulary, open_vocabulary, write_artefact
from training.calibrating import find_temperatures
from training.examples import Example, prepare
from training.fitting import PASSES, Network, fit, work_out_states
from training.labels import Labelled, find_targets, list_hands, look, read_texts
from training.network import FROZEN, LAYERS, Encoder, Heads
from training.source_weights import find_source, read_source

NEVER: Final = 1.1  # no probability is as high: nothing is sure
_OFTEN: Final = 5  # a value of a part that so many labels have is known by itself


def main() -> None:
    """Train once."""
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    parser.add_argument("--without", nargs="*", default=[], metavar="HAND", choices=list_hands())
    parser.add_argument(
        "--trust",
        nargs="*",
        default=[],
        metavar="HAND",
        choices=list_hands(),
        help="hands that teach nothing, by which probabilities are brought to what is so",
    )
    parser.add_argument("--passes", type=int, default=PASSES)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=FOLDER)
    asked = parser.parse_args()
    begun = time.monotonic()
    torch.manual_seed(asked.seed)
    hands = [hand for hand in list_hands() if hand not in (*asked.without, *asked.trust)]
    texts = list(read_texts(hands))
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
    vocabulary = open_vocabulary(make_vocabulary(source, rows))
    place = {number: index for index, number in enumerate(rows.tolist())}
    network = Network(
        Encoder(source, np.asarray(rows)),
        Heads(source.width, len(parts)),
        (place[source.begin], place[source.end]),
    )

    def make(each: Labelled) -> Example:
        scene, mentions = look(each)
        found = vocabulary.encode(mentions.plain.replace("\n", " "), return_type="offset_mapping")
        pieces = Pieces(found["ids"], found["offsets"])
        return prepare(mentions, pieces, parts, find_targets(each, scene, mentions))

    examples, trusted = [make(each) for each in texts], [make(each) for each in read_texts(asked.trust)]
    print(f"{len(texts)} texts of {len(hands)} hands, {len(rows)} pieces, {len(parts)} parts", flush=True)
    work_out_states(network, [*examples, *trusted])
    fit(network, examples, asked.passes, asked.seed, lambda line: print(line, flush=True))
    temperatures = find_temperatures(network, trusted)
    print(f"temperatures {temperatures}", flush=True)
    minutes = round((time.monotonic() - begun) / 60)
    card = {
        "texts": len(texts),
        "claims": sum(len(each.claims) for each in texts),
        "hands": hands,
        "unseen": sorted(asked.without),
        "calibrated_by": sorted(asked.trust),
        "temperatures": temperatures,
        "sure": NEVER,
        "seed": asked.seed,
        "passes": asked.passes,
        "layers": LAYERS,
        "untrained_layers": FROZEN,
        "minutes": minutes,
    }
    write_artefact(network, source, rows, parts, card, asked.out)
    print(f"{asked.out}: written after {minutes} min")


if __name__ == "__main__":
    main()
