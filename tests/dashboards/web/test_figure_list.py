"""The list of figures: what a number of a headline is, search, order, pages, cards, the panel of one."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from html import unescape
from typing import Any

import pytest

from dashboards.charts import mini_series
from dashboards.charts.mini_series import Point
from dashboards.exhibits import number_lookup
from dashboards.i18n.translations import list_languages, read_words
from dashboards.mcp_server import tools
from dashboards.queries.view import View
from dashboards.text.typed_numbers import GREATEST
from dashboards.web import figure_grid, html
from dashboards.web import number_lookup as lookup_html
from dashboards.web.addresses import make_address
from dashboards.web.figure_question import PER_PAGE, find_page, read_question
from pipelines.core.paths import DataDir
from tests.conftest import row
from tests.dashboards.conftest import LEFT, opened, text_of
from tests.pipelines.warehouse.test_own_corrections import changed, mistake, write_mistakes

Publish = Callable[..., View]


def ask(view: View, **address: str) -> list[Any]:
    """The values of the page that an address asks for, in their order."""
    _, rows, _ = find_page(read_question(view, address)[0])
    return [each["value"] for each in rows]


def tell(markup: str) -> str:
    """HTML without its tags."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", markup)))


def counted() -> list[dict[str, str]]:
    """A government's total that three outlets carry, a later one, an organisation's of the same day."""
    said = {**LEFT, "organisation": "gobierno", "period_start": ""}
    return [
        row(**said, value=808, as_of="2026-01-26", published="2026-01-26"),
        row(**said, value=808, as_of="2026-01-26", published="2026-01-27", publisher="La Tarde"),
        row(**said, value=808, as_of="2026-01-26", published="2026-01-27", publisher="El Alba"),
        row(**said, value=831, as_of="2026-01-28", published="2026-01-28"),
        row(**LEFT, value=266, as_of="2026-01-26", published="2026-01-26"),
    ]


WHAT = {
    "es": [
        "Salieron de prisión, según Gobierno",
        "La dan 3 publicaciones",
        "Después dijo: 831",
        "no se restan",
    ],
    "en": ["Released from prison, according to Gobierno", "Later it said: 831", "do not subtract"],
    "pt": ["segundo Gobierno", "Depois disse: 831", "não se subtraem"],
}


@pytest.mark.parametrize("language", list_languages())
def test_a_number_of_a_headline_is_told_with_who_carried_it_and_what_came_after(
    publish: Publish, language: str
) -> None:
    view = replace(publish(counted()), language=language)
    told = tell(lookup_html.render_lookup(view, "808 excarcelados"))
    assert [each for each in WHAT[language] if each not in told] == []
    assert "La Lista: 266" in told


def test_only_a_figure_of_another_start_is_marked_as_not_to_be_subtracted(publish: Publish) -> None:
    told = {**LEFT, "as_of": "2026-01-26", "published": "2026-01-26"}
    view = publish(
        [
            row(**told, organisation="gobierno", value=808),
            row(**told, value=266),
            row(**{**told, "period_start": "2026-01-15"}, value=150),
        ]
    )
    (match,) = number_lookup.look_up(view, "808").matches
    same, other = (f"La Lista: {told}" for told in ("266, desde el 8 ene 2026", "150, desde el 15 ene 2026"))
    assert sorted(match.others) == [(other, True), (same, False)]
    words = view.words("lookup.apart")
    assert words in str(tools.look_up_number("808", view.situation_id, "es").content)
    told_in_html = tell(lookup_html.render_lookup(view, "808"))
    assert f"{other} ({words})" in told_in_html
    assert f"{same} (" not in told_in_html


def test_of_one_moment_the_start_that_most_publications_give_comes_first(publish: Publish) -> None:
    said = {**LEFT, "value": 808, "as_of": "2026-01-26", "published": "2026-01-26"}
    carried = [row(**said, publisher=each) for each in ("El Diario", "La Tarde")]
    once = row(**{**said, "period_start": "2026-01-15"})
    starts = [each.since for each in number_lookup.look_up(publish([once, *carried]), "808").matches]
    assert starts == ["desde el 8 ene 2026", "desde el 15 ene 2026"]
    once, carried = row(**said), [{**each, "period_start": "2026-01-15"} for each in carried]
    starts = [each.since for each in number_lookup.look_up(publish([once, *carried]), "808").matches]
    assert starts == ["desde el 15 ene 2026", "desde el 8 ene 2026"]


