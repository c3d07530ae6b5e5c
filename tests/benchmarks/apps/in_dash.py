"""The Overview's words and figure in Dash; made beforehand, so that only Dash itself is measured."""

import json
import sys
from pathlib import Path

import dash
import waitress
from dash import dcc, html

content = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
app = dash.Dash(serve_locally=True, compress=False)


def words(text: str) -> dcc.Markdown:
    return dcc.Markdown(text, dangerously_allow_html=True)


app.layout = html.Main(
    [
        words(content["above"]),
        dcc.Graph(figure=content["figure"], config={"displayModeBar": False}),
        words(content["below"]),
        html.P("end", className="end"),
    ]
)
waitress.serve(app.server, host="127.0.0.1", port=int(sys.argv[2]))
