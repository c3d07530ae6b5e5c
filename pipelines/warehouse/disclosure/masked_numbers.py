"""Which numbers of a text count guarded people; `0_vocabulary/10_masked_numbers.sql` asks it in a build.

A text that spells a guarded part out keeps what counts nobody: times, dates, places that have a number for a
name, and articles and negations that do not count such people. The words for numbers and for guarded people
arrive from `0_vocabulary/09_spelled_parts.sql`; every rule looks at plain letters, and only so far around.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, NamedTuple

import duckdb
from duckdb import func

AROUND: Final = 80  # characters before a number, and after it, that tell what it counts
_GAP: Final = r"[^\w.;]+"
_WORDS: Final = (  # a date is one word, a number with its marks another
    r"\d{4}-\d{2}-\d{2}|[0-9]{1,2}/[0-9]{1,2}/(?:19|20)[0-9]{2}"
    r"|(?P<digits>\d+(?:[.,:]\d+)*)|(?P<letters>[^\W\d_]+)"
)
# More than what spells a part: once a text does, its larger numbers go as well, in every language of its row.
_LARGER_NUMBERS: Final = (
    r"(thir|four|fif|six|seven|eigh|nine)teen|(twen|thir|for|fif|six|seven|eigh|nine)ty|hundreds?|thousands?"
    r"|trece|catorce|quince|dieci[a-z]+|veint[a-z]+|(tre|cuare|cincue|sese|sete|oche|nove)nta|cien|cientos?"
    r"|[a-z]+cientos|mil|tre[sz]e|quatorze|quinze|dez[ae]ss?[a-z]+|dezoito|dezenove|vinte"
    r"|(tri|quare|cinque|sesse|oite)nta|cem|cento|[a-z]+centos"
)
_GUARDED_BY_AGE: Final = (
    r"(1[0-7]|[0-9])[- ](years?[- ]old|anos de (edad|idade))|aged (1[0-7]|[0-9])"
    r"|(joven|jovem|chic[oa]|muchach[oa]|estudiante|estudante|menin[oa]|garot[oa]) de (1[0-7]|[0-9]) anos"
)
_PEOPLE: Final = (
    r"((political )?(prisoners?|inmates?|detainees?|people|persons?)"
    r"|(pres|reclus|detenid|detid|prisioner|prisioneir|intern)[oa]s?|personas?|pessoas?)\b"
)
_TIME: Final = (
    r"([-–]\d+)?[ -]?((hours?|horas?|days?|dias?|weeks?|semanas?|months?|mes|meses|years?|anos?"
    r"|minutes?|minutos?|nights?|noches?|noites?)\b|[ap]\.?m\b)"
)
_MONTHS_ENGLISH: Final = (
    "(january|february|march|april|may|june|july|august|september|october|november|december)"
)
_MONTHS: Final = (  # `march` and `may` are verbs as well: see `_MONTHS_WRITTEN`
    "(enero|febrero|marzo|abril|mayo|junio|julio|agosto|sep?tiembre|octubre|noviembre|diciembre"
    "|janeiro|fevereiro|marco|maio|junho|julho|setembro|outubro|novembro|dezembro"
    "|january|february|april|june|july|august|september|october|november|december)"
)
_MONTHS_WRITTEN: Final = "(March|May)"
_TO_DAY: Final = r"([-–][0-9]{1,2})?(st|nd|rd|th)? "
_ROOMS: Final = (  # the rooms, wings and floors that places have
    "(zon[ae]|torre|tower|pabellon|pavilhao|pavilion|modulo|module|celda|cela|cell|sector|setor|bloque|bloco"
    "|block|piso|floor)"
)
_PORTUGUESE_DOS: Final = (
    r"\b(um|nenhum|algum|metade|maioria|familiares|[a-z]+(cao|coes)) \Z"  # no Spanish: `of the`, not two
)
_NO_NOUN: Final = "(en|em|na|no|entre|y|e|con|com|sin|sem|de ell[oa]s|del[ea]s)"
_NOTHING: Final = "(?!)"


class Words(NamedTuple):
    """Patterns of words in plain letters: `09_spelled_parts.sql`, and the listed facilities or none."""

    numbers: str
    guarded_english: str
    guarded_romance: str
    guarded: str
    facilities: str | None


@dataclass(frozen=True)
class Number:
    """A number in a text. All in plain letters, but what comes after it also `as_written`."""

    word: str
    before: str
    after: str
    as_written: str


def register(con: duckdb.DuckDBPyConnection) -> None:
    """Make `mask_numbers` a function of this connection's SQL; the file that it writes does not have it."""
    con.create_function(
        "mask_numbers",
        mask_numbers,
        ["VARCHAR[]", "VARCHAR", "VARCHAR", "VARCHAR[]"],
        "VARCHAR[]",
        null_handling=func.SPECIAL,
    )


