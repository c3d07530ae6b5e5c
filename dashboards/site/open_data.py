"""The tables published as data, each in five forms, described by a Frictionless Data Package."""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Final

import polars as pl
from openpyxl import Workbook

from dashboards.export import xlsx_file
from dashboards.i18n.translations import FIRST_LANGUAGE, Words, read_words
from dashboards.queries import database
from dashboards.queries.view import LICENCE_URL
from dashboards.site import bundle
from dashboards.site.edition import Edition, find_build_day
from dashboards.site.output_folder import Folder
from pipelines.core.formulas import mark_formulas
from pipelines.warehouse.published_build import Build

NAMES: Final = (
    "claims", "series", "headline", "organisations", "contradictions", "revisions", "verifications",
    "archived_copies", "own_corrections", "questions", "publishers", "events", "definitions", "law",
)  # fmt: skip
KEYS: Final = {
    "claims": "claim_id", "organisations": "organisation", "contradictions": "rank",
    "archived_copies": "position", "own_corrections": "position", "questions": "question_id",
    "publishers": "publisher",
}  # fmt: skip
TAGS: Final = {
    "claim_id": "#meta+id+claim", "figure_id": "#meta+id+figure", "situation": "#crisis+code",
    "organisation": "#org+code", "measure": "#indicator+code", "kind": "#indicator+type",
    "population": "#group+code", "breakdown": "#group+breakdown", "qualifier": "#indicator+qualifier",
    "value": "#affected+num", "value_high": "#affected+num+max", "low": "#affected+num+low",
    "high": "#affected+num+high", "period_start": "#date+start", "baseline": "#date+baseline",
    "as_of": "#date+occurred", "published": "#date+published", "last_published": "#date+published+last",
    "retrieved": "#date+retrieved", "publisher": "#meta+source", "url": "#meta+url", "note": "#description",
    "happened": "#date+occurred", "old_value": "#affected+num+previous", "new_value": "#affected+num",
    "old_published": "#date+published+previous", "new_published": "#date+published",
    "title_es": "#event+name+i_es", "title_en": "#event+name+i_en", "title_pt": "#event+name+i_pt",
    "event_kind": "#event+type",
    "standing": "#status+standing", "doubt": "#status+doubt", "checked": "#status+checked",
    "verdict": "#status+verdict", "checked_on": "#date+checked", "decided": "#date+corrected",
    "change": "#status+change", "shown_from": "#date+shown+start", "shown_until": "#date+shown+end",
    "old_as_of": "#date+occurred+previous", "new_as_of": "#date+occurred",
    "old_organisation": "#org+code+previous", "new_organisation": "#org+code",
    "old_measure": "#indicator+code+previous", "new_measure": "#indicator+code",
    "old_breakdown": "#group+breakdown+previous", "new_breakdown": "#group+breakdown",
    "old_qualifier": "#indicator+qualifier+previous", "new_qualifier": "#indicator+qualifier",
    "why_es": "#description+why+i_es", "why_en": "#description+why+i_en", "why_pt": "#description+why+i_pt",
    "asked": "#date+asked", "answered": "#date+answered", "state": "#status+answer", "days": "#meta+days",
    "question_es": "#description+question+i_es", "question_en": "#description+question+i_en",
    "question_pt": "#description+question+i_pt", "reason_es": "#description+why+i_es",
    "reason_en": "#description+why+i_en", "reason_pt": "#description+why+i_pt", "link": "#meta+url",
    "address": "#meta+url+read", "archive": "#meta+url+archive", "archived_on": "#date+archived",
    "read_on": "#date+checked",
    "passed_value": "#affected+num+passed", "passed_as_of": "#date+occurred+passed",
    "fact_es": "#description+i_es", "fact_en": "#description+i_en", "fact_pt": "#description+i_pt",
    "name_es": "#meta+source+i_es", "name_en": "#meta+source+i_en", "name_pt": "#meta+source+i_pt",
    "name": "#org+name", "role": "#org+type", "website": "#org+url",
}  # fmt: skip  # every other column is #meta+<its name>
_TYPES: Final = {pl.String: "string", pl.Date: "date", pl.Boolean: "boolean"}


