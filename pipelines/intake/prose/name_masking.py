"""Personal names and identity numbers leave a phrase before anything keeps it.

Nobody lists the names to hide. In the phrase of a candidate only words stay that are known to be nobody's
name (those of the language files, the situation's organisations, officials and places, lists of countries,
institutions and of the common words of reports), so that a name written small or in capitals does not stay
either. In a longer text, such as a reviewer's reason, a capitalised word in mid-sentence is a name unless it
is known to be none; a name that opens a sentence is hidden with the capitalised words that follow it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import msgspec

from pipelines.core.privacy import MASK, mask_numbers
from pipelines.intake.prose.grammar import languages, read_language
from pipelines.intake.prose.text_marks import Scene
from pipelines.intake.prose.text_matching import (
    ALNUM,
    WORD,
    Matcher,
    Token,
    fold,
    normalise,
    sentences,
    tokenise,
)

_LONG_DIGITS = re.compile(r"\d{7,}|\d{1,3}(?:[.\s]\d{3}){2,}|\d{3,4}[-.\s]\d{3}[-.\s]?\d{2}[-.\s]?\d{2}")
_VOWELS = frozenset("aeiou")  # letters that can be spoken may be a name in capitals: RUIZ
_INITIAL = re.compile(r"^[A-ZÁÉÍÓÚÑ]$")


class _Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    public_words: list[str]
    common_words: list[str]
    names_too: list[str]
    particles: list[str]


@lru_cache(maxsize=1)
def _words() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Folded words that are nobody's name, the particles inside names, and what is none if written small."""
    path = Path(__file__).parent / "name_masking.toml"
    read = msgspec.toml.decode(path.read_bytes(), type=_Words)
    known = {fold(word) for word in (*read.public_words, *read.common_words)}
    return (
        frozenset(known.union(*(read_language(code).vocabulary for code in languages())) - {*read.names_too}),
        frozenset(fold(word) for word in read.particles),
        frozenset(read.names_too),
    )


def mask(text: str, known: Iterable[str] = ()) -> str:
    """The text with personal names, identity numbers, phones and e-mail addresses replaced by a mask.

    `known` are names that may stay: a situation's organisations, officials and places.
    """
    found = _look(mask_numbers(normalise(text).plain), _match_known(tuple(known)))  # bold digits are digits
    return found.write(found.hide(0, len(found.tokens)), 0, len(found.tokens), whole=True)


@lru_cache(maxsize=4)
def _match_known(names: tuple[str, ...]) -> Matcher:
    """A matcher of names that may stay; a desk asks for the same thousand names at every sentence."""
    matcher = Matcher()
    for name in names:
        if re.search(r"\w", name):
            matcher.add(name.replace("(", " ").replace(")", " "), "known")
    return matcher


def is_public(index: int, scene: Scene) -> bool:
    """Whether a token can be nobody's name: punctuation, a number, a known word, a name of the situation."""
    token = scene.tokens[index]
    if index in scene.public or token.kind not in (WORD, ALNUM):
        return True
    word, small = token.text.lstrip("@#"), not scene.normal.plain[token.start].isupper()
    return word in _words()[0] or (small and word in _words()[2])


def mask_span(scene: Scene, first: int, last: int) -> str:
    """The words of tokens `first` to `last` of a scene, with every word masked that is not public."""
    found = _NamesIn(scene.tokens, scene.normal.plain, scene.public, scene.openings)
    hidden = found.hide(first, last) | {i for i in range(first, last) if not is_public(i, scene)}
    return mask_numbers(found.write(hidden, first, last, whole=False))


def find_hidden(scene: Scene, *, unknown_words: bool) -> set[int]:
    """Tokens of a whole text that are part of a name or a long number; with `unknown_words` also every word
    that is not known to be nobody's name."""
    everything = range(len(scene.tokens))
    found = _NamesIn(scene.tokens, scene.normal.plain, scene.public, scene.openings)
    hidden = found.hide(0, len(scene.tokens))
    return hidden | {i for i in everything if not is_public(i, scene)} if unknown_words else hidden


def count_texts_with_names(texts: Iterable[str], known: Iterable[str]) -> int:
    """In how many texts something stands that looks like somebody's full name and is not among `known`: two
    or more capitalised words side by side that are hidden as a name."""
    matcher = _match_known(tuple(known))
    return sum(_look(text, matcher).has_full_name() for text in texts)


