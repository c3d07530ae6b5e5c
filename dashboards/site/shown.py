"""Which charts the site shows."""

from dataclasses import dataclass
from functools import lru_cache

from dashboards import catalog
from dashboards.exhibits import Exhibit
from dashboards.view import View


@dataclass(frozen=True)
class Shown:
    """One chart that has something to show, in one language."""

    name: str
    group: str
    exhibit: Exhibit


@lru_cache(maxsize=16)
def shown(view: View) -> tuple[Shown, ...]:
    """Charts that have a picture or a table, in the catalogue's order."""
    found = ((chart, chart.draw(view)) for chart in catalog.charts(view).values())
    return tuple(
        Shown(chart.name, chart.page, exhibit)
        for chart, exhibit in found
        if exhibit is not None and (exhibit.figure is not None or exhibit.rows)
    )
