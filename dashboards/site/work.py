"""A site in the making."""

from dataclasses import dataclass, field, replace

from dashboards.site.edition import Edition
from dashboards.site.folder import Folder
from dashboards.site.render import Page, render


@dataclass
class Site:
    """A site in the making: its edition, its folder, and the pages written so far."""

    edition: Edition
    folder: Folder
    pinned: frozenset[str] = frozenset()
    pages: list[Page] = field(default_factory=list)

    def write(self, page: Page) -> None:
        """Render and write one page."""
        self.folder.write(page.path, render(self.edition, page))
        self.pages.append(
            replace(page, context={}, data="")
        )  # what a page holds is not kept with its address
