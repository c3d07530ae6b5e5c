"""Every page by its address: the section of the menu that it belongs to, and what it can do."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Section(StrEnum):
    """What the menu names: five pages, each with those below it, and what is told about them."""

    TODAY = "today"
    CHARTS = "charts"
    VERIFIED = "verified"
    CHECKS = "checks"
    FIGURES = "figures"
    ABOUT = "about"


@dataclass(frozen=True)
class AppPage:
    """One page: the name of its script in pages/ and of its address."""

    name: str
    section: Section
    goes_back: bool = False  # to what was known on another day
    linked: bool = True  # from the menu; the others are where a text leads to


PAGES: Final[Mapping[str, AppPage]] = MappingProxyType(
    {
        page.name: page
        for page in (
            AppPage("overview", Section.TODAY, goes_back=True),
            AppPage("news", Section.TODAY),
            AppPage("situations", Section.TODAY),
            AppPage("progress", Section.CHARTS, goes_back=True),
            AppPage("pace", Section.CHARTS, goes_back=True),
            AppPage("parts", Section.CHARTS, goes_back=True),
            AppPage("builder", Section.CHARTS, goes_back=True),
            AppPage("compare", Section.VERIFIED, goes_back=True),
            AppPage("doubts", Section.CHECKS, goes_back=True),
            AppPage("corrected", Section.CHECKS),
            AppPage("claims", Section.FIGURES),
            AppPage("figure", Section.FIGURES, linked=False),
            AppPage("methods", Section.ABOUT),
            AppPage("law", Section.ABOUT),
            AppPage("glossary", Section.ABOUT),
            AppPage("limits", Section.ABOUT),
            AppPage("look", Section.ABOUT),
            AppPage("record", Section.ABOUT),
        )
    }
)
FRONT: Final = next(iter(PAGES))  # what an empty address shows
# The five of the menu, each with the page that its link leads to.
MENU: Final[Mapping[Section, str]] = MappingProxyType(
    {
        section: next(page.name for page in PAGES.values() if page.section is section)
        for section in Section
        if section is not Section.ABOUT
    }
)


def list_section(section: Section) -> list[str]:
    """The pages of a section that links lead to, in the order of the menu."""
    return [page.name for page in PAGES.values() if page.section is section and page.linked]
