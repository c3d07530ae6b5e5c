"""Fetched reports become queued claims; what a reprint repeats is queued once.

Numbers are the point here: last week's bulletin and this week's share every word but the figures, and are two
statements. So runs of words are compared with numbers blanked, and a shared run with another number in it
says that the texts are not the same, however alike they are.

A reprint is read as of the day on which its group was first read, because that is the day its "this Monday"
speaks of. Only what it says beyond the group's claims enters the queue, so that a reprint which corrects a
figure is not lost. Of a page that is written over the group begins where it last said something else: a
number that it comes back to is told of another day.
"""

import hashlib
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final, Protocol
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import polars as pl

from pipelines.core.model import PublishedBasis
from pipelines.core.privacy import mask_numbers
from pipelines.core.situation import Organisation, Situation
from pipelines.intake.crawler.report_archive import Archive, ArchivedReport
from pipelines.intake.files.file_kind import FileKind, find_kind, read_text
from pipelines.sheets.raw_table import ReadError

SHINGLE: Final = 5  # words
SKETCH: Final = 128  # smallest hashes kept (Broder 1997: bottom-k sketch)
ENOUGH: Final = 12  # runs; a shorter text is too little to be called a reprint
ALIKE: Final = 0.6  # Jaccard index of the two sets of runs …
WITHIN: Final = 0.85  # … or the share of the shorter text that stands in the longer
_CANDIDATE: Final = 0.1  # estimated Jaccard index from which two texts are compared exactly

_WORD: Final = re.compile(r"\d+(?:[.,:/ ]\d+)*|[^\W\d_]+")

Runs = Mapping[str, frozenset[str]]  # a run with its numbers blanked → what stood in the blanks


def find_runs(text: str) -> Runs:
    """Every run of five words, case and accents dropped, with the numbers that stood in it."""
    words = _WORD.findall(_fold_text(text))
    blanked = ["0" if word[0].isdigit() else word for word in words]
    found: dict[str, set[str]] = {}
    for start in range(len(words) - SHINGLE + 1):
        end = start + SHINGLE
        figures = " ".join(word for word in words[start:end] if word[0].isdigit())
        found.setdefault(" ".join(blanked[start:end]), set()).add(figures)
    return {run: frozenset(figures) for run, figures in found.items()}


def sketch(text_runs: Runs) -> list[int]:
    """The smallest hashes of the runs, ascending; two sketches estimate the Jaccard index of two texts."""
    return sorted(_hash(run) for run in text_runs)[:SKETCH]


def can_be_alike(one: list[int], other: list[int]) -> bool:
    """Whether an exact comparison is worth it, from the sketches alone."""
    if min(len(one), len(other)) < ENOUGH:
        return False
    union = sorted({*one, *other})[:SKETCH]
    shared = set(one) & set(other)
    return sum(value in shared for value in union) >= _CANDIDATE * len(union)


def is_reprint(one: Runs, other: Runs) -> bool:
    """True where the texts are nearly the same and no number differs in a run that both have."""
    shorter = min(len(one), len(other))
    shared = one.keys() & other.keys()
    if shorter < ENOUGH or not shared:
        return False
    if any(one[run].isdisjoint(other[run]) for run in shared):
        return False
    jaccard = len(shared) / (len(one) + len(other) - len(shared))
    return jaccard >= ALIKE or len(shared) >= WITHIN * shorter


