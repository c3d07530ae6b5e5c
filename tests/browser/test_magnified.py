"""Pages for who magnifies four times, lets the system choose the colours, or wants nothing to move."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from dashboards.app.page_registry import PAGES
from pipelines.core.paths import DataDir
from pipelines.warehouse import build
from tests.browser.conftest import served
from tests.browser.watching import NO_SIDEWAYS, whole
from tests.conftest import TODAY, row, write_readings, write_sheet, write_situation

pytestmark = pytest.mark.browser

# Elements that stay where they are while the page scrolls, by the share of the screen that they cover.
STAYING = """() => [...document.querySelectorAll('body *')].flatMap((each) => {
  if (!['fixed', 'sticky'].includes(getComputedStyle(each).position)) return [];
  const { width, height } = each.getBoundingClientRect();
  const share = (width * height) / (innerWidth * innerHeight);
  return share > 0.05 ? [[each.className || each.tagName, share]] : [];
})"""
OPEN_ALL = "document.querySelectorAll('details').forEach((each) => { each.open = true; })"
LEGEND = "[data-testid=stMain] .lm-plot .legend .traces"
# What tells the entries of a legend apart: the outlines of their marks.
OUTLINES = """(legend) => [...document.querySelectorAll(legend)].map(
  (entry) => entry.querySelector('.legendpoints path').getAttribute('d'))"""
# Contrast of each mark and each text of the charts against the page that the system chose.
CONTRASTS = """() => {
  const light = (colour) => {
    const [r, g, b] = colour.match(/[\\d.]+/g).slice(0, 3).map((part) => {
      const c = part / 255;
      return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const probe = document.createElement('div');
  probe.style.color = 'Canvas';
  document.body.append(probe);
  const page = light(getComputedStyle(probe).color);
  probe.remove();
  const against = (selector, part) => [...document.querySelectorAll(selector)].map((each) => {
    const own = light(getComputedStyle(each)[part]);
    return (Math.max(own, page) + 0.05) / (Math.min(own, page) + 0.05);
  });
  const chart = '[data-testid=stMain] .lm-plot ';
  return {
    marks: against(chart + '.legendpoints path', 'fill'),
    lines: against(chart + '.legendlines path', 'stroke'),
    texts: against(chart + 'text', 'fill'),
    keys: against('.lm-key li', 'color'),
  };
}"""
MOVING = """() => [
  ...document.getAnimations().map((each) => String(each.effect?.target?.className)),
  ...[...document.querySelectorAll('.lm-place, .lm-place *, .lm-folded, .lm-term, .lm-meaning')].filter(
    (each) => {
    const { transitionDuration, animationName } = getComputedStyle(each);
    return transitionDuration.split(', ').some((time) => parseFloat(time) > 0) || animationName !== 'none';
  }).map((each) => each.tagName),
]"""


@pytest.fixture(scope="module")
def two_speakers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The app over figures of two organisations, who share a chart."""
    root = tmp_path_factory.mktemp("speakers") / "data"
    folder = write_situation(root)
    rows = [
        row(value=value, organisation=organisation, as_of=day, published=day)
        for day in ("2026-01-05", "2026-02-15")
        for organisation, value in (("lista", 800), ("gobierno", 300))
    ]
    write_sheet(folder / "transcriptions" / "sheet.csv", rows)
    write_readings(folder, rows)
    build.build(DataDir(root), today=TODAY)
    with served(root) as address:
        yield f"{address}/progress?lang=es&org=lista&org=gobierno"


def drawn(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator(LEGEND)).to_have_count(2, timeout=20_000)


@pytest.fixture(scope="module")
def magnified(chromium: Browser) -> Iterator[Page]:
    """A window of 1280 × 1024 pixels at 400 %."""
    context = chromium.new_context(viewport={"width": 320, "height": 256}, reduced_motion="reduce")
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_four_times_as_large_scrolls_one_way_and_nothing_stays_in_the_way(
    magnified: Page, address: str, name: str
) -> None:
    magnified.goto(f"{address}/{name}?lang=es")
    whole(magnified)
    magnified.evaluate(OPEN_ALL)
    assert magnified.evaluate(NO_SIDEWAYS)
    assert magnified.evaluate(STAYING) == []


def test_a_definition_leaves_room_on_the_smallest_screen(magnified: Page, address: str) -> None:
    magnified.goto(f"{address}/?lang=es")
    magnified.locator(".lm-card .lm-term").first.click()
    box = magnified.locator(".lm-meaning:popover-open").bounding_box()
    assert box is not None
    assert box["height"] <= 0.6 * 256 + 2
    magnified.keyboard.press("Escape")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_where_the_system_chooses_the_colours_series_are_still_told_apart(
    chromium: Browser, two_speakers: str, scheme: str
) -> None:
    page = chromium.new_page(forced_colors="active", color_scheme=scheme)  # type: ignore[arg-type]
    drawn(page, two_speakers)
    outlines = page.evaluate(OUTLINES, LEGEND)
    assert len(outlines) == len(set(outlines)) == 2
    found = page.evaluate(CONTRASTS)
    assert all(found.values())
    assert min(*found["marks"], *found["lines"]) >= 3
    assert min(*found["texts"], *found["keys"]) >= 4.5
    page.close()


def test_nothing_moves_for_who_wants_no_motion(chromium: Browser, two_speakers: str) -> None:
    page = chromium.new_page(reduced_motion="reduce")
    drawn(page, two_speakers)
    page.locator(".lm-plot").first.focus()
    page.keyboard.press("Home")
    expect(page.locator(".lm-said").first).not_to_be_empty()
    page.locator(".lm-term").first.click()
    assert page.evaluate(MOVING) == []
    page.close()
