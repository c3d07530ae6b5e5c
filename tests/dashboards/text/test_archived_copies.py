"""The archived copy beside a figure: what its panel, its page and a program are told of it."""

from collections.abc import Callable
from dataclasses import replace
from html import unescape
from typing import Any

import pytest

from dashboards.exhibits import figure_history
from dashboards.i18n.rich_text import Link
from dashboards.queries import claim_rows
from dashboards.queries.view import View
from dashboards.text import readings
from dashboards.web import figure_panel
from pipelines.core.paths import DataDir
from tests.conftest import row
from tests.pipelines.sheets.test_archived_copies import CITED, DIGEST, copy, write_copies

TOLD = {
    "es": (
        "Copia archivada: web.archive.org, 13 de noviembre de 2026",
        "documento leído el 12 de noviembre de 2026; sha256 a1a1a1a1a1a1…",
    ),
    "en": (
        "Archived copy: web.archive.org, 13 November 2026",
        "document read on 12 November 2026; sha256 a1a1a1a1a1a1…",
    ),
    "pt": (
        "Cópia arquivada: web.archive.org, 13 de novembro de 2026",
        "documento lido em 12 de novembro de 2026; sha256 a1a1a1a1a1a1…",
    ),
}
Publish = Callable[..., View]
BARE = {"archive": "", "archived_on": ""}


def open_panel(view: View) -> tuple[figure_history.FigureHistory, dict[str, Any]]:
    """The only figure of a view, and its statement."""
    (mine,) = claim_rows.list_figures(view.build, view.situation_id, claim_rows.Filter(), 9, 0).to_dicts()
    figure = claim_rows.find_figure_ids(view, [mine["claim_id"]])[mine["claim_id"]]
    return figure_history.look_up(view, figure, view.build.id), {**mine, "figure_id": figure}


def list_parts(view: View) -> list[Any]:
    found, _ = open_panel(view)
    return [
        each for line in readings.list_carriers(view, figure_history.list_carriers(found)) for each in line
    ]


@pytest.mark.parametrize("language", TOLD)
def test_a_figure_shows_the_copy_with_its_day_and_the_sum_of_what_was_read(
    data: DataDir, publish: Publish, language: str
) -> None:
    write_copies(data, copy())
    view = replace(publish([row()]), language=language)
    link, text = TOLD[language]
    assert list_parts(view)[-2:] == [Link(link, copy()["archive"]), text]
    panel = unescape(figure_panel.render_panel(*open_panel(view)))
    assert f'href="{copy()["archive"]}"' in panel
    assert link in panel
    assert text in panel


def test_the_place_in_a_document_makes_no_difference(data: DataDir, publish: Publish) -> None:
    write_copies(data, copy())
    assert list_parts(publish([row(url=f"{CITED}#S27")]))[-1] == TOLD["es"][1]
    write_copies(data, copy(url=f"{CITED}#S3"))
    assert list_parts(publish([row(url=CITED)]))[-1] == TOLD["es"][1]


def test_without_a_copy_only_the_sum_is_told_and_without_both_nothing(
    data: DataDir, publish: Publish
) -> None:
    write_copies(data, copy(**BARE))
    assert list_parts(publish([row()]))[-1] == TOLD["es"][1]
    write_copies(data, copy(url="https://diario.example/another"))
    assert not [each for each in list_parts(publish([row()])) if "sha256" in str(each)]


def test_the_last_row_about_a_document_counts(data: DataDir, publish: Publish) -> None:
    later = copy(archive=f"https://web.archive.org/web/20261115101010/{CITED}", archived_on="2026-11-15")
    write_copies(data, copy(), later, copy(**BARE, sha256="b2" * 32, retrieved="2026-11-16"))
    link, text = list_parts(publish([row()]))[-2:]
    assert link.url == later["archive"]
    assert text == "documento leído el 16 de noviembre de 2026; sha256 b2b2b2b2b2b2…"
    assert DIGEST[:12] not in text


@pytest.mark.parametrize("value", [3, 120])
def test_a_withheld_cell_shows_the_copy_only_where_its_address_is_shown(
    data: DataDir, publish: Publish, value: int
) -> None:
    spelt = "https://diario.example/liberan-a-tres-adolescentes"
    for url, told in ((spelt, False), (CITED, True)):
        write_copies(data, copy(url=url, archive=f"https://web.archive.org/web/20261113101010/{url}"))
        parts = list_parts(publish([row(value=value, breakdown="age=adolescent", url=url)]))
        assert parts[0].url == (url if told else "https://diario.example/")
        assert ("sha256" in str(parts)) is told
        assert "tres-adolescentes" not in str(parts)
