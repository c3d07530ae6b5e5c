"""What a reader said of a figure reaches the desk, is masked there, and one choice corrects a field."""

import re
import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboards.i18n.translations import read_words
from pipelines.core.model import CLAIM_SCHEMA, Basis, Measure, Precision, Qualifier
from pipelines.core.paths import ROOT, DataDir
from pipelines.core.privacy import MASK
from pipelines.core.situation import read_organisations, read_situation
from pipelines.intake.decisions import ReviewVerdict
from pipelines.intake.inbox import CANDIDATES, enqueue, read_queue_with_readings
from pipelines.intake.kept_readings import KeptReading, keep_reading, read_kept
from pipelines.intake.prose import extraction
from pipelines.intake.prose.composing import ReadClaim
from pipelines.intake.prose.extraction import look_at_text
from pipelines.intake.prose.mentions import list_mentions
from pipelines.intake.prose.name_masking import mask
from pipelines.intake.prose.text_matching import normalise
from pipelines.intake.review.field_choices import Choice, Refusal, list_choices
from pipelines.intake.review.masked_places import mask_with_places
from pipelines.intake.review.page_words import LANGUAGES, Words, choose_language
from pipelines.intake.review.worklist import WaitingFigure, Worklist
from tests.pipelines.intake.review.conftest import (
    PUBLISHED,
    Give,
    build,
    candidate,
    decide,
    folder,
    queue,
    reading,
)

TEXT = (
    "La Lista publicó un informe con corte al 16 de febrero de 2026.\n\n"
    "El edificio tiene tres pisos. Llovía en la capital. "
    "Fulanita Inexistente Mengánez, de visita, leyó que 448 personas permanecen bajo custodia."
)
WHEN, WHO = "16 de febrero de 2026", "La Lista"


def waiting(data: DataDir, desk: Worklist) -> WaitingFigure:
    build(data)
    (figure,) = desk.waiting()
    return figure


def test_a_reading_reaches_the_desk_without_a_word_of_the_text(
    data: DataDir, desk: Worklist, give: Give
) -> None:
    give(TEXT, [reading(TEXT, "448", who=WHO, when=WHEN)])
    kept = waiting(data, desk).reading
    assert kept.probability == 0.72
    assert kept.choices["as_of"] == [("2026-02-16", 0.85), ("2026-02-20", 0.11)]
    assert TEXT[slice(*kept.day_span or ())] == WHEN
    assert TEXT[slice(*kept.speaker_span or ())] == WHO
    stored = (folder(data) / CANDIDATES).read_text(encoding="utf-8")
    assert not [word for word in ("Fulanita", "Mengánez", "edificio", "corte") if word in stored]


