"""The rules by which a picture is read: each finds what it is for, and nothing in a picture that is right."""

from collections.abc import Iterator

import pytest
from lxml import etree
from playwright.sync_api import Browser, Page

from dashboards.charts.fonts import FAMILY
from tests.reading import find_numbers, list_faults, read_picture

RIGHT = """
<text x="20" y="40">La Lista counts 382 people still held</text>
<svg x="20" y="60" width="500" height="300">
    <path class="js-line" d="M20 200L400 200" style="stroke: rgb(1, 1, 1); stroke-width: 2px"/>
    <g class="points"><path class="point" d="M380 190h40v40h-40Z"/></g>
    {plot}
</svg>"""
LABEL = '<text x="430" y="180">382</text>'
FAULTS = {
    LABEL + '<text x="440" y="185">375</text>': "'382' lies on '375'",
    LABEL + '<text x="490" y="100">1,976</text>': "'1,976' is cut",
    LABEL + '<text x="40" y="100"><tspan class="line">People</tspan><tspan class="line" x="40" dy="12" '
    'style="font-size: 9px">La Lista</tspan></text>': "'La Lista' has 9.0 pixels",
    LABEL + '<text x="40" y="206">in March</text>': "a line goes through 'in March'",
    LABEL + '<text x="405" y="225">in May</text>': "a mark covers part of 'in May'",
    LABEL + '<text x="40" y="100">▯ pale</text>': "'▯ pale' has a sign that the font lacks",
    '<text x="430" y="180">375</text>': "382 of the title is not on the chart",
}


@pytest.fixture(scope="module")
def page(chromium: Browser) -> Iterator[Page]:
    opened = chromium.new_page(viewport={"width": 700, "height": 500})
    yield opened
    opened.close()


def read(page: Page, plot: str) -> list[str]:
    font = FAMILY.replace("'", "&apos;")
    drawn = etree.fromstring(
        '<svg xmlns="http://www.w3.org/2000/svg" width="600" height="400" '
        f'style="font: 14px {font}">{RIGHT.format(plot=plot)}</svg>'
    )
    whole = (0.0, 0.0, 600.0, 400.0)
    return list_faults(
        read_picture(page, drawn), "wide", whole, "La Lista counts 382 people still held", "en"
    )


@pytest.mark.browser
def test_nothing_is_wrong_with_a_label_beside_its_mark(page: Page) -> None:
    assert read(page, LABEL) == []
    assert read(page, LABEL + '<text x="385" y="215">21</text>') == []  # within its mark


@pytest.mark.browser
@pytest.mark.parametrize("plot", FAULTS, ids=FAULTS.values())
def test_each_rule_finds_its_fault(page: Page, plot: str) -> None:
    assert read(page, plot) == [FAULTS[plot]]


def test_days_and_years_of_a_title_are_no_numbers_of_people() -> None:
    spanish = (
        "Foro Penal cuenta 382 personas el 3 de agosto de 2026; el máximo fue 1.976, en noviembre de 2024"
    )
    assert find_numbers(spanish, "es") == ["382", "1.976"]
    assert find_numbers("From 99 a week (to 8 Feb 2026) to 14 (to 19 Apr 2026)", "en") == ["99", "14"]
    assert find_numbers("De 404 pessoas em 1 de junho de 2026, 35 eram mulheres (1º de mai. de 2026)", "pt")[
        :2
    ] == ["404", "35"]
