"""The canvas of a picture: nothing is too small to read, its signature has one place, a key its marks."""

from dataclasses import replace

import pytest

from dashboards.charts import fonts
from dashboards.charts.theme import SIZES
from dashboards.export import picture
from dashboards.export.layout import BRIEF, SMALL, Text, plan
from dashboards.export.provenance import FileProvenance

FACTS = FileProvenance(
    chart="held", options=(), situation="islandia", situation_name="Islandia", language="en", name="held",
    title="La Lista counts 382 people still held on 3 August 2026", summary="", key=(), events=(),
    source="Source: La Lista.", as_of="2026-08-03", day="2026-11-24", known_on=None, build="76e4525109ae",
    built_at="2026-11-24", address="", project="Liberómetro", place="ISLANDIA", subtitle="People.",
)  # fmt: skip
LONG = replace(FACTS, source=f"Source: {', '.join(['La Lista', 'Gobierno de Islandia'] * 7)}, 38 outlets.")
LEAST = {"wide": 13, "square": 24, "phone": 24, "tall": 24, "print": 26}


@pytest.mark.parametrize("size", SIZES)
def test_no_chart_however_high_makes_the_lettering_too_small(size: str) -> None:
    for natural in (200, 400, 900):
        assert plan(LONG, SIZES[size], natural).scale * SMALL >= LEAST[size]


@pytest.mark.parametrize("size", SIZES)
def test_name_and_licence_stand_in_one_place_whatever_the_source(size: str) -> None:
    short, long = (plan(facts, SIZES[size], 100) for facts in (FACTS, LONG))
    assert [round(short.height - top, 3) for _, _, top in short.signature] == [
        round(long.height - top, 3) for _, _, top in long.signature
    ]
    foot, left, top = long.texts[-1]
    below = top + len(foot[0].lines) * foot[0].size * foot[0].leading
    if long.width > BRIEF:  # beside the source, which ends in the same line
        assert max(left + fonts.measure_width(line, SMALL) for line in foot[0].lines) < long.logo[0]
    else:  # below it
        assert below <= long.signature[1][2] + 1


def test_a_day_does_not_part_from_its_year() -> None:
    title = "Of 300 releases that the assembly announced on 21 May 2026, 38 were verified"
    wide = fonts.measure_width("Of 300 releases that the assembly announced on 21 May", 27, fonts.BOLD)
    assert fonts.wrap_text(title, 27, wide + 1, fonts.BOLD)[1].startswith("21 May 2026,")


def test_a_sign_of_a_key_that_the_font_lacks_is_drawn_where_it_stands() -> None:
    root = picture.make_element("svg")
    picture.write_blocks(root, [Text(("⊥ at least · ▯ pale",), 12)], 40, 100)
    first, least, second, pale = root
    assert [least.text, pale.text] == ["at least ·", "pale"]
    assert [each.get("d") for each in (first, second)] == [picture.SIGNS["⊥"], picture.SIGNS["▯"]]
    starts = [float(each.get("transform").split("(")[1].split()[0]) for each in (first, second)]
    assert starts[0] == 40 < float(least.get("x")) < starts[1] < float(pale.get("x"))
    assert not any(map(fonts.has_sign, picture.SIGNS))