def read_table(build: Build, situation: str, name: str) -> pl.DataFrame:
    """One of NAMES; withheld values are empty."""
    return database.ask(build, f"open_data_{name}", situation=situation)


def name_type(kind: pl.DataType) -> str:
    """The column's type as a table schema names it."""
    return "integer" if kind.is_integer() else _TYPES[type(kind)]


def write_csv(frame: pl.DataFrame) -> bytes:
    """UTF-8; days are YYYY-MM-DD, missing is empty; a text like a formula has an apostrophe before it."""
    return mark_formulas(frame).write_csv(quote_style="necessary").encode()


def write_hxl(frame: pl.DataFrame) -> bytes:
    """The CSV with the HXL hashtags in its second row."""
    head, _, rows = write_csv(frame).partition(b"\n")
    return b"\n".join((head, ",".join(name_tag(name) for name in frame.columns).encode(), rows))


def name_tag(column: str) -> str:
    """A column's HXL hashtag."""
    return TAGS.get(column, f"#meta+{column}")


def write_parquet(frame: pl.DataFrame) -> bytes:
    """Parquet, every text as it is."""
    out = io.BytesIO()
    frame.write_parquet(out, compression="zstd", compression_level=9)
    return out.getvalue()


def list_rows(frame: pl.DataFrame) -> list[dict[str, Any]]:
    """The rows as JSON has them: days as YYYY-MM-DD, missing as null."""
    return [
        {name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()}
        for row in frame.to_dicts()
    ]


def write_json(frame: pl.DataFrame) -> bytes:
    """An array of objects, one a line."""
    lines = ",\n".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in list_rows(frame))
    return f"[\n{lines}\n]\n".encode()


def write_xlsx(frame: pl.DataFrame, columns: Sequence[Sequence[str]], title: str, built_at: str) -> bytes:
    """The rows on one sheet, the codebook on another; no text can be a formula."""
    book = Workbook(write_only=True)
    xlsx_file.fill(book, title, [frame.columns, *frame.iter_rows()], freeze="A2")
    xlsx_file.fill(book, "codebook", columns)
    book.properties.created = datetime.fromisoformat(built_at).replace(tzinfo=None)
    book.properties.creator = "Liberómetro"
    out = io.BytesIO()
    book.save(out)
    return xlsx_file.strip_times(out.getvalue(), built_at)


def make_codebook(frame: pl.DataFrame, words: Words) -> list[tuple[str, str, str]]:
    """Column, type and meaning of each column."""
    return [
        (name, name_type(kind), words(f"codebook.{name}"))
        for name, kind in zip(frame.columns, frame.dtypes, strict=True)
    ]


