"""The data of a site: every form holds the same rows, and validators of others accept what describes them."""

import csv
import hashlib
import io
import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import frictionless
import jsonschema
import openapi_spec_validator
import openpyxl
import polars as pl
import pytest
from frictionless import Package
from lxml import etree

from dashboards.queries import claim_rows
from dashboards.site import json_api, open_data
from dashboards.site.edition import open_edition
from tests.conftest import TODAY, row
from tests.dashboards.site.conftest import BASE, HOSTILE, Published, small_data


def claims(site: Published) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(site.text("data/claims.json"))
    return found


def test_the_package_and_its_tables_are_valid(site: Published) -> None:
    report = frictionless.validate(str(site.out / "data" / open_data.DESCRIPTOR))
    assert report.flatten(["title", "message"]) == []
    assert {"claims-csv", "series-csv", "organisations-csv"} <= set(
        Package(str(site.out / "data" / "datapackage.json")).resource_names
    )


def test_the_validator_of_packages_sees_what_is_wrong(site: Published, tmp_path: Path) -> None:
    folder = shutil.copytree(site.out / "data", tmp_path / "data")
    text = (folder / "claims.csv").read_text(encoding="utf-8")
    (folder / "claims.csv").write_text(text.replace("2026-02-15", "ayer"), encoding="utf-8")
    kinds = {kind for (kind,) in frictionless.validate(str(folder / "datapackage.json")).flatten(["type"])}
    assert {"hash-count", "type-error"} & kinds


def test_every_file_of_the_package_has_its_sum_its_source_and_its_licence(site: Published) -> None:
    package = json.loads(site.text("data/datapackage.json"))
    assert package["licenses"][0]["name"] == "CC-BY-4.0"
    assert {"title": "El Diario", "path": "https://diario.example/1"} in package["sources"]
    assert len(package["resources"]) == len(open_data.NAMES) * 5
    for resource in package["resources"]:
        content = (site.out / "data" / resource["path"]).read_bytes()
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        assert resource["bytes"] == len(content)


@pytest.mark.parametrize("name", open_data.NAMES)
def test_every_form_holds_the_same_rows(site: Published, name: str) -> None:
    folder = site.out / "data"
    frame = pl.read_parquet(folder / f"{name}.parquet")
    assert frame.height > 0 or name in ("own_corrections", "questions")  # other tests have rows of them
    stated = open_data.list_rows(frame)
    assert json.loads(site.text(f"data/{name}.json")) == stated
    assert json.loads(site.text(f"api/v1/{name}.json"))["rows"] == stated
    plain = list(csv.DictReader(io.StringIO(site.text(f"data/{name}.csv"))))
    as_text = [
        {
            key: "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
            for key, value in row.items()
        }
        for row in stated
    ]
    assert [{key: value.removeprefix("'") for key, value in row.items()} for row in plain] == as_text
    sheet = openpyxl.load_workbook(folder / f"{name}.xlsx")[name]
    assert [cell.value for cell in sheet[1]] == frame.columns
    assert sheet.max_row == frame.height + 1


def test_a_text_like_a_formula_is_none_in_any_table(site: Published) -> None:
    assert "'=HYPERLINK(1)" in site.text("data/claims.csv")
    assert ",=HYPERLINK" not in site.text("data/claims.csv")
    sheet = openpyxl.load_workbook(site.out / "data" / "claims.xlsx")["claims"]
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


def test_the_hxl_file_has_a_hashtag_for_each_column_and_the_same_rows(site: Published) -> None:
    for name in open_data.NAMES:
        head, tags, *rows = csv.reader(io.StringIO(site.text(f"data/{name}.hxl.csv")))
        assert [head, *rows] == list(csv.reader(io.StringIO(site.text(f"data/{name}.csv"))))
        assert all(tag.startswith("#") and tag == tag.lower() for tag in tags)
        assert len(set(tags)) == len(tags) == len(head)


def test_a_small_cell_is_withheld_in_every_form(site: Published) -> None:
    withheld = [row for row in claims(site) if row["suppressed"]]
    assert withheld
    for each in withheld:
        assert (each["value"], each["value_high"], each["raw"] or "", each["note"] or "") == (
            None,
            None,
            "",
            "",
        )


def test_a_hostile_name_stays_a_text(site: Published) -> None:
    assert any(row["publisher"] == HOSTILE for row in claims(site))


