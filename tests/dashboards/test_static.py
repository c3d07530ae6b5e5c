"""The browser's files that are not ours: what was fetched once is what is served."""

import hashlib
import re

from pipelines.paths import ROOT

STATIC = ROOT / "dashboards" / "static"


def test_plotlys_bundle_is_the_version_and_the_bytes_that_stand_beside_it() -> None:
    stated = dict(line.split() for line in (STATIC / "plotly-basic.txt").read_text("utf-8").splitlines())
    content = (STATIC / "plotly-basic.min.js").read_bytes()
    assert hashlib.sha256(content).hexdigest() == stated["sha256"]
    version = re.search(rb"plotly\.js \(basic - minified\) v(\S+)", content[:200])
    assert version is not None
    assert version.group(1).decode() == stated["version"]


def test_plotlys_licence_stands_beside_it() -> None:
    assert "MIT" in (STATIC / "plotly-basic.LICENSE").read_text("utf-8")
