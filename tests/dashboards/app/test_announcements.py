"""Announcements, the revolving door and the totals of officials beside what was verified."""

from dataclasses import replace
from datetime import date

import pytest

from dashboards.exhibits import (
    announcements,
    releases_by_role,
    revolving_door,
)
from dashboards.queries import claim_rows
from dashboards.text import statement_sentences
from tests.conftest import row
from tests.dashboards.app.test_compare import Publish, announced_week, official, planted, verified
from tests.dashboards.conftest import opened, text_of


def test_an_announcement_ages_and_what_nobody_verified_is_not_known(publish: Publish) -> None:
    view = publish(announced_week())
    (only,) = announcements.make_announcements(view).rows
    assert only[3:5] == ("38", "al menos 38 (al menos 13\xa0%), al 21 may (última cifra)")
    text = text_of(opened("compare"))
    assert "Gobierno anunció que 300 personas saldrían de prisión (21 de mayo de 2026)" in text
    assert "verificadas por La Lista: al menos 38" in text
    assert "hasta el 21 may, día de su última cifra" in text


@pytest.mark.parametrize("language", ["es", "en", "pt"])
def test_no_day_is_told_of_an_announcement_that_is_after_the_last_figure(
    publish: Publish, language: str
) -> None:
    later = {"period_start": "2026-05-22", "as_of": "2026-05-29", "published": "2026-05-29"}
    view = replace(
        publish([*announced_week(), row(measure="released", value=44, **later)]), language=language
    )
    words, exhibit = view.words, announcements.make_announcements(view)
    figure = exhibit.figure
    assert figure is not None
    assert words.tick(date(2026, 5, 29), "MMMMd") in exhibit.title  # the last figure is the finding
    assert exhibit.title.endswith(words("qualifier.at_least", value="82"))
    drawn = [note.text for note in figure.layout.annotations]
    last = words("announced.by_last", day=words.tick(date(2026, 5, 29), "MMMd"), amount="")
    assert sum(each.startswith(last.strip()) and "82" in each for each in drawn) == 1
    assert not any("14" in each or "30 " in each for each in drawn)


PLANNED = {
    "measure": "release_announced",
    "organisation": "gobierno",
    "value": 602,
    "as_of": "2026-02-22",
    "published": "2026-02-21",
}


@pytest.mark.parametrize(
    ("language", "title", "quoted"),
    [
        ("es", "El 21 de febrero de 2026 Gobierno anunció 602 salidas de prisión para el 22 de febrero",
         "Gobierno anunció el 21 de febrero de 2026 que el 22 de febrero de 2026 saldrían de prisión 602"),
        ("en", "On 21 February 2026 Gobierno announced 602 releases for 22 February 2026; it is not known",
         "Gobierno announced on 21 February 2026 that 602 people held would be released from prison on 22"),
        ("pt", "Em 21 de fevereiro de 2026 Gobierno anunciou 602 saídas da prisão para 22 de fevereiro",
         "Gobierno anunciou em 21 de fevereiro de 2026 que em 22 de fevereiro de 2026 sairiam da prisão 602"),
    ],
)  # fmt: skip
def test_what_was_announced_for_a_later_day_was_announced_before_it(
    publish: Publish, language: str, title: str, quoted: str
) -> None:
    view = replace(publish([row(), row(**PLANNED)]), language=language)
    words, exhibit = view.words, announcements.make_announcements(view)
    planned = words.short_day(date(2026, 2, 22))
    told = words("announced.day_for", day=words.short_day(date(2026, 2, 21)), planned=planned)
    assert exhibit.title.startswith(title)
    assert exhibit.rows[0][0] == told
    assert exhibit.source.endswith(f"{words.day(date(2026, 2, 21))}.")
    assert exhibit.figure is not None
    drawn = " ".join(note.text for note in exhibit.figure.layout.annotations)
    assert words("announced.amount_for", amount="602", planned=planned) in drawn
    (figure,) = claim_rows.find_claims(view, [exhibit.whole()["claim"][0]]).values()
    assert statement_sentences.quote(view, figure).startswith(quoted)


