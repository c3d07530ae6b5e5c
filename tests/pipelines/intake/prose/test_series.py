"""Numbers in a row lean on each other: the verb, the window and the whole are said once."""

from tests.pipelines.intake.prose.conftest import Read


def said(read: Read, text: str) -> list[tuple[str, str, str, int]]:
    return [(c.organisation, c.measure.value, c.breakdown, c.value) for c in read(text)]


def test_a_comma_stands_for_the_verb_of_the_part_before(read: Read) -> None:
    found = said(
        read, "De los 900 presos políticos de Vigilia, 60 son mujeres; 170, militares; y 5, adolescentes."
    )
    assert [(breakdown, value) for _, _, breakdown, value in found] == [
        ("total", 900),
        ("sex=female", 60),
        ("service=military", 170),
        ("age=adolescent", 5),
    ]


def test_a_comma_stands_for_the_verb_of_another_organisation(read: Read) -> None:
    found = said(read, "Lista Abierta eleva a 41 las excarcelaciones desde el 8 de enero; Vigilia, a 53.")
    assert found == [
        ("lista", "released_to_date", "total", 41),
        ("vigilia", "released_to_date", "total", 53),
    ]


def test_a_label_may_stand_before_a_copula(read: Read) -> None:
    found = said(read, "Vigilia cuenta 900 presos políticos. Los extranjeros son 89 y sin condena hay 528.")
    assert [(breakdown, value) for _, _, breakdown, value in found[1:]] == [
        ("nationality=foreign", 89),
        ("sentenced=no", 528),
    ]


def test_a_told_week_holds_for_both_of_its_events(read: Read) -> None:
    found = said(read, "En la última semana hubo cinco detenciones y ninguna excarcelación, según Vigilia.")
    assert found == [("vigilia", "detained", "total", 5), ("vigilia", "released", "total", 0)]


def test_a_difference_is_no_count(read: Read) -> None:
    found = said(
        read, "Vigilia cuenta 1.067 presos políticos. Son 192 más de los 875 que contó Lista Abierta."
    )
    assert 192 not in [value for *_, value in found]


def test_a_number_after_a_weekday_that_is_not_its_day_counts(read: Read) -> None:
    (found,) = read("Vigilia confirmó el miércoles 20 nuevas excarcelaciones.")
    assert (found.value, found.as_of.isoformat() if found.as_of else None) == (20, "2026-02-25")
