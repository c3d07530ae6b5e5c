"""`export-labels`: what people decided about readings, as texts that a reader can learn from."""

import json
import os
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.options import DATA, DataFolder, Situation, choose_situation, fail, refuse_personal
from pipelines.core import private_files
from pipelines.core.counted import count_of
from pipelines.core.paths import DataDir
from pipelines.core.privacy import mask_message
from pipelines.core.situation import read_organisations, read_situation
from pipelines.intake.decisions import read_decisions
from pipelines.intake.review import labels


def export_labels(
    out: Annotated[Path, typer.Option("--out", help="The file to write: one JSON line a text.")],
    data_dir: DataFolder = DATA,
    situation: Situation = None,
) -> None:
    """Write reviewed readings as labelled texts, masked: accepted, corrected and refused ones alike."""
    refuse_personal(out=out.name)
    data = DataDir(data_dir)
    folder = data.situation(choose_situation(data, situation))
    settings, organisations = read_situation(folder), read_organisations(folder)
    decided = read_decisions(folder, settings, organisations, date.today())
    made = labels.export_labels(folder, settings, organisations, decided)
    beside = out.with_name(f".{out.name}.new-{os.getpid()}")
    try:
        with private_files.open_private(beside, "w") as handle:
            handle.writelines(json.dumps(line, ensure_ascii=False) + "\n" for line in made.lines)
        beside.replace(out)
    except OSError as error:
        fail(f"{out}: cannot be written ({error.strerror})")
    counts = ", ".join(
        count_of(number, what)
        for number, what in (
            (len(made.lines), "text"),
            (made.claims, "claim"),
            (made.distractors, "distractor"),
        )
    )
    typer.echo(f"{mask_message(str(out))}: {counts}")
    for count, what, why in (
        (made.without_report, "decision", "the report is not in this inbox"),
        (made.no_label, "refusal", "what the number is, is not said"),
        (made.hidden, "label", "the masking hid the number"),
    ):
        if count:
            typer.echo(f"{count_of(count, what)} left out: {why}")
    for file, kinds in made.refused.items():
        typer.echo(f"{file}: text refused: {kinds}")
