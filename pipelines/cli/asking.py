"""`extract --also-ask`: a language model reads each text too; where it differs, and what that cost."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Final, Protocol

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pipelines.cli.options import fail
from pipelines.core.counted import count_of
from pipelines.core.privacy import mask_message
from pipelines.core.situation import LanguageModel, SituationError, read_organisations, read_situation
from pipelines.intake.crawler.crawl_state import FailedError
from pipelines.intake.files.document import read_document
from pipelines.intake.language_model.agreement import confirm, find_differences, list_unread, was_asked
from pipelines.intake.language_model.asked_reader import AskedReader, AskedText, Costs
from pipelines.intake.language_model.model_client import ModelClient
from pipelines.intake.language_model.settings import read_server, resolve_server
from pipelines.intake.prose.extraction import Candidate
from pipelines.intake.prose.grammar import LanguageError
from pipelines.sheets.raw_table import ReadError

AlsoAsk = Annotated[
    bool,
    typer.Option(
        "--also-ask", help="Ask the language model that is set for the situation too (docs/extraction.md)."
    ),
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Print what --also-ask would send, and send nothing.")
]
Beside = dict[str, Any]  # what the asked reader says of a candidate: `asked`, `asked_fields`
SAME: Final = "same"
OTHERWISE: Final = "otherwise"
NO_CLAIM: Final = "no_claim"
ALONE: Final = "asked_alone"
NO_ANSWER: Final = "no_answer"


class Entry(Protocol):
    """A text to be read: when it was published and in which language, where that is known."""

    @property
    def published(self) -> date | None: ...

    @property
    def language(self) -> str | None: ...


@dataclass
class Asking:
    """The asked reader of one run, and what each text cost."""

    reader: AskedReader
    texts: list[tuple[str, AskedText]] = field(default_factory=list)

    def compare(
        self, name: str, text: str, entry: Entry, found: list[Candidate]
    ) -> Iterator[tuple[Candidate, Beside]]:
        """The candidates of the other reader, each with what the asked one reads; then what that one adds."""
        asked = self.reader.read(text, entry.published, entry.language)
        self.texts.append((name, asked))
        for candidate in confirm(found, asked.candidates, asked.unasked):
            if asked.candidates is None or not was_asked(candidate, asked.unasked):
                yield candidate, {"asked": NO_ANSWER, "asked_fields": {}}
                continue
            fields = find_differences(candidate, asked.candidates)
            how = NO_CLAIM if fields is None else OTHERWISE if fields else SAME
            yield candidate, {"asked": how, "asked_fields": fields or {}}
        for candidate in list_unread(found, asked.candidates or []):
            yield candidate, {"asked": ALONE, "asked_fields": {}}

    def print_costs(self) -> None:
        """On stderr: each text and all of them, then what was dropped of the answers, by reason."""
        settings = self.reader.client.server.settings
        table = Table(
            "asked about", "requests", "tokens sent", "tokens answered", "seconds", "price", "trouble"
        )
        for name, asked in self.texts:
            table.add_row(escape(name), *_list_costs(asked.costs, settings), asked.silent or "")
        table.add_section()
        table.add_row("all", *_list_costs(self.reader.costs, settings), "")
        console = Console(stderr=True)
        console.print(table)
        for reason, times in self.reader.dropped.most_common():
            console.print(f"dropped {count_of(times, 'time')}: {reason}")


def open_asking(folder: Path, *, sends: bool) -> Asking:
    """The asked reader of a situation's folder. Exits with 2 where none is set as it must be, and where it
    `sends` to an address that may not be asked."""
    try:
        situation = read_situation(folder)
        client = ModelClient(read_server(situation))
        if sends:
            resolve_server(client.server, client.resolve)
        return Asking(AskedReader(client, situation, read_organisations(folder)))
    except (SituationError, FailedError) as error:
        fail(str(error), code=2)


def show_requests(texts: Iterable[tuple[str, date | None, str | None]], asking: Asking) -> None:
    """Print each request to the letter, but for the key. `texts`: path, day of publication, language."""
    for path, published, language in texts:
        try:
            request = asking.reader.show(read_document(Path(path)).text, published, language)
        except (ReadError, LanguageError) as error:
            fail(str(error))
        nothing = f"nothing would be sent about {mask_message(Path(path).name)}: no number in it, or too long"
        typer.echo(request or nothing)


def nothing_beside(found: Iterable[Candidate]) -> Iterator[tuple[Candidate, Beside]]:
    """Candidates where nobody else was asked."""
    return ((candidate, {}) for candidate in found)


def describe_comparison(row: dict[str, Any]) -> str:
    """In a table's cell: what the asked reader says of a candidate."""
    fields = "; ".join(f"{name} {value}" for name, value in row["asked_fields"].items())
    return fields or str(row["asked"]).replace("_", " ")


def _list_costs(costs: Costs, settings: LanguageModel) -> list[str]:
    price = costs.price(settings)
    told = "" if not costs.untold else "not told" if costs.untold == costs.answers else "+"
    return [
        str(costs.requests),
        told if told == "not told" else f"{costs.tokens_in}{told}",
        told if told == "not told" else f"{costs.tokens_out}{told}",
        f"{costs.seconds:.1f}",
        "" if price is None else f"{price:.4f} {settings.currency}",
    ]