def test_a_number_said_again_is_not_told_to_have_held_in_between(publish: Publish) -> None:
    months = {"2026-01-01": 900, "2026-02-01": 950, "2026-03-01": 900}
    view = publish([row(value=value, as_of=day, published=day) for day, value in months.items()])
    (match,) = number_lookup.look_up(replace(view, language="en"), "900").matches
    assert match.moment == "as of 1 January 2026 and again as of 1 March 2026"


def test_each_window_is_a_count_of_its_own_and_no_later_word_on_another(publish: Publish) -> None:
    view = publish(
        [
            row(measure="released", value=value, period_start=f"2026-02-0{day}", as_of=f"2026-02-0{day + 1}",
                published=f"2026-02-0{day + 1}")
            for day, value in ((1, 22), (3, 22), (5, 13))
        ]
    )  # fmt: skip
    matches = number_lookup.look_up(view, "22").matches
    assert [each.carried for each in matches] == [view.words.plural("hover.carriers", 1)] * 2
    assert [each.later for each in matches] == [(), ()]


def test_people_counted_since_a_day_do_not_come_after_all_of_them(publish: Publish) -> None:
    view = publish(
        [
            row(measure="under_measures", value=9000, as_of="2025-12-29", published="2025-12-29"),
            row(measure="under_measures", value=84, period_start="2026-01-08"),
            row(measure="under_measures", value=8900, as_of="2026-02-01", published="2026-02-01"),
        ]
    )
    (match,) = number_lookup.look_up(view, "9000").matches
    assert match.later == ("8.900 (1 feb 2026)",)


@pytest.mark.parametrize("language", list_languages())
def test_a_number_that_nobody_published_is_said_to_be_that_with_the_nearest(
    publish: Publish, language: str
) -> None:
    view = replace(publish(counted()), language=language)
    found = number_lookup.look_up(view, "809")
    assert (found.matches, [value for value, _ in found.nearest]) == ((), [808, 831, 266])
    assert read_words(language)("lookup.none", number="809") in tell(lookup_html.render_lookup(view, "809"))
    assert read_words(language)("lookup.no_number", typed="qué") in tell(
        lookup_html.render_lookup(view, "qué")
    )


@pytest.mark.parametrize("language", list_languages())
def test_what_is_no_count_is_said_and_which_of_several_numbers_was_taken(view: View, language: str) -> None:
    view = replace(view, language=language)
    words = view.words
    said = {
        "999999999999": words("lookup.too_large", typed="999999999999", most=words.number(GREATEST)),
        "50%": words("lookup.no_count", typed="50%"),
        "900 y 250": words("lookup.several", number="900"),
    }
    for typed, sentence in said.items():
        assert sentence in tell(lookup_html.render_lookup(view, typed))
        assert sentence in str(tools.look_up_number(typed, view.situation_id, language).content)


@pytest.mark.parametrize("language", list_languages())
def test_a_number_that_this_site_showed_wrongly_is_said_to_be_that_with_a_link(
    data: DataDir, publish: Publish, language: str
) -> None:
    write_mistakes(
        data,
        mistake(front_page="yes"),
        changed("808", "808", new_organisation="gobierno", why_es="<b>Lo</b> dijo otra."),
        changed("266", "266", new_as_of="2026-01-29"),
        changed("3", "2", "age=adolescent"),
        *(mistake(old_value=str(100 + number)) for number in range(20)),
    )
    view = replace(publish(counted()), language=language)
    words = read_words(language)
    page = lookup_html.render_lookup(view, "791")
    assert "<del>791</del>" in page
    assert f'href="{make_address(view, "corrected")}"'.replace("&", "&amp;") in page
    assert 0 < tell(page).find(words("lookup.ours")) < tell(page).find(words("lookup.none", number="791"))
    assert "page=3" in lookup_html.render_lookup(view, "100")  # where the list of corrections has it
    assert words("lookup.ours") in tell(lookup_html.render_lookup(view, "808"))
    assert "<b>Lo</b>" not in lookup_html.render_lookup(view, "808")
    for right in ("266", "831", "3"):  # only its day was wrong; never wrong; withheld
        assert words("lookup.ours") not in tell(lookup_html.render_lookup(view, right))


