"""Templates to pages: Jinja with every value escaped, and what each page of the site has in common."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from dashboards import law
from dashboards.headline_card import Card, render_card
from dashboards.markup import Html, Link, is_web, text
from dashboards.site import addresses, policy, statements
from dashboards.site.edition import Edition
from dashboards.view import View
from dashboards.words import words_of

HERE: Final = Path(__file__).resolve().parent
STYLE: Final = addresses.ASSETS + "style.css"
ICON: Final = addresses.ASSETS + "icon.svg"
# Pages that every page leads to, in the order of the menu; their words are site.nav_<name>.
MENU: Final = (
    "charts/index", "claims", "contradictions", "revisions", "corrected", "changes", "organisations",
    law.PAGE, "limits",
)  # fmt: skip
MORE: Final = ("definitions", "methods", "figures/index", "builds/index", "data", "embeds")


@dataclass(frozen=True)
class Page:
    """One page: where it is, what it is called, and what its template is given."""

    template: str
    language: str
    path: str
    title: str
    description: str
    context: dict[str, Any] = field(default_factory=dict)
    picture: str = ""  # the Open Graph picture's path
    data: str = ""  # JSON-LD, already safe within a script element
    policy: str = ""  # empty: the strict one
    inline: bool = False  # the style within the page, so that it is one file
    listed: bool = True  # in the sitemap and for search engines
    canonical: str = ""  # where the same page is at home, if not here
    anywhere: bool = False  # the host shows it under addresses of any depth: no address in it is relative


@lru_cache(maxsize=2)
def style(inline: bool = False) -> str:
    """The site's style sheet, without what only its authors read; `inline` is what the front page needs."""
    text = (HERE / "assets" / "style.css").read_text(encoding="utf-8")
    if inline:
        text = re.sub(r"/\*\+\*/.*?/\*-\*/", "", text, flags=re.DOTALL)
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return re.sub(r"\s*([{}:;,>])\s*", r"\1", re.sub(r"\s+", " ", text)).replace(";}", "}").strip()


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Templates in which every value is escaped and a missing one is an error."""
    return Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def render(edition: Edition, page: Page) -> str:
    """The page as HTML."""
    view, words = edition.views[page.language], words_of(page.language)
    link = (
        partial(addresses.rooted, edition.root) if page.anywhere else partial(addresses.relative, page.path)
    )
    html = html_of(page.path, page.language, statements.figure_ids(view.build, view.situation_id))
    stated = page.policy or policy.strict(style(inline=True) if page.inline else "")
    rendered = (
        environment()
        .get_template(page.template)
        .render(
            **page.context,
            page=page,
            edition=edition,
            view=view,
            situation=view.situation,
            w=words,
            language=page.language,
            href=link,
            cell=lambda content: Markup(html.cell(content)),
            table=lambda *parts: Markup(html.table(*parts)),
            card=lambda card: Markup(_card(card, html)),
            policy=stated,
            style=style(inline=True) if page.inline else "",
            others=_others(edition, page),
            menu=_menu(view, MENU),
            more=_menu(view, MORE),
            home=home(page.language),
            at=addresses,
            STYLE=STYLE,
            ICON=ICON,
        )
    )
    return re.sub(r"\n[ \t]*(?=\n)", "", rendered)


def html_of(here: str, language: str, figures: Mapping[str, str]) -> Html:
    """How a page writes HTML: terms open in the app only; `figures` is claim → figure.

    Only http and https lead outside; the app's address of a claim becomes the site's.
    """

    def link(target: Link) -> str:
        claim = addresses.claim_of(target.url or "")
        if claim is not None and claim in figures:
            inside = addresses.relative(here, addresses.figure(language, figures[claim]))
            return f'<a href="{text(inside)}">{text(target.text)}</a>'
        if claim is not None or not target.url or not is_web(target.url):
            return text(target.text)
        return f'<a href="{text(target.url)}" rel="noopener noreferrer">{text(target.text)}</a>'

    return Html("", link, lambda term: text(term.text))


def _card(card: Card, html: Html) -> str:
    return render_card(card, card.marks, html)


def home(language: str) -> str:
    """The families' page of one language."""
    return addresses.page(language, "index")


def _menu(view: View, names: tuple[str, ...]) -> list[tuple[str, str]]:
    return [
        (addresses.page(view.language, name), view.words(f"site.nav_{name.split('/')[0]}"))
        for name in names
        if name != law.PAGE or law.law_of(view) is not None
    ]


def _others(edition: Edition, page: Page) -> list[tuple[str, str, str]]:
    """The same page in each language: code, path, what the language calls itself."""
    rest = page.path.removeprefix(f"{page.language}/")
    return [(code, f"{code}/{rest}", words_of(code).own_name) for code in edition.views]
