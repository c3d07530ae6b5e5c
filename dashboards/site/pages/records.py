"""The pages of records: figures in lists, what does not add up or changed, who publishes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from math import ceil
from typing import Any, Final

from dashboards.exhibits import (
    contradictions,
    definitions,
    exhibit,
    news_entries,
    own_corrections,
    reader_questions,
    revisions,
)
from dashboards.export import formats
from dashboards.i18n.rich_text import Link
from dashboards.queries import claim_rows, series
from dashboards.queries.view import View
from dashboards.site import feeds, urls
from dashboards.site.render import Page
from dashboards.text import law, organisations
from dashboards.web import record_tables
from pipelines.core.model import Measure

DAYS: Final = 50  # of one page of a list, each folded over its rows
REVISIONS: Final = 18  # of one page
FINDINGS: Final = 18  # contradictions of one page
MISTAKES: Final = 7  # of ours on one page
OPENED: Final = 4  # rows of the first day of a page that are shown at once
DAY: Final = 3  # the column of a statement that says its day
SINGLE: Final = 4  # pages that there is one of


@dataclass(frozen=True)
class Day:
    """A day of a list: its name, who is in it, its rows."""

    name: str
    who: str
    rows: tuple[Any, ...]
    opened: bool


def make_pages(view: View) -> Iterator[Page]:
    """All of one language."""
    yield from _make_claims(view)
    yield from _make_contradictions(view)
    yield from _make_revisions(view)
    yield from _make_own_corrections(view)
    yield from _make_changes(view)
    yield _make_organisations(view)
    yield _make_definitions(view)
    yield _make_plain(view, "limits", limits=_list_limits(view))
    yield _make_plain(view, "methods")
    yield from _make_law(view)


def count_pages(view: View) -> int:
    """How many pages there are."""
    paged = (
        (len(_list_claim_days(view)), DAYS),
        (contradictions.count_findings(view)[0], FINDINGS),
        (revisions.count_revisions(view), REVISIONS),
        (own_corrections.count_mistakes(view), MISTAKES),
        (len(_list_change_days(view)), DAYS),
    )
    single = SINGLE + (law.find_law(view) is not None)
    return sum(max(1, ceil(rows / per_page)) for rows, per_page in paged) + single


def name_page(name: str, number: int) -> str:
    """claims, claims-2, claims-3 …"""
    return name if number == 1 else f"{name}-{number}"


def describe_page(view: View, name: str) -> dict[str, Any]:
    """Title, description and picture of a page of its own name."""
    words = view.words
    return {
        "title": words.about(f"site.{name}_title", view.situation),
        "description": words(f"site.{name}_lead"),
        "picture": urls.make_picture_path(view.language, name),
    }


def _make_plain(view: View, name: str, **context: Any) -> Page:
    return Page(
        f"{name}.html",
        view.language,
        urls.make_page_path(view.language, name),
        **describe_page(view, name),
        context=context,
    )


def _make_paged(view: View, name: str, chunks: list[Any], **context: Any) -> Iterator[Page]:
    """One page a chunk, each leading to the next."""
    about = describe_page(view, name)
    for number, chunk in enumerate(chunks, start=1):
        path = urls.make_page_path(view.language, name_page(name, number))
        part = view.words("site.part", number=view.words.number(number), of=view.words.number(len(chunks)))
        title = about["title"] if len(chunks) == 1 else f"{about['title']} · {part}"
        yield Page(
            f"{name}.html", view.language, path, **{**about, "title": title},
            context={
                **context, "chunk": chunk, "head": about["title"], "part": part if len(chunks) > 1 else "",
                "before": urls.make_page_path(view.language, name_page(name, number - 1))
                if number > 1
                else "",
                "after": urls.make_page_path(view.language, name_page(name, number + 1))
                if number < len(chunks)
                else "",
            },
        )  # fmt: skip


def _split_chunks(items: list[Any], size: int) -> list[list[Any]]:
    return [items[start : start + size] for start in range(0, len(items), size)] or [[]]


def _make_claims(view: View) -> Iterator[Page]:
    heads = exhibit.name_statement_columns(view)
    yield from _make_paged(
        view,
        "claims",
        _split_chunks(_list_claim_days(view), DAYS),
        heads=heads[:DAY] + heads[DAY + 1 :],
        lead=record_tables.compose_claims_answer(view),
    )


def _list_claim_days(view: View) -> list[Day]:
    """The statements, the newest first, by the day or period that they are about."""
    rows = claim_rows.read_newest_first(view).to_dicts()
    return list_days(
        (str(cells[DAY]), str(cells[DAY - 1]), (*cells[:DAY], *cells[DAY + 1 :]))
        for cells in (exhibit.make_statement_row(view, row) for row in rows)
    )


def list_days(rows: Iterable[tuple[str, str, Any]]) -> list[Day]:
    """Rows in their order, each with its day and who it is of, as one entry a day."""
    found: list[Day] = []
    for name, group in groupby(rows, key=lambda row: row[0]):
        own = list(group)
        who = ", ".join(dict.fromkeys(who for _, who, _ in own))
        opened = len(own) <= OPENED and len(found) % DAYS == 0
        found.append(Day(name, who, tuple(row for _, _, row in own), opened))
    return found


def _make_contradictions(view: View) -> Iterator[Page]:
    count, _ = contradictions.count_findings(view)
    found, source = [], ""
    for number in range(1, -(-count // contradictions.PER_PAGE) + 1):
        listed, source = contradictions.list_findings(view, number)
        found += listed
    yield from _make_paged(
        view,
        "contradictions",
        _split_chunks(found, FINDINGS),
        lead=contradictions.compose_lead(view),
        source=source,
        endings=tuple(formats.TABLES),
    )


def _make_revisions(view: View) -> Iterator[Page]:
    yield from _make_paged(
        view,
        "revisions",
        _split_chunks(revisions.make_revision_rows(view), REVISIONS),
        exhibit=revisions.make_revisions(view),
        chart=urls.make_chart_path(view.language, "revisions"),
    )


def _make_own_corrections(view: View) -> Iterator[Page]:
    """Our own mistakes, and at the end what people corrected in published figures."""
    found = own_corrections.list_mistakes(view, per_page=max(1, own_corrections.count_mistakes(view)))
    yield from _make_paged(
        view,
        "corrected",
        _split_chunks(found, MISTAKES),
        lead=own_corrections.compose_answer(view),
        contradictions=urls.make_page_path(view.language, "contradictions"),
        human=own_corrections.list_claim_corrections(view),
        heads=[view.words(f"table.{column}") for column in own_corrections.HUMAN_COLUMNS],
        asked=reader_questions.list_questions(view),
        asked_heads=[view.words(f"table.{column}") for column in reader_questions.COLUMNS],
        counts=reader_questions.tell_counts(view),
    )


def _make_changes(view: View) -> Iterator[Page]:
    yield from _make_paged(
        view,
        "changes",
        _split_chunks(_list_change_days(view), DAYS),
        feeds=urls.make_page_path(view.language, "organisations"),
    )


def _list_change_days(view: View) -> list[Day]:
    """The entries of the feed, the newest first, by the day of their publication."""
    return list_days(
        (
            view.words.short_day(each.changed),
            view.names[each.organisation],
            (each, feeds.make_entry_path(view.language, each)),
        )
        for each in news_entries.list_entries(view)
    )


def _make_organisations(view: View) -> Page:
    """Who publishes: role, rhythm, what it counts, its newest totals, its feed."""
    words = view.words
    rows = claim_rows.read_newest_first(view)
    found = []
    for each in series.read_organisations(view.build, view.situation_id).to_dicts():
        own = rows.filter(rows["organisation"] == each["organisation"])
        sure = (own["standing"] == "stands") & own["doubt"].is_null()
        newest = own.filter((own["breakdown"] == "total") & sure)
        totals = newest.unique(["measure", "population"], keep="first", maintain_order=True).to_dicts()
        found.append(
            {
                "id": each["organisation"],
                "name": Link(view.names[each["organisation"]], each["website"]),
                "role": words(f"site.role_{each['role']}"),
                "rhythm": words("site.rhythm", days=words.days(each["rhythm_days"]))
                if each["rhythm_days"]
                else "",
                "count": own.height,
                "counts": organisations.tell_counts(view, each["organisation"]),
                "totals": [
                    exhibit.make_statement_row(view, row)[:6] for row in sorted(totals, key=_rank_measure)
                ],
                "feed": feeds.make_feed_path(view.language, each["organisation"]) if own.height else "",
            }
        )
    return _make_plain(view, "organisations", found=found, heads=exhibit.name_statement_columns(view)[:6])


def _rank_measure(row: dict[str, Any]) -> int:
    return [measure.value for measure in Measure].index(row["measure"])


def _make_definitions(view: View) -> Page:
    words = view.words
    told = set(claim_rows.read_statements(view.build, view.situation_id)["measure"])
    measures = [
        (words(f"measure.{each}"), words(f"site.kind_{each.kind}")) for each in Measure if each.value in told
    ]
    return _make_plain(view, "definitions", lines=definitions.list_definitions(view), measures=measures)


def _make_law(view: View) -> Iterator[Page]:
    """The page about the law, where the situation tells of one."""
    told = law.find_law(view)
    if told is not None:
        yield Page(
            "law.html",
            view.language,
            urls.make_page_path(view.language, law.PAGE),
            title=told.title,
            description=told.lead,
            picture=urls.make_picture_path(view.language, law.PAGE),
            context={
                "law": told,
                "help": [organisations.compose_help_line(view, each) for each in view.situation.help],
            },
        )


def _list_limits(view: View) -> list[str]:
    words = view.words
    names = ("person", "politics", "mixed", "silence")
    return [
        *(words.of(text) for text in view.situation.caveats),
        *(words(f"pace.not_said_{name}") for name in names),
        record_tables.tell_rows_aside(view),
    ]