def _fold_text(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def _hash(run: str) -> int:
    return int.from_bytes(hashlib.blake2b(run.encode(), digest_size=6).digest(), "big")


WINDOW: Final = timedelta(days=30)  # reprints further apart than this are statements of their own


class ReprintGroups:
    """Every report kept, by its group. Placing one report writes the JSON of those that it concerns."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._reports = {report.sha256: report for report in archive.reports()}
        self._runs: dict[str, Runs] = {}

    @property
    def reports(self) -> list[ArchivedReport]:
        """Earliest first."""
        return sorted(self._reports.values(), key=lambda report: report.order)

    def group(self, report: ArchivedReport) -> list[ArchivedReport]:
        """The report, its origin and its fellow reprints, earliest first."""
        return [other for other in self.reports if other.origin == report.origin] or [report]

    def list_told(self, report: ArchivedReport) -> list[ArchivedReport]:
        """Those of its group since its page last said something else; the whole group of any other report."""
        before = self._reports.get(report.after or "")
        return [each for each in self.group(report) if before is None or each.order >= before.order]

    def place_new(self) -> list[ArchivedReport]:
        """Place every report that was not compared yet, earliest first; returns them."""
        fresh = [report for report in self.reports if report.origin is None]
        for report in fresh:
            self._place(report)
        return fresh

    def _place(self, report: ArchivedReport) -> None:
        try:
            report.sketch = sketch(self._text_runs(report))
        except ReadError as error:
            report.problem = str(error).replace(str(self._archive.path(report)), report.file)
        twin = self._twin(report) if report.sketch else None
        report.origin = twin.origin if twin is not None else report.sha256
        self._settle(report)

    def _twin(self, report: ArchivedReport) -> ArchivedReport | None:
        """The earliest placed report that this one is nearly the same as."""
        for other in self.reports:
            if (
                other.origin is not None
                and other is not report
                and abs(other.order[0] - report.order[0]) <= WINDOW
                and can_be_alike(report.sketch, other.sketch)
                and is_reprint(self._text_runs(report), self._text_runs(other))
            ):
                return other
        return None

    def _settle(self, report: ArchivedReport) -> None:
        """Name the earliest of the group as its origin, and list the others on it."""
        group = self.group(report)
        first = group[0]
        for member in group:
            member.origin = first.sha256
            member.carriers = [other.sha256 for other in group[1:]] if member is first else []
            self._archive.save(member)

    def _text_runs(self, report: ArchivedReport) -> Runs:
        if report.sha256 not in self._runs:
            path = self._archive.path(report)
            # What an engine reads off a picture differs from one copy to the next: pictures stand alone.
            passages = [] if find_kind(path) is FileKind.IMAGE else read_text(path)
            self._runs[report.sha256] = find_runs("\n".join(passage.text for passage in passages))
        return self._runs[report.sha256]


# What makes two claims the same one, beside the report that carries them.
IDENTITY: Final = (
    "organisation",
    "measure",
    "population",
    "breakdown",
    "qualifier",
    "value",
    "value_high",
    "period_start",
    "as_of",
)
_SPOT: Final = ("place", "measure", "breakdown", "qualifier", "value")  # finds a row again in another reading


class ReadReport(Protocol):
    """Prose → one row a candidate claim, in the shape of CLAIM_SCHEMA."""

    def __call__(
        self,
        path: Path,
        *,
        situation: Situation,
        organisations: list[Organisation],
        published: date,
        publisher: str,
        url: str,
        retrieved: date,
    ) -> pl.DataFrame:
        """Raises ReadError when the document cannot be read."""
        ...


Enqueue = Callable[[Path, pl.DataFrame], int]  # the situation's folder, rows → rows put into the queue


@dataclass(frozen=True)
class ReadingContext:
    """Where claims are read and queued for one situation."""

    folder: Path
    situation: Situation
    organisations: list[Organisation]
    read: ReadReport
    enqueue: Enqueue


def queue_new(origins: ReprintGroups, desk: ReadingContext, archive: Archive) -> list[ArchivedReport]:
    """Read every dated report that was not read yet, earliest first; returns them. A bad one stops none."""
    fresh = [
        report
        for report in origins.reports
        if report.claims is None and report.problem is None and report.published is not None
    ]
    for report in fresh:
        path = archive.path(report)
        try:
            rows = _read_fresh_rows(report, origins.list_told(report), desk, path)
        except ValueError as error:  # every named error of the readers and of the grammar is one
            report.problem = str(error).replace(str(path), report.file)
        else:
            report.queued = desk.enqueue(desk.folder, rows) if rows.height else 0
        archive.save(report)
    return fresh


def _read_fresh_rows(
    report: ArchivedReport, group: list[ArchivedReport], desk: ReadingContext, path: Path
) -> pl.DataFrame:
    """The claims of a report that its group has not made yet; notes in the report which ones it makes."""
    assert report.published is not None
    told = {key for member in group for key in member.claims or ()}
    day = next((member.read_as for member in group if member.read_as is not None), report.published)
    own = _read_report(report, report.published, desk, path)
    as_first_read = own if day == report.published else _read_report(report, day, desk, path)
    keys = _compute_keys(as_first_read)
    repeated = as_first_read.filter(pl.Series([key in told for key in keys], dtype=pl.Boolean))
    report.claims, report.read_as = sorted(set(keys)), day
    fresh = own.join(repeated, on=_SPOT, how="anti", nulls_equal=True, maintain_order="left")
    return _note_carriers(fresh, report, group)


def _read_report(report: ArchivedReport, published: date, desk: ReadingContext, path: Path) -> pl.DataFrame:
    zone = ZoneInfo(desk.situation.timezone)
    rows = desk.read(
        path,
        situation=desk.situation,
        organisations=desk.organisations,
        published=published,
        publisher=report.publisher,
        url=report.final_url,
        retrieved=report.retrieved.astimezone(zone).date(),
    )
    if report.published_from == "retrieved":
        return rows.with_columns(published_basis=pl.lit(PublishedBasis.INFERRED.value))
    return rows


def _compute_keys(rows: pl.DataFrame) -> list[str]:
    """Sixteen hex digits a row that stand for what it claims."""
    return [
        hashlib.blake2b(repr([str(part) for part in row]).encode(), digest_size=8).hexdigest()
        for row in rows.select(IDENTITY).iter_rows()
    ]


def _note_carriers(rows: pl.DataFrame, report: ArchivedReport, group: list[ArchivedReport]) -> pl.DataFrame:
    """Say in the note who else carries the text, as far as it is known on this day."""
    others = [*report.also, *(member for member in group if member is not report)]
    if not others:
        return rows
    # The host alone: the rest of an address may name a person.
    places = (f"{mask_numbers(other.publisher)} ({urlsplit(other.final_url).hostname})" for other in others)
    carried = pl.lit("also carried by " + "; ".join(dict.fromkeys(places)))
    return rows.with_columns(note=pl.concat_str(pl.col("note"), carried, separator=" · ", ignore_nulls=True))
