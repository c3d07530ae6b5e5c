"""What another group needs beside the tables to show a situation as its own (`python -m pipelines federate`).

Made from the build, where what is withheld is withheld already, not from the files that people write.
"""

import json
from typing import Any, Final

import msgspec

from dashboards.queries import database
from dashboards.site import open_data
from dashboards.site.edition import Edition
from pipelines.core.situation import OWN_AFFAIRS

FILE: Final = "settings.json"
_TABLES: Final = ("bridges", "comparables", "corrections")


def write_settings(edition: Edition) -> bytes:
    """The situation's settings, and what was decided about its figures, as JSON."""
    view = edition.first
    situation = msgspec.to_builtins(view.situation)
    content: dict[str, Any] = {
        "situation": {name: value for name, value in situation.items() if name not in OWN_AFFAIRS}
    }
    for name in _TABLES:
        frame = database.ask(edition.build, f"shared_{name}", situation=view.situation_id)
        content[name] = open_data.list_rows(frame)
    return json.dumps(content, ensure_ascii=False, indent=1).encode() + b"\n"
