"""The pages of records: figures one by one and in lists, what does not add up or changed, who publishes."""

from collections.abc import Iterator
from itertools import groupby
from math import ceil
from typing import Any, Final

from dashboards import (
    breakdowns,
    changed,
    claim_list,
    contradictions,
    corrected,
    law,
    organisations,
    queries,
    sentences,
    sides,
    telling,
)
from dashboards.markup import Link
from dashboards.site import addresses, linked, news, statements
from dashboards.site.render import Page
from dashboards.view import View
from pipelines.model import Measure

PER_PAGE: Final = 100  # statements, revisions or entries of one page of a list
FINDINGS: Final = 18  # contradictions of one page
SINGLE: Final = 5  # pages that there is one of


def pages(view: View) -> Iterator[Page]:
    """All of one language."""
    yield from _claims(view)
    yield from _figures(view)
    yield from _contradictions(view)
    yield from _revisions(view)
    yield from _corrected(view)
    yield from _changes(view)
    yield _organisations(view)
    yield _definitions(view)
    yield _plain(view, "limits", limits=_limits(view))
    yield _plain(view, "methods")
    yield from _law(view)


def size(view: View) -> int:
    """How many pages there are."""
    paged = (
        (statements.newest_first(view).height, PER_PAGE),
        (contradictions.count(view)[0], FINDINGS),
        (changed.revisions_count(view), PER_PAGE),
        (corrected.size(view), corrected.PER_PAGE),
        (len(news.entries(view)), PER_PAGE),
    )
    single = SINGLE + (law.law_of(view) is not None)
    return sum(max(1, ceil(rows / per_page)) for rows, per_page in paged) + len(_shelves(view)) + single


def named(name: str, number: int) -> str:
    """claims, claims-2, claims-3 …"""
    return name if number == 1 else f"{name}-{number}"


def _about(view: View, name: str) -> dict[str, Any]:
    """Title, description and picture of a page of its own name."""
    words = view.words
    return {
        "title": words.about(f"site.{name}_title", view.situation),
        "description": words(f"site.{name}_lead"),
        "picture": linked.picture(view.language, name),
    }


def _plain(view: View, name: str, **context: Any) -> Page:
    return Page(
        f"{name}.html",
        view.language,
        addresses.page(view.language, name),
        **_about(view, name),
        context=context,
    )


def _paged(view: View, name: str, chunks: list[Any], **context: Any) -> Iterator[Page]:
    """One page a chunk, each leading to the next."""
    about = _about(view, name)
    for number, chunk in enumerate(chunks, start=1):
        path = addresses.page(view.language, named(name, number))
        part = view.words("site.part", number=view.words.number(number), of=view.words.number(len(chunks)))
        title = about["title"] if len(chunks) == 1 else f"{about['title']} · {part}"
        yield Page(
            f"{name}.html", view.language, path, **{**about, "title": title},
            context={
                **context, "chunk": chunk, "head": about["title"], "part": part if len(chunks) > 1 else "",
                "before": addresses.page(view.language, named(name, number - 1)) if number > 1 else "",
                "after": addresses.page(view.language, named(name, number + 1))
                if number < len(chunks)
                else "",
            },
        )  # fmt: skip


def _chunks(items: list[Any], size: int) -> list[list[Any]]:
    return [items[start : start + size] for start in range(0, len(items), size)] or [[]]


def _claims(view: View) -> Iterator[Page]:
    rows = statements.newest_first(view).to_dicts()
    yield from _paged(
        view,
        "claims",
        [[statements.cells(view, row) for row in chunk] for chunk in _chunks(rows, PER_PAGE)],
        heads=statements.heads(view),
        lead=claim_list.lead(view),
    )


def _shelves(view: View) -> list[str]:
    ids = statements.statements(view.build, view.situation_id)["figure_id"]
    return sorted({addresses.shelf(each) for each in ids})


def _figures(view: View) -> Iterator[Page]:
    """Each figure at its own address, with all that was ever stated of it."""
    about = _about(view, "figures")
    rows = statements.statements(view.build, view.situation_id).to_dicts()
    was = news.earlier(view)
    for shelf, on_it in groupby(rows, key=lambda row: addresses.shelf(row["figure_id"])):
        entries = [
            _entry(view, list(own), was) for _, own in groupby(on_it, key=lambda row: row["figure_id"])
        ]
        yield Page(
            "figures.html",
            view.language,
            addresses.page(view.language, f"figures/{shelf}"),
            **{**about, "title": f"{about['title']} · {shelf}…"},
            context={"entries": entries},
        )
    yield Page(
        "figures_index.html",
        view.language,
        addresses.page(view.language, "figures/index"),
        **about,
        context={"shelves": _shelves(view), "count": len({row["figure_id"] for row in rows})},
    )


