"""For machines that read pages: schema.org data, the site map, and what search engines may read."""

import json
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final
from xml.sax.saxutils import escape

import polars as pl

from dashboards.site.edition import Edition
from dashboards.site.render import Page
from dashboards.view import LICENCE_URL, View

SOURCES: Final = 25  # reports that a page's data names, the newest


def harmless(text: str) -> str:
    """JSON that cannot end the script element that it stands in."""
    return (
        text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
        .replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    )  # fmt: skip


def picture(language: str, name: str) -> str:
    """The path of a page's Open Graph picture."""
    return f"{language}/og/{name}.png"


def dataset(
    edition: Edition,
    view: View,
    *,
    path: str,
    name: str,
    description: str,
    files: Sequence[tuple[str, str]],
    frame: pl.DataFrame,
    sources: int = SOURCES,
) -> str:
    """A schema.org Dataset as JSON-LD; its addresses are whole where the site's is known, else left out.

    `sources` is how many reports it names, the newest first.
    """
    words = view.words
    first, last = _span(frame)
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": name,
        "description": description if len(description) >= 50 else words.of(view.situation.summary),
        "inLanguage": view.language,
        "isAccessibleForFree": True,
        "license": LICENCE_URL,
        "creator": {"@type": "Organization", "name": words("app.name")},
        "version": view.build.id,
        "dateModified": edition.day.isoformat(),
        "spatialCoverage": words.of(view.situation.name),
        "measurementTechnique": words("site.technique"),
    }
    if first is not None and last is not None:
        data["temporalCoverage"] = f"{first.isoformat()}/{last.isoformat()}"
    if edition.base_url:
        data["url"] = data["@id"] = edition.absolute(path)
        data["distribution"] = [
            {
                "@type": "DataDownload",
                "encodingFormat": media.split(";")[0],
                "contentUrl": edition.absolute(file),
            }
            for file, media in files
        ]
    based = _sources(frame, sources)
    if based:
        data["isBasedOn"] = based
    return harmless(json.dumps(data, ensure_ascii=False, separators=(",", ":")))


def _span(frame: pl.DataFrame) -> tuple[date | None, date | None]:
    if "as_of" not in frame.columns or frame.schema["as_of"] != pl.Date:
        return None, None
    days = frame["as_of"].drop_nulls().to_list()
    return min(days, default=None), max(days, default=None)


def _sources(frame: pl.DataFrame, most: int) -> list[str]:
    """Addresses of the newest reports behind a frame."""
    if not {"url", "as_of"} <= set(frame.columns):
        return []
    newest = frame.sort("as_of", descending=True, maintain_order=True)["url"].drop_nulls()
    return [url for url in dict.fromkeys(newest) if url.startswith(("http://", "https://"))][:most]


def sitemap(edition: Edition, pages: Iterable[Page]) -> str:
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


def robots(edition: Edition) -> str:
    """Everything may be read; pages to embed say for themselves that they are not to be listed."""
    site_map = f"Sitemap: {edition.absolute('sitemap.xml')}\n" if edition.base_url else ""
    return f"User-agent: *\nAllow: /\n{site_map}"