def test_what_the_learned_reader_says_becomes_a_candidate_in_places_of_the_original_text(
    data: DataDir, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = TEXT.replace("La Lista", "𝗟𝗮 𝗟𝗶𝘀𝘁𝗮", 1).replace("tres", "tre\u200bs")
    normal = normalise(text)

    def find(words: str) -> tuple[int, int]:
        return normal.plain.index(words), normal.plain.index(words) + len(words)

    names = read_situation(folder(data)), read_organisations(folder(data))
    numbers = list_mentions(look_at_text(text, PUBLISHED, *names)).numbers
    number, other = (next(each for each in numbers if each.value == value) for value in (448, 3))
    choices = {"measure": [("in_custody", 0.9), ("detained", 0.1)]}
    claim = ReadClaim(
        number, Measure.IN_CUSTODY, "lista", "total", Qualifier.EXACT, date(2026, 2, 16), Basis.EXPLICIT,
        Precision.DAY, None, None, 0.83, choices, find(WHEN), find(WHO),
    )  # fmt: skip
    monkeypatch.setattr(extraction, "read_numbers", lambda *_read: [])
    # blended, and by each reader alone: one takes it for new detentions, the other for no figure
    detained, elsewhere = replace(claim, measure=Measure.DETAINED), replace(claim, number=other)
    read = iter([[claim], [detained], [elsewhere]])
    monkeypatch.setattr(extraction, "compose_claims", lambda *_read: next(read))
    encoder: Any = SimpleNamespace(card={"share": 0.5, "sure": 0.8})
    light: Any = SimpleNamespace(read=lambda *_read: [])
    (made,) = extraction.extract(text, PUBLISHED, *names, None, encoder, light)
    assert not made.auto
    assert made.answers == {"encoder": {"measure": "detained"}, "light": {"measure": "none"}}
    assert (made.probability, made.choices) == (0.83, choices)
    shown = [text[slice(*span)] for span in (made.span, made.day_span or (), made.speaker_span or ())]
    assert shown == ["448", WHEN, "𝗟𝗮 𝗟𝗶𝘀𝘁𝗮"]
    assert made.as_json()["speaker_span"] == list(made.speaker_span or ())


def test_a_figure_of_a_part_of_a_text_points_into_the_whole() -> None:
    part = reading(TEXT, "448", who=WHO).move(5)
    whole = f"Hola {TEXT}"
    assert (whole[slice(*part.span)], whole[slice(*part.speaker_span or ())]) == ("448", WHO)
    assert part.day_span is None


def test_rows_queued_before_readings_were_kept_still_show(data: DataDir, desk: Worklist, give: Give) -> None:
    queue(data, candidate())
    path = folder(data) / CANDIDATES
    pl.read_csv(path).select(*CLAIM_SCHEMA).write_csv(path)
    assert waiting(data, desk).reading == KeptReading()
    give(TEXT, [reading(TEXT, "448", when=WHEN)])
    assert read_queue_with_readings(folder(data))["probability"].to_list() == [None, 0.72]
    build(data)
    assert {each.reading.probability for each in desk.waiting()} == {None, 0.72}


def test_no_place_in_a_long_text_is_taken_for_a_telephone(data: DataDir, desk: Worklist, give: Give) -> None:
    text = "Llueve. " * 550 + TEXT
    assert text.index("448") > 4_100
    give(text, [reading(text, "448", when=WHEN)])
    assert waiting(data, desk).claim["place"] == f"characters {text.index('448')} to {text.index('448') + 3}"
    path = folder(data) / CANDIDATES
    path.write_text(path.read_text(encoding="utf-8").replace(" to ", "-"), encoding="utf-8")
    build(data)
    assert len(desk.waiting()) == 1  # an older queue, whose build quarantined it


def test_rules_that_say_no_probability_leave_the_reading_empty(data: DataDir) -> None:
    rows = pl.DataFrame([candidate()], schema=pl.Schema(CLAIM_SCHEMA))
    assert enqueue(folder(data), rows) == 1
    assert read_queue_with_readings(folder(data))["choices"].to_list() == [None]


def test_a_choice_that_is_no_id_and_no_day_is_not_kept() -> None:
    said = {
        "organisation": [("lista", 0.5), ("Fulanita Inexistente", 0.4)],
        "as_of": [("2026-13-45", 0.5), ("el lunes", 0.2)],
        "reason": [("lista", 0.5)],
    }
    cells = keep_reading(reading(TEXT, "448", choices=said))
    assert cells["choices"] == '{"organisation":[["lista",0.5]]}'


def test_what_a_reader_alone_says_otherwise_is_kept_as_ids_and_days() -> None:
    said = {
        "encoder": {"measure": "none", "organisation": "Fulanita Inexistente"},
        "light": {"breakdown": "service=military;sex=female", "as_of": "2026-02-17", "reason": "no"},
        "Fulanita": {"measure": "released"},
    }
    row = keep_reading(reading(TEXT, "448", answers=said))
    assert read_kept(row).answers == {
        "encoder": {"measure": "none"},
        "light": {"breakdown": "service=military;sex=female", "as_of": "2026-02-17"},
    }
    assert read_kept({**row, "answers": "{{"}).answers == {}


def test_words_that_say_who_and_when_are_marked_wherever_they_stand(
    data: DataDir, desk: Worklist, give: Give
) -> None:
    give(TEXT, [reading(TEXT, "448", who=WHO, when=WHEN)])
    context = waiting(data, desk).context
    assert context
    assert context.words("number") == "448"
    assert (context.words("who"), context.words("when")) == (WHO, WHEN)
    assert set(context.beside) == {"who", "when"}
    assert str(context.beside["when"]).startswith("La Lista publicó")


def test_a_masked_name_stays_masked_where_a_span_points_at_it(
    data: DataDir, desk: Worklist, give: Give
) -> None:
    name = "Fulanita Inexistente Mengánez"
    give(TEXT, [reading(TEXT, "448", who=name, when=WHEN)])
    context = waiting(data, desk).context
    assert context
    assert context.words("who") == MASK
    assert str(context.sentence) == (
        f"Llovía en la capital. {MASK}, de visita, leyó que 448 personas permanecen bajo custodia."
    )


@pytest.mark.parametrize("words", ["La Lista", "448", "capital. Fulanita", "Mengánez, de", "𝟰𝟴", "custodia."])
def test_a_place_in_a_masked_text_shows_the_same_words_or_a_mask(words: str) -> None:
    text = TEXT.replace("tres", "𝟰𝟴")
    masked = mask_with_places(text, ["La Lista"])
    at = text.index(words)
    place = masked.place((at, at + len(words)))
    assert place
    shown = masked.text[slice(*place)]
    assert shown == words.replace("𝟰𝟴", "48") or MASK in shown
    assert not re.search("Fulanita|Inexistente|Mengánez", shown)


WORDS = [
    "La Lista",
    "Fulanita",
    "Mengánez",
    "de",
    "y",
    "448",
    "𝟰𝟴",
    ",",
    ".\n",
    "04141234567",
    "presos",
    "▒▒▒",
    "El",
]


@settings(max_examples=80, deadline=None)
@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=14), st.integers(0, 200), st.integers(1, 40))
def test_a_place_shows_nothing_that_the_masked_text_does_not(words: list[str], first: int, size: int) -> None:
    text = " ".join(words)
    masked = mask_with_places(text, ["La Lista"])
    span = (min(first, len(text) - 1), min(first + size, len(text)))
    place = masked.place(span) if span[0] < span[1] else None
    assert masked.text == mask(text, ["La Lista"])
    assert masked.kept is not None
    if place:
        assert 0 <= place[0] < place[1] <= len(masked.text)


