"""Parts: each with its total, a small group of minors never with its number."""

from collections.abc import Callable

from dashboards import breakdowns
from dashboards.view import View
from tests.conftest import row
from tests.dashboards.conftest import opened, text_of

Publish = Callable[[list[dict[str, str]]], View]


def test_a_small_group_of_minors_is_fewer_than_five_and_a_part_stands_with_its_total(
    publish: Publish,
) -> None:
    view = publish(
        [
            row(value=800),
            row(value=3, breakdown="age=adolescent"),
            row(value=200, breakdown="sex=female"),
        ]
    )
    text = text_of(opened("parts", split="lista in_custody age"))
    assert "adolescentes menos de 5 800" in text
    small = breakdowns.exhibit(view, "lista in_custody age")
    assert ",3," not in small.csv().decode()
    shown = breakdowns.exhibit(view, "lista in_custody sex").rows[0]
    assert shown[3:5] == ("800", "25\xa0%")
    assert "fewer than 5" in text_of(opened("parts", split="lista in_custody age", lang="en"))


def test_a_bulletin_that_did_not_say_leaves_a_gap(publish: Publish) -> None:
    rows = [row(value=800 + n, as_of=f"2026-02-0{n}", published=f"2026-02-0{n}") for n in (1, 2, 3)]
    parts = [
        row(value=100 + n, breakdown="sex=female", as_of=f"2026-02-0{n}", published=f"2026-02-0{n}")
        for n in (1, 3)
    ]
    shown = breakdowns.exhibit(publish(rows + parts), "lista in_custody sex").rows
    assert shown[1][2] == "el boletín no lo dijo"
