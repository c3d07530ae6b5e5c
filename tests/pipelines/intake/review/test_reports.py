"""Mapped reports in the build: claims like any others, and nothing lost where the mapping does not fit."""

from datetime import date
from pathlib import Path

from pipelines.core.paths import DataDir
from tests.pipelines.intake.review.conftest import build, decide, folder

MAPPING = """
publisher = "El Registro"
format = "csv"
rows = [1, 5]
[defaults]
organisation = "lista"
measure = "in_custody"
[dates]
patterns = ["d/M/y"]
[[column]]
name = "Día"
gives = "as_of"
[[column]]
name = "Total"
figure = {}
[[column]]
name = "Mujeres"
figure = { breakdown = "sex=female" }
[[column]]
name = "Hombres"
figure = { breakdown = "sex=male" }
[[sum]]
total = "Total"
parts = ["Mujeres", "Hombres"]
"""
GOOD = "Día,Total,Mujeres,Hombres\n12/1/2026,800,100,700\n"


def put(data: DataDir, content: str, *, name: str = "registro/enero.csv", facts: str | None = None) -> Path:
    path = folder(data) / "reports" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    if facts is not None:
        path.with_name(f"{path.name}.toml").write_text(facts, encoding="utf-8")
    (folder(data) / "mappings").mkdir(exist_ok=True)
    (folder(data) / "mappings" / "registro.toml").write_text(MAPPING, encoding="utf-8")
    return path


def test_mapped_report_joins_the_claims_with_what_stands_beside_it(data: DataDir) -> None:
    put(data, GOOD, facts='published = 2026-01-13\nurl = "https://registro.example/enero"\n')
    claims = build(data)["claims"]
    assert sorted((each["breakdown"], each["value"]) for each in claims) == [
        ("sex=female", 100),
        ("sex=male", 700),
        ("total", 800),
    ]
    assert {(each["file"], each["published"], each["url"]) for each in claims} == {
        ("reports/registro/enero.csv", date(2026, 1, 13), "https://registro.example/enero")
    }


def test_column_that_the_mapping_does_not_mention_is_quarantined_by_name(data: DataDir) -> None:
    put(data, "Día,Total,Mujeres,Hombres,Niños\n12/1/2026,800,100,700,3\n")
    (aside,) = build(data)["quarantine"]
    assert aside["file"] == "reports/registro/enero.csv"
    assert "'Niños' is not in the mapping" in aside["reason"]
    assert str(data.root) not in aside["reason"]


def test_report_without_mapping_or_publisher_is_quarantined_by_name(data: DataDir) -> None:
    put(data, GOOD, name="otro/enero.csv")
    put(data, GOOD, name="suelto.csv")
    reasons = {each["file"]: each["reason"] for each in build(data)["quarantine"]}
    assert "write mappings/otro.toml" in reasons["reports/otro/enero.csv"]
    assert "reports/<publisher>/suelto.csv" in reasons["reports/suelto.csv"]


def test_wrong_facts_beside_a_report_are_named(data: DataDir) -> None:
    put(data, GOOD, facts='publicado = "hoy"\n')
    (aside,) = build(data)["quarantine"]
    assert "reports/registro/enero.csv.toml" in aside["reason"]
    assert "publicado" in aside["reason"]


def test_figures_that_do_not_add_up_wait_and_a_person_can_say_yes(data: DataDir) -> None:
    put(data, GOOD.replace("700", "699"), facts="published = 2026-01-13\n")
    waiting = build(data)["pending"]
    assert len(waiting) == 3
    for claim in waiting:
        decide(data, claim, "accept", reason="as printed")
    built = build(data)
    assert sorted(each["value"] for each in built["claims"]) == [100, 699, 800]
    assert built["pending"] == []
