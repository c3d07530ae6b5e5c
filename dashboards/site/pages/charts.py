"""Charts: a page for each with its files, and the list of them."""

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Final

from dashboards.exhibits import contradictions
from dashboards.exhibits.chart_registry import Shown, draw_shown, list_shown
from dashboards.exhibits.exhibit import ChartRequest, Exhibit
from dashboards.export import citations, formats
from dashboards.queries.view import View
from dashboards.site import urls
from dashboards.site.edition import Edition
from dashboards.site.output_folder import Folder
from dashboards.site.pages import embeds
from dashboards.site.render import Page, Site, list_figures, render
from dashboards.web import embedding, structured_data

AT_ONCE: Final = 2  # charts being drawn: one by Chromium, one by Python
THUMBS: Final = 4  # of a group that are shown at once
DOUBTS: Final = "doubts"  # the group that the contradictions belong to
GROUPS: Final = ("overview", "progress", "pace", "parts", "compare", DOUBTS)  # in the order of the menu
LICENCE: Final = "plotly-basic.LICENSE"
STATIC: Final = Path(__file__).resolve().parents[2] / "web" / "static"


def write_charts(site: Site, view: View) -> Iterator[None]:
    """Everything of one language's charts."""
    edition, folder = site.edition, site.folder
    for chart, exhibit, files in _draw_files(edition, view):
        for ending, content in files.items():
            folder.write(urls.make_chart_path(view.language, chart.name, ending), content)
        for page in (
            _make_page(edition, view, chart, exhibit),
            embeds.make_embed(edition, view, chart, exhibit, pinned=False),
            *((embeds.make_interactive(view, chart, exhibit),) if chart.has_picture else ()),
        ):
            site.write(page)
        if edition.base_url:  # an address of its own is what it is asked by
            folder.write(
                embeds.make_oembed_path(view, chart.name, pinned=False),
                embeds.write_oembed(edition, view, chart, pinned=False),
            )
        _pin(site, view, chart, exhibit)
        yield
    site.write(_make_index(view))


def _draw_files(edition: Edition, view: View) -> Iterator[tuple[Shown, Exhibit, dict[str, bytes]]]:
    """Each chart with its files, in order; a few next ones are drawn while these are written."""
    ahead: deque[tuple[Shown, Exhibit, Future[dict[str, bytes]]]] = deque()
    with ThreadPoolExecutor(AT_ONCE, "drawing") as pool:
        for chart, exhibit in draw_shown(view):
            shown = edition.absolute(urls.make_chart_path(view.language, chart.name))
            request = ChartRequest(chart.name, address=shown or None)
            files = pool.submit(embeds.draw_files, exhibit, view, request)
            ahead.append((chart, exhibit, files))
            if len(ahead) > 2 * AT_ONCE:
                yield _await_files(*ahead.popleft())
        while ahead:
            yield _await_files(*ahead.popleft())


def _await_files(
    chart: Shown, exhibit: Exhibit, files: Future[dict[str, bytes]]
) -> tuple[Shown, Exhibit, dict[str, bytes]]:
    return chart, exhibit, files.result()


def write_scripts(folder: Folder) -> None:
    """Plotly's basic bundle and what draws with it, and those of frames, once for the whole site."""
    for name in (embedding.HOST, embedding.FRAME):
        folder.write(name, embedding.read_script(name))
    folder.keep(STATIC / embeds.PLOTLY, urls.ASSETS + embeds.PLOTLY)
    folder.keep(STATIC / LICENCE, f"{urls.ASSETS}{LICENCE}.txt")
    folder.write(
        urls.ASSETS + embeds.SCRIPT,
        embeds.make_classic_script((STATIC / embeds.SCRIPT).read_text(encoding="utf-8")),
    )


def _pin(site: Site, view: View, chart: Shown, exhibit: Exhibit) -> None:
    """What stays as it is: the page to embed and its pictures; never written again once it is there."""
    edition, folder, build, language = site.edition, site.folder, view.build.id, view.language
    page = embeds.make_embed(edition, view, chart, exhibit, pinned=True)
    if page.path in site.pinned:
        return
    folder.write(page.path, render(edition, page))
    if edition.base_url:
        folder.write(
            embeds.make_oembed_path(view, chart.name, pinned=True),
            embeds.write_oembed(edition, view, chart, pinned=True),
        )
    if chart.has_picture:
        for size in embeds.SIZES:
            drawn = folder.root / urls.make_chart_path(language, chart.name, f"{size}.svg")
            folder.keep(drawn, urls.make_pinned_path(build, language, chart.name, f"{size}.svg"))


def _make_page(edition: Edition, view: View, chart: Shown, exhibit: Exhibit) -> Page:
    words, name = view.words, chart.name
    path = urls.make_chart_path(view.language, name)
    endings = tuple(formats.TABLES) if exhibit.figure is None else formats.list_formats(exhibit)
    address = edition.absolute(path)
    return Page(
        "chart.html",
        view.language,
        path,
        title=words("site.chart_title", title=exhibit.title, situation=words.of(view.situation.name)),
        description=exhibit.summary or exhibit.title,
        picture=urls.make_picture_path(
            view.language, f"chart-{name}" if exhibit.figure is not None else "charts"
        ),
        data=structured_data.write_data(
            structured_data.describe_dataset(
                view,
                address=address,
                day=edition.day,
                name=exhibit.title,
                description=exhibit.summary or exhibit.title,
                files=[
                    (edition.absolute(urls.make_chart_path(view.language, name, ending)), form.media)
                    for ending, form in formats.TABLES.items()
                ],
                frame=exhibit.frame,
                figures=list_figures(edition, view, exhibit.frame),
            )
        ),
        context={
            "exhibit": exhibit,
            "name": name,
            "files": [(ending, urls.make_chart_path(view.language, name, ending)) for ending in endings],
            "pictures": embeds.name_both_sizes(urls.make_chart_path(view.language, name, ""))
            if exhibit.figure
            else (),
            "interactive": urls.make_chart_path(view.language, name, f"{embeds.INTERACTIVE}.html"),
            "quotes": citations.list_quotes(view, exhibit),
            "citation": citations.cite(view, exhibit, address),
            "snippets": embeds.write_snippets(edition, view, chart),
            "oembed": edition.absolute(embeds.make_oembed_path(view, name, pinned=False)),
            "build_page": urls.make_build_path(view.language, view.build.id),
        },
    )


def _make_index(view: View) -> Page:
    words = view.words
    groups: dict[str, list[Shown]] = {group: [] for group in GROUPS}
    for chart in list_shown(view):
        groups.setdefault(chart.group, []).append(chart)
    if not contradictions.count_findings(view)[0] and not groups[DOUBTS]:
        del groups[DOUBTS]
    return Page(
        "charts.html",
        view.language,
        urls.make_page_path(view.language, "charts/index"),
        title=words.about("site.charts_title", view.situation),
        description=words("site.charts_lead"),
        picture=urls.make_picture_path(view.language, "charts"),
        context={
            "shown": THUMBS,
            "groups": [
                (
                    group,
                    words(f"nav.{group}"),
                    [each for each in charts if each.has_picture],
                    [each for each in charts if not each.has_picture],
                )
                for group, charts in groups.items()
                if charts or group == DOUBTS
            ],
            # These have no picture, but a page that shows each of them.
            "doubts": (words(f"nav.{DOUBTS}"), contradictions.compose_answer(view)),
        },
    )