def test_the_zip_holds_the_package_with_read_me_and_codebook_in_every_language(
    site: Published, tmp_path: Path
) -> None:
    with zipfile.ZipFile(site.out / "data" / open_data.name_archive(site.edition)) as packed:
        packed.extractall(tmp_path)
        assert all(info.date_time == (1980, 1, 1, 0, 0, 0) for info in packed.infolist())
    for language in site.edition.views:
        read = (tmp_path / f"README.{language}.md").read_text(encoding="utf-8")
        assert all(f"`{name}.csv`" in read for name in open_data.NAMES)
        book = (tmp_path / f"CODEBOOK.{language}.md").read_text(encoding="utf-8")
        assert all(f"| {column} |" in book for column in claims(site)[0])
    assert frictionless.validate(str(tmp_path / "datapackage.json")).valid


def test_the_interface_is_described_and_answers_as_described(site: Published) -> None:
    described = json.loads(site.text(json_api.DESCRIPTION))
    openapi_spec_validator.validate(described)
    assert described["openapi"].startswith("3.1")
    for path, item in described["paths"].items():
        schema = item["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        whole = {**schema, "components": described["components"]}
        shelves = item["parameters"][0]["schema"]["enum"] if "parameters" in item else [""]
        for shelf in shelves:
            answer = json.loads(site.text("api/v1" + path.replace("{shelf}", shelf)))
            jsonschema.Draft202012Validator(whole).validate(answer)
    index = json.loads(site.text("api/v1/index.json"))
    for address in [*index["tables"].values(), *index["figures"].values(), index["description"]]:
        assert (site.out / "api" / "v1" / address).is_file()


def test_each_claim_is_on_the_shelf_of_its_figure(site: Published) -> None:
    found = [
        row["claim_id"]
        for path in (site.out / "api" / "v1" / "figures").iterdir()
        for row in json.loads(path.read_bytes())["rows"]
        if row["figure_id"].lower().startswith(path.stem)
    ]
    assert sorted(found) == sorted(row["claim_id"] for row in claims(site))


def test_the_page_of_the_data_is_a_dataset_with_its_span_and_its_files(site: Published) -> None:
    for language in site.edition.views:
        page = etree.HTML(site.text(f"{language}/data.html").encode())
        (text,) = page.xpath("//script[@type='application/ld+json']/text()")
        data = json.loads(text)
        assert data["temporalCoverage"] == "2026-01-05/2026-02-15"
        assert "https://diario.example/1" in data["isBasedOn"]
        offered = {file["contentUrl"].removeprefix(BASE) for file in data["distribution"]}
        assert {"data/claims.csv", "data/series.parquet", "data/datapackage.json"} <= offered
        assert all((site.out / path).is_file() for path in offered)
        linked = {href.removeprefix("../") for href in page.xpath("//ul[@class='list']//a/@href")}
        assert offered | {"MANIFEST.sha256", f"README.{language}.txt", json_api.DESCRIPTION} <= linked


def test_what_waits_or_was_refused_is_in_no_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [row(), row(published="", value=7777), row(value="muchos", url="https://diario.example/refused")]
    data = small_data(tmp_path / "data", rows)
    monkeypatch.setenv("LIBEROMETRO_DATA", str(data.root))
    made = open_edition(None, BASE, TODAY)
    counts = claim_rows.count_rows_by_state(made.build, "islandia")
    assert [counts[state] for state in ("accepted", "pending", "quarantined")] == [1, 1, 1]
    for name in open_data.NAMES:
        text = open_data.write_json(open_data.read_table(made.build, "islandia", name)).decode()
        assert "7777" not in text
        assert "refused" not in text


def test_a_figure_s_page_links_the_archived_copy_of_its_document(site: Published) -> None:
    copies = list(csv.DictReader(io.StringIO(site.text("data/archived_copies.csv"))))
    told = [(each["url"], each["archive"], each["sha256"][:12]) for each in copies if each["archive"]]
    words = {
        "es": "Copia archivada: web.archive.org",
        "en": "Archived copy: web",
        "pt": "Cópia arquivada: web",
    }
    for language, text in words.items():
        pages = "".join(path.read_text(encoding="utf-8") for path in (site.out / language).glob("figures/*"))
        for url, archive, digest in told:
            assert pages.count(f'href="{archive}"') == pages.count(f'href="{url}"') > 0
            assert f"sha256 {digest}…" in pages
        assert text in pages
