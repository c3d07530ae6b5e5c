"""The Overview in a real browser, against an empty Streamlit page, the same content in Dash and Panel, and
against a plain Streamlit page when a hundred visitors arrive at once. Everything in one run, in turns.
"""

import json
import shutil
import statistics
import tempfile
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from dashboards import exhibits, markup, overview, queries
from dashboards.view import View
from pipelines import warehouse
from pipelines.paths import ROOT, DataDir
from tests.benchmarks.servers import Server, other, ours, plain, serving
from tests.benchmarks.sockets import wave
from tests.chromium import LAUNCH

ROUNDS = 7
VISITORS = 100
BARS = {"first chart": 1.5, "last element": 1.8, "filter": 2.0}  # times the empty page
FASTER = 8.0  # times the page views a second of a plain page
SESSION_MB = 1.0
WATCH = Path(__file__).with_name("watch.js").read_text("utf-8")


def main(rounds: int = ROUNDS) -> list[dict[str, Any]]:
    """Rows of a table: what, seconds, ratio. Ends with an error where a bar is missed."""
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
                    for what, milliseconds in _cold(playwright, app, name).items():
                        if number:  # the first round warms the files' cache
                            seen.setdefault(f"{name}: {what}", []).append(milliseconds / 1000)
        medians = {name: statistics.median(times) for name, times in seen.items()}
        plain_app = stack.enter_context(serving(plain("plain.py"), data, folder))
        rows = [*_pages(medians), *_crowd(apps["ours"], plain_app)]
    missed = [row["what"] for row in rows if row.get("holds") == "no"]
    for row in rows:
        print(row)
    if missed:
        raise SystemExit(f"missed: {', '.join(missed)}")
    return rows


def _content(folder: Path) -> tuple[Path, Path]:
    """The bundled data, built; and the Overview's words and figure as JSON for the other frameworks."""
    data = folder / "data"
    shutil.copytree(ROOT / "data", data, ignore=shutil.ignore_patterns("build", "inbox"))
    build = warehouse.build(DataDir(data), today=datetime.now(UTC).date()).build
    first = queries.situations(build)[0]
    view = View(build, first.id, "es", queries.today(first.timezone))
    exhibit = exhibits.overview(view)
    assert exhibit.figure is not None
    table = markup.table(exhibit.title, exhibit.heads, exhibit.rows, exhibit.numeric)
    words = {
        "above": overview.above(view) + markup.paragraph(exhibit.summary),
        "below": markup.paragraph(exhibit.source) + markup.folded("tabla", table) + overview.below(view),
        "figure": json.loads(exhibit.figure.to_json()),
    }
    (folder / "content.json").write_text(json.dumps(words), "utf-8")
    return data, folder / "content.json"


def _cold(playwright: Any, app: Server, name: str) -> dict[str, float]:
    """Milliseconds of one first visit with a browser that knows nothing, and of one change."""
    browser: Browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=LAUNCH)
    page = browser.new_context(viewport={"width": 1280, "height": 900}, locale="es-VE").new_page()
    page.add_init_script(WATCH)
    page.goto(app.address, wait_until="commit")
    wanted = ["empty"] if name == "empty" else ["chart", "last"]
    page.wait_for_function("(names) => names.every((name) => window.__seen[name])", arg=wanted)
    times: dict[str, float] = page.evaluate("window.__seen")
    if name != "empty":
        times["all"] = max(times["chart"], times["last"])
    if name == "empty":
        times = {"page": times["empty"], "rerun": _change(page, "again", "runs 1")}
    elif name == "ours":
        times["filter"] = _change(page, "English", "How many people are still held")
    browser.close()
    return times


def _change(page: Page, button: str, text: str) -> float:
    """Milliseconds from a click to what it changes, a drawn chart included where the page has one."""
    page.wait_for_timeout(700)
    pressed = page.get_by_text(button, exact=True).first.element_handle()
    return float(page.evaluate("([element, text]) => window.__change(element, text)", [pressed, text]))


def _pages(seen: dict[str, float]) -> list[dict[str, Any]]:
    rows = [{"what": "empty Streamlit page", "seconds": seen["empty: page"], "ratio": 1.0}]
    for what, key, base in (
        ("first chart", "chart", "page"),
        ("last element", "all", "page"),
        ("filter", "filter", "rerun"),
    ):
        ratio = seen[f"ours: {key}"] / seen[f"empty: {base}"]
        held = "yes" if ratio <= BARS[what] else "no"
        facts = {"seconds": seen[f"ours: {key}"], "ratio": ratio, "bar": BARS[what], "holds": held}
        rows.append({"what": f"Overview, {what}", **facts})
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
    main()
