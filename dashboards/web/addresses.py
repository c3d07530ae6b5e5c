"""Addresses within the app, without what they say anyway, and links to them that need no new page.

Such a link is an ordinary one, marked so that static/follow.js only asks the server for what changes; Back,
Forward, a new tab and a reader without that script work as with any link.
"""

from collections.abc import Mapping
from urllib.parse import urlencode

from dashboards.i18n.translations import FIRST_LANGUAGE
from dashboards.queries import database
from dashboards.queries.view import View
from dashboards.web.html import escape_text


def make_address(view: View, page: str, chosen: Mapping[str, str] | None = None) -> str:
    """A page with what was chosen on it; the first situation and language are not said."""
    first = database.read_situations(view.build)[0].id
    said = {"situation": view.situation_id, "lang": view.language}
    said = {key: value for key, value in said.items() if value not in (first, FIRST_LANGUAGE)}
    said |= {key: value for key, value in (chosen or {}).items() if value}
    return f"{page}?{urlencode(said)}" if said else page


def render_follow(address: str, content: str, style: str = "", **attributes: str) -> str:
    """A link within the app around content that is HTML already."""
    more = "".join(
        f' {name.replace("_", "-")}="{escape_text(value)}"' for name, value in attributes.items() if value
    )
    chosen = f' class="{escape_text(style)}"' if style else ""
    return f'<a href="{escape_text(address)}" target="_self" data-follow="yes"{chosen}{more}>{content}</a>'
