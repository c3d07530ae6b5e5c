"""Every page by its address: its place in the menu, and what it can do."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Place(StrEnum):
    """Where the links to a page are."""

    MENU = "menu"  # among the questions, on every page
    FOOT = "foot"  # at the foot of every page
    NOWHERE = "nowhere"  # only where a text leads to it


@dataclass(frozen=True)
class AppPage:
    """One page: the name of its script in pages/ and of its address."""

    name: str
    place: Place = Place.MENU
    goes_back: bool = False  # to what was known on another day


PAGES: Final[Mapping[str, AppPage]] = MappingProxyType(
    {
        page.name: page
        for page in (
            AppPage("overview", goes_back=True),
            AppPage("news"),
            AppPage("progress", goes_back=True),
            AppPage("pace", goes_back=True),
            AppPage("compare", goes_back=True),
            AppPage("doubts", goes_back=True),
            AppPage("parts", goes_back=True),
            AppPage("claims"),
            AppPage("corrected"),
            AppPage("builder", goes_back=True),
            AppPage("law"),
            AppPage("situations", Place.FOOT),
            AppPage("figure", Place.NOWHERE),
            AppPage("glossary", Place.FOOT),
            AppPage("methods", Place.FOOT),
            AppPage("limits", Place.FOOT),
            AppPage("look", Place.NOWHERE),
        )
    }
)
FRONT: Final = next(iter(PAGES))  # what an empty address shows
