"""Citations: each form is well formed for its readers, and says whose the figure is, from where and when."""

import os
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import yaml

from dashboards.exhibits import chart_registry, figures_over_time
from dashboards.export import citations
from dashboards.export.citations import Citation, cite
from dashboards.i18n.translations import list_languages
from dashboards.queries.view import View
from dashboards.text import statement_sentences
from pipelines.core.model import Measure
from tests.dashboards.text.sample_statements import MARKED, statement

ADDRESS = "https://liberometro.example/figure?figure=0123456789abcdef&build=a_b"
# Keys that the Citation File Format 1.2.0 allows where we use them, and its required ones.
CFF_KEYS = {
    "cff-version", "message", "type", "title", "authors", "version", "date-released", "license",
    "license-url", "url", "preferred-citation", "references",
}  # fmt: skip
CFF_REQUIRED = {"cff-version", "message", "title", "authors"}
REFERENCE_KEYS = {"type", "authors", "title", "publisher", "date-published", "url", "notes"}
HOSTILE = 'A {b} \\c "d" $1 & #2: 50% x_y ^z~ <e>\n- f: {g'


@pytest.fixture(autouse=True)
def _no_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LIBEROMETRO_ADDRESS", raising=False)


def fields(entry: str) -> dict[str, str]:
    """A BibTeX entry read strictly: one @misc, each value in balanced braces or a bare month."""
    head = re.match(r"@misc\{([A-Za-z0-9-]+),\n", entry)
    assert head, entry
    found, rest = {"key": head[1]}, entry[head.end() :]
    while not rest.startswith("}"):
        name, rest = re.match(r"  ([a-z]+) = ", rest)[1], re.sub(r"^  [a-z]+ = ", "", rest)  # type: ignore[index]
        length = (
            _braced(rest) if rest.startswith("{") else rest.index(",") if "," in rest else rest.index("\n")
        )
        found[name], rest = rest[:length], rest[length:].removeprefix(",").removeprefix("\n")
    assert rest.strip() == "}"
    return found


def _braced(text: str) -> int:
    """The length of a text in braces, which BibTeX counts whether or not a backslash stands before them."""
    depth = 0
    for position, character in enumerate(text):
        depth += {"{": 1, "}": -1}.get(character, 0)
        if depth == 0:
            return position + 1
    raise AssertionError(f"braces do not close: {text}")


def check_cff(text: str) -> dict[str, Any]:
    """A CFF read by a YAML reader, with only keys that the format has."""
    content: dict[str, Any] = yaml.safe_load(text)
    assert CFF_REQUIRED <= set(content) <= CFF_KEYS
    assert content["cff-version"] == "1.2.0"
    preferred = [content["preferred-citation"]] if "preferred-citation" in content else []
    for each in [*preferred, *content.get("references", [])]:
        assert {"type", "authors", "title"} <= set(each) <= REFERENCE_KEYS
        assert each["type"] in ("generic", "data")
        assert [set(author) for author in each["authors"]] == [{"name"}]
    return content


def every(view: View) -> Iterator[tuple[str, Citation]]:
    """A citation of every sample, in every language."""
    for language in list_languages():
        own = replace(view, language=language)
        for name, row in MARKED.items():
            yield name, cite(own, {**row, "figure_id": "0123456789abcdef"}, ADDRESS)
        for measure in Measure:
            yield measure, cite(own, statement(measure))


def test_every_citation_is_well_formed(plain_view: View) -> None:
    for name, each in every(plain_view):
        assert set(fields(each.bibtex)) >= {"key", "author", "title", "year", "month", "note"}, name
        check_cff(each.cff)
        assert "\n" not in each.apa
        assert "  " not in each.apa


def test_a_figure_is_its_organisations_with_publisher_day_build_and_address(plain_view: View) -> None:
    row = statement(qualifier="more_than")
    each = cite(plain_view, row, ADDRESS)
    assert each.apa == (
        "La Lista. (2026, 16 de febrero). En prisión o bajo custodia: más de 400 personas detenidas "
        "(el 15 de febrero de 2026) [cifra]. El Diario. https://diario.example/1 "
        f"Recogida en Liberómetro, edición {plain_view.build.id}. {ADDRESS}"
    )
    entry = fields(each.bibtex)
    assert entry["author"] == "{{La Lista}}"
    assert (entry["year"], entry["month"], entry["howpublished"]) == ("{2026}", "feb", "{El Diario}")
    assert entry["url"] == f"{{{ADDRESS}}}"
    assert entry["key"].endswith(plain_view.build.id)
    content = check_cff(each.cff)
    assert content["url"] == ADDRESS
    assert content["version"] == plain_view.build.id
    source = content["preferred-citation"]
    assert source["authors"] == [{"name": "La Lista"}]
    assert source["publisher"] == {"name": "El Diario"}
    assert source["date-published"] == "2026-02-16"
    assert source["notes"] == statement_sentences.quote(plain_view, row)


def test_a_publisher_that_is_the_organisation_is_not_named_twice(plain_view: View) -> None:
    assert cite(plain_view, statement(publisher="La Lista")).apa.count("La Lista") == 1


def test_a_chart_is_ours_and_names_whose_figures_it_holds(view: View) -> None:
    exhibit = figures_over_time.make_overview(view)
    each = cite(view, exhibit, ADDRESS)
    assert each.apa.startswith("Equipo de Liberómetro. (")
    assert f"[gráfico; edición {view.build.id}]" in each.apa
    assert "Datos hasta el 15 de febrero de 2026" in each.apa
    assert [author["name"] for r in check_cff(each.cff)["references"] for author in r["authors"]] == [
        "La Lista"
    ]


def test_every_chart_can_be_cited(view: View) -> None:
    drawn = [
        exhibit
        for chart in chart_registry.list_charts(view).values()
        if (exhibit := chart.draw(view)) is not None
    ]
    for exhibit in drawn:
        each = cite(view, exhibit)
        assert exhibit.title.rstrip(".") in each.apa
        fields(each.bibtex)
        check_cff(each.cff)


def test_hostile_text_is_escaped_in_each_form(plain_view: View) -> None:
    each = cite(plain_view, statement(publisher=HOSTILE, url="javascript:alert(1)"))
    entry = fields(each.bibtex)
    assert entry["howpublished"] == (
        r'{A \textbraceleft{}b\textbraceright{} \textbackslash{}c "d" \$1 \& \#2: 50\% x\_y '
        r"\textasciicircum{}z\textasciitilde{} <e> - f: \textbraceleft{}g}"
    )
    assert "url" not in entry
    content = check_cff(each.cff)
    assert content["preferred-citation"]["publisher"]["name"] == HOSTILE
    assert "url" not in content["preferred-citation"]


def test_without_an_address_there_is_none_and_with_one_it_is_pinned(
    plain_view: View, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = statement(figure_id="0123456789abcdef")
    assert "liberometro.example" not in cite(plain_view, row).apa
    monkeypatch.setitem(os.environ, "LIBEROMETRO_ADDRESS", "https://liberometro.example/")
    assert citations.make_figure_address(plain_view, row) == (
        "https://liberometro.example/figure?figure=0123456789abcdef"
        f"&build={plain_view.build.id}&situation=islandia&lang=es"
    )
    assert citations.make_figure_address(plain_view, row) in cite(plain_view, row).apa
    assert citations.make_figure_address(plain_view, statement()) == ""


def test_a_withheld_figure_is_cited_without_its_number(plain_view: View) -> None:
    each = cite(plain_view, MARKED["withheld"])
    assert "cifra reservada" in each.apa
    assert not re.search(r": \d", each.apa)