def test_an_announcement_told_later_is_of_its_own_day(publish: Publish) -> None:
    view = publish([row(), row(**{**PLANNED, "published": "2026-02-25"})])
    exhibit = announcements.make_announcements(view)
    assert exhibit.title.startswith("El 22 de febrero de 2026 Gobierno anunció 602 salidas de prisión; no se")
    assert exhibit.rows[0][0] == view.words.short_day(date(2026, 2, 22))


def test_an_announcement_without_verified_figures_is_unknown_and_not_zero(publish: Publish) -> None:
    view = publish(announced_week()[:1])
    (only,) = announcements.make_announcements(view).rows
    assert set(only[3:]) == {"no se sabe"}
    told = announcements.make_announcements(view).summary
    assert told.endswith("; no se sabe cuántas están verificadas por La Lista.")
    english = announcements.make_announcements(replace(view, language="en")).summary
    assert english.endswith("; it is not known how many La Lista verified.")


def test_new_detentions_and_releases_of_two_speakers_are_not_divided(publish: Publish) -> None:
    window = {"period_start": "2026-05-01", "as_of": "2026-05-08", "published": "2026-05-08"}
    view = publish(
        [
            row(measure="detained", value=5, **window),
            row(measure="released", value=50, **window),
            row(measure="detained", value=7, organisation="gobierno", **window),
        ]
    )
    exhibit = revolving_door.make_revolving_door(view)
    assert [(each[0], *each[4:]) for each in exhibit.rows] == [("La Lista", "10", "baja de 45")]
    assert exhibit.summary.startswith(
        "2 períodos con detenciones nuevas; 1 con salidas de prisión de la misma"
    )


def test_a_ratio_of_a_tiny_base_is_not_told_and_the_net_is_a_fall_or_a_rise(publish: Publish) -> None:
    weeks = [
        ("2026-05-01", "2026-05-08", 5, 50),
        ("2026-05-08", "2026-05-15", 12, 10),
        ("2026-05-15", "2026-05-22", 3, 3),
    ]
    view = publish(
        [
            row(measure=measure, value=value, period_start=start, as_of=end, published=end)
            for start, end, detained, released in weeks
            for measure, value in (("detained", detained), ("released", released))
        ]
    )
    exhibit = revolving_door.make_revolving_door(view)
    assert [each[4:] for each in exhibit.rows] == [
        ("menos de 20 salidas: solo las cuentas", "sin cambio"),
        ("menos de 20 salidas: solo las cuentas", "subida de 2"),
        ("10", "baja de 45"),
    ]
    assert exhibit.title == (
        "La Lista contó 20 detenciones nuevas y 63 salidas de prisión en 3 semanas, entre el 1 de mayo y el "
        "22 de mayo de 2026"
    )


def test_days_between_two_periods_are_a_gap_and_not_nothing(publish: Publish) -> None:
    weeks = [("2026-05-01", "2026-05-08"), ("2026-05-09", "2026-05-15"), ("2026-05-22", "2026-05-29")]
    view = publish(
        [
            row(measure=measure, value=20, period_start=start, as_of=end, published=end)
            for start, end in weeks
            for measure in ("detained", "released")
        ]
    )
    exhibit = revolving_door.make_revolving_door(view)
    assert exhibit.title.endswith("en 3 de las 4 semanas del 1 de mayo al 29 de mayo de 2026")
    figure = exhibit.figure
    assert figure is not None
    assert list(figure.layout.xaxis.ticktext)[2] == "15 may<br>– 22 may"
    assert list(figure.data[2].x) == [2]
    assert "falta una cifra o ambas" in {note.text.replace("<br>", " ") for note in figure.layout.annotations}