# --- choices ------------------------------------------------------------------------------------------------


def choices(
    data: DataDir, said: dict[str, list[tuple[str, float]]], **cells: object
) -> dict[str, list[Choice]]:
    where = folder(data)
    claim: dict[str, Any] = candidate(**cells)
    return list_choices(claim, KeptReading(0.5, said), read_situation(where), read_organisations(where))


def test_a_measure_brings_its_population_and_its_window(data: DataDir) -> None:
    said = {"measure": [("in_custody", 0.6), ("released_to_date", 0.3), ("amnesty_granted_to_date", 0.1)]}
    read, released, granted = choices(data, said)["measure"]
    assert (read.taken, read.sets) == (True, {})
    assert released.sets == {
        "measure": "released_to_date", "population": "held", "period_start": "2026-01-08",
    }  # fmt: skip
    assert granted.sets["population"] == "pardoned"
    by_government = choices(data, said, organisation="gobierno")["measure"][1]
    assert "period_start" not in by_government.sets
    of_a_flow = choices(data, said, measure="released", period_start=date(2026, 1, 1))["measure"][0]
    assert of_a_flow.sets["period_start"] == ""


def test_a_day_says_where_it_comes_from_and_never_lies_before_the_window(data: DataDir) -> None:
    said = {"as_of": [("2026-01-12", 0.6), ("2026-01-13", 0.3), ("2026-01-05", 0.1)]}
    _, published, early = choices(data, said, period_start=date(2026, 1, 8))["as_of"]
    assert published.sets == {
        "as_of": "2026-01-13", "as_of_basis": "publication_date", "as_of_precision": "day",
    }  # fmt: skip
    assert (early.sets["as_of_basis"], early.sets["period_start"]) == ("explicit", "")