def mask_numbers(
    texts: Sequence[str | None], counting: str | None, harmless: str | None, words: Sequence[Any]
) -> list[str | None]:
    """Each text with `counting` for its numbers that may count people, and `harmless` for the others.

    Those that name a part themselves stay, and with None the others do. `words`: the fields of `Words`.
    """
    rules = _Rules(Words(*words))
    return [text if text is None else "".join(_mask(text, counting, harmless, rules)) for text in texts]


def _mask(text: str, counting: str | None, harmless: str | None, rules: "_Rules") -> Iterator[str]:
    """The text in pieces."""
    at = 0
    for found in _compile(_WORDS).finditer(_shape(text)):
        start, end = found.span()
        word = plain_letters(text[start:end])
        if not (found["digits"] or (found["letters"] and _is(rules.number, word))):
            continue
        before, after = text[max(start - AROUND, 0) : start], text[end : end + AROUND]
        number = Number(word, plain_letters(before), plain_letters(after), after)
        mask = counting
        if rules.counts_nobody(number):
            mask = None if rules.names_part(number) else harmless
        yield text[at:start]
        yield text[start:end] if mask is None else mask
        at = end
    yield text[at:]


def plain_letters(text: str) -> str:
    """As the macro of that name: small letters without accents, and no underscores."""
    text = text.replace("_", " ")
    if not text.isascii():
        bare = [c for c in unicodedata.normalize("NFD", text) if unicodedata.category(c)[0] != "M"]
        text = unicodedata.normalize("NFC", "".join(bare))
    return text.lower()


def _shape(text: str) -> str:
    """The text, as long, for `_WORDS`: an accent on its own is part of its word, `½` and `Ⅻ` are digits."""
    if text.isascii():
        return text
    kinds = [unicodedata.category(character) for character in text]
    stand_ins = {"M": "a", "N": "٠"}  # no digit of a date
    return "".join(
        character if kind == "Nd" else stand_ins.get(kind[0], character)
        for character, kind in zip(text, kinds, strict=True)
    )


@lru_cache
def _compile(pattern: str) -> re.Pattern[str]:
    """Made when a text first needs it. A word ends where it ends for SQL: before `½` and `ж` as well."""
    return re.compile(pattern.replace(r"\b", r"(?a:\b)"))


def _is(pattern: str, text: str) -> bool:
    return _compile(pattern).fullmatch(text) is not None


def _starts(pattern: str, text: str) -> bool:
    return _compile(pattern).match(text) is not None


def _has(pattern: str, text: str) -> bool:
    return _compile(pattern).search(text) is not None