def test_totals_of_officials_and_verified_ones_share_a_scale_and_no_announcement_is_drawn(
    publish: Publish,
) -> None:
    view = publish([*announced_week(), *planted()])
    exhibit = releases_by_role.make_releases_by_role(view)
    assert exhibit.figure is not None
    assert {trace.yaxis for trace in exhibit.figure.data} <= {"y", None}
    drawn = {data[1] for trace in exhibit.figure.data for data in trace.customdata or ()}
    assert drawn
    assert not drawn & set(exhibit.whole().filter(stage="announced")["claim"])
    text = text_of(opened("compare"))
    assert "prisión: 1 anunciada, 3 dadas por hechas por autoridades y 4 verificadas" in text
    assert "La más reciente dada por hecha: Gobierno, más de 600" in text
    assert "The newest verified: La Lista, 38" in text_of(opened("compare", lang="en"))


def rising_totals() -> list[dict[str, str]]:
    """Gobierno from December; La Lista from then on one day, and from January on more."""
    return [
        official(400, "2026-01-14"), official(626, "2026-01-23"), official(808, "2026-01-26"),
        verified(269, "2026-01-23", "2025-12-01"), verified(266, "2026-01-26"), verified(300, "2026-02-02"),
        verified(310, "2026-02-09"),
    ]  # fmt: skip


def test_what_is_drawn_compares_and_another_start_is_a_note(publish: Publish) -> None:
    exhibit = releases_by_role.make_releases_by_role(publish(rising_totals()))
    assert exhibit.fit is not None
    for room in ((880.0, 440.0), (330.0, 300.0)):
        figure = exhibit.fit(*room)
        lines = {trace.name: len(trace.x) for trace in figure.data if trace.name}
        assert lines == {"Gobierno": 3, "La Lista": 1}
        said = " ".join(note.text for note in figure.layout.annotations)
        assert "310 tiene otro comienzo: no se resta" in said
        assert "La Lista: 310 del 8 ene al 9 feb 2026. No se dibuja." in said
        assert "dice Gobierno, 23 ene" in said
        assert "verificó La Lista, 23 ene" in said


def test_a_total_in_doubt_is_not_drawn_and_counted(publish: Publish) -> None:
    rising = [verified(value, f"2026-02-{day:02}") for day, value in ((1, 400), (8, 450), (15, 500))]
    other = {**verified(40, "2026-02-10"), "publisher": "La Tarde"}
    exhibit = releases_by_role.make_releases_by_role(publish([*rising, other]))
    assert exhibit.figure is not None
    assert {len(trace.x) for trace in exhibit.figure.data if trace.mode == "markers"} == {3}
    said = [note.text for note in exhibit.figure.layout.annotations]
    assert "1 cifra dudosa queda fuera de la línea." in said


def test_a_total_that_another_contradicts_is_not_called_doubtful(publish: Publish) -> None:
    rising = [verified(value, f"2026-02-{day:02}") for day, value in ((1, 401), (8, 451), (15, 503))]
    other = {**verified(457, "2026-02-08"), "publisher": "La Tarde", "provenance": "secondhand"}
    exhibit = releases_by_role.make_releases_by_role(publish([*rising, other]))
    assert exhibit.figure is not None
    said = [note.text for note in exhibit.figure.layout.annotations]
    assert "1 cifra contradicha queda fuera de la línea." in said
    assert "dudosa" not in " ".join(said)


def test_the_source_line_ends_with_the_newest_figure_that_is_drawn(publish: Publish) -> None:
    exhibit = releases_by_role.make_releases_by_role(publish(rising_totals()))
    assert exhibit.source.endswith("La Lista (ONG); Gobierno (oficial). Datos hasta el 26 de enero de 2026.")


def test_the_page_says_the_pair_in_its_headline_and_not_again_above_the_panel(publish: Publish) -> None:
    panel = releases_by_role.make_page_panel(publish(rising_totals()))
    assert panel.title == (
        "Últimos totales desde el 1 dic 2025: Gobierno 808 (26 ene 2026), La Lista 269 (23 ene 2026)"
    )


def test_without_any_figure_of_releases_the_page_says_so(publish: Publish) -> None:
    assert (
        releases_by_role.make_releases_by_role(publish([row()])).summary
        == "No hay cifras de anuncios ni de salidas de prisión."
    )
