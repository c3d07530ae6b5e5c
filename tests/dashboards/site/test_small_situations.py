"""What a situation lacks: no page leads to it, no drawing hides it, no file promises it."""

import re
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from dashboards.exhibits.chart_registry import draw_shown
from dashboards.export import share_picture
from dashboards.i18n.translations import read_words
from dashboards.site import llms, open_data, render, urls
from dashboards.site.edition import Edition, open_edition
from dashboards.site.pages import charts, embeds, families, figures
from pipelines.core import signatures
from tests.conftest import row
from tests.dashboards.site.conftest import BASE, Published, small_data

HELD = [
    row(value=806, as_of="2026-01-05", published="2026-01-05"),
    row(value=760, as_of="2026-01-15", published="2026-01-15"),
    row(value=700, as_of="2026-01-25", published="2026-01-25"),
    row(value=640, qualifier="more_than", as_of="2026-02-15", published="2026-02-15"),
]


@pytest.fixture
def held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Edition:
    """The edition of a situation of which nobody counts releases, told five days after its newest figure."""
    data = small_data(tmp_path, HELD)
    monkeypatch.setenv("LIBEROMETRO_DATA", str(data.root))
    return open_edition(None, BASE, date(2026, 2, 20))


@pytest.mark.parametrize("language", ["es", "en", "pt"])
def test_the_menu_names_no_part_of_the_charts_that_the_situation_lacks(held: Edition, language: str) -> None:
    view = held.views[language]
    page = render.render(held, charts._make_index(view))
    parts = set(re.findall(r'\shref="index\.html#([^"]+)"', page))
    assert parts <= set(re.findall(r'\sid="([^"]+)"', page))
    assert view.words("nav.verified") not in page
    assert view.words("nav.checks") in page


def test_a_bound_that_heads_the_page_is_drawn_and_no_silence_covers_its_day(held: Edition) -> None:
    page = render.render(held, families.make_page(held, held.first, "index.html", "index.html", ""))
    drawing = page[page.index("<svg") : page.index("</svg>")]
    assert '<path class="mark open"' in drawing
    assert "más de 640</text>" in drawing
    assert 'class="silent"' not in drawing
    assert "menu" not in page[page.index("<body") :]


def test_the_read_me_of_the_data_names_the_day_of_the_build_not_of_the_page(held: Edition) -> None:
    caracas = ZoneInfo("America/Caracas")  # where it is yesterday for four hours of each day
    made = datetime.fromisoformat(held.build.built_at).astimezone(caracas).date()
    assert made != held.day
    text = open_data.write_readme(held, read_words("en"), []).decode()
    assert f"made on {read_words('en').day(made)}" in text


@pytest.mark.parametrize("language", ["es", "en", "pt"])
def test_the_address_of_a_figure_is_shown_by_one_that_is_there(served: Published, language: str) -> None:
    edition = served.edition
    view = edition.views[language]
    figure = figures.find_example(view)
    assert figure is not None
    address = urls.make_figure_path(language, figure)
    path, _, place = address.partition("#")
    assert f'id="{place}"' in served.text(path)
    assert address in served.text(f"{language}/figures/index.html")
    assert f"{BASE}{address}" in llms.write(edition, view)


def test_the_data_page_promises_a_key_only_to_who_finds_a_signature(served: Published) -> None:
    assert not (served.out / signatures.KEY).exists()
    assert "si está firmado, la clave pública" in served.text("es/data.html")


def test_a_table_that_is_cut_in_a_frame_says_so(served: Published) -> None:
    for language, told in (
        ("es", "Las primeras 12 de las 13 filas de la tabla."),
        ("en", "The first 12 of the table&#39;s 13 rows."),
        ("pt", "As primeiras 12 das 13 linhas da tabela."),
    ):
        view = served.edition.views[language]
        chart, exhibit = next(draw_shown(view))
        for count in (12, 13):
            table = replace(exhibit, figure=None, rows=(exhibit.rows * count)[:count])
            page = embeds.make_embed(served.edition, view, chart, table, pinned=False)
            assert (told in render.render(served.edition, page)) == (count == 13)


def test_the_day_of_a_build_is_written_as_days_are(served: Published) -> None:
    words, built = read_words("es"), served.edition.build.built_at
    page = served.text(f"es/builds/{served.edition.build.id}.html")
    assert f"Edición compilada el {words.day(date.fromisoformat(built[:10]))}, {built[11:16]} UTC." in page


def test_two_lines_of_a_bound_on_the_card_are_no_higher_than_a_number() -> None:
    style = (share_picture.TEMPLATES / "share_picture.html").read_text(encoding="utf-8")
    number = re.search(r"\.sides strong \{[^}]*font-size: (\d+)px; line-height: ([\d.]+);", style)
    bound = re.search(r"\.sides \.long \{[^}]*line-height: (\d+)px; min-height: (\d+)px;", style)
    assert number is not None
    assert bound is not None
    assert 2 * int(bound[1]) == int(bound[2]) == round(int(number[1]) * float(number[2]))