PLACE: Final = "data/"
DESCRIPTOR: Final = "datapackage.json"
MEDIA: Final = {
    "csv": "text/csv",
    "json": "application/json",
    "parquet": "application/vnd.apache.parquet",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def name_archive(edition: Edition) -> str:
    """The name of the ZIP."""
    return f"liberometro-{edition.first.situation_id}.zip"


def write_package(edition: Edition, folder: Folder) -> None:
    """Every table in every form, the descriptor, and the ZIP that holds them with read-me and codebook."""
    view = edition.first
    frames = {name: read_table(edition.build, view.situation_id, name) for name in NAMES}
    files: dict[str, bytes] = {}
    for name, frame in frames.items():
        files |= write_forms(name, frame, edition)
    files[DESCRIPTOR] = write_descriptor(edition, frames, files)
    for name, content in files.items():
        folder.write(PLACE + name, content)
    for language in edition.views:
        files[f"README.{language}.md"] = write_readme(edition, read_words(language), sorted(files))
        files[f"CODEBOOK.{language}.md"] = write_codebook(frames, read_words(language))
    folder.write(PLACE + name_archive(edition), make_zip(files))


def write_forms(name: str, frame: pl.DataFrame, edition: Edition) -> dict[str, bytes]:
    """File name → content of one table."""
    words = read_words(FIRST_LANGUAGE)
    heads = [words(f"package.{each}") for each in ("column", "type", "meaning")]
    explained = [heads, *make_codebook(frame, words)]
    return {
        f"{name}.csv": write_csv(frame),
        f"{name}.hxl.csv": write_hxl(frame),
        f"{name}.json": write_json(frame),
        f"{name}.parquet": write_parquet(frame),
        f"{name}.xlsx": write_xlsx(frame, explained, name, edition.build.built_at),
    }


def write_descriptor(edition: Edition, frames: dict[str, pl.DataFrame], files: dict[str, bytes]) -> bytes:
    """`datapackage.json`; the sums are those of the files beside it."""
    view, words = edition.first, read_words("en")
    package: dict[str, Any] = {
        "name": f"liberometro-{view.situation_id}",
        "title": f"Liberómetro: {words.of(view.situation.name)}",
        "description": words.of(view.situation.summary),
        "version": edition.build.id,
        "created": edition.build.built_at,
        "licenses": [{"name": "CC-BY-4.0", "path": LICENCE_URL, "title": "CC BY 4.0"}],
        "sources": list_sources(frames["claims"], replace(view, language="en").publisher),
        "contributors": [{"title": "Liberómetro", "role": "publisher"}],
        "resources": [
            describe_resource(path, content, frames[path.split(".")[0]], words)
            for path, content in files.items()
        ],
    }
    if edition.base_url:
        package["homepage"] = edition.base_url
    return json.dumps(package, ensure_ascii=False, indent=1).encode() + b"\n"


def list_sources(claims: pl.DataFrame, name: Callable[[str], str]) -> list[dict[str, str]]:
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


def describe_resource(path: str, content: bytes, frame: pl.DataFrame, words: Words) -> dict[str, Any]:
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
        {"name": name, "type": kind, "description": meaning, "hxl": name_tag(name)}
        for name, kind, meaning in make_codebook(frame, words)
    ]
    schema: dict[str, Any] = {"fields": fields, "missingValues": [""]}
    if table in KEYS:
        schema["primaryKey"] = [KEYS[table]]
    return {**stated, "type": "table", "encoding": "utf-8", "schema": schema}


def write_readme(edition: Edition, words: Words, files: list[str]) -> bytes:
    """What the data are, in one language."""
    kinds = {path: path.partition(".")[0].replace("datapackage", "descriptor") for path in files}
    listed = "\n".join(
        f"- `{path}`: {words(f'package.{kind}')}" for path, kind in kinds.items() if kind.islower()
    )
    return words.about(
        "package.readme",
        edition.first.situation,
        build=edition.build.id,
        day=words.day(find_build_day(edition.first)),
        files=listed,
        released=words.about("package.released", edition.first.situation),
    ).encode()


def write_codebook(frames: dict[str, pl.DataFrame], words: Words) -> bytes:
    """Every column of every table, in one language."""
    heads = [words(f"package.{each}") for each in ("column", "type", "meaning")]
    parts = [f"# {words('package.codebook')}"]
    for name, frame in frames.items():
        rows = [heads, ["---"] * 3, *make_codebook(frame, words)]
        lines = "\n".join(f"| {' | '.join(row)} |" for row in rows)
        parts.append(f"## {name}\n\n{words(f'package.{name}')}\n\n{lines}")
    return ("\n\n".join(parts) + "\n").encode()


def make_zip(files: dict[str, bytes]) -> bytes:
    """The ZIP: the same files are the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as zipped:
        for path, content in sorted(files.items()):
            zipped.writestr(bundle.make_member(path), content, compresslevel=9)
    return out.getvalue()
