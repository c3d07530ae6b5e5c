"""Organisations by name: with their article where a sentence needs it, short on charts, explained once."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from dashboards.exhibits import news_summary, number_lookup, releases_by_role
from dashboards.i18n.translations import read_words
from dashboards.queries.view import View
from dashboards.text.organisations import (
    explain_short_names,
    name_in_sentence,
    name_short,
    name_subject,
    tell_who_counts_what,
)
from dashboards.text.reasons import Reason, compose_reason
from dashboards.text.statement_sentences import name_speaker_in_sentence
from pipelines.core.model import Comparability
from pipelines.core.paths import DataDir
from tests.conftest import SITUATION, row
from tests.dashboards.conftest import LEFT
from tests.dashboards.text.test_reasons import LISTA, STATE

NAMES = """[organisation_names]
gobierno = { en = "Government" }

[organisation_subjects]
gobierno = { es = "el Gobierno", en = "the Government" }

[organisation_short_names]
lista = { es = "LL", en = "LL" }
gobierno = { en = "GI" }

[organisation_long_names]
gobierno = { en = "Government of Iceland" }

[populations]"""


def test_a_name_takes_its_article_as_a_subject_and_its_short_form_on_charts(
    data: DataDir, publish: Callable[[list[dict[str, str]]], View]
) -> None:
    named = SITUATION.replace("[populations]", NAMES)
    (data.situation("islandia") / "situation.toml").write_text(named, encoding="utf-8")
    view = publish([row()])
    assert name_subject(view, "gobierno") == "el Gobierno"
    assert name_subject(replace(view, language="en"), "gobierno", first=True) == "The Government"
    assert name_in_sentence(view, "gobierno") == "el Gobierno"
    assert name_in_sentence(view, "lista") == "La Lista"
    assert name_in_sentence(view, "gobierno", read_words("en")) == "the Government"  # no initials
    said = compose_reason(view, Reason(Comparability.UNKNOWN_WINDOW, LISTA, STATE, {}), read_words("en"))
    assert said == "La Lista counts from 8 January 2026 and the Government does not say from when it counts."
    assert (name_short(view, "lista"), name_short(view, "gobierno")) == ("LL", "Gobierno")
    assert explain_short_names(view, ["gobierno", "lista", "lista"]) == "LL: La Lista."
    assert explain_short_names(view, ["gobierno"]) == ""
    assert explain_short_names(replace(view, language="en"), ["gobierno"]) == "GI: Government of Iceland."


def test_running_text_gives_each_name_its_article(
    data: DataDir, publish: Callable[[list[dict[str, str]]], View]
) -> None:
    named = SITUATION.replace("[populations]", NAMES)
    (data.situation("islandia") / "situation.toml").write_text(named, encoding="utf-8")
    total = row(**LEFT, organisation="gobierno", value=808, as_of="2026-02-01", published="2026-02-01")
    view = publish([total, row()])
    assert releases_by_role.make_releases_by_role(view).title.endswith("808 personas, según el Gobierno")
    (match,) = number_lookup.look_up(view, "808").matches
    assert match.who == "el Gobierno"
    assert ", según el Gobierno, " in dict(number_lookup.look_up(view, "809").nearest)[808]
    assert name_speaker_in_sentence(view, "unattributed") == "una fuente que la publicación no nombra"
    (added,) = [each for each in news_summary.summarize_news(view, date(2026, 1, 1)) if each.kind == "added"]
    assert "del Gobierno" in str(added.said)


def test_only_those_with_totals_of_the_same_people_are_promised_under_progress(
    data: DataDir, publish: Callable[[list[dict[str, str]]], View]
) -> None:
    with (data.situation("islandia") / "organisations.toml").open("a", encoding="utf-8") as organisations:
        organisations.write(
            '[[organisation]]\nid = "otra"\nname = "La Otra"\nrole = "ngo"\n'
            '[[organisation.counts]]\nmeasure = "in_custody"\npopulation = "pardoned"\n'
            'text = { es = "Otras personas.", en = "Other people." }\n'
        )
    state = row(organisation="gobierno", value=700)
    view = publish([row(), state, row(organisation="otra", value=90)])
    told = tell_who_counts_what(view)
    assert told[-2:] == [
        "También han publicado totales: Gobierno. "
        "Sus cifras están en «Evolución», cada una en su propia serie.",
        "Totales de otro conjunto de personas, que no están en «Evolución»: La Otra.",
    ]
    assert tell_who_counts_what(replace(view, language="en"))[-1] == (
        "Totals of another set of people, not under “Progress”: La Otra."
    )
