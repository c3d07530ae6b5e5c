"""Read again, in doubt, contradicted, withdrawn, only a repeat: what is told of a figure, and why."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from html import unescape

import pytest

from dashboards.exhibits import figure_history
from dashboards.exhibits.figure_history import FigureState
from dashboards.i18n.translations import list_languages
from dashboards.queries import claim_rows, database
from dashboards.queries.view import View
from dashboards.text import readings, statement_sentences
from dashboards.web import figure_panel, record_tables
from pipelines.core.paths import DataDir
from pipelines.sheets import verifications
from pipelines.sheets.transcription_sheet import CORRECTABLE
from pipelines.warehouse import build
from tests.conftest import TODAY, row
from tests.dashboards.conftest import opened, text_of
from tests.linters import sentence_linter

Cells = dict[str, str]
Publish = Callable[..., View]


def told(value: int, day: str, publisher: str = "El Diario", published: str = "", **more: object) -> Cells:
    """A figure of people held, at an address of its own."""
    url = f"https://{publisher.split()[-1].lower()}.example/{value}/{published or day}"
    return row(value=value, as_of=day, published=published or day, publisher=publisher, url=url, **more)


FIRST = told(806, "2026-01-05")
COPY = told(806, "2026-01-05", "La Tarde")
RIVAL = told(820, "2026-01-05", "El Otro", "2026-01-06")
REPEAT = told(806, "2026-01-20", "El Eco", as_of_basis="publication_date")
NEXT = told(780, "2026-01-25")
STRAY = told(600, "2026-02-01", "El Lunes")
LAST = told(770, "2026-02-08")
REFUSED = told(760, "2026-02-15", "El Malo")
ROWS = [FIRST, COPY, RIVAL, REPEAT, NEXT, STRAY, LAST, REFUSED]
READ = [
    FIRST,
    {**COPY, "verdict": "carrier_states_it"},
    REPEAT,
    NEXT,
    {**STRAY, "verdict": "unreachable"},
    LAST,
    {**REFUSED, "verdict": "does_not_state_it"},
]


@pytest.fixture
def told_all(show: Publish) -> View:
    """The view of figures of which one each is contradicted, in doubt, a repeat and withdrawn."""
    return show(ROWS, read=READ)


def the_id(view: View, value: int, standing: str = "stands") -> str:
    """The id of the figure of which a statement of this value is."""
    found = claim_rows.read_claims(view.build, view.situation_id, claim_rows.Filter(), 100, 0)
    mine = found.filter((found["value"] == value) & (found["standing"] == standing))["leading_claim"][0]
    return claim_rows.find_figure_ids(view, [mine])[mine]


def listed(**address: str) -> str:
    """The list of figures below its answer."""
    return text_of(opened("claims", **address)).partition("Columnas")[2]


def told_of_each(view: View) -> str:
    """What the panel of each figure says, without tags."""
    panels = ""
    listed = claim_rows.list_figures(view.build, view.situation_id, claim_rows.Filter(), 100, 0)
    for mine in listed.to_dicts():
        figure = claim_rows.find_figure_ids(view, [mine["claim_id"]])[mine["claim_id"]]
        found = figure_history.look_up(view, figure, view.build.id)
        panels += figure_panel.render_panel(found, figure_panel.find_row(found, mine["claim_id"]) or mine)
    text = re.sub(r"</?button[^>]*>", "", panels)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", text)))


SHARES = {
    "es": "De esas publicaciones, releídas en su fuente: 4 (50 %); en una copia: 1; aún no: 2; retiradas "
    "porque su fuente no las dice o porque quien las dijo se corrigió: 1.",
    "en": "Of those publications, read again in their source: 4 (50%); in a copy: 1; not yet: 2; "
    "withdrawn because their source does not state them, or whoever said them took them back: 1.",
    "pt": "Dessas publicações, relidas em sua fonte: 4 (50%); em uma cópia: 1; ainda não: 2; retiradas "
    "porque sua fonte não as diz ou porque quem as disse se corrigiu: 1.",
}


@pytest.mark.parametrize("language", list_languages())
def test_the_claims_page_says_how_many_were_read_again(told_all: View, language: str) -> None:
    assert (
        readings.compose_share(replace(told_all, language=language)).replace("\xa0", " ") == SHARES[language]
    )
    assert SHARES[language] in text_of(opened("claims", lang=language)).replace("\xa0", " ")


def test_a_situation_without_figures_has_no_share(publish: Publish) -> None:
    assert readings.compose_share(publish([row(value="muchos")])) == ""


LISTED = {
    "es": [
        "retirada: leída de nuevo, su fuente no dice eso",
        "leída de nuevo el 15 feb 2026: su fuente no la dice",
        "en duda: no encaja con las cifras de antes y de después",
        "aún no se ha vuelto a leer: el 1 feb 2026 no se pudo abrir su fuente",
        "contradicha: cuenta la que dan más medios independientes",
        "leída de nuevo en una copia el 5 ene 2026",
        "solo repite una cifra anterior",
    ],
    "en": [
        "withdrawn: read again, its source does not say so",
        "read again on 15 Feb 2026: its source does not state it",
        "in doubt: it does not fit the figures before and after",
        "not read again yet: its source could not be opened on 1 Feb 2026",
        "contradicted: the one that more independent outlets carry counts",
        "read again in a copy on 5 Jan 2026",
        "only repeats an earlier figure",
    ],
    "pt": [
        "retirado: lido de novo, sua fonte não diz isso",
        "lido de novo em 15 de fev. de 2026: sua fonte não o diz",
        "em dúvida: não se encaixa nos números de antes e de depois",
        "ainda não foi lido de novo: em 1 de fev. de 2026 não foi possível abrir sua fonte",
        "contradito: conta o que mais veículos independentes trazem",
        "lido de novo em uma cópia em 5 de jan. de 2026",
        "só repete um número anterior",
    ],
}


@pytest.mark.parametrize("language", list_languages())
def test_each_figure_says_how_it_was_read_and_why_it_counts_or_does_not(
    told_all: View, language: str
) -> None:
    text = told_of_each(replace(told_all, language=language))
    assert [each for each in LISTED[language] if each not in text] == []


@pytest.mark.parametrize(
    ("key", "value", "values"),
    [
        ("state", "withdrawn", {760}),
        ("state", "in_doubt", {600}),
        ("state", "contradicted", {806, 820}),
        ("reading", "yes", {806, 780, 770}),
        ("reading", "copy", set()),
        ("reading", "no", {600, 820}),
    ],
)
def test_the_list_is_narrowed_by_state_and_reading(
    told_all: View, key: str, value: str, values: set[int]
) -> None:
    name = {"state": "standing", "reading": "reading"}[key]
    chosen = claim_rows.Filter(**{name: value})
    found = claim_rows.read_claims(told_all.build, "islandia", chosen, 100, 0)
    assert set(found["value"].to_list()) == values
    text = listed(**{key: value})
    assert [each for each in (760, 600, 820, 806, 780, 770) if f" {each} " in text] == [
        each for each in (760, 600, 820, 806, 780, 770) if each in values
    ]


@pytest.mark.parametrize("language", list_languages())
@pytest.mark.parametrize("value", [820, 600, 760])
def test_a_quote_says_what_speaks_against_the_figure(told_all: View, value: int, language: str) -> None:
    view = replace(told_all, language=language)
    found = claim_rows.read_claims(view.build, "islandia", claim_rows.Filter(), 100, 0)
    (mine,) = found.filter(found["value"] == value).to_dicts()
    sentence = statement_sentences.quote(view, mine)
    assert sentence_linter.check_sentence(view, mine, sentence) == []
    plain = {**mine, "doubt": None, "standing": "stands", "checked": "read_again"}
    assert sentence_linter.check_sentence(view, mine, statement_sentences.quote(view, plain)) != []


def test_a_quote_of_a_figure_that_was_read_again_is_no_longer_than_one_of_before(told_all: View) -> None:
    found = claim_rows.read_claims(told_all.build, "islandia", claim_rows.Filter(), 100, 0)
    (mine,) = found.filter(found["value"] == 780).to_dicts()
    unasked = {name: cell for name, cell in mine.items() if name not in ("checked", "doubt", "why_standing")}
    assert statement_sentences.quote(told_all, mine) == statement_sentences.quote(told_all, unasked)


def test_in_a_view_of_a_past_day_nothing_is_said_of_the_reading(told_all: View) -> None:
    found = claim_rows.read_claims(told_all.build, "islandia", claim_rows.Filter(), 100, 0)
    (mine,) = found.filter(found["value"] == 820).to_dicts()
    then = replace(told_all, known_on=date(2026, 3, 1))
    assert "aún no se ha vuelto a leer" in statement_sentences.quote(told_all, mine)
    assert "aún no se ha vuelto a leer" not in statement_sentences.quote(then, mine)


def test_the_page_of_a_figure_tells_all_carriers_which_only_repeat_and_how_each_was_read(
    told_all: View,
) -> None:
    text = text_of(opened("figure", figure=the_id(told_all, 806)))
    assert "806. vigente: cuenta la que dan más medios independientes" in text
    assert "820. contradicha: cuenta la que dan más medios independientes" in text
    places = [text.index(each) for each in ("El Otro 820", "El Eco 806", "La Tarde 806")]
    assert places[0] < places[1]
    assert (
        "La Tarde 806, prensa que la cita, publicada el 5 de enero de 2026, pasada a mano desde la "
        "publicación leída de nuevo en una copia" in text
    )
    assert "sin fecha propia: solo repite una cifra anterior" in text[places[1] :]
    assert "; la leyó: mg" in text


def test_what_was_read_and_its_archived_copy_are_linked(publish: Publish, data: DataDir) -> None:
    before = publish(ROWS, read=READ)
    where = {"address": "https://copia.example/1", "archive": "https://arquivo.pt/1"}
    first = {name: LAST[name] for name in verifications.IDENTITY} | {"verdict": "states_it"}
    first |= {"checked_on": "2026-02-08", "checked_by": "mg"}
    later = first | where | {"checked_on": "2026-03-01", "checked_by": "redacción"}
    (data.situation("islandia") / verifications.FILE).unlink()
    verifications.append(data.situation("islandia"), [first, later], TODAY)
    build.build(data, today=TODAY)
    view = replace(before, build=database.find_current_build())
    page = opened("figure", figure=the_id(view, 770))
    html = "".join(each.proto.body for each in page.get("html"))
    assert all(f'href="{each}"' in html for each in where.values())
    text = text_of(page)
    assert text.index("el 1 mar 2026; la leyó: redacción") < text.index("el 8 feb 2026; la leyó: mg")


def test_a_figure_in_doubt_says_so_on_its_page_and_by_which_rule(told_all: View) -> None:
    text = text_of(opened("figure", figure=the_id(told_all, 600), lang="en"))
    assert "600. in doubt: nothing else was said of that moment" in text
    assert text.count("in doubt: it does not fit the figures before and after") >= 2


def test_a_figure_that_was_only_ever_withdrawn_has_a_page_with_the_reason(told_all: View) -> None:
    found = figure_history.look_up(told_all, the_id(told_all, 760, "withdrawn"), told_all.build.id)
    assert (found.verdict, found.said, found.now) == (FigureState.GONE, (), ())
    assert found.reasons == ("Se retiró: leída de nuevo el 15 feb 2026: su fuente no la dice.",)


@pytest.mark.parametrize(
    ("figure", "rows", "read", "verdict", "reason"),
    [
        (
            REFUSED,
            ROWS,
            READ,
            FigureState.GONE,
            "Se retiró: leída de nuevo el 15 feb 2026: su fuente no la dice.",
        ),
        (
            STRAY,
            ROWS,
            READ,
            FigureState.DOUBTED,
            "Hoy está en duda: no encaja con las cifras de antes y de después.",
        ),
        (
            RIVAL,
            ROWS,
            READ,
            FigureState.CHANGED,
            "Otra cifra de ese momento tiene más respaldo: cuenta la que dan más medios independientes.",
        ),
        (
            REPEAT,
            ROWS,
            READ,
            FigureState.GONE,
            "Esa publicación no da fecha propia y repite una cifra anterior: cuenta como una publicación más "
            "de aquella, con su fecha (5 de enero de 2026).",
        ),
    ],
    ids=["withdrawn", "in_doubt", "contradicted", "repeat"],
)
def test_a_figure_that_an_earlier_build_showed_says_why_it_no_longer_counts(
    publish: Publish, figure: Cells, rows: list[Cells], read: list[Cells], verdict: FigureState, reason: str
) -> None:
    then = publish([figure])
    named = the_id(then, int(figure["value"]))
    found = figure_history.look_up(publish(rows, read=read), named, then.build.id)
    assert found.verdict is verdict
    assert reason in found.reasons
    text = text_of(opened("figure", figure=named, build=then.build.id))
    assert reason in text
    assert "la fila que la decía se retiró" not in text


@pytest.mark.parametrize("language", list_languages())
@pytest.mark.parametrize("field", CORRECTABLE)
def test_what_the_source_says_instead_is_told_for_every_field(
    plain_view: View, field: str, language: str
) -> None:
    view = replace(plain_view, language=language)
    should_be = {
        "organisation": "gobierno", "measure": "released", "population": "pardoned",
        "breakdown": "sex=female", "value": "1790", "value_high": "1800", "qualifier": "about",
        "as_of": "2026-01-08", "published": "2026-01-08", "period_start": "2026-01-08",
    }.get(field, "secondhand")  # fmt: skip
    reading = {
        "verdict": "states_something_else",
        "field": field,
        "should_be": should_be,
        "checked_on": TODAY,
    }
    sentence = readings.compose_reading(view, reading)
    assert view.words(f"field.{field}") in sentence
    assert "_" not in sentence
    masked = readings.compose_reading(view, {**reading, "field": None, "should_be": None})
    assert view.words.short_day(TODAY) in masked


def test_every_state_of_the_filter_has_words_in_every_language(plain_view: View) -> None:
    for language in list_languages():
        view = replace(plain_view, language=language)
        for key, values in (("state", record_tables.STANDINGS), ("reading", record_tables.READINGS)):
            shown = [record_tables.name_choice(view, key, value) for value in values]
            assert len(set(shown)) == len(values)


@pytest.mark.parametrize(
    ("file", "way"),
    [
        ("transcriptions/2026-01.csv", "pasada a mano desde la publicación"),
        ("reports/boletin/2026-01.xlsx", "leída de su tabla por una regla fija"),
        ("inbox/candidates.csv", "leída del texto por el programa"),
        ("reports/boletin/Hoja.PNG", "leída de una imagen"),
    ],
)
def test_each_figure_says_how_it_came_from_its_source(told_all: View, file: str, way: str) -> None:
    assert readings.tell_way(told_all, file) == way


def test_the_panel_of_a_figure_says_it_too(told_all: View) -> None:
    assert "pasada a mano" in told_of_each(told_all)
