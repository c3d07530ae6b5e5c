"""The one check for what must never enter the data, asked of every text that can leave.

Looked for are identity numbers, telephone numbers, e-mail addresses, birth dates and a name with an age, in a
copy of the text in plain characters (`plain_text`), in the forms of the countries that a situation lists
(`personal_formats`). What is found is told by its kind and masked where it stood; it is never repeated.
docs/privacy.md says where it is asked, and what was planted there.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

import polars as pl

from pipelines.core.personal_formats import compile_formats, list_countries
from pipelines.core.personal_search import PersonalKind, search
from pipelines.core.plain_text import make_plain

MASK: Final = "▒▒▒"
_REMEMBERED: Final = 1_000  # characters up to which the answer about a text is kept

_SPELT: Final = (
    "cero|uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|zero|one|two|three|four|five|six|seven|eight|nine"
    "|um|dois|quatro|sete|oito|nove"
)
# What a text needs to be looked at closely, for the engine of polars: in a million rows few have any of it.
# Seven digits of any script; a label with fewer; what is encoded, or in characters that may stand for others;
# an at sign or its word; words of birth and age; digits in words.
SUSPECT: Final = "|".join(
    (
        r"\p{N}(?:\P{N}*\p{N}){6}",
        r"(?i:\b(?:[ve]|ci|c\.\s?i|\w*dula|dni|docum\w*|titular|identi\w*|pasap\w*|passp\w*)\b\P{N}{0,30}\p{N}{3})",
        r"[^\x00-\x7F\x{A0}-\x{AC}\x{AE}-\x{B1}\x{B4}-\x{B6}\x{B8}\x{BA}\x{BB}\x{BF}-\x{17F}‘’“”–—…]",
        r"&(?:#|[A-Za-z]{2,24};)|%[0-9A-Fa-f]{2}|\\[uxU]|<[/A-Za-z]",
        r"@|(?i:arroba|[\s(\[{<]at[\s)\]}>])",
        r"(?i:naci[doóm]|nasc[ie]|birth|\bborn|\bnace|cumplea|naiss|\bgeb|\bn[eé]e? le|\bnat[oa] il)",
        r"(?i:\bd\.?\s?o\.?\s?b\b|\bf\.?\s?n\b|\bedad\b|\baged?\b|\bidade\b)",
        r"(?i:\d[\s\-–—]*(?:a[nñ]os?|years?|yrs?|y\.?\s?o|ans|anni)\b)|[(,]\s*\d{1,3}\s*(?:[),.;]|$)",
        r"\d{1,2}[./-]\d{1,2}[./-](?:19|20)\d\d",
        rf"(?i:(?:{_SPELT})\W+(?:{_SPELT})\b)",
    )
)

NUMBERS: Final = frozenset(PersonalKind) - {PersonalKind.AGE}


class Finding(NamedTuple):
    """Something personal, and where it stands in the text as it was written."""

    kind: PersonalKind
    start: int
    end: int


@dataclass(frozen=True)
class PersonalRules:
    """What is looked for: the forms of a situation's `countries`, but for its known `names` (`fold_names`).

    `bare`: whether long numbers that nothing explains are taken for identity numbers: in cells and settings,
    not in messages.
    """

    countries: tuple[str, ...] = ()  # none: all that are known
    names: frozenset[str] = frozenset()
    bare: bool = True

    def tell(self) -> str:
        """All of the rules in words that differ where the rules do."""
        return repr((self.countries, sorted(self.names), self.bare))

    def find(self, text: str) -> list[Finding]:
        """All that looks personal, in its order; stretches may overlap."""
        return _find(self, text) if len(text) < _REMEMBERED else _find.__wrapped__(self, text)

    def describe(self, text: str) -> str | None:
        """The kinds found, in words; None where there is nothing."""
        kinds = {each.kind for each in self.find(text)}
        return " and ".join(kind for kind in PersonalKind if kind in kinds) or None

    def mask(self, text: str, kinds: Collection[PersonalKind] = frozenset(PersonalKind)) -> str:
        """The text with everything of these kinds replaced by a mask."""
        out, at = [], 0
        for each in self.find(text):
            if each.kind not in kinds or each.end <= at:
                continue
            out.append(text[at : each.start] + MASK if each.start >= at else "")
            at = each.end
        return "".join(out) + text[at:]


@lru_cache(maxsize=50_000)
def _find(rules: PersonalRules, text: str) -> list[Finding]:
    """One text is asked about several times on its way: by the contracts, and before a build is published."""
    formats = compile_formats(rules.countries or list_countries())
    plain = make_plain(text)
    hits = search(plain.text, formats, rules.names, bare=rules.bare)
    found = {Finding(kind, *plain.span(*span)) for kind, span in hits}
    return sorted(found, key=lambda each: (each.start, each.end))


_MESSAGES: Final = PersonalRules(bare=False)


def join_rules(rules: Sequence[PersonalRules]) -> PersonalRules:
    """What is looked for in texts of several situations."""
    everywhere = any(not each.countries for each in rules)
    countries = {code for each in rules for code in each.countries}
    names = frozenset(name for each in rules for name in each.names)
    return PersonalRules(() if everywhere else tuple(sorted(countries)), names)


class DiscreetError(ValueError):
    """Base of errors whose message may hold what somebody wrote: it is masked before anybody reads it."""

    def __init__(self, message: object = "", *rest: object) -> None:
        super().__init__(mask_message(str(message)), *rest)


def mask_message(text: str) -> str:
    """A message, reason or log line without what is personal in it."""
    return _MESSAGES.mask(text)


def mask_numbers(text: str) -> str:
    """The text without numbers, addresses and birth dates of people; names are left to `name_masking`."""
    return _MESSAGES.mask(text, NUMBERS)


def fold_names(names: Iterable[str]) -> frozenset[str]:
    """Names that are nobody's secret, as `PersonalRules.names` holds them."""
    return frozenset(folded for name in names if (folded := _fold_name(name)))


@lru_cache(maxsize=_REMEMBERED)
def _fold_name(name: str) -> str:
    return make_plain(name).text.strip().lower()


def describe_column(column: str | pl.Expr, rules: PersonalRules) -> pl.Expr:
    """The kinds of what is personal in each text of a column, in words; null where there is nothing."""
    return _ask_suspects(column, rules.describe, keep=False)


def mask_expression(column: str | pl.Expr, rules: PersonalRules = _MESSAGES) -> pl.Expr:
    """The text of a column without what is personal in it."""
    return _ask_suspects(column, rules.mask, keep=True)


def find_suspects(texts: Sequence[str] | pl.Series) -> pl.Series:
    """Which texts have anything suspect: in the others nothing personal would be found, only slower."""
    return pl.Series("suspect", texts, dtype=pl.String).str.contains(SUSPECT)


def _ask_suspects(column: str | pl.Expr, ask: Callable[[str], str | None], *, keep: bool) -> pl.Expr:
    """Ask about each distinct text that has anything suspect; `keep` the others, or make them null."""

    def look(texts: pl.Series) -> pl.Series:
        others = texts if keep else pl.Series(texts.name, [None] * len(texts), pl.String)
        suspect = texts.filter(texts.str.contains(SUSPECT)).unique()
        if suspect.is_empty():
            return others
        answers = pl.Series([ask(text) for text in suspect], dtype=pl.String)
        return texts.replace_strict(suspect, answers, default=others, return_dtype=pl.String)

    expression = pl.col(column) if isinstance(column, str) else column
    return expression.map_batches(look, return_dtype=pl.String, is_elementwise=True)
