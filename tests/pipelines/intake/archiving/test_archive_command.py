"""`python -m pipelines archive` as a person runs it."""

import json
from datetime import date

import pytest

from pipelines.warehouse import published_build
from tests.conftest import rows_of
from tests.pipelines.intake.archiving.conftest import PAGE, SAVE, Archiving, Command, answer, finished
from tests.pipelines.intake.crawler.server import in_turn, status


def test_the_command_is_off_and_says_how_to_begin(archiving: Archiving, command: Command) -> None:
    (archiving.folder / "sources.toml").write_text("", encoding="utf-8")
    archiving.cite(PAGE)
    done = command()
    assert done.exit_code == 0
    assert "nothing was sent: 1 cited document has no copy, no archive is named" in done.stdout
    assert "below [archive]" in done.stdout
    assert PAGE in command("--dry-run").stdout
    assert archiving.server.asked == []


def test_the_command_notes_copies_and_publishes_them(archiving: Archiving, command: Command) -> None:
    archiving.name_archive(delay_seconds=0, wait_seconds=0)
    archiving.cite(PAGE, "https://diario.example/nota-2")
    stamp = f"{date.today():%Y%m%d}101010"
    archiving.server.paths[SAVE] = in_turn(
        finished(stamp=stamp), answer(status_ext="error:not-found", job_id=None)
    )
    done = command("--json")
    assert done.exit_code == 3
    told = json.loads(done.stdout[done.stdout.index("{\n") :].partition("\n}")[0] + "\n}")
    assert (told["copied"], told["requests"]) == (1, 2)
    with published_build.open_current(archiving.data) as con:
        assert [each["url"] for each in rows_of(con, "archived_copies")] == [PAGE]


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"address": "'http://archive.example'"}, "an archive is asked over https only"),
        ({"address": "'https://archive.example?x'"}, "has a query or a fragment"),
        ({"address": "'archive.example'"}, "only http and https are read"),
        ({"address": "'https://archive.example'"}, "would not be shown; name it in archive_hosts"),
        ({"per_run": 0}, "per_run"),
        ({"key": "'secret'"}, "unknown field `key`"),
        ({"contact": ""}, "set `contact`"),
    ],
)
def test_wrong_settings_are_named_and_nothing_is_sent(
    archiving: Archiving, command: Command, settings: dict[str, str], told: str
) -> None:
    archiving.name_archive(**settings)  # type: ignore[arg-type]
    archiving.cite(PAGE)
    done = command()
    assert (done.exit_code, archiving.server.asked) == (2, [])
    assert told in done.stderr


def test_the_key_goes_only_where_the_environment_says(
    archiving: Archiving, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    archiving.name_archive(delay_seconds=0, wait_seconds=0)
    archiving.cite(PAGE)
    archiving.server.paths[SAVE] = status(401)
    monkeypatch.setenv("LIBEROMETRO_ARCHIVE_KEY", "llave:secreta")
    for address in ("", "https://web.archive.org"):
        monkeypatch.setenv("LIBEROMETRO_ARCHIVE_ADDRESS", address)
        done = command()
        assert (done.exit_code, archiving.server.asked) == (2, [])
    monkeypatch.setenv("LIBEROMETRO_ARCHIVE_ADDRESS", archiving.server.url)
    done = command()
    assert archiving.server.asked[0][1]["Authorization"] == "LOW llave:secreta"
    assert "it does not take the key" in done.stdout
    assert "secreta" not in done.output


def test_a_damaged_note_of_what_was_asked_is_said(archiving: Archiving, command: Command) -> None:
    archiving.name_archive()
    archiving.cite(PAGE)
    (archiving.folder / "inbox").mkdir(exist_ok=True)
    (archiving.folder / "inbox" / "archive.json").write_text("{", encoding="utf-8")
    done = command()
    assert (done.exit_code, archiving.server.asked) == (1, [])
    assert "archive.json is damaged" in done.stderr
