"""What one site is made of: a situation of one build, the day it is told for, and where it will be served."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from dashboards.i18n.translations import FIRST_LANGUAGE, list_languages
from dashboards.queries.view import View, open_view
from pipelines.warehouse.published_build import Build


@dataclass(frozen=True)
class Edition:
    """One build told for one day; the same edition is always the same bytes."""

    views: Mapping[str, View]  # language → view, Spanish first
    day: date  # what ages are counted from; never the clock's
    base_url: str  # where the site will be served, ending in a slash; empty where nobody said

    @property
    def first(self) -> View:
        """The view in the first language."""
        return self.views[FIRST_LANGUAGE]

    @property
    def build(self) -> Build:
        """The build that all pages are made from."""
        return self.first.build

    @property
    def root(self) -> str:
        """The path below which the host serves the site: `/` or `/folder/`."""
        return urlsplit(self.base_url).path or "/"

    def absolute(self, path: str) -> str:
        """The address of a file of the site; empty where nobody said where it is served."""
        return f"{self.base_url}{path.removesuffix('index.html')}" if self.base_url else ""


def open_edition(situation: str | None, base_url: str = "", day: date | None = None) -> Edition:
    """The edition of the published build.

    `day` is the day that ages are counted from; None is the day of the build, where the situation is. Raises
    published_build.NoBuildError, view.UnknownSituationError.
    """
    found = open_view(situation, FIRST_LANGUAGE)
    told = day or find_build_day(found)
    views = {
        language: replace(open_view(found.situation_id, language), build=found.build, today=told)
        for language in list_languages()
    }
    return Edition(views, told, f"{base_url.rstrip('/')}/" if base_url else "")


def find_build_day(view: View) -> date:
    """The day on which the build was made, where the situation is."""
    made = datetime.fromisoformat(view.build.built_at)
    return made.astimezone(ZoneInfo(view.situation.timezone)).date()
