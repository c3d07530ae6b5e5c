"""Parts: each with its total, a small group of minors never with its number."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from dashboards.exhibits import breakdowns, definitions, figures_over_time, parts_chart
from dashboards.exhibits.exhibit import Exhibit
from dashboards.queries.view import View
from pipelines.core.model import Measure
from pipelines.core.paths import DataDir
from tests.conftest import TODAY, row
from tests.dashboards.conftest import day, opened, text_of

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
    small = breakdowns.make_newest_parts(view, "lista in_custody age")
    assert ",3," not in small.csv().decode()
    shown = breakdowns.make_newest_parts(view, "lista in_custody sex").rows[0]
    assert shown[3:5] == ("800", "25\xa0%")
    assert "fewer than 5" in text_of(opened("parts", split="lista in_custody age", lang="en"))


def test_a_bulletin_that_did_not_say_leaves_a_gap(publish: Publish) -> None:
    rows = [row(value=800 + n, as_of=f"2026-02-0{n}", published=f"2026-02-0{n}") for n in (1, 2, 3)]
    parts = [
        row(value=100 + n, breakdown="sex=female", as_of=f"2026-02-0{n}", published=f"2026-02-0{n}")
        for n in (1, 3)
    ]
    shown = breakdowns.make_newest_parts(publish(rows + parts), "lista in_custody sex").rows
    assert shown[1][2] == "el boletín no lo dijo"


def test_parts_of_counts_over_days_say_from_which_day_on_they_count(publish: Publish) -> None:
    rows = [
        row(value=value, measure="detained", breakdown="sex=female", period_start=start, as_of="2026-02-17")
        for value, start in ((283, "2026-01-18"), (17, "2026-02-17"))
    ]
    view = publish([row(value=800), row(value=200, breakdown="sex=female"), *rows])
    exhibit = breakdowns.make_newest_parts(view, "lista detained sex")
    assert exhibit.heads[1] == "Desde"
    assert {(each[1], each[exhibit.numeric[0]].text) for each in exhibit.rows} == {
        ("18 ene 2026", "283"),
        ("17 feb 2026", "17"),
    }
    assert "Desde" not in breakdowns.make_newest_parts(view, "lista in_custody sex").heads


def over_time(*values: int, breakdown: str = "sex=female") -> list[dict[str, str]]:
    """A total on each day of February, and one part of it; below zero stands for a day that left it out."""
    rows = []
    for place, value in enumerate(values, start=1):
        at = {"as_of": f"2026-02-0{place}", "published": f"2026-02-0{place}"}
        rows.append(row(value=800, **at))
        if value >= 0:
            rows.append(row(value=value, breakdown=breakdown, **at))
    return rows


def drawn_columns(exhibit: Exhibit | None) -> dict[date, list[float]]:
    """Day → heights of its column's pieces, from the axis up."""
    assert exhibit is not None
    assert exhibit.figure is not None
    found: dict[date, list[float]] = {}
    for trace in exhibit.figure.data:
        if trace.xaxis == "x":
            for at, height in zip(trace.x, trace.y, strict=True):
                found.setdefault(at, []).append(height)
    return found


def both(*values: int, total: int = 800) -> list[dict[str, str]]:
    """A total on each day of February with women and men; below zero stands for a day that left them out."""
    rows = []
    for place, value in enumerate(values, start=1):
        at = {"as_of": f"2026-02-0{place}", "published": f"2026-02-0{place}"}
        rows.append(row(value=total, **at))
        if value >= 0:
            rows += [
                row(value=value, breakdown="sex=female", **at),
                row(value=total - value, breakdown="sex=male", **at),
            ]
    return rows


def test_a_bulletin_stands_on_its_day_and_one_that_did_not_say_has_no_column(publish: Publish) -> None:
    exhibit = parts_chart.make_parts_over_time(publish(both(80, 90, -1, 100, 110)), "lista in_custody sex")
    assert drawn_columns(exhibit) == {
        day("2026-02-01"): [80, 720], day("2026-02-02"): [90, 710],
        day("2026-02-04"): [100, 700], day("2026-02-05"): [110, 690],
    }  # fmt: skip
    assert exhibit is not None
    assert exhibit.title == (
        "De 800 personas en prisión el 5 de febrero de 2026, 110 eran mujeres; "
        "el 1 de febrero de 2026 eran 80 de 800"
    )
    texts = [note.text for note in exhibit.figure.layout.annotations]  # type: ignore[union-attr]
    assert any("<b>110</b>" in text for text in texts)
    assert any("<b>690</b>" in text for text in texts)
    assert any("14" in text and "%" in text for text in texts)  # the share, below the last column


