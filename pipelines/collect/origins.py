"""Which reports are reprints of which: each text is placed under the earliest that is nearly the same."""

from datetime import timedelta
from typing import Final

from pipelines.collect import likeness
from pipelines.collect.archive import Archive, Report
from pipelines.readers import Kind, ReadError, kind_of, read_text

WINDOW: Final = timedelta(days=30)  # reprints further apart than this are statements of their own


class Origins:
    """Every report kept, by its group. Placing one report writes the JSON of those that it concerns."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._reports = {report.sha256: report for report in archive.reports()}
        self._runs: dict[str, likeness.Runs] = {}

    @property
    def reports(self) -> list[Report]:
        """Earliest first."""
        return sorted(self._reports.values(), key=lambda report: report.order)

    def group(self, report: Report) -> list[Report]:
        """The report, its origin and its fellow reprints, earliest first."""
        return [other for other in self.reports if other.origin == report.origin] or [report]

    def place_new(self) -> list[Report]:
        """Place every report that was not compared yet, earliest first; returns them."""
        fresh = [report for report in self.reports if report.origin is None]
        for report in fresh:
            self._place(report)
        return fresh

    def _place(self, report: Report) -> None:
        try:
            report.sketch = likeness.sketch(self._text_runs(report))
        except ReadError as error:
            report.problem = str(error).replace(str(self._archive.path(report)), report.file)
        twin = self._twin(report) if report.sketch else None
        report.origin = twin.origin if twin is not None else report.sha256
        self._settle(report)

    def _twin(self, report: Report) -> Report | None:
        """The earliest placed report that this one is nearly the same as."""
        for other in self.reports:
            if (
                other.origin is not None
                and other is not report
                and abs(other.order[0] - report.order[0]) <= WINDOW
                and likeness.may_be_alike(report.sketch, other.sketch)
                and likeness.is_reprint(self._text_runs(report), self._text_runs(other))
            ):
                return other
        return None

    def _settle(self, report: Report) -> None:
        """Name the earliest of the group as its origin, and list the others on it."""
        group = self.group(report)
        first = group[0]
        for member in group:
            member.origin = first.sha256
            member.carriers = [other.sha256 for other in group[1:]] if member is first else []
            self._archive.save(member)

    def _text_runs(self, report: Report) -> likeness.Runs:
        if report.sha256 not in self._runs:
            path = self._archive.path(report)
            # What an engine reads off a picture differs from one copy to the next: pictures stand alone.
            passages = [] if kind_of(path) is Kind.IMAGE else read_text(path)
            self._runs[report.sha256] = likeness.runs("\n".join(passage.text for passage in passages))
        return self._runs[report.sha256]
