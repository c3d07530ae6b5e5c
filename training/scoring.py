"""`python -m training.scoring HAND …`: how well the reader does on the texts of some hands.

A score on texts that the reader has learnt from says nothing: the artefact's card names the hands that it has
not seen. Intervals are by bootstrap over texts (200 draws, 95 in 100). `--card` writes all into the card.
"""

import argparse
import json
import random
from collections.abc import Sequence
from typing import Any, Final

from rich.console import Console
from rich.table import Table

from pipelines.core.model import Measure
from pipelines.intake.prose.encoder import DEFAULT_ENCODER, FOLDER
from pipelines.intake.prose.extraction import extract
from tests.pipelines.intake.prose.score import score
from training.labels import Labelled, list_hands, read_texts, read_vocabulary

_DRAWS: Final = 200


def main() -> None:
    """Print two tables: a line a language, a line a measure."""
    parser = argparse.ArgumentParser(prog="python -m training.scoring", description=__doc__)
    parser.add_argument("hands", nargs="+", choices=list_hands())
    parser.add_argument("--card", action="store_true", help="write the scores into the artefact's card")
    asked = parser.parse_args()
    seen = set(asked.hands) & set(DEFAULT_ENCODER.card["hands"])
    pages = list(read_texts(asked.hands))
    heads = ("language", "texts", "claims", "figure F1", "whole F1", "sure", "sure and right", "distractors")
    table = Table(*heads, title=f"learnt from: {', '.join(sorted(seen))}" if seen else "unseen")
    found = {page.id: read(page) for page in pages}
    by_language = {}
    for language in (None, *sorted({page.language or "?" for page in pages})):
        part = [page for page in pages if language is None or (page.language or "?") == language]
        by_language[language or "all"] = tell(part, found)
        table.add_row(language or "all", *by_language[language or "all"])
    kinds = Table("measure", "claims", "figure F1", "whole F1")
    by_measure = {name: tell_measure(name, pages, found) for name in map(str, Measure)}
    for name, cells in by_measure.items():
        if cells[0] != "0":
            kinds.add_row(name, *cells)
    console = Console(width=120)
    console.print(table)
    console.print(kinds)
    fields = measure(pages, found)["field_accuracy"]
    console.print("of the right figures", fields)
    if asked.card:
        scores = {
            "hands": asked.hands,
            "fields": list(heads[1:]),
            **by_language,
            "by_measure (claims, figure F1, whole F1)": {n: c for n, c in by_measure.items() if c[0] != "0"},
            "of the right figures": fields,
        }
        path = FOLDER / "card.json"
        card = {**json.loads(path.read_text("utf-8")), "scores": scores}
        path.write_text(json.dumps(card, indent=1, ensure_ascii=False) + "\n", "utf-8")


def tell_measure(name: str, pages: Sequence[Labelled], found: dict[str, list[dict[str, Any]]]) -> list[str]:
    """The cells of a measure's line: how many claims, and both scores of them alone."""
    gold = {
        page.id: {"claims": [c for c in page.claims if c["measure"] == name], "distractors": []}
        for page in pages
    }
    guesses = [guess for page in pages for guess in found[page.id] if guess["measure"] == name]
    got = score(gold, guesses)
    return [str(got["claims"]), f"{got['figure_f1']:.3f}", f"{got['claim_f1']:.3f}"]


def read(page: Labelled) -> list[dict[str, Any]]:
    """What the reader makes of a text, as the scorer takes it."""
    candidates = extract(page.text, page.published, *read_vocabulary(page.situation))
    return [{"id": page.id, **candidate.as_json()} for candidate in candidates]


def tell(pages: Sequence[Labelled], found: dict[str, list[dict[str, Any]]]) -> list[str]:
    """The cells of a line."""
    whole = measure(pages, found)
    draws = [measure(random.Random(n).choices(pages, k=len(pages)), found) for n in range(_DRAWS)]

    def between(name: str) -> str:
        values = sorted(draw[name] for draw in draws)
        low, high = values[int(len(values) * 0.025)], values[int(len(values) * 0.975)]
        return f"{whole[name]:.3f} ({low:.2f} to {high:.2f})"

    right = round((whole["auto_precision"] or 0) * whole["auto_accepted"])
    return [
        str(len(pages)), str(whole["claims"]), between("figure_f1"), between("claim_f1"),
        str(whole["auto_accepted"]), str(right), f"{whole['distractors_taken']} of {whole['distractors']}",
    ]  # fmt: skip


def measure(pages: Sequence[Labelled], found: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """The scorer's numbers over some texts, each counted as often as it stands there."""
    gold, guesses = {}, []
    for number, page in enumerate(pages):
        name = f"{number} {page.id}"
        gold[name] = {"claims": page.claims, "distractors": [words for words, _ in page.distractors]}
        guesses += [{**guess, "id": name} for guess in found[page.id]]
    return score(gold, guesses)


if __name__ == "__main__":
    main()
