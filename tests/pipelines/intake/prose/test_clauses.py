"""Which words are a number's own: changes, asides, colons, relative clauses, cut-offs told afterwards."""

from datetime import date

from tests.pipelines.intake.prose.conftest import Read


def told(read: Read, text: str) -> list[tuple[str, str, int, date | None]]:
    return [(c.organisation, c.measure.value, c.value, c.as_of) for c in read(text)]


def test_a_change_gives_both_counts_and_the_older_is_not_of_the_day_of_the_news(read: Read) -> None:
    text = "Los presos políticos bajaron de 940 a 807, informó Lista Abierta el lunes 23 de febrero."
    assert told(read, text) == [
        ("lista", "in_custody", 940, None),
        ("lista", "in_custody", 807, date(2026, 2, 23)),
    ]


def test_an_age_range_is_no_change(read: Read) -> None:
    text = "Lista Abierta cuenta 42 presos políticos de 14 a 17 años."
    assert [value for *_, value, _ in told(read, text)] == [42]


def test_what_is_said_before_a_colon_is_what_the_list_counts(read: Read) -> None:
    text = "Así salieron el lunes, según Lista Abierta: El Faro (14), Puerto II (4)."
    found = read(text)
    assert [(c.measure.value, c.breakdown, c.value) for c in found] == [
        ("released", "facility=el_faro", 14),
        ("released", "facility=puerto_ii", 4),
    ]


def test_commas_about_an_aside_divide_nothing(read: Read) -> None:
    (found,) = read("Recobraron la libertad, bajo restricciones, 55 presos políticos, según Lista Abierta.")
    assert found.measure.value == "released_to_date"


def test_a_relative_clause_owns_the_number_before_it(read: Read) -> None:
    text = "Lista Abierta confirmó 61 de las 99 excarcelaciones anunciadas por el Gobierno de Islandia."
    assert [(who, value) for who, _, value, _ in told(read, text)] == [("lista", 61), ("gobierno", 99)]


def test_a_day_before_a_number_is_that_number_s(read: Read) -> None:
    text = "Lista Abierta ha verificado 431 excarcelaciones desde el 8 de enero, el domingo 35."
    assert [day for *_, day in told(read, text)] == [date(2026, 2, 26), date(2026, 2, 22)]


def test_a_government_goes_on_with_releases_and_never_with_the_held(read: Read) -> None:
    text = (
        "Lista Abierta ha verificado 151 excarcelaciones y cuenta 850 presos políticos. "
        "El Gobierno de Islandia reivindica 808."
    )
    assert told(read, text)[-1][:3] == ("gobierno", "released_to_date", 808)


def test_a_count_since_a_day_is_no_stock(read: Read) -> None:
    text = (
        "Vigilia ha verificado 90 excarcelaciones. "
        "Lista Abierta cuenta 400 presos políticos y 91 desde el 8 de enero."
    )
    assert told(read, text)[-1][1] == "released_to_date"


def test_a_list_is_dated_by_the_line_under_it(read: Read) -> None:
    text = "Presos políticos: 100\nHombres: 60\nMujeres: 40\nLista Abierta. Datos al 20 de febrero de 2026"
    assert {day for *_, day in told(read, text)} == {date(2026, 2, 20)}


def test_the_day_of_the_statement_reaches_the_whole_sentence(read: Read) -> None:
    text = (
        "Con 700 presos políticos, el país tiene la cifra más alta de su historia, "
        "advirtió Lista Abierta el lunes."
    )
    assert told(read, text) == [("lista", "in_custody", 700, date(2026, 2, 23))]


def test_an_age_between_commas_is_no_count(read: Read) -> None:
    text = "Lista Abierta verificó 24 excarcelaciones. Zutana, 56, salió el lunes."
    assert [value for *_, value, _ in told(read, text)] == [24]


def test_a_part_that_another_told_goes_with_its_total(read: Read) -> None:
    text = (
        "Los familiares denunciaron que Lista Abierta contaba 568 presos políticos. "
        "Hay 63 mujeres entre ellos."
    )
    assert [who for who, *_ in told(read, text)] == ["lista", "lista"]


def test_nobody_is_sure_of_what_a_number_without_a_noun_counts(read: Read) -> None:
    text = (
        "Vigilia documentó 5 muertes en prisión. El lunes 23 de febrero, Lista Abierta contó 823: "
        "722 hombres y 101 mujeres."
    )
    assert not any(c.auto for c in read(text))
