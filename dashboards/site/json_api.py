"""A static JSON interface: files that answer like a service, under a version, and what they hold.

A change that would break a reader's program gets a new version beside the old one.
"""

import json
from typing import Any, Final

import polars as pl

from dashboards.i18n.translations import Words, read_words
from dashboards.queries.view import LICENCE_URL
from dashboards.site import open_data, urls
from dashboards.site.edition import Edition
from dashboards.site.output_folder import Folder

ROOT: Final = "api/v1/"
DESCRIPTION: Final = f"{ROOT}openapi.json"
_FORMATS: Final[dict[str, dict[str, Any]]] = {
    "date": {"type": ["string", "null"], "format": "date"},
    "string": {"type": ["string", "null"]},
    "integer": {"type": ["integer", "null"]},
    "boolean": {"type": ["boolean", "null"]},
}


def write_answers(edition: Edition, folder: Folder) -> None:
    """Every answer, and the description of all."""
    situation = edition.first.situation_id
    frames = {name: open_data.read_table(edition.build, situation, name) for name in open_data.NAMES}
    for name, frame in frames.items():
        folder.write(f"{ROOT}{name}.json", _write_answer(edition, frame))
    shelves = {
        shelf: frames["claims"].filter(pl.col("figure_id").str.to_lowercase().str.starts_with(shelf))
        for shelf in sorted({urls.find_shelf(each) for each in frames["claims"]["figure_id"]})
    }
    for shelf, frame in shelves.items():
        folder.write(f"{ROOT}figures/{shelf}.json", _write_answer(edition, frame))
    folder.write(f"{ROOT}index.json", _write_index(edition, list(shelves)))
    folder.write(DESCRIPTION, describe_api(edition, frames, list(shelves)))


def _write_answer(edition: Edition, frame: pl.DataFrame) -> str:
    """An object with what the rows are of, then the rows, one a line."""
    rows = ",\n".join(
        json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in open_data.list_rows(frame)
    )
    head = json.dumps(_describe_build(edition), ensure_ascii=False)
    return f'{head[:-1]}, "rows": [\n{rows}\n]}}\n'


def _describe_build(edition: Edition) -> dict[str, str]:
    return {
        "situation": edition.first.situation_id,
        "build": edition.build.id,
        "built_at": edition.build.built_at,
        "licence": LICENCE_URL,
    }


def _write_index(edition: Edition, shelves: list[str]) -> str:
    links = {name: f"{name}.json" for name in open_data.NAMES}
    figures = {shelf: f"figures/{shelf}.json" for shelf in shelves}
    about = {**_describe_build(edition), "description": "openapi.json", "tables": links, "figures": figures}
    return json.dumps(about, ensure_ascii=False, indent=1) + "\n"


def describe_api(edition: Edition, frames: dict[str, pl.DataFrame], shelves: list[str]) -> str:
    """The interface as OpenAPI 3.1."""
    words = read_words("en")
    paths = {
        f"/{name}.json": _describe_path(name, words(f"package.{name}"), name) for name in open_data.NAMES
    }
    figures = _describe_path(
        "figures", "The claims about the figures whose ids begin with these two characters.", "claims"
    )
    figures["parameters"] = [
        {"name": "shelf", "in": "path", "required": True, "schema": {"type": "string", "enum": shelves}}
    ]
    paths["/figures/{shelf}.json"] = figures
    index = {"type": "object", "required": [*_describe_build(edition), "tables", "figures"]}
    paths["/index.json"] = _describe_path("index", "What there is, with relative addresses.", None, index)
    stated = {
        "openapi": "3.1.0",
        "info": {
            "title": f"Liberómetro: {words.of(edition.first.situation.name)}",
            "version": "1",
            "description": words("site.data_lead"),
            "license": {"name": "CC BY 4.0", "url": LICENCE_URL},
        },
        "servers": [{"url": edition.absolute(ROOT).rstrip("/") or "."}],
        "paths": dict(sorted(paths.items())),
        "components": {"schemas": {name: _describe_schema(frame, words) for name, frame in frames.items()}},
    }
    return json.dumps(stated, ensure_ascii=False, indent=1) + "\n"


def _describe_path(
    name: str, summary: str, row: str | None, whole: dict[str, Any] | None = None
) -> dict[str, Any]:
    schema = whole or {
        "type": "object",
        "required": ["situation", "build", "built_at", "licence", "rows"],
        "properties": {
            **{key: {"type": "string"} for key in ("situation", "build", "built_at", "licence")},
            "rows": {"type": "array", "items": {"$ref": f"#/components/schemas/{row}"}},
        },
    }
    content = {"application/json": {"schema": schema}}
    return {
        "get": {
            "operationId": name,
            "summary": summary,
            "responses": {"200": {"description": summary, "content": content}},
        }
    }


def _describe_schema(frame: pl.DataFrame, words: Words) -> dict[str, Any]:
    columns = open_data.make_codebook(frame, words)
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [name for name, _, _ in columns],
        "properties": {name: {**_FORMATS[kind], "description": meaning} for name, kind, meaning in columns},
    }
