"""The Overview in a real browser, against an empty Streamlit page, the same content in Dash and Panel, and
against a plain Streamlit page when a hundred visitors arrive at once. Everything in one run, in turns.
"""

import json
import re
import shutil
import statistics
import tempfile
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page, sync_playwright

from dashboards.app import overview_html
from dashboards.exhibits import figures_over_time
from dashboards.queries import database
from dashboards.queries.view import View
from dashboards.web import html
from pipelines.core.paths import ROOT, DataDir
from pipelines.warehouse import build as warehouse_build
from tests.benchmarks.servers import Server, other, ours, plain, serving
from tests.benchmarks.sockets import wave
from tests.chromium import LAUNCH

ROUNDS = 7
VISITORS = 100
BARS = {"first chart": 1.5, "last element": 1.8, "language": 2.0, "figures": 2.0}  # times the empty page
FASTER = 8.0  # times the page views a second of a plain page
SESSION_MB = 1.0
EVERY = re.compile("^Todas las .*cifras$")  # the switch to all figures, which counts them
POINTED = 150  # milliseconds between pointing at something and pressing it
WATCH = Path(__file__).with_name("watch.js").read_text("utf-8")


def main(rounds: int = ROUNDS) -> list[dict[str, Any]]:
    """Rows of a table: what, seconds, ratio, and whether a bar is held."""
    with tempfile.TemporaryDirectory() as scratch, ExitStack() as stack:
        folder = Path(scratch)
        data, content = _content(folder)
        commands = {
            "empty": plain("empty.py"),
            "ours": ours(),
            "Dash": other("in_dash.py", content),
            "Panel": other("in_panel.py", content),
        }
        apps = {
            name: stack.enter_context(serving(command, data, folder)) for name, command in commands.items()
        }
        seen: dict[str, list[float]] = {}
        with sync_playwright() as playwright:
            for number in range(rounds + 1):
                for name, app in apps.items():
                    times = _cold(playwright, app, name)
                    if name == "ours":
                        times["figures"] = _filtered(playwright, app, number)
                    for what, milliseconds in times.items():
                        if number:  # the first round warms the files' cache
                            seen.setdefault(f"{name}: {what}", []).append(milliseconds / 1000)
        medians = {name: statistics.median(times) for name, times in seen.items()}
        plain_app = stack.enter_context(serving(plain("plain.py"), data, folder))
        return [*_pages(medians), *_crowd(apps["ours"], plain_app)]


def _content(folder: Path) -> tuple[Path, Path]:
    """The bundled data, built; and the Overview's words and figure as JSON for the other frameworks."""
    data = folder / "data"
    shutil.copytree(ROOT / "data", data, ignore=shutil.ignore_patterns("build", "inbox"))
    build = warehouse_build.build(DataDir(data), today=datetime.now(UTC).date()).build
    first = database.read_situations(build)[0]
    view = View(build, first.id, "es", database.find_today(first.timezone))
    exhibit = figures_over_time.make_overview(view)
    assert exhibit.figure is not None
    table = html.render_table(exhibit.title, exhibit.heads, exhibit.rows, exhibit.numeric)
    words = {
        "above": overview_html.render_head(view)
        + overview_html.render_numbers(view)
        + html.render_paragraph(exhibit.summary),
        "below": html.render_paragraph(exhibit.source)
        + html.render_folded("tabla", table)
        + overview_html.render_below_charts(view),
        "figure": json.loads(exhibit.figure.to_json()),
    }
    (folder / "content.json").write_text(json.dumps(words), "utf-8")
    return data, folder / "content.json"


def _cold(playwright: Any, app: Server, name: str) -> dict[str, float]:
    """Milliseconds of one first visit with a browser that knows nothing, and of one change."""
    page = _opened(playwright, app.address, ["empty"] if name == "empty" else ["chart", "last"])
    times: dict[str, float] = page.evaluate("window.__seen")
    if name != "empty":
        times["all"] = max(times["chart"], times["last"])
    if name == "empty":
        again = page.get_by_text("again", exact=True).first
        times = {"page": times["empty"], "rerun": _change(page, again, "runs 1")}
    elif name == "ours":
        english = page.get_by_text("EN", exact=True).first
        times["language"] = _change(page, english, "How many people are still held")
    _closed(page)
    return times


