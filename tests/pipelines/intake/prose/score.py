"""Score extracted claims against a folder of NAME.txt / NAME.json pairs.

    python tests/pipelines/intake/prose/score.py GOLD_DIR --manifest > manifest.jsonl
    python -m pipelines extract --batch manifest.jsonl | python tests/pipelines/intake/prose/score.py GOLD_DIR

A prediction is one JSON object a line with the fields of `extract --batch`. Figures match on value and
measure; a whole claim also on organisation, breakdown, qualifier and day. The last line printed is one JSON
object with all numbers.
"""

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

WHOLE = ("organisation", "breakdown", "qualifier", "as_of")
FIELDS = (*WHOLE, "value_high", "period_start")
Page = dict[str, Any]


def read_gold(folder: Path, names: Iterable[str] | None = None) -> dict[str, Page]:
    """The gold pages of a folder by name: all of them, or the named ones."""
    pages = {p.stem: json.loads(p.read_text(encoding="utf-8")) for p in sorted(folder.glob("*.json"))}
    return pages if names is None else {name: pages[name] for name in names}


def same(field: str, claim: Page, guess: Page) -> bool:
    """Whether one field of a guess says what the claim says. A month matches any of its days."""
    want, got = claim.get(field), guess.get(field)
    if field == "breakdown":
        return sorted((want or "total").split(";")) == sorted((got or "total").split(";"))
    if field == "as_of" and want and claim.get("as_of_precision") == "month":
        return bool(got) and str(got)[:7] == str(want)[:7]
    return (want or None) == (got or None)


def score(gold: dict[str, Page], guesses: Iterable[Page]) -> dict[str, Any]:
    """Precision, recall and F1 of figures and whole claims, field accuracy, distractors, auto. Raises
    ValueError on a guess for a page that is not in `gold`."""
    left: dict[str, list[Page]] = defaultdict(list)
    for guess in guesses:
        left[guess["id"]].append(guess)
    unknown = set(left) - set(gold)
    if unknown:
        raise ValueError(f"predictions for unknown ids: {sorted(unknown)[:5]}")
    n: Counter[str] = Counter()
    right: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    for name, page in gold.items():
        n["claims"] += len(page["claims"])
        n["guesses"] += len(left[name])
        n["auto"] += sum(bool(guess.get("auto")) for guess in left[name])
        for claim, guess in pair(page["claims"], left[name]):
            good = all(same(field, claim, guess) for field in WHOLE)
            n["figures"] += 1
            n["whole"] += good
            n["auto_right"] += bool(guess.get("auto")) and good
            for field in FIELDS:
                if field == "period_start" and claim.get("period_start_basis") == "context":
                    continue
                asked[field] += 1
                right[field] += same(field, claim, guess)
        n["traps"] += len(page["distractors"])
        n["taken"] += len(trapped(page["distractors"], left[name]))
    return {
        "pages": len(gold),
        "claims": n["claims"],
        "predicted": n["guesses"],
        **_rates("figure", n["figures"], n),
        **_rates("claim", n["whole"], n),
        "field_accuracy": {field: round(right[field] / asked[field], 4) for field in FIELDS if asked[field]},
        "distractors": n["traps"],
        "distractors_taken": n["taken"],
        "auto_accepted": n["auto"],
        "auto_precision": round(n["auto_right"] / n["auto"], 4) if n["auto"] else None,
    }


def pair(claims: list[Page], guesses: list[Page]) -> list[tuple[Page, Page]]:
    """Each claim with the guess of the same figure that agrees best; a guess is used once."""
    free, out = list(guesses), []
    for claim in claims:
        fits = [g for g in free if g["value"] == claim["value"] and g["measure"] == claim["measure"]]
        if fits:
            best = max(fits, key=lambda guess: sum(same(field, claim, guess) for field in FIELDS))
            free.remove(best)
            out.append((claim, best))
    return out


def trapped(distractors: list[Any], guesses: list[Page]) -> list[Page]:
    """The guesses whose number is that of a distractor."""
    written = [d.get("number", "") if isinstance(d, dict) else d for d in distractors]
    numbers = {"".join(c for c in str(number) if c.isdigit()) for number in written}
    return [guess for guess in guesses if str(guess["value"]) in numbers]


def _rates(what: str, hits: int, n: Counter[str]) -> dict[str, float]:
    precision = hits / n["guesses"] if n["guesses"] else 0.0
    recall = hits / n["claims"] if n["claims"] else 0.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return {
        f"{what}_precision": round(precision, 4),
        f"{what}_recall": round(recall, 4),
        f"{what}_f1": round(f1, 4),
    }


def main(folder: Path, manifest: bool) -> None:
    """Print a manifest of the folder, or the scores of the predictions on standard input."""
    gold = read_gold(folder)
    if manifest:
        for name, page in gold.items():
            path = (folder / f"{name}.txt").resolve()
            print(json.dumps({"id": name, "path": str(path), "published": page["published"]}))
        return
    found = score(gold, (json.loads(line) for line in sys.stdin if line.strip()))
    for key, value in found.items():
        print(f"{key:20} {value}")
    print(json.dumps(found))


if __name__ == "__main__":
    main(Path(sys.argv[1]), "--manifest" in sys.argv)
