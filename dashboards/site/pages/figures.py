"""Each figure at its own address, for people and, as an Observation, for machines."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from dashboards.exhibits import exhibit, news_entries, reader_questions
from dashboards.i18n.rich_text import Link, Part
from dashboards.queries import claim_rows, database
from dashboards.queries.view import View
from dashboards.site import urls
from dashboards.site.edition import Edition
from dashboards.site.pages.records import describe_page
from dashboards.site.render import Page
from dashboards.text import amounts, archived_copies, labels, readings, statement_sentences
from dashboards.web import structured_data


def count_pages(view: View) -> int:
    """How many pages there are."""
    return len(list_shelves(view)) + 1


def list_shelves(view: View) -> list[str]:
    ids = claim_rows.read_statements(view.build, view.situation_id)["figure_id"]
    return sorted({urls.find_shelf(each) for each in ids})


def find_example(view: View) -> str | None:
    """The id of one figure, to show how an address is made of it."""
    ids: list[str] = claim_rows.read_statements(view.build, view.situation_id)["figure_id"].to_list()
    return min(ids, default=None)


def make_pages(edition: Edition, view: View) -> Iterator[Page]:
    """Each figure at its own address, with all that was ever stated of it; and the list of the pages."""
    about = describe_page(view, "figures")
    rows = claim_rows.read_statements(view.build, view.situation_id).to_dicts()
    was = news_entries.find_earlier_figures(view)
    copies = archived_copies.tell_copies(view, (row["url"] for row in rows))
    corrected = _tell_corrections(view, copies)
    for shelf, on_it in groupby(rows, key=lambda row: urls.find_shelf(row["figure_id"])):
        own = [list(each) for _, each in groupby(on_it, key=lambda row: row["figure_id"])]
        entries = [_describe_figure(view, each, was, copies, corrected) for each in own]
        path = urls.make_page_path(view.language, f"figures/{shelf}")
        title = f"{about['title']} · {shelf}…"
        yield Page(
            "figures.html",
            view.language,
            path,
            **{**about, "title": title},
            data=_describe_shelf(edition, view, path, title, own),
            context={"entries": entries},
        )
    yield Page(
        "figures_index.html",
        view.language,
        urls.make_page_path(view.language, "figures/index"),
        **about,
        context={
            "shelves": list_shelves(view),
            "count": len({row["figure_id"] for row in rows}),
            "example": find_example(view),
        },
    )


def _describe_shelf(
    edition: Edition, view: View, path: str, title: str, figures: Sequence[list[dict[str, Any]]]
) -> str:
    """The page and each of its figures, for machines."""
    parts = [
        part
        for rows in figures
        for part in structured_data.describe_figure(
            view,
            rows[0]["figure_id"],
            rows,
            edition.absolute(urls.make_figure_path(view.language, rows[0]["figure_id"])),
        )
    ]
    page = structured_data.describe_page(
        view,
        address=edition.absolute(path),
        name=title,
        description=view.words("site.figures_lead"),
        home=edition.absolute(urls.HOME),
        parts=parts,
    )
    return structured_data.write_data(page, *parts)


def _describe_figure(
    view: View,
    rows: list[dict[str, Any]],
    was: dict[str, news_entries.Earlier],
    copies: dict[str | None, list[Part]],
    corrected: dict[str, list[list[Part]]],
) -> dict[str, Any]:
    first, words = rows[0], view.words
    whys = {row["claim_id"]: words(f"why.{row['why_standing']}") for row in rows}
    return {
        "id": first["figure_id"],
        "row": next((row for row in rows if row["standing"] == "stands"), rows[-1]),
        "corrected": corrected.get(first["figure_id"], []),
        "asked": reader_questions.list_about_figure(view, first["figure_id"]),
        "name": view.names.get(first["organisation"], first["organisation"]),
        "what": exhibit.name_counted_thing(view, first),
        "moment": labels.tell_moment(first, words) if first["as_of"] else words("no_day"),
        "said": [
            {
                "figure": amounts.tell_amount(row, words),
                "quote": statement_sentences.quote(view, row),
                "source": Link(view.publisher(row["publisher"]), row["url"]),
                "standing": labels.tell_standing(row, words),
                "carriers": _tell_carriers(view, row),
                "why": ""
                if whys[row["claim_id"]] in labels.tell_standing(row, words)
                else whys[row["claim_id"]],
                "way": readings.tell_way(view, row["file"]) if row["file"] else "",
                "read": exhibit.tell_read_again(view)[row["claim_id"]],
                "copies": copies.get(row["url"], []),
                "was": was[row["claim_id"]].text if row["claim_id"] in was else "",
            }
            for row in rows
        ],
    }


def _tell_corrections(view: View, copies: dict[str | None, list[Part]]) -> dict[str, list[list[Part]]]:
    """Figure → what people corrected in its publications: which one, from what to what, when and why."""
    rows = database.ask(view.build, "shared_corrections", situation=view.situation_id).to_dicts()
    claims = claim_rows.find_claims(view, (row["claim_id"] for row in rows))
    figures = claim_rows.read_figure_ids(view.build, view.situation_id)
    told: dict[str, list[list[Part]]] = {}
    for row in rows:
        if claim := claims.get(row["claim_id"]):
            source = Link(view.publisher(claim["publisher"]), claim["url"])
            line = [source, readings.tell_correction(view, row), *copies.get(claim["url"], [])]
            told.setdefault(figures[row["claim_id"]], []).append(line)
    return told


def _tell_carriers(view: View, row: dict[str, Any]) -> str:
    """How many publications give the figure, and how many of them only repeat it."""
    words = view.words
    told = words.plural("hover.carriers", row["carriers"])
    if not row["repeats"]:
        return told
    counts = {name: words.number(row[name]) for name in ("repeats", "carriers")}
    return f"{told}; {words('reading.only_repeats', count=counts['repeats'], carriers=counts['carriers'])}"
