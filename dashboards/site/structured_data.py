"""schema.org data for machines that read pages."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any, Final

import polars as pl

from dashboards.queries.view import LICENCE_URL, View
from dashboards.site.edition import Edition

SOURCES: Final = 25  # reports that a page's data names, the newest


def escape_script(text: str) -> str:
    """JSON that cannot end the script element that it stands in."""
    return (
        text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
        .replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    )  # fmt: skip


def describe_dataset(
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
    first, last = _find_span(frame)
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
    based = _list_sources(frame, sources)
    if based:
        data["isBasedOn"] = based
    return escape_script(json.dumps(data, ensure_ascii=False, separators=(",", ":")))


def _find_span(frame: pl.DataFrame) -> tuple[date | None, date | None]:
    if "as_of" not in frame.columns or frame.schema["as_of"] != pl.Date:
        return None, None
    days = frame["as_of"].drop_nulls().to_list()
    return min(days, default=None), max(days, default=None)


def _list_sources(frame: pl.DataFrame, most: int) -> list[str]:
    """Addresses of the newest reports behind a frame."""
    if not {"url", "as_of"} <= set(frame.columns):
        return []
    newest = frame.sort("as_of", descending=True, maintain_order=True)["url"].drop_nulls()
    return [url for url in dict.fromkeys(newest) if url.startswith(("http://", "https://"))][:most]
