"""The page of doubts: what cannot all be true stands side by side, named, dated and hedged as it was said."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from dashboards.exhibits import contradictions, reconciliation, revisions
from dashboards.i18n.translations import read_words
from dashboards.queries import database
from dashboards.queries.view import View
from pipelines.core.paths import DataDir
from tests.conftest import row
from tests.dashboards.conftest import LEFT, opened, text_of

Publish = Callable[[list[dict[str, str]]], View]
EXPLANATIONS = """
[[explanation]]
rule = "cumulative_falls"
organisation = "lista"
as_of = 2026-01-20
decided = 2026-02-01
link = "https://lista.example/nota"
reason = { es = "Fe de errata de La Lista.", en = "An erratum of La Lista.", pt = "Errata de La Lista." }
"""


def planted() -> list[dict[str, str]]:
    """Two values of one moment, a total that falls, parts that miss their total."""
    return [
        row(value=500, qualifier="at_least", as_of="2026-01-12", published="2026-01-12"),
        row(value=426, as_of="2026-01-12", published="2026-01-12", publisher="La Tarde"),
        row(**LEFT, value=100, as_of="2026-01-18", published="2026-01-18"),
        row(**LEFT, value=97, as_of="2026-01-20", published="2026-01-20"),
        row(value=372, as_of="2026-02-10", published="2026-02-10"),
        row(value=214, breakdown="service=civilian", as_of="2026-02-10", published="2026-02-10"),
        row(value=159, breakdown="service=military", as_of="2026-02-10", published="2026-02-10"),
    ]


def test_a_contradiction_says_who_what_when_and_keeps_each_qualifier(publish: Publish) -> None:
    view = publish(planted())
    findings, _ = contradictions.list_findings(view, 1)
    told = " ".join(text_of(opened("doubts", conflict=each.key)) for each in findings)
    assert (
        "La Lista, en prisión o bajo custodia, al 12 de enero de 2026: 426, frente a al menos 500. "
        "No encaja por 74 personas." in told
    )
    assert "372 en total, y sus partes suman 373. No encaja por 1 persona." in told
    assert "Un total que se cuenta desde una misma fecha no puede ser menor que antes." in told
    for publisher in ("El Diario", "La Tarde"):
        assert publisher in told


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "es",
            "al 10 de febrero de 2026: 382 en total, y 500 en una sola de sus partes (mujeres). No encaja",
        ),
        ("en", "as of 10 February 2026: 382 in total, and 500 in one of its parts alone (women). It misses"),
        (
            "pt",
            "em 10 de fevereiro de 2026: 382 no total, e 500 em uma só das suas partes (mulheres). Não se",
        ),
    ],
)
def test_a_part_above_its_total_is_said_with_both_figures(publish: Publish, language: str, said: str) -> None:
    whole = row(value=382, as_of="2026-02-10", published="2026-02-10")
    view = publish([whole, {**whole, "value": "500", "breakdown": "sex=female"}])
    (finding,) = contradictions.list_findings(replace(view, language=language), 1)[0]
    assert said in finding.sentence
    assert "118" in finding.sentence


def test_the_same_in_english(publish: Publish) -> None:
    findings, _ = contradictions.list_findings(publish(planted()), 1)
    text = text_of(opened("doubts", lang="en", conflict=findings[0].key))
    assert "as of 12 January 2026: 426, against at least 500. It misses by 74 people." in text
    assert "372 in total, and its parts add up to 373" in text


def test_the_worst_comes_first(publish: Publish) -> None:
    findings, _ = contradictions.list_findings(publish(planted()), 1)
    assert findings[0].head == "1. Dos valores para un mismo momento"
    assert len(findings) == 3


def test_cases_and_single_figures_in_doubt_are_counted_apart(publish: Publish) -> None:
    firm = [
        row(value=value, as_of=day, published=day, provenance="primary")
        for value, day in ((806, "2026-01-05"), (800, "2026-01-19"), (795, "2026-02-02"))
    ]
    view = publish([*firm, row(value=420, as_of="2026-01-12", published="2026-01-12"), *planted()[2:4]])
    told = contradictions.compose_answer(view)
    assert told == (
        "Las reglas hallaron 1 caso de cifras publicadas que no pueden ser ciertas a la vez "
        "y 1 cifra en duda por sí sola; 0 con explicación."
    )
    assert f"{told} Aquí están, con quién las dijo." in text_of(opened("doubts"))


@pytest.mark.parametrize(
    ("language", "one", "two", "by"),
    [
        (
            "es",
            "Las reglas hallaron 1 número de solicitudes contado como salidas; 0 con explicación.",
            "Las reglas hallaron 2 números de solicitudes contados como salidas; 0 con explicación.",
            "Solicitudes contadas como salidas · así lo contó La Tarde · 21 feb 2026",
        ),
        (
            "en",
            "The rules found 1 number of applications told as releases; 0 with an explanation.",
            "The rules found 2 numbers of applications told as releases; 0 with an explanation.",
            "Applications told as releases · told so by La Tarde · 21 Feb 2026",
        ),
        (
            "pt",
            "As regras encontraram 1 número de pedidos contado como saídas; 0 com explicação.",
            "As regras encontraram 2 números de pedidos contados como saídas; 0 com explicação.",
            "Pedidos contados como saídas · assim o contou La Tarde · 21 de fev. de 2026",
        ),
    ],
)
def test_applications_told_as_releases_contradict_nothing_and_are_of_who_told_them_so(
    publish: Publish, language: str, one: str, two: str, by: str
) -> None:
    applied = {"measure": "amnesty_applications_to_date", "period_start": "2026-02-19"}
    rows = [
        row(
            **applied, value=value, as_of=day, published=day, organisation="gobierno", publisher="La Tarde",
            url=f"https://tarde.example/{value}-prisoners-set-for-release",
        )
        for value, day in ((1557, "2026-02-21"), (2300, "2026-02-23"))
    ]  # fmt: skip
    view = replace(publish(rows[:1]), language=language)
    assert contradictions.compose_answer(view) == one
    (finding,) = contradictions.list_findings(view, 1)[0]
    assert finding.about == by
    view = replace(publish(rows), language=language)
    assert contradictions.compose_answer(view) == two


def test_applications_that_another_tells_as_releases_are_a_case_of_the_other(publish: Publish) -> None:
    said = {"value": 1557, "as_of": "2026-02-21", "published": "2026-02-21", "organisation": "gobierno"}
    applied = row(**said, measure="amnesty_applications_to_date", period_start="2026-02-19")
    view = publish([applied, row(**said, measure="release_announced", publisher="La Tarde")])
    assert "hallaron 1 caso de cifras" in contradictions.compose_answer(view)
    (finding,) = contradictions.list_findings(view, 1)[0]
    assert finding.about == "Solicitudes contadas como salidas · así lo contó La Tarde · 21 feb 2026"


def test_an_empty_list_is_not_called_a_figure_that_nobody_published(publish: Publish) -> None:
    publish([row()])
    for tab in ("revisions", "breaks", "change"):
        assert "Nadie ha publicado" not in (text := text_of(opened("doubts", tab=tab)))
        assert "no quiere decir cero" not in text, tab
    assert "Ninguna cifra publicada cambió después." in text_of(opened("doubts", tab="revisions"))


def test_an_explained_one_stays_with_its_reason_and_link(publish: Publish, data: DataDir) -> None:
    (data.situation("islandia") / "explanations.toml").write_text(EXPLANATIONS, encoding="utf-8")
    view = publish(planted())
    (explained,) = [each for each in contradictions.list_findings(view, 1)[0] if not each.open]
    app = opened("doubts", conflict=explained.key)
    text = text_of(app)
    assert "Explicada: Fe de errata de La Lista." in text
    assert "1 con explicación" in text
    assert 'href="https://lista.example/nota"' in "".join(each.proto.body for each in app.get("html"))
    assert explained.state == "explained"
    assert "Explicada: Errata de La Lista." in text_of(opened("doubts", lang="pt", conflict=explained.key))


def test_the_csv_holds_every_contradiction_with_its_claims(publish: Publish) -> None:
    lines = contradictions.make_contradictions(publish(planted())).csv().decode().splitlines()
    assert len(lines) == 4
    assert lines[0].startswith("rank,rule,rules,organisation")
    assert any("372;373" in line for line in lines)


@pytest.mark.parametrize(("language", "said"), [("es", "Ninguna de las reglas"), ("en", "None of the rules")])
def test_without_a_contradiction_the_page_says_so_and_claims_no_more(
    publish: Publish, language: str, said: str
) -> None:
    publish([row()])
    text = text_of(opened("doubts", lang=language))
    assert said in text
    assert read_words(language).plural("doubts.unsized", 1) not in text


def test_a_figure_in_doubt_for_its_day_alone_is_told_where_no_rule_found_anything(publish: Publish) -> None:
    view = publish(
        [
            row(value=800, as_of="2026-01-19", published="2026-01-19", provenance="primary"),
            row(value=800, as_of="2026-01-22", published="2026-01-22", publisher="La Tarde"),
        ]
    )
    assert contradictions.count_findings(view) == (0, 0)
    assert view.words.plural("doubts.unsized", 1) in text_of(opened("doubts"))


def week(**more: object) -> list[dict[str, str]]:
    """A week in which the stock rose by three, with one release and no new detention reported."""
    window = {"period_start": "2026-04-27", "as_of": "2026-05-04", "published": "2026-05-04", **more}
    return [
        row(value=454, as_of="2026-04-27", published="2026-04-27"),
        row(value=457, as_of="2026-05-04", published="2026-05-04"),
        row(measure="released", value=1, **window),
        row(measure="detained", value=0, **window),
    ]


@pytest.mark.parametrize(
    ("language", "said", "amount"),
    [
        ("es", "Solo por partes informó de: detenciones nuevas: 9 (mujeres, del 27 abr 2026", "9 (mujeres)"),
        ("en", "By part only it reported: new detentions: 9 (women, 27 Apr 2026", "9 (women)"),
        ("pt", "Só por partes informou: novas detenções: 9 (mulheres, de 27 de abr. de 2026", "9 (mulheres)"),
    ],
)
def test_a_flow_of_which_only_a_part_was_stated_is_not_called_unreported(
    publish: Publish, language: str, said: str, amount: str
) -> None:
    rows = week()
    rows[3] |= {"breakdown": "sex=female", "value": "9"}
    view = replace(publish(rows), language=language)
    (way,) = reconciliation.list_ways(view)
    exhibit = reconciliation.make_reconciliation(view, way)
    assert said in exhibit.summary
    assert view.words("bridge.refused_parts") in exhibit.summary
    name = view.words("bridge.detained")
    assert exhibit.summary.lower().count(name.lower()) == 1
    assert (name, amount) in exhibit.rows


def test_a_small_part_of_a_flow_is_told_without_its_number(publish: Publish) -> None:
    rows = week()
    rows[3] |= {"breakdown": "age=adolescent", "value": "3"}
    view = publish(rows)
    (way,) = reconciliation.list_ways(view)
    told = "Solo por partes informó de: detenciones nuevas: menos de 5 (adolescentes, "
    assert told in reconciliation.make_reconciliation(view, way).summary


def test_the_bridge_shows_what_stays_unexplained_and_names_what_was_not_reported(publish: Publish) -> None:
    view = publish(week())
    (way,) = reconciliation.list_ways(view)
    exhibit = reconciliation.make_reconciliation(view, way)
    assert "Lo informado no explica 4 más." in exhibit.summary
    assert (
        "No informó de: conocidas tarde y muertes bajo custodia. Eso no se toma por cero" in exhibit.summary
    )
    assert exhibit.figure is not None
    bars = [trace for trace in exhibit.figure.data if trace.type == "bar"]
    (hatched,) = [trace for trace in bars if trace.marker.pattern.shape == "/"]
    assert (hatched.y, hatched.base) == ((4.0,), (-1.0,))
    said = [note.text for note in exhibit.figure.layout.annotations]
    assert said.count("no informado") == 2  # of what was not reported the name stands, without a column
    assert {"<b>454</b>", "<b>457</b>", "<b>4 más</b>"} <= set(said)
    assert exhibit.summary in text_of(opened("doubts", tab="change"))
    assert "The reported flows do not explain 4 more." in text_of(opened("doubts", tab="change", lang="en"))


def test_where_a_flow_is_missing_no_residual_is_computed(publish: Publish) -> None:
    view = publish(week()[:3])
    exhibit = reconciliation.make_reconciliation(view, reconciliation.list_ways(view)[0])
    assert "No se calcula cuánto queda sin explicar" in exhibit.summary
    assert ("Sin explicar", "no se calcula") in exhibit.rows


def test_where_nothing_stays_unexplained_nothing_is_said_to_be_within_it(publish: Publish) -> None:
    window = {"period_start": "2026-04-27", "as_of": "2026-05-04", "published": "2026-05-04"}
    view = publish([*week()[:3], row(measure="detained", value=4, **window)])
    told = reconciliation.make_reconciliation(view, reconciliation.list_ways(view)[0]).summary
    assert told.endswith(
        "Lo informado explica todo el cambio. "
        "No informó de: conocidas tarde y muertes bajo custodia. Eso no se toma por cero."
    )


def test_a_revision_says_by_how_much_how_late_and_by_whom(publish: Publish) -> None:
    view = publish(
        [
            row(value=800),
            row(value=834, published="2026-01-20", publisher="La Tarde", url="https://t.example"),
        ]
    )
    (revision,) = revisions.make_revisions(view).rows
    assert revision[5:] == ("34 más", "15 días", "la dijo de nuevo: La Lista")
    assert "publicada el 20 ene 2026 por La Tarde" in text_of(opened("doubts", tab="revisions"))


def test_many_carriers_are_one_origin_and_only_another_organisation_confirms(publish: Publish) -> None:
    view = publish(
        [
            row(value=800),
            row(value=800, publisher="La Tarde"),
            row(value=800, publisher="La Noche"),
            row(value=700, as_of="2026-02-01", published="2026-02-01"),
            row(value=700, as_of="2026-02-01", published="2026-02-01", organisation="gobierno"),
        ]
    )
    first, *others = revisions.make_origins(view).rows
    assert first[4] == "La dan 3 publicaciones"
    assert first[6] == "no, por ninguna"
    assert {each[6] for each in others} == {"sí: Gobierno", "sí: La Lista"}


def test_a_total_that_fell_gives_no_flow_and_the_bridge_says_why(publish: Publish) -> None:
    totals = [
        row(**LEFT, value=value, as_of=day, published=day)
        for value, day in ((40, "2026-04-27"), (38, "2026-05-04"))
    ]
    view = publish([each for each in week() if each["measure"] != "released"] + totals)
    exhibit = reconciliation.make_reconciliation(view, reconciliation.list_ways(view)[0])
    assert "(salieron de prisión) bajó entre las dos fechas" in exhibit.summary
    assert "No informó de: conocidas tarde y muertes bajo custodia." in exhibit.summary
    assert ("Salieron de prisión", "no se usa: su total bajó") in exhibit.rows
    (way,) = database.read_mart(view.build, view.situation_id, "reconciliation", "as_of").to_dicts()
    assert (way["released_low"], way["residual"]) == (None, None)


@pytest.mark.parametrize(
    ("language", "told", "said"),
    [
        (
            "es",
            "no se usa: su total creció más de lo que se dio",
            "creció más de lo que la propia organización",
        ),
        (
            "en",
            "not used: its total grew by more than was stated",
            "grew by more than the organisation itself",
        ),
        ("pt", "não se usa: o seu total cresceu mais do que foi dado", "cresceu mais do que a própria"),
    ],
)
def test_a_total_that_grew_by_more_than_was_stated_gives_no_flow_and_the_bridge_says_why(
    publish: Publish, language: str, told: str, said: str
) -> None:
    totals = [
        row(**LEFT, value=value, as_of=day, published=day)
        for value, day in ((1583, "2026-04-27"), (1751, "2026-05-04"))
    ]
    year = {"period_start": "2025-05-05", "as_of": "2026-05-04", "published": "2026-05-04"}
    around = row(measure="released", value=134, **year)
    view = publish([*(each for each in week() if each["measure"] != "released"), *totals, around])
    view = replace(view, language=language)
    exhibit = reconciliation.make_reconciliation(view, reconciliation.list_ways(view)[0])
    assert said in exhibit.summary
    assert (view.words("bridge.released"), told) in exhibit.rows
    assert "168" not in exhibit.summary


def test_findings_that_differ_only_in_their_window_name_it(publish: Publish) -> None:
    planted = [
        row(**{**LEFT, "period_start": start}, value=value, as_of="2026-01-26", published=published, **said)
        for start in ("2025-12-01", "")
        for value, published, said in (
            (808, "2026-01-26", {}),
            (626, "2026-01-27", {"provenance": "secondhand"}),
        )
    ]
    findings, _ = contradictions.list_findings(publish(planted), 1)
    assert {"desde el 1 dic 2025" in each.sentence for each in findings} == {True, False}
    assert {"sin fecha de inicio declarada" in each.sentence for each in findings} == {True, False}


def test_a_finding_of_two_rules_is_told_once_with_both(publish: Publish) -> None:
    planted = [row(value=407, qualifier="more_than"), row(value=407, publisher="La Tarde")]
    (finding,), _ = contradictions.list_findings(publish(planted), 1)
    assert "como si fuera ese número" in finding.rule
    assert "valores que no pueden ser ciertos a la vez" in finding.rule
