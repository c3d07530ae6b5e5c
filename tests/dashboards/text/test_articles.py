"""Who speaks has the article that a sentence asks for, in every bundled situation."""

from collections.abc import Callable

import pytest

from dashboards.exhibits import chart_registry
from dashboards.queries.view import View, open_view
from dashboards.text.labels import name_split
from pipelines.core.paths import ROOT, DataDir
from pipelines.core.situation import read_organisations, read_situation
from tests.conftest import SITUATION, row
from tests.dashboards.conftest import LEFT

SUBJECTS = '[organisation_subjects]\nlista = { es = "el Listado", pt = "a Lista" }\n\n[populations]'


@pytest.mark.parametrize("name", DataDir(ROOT / "data").situations())
def test_every_organisation_has_its_article_in_portuguese(name: str) -> None:
    """Joint statements take none, and whom nobody named has one in the name."""
    folder = ROOT / "data" / name
    subjects = read_situation(folder).organisation_subjects
    alone = [
        each.id for each in read_organisations(folder) if "+" not in each.id and each.id != "unattributed"
    ]
    assert [each for each in alone if "pt" not in subjects.get(each, {})] == []


def test_who_detains_migrants_has_its_article_and_its_name_in_spanish() -> None:
    situation = read_situation(ROOT / "data" / "us_immigration_detention")
    assert situation.organisation_subjects["ice"] == {"es": "el ICE", "pt": "o ICE"}
    assert set(situation.organisation_names["ice"]) == {"es", "pt"}


def test_titles_and_choices_say_according_to_whom_with_the_article(
    data: DataDir, publish: Callable[[list[dict[str, str]]], View]
) -> None:
    (data.situation("islandia") / "situation.toml").write_text(
        SITUATION.replace("[populations]", SUBJECTS), encoding="utf-8"
    )
    publish([row(), row(**LEFT, value=30, as_of="2026-02-20", published="2026-02-20")])
    view = open_view("islandia", "pt")
    exhibit, _ = chart_registry.answer_request(view, "releases-by-role", [])
    assert exhibit is not None
    assert exhibit.title.endswith(", segundo a Lista")
    assert name_split(view, "lista sex").endswith(", segundo a La Lista")
    assert name_split(open_view("islandia", "es"), "lista sex").endswith(", según el La Lista")
