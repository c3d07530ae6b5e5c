"""schema.org data for machines that read pages: a page, a dataset, one figure as an Observation.

The terms are those of schema.org 29. What is a source or a credit stands at the page (a CreativeWork) and at
the report that `subjectOf` names: an Observation has no term of its own for them.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final
from urllib.parse import urlsplit

import polars as pl

from dashboards.queries.view import LICENCE_URL, View
from dashboards.text import labels, statement_sentences
from pipelines.core.model import TOTAL, Precision, Qualifier

CONTEXT: Final = "https://schema.org"
SOURCES: Final = 25  # reports, and figures, that a page's data names, the newest
LOW: Final = (Qualifier.AT_LEAST, Qualifier.MORE_THAN)
HIGH: Final = (Qualifier.AT_MOST, Qualifier.LESS_THAN)
Data = dict[str, Any]
Row = Mapping[str, Any]


def escape_script(text: str) -> str:
    """JSON that cannot end the script element that it stands in."""
    return (
        text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
        .replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    )  # fmt: skip


def write_data(*things: Data) -> str:
    """One thing, or several as a graph, as JSON-LD that is safe within a script element."""
    told: Data = things[0] if len(things) == 1 else {"@graph": things}
    whole = {"@context": CONTEXT, **told}
    return escape_script(json.dumps(whole, ensure_ascii=False, separators=(",", ":")))


def describe_page(
    view: View, *, address: str, name: str, description: str, home: str, parts: Sequence[Data] = ()
) -> Data:
    """A page of the app or the site as a WebPage; `parts` are the figures that it is about."""
    page = {
        "@type": "WebPage",
        "name": name,
        "description": description,
        "inLanguage": view.language,
        "dateModified": view.build.built_at,
        "license": LICENCE_URL,
        "isPartOf": {"@type": "WebSite", "name": view.words("app.name"), **_locate(home)},
        **_locate(address),
    }
    if parts:
        page["mainEntity"] = [{"@id": each["@id"]} for each in parts if "@id" in each]
        reports = [each["subjectOf"] for each in parts]
        page["isBasedOn"] = list(dict.fromkeys(each["url"] for each in reports if "url" in each))
        page["creditText"] = "; ".join(dict.fromkeys(_credit(view, each) for each in parts))
    return {key: value for key, value in page.items() if value != []}


def describe_figure(
    view: View, figure: str, rows: Iterable[Row], address: str, fragment: str = ""
) -> list[Data]:
    """One figure as Observations, one for each statement that stands, with the number that it states.

    A figure without one that stands is told in words and without a number, and so is what is withheld.
    `address` is the figure's own; with `fragment` it is the first Observation's id.
    """
    told = list(rows)
    standing = [row for row in told if row["standing"] == "stands"]
    shown = standing or told[:1]
    return [
        {
            **(
                {"@id": f"{address}{fragment}{f'-{number}' if number > 1 else ''}", "url": address}
                if address
                else {}
            ),
            **_describe_statement(view, figure, row),
        }
        for number, row in enumerate(shown, start=1)
    ]


def _describe_statement(view: View, figure: str, row: Row) -> Data:
    words = view.words
    thing, what = labels.name_with_window(view, dict(row)), words(f"measure.{row['measure']}")
    who = statement_sentences.name_speaker(view, row["organisation"])
    counted = {"@type": "Property", "name": what, "identifier": row["measure"]}
    return {
        "@type": "Observation",
        "identifier": figure,
        "name": f"{who}: {thing}",
        "description": statement_sentences.quote(view, row),
        "measuredProperty": counted,
        "variableMeasured": {"@type": "StatisticalVariable", "name": thing, "measuredProperty": counted},
        "observationAbout": {"@type": "Place", "name": words.of(view.situation.name)},
        "measurementTechnique": words("site.technique"),
        "measurementMethod": words(f"provenance.{row['provenance']}"),
        "unitText": what if row["measure"] in statement_sentences.ACTS else words("data.people"),
        **_tell_time(row),
        **_tell_value(row),
        "additionalProperty": [
            {"@type": "PropertyValue", "propertyID": name, "value": value}
            for name, value in _list_conditions(view, row)
        ],
        "subjectOf": {
            "@type": "Report",
            "author": {"@type": "Organization", "name": who},
            "publisher": {"@type": "Organization", "name": view.publisher(row["publisher"])},
            "datePublished": row["published"].isoformat(),
            **({"url": row["url"]} if _is_web(row["url"]) else {}),
        },
    }


def _tell_time(row: Row) -> Data:
    """The moment as finely as it is known; of a window, how long it is."""
    if row["as_of"] is None:
        return {}
    if row["as_of_precision"] == Precision.MONTH:
        of_it = {"observationPeriod": "P1M"} if labels.covers_its_month(row) else {}
        return {"observationDate": row["as_of"].strftime("%Y-%m"), **of_it}
    told = {"observationDate": row["as_of"].isoformat()}
    if row["period_start"] is not None:
        told["observationPeriod"] = f"P{(row['as_of'] - row['period_start']).days + 1}D"
    return told


def _tell_value(row: Row) -> Data:
    """The number that was stated, as the bound that it is; nothing of what is withheld or does not stand."""
    if row["value"] is None or row["standing"] != "stands":
        return {}
    if row["qualifier"] in LOW:
        return {"minValue": row["value"]}
    if row["qualifier"] in HIGH:
        return {"maxValue": row["value"]}
    if row["qualifier"] == Qualifier.RANGE:
        high = {} if row["value_high"] is None else {"maxValue": row["value_high"]}
        return {"minValue": row["value"], **high}
    return {"value": row["value"]}


def _list_conditions(view: View, row: Row) -> Iterable[tuple[str, str]]:
    """What a program must know of the number before it uses it."""
    words = view.words
    yield "kind", row["kind"]
    yield "population", row["population"]
    if row["breakdown"] != TOTAL:
        yield "breakdown", row["breakdown"]
    if row["period_start"] is not None:
        yield "period_start", row["period_start"].isoformat()
    if row["value"] is None:
        yield "withheld", words("data.withheld")
    else:
        yield "qualifier", row["qualifier"]
    if row["standing"] != "stands":
        yield "standing", labels.tell_standing(row, words)
    if row.get("doubt"):
        yield "doubt", words(f"doubt.{row['doubt']}")
    if row.get("contradicted"):
        yield "contradicted", "true"


def describe_dataset(
    view: View,
    *,
    address: str,
    day: date,
    name: str,
    description: str,
    files: Sequence[tuple[str, str]],
    frame: pl.DataFrame,
    sources: int = SOURCES,
    figures: Sequence[str] = (),
) -> Data:
    """A Dataset, where its own address and those of its files, each with its media type, are known.

    `sources` is how many reports it names, the newest first; `figures` are addresses of pages of its figures.
    """
    words = view.words
    first, last = _find_span(frame)
    data: Data = {
        "@type": "Dataset",
        "name": name,
        "description": description if len(description) >= 50 else words.of(view.situation.summary),
        "inLanguage": view.language,
        "isAccessibleForFree": True,
        "license": LICENCE_URL,
        "creator": {"@type": "Organization", "name": words("app.name")},
        "version": view.build.id,
        "dateModified": day.isoformat(),
        "spatialCoverage": words.of(view.situation.name),
        "measurementTechnique": words("site.technique"),
    }
    if first is not None and last is not None:
        data["temporalCoverage"] = f"{first.isoformat()}/{last.isoformat()}"
    if address:
        data["url"] = data["@id"] = address
        data["distribution"] = [
            {"@type": "DataDownload", "encodingFormat": media.split(";")[0], "contentUrl": file}
            for file, media in files
        ]
        if figures:
            data["hasPart"] = [{"@id": each} for each in figures]
    based = _list_sources(frame, sources)
    if based:
        data["isBasedOn"] = based
    return data


def list_claims(frame: pl.DataFrame, most: int = SOURCES) -> list[str]:
    """The claims behind a frame, the newest first, for the pages of their figures."""
    if not {"claim_id", "as_of"} <= set(frame.columns):
        return []
    newest = frame.sort("as_of", descending=True, maintain_order=True)["claim_id"].drop_nulls()
    return list(dict.fromkeys(newest))[:most]


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
    return [url for url in dict.fromkeys(newest) if _is_web(url)][:most]


def _locate(address: str) -> Data:
    return {"@id": address, "url": address} if address else {}


def _is_web(url: str | None) -> bool:
    return urlsplit(url or "").scheme in ("http", "https")


def _credit(view: View, figure: Data) -> str:
    report = figure["subjectOf"]
    return f"{report['author']['name']} ({report['publisher']['name']}) · {view.words('app.name')}"
