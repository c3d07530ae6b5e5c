"""How far what stands on the line is the truth: `python -m tests.histories --seeds 100`.

Prints the three shares, by flavour of history and by kind of mistake. `--failures 20` lists so many of what
is not as it should be, with the rows around it; `--first 500` begins at another seed, `--flavour thin` makes
one sort only.
"""

import argparse
from collections.abc import Iterable

import polars as pl

from tests.histories.judge import Verdict, around, judged
from tests.histories.mistakes import history
from tests.histories.world import History

SHOWN = {"as_of": 10, "as_of_basis": 16, "published": 10, "qualifier": 9, "value": 5, "publisher": 24}


def table(verdicts: Iterable[Verdict], *by: str) -> pl.DataFrame:
    """One row for each of `by`: how many were judged, and the share that is as it should be."""
    frame = pl.DataFrame([{name: getattr(each, name) for name in (*by, "good")} for each in verdicts])
    return frame.group_by(by).agg(pl.len().alias("judged"), pl.col("good").mean()).sort(by)


def show(histories: Iterable[History], verdict: Verdict) -> None:
    """Print one failure and the rows of its line around it."""
    (made,) = (each for each in histories if each.seed == verdict.seed)
    print(f"\n{verdict.question} {verdict.kind} of seed {verdict.seed} ({verdict.flavour}): ", end="")
    print(*(part for part in verdict.line if part), f"{verdict.value} on {verdict.as_of}")
    for told in around(made, verdict):
        row = told.row
        words = [f"{row[name]:{width}}" for name, width in SHOWN.items()]
        print(" ", *words, f"{told.role:13} true {told.bulletin.values} {told.planted or ''}")


def main() -> None:
    """Make, build, judge, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--flavour")
    parser.add_argument("--failures", type=int, default=0)
    asked = parser.parse_args()
    histories = [history(seed, asked.flavour) for seed in range(asked.first, asked.first + asked.seeds)]
    verdicts = judged(histories)
    lines = [each for each in verdicts if each.question == "line"]
    others = [each for each in verdicts if each.question != "line"]
    with pl.Config(tbl_rows=-1, float_precision=3, tbl_hide_dataframe_shape=True):
        print(table(verdicts, "question"), table(verdicts, "question", "flavour"))
        print(table(others, "question", "kind"), table(lines, "question", "kind"))
    for verdict in [each for each in verdicts if not each.good][: asked.failures]:
        show(histories, verdict)


if __name__ == "__main__":
    main()
