"""Our own mistakes: what the loader takes and refuses, their order, and what is withheld of small parts."""

import csv
import shutil
from pathlib import Path

import pytest

from pipelines.core.paths import DataDir
from pipelines.sheets.strict_rows import RowError
from pipelines.warehouse.corrections import COLUMNS
from tests.conftest import Built, row, rows_of

Cells = dict[str, str]
WHY = {"why_es": "No lo publicó nadie.", "why_en": "Nobody published it.", "why_pt": "Ninguém o publicou."}


def mistake(**cells: str) -> Cells:
    """A figure that was taken away, with some cells changed."""
    return {
        "decided": "2026-11-20",
        "change": "removed",
        "shown_from": "2026-08-21",
        "shown_until": "2026-11-20",
        "old_organisation": "lista",
        "old_measure": "in_custody",
        "old_breakdown": "total",
        "old_qualifier": "exact",
        "old_value": "791",
        "old_as_of": "2026-08-20",
        "published": "2026-08-20",
        "url": "https://diario.example/1",
        **WHY,
        **cells,
    }


def changed(old: str, new: str, breakdown: str = "total", **cells: str) -> Cells:
    stands = {"organisation": "lista", "measure": "in_custody", "breakdown": breakdown, "value": new}
    return mistake(
        change="changed",
        old_value=old,
        old_breakdown=breakdown,
        **{f"new_{name}": cell for name, cell in stands.items()} | cells,
    )


def write_mistakes(data: DataDir, *mistakes: Cells, columns: tuple[str, ...] = COLUMNS) -> Path:
    path = data.situation("islandia") / "own_corrections.csv"
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(mistakes)
    return path


def test_mistakes_are_told_newest_first_then_front_page_then_by_size(data: DataDir, built: Built) -> None:
    write_mistakes(
        data,
        changed("10", "11"),
        changed("500", "400"),
        changed("700", "699", front_page="yes"),
        mistake(old_value="50", front_page="yes"),
        changed("20", "900", decided="2026-11-19", front_page="yes"),
        changed("9", "5", decided="2026-11-21"),
    )
    found = rows_of(built([row()]), "own_corrections")
    assert [each["old_value"] for each in found] == [9, 50, 700, 500, 10, 20]
    assert [each["position"] for each in found] == [1, 2, 3, 4, 5, 6]
    assert (found[1]["front_page"], found[1]["new_value"], found[1]["change"]) == (True, None, "removed")


@pytest.mark.parametrize(
    "part",
    [
        changed("3", "2", "age=adolescent"),
        changed("3", "12", "age=adolescent"),
        mistake(old_value="2", old_breakdown="health=critical"),
        changed("12", "2", "total", new_breakdown="age=adolescent"),
    ],
)
def test_no_number_and_no_reason_of_a_part_that_may_be_small_is_published(
    data: DataDir, built: Built, part: Cells
) -> None:
    write_mistakes(data, part | {"why_en": "two minors, not three"})
    (found,) = rows_of(built([row()]), "own_corrections")
    assert found["suppressed"]
    assert {found[name] for name in ("old_value", "new_value", "old_qualifier", "new_qualifier")} == {None}
    assert (found["why_es"], found["why_en"], found["why_pt"]) == ("", "", "")
    assert "791" not in str(found)


def test_the_order_of_small_parts_does_not_tell_their_numbers(data: DataDir, built: Built) -> None:
    write_mistakes(
        data,
        changed("3", "2", "age=adolescent", old_as_of="2026-08-01"),
        changed("3", "40", "age=adolescent", old_as_of="2026-08-02"),
        changed("3", "4"),
    )
    found = rows_of(built([row()]), "own_corrections")
    assert [each["old_as_of"].day for each in found] == [20, 1, 2]


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"decided": ""}, "decided is empty"),
        ({"decided": "2026-11-25"}, "lies in the future"),
        ({"shown_from": "August"}, "shown_from August: expected a day"),
        ({"shown_from": "2026-11-21"}, "shown_from 2026-11-21 lies after shown_until 2026-11-20"),
        ({"change": "moved"}, "change moved: expected removed, changed"),
        ({"change": "changed"}, "new_value is empty, but the figure was changed"),
        ({"new_value": "3"}, "new_value is 3, but a figure that was removed has no new one"),
        ({"front_page": "no"}, "front_page no: expected yes"),
        ({"old_value": "some"}, "old_value some: expected a number"),
        ({"old_measure": "held"}, "old_measure held: expected in_custody"),
        ({"old_qualifier": "nearly"}, "old_qualifier nearly: expected exact"),
        ({"why_pt": ""}, "why_pt is empty"),
        ({"why_en": "ask mg@diario.example"}, "why_en: an e-mail address"),
        ({"url": "javascript:alert(1)"}, "expected a web address"),
    ],
)
def test_a_mistake_that_is_wrong_stops_the_build_with_file_and_row(
    data: DataDir, built: Built, cells: Cells, said: str
) -> None:
    write_mistakes(data, mistake(), mistake(**cells))
    with pytest.raises(RowError) as stopped:
        built([row()])
    assert "islandia/own_corrections.csv: row 3: " in str(stopped.value)
    assert said in str(stopped.value)
    assert "mg@diario" not in str(stopped.value)


def test_an_unknown_or_a_missing_column_stops_the_build(data: DataDir, built: Built) -> None:
    write_mistakes(data, columns=(*COLUMNS, "note"))
    with pytest.raises(RowError, match="no such column: note"):
        built([row()])
    write_mistakes(data, columns=COLUMNS[:-1])
    with pytest.raises(RowError, match="column why_pt is missing"):
        built([row()])


def test_each_situation_counts_its_own_mistakes_from_one(data: DataDir, built: Built) -> None:
    write_mistakes(data, changed("10", "11"), changed("500", "400"))
    other = data.root / "otra"
    shutil.copytree(data.situation("islandia"), other)
    settings = other / "situation.toml"
    settings.write_text(
        settings.read_text(encoding="utf-8").replace('"islandia"', '"otra"', 1), encoding="utf-8"
    )
    told = rows_of(built([row()]), "own_corrections")
    for situation in ("islandia", "otra"):
        own = {each["position"]: each["old_value"] for each in told if each["situation"] == situation}
        assert own == {1: 500, 2: 10}
