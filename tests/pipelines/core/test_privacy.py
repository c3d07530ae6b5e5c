"""The one check for personal data: every kind, in every disguise, and nothing that is no person's."""

import importlib
import inspect
import pkgutil
import time
from itertools import product

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import pipelines
from pipelines.core.personal_formats import list_countries
from pipelines.core.plain_text import make_plain
from pipelines.core.privacy import (
    MASK,
    SUSPECT,
    DiscreetError,
    PersonalRules,
    describe_column,
    fold_names,
    mask_expression,
    mask_message,
)
from tests.invented import ABROAD, ADDRESSES, AGES, BIRTHS, DISGUISES, EMAILS, IDENTITY, PLANTED, SHAPES

RULES = PersonalRules()
EVERY = [
    *((kind, text) for kind, (text, _) in PLANTED.items()),
    *(("an identity number", text) for text in SHAPES.values()),
    *(("an e-mail address", text) for text in EMAILS),
    *(("a birth date", text) for text in BIRTHS),
    *(("a name with an age", text) for text in AGES),
]
HARMLESS = (
    "1.234.567 personas",
    "6.400.892 votos",
    "28.300.000 habitantes",
    "from 1,234,567 to 2,345,678",
    "1.234.567 e 2.345.678 pessoas",
    "mayores de 60 años",
    "12 adolescentes, de 14 a 17 años",
    "Foro Penal celebró 20 años",
    "Ley de Amnistía tras 27 años",
    "condenado a 30 años de prisión",
    "El Rodeo I (34), Tocuyito (12)",
    "Centro Penitenciario de Aragua (67)",
    "entre 2014 y 2025, 2024",
    "Fase V, 2024-2025",
    "Del 8 al 14 de enero de 2026, 117",
    "20260108",
    "2026-01-08",
    "2026-01-08T10:30:15-04:00",
    "a fecha 05/01/2026",
    "the organisation was born in 2014",
    "0123456789abcdef",
    "0.123456789",
    "@ForoPenal",
    "según Foro Penal @ForoPenal. Más",
    "https://x.com/ForoPenal/status/1876543210987654321",
    "https://t.me/@foropenal",
    "https://x.com/20260108-123456",
    "https://diario.example/politica/2026/01/08/foro-penal-1234567/",
    "https://diario.example/?id=12345678",
    "https://diario.example/688440707-le-venezuela",
    "page=12345678",
    "held at 12 prisons. dot",
)


def letters_and_digits(text: str) -> str:
    return "".join(c for c in make_plain(text).text.lower() if c.isalnum())


def test_every_kind_is_found_and_masked_in_every_disguise() -> None:
    wrong = []
    for (kind, text), (name, disguise) in product(EVERY, DISGUISES.items()):
        hidden = f"Aviso: {disguise(text)} fin."
        masked = RULES.mask(hidden)
        digits = sum(c.isdigit() for c in make_plain(masked).text)
        if kind not in (RULES.describe(hidden) or "") or digits > 3 or MASK not in masked:
            wrong.append((kind, text, name, RULES.describe(hidden), masked))
    assert wrong == []


@pytest.mark.parametrize("text", ADDRESSES)
def test_an_address_is_looked_through_with_its_query(text: str) -> None:
    assert RULES.describe(text)
    assert sum(c.isdigit() for c in RULES.mask(text)) <= 3


@pytest.mark.parametrize(("country", "text"), ABROAD.items())
def test_formats_of_the_countries_of_exile_are_known(country: str, text: str) -> None:
    assert RULES.describe(f"Aviso: {text}, fin."), country


@pytest.mark.parametrize("text", HARMLESS)
def test_figures_days_addresses_and_groups_of_people_pass(text: str) -> None:
    assert RULES.find(text) == []


def test_formats_are_those_of_the_countries_that_a_situation_lists() -> None:
    carne = ABROAD["CU"]
    assert PersonalRules(("CU",)).describe(carne)
    assert not PersonalRules(("VE",)).describe(carne)
    assert "VE" in list_countries()


def test_known_names_may_stand_beside_a_number_in_brackets() -> None:
    text = "Zutana Portavoz (34)"
    assert RULES.describe(text)
    assert not PersonalRules(names=fold_names(["Zutana Portavoz"])).describe(text)
    assert PersonalRules(names=fold_names(["Zutana"])).describe(text)


def test_the_quick_look_over_columns_lets_nothing_by() -> None:
    texts = [disguise(text) for (_, text), disguise in product(EVERY, DISGUISES.values())]
    texts += [*ADDRESSES, *ABROAD.values()]
    frame = pl.DataFrame({"text": [*texts, None, "nothing"]}).with_columns(
        kinds=describe_column("text", RULES), masked=mask_expression("text", RULES)
    )
    assert [t for t, kind in frame.head(len(texts)).select("text", "kinds").iter_rows() if kind is None] == []
    assert frame["kinds"].tail(2).to_list() == [None, None]
    assert frame["masked"].tail(2).to_list() == [None, "nothing"]
    assert frame["masked"][0] == RULES.mask(texts[0])


@given(
    st.text(max_size=60).flatmap(
        lambda t: st.sampled_from([s for _, s in EVERY]).map(lambda s: f"{t} {s} {t}")
    )
)
def test_the_quick_look_and_the_close_one_agree_wherever_it_stands(text: str) -> None:
    suspect = pl.Series([text.encode("utf-8", "replace").decode()]).str.contains(SUSPECT)[0]
    assert suspect or not RULES.find(text)


@given(st.text(max_size=200))
def test_any_text_can_be_masked_and_what_is_masked_is_clean(text: str) -> None:
    masked = RULES.mask(text)
    assert masked == text or MASK in masked


@pytest.mark.parametrize(
    "text", ["a" * 100_000, "1 " * 20_000, "V-" * 30_000, "Aa " * 20_000, "cédula de " * 5_000]
)
def test_a_long_text_is_read_in_a_second_or_two(text: str) -> None:
    begun = time.process_time()
    RULES.find(text)
    assert time.process_time() - begun < 5  # a pattern that goes back and forth takes minutes


def test_every_error_of_ours_masks_what_it_says() -> None:
    wrong = []
    for module in pkgutil.walk_packages(pipelines.__path__, "pipelines."):
        if module.name.endswith("__main__"):
            continue
        for name, kind in inspect.getmembers(importlib.import_module(module.name), inspect.isclass):
            ours = issubclass(kind, Exception) and kind.__module__.startswith("pipelines.")
            if ours and not issubclass(kind, (DiscreetError, KeyError)) and name not in ("NoBuildError",):
                wrong.append(f"{kind.__module__}.{name}")
    assert sorted(set(wrong)) == []
    assert IDENTITY[2:] not in str(DiscreetError(f"value {IDENTITY} is no number"))


def test_a_message_keeps_its_numbers_and_loses_those_of_people() -> None:
    kept = "row 12345678: file 0123456789abcdef, 1.234.567 rows"
    assert mask_message(kept) == kept
    assert mask_message(f"{kept} {IDENTITY}") == f"{kept} {MASK}"
