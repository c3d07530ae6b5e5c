"""A hundred figures reviewed by keyboard in a real browser, and how long the machine takes for each."""

import csv
import statistics
import time
from collections import Counter
from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import Browser, Page, expect

from pipelines.core.paths import DataDir
from pipelines.intake.review.field_choices import CORRECTED, Refusal
from pipelines.intake.review.worklist import Worklist
from tests.pipelines.intake.review.conftest import Give, build, folder, reading, serve_desk

FIGURES = 100
SLOWEST = 1.0  # seconds that half of the decisions stay well under; a person has six
FIRST = 300  # the first figure: the others follow it, so that none repeats another
TEXT = "La Lista publicó un informe con corte al 16 de febrero de 2026.\n\n" + "\n\n".join(
    f"En la nota {number} contó {FIRST + number} personas bajo custodia, leyó Fulanita Inexistente Mengánez."
    for number in range(FIGURES)
)


@pytest.fixture
def page(data: DataDir, desk: Worklist, give: Give, chromium: Browser) -> Iterator[Page]:
    """The desk in a browser, signed, at the first of a hundred figures of different days."""
    give(
        TEXT,
        [
            reading(TEXT, str(FIRST + number), who="La Lista", when="16 de febrero de 2026",
                    as_of=date.fromordinal(date(2025, 10, 1).toordinal() + number))
            for number in range(FIGURES)
        ],
    )  # fmt: skip
    build(data)
    with serve_desk(data, desk) as address:
        context = chromium.new_context(locale="en-GB")
        page = context.new_page()
        page.goto(address)
        page.keyboard.press("Enter")  # the first figure of the queue has the focus
        page.wait_for_url("**/figure/*")
        page.keyboard.press("Enter")  # unsigned: the page asks who
        page.keyboard.type("AB")
        page.keyboard.press("Enter")
        yield page
        context.close()


def press(page: Page, *keys: str) -> float:
    """Seconds from the last key until the next page stands."""
    for key in keys[:-1]:
        page.keyboard.press(key)
    before = page.url
    begun = time.monotonic()
    page.keyboard.press(keys[-1])
    page.wait_for_function(
        "before => location.href !== before && document.readyState === 'complete'", arg=before
    )
    return time.monotonic() - begun


def read_decisions(data: DataDir) -> list[dict[str, str]]:
    with (folder(data) / "decisions.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def test_a_hundred_figures_are_reviewed_by_keyboard(data: DataDir, page: Page) -> None:
    turns = (("Enter",), ("m", "2", "Enter"), ("x", "1"), ("q", "2", "Enter"), ("o", "2", "Enter"))
    taken = [press(page, *turns[number % len(turns)]) for number in range(FIGURES)]
    expect(page.locator("h1")).to_contain_text("0 waiting")
    rows = read_decisions(data)
    assert Counter(each["decision"] for each in rows) == {"accept": 20, "correct": 60, "reject": 20}
    assert {each["reviewer"] for each in rows} == {"AB"}
    assert Counter(each["reason"] for each in rows) == {"": 20, CORRECTED: 60, Refusal.COUNTS_ELSE.value: 20}
    assert Counter(each["corrected"] for each in rows) == {
        "": 40, "measure=detained": 20, "qualifier=about": 20, "organisation=gobierno": 20,
    }  # fmt: skip
    assert {each["measure"] for each in rows} == {"in_custody"}  # what was read stays
    half, most = statistics.median(taken), max(taken)
    print(f"\nseconds a decision: half {half:.3f}, slowest {most:.3f}")
    assert half < SLOWEST
    page.keyboard.press("Enter")  # the button that renews the build has the focus
    page.wait_for_load_state()
    built = build(data)
    assert (len(built["claims"]), len(built["pending"])) == (80, 0)


def test_keys_show_correct_refuse_and_undo(data: DataDir, page: Page) -> None:
    cut_off = page.locator("dd.cut-off")
    expect(cut_off).to_contain_text("from the words 16 de febrero de 2026")
    expect(page.locator(".sure")).to_contain_text("likely, 72% (all fields together)")
    expect(page.locator(".apart")).to_have_text("The light reader alone says otherwise: measure no figure")
    assert "Fulanita" not in page.content()
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_contain_text("takes back the last decision")
    page.keyboard.press("d")
    expect(page.get_by_role("status")).to_contain_text("Choose for d day: 1 2026-02-16 85%")
    page.keyboard.press("2")
    expect(page.locator("tr[data-key=d] .now")).to_have_text("2026-02-20")
    page.keyboard.press("p")
    page.keyboard.press("1")
    expect(page.locator("tr[data-key=p] .now")).to_have_text("sex=female")
    figure = page.url
    press(page, "Enter")
    (row,) = read_decisions(data)
    assert row["corrected"] == ("breakdown=sex=female | as_of=2026-02-20 | as_of_basis=publication_date")
    press(page, "u")
    assert page.url == figure
    expect(page.get_by_role("status").first).to_contain_text("Taken back")
    assert [each["decision"] for each in read_decisions(data)] == ["correct", "undo"]
    press(page, "x", "x")
    assert read_decisions(data)[-1]["reason"] == Refusal.COUNTS_ELSE.value
    later = page.url
    press(page, "s")
    assert page.url not in (figure, later)
    for language, says in (("español", "probable, 72 %"), ("português", "provável, 72%")):
        page.get_by_role("link", name=language).click()
        expect(page.locator(".sure")).to_contain_text(says)


def test_a_browser_without_scripts_takes_a_choice_by_its_button(
    data: DataDir, desk: Worklist, give: Give, chromium: Browser
) -> None:
    give(TEXT, [reading(TEXT, str(FIRST), when="16 de febrero de 2026")])
    build(data)
    with serve_desk(data, desk) as address:
        context = chromium.new_context(java_script_enabled=False)
        page = context.new_page()
        page.goto(address)
        page.locator("ol a").click()
        page.locator("tr[data-key=m] button").nth(1).click()
        page.locator("input[name=reviewer]").fill("AB")
        page.locator("button[value=correct]").click()
        context.close()
    assert [each["corrected"] for each in read_decisions(data)] == ["measure=detained"]
