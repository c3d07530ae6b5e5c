"""The page of doubts: what cannot all be true stands side by side, named, dated and hedged as it was said."""

from collections.abc import Callable

import pytest

from dashboards import contradictions
from dashboards.view import View
from pipelines.paths import DataDir
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
reason = { es = "Fe de errata de La Lista.", en = "An erratum of La Lista." }
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
    publish(planted())
    text = text_of(opened("doubts"))
    assert (
        "La Lista, en prisión o bajo custodia, al 12 de enero de 2026: 426, frente a al menos 500. "
        "No encaja por 74 personas." in text
    )
    assert "372 en total, y sus partes suman 373. No encaja por 1 persona." in text
    assert "Un total que se cuenta desde una misma fecha no puede ser menor que antes." in text
    for publisher in ("El Diario", "La Tarde"):
        assert publisher in text


def test_the_same_in_english(publish: Publish) -> None:
    publish(planted())
    text = text_of(opened("doubts", lang="en"))
    assert "as of 12 January 2026: 426, against at least 500. It misses by 74 people." in text
    assert "372 in total, and its parts add up to 373" in text


def test_the_worst_comes_first(publish: Publish) -> None:
    findings, _ = contradictions.listed(publish(planted()), 1)
    assert findings[0].head == "1. Dos valores para un mismo momento"
    assert len(findings) == 3


def test_an_explained_one_stays_with_its_reason_and_link(publish: Publish, data: DataDir) -> None:
    (data.situation("islandia") / "explanations.toml").write_text(EXPLANATIONS, encoding="utf-8")
    view = publish(planted())
    app = opened("doubts")
    text = text_of(app)
    assert "Explicada: Fe de errata de La Lista." in text
    assert "1 con explicación" in text
    assert 'href="https://lista.example/nota"' in "".join(each.proto.body for each in app.get("html"))
    assert not contradictions.listed(view, 1)[0][-1].open


def test_the_csv_holds_every_contradiction_with_its_claims(publish: Publish) -> None:
    lines = contradictions.as_csv(publish(planted())).csv().decode().splitlines()
    assert len(lines) == 4
    assert lines[0].startswith("rank,rule,organisation")
    assert any("372;373" in line for line in lines)


@pytest.mark.parametrize(("language", "said"), [("es", "Ninguna de las reglas"), ("en", "None of the rules")])
def test_without_a_contradiction_the_page_says_so_and_claims_no_more(
    publish: Publish, language: str, said: str
) -> None:
    publish([row()])
    text = text_of(opened("doubts", lang=language))
    assert said in text
