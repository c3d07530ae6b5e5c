"""At least and at most: a tick with an open stem, without a head, in every drawing and in its key."""

from datetime import date

import polars as pl

from dashboards.charts import few_points
from dashboards.charts.story import draw_story
from dashboards.charts.story_canvas import StoryPanel
from dashboards.charts.theme import DOUBT_SCHEMA
from dashboards.i18n.translations import list_languages, read_words
from tests.dashboards.charts.test_charts import LETTERING, SINCE, STORY_WORDS, drawn, frame, point, traces


def test_a_bound_has_one_sign_in_every_drawing_and_in_its_key() -> None:
    points = point("2026-01-10", 401, None), point("2026-01-11", None, 399)
    panel = StoryPanel("", frame(*points), pl.DataFrame(schema=DOUBT_SCHEMA))
    story = draw_story([panel], [], STORY_WORDS, (SINCE, date(2026, 1, 11)), (880.0, 400.0))
    few = few_points.draw_few(frame(*points), LETTERING, lambda _: "", str, 400.0)
    for figure in (drawn(*points), story, few):
        assert not [each for each in traces(figure, "markers") if "triangle" in str(each.marker.symbol)]
        assert {each.line.dash for each in traces(figure, "lines") if each.line.width in (1.5, 1.6)} == {None}
    for language in list_languages():
        words = read_words(language)
        assert words("key.lower_bound").startswith("⊥ ")
        assert words("key.upper_bound").startswith("⊤ ")
        assert not set("△▽") & set(words("key.lower_bound") + words("key.upper_bound"))