def _filtered(playwright: Any, app: Server, number: int) -> float:
    """Milliseconds from asking for all figures to the chart that has them; each time in a range of days that
    nobody has asked for, so that its figure is nowhere in memory."""
    since = date(2026, 1, 8) + timedelta(days=number)
    page = _opened(playwright, f"{app.address}progress?from={since}", ["chart", "last"])
    every = page.locator(".st-key-chips").get_by_text(EVERY).first
    milliseconds = _change(page, every, None)
    _closed(page)
    return milliseconds


def _opened(playwright: Any, address: str, wanted: list[str]) -> Page:
    """A first visit by a browser of its own, once these are seen (watch.js)."""
    browser: Browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=LAUNCH)
    page = browser.new_context(viewport={"width": 1280, "height": 900}, locale="es-VE").new_page()
    page.add_init_script(WATCH)
    page.goto(address, wait_until="commit")
    page.wait_for_function("(names) => names.every((name) => window.__seen[name])", arg=wanted)
    return page


def _closed(page: Page) -> None:
    browser = page.context.browser
    assert browser is not None
    browser.close()


def _change(page: Page, pressed: Locator, text: str | None) -> float:
    """Milliseconds from a press to what it changes, a drawn chart included where the page has one.

    The mouse rests on what it presses for as long as a quick hand does.
    """
    page.wait_for_timeout(700)
    page.evaluate("(text) => { window.__changed = window.__change(text) }", text)
    pressed.hover()
    page.wait_for_timeout(POINTED)
    page.mouse.down()
    page.mouse.up()
    return float(page.evaluate("window.__changed"))


def _pages(seen: dict[str, float]) -> list[dict[str, Any]]:
    rows = [{"what": "empty Streamlit page", "seconds": seen["empty: page"], "ratio": 1.0}]
    for what, key, base in (
        ("first chart", "chart", "page"),
        ("last element", "all", "page"),
        ("language", "language", "rerun"),
        ("figures", "figures", "rerun"),
    ):
        ratio = seen[f"ours: {key}"] / seen[f"empty: {base}"]
        held = "yes" if ratio <= BARS[what] else "no"
        facts = {"seconds": seen[f"ours: {key}"], "ratio": ratio, "bar": BARS[what], "holds": held}
        page = "Progress, switch of" if what == "figures" else "Overview,"
        rows.append({"what": f"{page} {what}", **facts})
    for name in ("Dash", "Panel"):
        for what in ("chart", "all"):
            ratio = seen[f"{name}: {what}"] / seen[f"ours: {what}"]
            facts = {"seconds": seen[f"{name}: {what}"], "ratio": ratio, "bar": 1.0}
            rows.append({"what": f"{name}, {what}, to ours", **facts, "holds": "yes" if ratio > 1 else "no"})
    return rows


def _crowd(app: Server, plain_app: Server) -> list[dict[str, Any]]:
    """A hundred visitors at once, of both pages in turns; the memory that an open page of ours takes."""
    rates: dict[str, list[float]] = {"ours": [], "plain": []}
    for _ in range(3):
        for name, server in (("ours", app), ("plain", plain_app)):
            rates[name].append(VISITORS / wave(server.port, VISITORS).seconds)
    before = app.megabytes()
    each = (wave(app.port, 3 * VISITORS, app.megabytes).held - before) / (3 * VISITORS)
    ours_, plain_ = statistics.median(rates["ours"]), statistics.median(rates["plain"])
    ratio = ours_ / plain_
    return [
        {"what": f"{VISITORS} at once, plain page", "per_second": plain_, "ratio": 1.0},
        {
            "what": f"{VISITORS} at once, Overview",
            "per_second": ours_,
            "ratio": ratio,
            "bar": FASTER,
            "holds": "yes" if ratio >= FASTER else "no",
        },
        {
            "what": "memory of an open session",
            "megabytes": each,
            "bar": SESSION_MB,
            "holds": "yes" if each < SESSION_MB else "no",
        },
    ]


if __name__ == "__main__":
    for row in main():
        print(row)
