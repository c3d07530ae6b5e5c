"""The page that compares: a gap is drawn only between figures of one thing; the others stand side by side."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from dashboards.exhibits import announcements, comparisons, reconciliation
from dashboards.queries.view import View
from pipelines.core.paths import DataDir
from tests.conftest import row
from tests.dashboards.conftest import LEFT, opened, text_of

Publish = Callable[[list[dict[str, str]]], View]
GOVERNMENT = {**LEFT, "organisation": "gobierno"}


def planted() -> list[dict[str, str]]:
    """A pair that compares, one whose windows differ, one that is only a bound."""
    return [
        row(**LEFT, value=109, as_of="2026-02-24", published="2026-02-24"),
        row(**GOVERNMENT, value=179, as_of="2026-02-24", published="2026-02-24", publisher="La Tarde"),
        row(**LEFT, value=266, as_of="2026-03-26", published="2026-03-26"),
        row(
            **{**GOVERNMENT, "period_start": "2025-12-01"},
            value=808,
            as_of="2026-03-26",
            published="2026-03-26",
        ),
        row(**LEFT, value=300, as_of="2026-04-10", published="2026-04-10"),
        row(**GOVERNMENT, qualifier="more_than", value=600, as_of="2026-04-10", published="2026-04-10"),
    ]


def test_a_gap_names_both_sides_and_says_how_much(publish: Publish) -> None:
    publish(planted())
    text = text_of(opened("compare", day="2026-02-24"))
    assert (
        "Gobierno, 179 (salieron de prisión, desde el 8 ene 2026) frente a La Lista, 109 (salieron "
        "de prisión, desde el 8 ene 2026) (24 de febrero de 2026): 70 de más." in text
    )
    assert "Gobierno: 179" in text
    assert "La Lista: 109" in text


def test_a_bound_gives_a_bound(publish: Publish) -> None:
    publish(planted())
    assert "al menos 301 de más." in text_of(opened("compare"))
    assert "at least 301 more." in text_of(opened("compare", lang="en"))


def test_another_window_is_refused_with_both_windows_named_and_no_difference(publish: Publish) -> None:
    view = publish(planted())
    text = text_of(opened("compare"))
    assert "Gobierno cuenta desde el 1 de diciembre de 2025 y La Lista desde el 8 de enero de 2026." in text
    assert "542" not in text
    refused = comparisons.make_comparison(view, False, None, 1)
    assert refused.figure is None
    assert [row["left_value"] for row in refused.frame.to_dicts()] == [808]


def test_the_chart_draws_each_side_with_its_own_mark_and_a_bound_as_open(publish: Publish) -> None:
    figure = comparisons.make_comparison(publish(planted()), True, None, 1).figure
    assert figure is not None
    marks = [trace for trace in figure.data if trace.customdata is not None]
    assert len(marks) == 4
    assert len({trace.marker.symbol.removesuffix("-open") for trace in marks}) == 2
    assert [trace.marker.symbol.endswith("-open") for trace in marks] == [True, False, False, False]
    assert any("triangle-right" in str(trace.marker.symbol) for trace in figure.data)


def test_a_day_without_pairs_is_no_choice(publish: Publish) -> None:
    publish(planted())
    assert "«day» no puede ser «2026-01-01»" in text_of(opened("compare", day="2026-01-01"))


def test_the_csv_has_both_sides_of_every_pair(publish: Publish) -> None:
    lines = comparisons.make_comparison(publish(planted()), True, None, 1).csv().decode().splitlines()
    assert len(lines) == 3
    assert "left_organisation" in lines[0]
    assert "right_claim" in lines[0]


def announced_week() -> list[dict[str, str]]:
    """Three hundred announced, thirty-eight verified by that day and the two weeks after it."""
    return [
        row(
            measure="release_announced",
            organisation="gobierno",
            value=300,
            as_of="2026-05-21",
            published="2026-05-21",
        ),
        row(
            measure="released",
            value=38,
            period_start="2026-05-15",
            as_of="2026-05-21",
            published="2026-05-21",
        ),
    ]


def test_an_announcement_ages_and_what_nobody_verified_is_not_known(publish: Publish) -> None:
    view = publish(announced_week())
    (only,) = announcements.make_announcements(view).rows
    assert only[3:5] == ("38", "al menos 38 (al menos 13\xa0%)")
    text = text_of(opened("compare"))
    assert "Gobierno anunció que 300 personas saldrían de prisión (21 de mayo de 2026)" in text
    assert "La Lista verificó a los 7 días al menos 38" in text


def test_an_announcement_without_verified_figures_is_unknown_and_not_zero(publish: Publish) -> None:
    view = publish(announced_week()[:1])
    (only,) = announcements.make_announcements(view).rows
    assert set(only[3:]) == {"no se sabe"}


def test_new_detentions_and_releases_of_two_speakers_are_not_divided(publish: Publish) -> None:
    window = {"period_start": "2026-05-01", "as_of": "2026-05-08", "published": "2026-05-08"}
    view = publish(
        [
            row(measure="detained", value=5, **window),
            row(measure="released", value=50, **window),
            row(measure="detained", value=7, organisation="gobierno", **window),
        ]
    )
    said = {each[0]: each[4:] for each in reconciliation.make_revolving_door(view).rows}
    assert said["La Lista"] == ("10", "45")
    assert said["Gobierno"] == ("No se calcula: las salidas las da otra organización (La Lista).", "—")


def test_totals_of_officials_and_verified_ones_share_a_scale_and_announcements_are_marks(
    publish: Publish,
) -> None:
    view = publish([*announced_week(), *planted()])
    exhibit = announcements.make_releases_by_role(view)
    assert exhibit.figure is not None
    assert {trace.yaxis for trace in exhibit.figure.data} <= {"y", "y9"}
    assert [label for label, _ in exhibit.events] == ["300"]
    drawn = {data[1] for trace in exhibit.figure.data for data in trace.customdata or ()}
    assert not drawn & set(exhibit.whole().filter(stage="announced")["claim"])
    text = text_of(opened("compare"))
    assert "1 cifra anunciada, 3 dadas por hechas por autoridades y 4 verificadas" in text
    assert "La más reciente dada por hecha: Gobierno, más de 600" in text
    assert "The newest verified: La Lista, 38" in text_of(opened("compare", lang="en"))


def test_without_any_figure_of_releases_the_page_says_so(publish: Publish) -> None:
    assert (
        announcements.make_releases_by_role(publish([row()])).summary
        == "No hay cifras de anuncios ni de salidas de prisión."
    )


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
    own, band = view.words.short_day, comparisons.make_bands(view)
    low, high = f"Uno: 480 ({own(date(2026, 2, 28))})", f"Dos: 620 ({own(date(2026, 3, 2))})"
    assert low in band.summary
    assert high in band.summary
    ((_, low_cell, high_cell, _),) = band.rows
    assert (low_cell.text, high_cell.text) == (low, high)
    assert band.figure is not None
    drawn = " ".join(note.text for note in band.figure.layout.annotations)
    assert low in drawn
    assert high in drawn
    anchor = own(date(2026, 2, 23))
    assert anchor not in band.summary + drawn + str(band.rows)
