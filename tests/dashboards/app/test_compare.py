"""The page that compares: a gap is drawn only between figures of one thing; the others stand side by side."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import plotly.graph_objects as go
import pytest

from dashboards.exhibits import (
    comparison_matrix,
    comparisons,
    gap_panels,
    revolving_door,
)
from dashboards.i18n.translations import list_languages
from dashboards.metrics.comparison_matrix import COMPARABLE, START, MatrixCell, make_matrix
from dashboards.queries.view import View
from dashboards.web import matrix_html
from pipelines.core.paths import DataDir
from tests.conftest import row
from tests.dashboards.conftest import LEFT, ids_of, opened, text_of

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


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("es", "donde lo que se cuenta, su comienzo y su día son los mismos (a 3 días como mucho)"),
        ("en", "where what is counted, its start and its day are the same (at most 3 days apart)"),
        ("pt", "onde o que se conta, o seu começo e o seu dia são os mesmos (a 3 dias no máximo)"),
    ],
)
def test_the_overview_says_between_which_figures_the_pages_subtract(
    publish: Publish, language: str, said: str
) -> None:
    publish(planted())
    assert said in text_of(opened("overview", lang=language))
    assert " 70 " in text_of(opened("compare", lang=language, day="2026-02-24"))  # of two organisations


def test_only_where_an_authority_is_one_side_does_the_page_speak_of_those_who_govern(
    publish: Publish, data: DataDir
) -> None:
    with (data.situation("islandia") / "organisations.toml").open("a", encoding="utf-8") as organisations:
        organisations.write('[[organisation]]\nid = "otra"\nname = "La Otra"\nrole = "ngo"\n')
    other = row(**{**LEFT, "organisation": "otra"}, value=120, as_of="2026-02-24", published="2026-02-24")
    told: dict[str, list[str]] = {language: [] for language in list_languages()}
    for rows in (planted(), [*planted(), other], [planted()[0], other]):
        view = publish(rows)
        for language, texts in told.items():
            texts.append(comparisons.compose_answer(replace(view, language=language)))
    governing = {"es": "quien gobierna", "en": "those who govern", "pt": "quem governa"}
    for language, texts in told.items():
        assert [governing[language] in text for text in texts] == [True, True, False]
    assert told["en"][0].startswith("What those who govern say is set against")
    assert "of which 4 with those who govern" in told["en"][1]
    assert told["en"][2].endswith("Pairs of figures: 1; comparable: 1; not: 0.")


def test_the_newest_pair_is_the_newest_of_every_page_and_not_the_first_row(
    publish: Publish, data: DataDir
) -> None:
    organisations = data.situation("islandia") / "organisations.toml"
    other = '[[organisation]]\nid = "otra"\nname = "Otra"\nrole = "ngo"\n'
    organisations.write_text(organisations.read_text() + other)
    ngo = {"organisation": "otra"}
    days = [f"2026-02-{day:02}" for day in range(1, comparisons.PER_PAGE + 1)]
    official = over_days(*((day, 500 - number, 600) for number, day in enumerate(days)))
    newest = [row(**who, value=450, as_of="2026-05-01", published="2026-05-01") for who in ({}, ngo)]
    view = publish([*official, *newest])
    for page in (1, 2):
        made = comparisons.make_comparison(view, True, None, page)
        assert "1 de mayo de 2026" in made.summary, page
    chosen = comparisons.make_comparison(view, True, "2026-02-03", 1)
    assert "3 de febrero de 2026" in chosen.summary


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


def over_days(*days: tuple[str, int, int]) -> list[dict[str, str]]:
    """People held according to La Lista and to Gobierno, on each day both."""
    return [
        row(**who, value=value, as_of=day, published=day)
        for day, own, other in days
        for who, value in (({}, own), ({"organisation": "gobierno"}, other))
    ]


@pytest.mark.parametrize("days", [1, 3], ids=["a list in place of the gap", "a gap drawn"])
def test_a_button_opens_what_is_of_its_own_list(publish: Publish, days: int) -> None:
    publish([*planted(), *over_days(*((f"2026-0{5 + number}-10", 500, 600) for number in range(days)))])
    ids = ids_of(opened("compare"))
    assert sum(each.startswith("take-download-") for each in ids) >= 3
    assert len(ids) == len(set(ids))


def shades(figure: go.Figure) -> list[Any]:
    return [trace for trace in figure.data if trace.fill == "toself"]


def test_a_gap_is_shaded_between_days_of_both_and_never_over_a_long_silence(publish: Publish) -> None:
    matched = over_days(("2026-01-10", 500, 600), ("2026-02-10", 480, 590), ("2026-06-10", 400, 500))
    alone = [row(value=450, as_of="2026-03-10", published="2026-03-10")]
    exhibit = gap_panels.make_gaps(publish([*matched, *alone]))
    assert exhibit.figure is not None
    (shaded,) = shades(exhibit.figure)
    assert len(shaded.x) == 4  # two days of both
    drawn = [trace for trace in exhibit.figure.data if trace.customdata is not None]
    assert {trace.marker.symbol for trace in drawn} == {"circle", "diamond"}
    assert max(shaded.x) < min(max(trace.x) for trace in drawn)
    said = " ".join(note.text for note in exhibit.figure.layout.annotations)
    assert "400</span></b> La Lista, 10 jun" in said
    assert "500</span></b> Gobierno, 10 jun" in said
    assert all(f"<b>{apart}</b>" in said for apart in (100, 110))
    assert (
        exhibit.title
        == "Gobierno contaba de 100 a 110 personas en prisión más que La Lista en los 3 días de los que "
        "ambas dieron una cifra exacta"
    )
    assert "del 10 ene 2026 al 10 jun 2026" in exhibit.subtitle
    assert "no es estar libre" not in exhibit.subtitle  # of people held nothing is said of leaving


def test_without_new_detentions_beside_releases_no_page_speaks_of_both_counts(publish: Publish) -> None:
    view = publish(over_days(("2026-01-10", 500, 600)))
    door = revolving_door.make_revolving_door(view)
    assert (door.subtitle, door.brief, door.summary) == ("", "", view.words("door.none"))
    assert door.title not in [each.label for each in opened("compare").expander]


def test_a_day_of_one_speaker_alone_is_neither_shaded_nor_counted(publish: Publish) -> None:
    both = over_days(("2026-01-10", 500, 600), ("2026-01-20", 480, 590))
    later = row(organisation="gobierno", value=700, as_of="2026-01-21", published="2026-01-21")
    exhibit = gap_panels.make_gaps(publish([*both, later]))
    assert exhibit.figure is not None
    assert [len(trace.x) for trace in shades(exhibit.figure)] == [4]
    assert exhibit.title.endswith("en los 2 días de los que ambas dieron una cifra exacta")


def test_how_far_apart_they_are_on_another_thing_is_a_sentence_below(publish: Publish) -> None:
    left = [
        row(**who, value=value, as_of=day, published=day)
        for day, own, other in (("2026-02-01", 100, 120), ("2026-02-08", 150, 170))
        for who, value in ((LEFT, own), (GOVERNMENT, other))
    ]
    held = over_days(("2026-01-10", 500, 600), ("2026-02-10", 480, 590))
    exhibit = gap_panels.make_gaps(publish([*left, *held]))
    for figure in (exhibit.figure, exhibit.narrow):
        assert figure is not None
        assert len(shades(figure)) == 1
        said = " ".join(note.text for note in figure.layout.annotations)
        assert "Salieron de prisión, desde el 8 ene: Gobierno y La Lista, 20 de diferencia en 2 días." in said
    assert len(exhibit.rows) == 4


def official(value: int, day: str, start: str | None = "2025-12-01") -> dict[str, str]:
    """A running total of Gobierno."""
    return row(**{**GOVERNMENT, "period_start": start or ""}, value=value, as_of=day, published=day)


def verified(value: int, day: str, start: str = "2026-01-08") -> dict[str, str]:
    """A running total of La Lista."""
    return row(**{**LEFT, "period_start": start}, value=value, as_of=day, published=day)


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


def judged(view: View) -> dict[tuple[date | None, date | None], MatrixCell]:
    """Cells by the starts of their row and column."""
    matrix = make_matrix(view)
    assert matrix is not None
    return {
        (row.start, column.start): cell
        for row, cells in zip(matrix.rows, matrix.cells, strict=True)
        for column, cell in zip(matrix.columns, cells, strict=True)
    }


def test_a_cell_compares_totals_of_one_start_and_day_and_names_another_start(publish: Publish) -> None:
    rows = [
        official(626, "2026-01-23"), official(808, "2026-01-26"), verified(269, "2026-01-23", "2025-12-01"),
        verified(383, "2026-01-26", "2025-12-01"), verified(266, "2026-01-26"),
    ]  # fmt: skip
    cells = judged(publish(rows))
    earlier, later = date(2025, 12, 1), date(2026, 1, 8)
    pair = cells[earlier, earlier]
    assert (pair.kind, pair.low, pair.high, pair.bound) == (COMPARABLE, 357, 357, False)  # and not 425
    assert cells[earlier, later].kind == START
    text = text_of(opened("compare"))
    assert "El 23 de enero de 2026 Gobierno dijo que 626 personas habían salido de prisión" in text
    assert "Otro comienzo 1 dic o 8 ene" in text
    assert "542" not in text


@pytest.mark.parametrize(
    ("day", "low", "high", "said"),
    [
        ("2026-01-14", 102, None, "303 y 201: distan 102 o más"),
        ("2026-01-10", None, 102, "303 y 201: distan 102 o menos"),
        ("2026-01-20", None, None, "Días muy separados"),
    ],
)
def test_totals_a_few_days_apart_give_a_bound_in_the_direction_of_time(
    publish: Publish, day: str, low: int | None, high: int | None, said: str
) -> None:
    rows = [official(100, "2025-12-31"), official(303, "2026-01-12"), verified(201, day, "2025-12-01")]
    view = publish(rows)
    (cell,) = judged(view).values()
    assert (cell.low, cell.high) == (low, high)
    assert said in text_of(opened("compare"))


def test_a_number_told_with_several_starts_is_read_with_the_earliest(publish: Publish) -> None:
    rows = [
        *(official(each, "2026-01-23", start) for each in (626,) for start in ("2025-12-01", "2026-01-08")),
        official(400, "2026-01-14"), official(90, "2026-01-10", "2026-01-08"),
        official(95, "2026-01-11", "2026-01-08"), verified(156, "2026-01-23"), verified(60, "2026-01-11"),
    ]  # fmt: skip
    cells = judged(publish(rows))
    assert cells[date(2025, 12, 1), date(2026, 1, 8)].kind == START
    own = cells[date(2026, 1, 8), date(2026, 1, 8)]
    assert (own.left["value"], own.right["value"]) == (95, 60)  # never 626 against 156


def test_a_promise_is_no_release_and_an_unstated_start_is_said(publish: Publish) -> None:
    rows = [*announced_week()[:1], official(400, "2026-01-14", None), official(500, "2026-01-20", None)]
    matrix = make_matrix(publish([*rows, verified(266, "2026-01-26")]))
    assert matrix is not None
    assert [[cell.kind for cell in row] for row in matrix.cells] == [["unknown_start"], ["promise"]]
    assert matrix.comparable == []


@pytest.mark.parametrize("language", list_languages())
def test_the_matrix_has_a_card_for_each_official_and_the_rest_folded_and_counted(
    publish: Publish, language: str
) -> None:
    rows = [
        official(626, "2026-01-23"), official(808, "2026-01-26"),
        verified(269, "2026-01-23", "2025-12-01"), verified(266, "2026-01-26"),
    ]  # fmt: skip
    view = replace(publish(rows), language=language)
    matrix = make_matrix(view)
    assert matrix is not None
    told = comparison_matrix.write_matrix(view, matrix)
    html = matrix_html.render_matrix(told, view.words)
    cards = html.split('class="lm-cards"')[1]
    assert cards.count("<section>") == len(matrix.rows)
    assert view.words.plural("matrix.pairs", 1) in cards
    assert html.count("claim=") == 4  # both figures of the pair, in the table and in its card
    exhibit = comparison_matrix.make_matrix_exhibit(view)
    assert exhibit.figure is not None
    drawn = " ".join(note.text for note in exhibit.figure.layout.annotations)
    for number in ("626", "269", view.words("matrix.apart", amount="357")):
        assert f"<b>{number}</b>" in drawn
    assert view.words.plural("matrix.others", 1) in drawn
    bars = [trace for trace in exhibit.figure.data if trace.type == "bar"]
    assert bars[0].x[0] / bars[1].x[0] == pytest.approx(626 / 269)
    assert "357" in exhibit.title
    assert exhibit.subtitle.startswith(comparison_matrix.compose_count(view, matrix))
    assert view.words("matrix.computed") in exhibit.key


def test_a_day_without_pairs_is_no_choice(publish: Publish) -> None:
    publish(planted())
    assert "«day» no puede ser «2026-01-01»" in text_of(opened("compare", day="2026-01-01"))


def test_the_csv_has_both_sides_of_every_pair(publish: Publish) -> None:
    lines = comparisons.make_comparison(publish(planted()), True, None, 1).csv().decode().splitlines()
    assert len(lines) == 3
    assert "left_organisation" in lines[0]
    assert "right_claim" in lines[0]
