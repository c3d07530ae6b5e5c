"""All situations of the build, and who has fallen silent in the edition's own: drawings within the page."""

from markupsafe import Markup

from dashboards.exhibits import silences, situations
from dashboards.queries.view import View
from dashboards.site import urls
from dashboards.site.render import Page, make_home_path, make_html
from dashboards.web import strips

NAME = "situations"


def make_page(view: View) -> Page:
    """The page of one language; of the situations only the edition's own has pages here to lead to."""
    words, path = view.words, urls.make_page_path(view.language, NAME)
    found = situations.list_situations(view, themed=False)
    home = urls.make_relative_address(path, make_home_path(view.language))

    def address(situation: str) -> str:
        return home if situation == view.situation_id else ""

    html = make_html(path, view.language, {})
    silent = strips.render_silences(silences.list_silences(view, themed=False), words, inline=True)
    return Page(
        "situations.html",
        view.language,
        path,
        title=found.title,
        description=words("situations.lead"),
        context={
            "listed": Markup(strips.render_situations(found, words, address, html)),  # escaped there
            "silent": Markup(silent),
        },
    )