def test_the_row_of_shares_says_of_whom_it_is(publish: Publish) -> None:
    exhibit = parts_chart.make_parts_over_time(publish(both(80, 90, 100, 110)), "lista in_custody sex")
    assert exhibit is not None
    assert exhibit.figure is not None
    (label,) = (note for note in exhibit.figure.layout.annotations if note.text == "mujeres, en % del total")
    assert label.xref == "paper"  # what lies left of a time axis is not drawn in days


@pytest.mark.parametrize(
    ("choice", "part", "title"),
    [
        (
            "lista in_custody sentenced",
            "sentenced=yes",
            "Con condena: 90 de 800 personas en prisión el 2 de febrero de 2026; "
            "80 de 800 el 1 de febrero de 2026",
        ),
        (
            "lista released sex",
            "sex=female",
            "Mujeres: 90 de 800 personas que salieron de prisión, 2 de febrero de 2026; "
            "80 de 800 el 1 de febrero de 2026",
        ),
    ],
)
def test_a_part_whose_name_fits_no_sentence_leads_the_title(
    publish: Publish, choice: str, part: str, title: str
) -> None:
    wholes = [
        parts_chart.Whole(date(2026, 2, day), ({"breakdown": part, "value": value, "total": 800},))
        for day, value in ((1, 80), (2, 90))
    ]
    assert parts_chart.compose_finding(publish([row()]), choice, wholes, [part]) == title


def test_a_bulletin_whose_parts_do_not_add_up_is_left_out_and_named(publish: Publish) -> None:
    rows = both(80, 90, 95, 100)
    at = {"as_of": "2026-02-09", "published": "2026-02-09"}
    wrong = [
        row(value=372, **at),
        row(value=214, breakdown="sex=female", **at),
        row(value=159, breakdown="sex=male", **at),
    ]
    exhibit = parts_chart.make_parts_over_time(publish([*rows, *wrong]), "lista in_custody sex")
    assert max(drawn_columns(exhibit)) == day("2026-02-04")
    assert exhibit is not None
    assert "El boletín del 9 de febrero de 2026 (372) no se dibuja: sus partes suman 373." in exhibit.source


def test_a_bulletin_with_a_withheld_part_is_not_drawn_nor_is_its_rest(publish: Publish) -> None:
    rows = over_time(60, 3, 70, 80, 90, breakdown="age=adolescent")
    exhibit = parts_chart.make_parts_over_time(publish(rows), "lista in_custody age")
    columns = drawn_columns(exhibit)
    assert day("2026-02-02") not in columns
    assert columns[day("2026-02-03")] == [70, 730]
    assert exhibit is not None
    assert exhibit.figure is not None
    drawn = exhibit.figure.to_json()
    assert "797" not in drawn
    assert "Otro boletín no se dibuja" in exhibit.source


def test_a_division_beside_the_chosen_one_is_left_out_where_a_part_is_withheld(
    publish: Publish,
) -> None:
    small = [
        row(value=3, breakdown="age=adolescent", as_of="2026-02-04", published="2026-02-04"),
        row(value=797, breakdown="age=adult", as_of="2026-02-04", published="2026-02-04"),
    ]
    exhibit = parts_chart.make_parts_over_time(
        publish([*both(80, 90, 95, 100), *small]), "lista in_custody sex"
    )
    assert exhibit is not None
    assert exhibit.figure is not None
    names = " ".join(note.text for note in exhibit.figure.layout.annotations)
    assert "mujeres" in names
    assert "adolescentes" not in names
    assert "adultos" not in names


def test_fewer_than_four_bulletins_leave_the_bars_alone(publish: Publish) -> None:
    exhibit = parts_chart.make_parts_over_time(publish(both(80, 90, 95)), "lista in_custody sex")
    assert drawn_columns(exhibit) == {}
    assert exhibit is not None
    assert exhibit.figure is not None
    bars = [trace for trace in exhibit.figure.data if trace.orientation == "h"]
    assert [trace.x[0] for trace in bars] == [705 / 800, 95 / 800]  # of one length together


def test_a_part_alone_stands_with_all_others_who_have_no_number(publish: Publish) -> None:
    exhibit = parts_chart.make_parts_over_time(publish(over_time(80)), "lista in_custody sex")
    assert exhibit is not None
    assert exhibit.figure is not None
    texts = " ".join(note.text for note in exhibit.figure.layout.annotations)
    assert "todos los demás" in texts
    assert "720" not in exhibit.figure.to_json()
    for told in (exhibit.subtitle, exhibit.brief, exhibit.summary):
        assert "suman" not in told
        assert "justo estas partes y donde caben en su total" in told


