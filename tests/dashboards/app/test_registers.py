"""Registers side by side: each figure on its own day, exact ones drawn, the others counted."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from dashboards.exhibits import registers
from dashboards.queries.view import View
from pipelines.core.paths import DataDir
from tests.conftest import row

Publish = Callable[[list[dict[str, str]]], View]
REGISTRIES = "".join(
    f'[[organisation]]\nid = "{each}"\nname = "{each.title()}"\nrole = "ngo"\n' for each in ("uno", "dos")
)


@pytest.mark.parametrize("language", ["es", "en", "pt"])
def test_each_edge_of_a_band_stands_with_its_own_day(publish: Publish, data: DataDir, language: str) -> None:
    path = data.situation("islandia") / "organisations.toml"
    path.write_text(path.read_text() + REGISTRIES)
    view = publish(
        [
            row(value=500, as_of="2026-02-23", published="2026-02-23"),
            row(organisation="uno", value=480, as_of="2026-02-28", published="2026-02-28"),
            row(organisation="dos", value=620, as_of="2026-03-02", published="2026-03-02"),
        ]
    )
    view = replace(view, language=language)
    own, band = view.words.short_day, registers.make_bands(view)
    low, high = f"Uno: 480 ({own(date(2026, 2, 28))})", f"Dos: 620 ({own(date(2026, 3, 2))})"
    assert low in band.summary
    assert high in band.summary
    ((_, low_cell, high_cell, _),) = band.rows
    assert (low_cell.text, high_cell.text) == (low, high)
    assert band.figure is not None
    hovers = {data[0] for trace in band.figure.data for data in trace.customdata or ()}
    assert {f"<b>{low}</b>", f"<b>{high}</b>"} <= hovers
    anchor = own(date(2026, 2, 23))
    assert anchor not in band.summary + str(band.rows)


def test_registers_draw_exact_figures_alone_and_count_the_others(publish: Publish, data: DataDir) -> None:
    path = data.situation("islandia") / "organisations.toml"
    path.write_text(path.read_text() + REGISTRIES)
    view = publish(
        [
            row(value=500, as_of="2026-02-20", published="2026-02-20"),
            row(value=450, as_of="2026-03-20", published="2026-03-20"),
            row(organisation="uno", value=620, as_of="2026-02-20", published="2026-02-20"),
            row(organisation="uno", value=600, as_of="2026-03-22", published="2026-03-22"),
            row(
                organisation="dos", value=700, as_of="2026-03-21", published="2026-03-21",
                qualifier="more_than",
            ),
        ]
    )  # fmt: skip
    band = registers.make_bands(view)
    assert band.figure is not None
    drawn = [data[0] for trace in band.figure.data for data in trace.customdata or ()]
    assert len(drawn) == 4
    assert not any("Dos" in each for each in drawn)
    assert "1 cifra redondeada" in band.subtitle
    assert band.title == (
        "El 20 de febrero de 2026 La Lista contaba 500 personas en prisión y Uno 620; "
        "en marzo de 2026, 450 y 600"
    )


def test_registers_of_one_role_differ_in_shape(publish: Publish, data: DataDir) -> None:
    path = data.situation("islandia") / "organisations.toml"
    path.write_text(path.read_text() + REGISTRIES)
    view = publish(
        [
            row(value=500, as_of="2026-02-20", published="2026-02-20"),
            row(organisation="uno", value=620, as_of="2026-02-20", published="2026-02-20"),
            row(organisation="dos", value=700, as_of="2026-02-21", published="2026-02-21"),
        ]
    )
    figure = registers.make_bands(view).figure
    assert figure is not None
    looks = {trace.name: (trace.marker.color, trace.marker.symbol) for trace in figure.data if trace.name}
    assert looks["Uno"][0] == looks["Dos"][0]
    assert len({symbol for _, symbol in looks.values()}) == 3


def test_the_sentence_counts_the_bands_of_what_the_newest_counts(publish: Publish, data: DataDir) -> None:
    path = data.situation("islandia") / "organisations.toml"
    path.write_text(path.read_text() + REGISTRIES)
    view = publish(
        [
            *(
                row(organisation=who, value=value + n, as_of=day, published=day, **counted)
                for n, who in enumerate(("lista", "uno"))
                for value, day, counted in (
                    (500, "2026-02-02", {"breakdown": "sex=female"}),
                    (490, "2026-02-20", {"breakdown": "sex=female"}),
                    (700, "2026-03-02", {"measure": "under_measures"}),
                    (900, "2026-03-20", {}),
                )
            )
        ]
    )
    words = view.words
    held = registers.make_bands(view)
    assert held.summary.startswith(f"{words('measure.in_custody')}: 1 fecha con varios registros")
    assert len(held.rows) == 4
    before = registers.make_bands(replace(view, known_on=date(2026, 3, 19)))
    assert before.summary.startswith(f"{words('measure.under_measures')}: 1 fecha")
    assert len(before.rows) == 3
    earlier = registers.make_bands(replace(view, known_on=date(2026, 3, 1)))
    assert earlier.summary.startswith(f"{before.rows[1][0]}: 2 fechas")
    assert earlier.figure is None
