"""The static site: the families' page on slow 3G against the app, nginx against a plain file, a publish.

A publish counts Chromium's start and every picture, and is timed part by part. That it grows with the number
of charts alone is seen in generated situations of a hundred to a thousand charts: seconds, processor time and
memory of each chart.
"""

import http.client
import os
import shutil
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, sync_playwright

from dashboards.site.edition import open_edition
from dashboards.site.generator import publish
from pipelines.core.paths import ROOT, DataDir
from pipelines.warehouse import build
from tests.benchmarks import commands, generated
from tests.browser.conftest import served
from tests.dashboards.site.nginx import nginx

KBIT, LATENCY = 400, 400  # slow 3G: kilobits a second, milliseconds of one round trip
SLOW: Final = {
    "offline": False, "latency": LATENCY, "downloadThroughput": KBIT * 125, "uploadThroughput": KBIT * 125,
}  # fmt: skip
APP_READY: Final = ".lm-held .lm-figure"
PAINTED: Final = """addEventListener("load", () => requestAnimationFrame(() => requestAnimationFrame(() => {
    window.painted = performance.now();
})));"""
REQUESTS, CONNECTIONS = 3000, 8
SIZES: Final = (5, 25, 80)  # organisations of a generated situation; each has four charts a language


def main() -> list[dict[str, Any]]:
    """Rows of a table: what, seconds, ratio."""
    with tempfile.TemporaryDirectory() as scratch, _data(Path(scratch) / "data") as data:
        out = Path(scratch) / "site"
        rows = [*_publishing(out), *_grown(Path(scratch))]
        with served(data.root) as app, nginx(out, _folder(scratch, "nginx")) as site:
            rows += [*_slow(site, app, out), *_requests(out, scratch)]
    return rows


@contextmanager
def _data(root: Path) -> Iterator[DataDir]:
    """The bundled situations, copied and built."""
    shutil.copytree(ROOT / "data", root, ignore=shutil.ignore_patterns("build", "inbox"))
    before = os.environ.get("LIBEROMETRO_DATA")
    os.environ["LIBEROMETRO_DATA"] = str(root)
    try:
        build.build(DataDir(root), today=datetime.now(UTC).date())
        yield DataDir(root)
    finally:
        os.environ.pop("LIBEROMETRO_DATA")
        if before is not None:
            os.environ["LIBEROMETRO_DATA"] = before


def _folder(scratch: str, name: str) -> Path:
    folder = Path(scratch) / name
    folder.mkdir()
    return folder


def _publishing(out: Path) -> Iterator[dict[str, Any]]:
    """Whole, and by part: a part's seconds divided by its pieces is what one chart or page costs."""
    taken: dict[str, tuple[float, int]] = {}
    begun: dict[str, float] = {}

    def told(name: str, _done: int, pieces: int) -> None:
        begun.setdefault(name, time.perf_counter())
        taken[name] = (time.perf_counter() - begun[name], pieces)

    start, used = time.perf_counter(), time.process_time()
    made = open_edition(None, "https://example.org")
    files = publish(made, out, told)
    yield {
        "what": f"publish the bundled situation, {len(made.views)} languages",
        "seconds": time.perf_counter() - start,
        "files": files,
        "processor time without Chromium": time.process_time() - used,
    }
    for name, (seconds, pieces) in taken.items():
        yield {"what": f"publish: {name}", "seconds": seconds, "pieces": pieces, "each": seconds / pieces}


def _grown(scratch: Path) -> Iterator[dict[str, Any]]:
    """A publish of more and more charts, each in a process of its own; against the first, by chart."""
    first = None
    for organisations in SIZES:
        data, out = DataDir(scratch / f"data-{organisations}"), scratch / f"site-{organisations}"
        folder = generated.write_situation(data.root)
        generated.divided(organisations).write_csv(folder / "transcriptions" / "sheet.csv")
        build.build(data, today=datetime.now(UTC).date())
        took = commands.run("dashboards", "publish", out, LIBEROMETRO_DATA=str(data.root))
        charts = len(list(out.glob("*/charts/*.json")))
        each = took.seconds / charts
        first = first or each
        yield {
            "what": f"publish {charts} generated charts: one chart", "seconds": each, "ratio": each / first,
            "processor time without Chromium": took.processor / charts, "peak MB": took.peak_mb,
        }  # fmt: skip