def test_the_latest_bulletin_with_other_parts_is_told_as_left_out(publish: Publish) -> None:
    at = {"as_of": "2026-02-09", "published": "2026-02-09"}
    newer = [row(value=372, **at), row(value=80, breakdown="sex=female", **at)]
    view = publish([*both(80, 90, 95, 100), *newer])
    told = {}
    for language in ("es", "en", "pt"):
        exhibit = parts_chart.make_parts_over_time(replace(view, language=language), "lista in_custody sex")
        assert exhibit is not None
        told[language] = exhibit.source
    assert (
        "Tampoco se dibuja un boletín que da otras partes o cuenta desde otro día, del 9 de febrero de 2026."
        in told["es"]
    )
    assert "Nor is one bulletin drawn that states other parts" in told["en"]
    assert "Também não se desenha um boletim que dá outras partes" in told["pt"]


def test_a_bulletin_whose_total_is_a_bound_is_left_out_for_its_total(publish: Publish) -> None:
    rows = both(80, 90, 95, 100)
    rows[0] |= {"qualifier": "at_least"}
    exhibit = parts_chart.make_parts_over_time(publish(rows), "lista in_custody sex")
    assert exhibit is not None
    assert "Otro boletín no se dibuja: sus partes o su total no son exactos" in exhibit.source


def test_a_past_day_knows_no_definition_of_a_later_one(publish: Publish, data: DataDir) -> None:
    with_a_change(data)
    publish(over_time(80, 90, 95, 99))
    assert "Sin militares." in text_of(opened("parts"))
    assert "Sin militares." not in text_of(opened("parts", known="2026-02-01"))


def with_a_change(data: DataDir) -> None:
    """La Lista stops counting the military on 2 February 2026."""
    path = data.situation("islandia") / "organisations.toml"
    counts = (
        '[[organisation.counts]]\nmeasure = "in_custody"\npopulation = "held"\nsince = 2026-02-02\n'
        'text = { es = "Sin militares.", en = "Without the military." }\n'
        'break_reason = { es = "Dejó de contar militares.", en = "It no longer counts the military.", '
        'pt = "Deixou de contar militares." }\n'
    )
    first, rest = path.read_text().split("rhythm_days = 7\n")
    path.write_text(f"{first}rhythm_days = 7\n{counts}{rest}")


@pytest.mark.parametrize(
    ("language", "kind", "reason"),
    [
        ("es", "cambio de definición", "Dejó de contar militares."),
        ("en", "change of definition", "It no longer counts the military."),
        ("pt", "mudança de definição", "Deixou de contar militares."),
    ],
)
def test_a_change_of_definition_is_listed_with_its_reason_and_marked_in_the_chart(
    publish: Publish, data: DataDir, language: str, kind: str, reason: str
) -> None:
    with_a_change(data)
    view = replace(publish(over_time(80, 90, 95, 99)), language=language)
    text = text_of(opened("parts", lang=language))
    assert kind in text
    assert reason in text
    chart = figures_over_time.make_progress(
        view, Measure.IN_CUSTODY, ("lista",), (), day("2026-02-01"), TODAY, ()
    )
    ((_, mark),) = chart.events
    assert (kind in mark.text, reason in mark.text) == (True, True)
    other = figures_over_time.make_progress(
        view, Measure.RELEASED_TO_DATE, ("lista",), (), day("2026-02-01"), TODAY, ()
    )
    assert other.events == ()


def test_a_documented_crossing_is_told_in_the_readers_language(publish: Publish, data: DataDir) -> None:
    with_a_change(data)
    (data.situation("islandia") / "bridges.toml").write_text(
        '[[bridge]]\norganisation = "lista"\nmeasure = "in_custody"\npopulation = "held"\nat = 2026-02-02\n'
        'decided = 2026-02-03\nreason = { es = "Recontado.", en = "Recounted.", pt = "Contado de novo." }\n'
    )
    publish(over_time(80, 90, 95, 99))
    told = {"es": "Recontado.", "en": "Recounted.", "pt": "Contado de novo."}
    assert {
        language for language, text in told.items() if text in text_of(opened("parts", lang=language))
    } == set(told)


def test_no_line_runs_across_a_change_of_definition(publish: Publish, data: DataDir) -> None:
    def lines(view: View) -> list[list[int | None]]:
        chart = figures_over_time.make_progress(
            view, Measure.IN_CUSTODY, ("lista",), (), day("2026-01-01"), TODAY, ()
        )
        assert chart.figure is not None
        return [list(trace.y) for trace in chart.figure.data if trace.mode == "lines" and trace.y]

    rows = over_time(80, 90, 95, 99)
    assert all(None not in line for line in lines(publish(rows)))
    with_a_change(data)
    assert any(None in line for line in lines(publish(rows)))


def test_without_a_known_change_the_list_claims_no_more(publish: Publish) -> None:
    assert (
        "Eso no quiere decir que no lo haya habido."
        in definitions.make_definition_changes(publish([row()])).summary
    )