def test_of_many_counts_with_one_number_three_are_told_the_newest_first_and_the_rest_counted(
    publish: Publish,
) -> None:
    parts = ("total", "sex=female", "sex=male", "service=military", "service=civilian")
    view = publish(
        [
            row(value=90, breakdown=part, as_of=f"2026-02-0{day}", published=f"2026-02-0{day}")
            for day, part in enumerate(parts, start=1)
        ]
    )
    found = number_lookup.look_up(view, "90")
    assert [each.state["as_of"].day for each in found.matches] == [5, 4, 3]
    assert found.count == 5
    assert "Otras 2 cuentas más" in tell(lookup_html.render_lookup(view, "90"))


def test_a_withheld_number_is_not_found_by_typing_it(publish: Publish) -> None:
    small = {"breakdown": "age=adolescent", "as_of": "2026-02-15", "published": "2026-02-15"}
    view = publish([row(value=1591, as_of="2026-02-15", published="2026-02-15"), row(value=3, **small)])
    assert number_lookup.look_up(view, "3").matches == ()
    assert 3 not in [value for value, _ in number_lookup.look_up(view, "4").nearest]
    assert ask(view, q="3") == []


def test_text_and_numbers_are_found_whatever_their_accents_and_all_words_must_fit(view: View) -> None:
    assert ask(view, q="gobierno") == [900]
    assert ask(view, q="MUJERES") == [250]
    assert ask(view, q="prision 1.591") == [1591]
    assert ask(view, q="tarde 1591") == []


def test_a_number_with_its_word_and_a_day_or_month_are_found_as_they_are_written(publish: Publish) -> None:
    days = {"2026-02-28": 9000, "2026-03-01": 800, "2026-03-27": 9, "2026-03-31": 300}
    view = publish([row(value=number, as_of=day, published=day) for day, number in days.items()])
    assert ask(view, q="9 mil") == ask(view, q="lista 9 mil") == [9000]
    assert ask(view, q="9") == [9]
    for typed in ("marzo 2026", "MAR. de 2026", "lista marzo de 2026"):
        assert ask(view, q=typed) == [300, 9, 800]
    assert ask(view, q="27 mar 2026") == ask(view, q="9 27 de marzo de 2026") == [9]
    assert ask(view, q="300 marzo 2026") == ask(view, q="marzo 2026", since="2026-03-30") == [300]
    assert ask(view, q="abril 2026") == ask(view, q="31 feb 2026") == ask(view, q="lista 2026") == []
    for typed in ("27/3/2026", "2026-03-27", "lista 27/03/2026"):
        assert ask(view, q=typed) == [9]
    assert ask(view, q="2026-03") == [300, 9, 800]
    for typed in ("27 March 2026", "March 27, 2026", "Mar. 27 2026", "27 March, 2026"):
        assert ask(replace(view, language="en"), q=typed) == [9]
    for typed in ("27/13/2026", "27/0/2026", "31/2/2026", "127/3/2026"):
        assert ask(view, q=typed) == []
    assert ask(replace(view, language="pt"), q="27 de março de 2026") == [9]


def test_a_range_is_found_by_either_of_its_numbers_and_by_both(publish: Publish) -> None:
    held = {"as_of": "2026-01-22", "published": "2026-01-22"}
    view = publish(
        [row(value=650, value_high=700, qualifier="range", **held), row(value=700, as_of="2026-02-15")]
    )
    assert ask(view, q="650") == ask(view, q="700 650") == ask(view, q="lista 650") == [650]
    assert sorted(ask(view, q="700")) == [650, 700]
    assert ask(view, q="675") == ask(view, q="650 701") == []


def test_the_list_is_sorted_by_number_and_day(view: View) -> None:
    largest = [value for value in ask(view, sort="largest") if value is not None]
    assert largest == sorted(largest, reverse=True)
    assert largest == [value for value in ask(view, sort="smallest") if value is not None][::-1]
    assert ask(view, sort="oldest")[0] == 900


