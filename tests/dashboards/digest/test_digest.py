"""A digest says what changed and no more: its groups, its forms, what may never be in it, the command."""

import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dashboards.__main__ import app
from dashboards.digest.entries import GROUPS, Digest, collect_digest
from dashboards.digest.forms import FORMS, write_html, write_json, write_text
from dashboards.i18n.translations import list_languages
from dashboards.metrics.headline import list_freshness
from dashboards.queries import database
from dashboards.site.edition import Edition, open_edition
from dashboards.web.record_tables import tell_rows_aside
from pipelines.core.paths import DataDir
from pipelines.core.privacy import PersonalRules
from pipelines.core.settings_check import check_file
from pipelines.core.situation import SituationError
from pipelines.warehouse import build
from tests.conftest import SITUATION, TODAY, row, write_readings
from tests.dashboards.digest.relay import Relay
from tests.dashboards.site.conftest import BASE, HOSTILE, ROWS, small_data
from tests.pipelines.warehouse.test_own_corrections import mistake, write_mistakes

WAITING = 77_777  # of a row without a day of publication: it waits for a person
SET_ASIDE = "muchos"
SECRET_CELL = 4
OURS = "Liberómetro"
FIRST = date(2026, 1, 1)


@pytest.fixture(scope="session")
def digest_data(tmp_path_factory: pytest.TempPathFactory) -> DataDir:
    rows = [
        *ROWS,
        row(value=WAITING, as_of="2026-02-16", published=""),
        row(value=SET_ASIDE, as_of="2026-02-16", published="2026-02-16"),
        row(value=3000, as_of="2026-02-14", published="2026-02-14"),
        row(value=580, as_of="2026-02-20", published="2026-02-20"),
    ]
    data = small_data(tmp_path_factory.mktemp("digest") / "data", rows)
    write_mistakes(data, mistake(front_page="yes"), mistake(old_value="790"))
    unsaid = [{**each, "verdict": "does_not_state_it"} for each in rows if each["value"] == "580"]
    write_readings(data.situation("islandia"), [*(each for each in rows if each["value"] != "580"), *unsaid])
    build.build(data, today=TODAY)
    return data


@pytest.fixture
def edition(digest_data: DataDir, monkeypatch: pytest.MonkeyPatch) -> Edition:
    monkeypatch.setenv("LIBEROMETRO_DATA", str(digest_data.root))
    monkeypatch.setenv("LIBEROMETRO_TODAY", TODAY.isoformat())
    return open_edition(None, BASE, TODAY)


def collect(edition: Edition, language: str = "es", since: date = FIRST, until: date = TODAY) -> Digest:
    return collect_digest(edition, edition.views[language], since, until)


def test_each_statement_is_told_once_in_its_group(edition: Edition) -> None:
    digest = collect(edition)
    view = digest.view
    claims = database.ask(view.build, "statements_with_figure_ids", situation=view.situation_id)
    told = [each for each in digest.entries if each.group != "silent" and each.organisation != OURS]
    assert len({each.id for each in told}) == len(told) == claims.height
    groups = {each.group for each in digest.entries}
    assert groups == set(GROUPS)
    doubted = claims.filter(claims["doubt"].is_not_null() & (claims["standing"] != "withdrawn"))
    assert sum(each.group == "doubt" for each in told) == doubted.height
    withdrawn = claims.filter(claims["standing"] == "withdrawn")
    assert sum(each.group == "withdrawn" for each in told) == withdrawn.height
    aside = f"retiradas, {withdrawn.height}; en duda, {claims['doubt'].is_not_null().sum()}."
    assert tell_rows_aside(view).endswith(aside)  # the limits say the same
    revised = next(each for each in told if each.group == "revised")
    assert "640" in revised.before
    assert "655" in revised.sentence
    corrected = next(each for each in told if each.group == "corrected")
    assert (corrected.day, "446" in corrected.before) == (date(2026, 3, 3), True)
    assert all(each.address.startswith(BASE) for each in digest.entries)


@pytest.mark.parametrize("language", list_languages())
@pytest.mark.parametrize("form", FORMS)
def test_nothing_that_waits_was_set_aside_or_is_withheld_is_in_any_form(
    form: str, language: str, edition: Edition
) -> None:
    waiting = database.ask(edition.build, "rows_not_counted", situation="islandia")
    assert waiting.height == 2
    text = FORMS[form](collect(edition, language))
    assert "601" in text
    assert not re.search(r"77.?777", text)
    assert SET_ASIDE not in text
    assert not re.search(rf"\b{SECRET_CELL} (personas|people|pessoas)", text)


def test_ids_are_the_same_in_every_language_and_words_are_not(edition: Edition) -> None:
    digests = [collect(edition, language) for language in list_languages()]
    assert len({tuple(each.id for each in digest.entries) for digest in digests}) == 1
    assert len({write_text(digest) for digest in digests}) == len(digests)


def test_nobody_without_a_rhythm_is_told_to_be_silent_for_longer_than_usual(edition: Edition) -> None:
    silent = {each.organisation: each for each in collect(edition).entries if each.group == "silent"}
    assert "y se espera una cada 7 días" in silent["La Lista"].sentence
    assert HOSTILE not in silent
    late = {each.organisation for each in list_freshness(edition.views["es"]) if each.late}
    assert len(late) > len(silent)