def _look(text: str, known: Matcher) -> "_NamesIn":
    normal = normalise(text)
    tokens = tokenise(normal.folded)
    kept = {i for mark in known.find(tokens) for i in range(mark.first, mark.last)}
    return _NamesIn(tokens, normal.plain, kept, {first for first, _ in sentences(tokens)})


@dataclass(frozen=True)
class _NamesIn:
    """The names in a text. `kept` are tokens that stay, `openings` the first ones of sentences."""

    tokens: list[Token]
    plain: str
    kept: set[int]
    openings: set[int]

    def hide(self, first: int, last: int) -> set[int]:
        """Tokens that are part of a name or are a long number, found run by run of capitalised words."""
        tokens = self.tokens
        out = {i for i in range(first, last) if i not in self.kept and _LONG_DIGITS.fullmatch(tokens[i].text)}
        index = max(0, first - 6)  # a name may have begun before the phrase
        while index < last:
            run: list[int] = []
            step = index if self._is_capital(index) else -1
            while step >= 0:
                run.append(step)
                step = self._next_capital(step + 1)
            out |= self._pick_names(run) if run else set()
            index = run[-1] + 1 if run else index + 1
        return out

    def has_full_name(self) -> bool:
        """Whether two hidden words with a capital stand side by side, or with one hidden word between."""
        hidden = self.hide(0, len(self.tokens))
        capital = {i for i in hidden if self._is_capital(i)}
        return any(i + step in capital for i in capital for step in (1, 2) if i + step - 1 in hidden)

    def write(self, hidden: set[int], first: int, last: int, *, whole: bool) -> str:
        """The text with each stretch of hidden tokens replaced by one mask."""
        if first >= last:
            return ""
        out: list[str] = []
        at = 0 if whole else self.tokens[first].start
        for index in range(first, last):
            token = self.tokens[index]
            if index not in hidden:
                out.append(self.plain[at : token.end])
            elif index - 1 not in hidden:
                out.append(self.plain[at : token.start] + MASK)
            at = token.end
        return "".join(out) + (self.plain[at:] if whole else "")

    def _word(self, index: int) -> str:
        """A token as it is written."""
        return self.plain[self.tokens[index].start : self.tokens[index].end]

    def _is_capital(self, index: int) -> bool:
        return self.tokens[index].kind is WORD and index not in self.kept and self._word(index)[0].isupper()

    def _next_capital(self, index: int) -> int:
        """The next capitalised word of a run, over an initial's stop, a hyphen and up to two particles; else
        -1."""
        for at in range(index, min(index + 3, len(self.tokens))):
            if self._is_capital(at):
                return at
            text, before = self.tokens[at].text, self._word(at - 1)
            joins = text in _words()[1] or text == "-" or (text == "." and _INITIAL.match(before) is not None)
            if text == "," and at + 1 < len(self.tokens):  # "FICTICIO PÉREZ, ZUTANO"
                joins = joins or (before.isupper() and self._word(at + 1).isupper())
            if not joins:
                return -1
        return -1

    def _pick_names(self, run: list[int]) -> set[int]:
        """Which words of a run of capitalised words are names."""
        out = {i for i in run if not self._is_nobody(i, run)}
        opens = run[0] in self.openings or self.tokens[run[0] - 1].text in ('"', "¿", "¡", "(")
        if opens and out and len(run) == 1:
            return set()  # one capitalised word at the start of a sentence is most often just its first word
        for here, after in pairwise(run):
            beside = after - here == 1
            if here in out and self.tokens[after - 1].text == ",":
                out.add(after)
            if beside and here in out and not self._is_acronym(after):
                out.add(after)
            if beside and after in out and here not in self.openings and here not in out:
                out.add(here)
            if here in out and after in out:
                out |= set(range(here, after))
        return out

    def _is_nobody(self, index: int, run: list[int]) -> bool:
        text = self.tokens[index].text
        unspoken = self._is_acronym(index) and len(run) == 1 and _VOWELS.isdisjoint(text)
        return text.lstrip("@#") in _words()[0] or unspoken

    def _is_acronym(self, index: int) -> bool:
        word = self._word(index)
        return word.isupper() and 1 < len(word) <= 6