def test_an_address_holds_no_defaults_and_what_names_nothing_is_refused(view: View) -> None:
    stated = {"sort": "newest", "page": "1", "who": "nobody", "since": "ayer", "measure": "in_custody"}
    question, refused = read_question(view, stated)
    assert question.address() == "claims?measure=in_custody"
    assert sorted(refused) == ["since", "who"]
    assert question.address(measure="") == "claims"


def test_the_counts_of_a_page_are_of_the_same_figures(publish: Publish) -> None:
    publish(counted())
    text = text_of(opened("claims", lang="en"))
    assert "3 figures, published 5 times" in text  # two of 808 are carried once more each
    assert "3 of 3 figures" in text
    assert "1 to 3 of 3" in text


def test_pages_are_short_and_one_that_is_not_there_is_the_first(publish: Publish) -> None:
    view = publish(
        [
            row(value=1000 + n, as_of=f"2026-0{1 + n // 25}-{1 + n % 25:02}", published="2026-03-01")
            for n in range(PER_PAGE + 5)
        ]
    )
    assert len(ask(view)) == PER_PAGE
    assert len(ask(view, page="2")) == 5
    assert ask(view, page="9") == ask(view)
    text = text_of(opened("claims", page="2"))
    assert "21 a 25 de 25" in text


def test_a_row_opens_its_panel_after_it_and_closes_to_it(view: View) -> None:
    question, _ = read_question(view, {})
    _, rows, _ = find_page(question)
    claim = next(str(each["claim_id"]) for each in rows if each["value"] == 1591)
    app = opened("claims", claim=claim)
    markup = "".join(each.proto.body for each in app.get("html"))
    assert markup.index(f'id="row-{claim}"') < markup.index('id="panel"') < markup.index("lm-pager")
    assert f'class="lm-close" data-focus="row-{claim}"' in markup
    assert "La Lista" in text_of(app)
    assert any(block.value.startswith("@misc{") for block in app.code)


def test_nothing_found_says_which_choice_emptied_the_list(view: View) -> None:
    text = text_of(opened("claims", who="gobierno", q="1591"))
    assert "Ninguna cifra coincide con lo elegido." in text
    assert "Nada cumple todo lo elegido: Según y Buscar texto o número." in text
    assert tell(figure_grid.render_empty(read_question(view, {"q": "x"})[0])).endswith("Quitar filtros ")


def test_a_wide_table_has_each_columns_name_beside_its_values_and_a_narrow_one_not() -> None:
    wide = html.render_table("Tabla", ["Cifra", "Quién", "Día", "Dónde"], [("1", "A", "hoy", "B")])
    assert re.findall(r'data-label="(\w+)"', wide) == ["Cifra", "Quién", "Día", "Dónde"]
    assert '<caption class="lm-unseen">Tabla</caption>' in wide
    assert "data-label" not in html.render_table("Tabla", ["Cifra", "Quién", "Día"], [("1", "A", "hoy")])


def test_the_small_drawing_joins_what_fits_and_names_what_is_asked_about() -> None:
    values = ((1, 700, True), (8, 644, True), (11, 388, False), (19, 644, True), (25, 568, True))
    points = [Point(date(2026, 2, day), value, fits, value == 388) for day, value, fits in values]
    drawn = mini_series.draw(points, tone="held", number=str, tick=lambda day: f"{day:%d}")
    assert drawn is not None
    assert drawn.count('<path class="l"') == 3  # none of them reaches the figure in doubt
    assert '<circle class="o"' in drawn
    assert ">388</text>" in drawn
    assert mini_series.draw(points[:2], tone="held", number=str, tick=str) is None


@pytest.mark.parametrize("language", list_languages())
def test_no_part_is_called_yes_or_no(plain_view: View, language: str) -> None:
    labels = {"no": {"es": "no", "en": "no"}, "yes": {"es": "sí", "en": "yes"}}
    told = {read_words(language).breakdown(f"sentenced={each}", labels) for each in ("yes", "no")}
    assert not told & {"sí", "no", "yes", "sim", "não"}
    assert len(told) == 2
    assert plain_view.language == "es"