def _slow(site: str, app: str, out: Path) -> Iterator[dict[str, Any]]:
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        families, size = zip(*(_families(browser, site) for _ in range(5)), strict=True)
        overview = _overview(browser, app)
        browser.close()
    seconds = statistics.median(families)
    transfer = size[0] * 8 / (KBIT * 1000)
    floor = LATENCY / 1000 + transfer
    yield {
        "what": "families' page, slow 3G", "seconds": seconds, "ratio": seconds / floor, "bytes": size[0],
        "floor: one round trip and the transfer": floor,
    }  # fmt: skip
    yield {"what": "app's Overview, slow 3G", "seconds": overview, "ratio": overview / seconds}
    yield {"what": "families' page, bytes of HTML", "bytes": (out / "index.html").stat().st_size}


def _families(browser: Browser, address: str) -> tuple[float, int]:
    """Until the last byte is parsed and painted, by the page's own clock, and bytes received."""
    context = browser.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.send("Network.emulateNetworkConditions", SLOW)
    received: list[float] = []
    devtools.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    page.add_init_script(PAINTED)
    page.goto(address, wait_until="load")
    page.wait_for_function("window.painted > 0")
    seconds = float(page.evaluate("window.painted")) / 1000
    context.close()
    return seconds, int(sum(received))


def _since_asked(page: Page) -> float:
    """Seconds since the browser asked for the page, once what it now holds is painted; by its own clock."""
    twice = "requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now())))"
    return float(page.evaluate(f"new Promise(done => {twice})")) / 1000


def _overview(browser: Browser, address: str) -> float:
    """Until the app shows its first figure and its first chart is drawn."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale="es-VE")
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.send("Network.emulateNetworkConditions", SLOW)
    page.goto(address, wait_until="commit", timeout=300_000)
    page.locator(APP_READY).first.wait_for(timeout=300_000)
    page.locator(".js-plotly-plot .trace").first.wait_for(state="attached", timeout=300_000)
    seconds = _since_asked(page)
    context.close()
    return seconds


def _requests(out: Path, scratch: str) -> Iterator[dict[str, Any]]:
    """The families' page and a file of as many bytes, by turns, from one and the same nginx and client."""
    bare = _folder(scratch, "bare")
    (bare / "index.html").write_bytes(bytes((out / "index.html").stat().st_size))
    with nginx(out, _folder(scratch, "n1")) as site, nginx(bare, _folder(scratch, "n2")) as plain:
        rates: dict[str, list[float]] = {site: [], plain: []}
        for _ in range(3):
            for address in (plain, site):
                rates[address].append(_rate(address))
    best = {address: max(found) for address, found in rates.items()}
    yield {
        "what": "nginx, families' page", "seconds": 1 / best[site], "requests a second": best[site],
        "ratio": best[plain] / best[site],
    }  # fmt: skip
    yield {"what": "nginx, a file of as many bytes", "seconds": 1 / best[plain], "ratio": 1.0}


def _rate(address: str) -> float:
    """Requests a second over connections that stay open."""
    each = REQUESTS // CONNECTIONS
    workers = [threading.Thread(target=_ask, args=(address, each)) for _ in range(CONNECTIONS)]
    start = time.perf_counter()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return each * CONNECTIONS / (time.perf_counter() - start)


def _ask(address: str, times: int) -> None:
    connection = http.client.HTTPConnection(urlsplit(address).netloc)
    for _ in range(times):
        connection.request("GET", "/index.html")
        if connection.getresponse().read() == b"":
            raise RuntimeError(f"{address} answers nothing")
    connection.close()


if __name__ == "__main__":
    for row in main():
        print(row)
