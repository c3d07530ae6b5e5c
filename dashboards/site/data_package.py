"""The data of a site: each table in five forms, described by a Frictionless Data Package, all in one ZIP."""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import polars as pl

from dashboards.site import bundle, tables
from dashboards.site.edition import Edition
from dashboards.site.folder import Folder
from dashboards.view import LICENCE_URL
from dashboards.words import FIRST_LANGUAGE, Words, words_of

PLACE: Final = "data/"
DESCRIPTOR: Final = "datapackage.json"
MEDIA: Final = {
    "csv": "text/csv",
    "json": "application/json",
    "parquet": "application/vnd.apache.parquet",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def archive(edition: Edition) -> str:
    """The name of the ZIP."""
    return f"liberometro-{edition.first.situation_id}.zip"


def written(edition: Edition, folder: Folder) -> None:
    """Every table in every form, the descriptor, and the ZIP that holds them with read-me and codebook."""
    view = edition.first
    frames = {name: tables.table(edition.build, view.situation_id, name) for name in tables.NAMES}
    files: dict[str, bytes] = {}
    for name, frame in frames.items():
        files |= forms(name, frame, edition)
    files[DESCRIPTOR] = descriptor(edition, frames, files)
    for name, content in files.items():
        folder.write(PLACE + name, content)
    for language in edition.views:
        files[f"README.{language}.md"] = readme(edition, words_of(language), sorted(files))
        files[f"CODEBOOK.{language}.md"] = codebook(frames, words_of(language))
    folder.write(PLACE + archive(edition), packed(files))


def forms(name: str, frame: pl.DataFrame, edition: Edition) -> dict[str, bytes]:
    """File name → content of one table."""
    words = words_of(FIRST_LANGUAGE)
    heads = [words(f"package.{each}") for each in ("column", "type", "meaning")]
    explained = [heads, *tables.codebook(frame, words)]
    return {
        f"{name}.csv": tables.csv(frame),
        f"{name}.hxl.csv": tables.hxl(frame),
        f"{name}.json": tables.as_json(frame),
        f"{name}.parquet": tables.parquet(frame),
        f"{name}.xlsx": tables.xlsx(frame, explained, name, edition.build.built_at),
    }


def descriptor(edition: Edition, frames: dict[str, pl.DataFrame], files: dict[str, bytes]) -> bytes:
    """`datapackage.json`; the sums are those of the files beside it."""
    view, words = edition.first, words_of("en")
    package: dict[str, Any] = {
        "name": f"liberometro-{view.situation_id}",
        "title": f"Liberómetro: {words.of(view.situation.name)}",
        "description": words.of(view.situation.summary),
        "version": edition.build.id,
        "created": edition.build.built_at,
        "licenses": [{"name": "CC-BY-4.0", "path": LICENCE_URL, "title": "CC BY 4.0"}],
        "sources": sources(frames["claims"], replace(view, language="en").publisher),
        "contributors": [{"title": "Liberómetro", "role": "publisher"}],
        "resources": [
            resource(path, content, frames[path.split(".")[0]], words) for path, content in files.items()
        ],
    }
    if edition.base_url:
        package["homepage"] = edition.base_url
    return json.dumps(package, ensure_ascii=False, indent=1).encode() + b"\n"


def sources(claims: pl.DataFrame, name: Callable[[str], str]) -> list[dict[str, str]]:
    """Each publisher once, by the name that `name` gives it, with the address of its newest report."""
    found: dict[str, dict[str, str]] = {}
    for row in claims.sort("published", "claim_id", descending=[True, False]).to_dicts():
        url = row["url"] or ""
        stated = {"title": name(row["publisher"])}
        if url.startswith(("http://", "https://")):
            stated["path"] = url
        if "path" not in found.get(row["publisher"], {}):
            found[row["publisher"]] = stated
    return [found[publisher] for publisher in sorted(found)]


def resource(path: str, content: bytes, frame: pl.DataFrame, words: Words) -> dict[str, Any]:
    """One file of the package. The plain CSV is the table that validators read."""
    table, _, ending = path.partition(".")
    form = ending.rsplit(".", 1)[-1]
    stated: dict[str, Any] = {
        "name": path.replace(".", "-"),
        "path": path,
        "title": words(f"package.{table}"),
        "format": form,
        "mediatype": MEDIA[form],
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
    }
    if ending != "csv":
        return {**stated, "type": "file"}
    fields = [
        {"name": name, "type": kind, "description": meaning, "hxl": tables.tag(name)}
        for name, kind, meaning in tables.codebook(frame, words)
    ]
    schema: dict[str, Any] = {"fields": fields, "missingValues": [""]}
    if table in tables.KEYS:
        schema["primaryKey"] = [tables.KEYS[table]]
    return {**stated, "type": "table", "encoding": "utf-8", "schema": schema}


def readme(edition: Edition, words: Words, files: list[str]) -> bytes:
    """What the data are, in one language."""
    kinds = {path: path.partition(".")[0].replace("datapackage", "descriptor") for path in files}
    listed = "\n".join(
        f"- `{path}`: {words(f'package.{kind}')}" for path, kind in kinds.items() if kind.islower()
    )
    return words(
        "package.readme",
        situation=words.of(edition.first.situation.name),
        build=edition.build.id,
        day=words.day(edition.day),
        files=listed,
    ).encode()


def codebook(frames: dict[str, pl.DataFrame], words: Words) -> bytes:
    """Every column of every table, in one language."""
    heads = [words(f"package.{each}") for each in ("column", "type", "meaning")]
    parts = [f"# {words('package.codebook')}"]
    for name, frame in frames.items():
        rows = [heads, ["---"] * 3, *tables.codebook(frame, words)]
        lines = "\n".join(f"| {' | '.join(row)} |" for row in rows)
        parts.append(f"## {name}\n\n{words(f'package.{name}')}\n\n{lines}")
    return ("\n\n".join(parts) + "\n").encode()


def packed(files: dict[str, bytes]) -> bytes:
    """The ZIP: the same files are the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as zipped:
        for path, content in sorted(files.items()):
            zipped.writestr(bundle.member(path), content, compresslevel=9)
    return out.getvalue()
