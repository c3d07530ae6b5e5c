"""The data as files: what stands today of each figure; the page that lists all of them."""

from typing import Final

from dashboards.site import addresses, archive, linked
from dashboards.site.edition import Edition
from dashboards.site.folder import Folder
from dashboards.site.render import Page
from dashboards.view import View

FIGURES: Final = "data/figures.csv"
FILES: Final = ((FIGURES, "site.data_figures"),)  # path, and the words that say what it holds


def written(edition: Edition, folder: Folder) -> None:
    """Every file of FILES."""
    folder.write(FIGURES, archive.as_csv(archive.current(edition)))


def page(view: View) -> Page:
    """Where the files are and what they hold."""
    words = view.words
    return Page(
        "data.html",
        view.language,
        addresses.page(view.language, "data"),
        title=words("site.data_title", situation=words.of(view.situation.name)),
        description=words("site.data_lead"),
        picture=linked.picture(view.language, "data"),
        context={"files": [(path, words(name)) for path, name in FILES]},
    )