class _Rules:
    """What a number counts, by the words around it."""

    def __init__(self, words: Words) -> None:
        facilities = words.facilities or _NOTHING
        by_age = r"(1[0-7]|[0-9])[- ]years?[- ]old"
        guarded = rf"({words.guarded_english}|{words.guarded_romance}|{_GUARDED_BY_AGE})\b"
        # `tres adolescentes`, `dos de los presos`, `um dos menores`, `one of the sick`
        opening = rf"{_GAP}(((de|of){_GAP}(los|las|the)|d[oa]s){_GAP})?"
        self.number = f"{words.numbers}|{_LARGER_NUMBERS}"
        self._opens_with_guarded = opening + guarded
        self._opens_with_guarded_soon = rf"{opening}(\w+{_GAP})?{guarded}"
        self._opens_with_guarded_in_english = rf"{opening}([a-z]+ )?({words.guarded_english}|{by_age})\b"
        self._stands_alone = rf" *(\Z|[,.;:)])| {_NO_NOUN}\b| (o|ou) {words.numbers}\b"
        self._just_named = rf"\b{words.guarded}\b[^.;]{{0,20}}[,:] \Z"
        self._opens_with_people = opening + _PEOPLE
        self._opens_with_people_soon = f"{opening}[a-z]+ {_PEOPLE}"
        self._opens_with_person = rf"{opening}(political )?(prisoner|inmate|detainee|person)\b"
        self._facility = rf"\b{facilities}\b"
        self._ends_with_facility = rf"\b{facilities}\Z"

    def counts_nobody(self, number: Number) -> bool:
        """Whether it is no count of people."""
        word, after = number.word, number.after
        if _is_time(word, after):
            return True
        if _is("an?|una?|uma?|no", word):
            return not self._article_counts(number)
        if word == "dos" and _has(_PORTUGUESE_DOS, number.before):
            return True
        if _is_day(number) or _is_hour(number):
            return True
        if _starts(self._opens_with_guarded, after) or _starts(self._opens_with_people, after):
            return False
        return _is_year(number) or self._is_name_of_a_place(number)

    def names_part(self, number: Number) -> bool:
        """The 7 of `Zona 7` and the 16 of `16 years` count nobody, but are words that name a guarded part."""
        if _has(self._ends_with_facility, number.before + number.word):
            return True
        return _is("1[0-7]|[0-9]", number.word) and _starts(r"[- ]?(years?|anos?)\b", number.after)

    def _is_name_of_a_place(self, number: Number) -> bool:
        """`Zona 7`: a listed facility, or a part that places have."""
        room = _has(rf"\b{_ROOMS} \Z", number.before)
        return room or _has(self._ends_with_facility, number.before + number.word)

    def _article_counts(self, number: Number) -> bool:
        """An article or a negation counts guarded people within two words, and those in a facility at once.

        Alone after a comma, before a mark or before a preposition it stands for one of those that were just
        named. `a` is a number in English alone: not in `liberan a menores`, `a Corte`.
        """
        word, before, after = number.word, number.before, number.after
        in_facility = _has(self._facility, before + word + after)
        if word == "a":
            in_english = _starts(self._opens_with_guarded_in_english, after)
            return in_english or (in_facility and _starts(self._opens_with_person, after))
        if _starts(self._opens_with_guarded_soon, after):
            return True
        if in_facility and _starts(self._opens_with_people, after):
            return True
        if word in ("an", "no"):
            return word == "no" and in_facility and _starts(self._opens_with_people_soon, after)
        return _starts(self._stands_alone, after) or _has(self._just_named, before)


def _is_time(word: str, after: str) -> bool:
    if _starts(_TIME, after):
        return True
    tens = _has(r"(ty|nte|nta)\Z", word)  # `thirty-six hours`
    return tens and _starts(rf"(-| y | e )[a-z]+{_TIME}", after)


def _is_day(number: Number) -> bool:
    """`3 de mayo`, `3 May`, `May 3, 2026`, `since May 3.`, and `28J`, a day that people remember."""
    before, after, as_written = number.before, number.after, number.as_written
    if not _is("[1-9]|[12][0-9]|3[01]", number.word):
        return False
    if _starts(rf"{_TO_DAY}(de |of )?{_MONTHS}\b", after):
        return True
    if _starts(rf"{_TO_DAY}(of )?{_MONTHS_WRITTEN}\b", as_written):
        return True
    if _has(rf"\b{_MONTHS_ENGLISH} \Z", before):
        if _starts(r"(st|nd|rd|th)?,? (19|20)[0-9]{2}\b", after):
            return True
        if _has(r"\b(on|since|until) [a-z]+ \Z", before) and _starts(r" *(\Z|[,.;)])", after):
            return True
    remembered = _has(r"\b(el|al|del|o|ao|do|the) \Z", before)
    return remembered and _starts(r"[A-Z](\Z|[\W_])", as_written)


def _is_hour(number: Number) -> bool:
    hour = _is("[0-9]{1,2}:[0-5][0-9]", number.word)
    return hour and _has(r"\b(a las|las|at|as) \Z", number.before)


def _is_year(number: Number) -> bool:
    if not _is("(19|20)[0-9]{2}", number.word):
        return False
    since = (
        r"\b(en|em|in|de|del|do|of|desde|since|hasta|ate|until|para|ano|year"
        rf"|{_MONTHS_ENGLISH},?|{_MONTHS_ENGLISH} [0-9]{{1,2}},?) \Z"
    )
    more = r"\b(mas|mais|more|menos|total|cerca|alrededor|un[oa]s|grupo|group) (de|del|do|of) \Z"
    return _has(since, number.before) and not _has(more, number.before)