def _entry(view: View, rows: list[dict[str, Any]], was: dict[str, news.Earlier]) -> dict[str, Any]:
    first, words = rows[0], view.words
    whys = {row["claim_id"]: words(f"why.{row['why_standing']}") for row in rows}
    return {
        "id": first["figure_id"],
        "name": view.names.get(first["organisation"], first["organisation"]),
        "what": statements.what(view, first),
        "moment": telling.moment(first, words) if first["as_of"] else words("no_data"),
        "said": [
            {
                "figure": telling.figure(row, words),
                "quote": sentences.quote(view, row),
                "source": Link(view.publisher(row["publisher"]), row["url"]),
                "standing": telling.standing(row, words),
                "carriers": _carriers(view, row),
                "why": "" if whys[row["claim_id"]] in telling.standing(row, words) else whys[row["claim_id"]],
                "read": statements.read_again(view)[row["claim_id"]],
                "was": was[row["claim_id"]].text if row["claim_id"] in was else "",
            }
            for row in rows
        ],
    }


def _carriers(view: View, row: dict[str, Any]) -> str:
    """How many publications give the figure, and how many of them only repeat it."""
    words = view.words
    told = words.plural("hover.carriers", row["carriers"])
    if not row["repeats"]:
        return told
    counts = {name: words.number(row[name]) for name in ("repeats", "carriers")}
    return f"{told}; {words('reading.only_repeats', count=counts['repeats'], carriers=counts['carriers'])}"


def _contradictions(view: View) -> Iterator[Page]:
    count, _ = contradictions.count(view)
    found, source = [], ""
    for number in range(1, -(-count // contradictions.PER_PAGE) + 1):
        listed, source = contradictions.listed(view, number)
        found += listed
    yield from _paged(
        view,
        "contradictions",
        _chunks(found, FINDINGS),
        lead=contradictions.lead(view),
        source=source,
        heads=[view.words(f"table.{column}") for column in sides.CLAIM_COLUMNS],
    )


def _revisions(view: View) -> Iterator[Page]:
    yield from _paged(
        view,
        "revisions",
        _chunks(changed.revised(view), PER_PAGE),
        exhibit=changed.revisions(view),
        chart=addresses.chart(view.language, "revisions"),
    )


def _corrected(view: View) -> Iterator[Page]:
    """Our own mistakes, and at the end what people corrected in published figures."""
    found = corrected.listed(view, per_page=max(1, corrected.size(view)))
    yield from _paged(
        view,
        "corrected",
        _chunks(found, corrected.PER_PAGE),
        lead=corrected.lead(view),
        contradictions=addresses.page(view.language, "contradictions"),
        human=corrected.corrections(view),
        heads=[view.words(f"table.{column}") for column in corrected.HUMAN_COLUMNS],
    )


def _changes(view: View) -> Iterator[Page]:
    yield from _paged(
        view,
        "changes",
        _chunks([(each, news.path_of(view.language, each)) for each in news.entries(view)], PER_PAGE),
        feeds=addresses.page(view.language, "organisations"),
    )


def _organisations(view: View) -> Page:
    """Who publishes: role, rhythm, what it counts, its newest totals, its feed."""
    words = view.words
    rows = statements.newest_first(view)
    found = []
    for each in queries.organisations(view.build, view.situation_id).to_dicts():
        own = rows.filter(rows["organisation"] == each["organisation"])
        newest = own.filter((own["breakdown"] == "total") & (own["standing"] == "stands"))
        totals = newest.unique(["measure", "population"], keep="first", maintain_order=True).to_dicts()
        found.append(
            {
                "id": each["organisation"],
                "name": Link(each["name"], each["website"]),
                "role": words(f"site.role_{each['role']}"),
                "rhythm": words("site.rhythm", days=words.days(each["rhythm_days"]))
                if each["rhythm_days"]
                else "",
                "count": own.height,
                "counts": organisations.counts(view, each["organisation"]),
                "totals": [statements.cells(view, row)[:6] for row in sorted(totals, key=_measure_order)],
                "feed": news.feed_path(view.language, each["organisation"]) if own.height else "",
            }
        )
    return _plain(view, "organisations", found=found, heads=statements.heads(view)[:6])


def _measure_order(row: dict[str, Any]) -> int:
    return [measure.value for measure in Measure].index(row["measure"])


def _definitions(view: View) -> Page:
    words = view.words
    measures = [(words(f"measure.{each}"), words(f"site.kind_{each.kind}")) for each in Measure]
    return _plain(view, "definitions", lines=breakdowns.definitions(view), measures=measures)


def _law(view: View) -> Iterator[Page]:
    """The page about the law, where the situation tells of one."""
    told = law.law_of(view)
    if told is not None:
        yield Page(
            "law.html",
            view.language,
            addresses.page(view.language, law.PAGE),
            title=told.title,
            description=told.lead,
            picture=linked.picture(view.language, law.PAGE),
            context={
                "law": told,
                "help": [organisations.help_line(view, each) for each in view.situation.help],
            },
        )


def _limits(view: View) -> list[str]:
    words = view.words
    names = ("person", "politics", "mixed", "silence")
    return [
        *(words.of(text) for text in view.situation.caveats),
        *(words(f"pace.not_said_{name}") for name in names),
        claim_list.aside_lead(view),
    ]