def test_a_part_is_switched_on_and_off(data: DataDir) -> None:
    said = {"breakdown": [("sex=female", 0.6), ("sex=male", 0.3), ("service=military", 0.2)]}
    off, other, more = choices(data, said, breakdown="sex=female")["breakdown"]
    assert (off.taken, off.sets) == (True, {"breakdown": "total"})
    assert other.sets == {"breakdown": "sex=male"}
    assert more.sets == {"breakdown": "service=military;sex=female"}


def test_a_hedge_that_is_no_range_gives_up_its_upper_end(data: DataDir) -> None:
    said = {"qualifier": [("range", 0.6), ("about", 0.3)]}
    assert [each.value for each in choices(data, said)["qualifier"]] == ["about"]
    assert choices(data, said, qualifier="range", value_high=800)["qualifier"][1].sets["value_high"] == ""


# --- undo ---------------------------------------------------------------------------------------------------


def test_a_decision_taken_back_leaves_both_rows_and_the_figure_waits_again(
    data: DataDir, desk: Worklist, give: Give
) -> None:
    give(TEXT, [reading(TEXT, "448", when=WHEN)])
    figure = waiting(data, desk)
    desk.decide(figure, ReviewVerdict.CORRECT, "AB", "misread", {"value": "450"})
    assert [each["value"] for each in build(data)["claims"]] == [450]
    desk.undo(figure, "a.b.")
    built = build(data)
    assert (built["claims"], [each["value"] for each in built["pending"]]) == ([], [448])
    rows = (folder(data) / "decisions.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert [re.findall(r",(correct|undo),", each) for each in rows] == [["correct"], ["undo"]]
    assert built["pending"][0]["reason"].startswith("found by rule")


def test_an_undo_takes_back_its_own_reviewers_word_alone(data: DataDir) -> None:
    queue(data, candidate())
    decide(data, candidate(), "accept", "AB")
    decide(data, candidate(), "reject", "CD", reason="no")
    decide(data, candidate(), "undo", "CD")
    decide(data, candidate(), "undo", "EF")
    assert len(build(data)["claims"]) == 1


# --- words --------------------------------------------------------------------------------------------------


def test_the_page_says_the_same_things_in_every_language() -> None:
    path = ROOT / "pipelines" / "intake" / "review" / "page_words.toml"
    words = tomllib.loads(path.read_text(encoding="utf-8"))
    assert set(words) == set(LANGUAGES)

    def keys(value: Any, at: str = "") -> set[str]:
        if not isinstance(value, dict):
            return {at}
        return {key for name, inner in value.items() for key in keys(inner, f"{at}.{name}")}

    assert keys(words["es"]) == keys(words["en"]) == keys(words["pt"])
    for code in LANGUAGES:
        app = read_words(code)
        assert words[code]["measures"] == {each.value: app(f"measure.{each.value}") for each in Measure}
        assert {name.upper() for name in words[code]["refusals"]} == set(Refusal.__members__)


@pytest.mark.parametrize(
    ("probability", "says", "percent"),
    [(0.999, "almost certain", ">99%"), (0.72, "likely", "72%"), (0.004, "doubtful", "<1%")],
)
def test_a_probability_is_said_in_words_and_never_as_certain(
    data: DataDir, probability: float, says: str, percent: str
) -> None:
    words = Words("en", read_situation(folder(data)), read_organisations(folder(data)))
    assert (words.say_likelihood(probability), words.say_percent(probability)) == (says, percent)


def test_the_browsers_language_is_spoken_where_the_page_has_it() -> None:
    assert choose_language("pt-BR,pt;q=0.9,en;q=0.8") == "pt"
    assert choose_language("hu,en;q=0.8") == "en"
    assert choose_language("") == "es"


def test_the_day_of_publication_is_no_word_of_the_text(data: DataDir, desk: Worklist, give: Give) -> None:
    give(TEXT, [reading(TEXT, "448", as_of=PUBLISHED)])
    figure = waiting(data, desk)
    assert figure.claim["as_of_basis"] == "publication_date"
    assert figure.context
    assert figure.context.words("when") is None
    assert Path(figure.claim["file"]).parts[0] == "inbox"
