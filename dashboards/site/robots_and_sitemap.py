"""robots.txt and sitemap.xml: what search engines may read of our site."""

from collections.abc import Iterable
from xml.sax.saxutils import escape

from dashboards.site.edition import Edition
from dashboards.site.render import Page


def write_sitemap(edition: Edition, pages: Iterable[Page]) -> str:
    """Every listed page with its languages. Addresses are whole: for a site whose address is known."""
    listed = sorted({page.canonical or page.path for page in pages if page.listed})
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">',
        *(
            f"<url><loc>{escape(edition.absolute(path))}</loc><lastmod>{edition.day}</lastmod></url>"
            for path in listed
        ),
        "</urlset>",
    ]
    return "\n".join(lines) + "\n"


def write_robots(edition: Edition) -> str:
    """Everything may be read; pages to embed say for themselves that they are not to be listed."""
    site_map = f"Sitemap: {edition.absolute('sitemap.xml')}\n" if edition.base_url else ""
    return f"User-agent: *\nAllow: /\n{site_map}"
