"""A tiny situation, and the shipped one for the texts that measure its vocabulary."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from pipelines.core.paths import ROOT
from pipelines.core.situation import Organisation, Situation, read_organisations, read_situation
from pipelines.intake.prose.extraction import Candidate, extract

SITUATION = """
id = "islandia"
everybody = "nationality=islander"
timezone = "America/Caracas"
baseline = 2026-01-08
primary_organisation = "lista"
default_population = "held"
name = { es = "Islandia", en = "Islandia" }
summary = { es = "De prueba." }
baseline_text = { es = "el anuncio" }
[populations]
held = { es = "personas detenidas" }
pardoned = { es = "personas indultadas" }
[measure_populations]
amnesty_granted_to_date = "pardoned"
[breakdown_values]
facility = ["el_faro", "puerto_ii"]
sex = ["female", "male"]
nationality = ["islander"]
service = ["coast_guard"]
[words]
"nationality=islander" = { en = ["Islander(s|)"] }
"service=coast_guard" = { es = ["de la guardia costera"] }
ignored = { es = ["la cárcel de mujeres"] }
"""
ORGANISATIONS = """
[[organisation]]
id = "lista"
name = "Lista Abierta"
role = "ngo"
aliases = ["LA", "@ListaAbierta"]
spokespeople = ["Zutana Portavoz"]
[[organisation]]
id = "vigilia"
name = "Vigilia"
role = "ngo"
[[organisation]]
id = "gobierno"
name = "Gobierno de Islandia"
role = "government"
[[organisation]]
id = "unspecified_ngo"
name = "ONG (sin especificar)"
role = "ngo"
[[organisation]]
id = "unattributed"
name = "sin atribuir"
role = "media"
[[organisation]]
id = "lista+vigilia"
name = "declaración conjunta"
role = "ngo"
members = ["lista", "vigilia"]
"""
Read = Callable[..., list[Candidate]]


@pytest.fixture(scope="session")
def islandia_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data") / "islandia"
    folder.mkdir()
    (folder / "situation.toml").write_text(SITUATION, encoding="utf-8")
    (folder / "organisations.toml").write_text(ORGANISATIONS, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def islandia(islandia_folder: Path) -> tuple[Situation, list[Organisation]]:
    return read_situation(islandia_folder), read_organisations(islandia_folder)


@pytest.fixture(scope="session")
def read(islandia: tuple[Situation, list[Organisation]]) -> Read:
    """Candidates of a text about Islandia, published on Thursday 26 February 2026."""

    def run(
        text: str, published: date | None = date(2026, 2, 26), language: str | None = None
    ) -> list[Candidate]:
        return extract(text, published, *islandia, language)

    return run


@pytest.fixture(scope="session")
def shipped() -> tuple[Situation, list[Organisation]]:
    """The shipped vocabulary of Venezuela: the gold texts measure it together with the reader."""
    folder = ROOT / "data" / "venezuela"
    return read_situation(folder), read_organisations(folder)