def test_a_silence_begins_on_a_day_and_is_told_from_that_day_on(edition: Edition) -> None:
    silent = [each for each in collect(edition).entries if each.group == "silent"]
    first = next(each for each in silent if each.organisation == "La Lista")
    assert first.day > date(2026, 2, 28)  # twice its seven days after the newest figure, of 15 February
    before = collect(edition, until=date.fromordinal(first.day.toordinal() - 1))
    assert first.id not in {each.id for each in before.entries}
    assert first.id in {each.id for each in collect(edition, since=first.day, until=first.day).entries}


def test_days_are_kept_to_and_a_quiet_time_says_so(edition: Edition) -> None:
    some = collect(edition, since=date(2026, 2, 8), until=date(2026, 2, 12))
    assert some.entries
    assert all(date(2026, 2, 8) <= each.day <= date(2026, 2, 12) for each in some.entries)
    quiet = collect(edition, since=date(2026, 1, 6), until=date(2026, 1, 7))
    assert quiet.entries == ()
    for form in FORMS.values():
        assert "Un silencio no significa que nada cambió." in form(quiet)


@pytest.mark.parametrize("form", [write_text, write_html])
def test_no_heading_counts_what_overlaps_or_stands_for_several_figures(
    form: Callable[[Digest], str], edition: Edition
) -> None:
    lines = re.sub(r"</?h2>", "", form(collect(edition, "en"))).casefold().splitlines()
    assert {"figures withdrawn", "figures that we corrected"} <= set(lines)
    assert any(re.fullmatch(r"new figures: \d+", line) for line in lines)


def test_a_hostile_name_is_text_in_html(edition: Edition) -> None:
    page = write_html(collect(edition))
    assert HOSTILE.split("<")[0] in page
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_the_json_has_the_fields_that_the_document_names(edition: Edition) -> None:
    told = json.loads(write_json(collect(edition)))
    document = Path("docs/digest.md").read_text(encoding="utf-8")
    described = re.search(r"JSON: (.*?);", document, re.DOTALL)
    assert described is not None
    names = re.findall(r"`(\w+)`", described[1])
    entry = list(told["entries"][0])
    assert set(names) == {*told, *entry}
    assert all(isinstance(value, str) for each in told["entries"] for value in each.values())


def test_our_own_mistakes_are_told_each_where_the_front_page_had_them_and_else_by_day(
    edition: Edition,
) -> None:
    own = [each for each in collect(edition, "en").entries if each.organisation == OURS]
    assert [each.group for each in own] == ["withdrawn", "corrected"]
    assert "791" in own[0].sentence
    assert "Nobody published it." in own[0].sentence
    assert "790" not in own[1].sentence
    assert {each.day for each in own} == {date(2026, 11, 20)}


@pytest.mark.usefixtures("edition")
def test_the_command_sends_once_and_ends_as_it_went(digest_data: DataDir) -> None:
    folder = digest_data.situation("islandia")
    asked = ["digest", "--since", "2026-02-15", "--until", "2026-02-16"]
    relay = Relay()
    settings = folder / "situation.toml"
    kept = settings.read_text(encoding="utf-8")
    named = (
        f'[digest]\nmail = {{ relay = "{relay.address}", from = "d@example.org", to = "list@example.org" }}\n'
    )
    try:
        none = CliRunner().invoke(app, [*asked, "--send"])
        assert (none.exit_code, "no channel is named" in none.output) == (2, True)
        settings.write_text(kept + named, encoding="utf-8")
        shown = CliRunner().invoke(app, [*asked, "--dry-run"])
        assert (shown.exit_code, relay.said) == (0, [])
        assert "would be sent" in shown.output
        done = CliRunner().invoke(app, [*asked, "--send", "--language", "pt"])
        assert done.exit_code == 0, done.output
        again = CliRunner().invoke(app, [*asked, "--send"])
        assert "0 entries in 0 messages sent" in again.output
        assert len(relay.mails) == 1
        relay.refuse = {"RCPT": "550 no"}
        assert CliRunner().invoke(app, ["digest", "--since", "2026-01-01", "--send"]).exit_code == 3
        relay.refuse = {"AFTER": None}
        assert CliRunner().invoke(app, ["digest", "--since", "2026-01-01", "--send"]).exit_code == 4
    finally:
        settings.write_text(kept, encoding="utf-8")
        relay.close()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--since", "yesterday"], "does not match"),
        (["--since", "2027-01-01"], "is later than"),
        (["--since", "2026-01-01", "--language", "xx"], "no language is called"),
        (["--since", "2026-01-01", "--situation", "nowhere"], "no situation is called"),
        (["--since", "2026-01-01", "--send", "--form", "json"], "go with neither"),
        (["--since", "2026-01-01", "--unsure", "sent"], "goes with --send"),
        (["--since", "2026-01-01", "--base-url", "x"], "is no address"),
    ],
)
@pytest.mark.usefixtures("edition")
def test_what_makes_no_sense_is_refused_in_a_sentence(arguments: list[str], said: str) -> None:
    result = CliRunner().invoke(app, ["digest", *arguments])
    assert result.exit_code == 2
    assert said in re.sub(r"[\s│]+", " ", result.output)


def test_the_addresses_of_a_list_may_stand_in_the_settings_and_no_other(tmp_path: Path) -> None:
    path = tmp_path / "situation.toml"
    named = '[digest]\nmail = { relay = "a.example:25", from = "d@example.org", to = "list@example.org" }\n'
    path.write_text(SITUATION + named, encoding="utf-8")
    check_file(path, PersonalRules())
    path.write_text(SITUATION + named + '[more]\nto = "someone@example.org"\n', encoding="utf-8")
    with pytest.raises(SituationError, match=r"more\.to"):
        check_file(path, PersonalRules())
