"""What an address of the app asks for, as far as it is understood: what is wrong in it is left out."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from urllib.parse import urlencode, urlsplit

from starlette.datastructures import QueryParams

from dashboards.app.page_registry import FRONT, PAGES
from dashboards.exhibits import chart_registry
from dashboards.i18n.translations import FIRST_LANGUAGE, list_languages
from dashboards.queries import claim_rows, database
from dashboards.queries.view import View, open_view

FIGURE, CLAIMS = "figure", "claims"  # the pages of one figure, and of one claim in the list
_PLAIN: Final = re.compile(r"[A-Za-z0-9_.:-]{1,128}")
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
_SHORT: Final = re.compile(r"c/(?P<language>[^/]+)/(?P<situation>[^/]+)/(?P<chart>[^/]+)")


@dataclass(frozen=True)
class PageAddress:
    """One page with what is chosen on it; empty where the address says nothing or nothing of ours."""

    page: str
    situation: str = ""
    language: str = FIRST_LANGUAGE
    known: date | None = None  # as asked for; whether it is past is known with the situation's time zone
    figure: str = ""
    build: str = ""
    claim: str = ""
    chart: str = ""

    @property
    def is_asked(self) -> bool:
        """Whether nobody made it ahead: it is one of many that a visitor can think of."""
        return bool(self.known or self.figure or self.claim or self.chart)

    @property
    def plain(self) -> "PageAddress":
        """The page alone."""
        return PageAddress(self.page, self.situation, self.language)


def parse_page(page: str, said: QueryParams) -> PageAddress:
    """The address of a page of ours; what is no choice of that page is left out."""
    language = said.get("lang", "")
    return PageAddress(
        page,
        _read_plain(said, "situation"),
        language if language in list_languages() else FIRST_LANGUAGE,
        _read_day(said.get("known", "")) if PAGES[page].goes_back else None,
        figure=_read_plain(said, "figure") if page == FIGURE else "",
        build=_read_plain(said, "build") if page == FIGURE else "",
        claim=_read_plain(said, "claim") if page == CLAIMS else "",
        chart=_read_plain(said, "chart"),
    )


def parse_url(url: str, base: str) -> PageAddress | None:
    """A whole address below `base`; None where it is nobody's, or no page of ours."""
    if not (url == base or url.startswith((f"{base}/", f"{base}?"))) or len(url) > 2000:
        return None
    rest = urlsplit(url[len(base) :])
    said, path = QueryParams(rest.query), rest.path.strip("/")
    short = _SHORT.fullmatch(path)
    if short is not None:
        named = {"situation": short["situation"], "lang": short["language"], "chart": short["chart"]}
        known = {"known": said["known"]} if "known" in said else {}
        return find_chart_page(QueryParams({**named, **known}))
    page = path or FRONT
    return parse_page(page, said) if page in PAGES else None


def find_chart_page(said: QueryParams) -> PageAddress | None:
    """The page that shows a chart, with the chart named; None where there is no such chart."""
    try:
        view = open_view(said["situation"], FIRST_LANGUAGE)
    except KeyError:
        return None
    chart = chart_registry.list_charts(view).get(said["chart"])
    return None if chart is None else parse_page(chart.page, said)


def open_address(address: PageAddress) -> tuple[View, PageAddress]:
    """The view of an address as of today, and the address without what this view has not.

    An unknown situation is the first one; a day that is not past is today. Raises NoBuildError.
    """
    known = [each.id for each in database.read_situations(database.find_current_build())]
    view = open_view(address.situation if address.situation in known else None, address.language)
    if address.chart and address.chart not in chart_registry.list_charts(view):
        address = replace(address, chart="")
    if address.known is not None and address.known >= view.today:
        address = replace(address, known=None)
    return view, replace(_leave_out_unknown(view, address), situation=view.situation_id)


def _leave_out_unknown(view: View, address: PageAddress) -> PageAddress:
    """What is named and is none of ours is left out, so that no made-up id makes a page of its own.

    A figure of an earlier build may be in no present one: then only the build has to be ours.
    """
    if address.claim and address.claim not in claim_rows.read_figure_ids(view.build, view.situation_id):
        address = replace(address, claim="")
    if address.build and not (database.find_data_dir().snapshots / f"{address.build}.parquet").is_file():
        address = replace(address, build="", figure="")
    known = address.build or address.figure in claim_rows.list_figure_ids(view.build, view.situation_id)
    return address if known or not address.figure else replace(address, figure="")


def write_query(view: View, address: PageAddress, language: str = "") -> str:
    """What follows the page's name: nothing of what is usual. `language` in place of the address's own."""
    usual = database.read_situations(view.build)[0].id
    said: Mapping[str, str] = {
        "situation": "" if address.situation == usual else address.situation,
        "lang": "" if (language or address.language) == FIRST_LANGUAGE else language or address.language,
        "known": address.known.isoformat() if address.known else "",
        "figure": address.figure,
        "build": address.build,
        "claim": address.claim,
        "chart": address.chart,
    }
    kept = {key: value for key, value in said.items() if value}
    return f"?{urlencode(kept)}" if kept else ""


def write_path(view: View, address: PageAddress, language: str = "") -> str:
    """The address below that of the front page, without a slash before it."""
    page = "" if address.page == FRONT else address.page
    return f"{page}{write_query(view, address, language)}"


def _read_plain(said: QueryParams, key: str) -> str:
    value = said.get(key, "")
    return value if _PLAIN.fullmatch(value) else ""


def _read_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None
