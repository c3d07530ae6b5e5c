"""The bundled data show the named cases by themselves: gaps, contradictions, bridge, bands, announcements."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from dashboards import announced, bridges, gaps, queries
from dashboards.view import View
from dashboards.words import languages
from tests.dashboards.conftest import opened, text_of
from tests.dashboards.test_real_figures import bundled, venezuela

__all__ = ["bundled", "venezuela"]  # fixtures


def pair(frame: pl.DataFrame, left: int, right: int) -> pl.DataFrame:
    return frame.filter(pl.col("left_value") == left, pl.col("right_value") == right)


def test_179_against_109_is_drawn_and_3200_against_109_is_refused(venezuela: View) -> None:
    drawn = gaps.exhibit(venezuela, True, "2026-02-24", 1)
    assert drawn.figure is not None
    assert pair(drawn.frame, 179, 109).height == 1
    refused = gaps.exhibit(venezuela, False, "2026-02-24", 1)
    assert refused.figure is None
    assert pair(refused.frame, 3200, 109)["reason"].to_list() == ["population"]
    assert any("no son las mismas personas" in str(row[-1]) for row in refused.rows)


def test_808_against_266_is_refused_for_the_window_and_both_windows_are_named(venezuela: View) -> None:
    refused = gaps.exhibit(venezuela, False, "2026-01-26", 1)
    assert pair(refused.frame, 808, 266).height
    assert any(
        "desde el 1 de diciembre de 2025" in str(row[-1]) and "8 de enero de 2026" in str(row[-1])
        for row in refused.rows
    )


def test_300_announced_in_the_week_of_15_may_have_38_verified_by_the_21st(venezuela: View) -> None:
    (row,) = announced.announcements(venezuela).rows
    assert row[0] == "21 may 2026"
    assert row[3] == "38"


def test_the_week_of_4_may_leaves_four_people_unexplained(venezuela: View) -> None:
    way = next(way for way in bridges.ways(venezuela) if "2026-04-27.2026-05-04" in way)
    assert "Lo informado no explica 4 más." in bridges.exhibit(venezuela, way).summary


def test_526_and_759_are_two_edges_of_one_day(venezuela: View) -> None:
    rows = announced.bands(venezuela).rows
    (band,) = [row for row in rows if row[0] == "8 mar 2026"]
    assert "Foro Penal: 526" in str(band[2])
    assert "759" in str(band[3])


def test_the_named_contradictions_are_found(venezuela: View, bundled: Path) -> None:
    assert bundled.exists()
    found = queries.mart(venezuela.build, "venezuela", "contradictions", "rank")
    values = [sorted(each) for each in found["values"].to_list()]
    assert [17577, 17609] in values
    assert [372, 373] in values
    assert any(row["rule"] == "applications_told_as_releases" for row in found.to_dicts())
    assert date(2026, 2, 21) in found["as_of"].to_list()


@pytest.mark.usefixtures("bundled")
@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("page", ["compare", "doubts", "parts"])
def test_every_bundled_situation_has_these_pages(page: str, language: str) -> None:
    for situation in queries.situations(queries.current_build()):
        text = text_of(opened(page, lang=language, situation=situation.id))
        assert situation.name[language] in text
        assert "no se pudo mostrar" not in text
        assert "could not be shown" not in text
