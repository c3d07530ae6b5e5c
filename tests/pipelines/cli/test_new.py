"""`new`: a starting folder that builds as it is, and is refused before anything is written."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from pipelines.__main__ import app
from pipelines.core.paths import ROOT, DataDir
from pipelines.core.situation import list_untranslated, read_organisations, read_situation
from pipelines.stays.mapping import find_mapping, read_mapping
from pipelines.warehouse import published_build
from tests.invented import PLANTED


def make(root: Path, name: str = "laguna", **changed: str) -> Result:
    stated = {
        "--called": "La Laguna",
        "--organisation": 'El "Ñandú" de La Laguna',
        "--baseline": "2026-02-01",
        "--timezone": "America/Bogota",
    } | changed
    words = [each for pair in stated.items() for each in pair]
    return CliRunner().invoke(app, ["new", name, *words, "--data-dir", str(root)])


def change(path: Path, text: str, into: str) -> None:
    written = path.read_text("utf-8")
    assert written.count(text) == 1
    path.write_text(written.replace(text, into), "utf-8")


def test_what_it_writes_builds_and_counts_as_it_is(tmp_path: Path) -> None:
    data = DataDir(tmp_path / "not there yet")
    assert make(data.root).exit_code == 0
    folder = data.situation("laguna")
    situation = read_situation(folder)
    assert [(each.id, each.name) for each in read_organisations(folder)] == [
        ("el_nandu_de_la_laguna", 'El "Ñandú" de La Laguna')
    ]
    assert (
        read_mapping(find_mapping("lista", folder), situation).organisation == situation.primary_organisation
    )
    done = CliRunner().invoke(app, ["build", "--data-dir", str(data.root)])
    assert done.exit_code == 0, done.output
    with published_build.open_current(data) as con:
        assert con.sql("SELECT situation FROM situations").fetchall() == [("laguna",)]
    assert [path.name for path in data.root.iterdir() if path != data.build] == ["laguna"]


def test_every_text_that_it_starts_with_stands_in_three_languages(tmp_path: Path) -> None:
    make(tmp_path)
    situation = read_situation(tmp_path / "laguna")
    texts = [situation.name, situation.summary, situation.baseline_text, *situation.caveats]
    texts += [*situation.populations.values(), *situation.breakdown_labels.values()]
    texts += [each.text for found in read_organisations(tmp_path / "laguna") for each in found.counts]
    assert {frozenset(each) for each in texts} == {frozenset({"es", "en", "pt"})}


@pytest.mark.parametrize(
    ("text", "into", "place"),
    [
        ('name = { es = "La Laguna", ', "name = { ", "name"),
        ('pardon = { es = "por indulto", ', "pardon = { ", "breakdown_labels: pardon"),
        ('{ es = "Son totales publicados, no una lista de personas.", ', '{ es = " ", ', "caveats: number 1"),
    ],
)
def test_a_text_without_spanish_is_named_before_a_page_lacks_it(
    tmp_path: Path, text: str, into: str, place: str
) -> None:
    make(tmp_path)
    change(tmp_path / "laguna" / "situation.toml", text, into)
    done = CliRunner().invoke(app, ["build", "--data-dir", str(tmp_path)])
    assert done.exit_code == 1
    assert f"laguna/situation.toml: {place}: its text in Spanish (`es`) is missing" in done.stderr


@pytest.mark.parametrize(
    ("file", "text", "into", "place"),
    [
        ("situation.toml", 'en = "La Laguna", ', "", "name"),
        (
            "organisations.toml",
            'en = "People on its own list who are still in prison.", ',
            "",
            "organisation 'el_nandu_de_la_laguna': counts in_custody of political_detainees",
        ),
    ],
)
def test_a_text_that_the_open_data_give_in_english_is_asked_for(
    tmp_path: Path, file: str, text: str, into: str, place: str
) -> None:
    make(tmp_path)
    change(tmp_path / "laguna" / file, text, into)
    done = CliRunner().invoke(app, ["build", "--data-dir", str(tmp_path)])
    assert done.exit_code == 1
    assert f"laguna/{file}: {place}: its text in English (`en`) is missing" in done.stderr


def test_the_build_names_the_texts_that_some_readers_see_in_spanish(tmp_path: Path) -> None:
    make(tmp_path)
    settings = tmp_path / "laguna" / "situation.toml"
    change(settings, ', en = "by pardon"', "")
    change(settings, ', pt = "por indulto"', "")
    change(settings, ', pt = "Pessoas detidas por motivos políticos."', "")
    change(settings, "policy_events = []", 'policy_events = [{ day = 2026-02-01, es = "x", en = "x" }]')
    done = CliRunner().invoke(app, ["build", "--data-dir", str(tmp_path)])
    assert done.exit_code == 0
    told = [line for line in done.stdout.splitlines() if "see Spanish" in line]
    assert [(line.split("`")[1], line.partition(", of: ")[2]) for line in told] == [
        ("en", "breakdown_labels: pardon"),
        ("pt", "summary, breakdown_labels: pardon, policy_events: 2026-02-01"),
    ]


def test_readers_are_given_a_channel_by_two_lines_that_are_no_remark(tmp_path: Path) -> None:
    make(tmp_path)
    settings = tmp_path / "laguna" / "situation.toml"
    change(settings, "# [questions]\n# issues = ", "[questions]\nissues = ")
    assert read_situation(tmp_path / "laguna").questions is not None
    done = CliRunner().invoke(app, ["build", "--data-dir", str(tmp_path)])
    assert done.exit_code == 0, done.output


def test_no_reader_of_the_bundled_situations_sees_another_language() -> None:
    data = DataDir(ROOT / "data")
    lacking = {name: list_untranslated(read_situation(data.situation(name))) for name in data.situations()}
    assert {name: texts for name, texts in lacking.items() if texts} == {}
    spoken = [
        (name, each.id, counts.measure, language)
        for name in data.situations()
        for each in read_organisations(data.situation(name))
        for counts in each.counts
        for language in ("es", "en", "pt")
        if not all(texts.get(language) for texts in (counts.text, counts.break_reason) if texts)
    ]
    assert spoken == []


@pytest.mark.parametrize("name", ["La Laguna", "../laguna", "build", "x", ".laguna", "9", "laguna/otra"])
def test_a_name_that_is_no_folders_name_is_refused(tmp_path: Path, name: str) -> None:
    done = make(tmp_path, name)
    assert done.exit_code == 2
    assert "the folder's name is of small letters" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"--timezone": "Mars/Olympus"}, "no such time zone"),
        ({"--called": " "}, "--called: is empty"),
        ({"--organisation": "組織"}, "has no letter of a to z"),
        ({"--called": PLANTED["a phone number"][0]}, "called: a phone number; aggregates only"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_written(
    tmp_path: Path, changed: dict[str, str], says: str
) -> None:
    done = make(tmp_path, **changed)
    assert done.exit_code == 2
    assert says in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_there_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "laguna").mkdir()
    done = make(tmp_path)
    assert done.exit_code == 2
    assert "is there already; nothing was written" in done.stderr
    assert list((tmp_path / "laguna").iterdir()) == []
