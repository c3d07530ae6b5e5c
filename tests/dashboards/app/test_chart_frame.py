"""The frame of every chart, on whichever page it stands: what it shows, and what can be taken along."""

import io
import re
from collections.abc import Iterator
from html import unescape

import polars as pl
import pytest

from dashboards.app import chart_frame, components
from dashboards.app.chart_frame import TakeAlong
from dashboards.exhibits.chart_registry import CHARTS, draw_shown
from dashboards.exhibits.exhibit import ChartRequest, Exhibit
from dashboards.export import formats
from dashboards.queries.view import View
from dashboards.web import chart_document
from tests.dashboards.conftest import figures
from tests.dashboards.published_view import published

SITE = "https://site.example"
SHOWN = {"overview", "held", "left-prison", "pace-held", "pace-windows"}  # a table among them


@pytest.fixture(scope="module")
def view(tmp_path_factory: pytest.TempPathFactory) -> Iterator[View]:
    with published(tmp_path_factory.mktemp("frames") / "data", figures()) as shown:
        yield shown


def frame_of(view: View, name: str, exhibit: Exhibit) -> str:
    """The frame of a chart as a page draws it, below the address of a static site."""
    drawn = None if exhibit.figure is None else chart_document.make_chart(exhibit, view)
    take = TakeAlong(
        links=components.render_links(exhibit, view, ChartRequest(name)),
        address=f"https://app.example/c/es/islandia/{name}",
        pinned=f"https://app.example/c/es/islandia/{name}?known=2026-11-24",
        site=SITE,
        chart=name,
    )
    return chart_frame.render_frame(view, exhibit, 2, drawn, None, False, take)


def test_each_chart_has_one_frame_with_its_views_and_all_that_can_be_taken_along(view: View) -> None:
    charts = list(draw_shown(view))
    assert {each.name for each, _ in charts} >= SHOWN
    for shown, exhibit in charts:
        html = frame_of(view, shown.name, exhibit)
        assert html.count('<figure class="lm-frame"') == 1, shown.name
        drawn = ["chart"] if exhibit.figure is not None else []
        assert re.findall(r'<button type="button" data-shows="(\w+)"', html) == [*drawn, "table", "sources"]
        acts = re.findall(r'class="lm-act lm-act-(\w+)" popovertarget="([\w-]+)"', html)
        assert [name for name, _ in acts] == ["download", "share", "embed", "quote"], shown.name
        assert all(html.count(f'id="{target}"') == 1 for _, target in acts)


def test_no_two_charts_have_the_same_buttons(view: View) -> None:
    """Two frames stand on one page: a button opens what is of its own chart."""
    targets = [
        target
        for each, exhibit in draw_shown(view)
        if each.name in {chart.name for chart in CHARTS}
        for target in re.findall(r'popovertarget="(take-[\w-]+)"', frame_of(view, each.name, exhibit))
    ]
    assert len(targets) == len(set(targets))


def test_each_chart_is_embedded_as_it_is_or_as_it_becomes_by_a_frame_that_sizes_itself(view: View) -> None:
    for shown, exhibit in draw_shown(view):
        framed = unescape(frame_of(view, shown.name, exhibit))
        pinned, living = re.findall(r"<iframe [^>]*></iframe>", framed)
        assert f'src="{SITE}/builds/{view.build.id}/es/{shown.name}.html"' in pinned
        assert f'src="{SITE}/es/charts/{shown.name}.embed.html"' in living
        for each in (pinned, living):
            assert "width:100%;aspect-ratio:" in each
            assert "<script" not in each


def test_the_csv_of_each_chart_begins_with_a_header_and_ends_with_its_notes(view: View) -> None:
    for shown, exhibit in draw_shown(view):
        text = formats.make_file(exhibit, view, "csv", origin=ChartRequest(shown.name)).decode()
        first, *rest = text.splitlines()
        assert not first.startswith("#"), shown.name
        notes = next(number for number, line in enumerate(rest) if line.startswith("# "))
        assert all(line.startswith("# ") for line in rest[notes:])
        rows = pl.read_csv(io.StringIO(text), comment_prefix="#", infer_schema=False)
        assert rows.columns == list(exhibit.columns)


def test_a_file_is_called_by_its_situation_chart_size_language_day_and_build(view: View) -> None:
    ending = f"es-2026-11-24-{view.build.id}"
    assert formats.name_file(view, "held", "png", "square") == f"islandia-held-square-{ending}.png"
    assert formats.name_file(view, "held", "csv") == f"islandia-held-{ending}.csv"
