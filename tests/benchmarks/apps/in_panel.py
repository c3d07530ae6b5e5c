"""The Overview's words and figure in Panel; made beforehand, so that only Panel itself is measured."""

import json
import sys
from pathlib import Path

import panel
import plotly.graph_objects as go

content = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
panel.extension("plotly")


def page() -> panel.Column:
    return panel.Column(
        panel.pane.HTML(content["above"]),
        panel.pane.Plotly(go.Figure(content["figure"]), config={"displayModeBar": False}),
        panel.pane.HTML(content["below"] + '<p class="end">end</p>'),
    )


panel.serve(page, port=int(sys.argv[2]), address="127.0.0.1", show=False)
