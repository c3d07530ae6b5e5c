"""The browser's files that are not ours: what was fetched once is what is served."""

import hashlib
import re

import pytest

from pipelines.core.paths import ROOT

STATIC = ROOT / "dashboards" / "web" / "static"
FOREIGN = sorted(STATIC.glob("*.txt"))


def stated(name: str) -> dict[str, str]:
    lines = (STATIC / name).read_text("utf-8").splitlines()
    return dict(line.split(maxsplit=1) for line in lines)


@pytest.mark.parametrize("name", [path.name for path in FOREIGN])
def test_a_foreign_file_has_the_bytes_that_stand_beside_it_and_its_licence(name: str) -> None:
    facts = stated(name)
    assert hashlib.sha256((STATIC / facts["file"]).read_bytes()).hexdigest() == facts["sha256"]
    assert re.search("MIT|Open Font", (STATIC / name).with_suffix(".LICENSE").read_text("utf-8"))


def test_every_file_is_ours_or_says_where_it_comes_from() -> None:
    ours = {
        *("app.css", "chart.js", "embed.css", "embed.js", "follow.js", "frame.js", "news.js", "page.js"),
        *("print.js", "search.js"),
    }
    found = {path.name for path in STATIC.iterdir() if path.suffix in {".js", ".css", ".woff2"}}
    assert found == ours | {stated(path.name)["file"] for path in FOREIGN}


def test_plotlys_bundle_is_the_stated_version() -> None:
    version = re.search(
        rb"plotly\.js \(basic - minified\) v(\S+)", (STATIC / "plotly-basic.min.js").read_bytes()
    )
    assert version is not None
    assert version.group(1).decode() == stated("plotly-basic.txt")["version"]
