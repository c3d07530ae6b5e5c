"""The page that a host shows where there is none: `404.html`, one for each language and one for the rest."""

from dashboards.site import addresses
from dashboards.site.render import Page
from dashboards.view import View

NAME = "404"


def page(view: View, path: str = "") -> Page:
    """The page in the view's language; `path` where it does not lie in the language's folder."""
    home = addresses.page(view.language, NAME)
    return Page(
        "lost.html",
        view.language,
        path or home,
        title=view.words("site.not_found_title"),
        description=view.words("site.not_found"),
        listed=False,
        canonical=home,
        anywhere=True,
    )
