"""What is planted in any place leaves by none, and is told by place and kind. Every person is invented."""

from pathlib import Path

import duckdb
import pytest

from pipelines.core.paths import ROOT, DataDir
from pipelines.core.situation import SituationError
from pipelines.sheets import archived_copies, questions, transcription_sheet, verifications
from pipelines.warehouse import build as warehouse_build
from pipelines.warehouse import corrections, published_build
from tests import personal_places as places
from tests.attacks.personal_data import hide_and_ask
from tests.conftest import TODAY, row, rows_of, write_sheet
from tests.invented import DISGUISES, PLANTED
from tests.personal_places import run


@pytest.mark.parametrize("kind", PLANTED)
def test_rows_with_something_personal_are_set_aside_and_nothing_of_it_leaves(
    data: DataDir, kind: str
) -> None:
    text, core = PLANTED[kind]
    places.plant_rows(data, text)
    said = run(data, "build") + run(data, "status") + run(data, "build", "--json")
    leaks = [where for where, shown in places.read_all_that_leaves(data) if places.holds(shown, core)]
    assert leaks == []
    assert not places.holds(said, core)
    with published_build.open_current(data) as con:
        quarantine, claims = rows_of(con, "quarantine"), rows_of(con, "claims")
    assert sorted(claim["value"] for claim in claims) == [800, 803]
    told = " ".join(each["reason"] for each in quarantine)
    columns = transcription_sheet.COLUMNS
    assert [column for column in columns if f"{column}: {kind}" not in told] == []
    assert f"unknown column: {kind}" in told
    assert f"sheet name: {kind}" in told
    assert told.count(f"the file's name: {kind}") == 2
    assert f"reviewer: {kind}" in told
    assert sum(row["file"].startswith("inbox/") for row in quarantine) >= 1


@pytest.mark.parametrize("place", places.SETTINGS)
@pytest.mark.parametrize("disguise", ["as it is", "full width", "zero-width joiners"])
def test_a_setting_with_something_personal_stops_the_build_by_place_and_kind(
    data: DataDir, place: str, disguise: str
) -> None:
    for kind, (text, core) in PLANTED.items():
        path = places.plant_setting(data.situation("islandia"), place, DISGUISES[disguise](text))
        with pytest.raises(SituationError) as refused:
            warehouse_build.build(data, today=TODAY)
        path.unlink()
        message = str(refused.value)
        assert not places.holds(message, core), message
        assert path.name in message
        if "wrong kind" not in place:
            assert kind in message
        if path.name in ("situation.toml", "organisations.toml"):
            blank = places.SITUATION if path.name == "situation.toml" else places.ORGANISATIONS
            path.write_text(blank, encoding="utf-8")


@pytest.mark.parametrize(("name", "column"), [(n, c) for n, (_, cs) in places.STRICT.items() for c in cs])
def test_a_row_that_people_add_is_refused_by_row_and_kind(tmp_path: Path, name: str, column: str) -> None:
    read = {
        "verifications.csv": verifications.read_verifications,
        "archived_copies.csv": archived_copies.read_archived_copies,
        "own_corrections.csv": corrections.read_own_corrections,
        "questions.csv": questions.read_questions,
    }[name]
    for text, core in PLANTED.values():
        places.plant_strict(tmp_path, name, column, text)
        with pytest.raises(SituationError) as refused:
            read(tmp_path, TODAY)
        assert not places.holds(str(refused.value), core)
        assert "row 2" in str(refused.value)


@pytest.mark.parametrize("kind", PLANTED)
def test_a_name_that_signs_or_a_file_that_is_named_so_is_refused(
    data: DataDir, tmp_path: Path, kind: str
) -> None:
    text, core = PLANTED[kind]
    file = write_sheet(tmp_path / f"{text.replace('/', '_')}.csv", [row()])
    said = [
        run(data, "ingest", str(file)),
        run(data, "recheck", "--by", text),
        run(data, "questions", "add", text, "--page", "claims"),
        run(data, "questions", "answer", "1", "stands", "--because", text),
        run(data, "review", "--reviewer", text),
        run(data, "export-labels", "--out", str(file.with_suffix(".jsonl"))),
    ]
    assert [each for each in said if places.holds(each, core) or kind not in each] == []
    assert list((data.situation("islandia") / "transcriptions").iterdir()) == []


def test_a_report_in_prose_is_kept_without_the_name_of_its_file_and_its_address(
    data: DataDir, tmp_path: Path
) -> None:
    for kind, (text, core) in PLANTED.items():
        path = tmp_path / f"{text.replace('/', '_')}.txt"
        path.write_text(f"La Lista cuenta 790 presos políticos. {text}.", encoding="utf-8")
        said = run(
            data, "read", str(path), "--published", "2026-03-01", "--publisher", text,
            "--url", f"https://diario.example/?q={text.replace(' ', '%20')}",
        )  # fmt: skip
        assert not places.holds(said, core), kind
        leaks = [where for where, shown in places.read_all_that_leaves(data) if places.holds(shown, core)]
        assert leaks == [], kind


@pytest.mark.parametrize("kind", PLANTED)
def test_the_list_of_sources_is_looked_through_before_anything_is_asked(data: DataDir, kind: str) -> None:
    text, core = PLANTED[kind]
    path = data.situation("islandia") / "sources.toml"
    path.write_text(
        f"contact = \"https://a.example\"\n[[source]]\nname = 'a'\nkind = 'feed'\nenabled = false\n"
        f"publisher = '{text}'\nurl = 'https://a.example/feed'\n",
        encoding="utf-8",
    )
    said = run(data, "collect")
    assert kind in said
    assert not places.holds(said, core)


@pytest.mark.usefixtures("made_anew")
def test_a_way_in_that_nobody_knows_stops_the_build_before_it_is_published(
    data: DataDir, monkeypatch: pytest.MonkeyPatch
) -> None:
    text, core = PLANTED["an identity number"]
    write_sheet(data.situation("islandia") / "transcriptions" / "sheet.csv", [row()])

    def slip(con: duckdb.DuckDBPyConnection, *_of: object) -> None:
        con.execute("UPDATE claims_stored SET note = $1", [text])

    monkeypatch.setattr(warehouse_build, "load_own_corrections", slip)
    with pytest.raises(SituationError, match=r"claims_stored.note: an identity number") as refused:
        warehouse_build.build(data, today=TODAY)
    assert not places.holds(str(refused.value), core)
    assert not data.pointer.exists()


def test_the_docs_show_every_place_and_what_becomes_of_it() -> None:
    assert places.format_table() in (ROOT / "docs" / "privacy.md").read_text(encoding="utf-8")


def test_random_disguises_upon_disguises_hide_nothing() -> None:
    assert hide_and_ask(1_000, seed=7) == []
