"""Personal names and identity numbers leave a phrase before anything keeps it.

Nobody lists the names to hide. In the phrase of a candidate only words stay that are known to be nobody's
name (those of the language files, the situation's organisations, officials and places, lists of countries,
institutions and of the common words of reports), so that a name written small or in capitals does not stay
either. In a longer text, such as a reviewer's reason, a capitalised word in mid-sentence is a name unless it
is known to be none; a name that opens a sentence is hidden with the capitalised words that follow it.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec

from pipelines.core.privacy import MASK, mask_numbers
from pipelines.intake.prose.grammar import languages, read_language
from pipelines.intake.prose.text_marks import Scene
from pipelines.intake.prose.text_matching import (
    ALNUM,
    WORD,
    Matcher,
    PhraseError,
    Token,
    expand,
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
    particles: list[str]


@lru_cache(maxsize=1)
def _words() -> tuple[frozenset[str], frozenset[str]]:
    """Folded words that are nobody's name, and the particles inside names."""
    path = Path(__file__).parent / "name_masking.toml"
    read = msgspec.toml.decode(path.read_bytes(), type=_Words)
    known = {fold(word) for word in (*read.public_words, *read.common_words)}
    for code in languages():
        known |= _vocabulary(msgspec.to_builtins(read_language(code).grammar))
    return frozenset(known), frozenset(fold(word) for word in read.particles)


def _vocabulary(value: Any) -> set[str]:
    """Every word of a grammar: the words of its phrases with all their endings."""
    if isinstance(value, str):
        if any(c in value for c in "{}[]\\?<"):
            return set()  # a date pattern
        return {word for written in _endings(value) for word in re.findall(r"[^\W\d_]+", fold(written))}
    if isinstance(value, dict):
        return {word for inner in (*value, *value.values()) for word in _vocabulary(inner)}
    if isinstance(value, list):
        return {word for inner in value for word in _vocabulary(inner)}
    return set()


def _endings(phrase: str) -> Iterable[str]:
    try:
        return list(expand(phrase))
    except PhraseError:
        return [phrase]


def mask(text: str, known: Iterable[str] = ()) -> str:
    """The text with personal names, identity numbers, phones and e-mail addresses replaced by a mask.

    `known` are names that may stay: a situation's organisations, officials and places.
    """
    normal = normalise(mask_numbers(normalise(text).plain))  # bold digits are digits
    tokens = tokenise(normal.folded)
    kept = {i for mark in _match_known(tuple(known)).find(tokens) for i in range(mark.first, mark.last)}
    openings = {first for first, _ in sentences(tokens)}
    hidden = _hidden(tokens, normal.plain, kept, openings)
    return _written(normal.plain, tokens, hidden, 0, len(tokens), whole=True)


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
    return token.text.lstrip("@#") in _words()[0]


def mask_span(scene: Scene, first: int, last: int) -> str:
    """The words of tokens `first` to `last` of a scene, with every word masked that is not public."""
    hidden = _hidden(scene.tokens, scene.normal.plain, scene.public, scene.openings, first, last)
    hidden |= {i for i in range(first, last) if not is_public(i, scene)}
    return mask_numbers(_written(scene.normal.plain, scene.tokens, hidden, first, last, whole=False))


def find_hidden(scene: Scene, *, unknown_words: bool) -> set[int]:
    """Tokens of a whole text that are part of a name or a long number; with `unknown_words` also every word
    that is not known to be nobody's name."""
    hidden = _hidden(scene.tokens, scene.normal.plain, scene.public, scene.openings)
    if unknown_words:
        hidden |= {i for i in range(len(scene.tokens)) if not is_public(i, scene)}
    return hidden


def _hidden(
    tokens: list[Token],
    plain: str,
    kept: set[int],
    openings: set[int],
    first: int = 0,
    last: int | None = None,
) -> set[int]:
    """Tokens that are part of a name or are a long number, found run by run of capitalised words."""
    last = len(tokens) if last is None else last
    known, particles = _words()
    out = {i for i in range(first, last) if i not in kept and _LONG_DIGITS.fullmatch(tokens[i].text)}
    index = max(0, first - 6)  # a name may have begun before the phrase
    while index < last:
        if not _capital(index, tokens, plain, kept):
            index += 1
            continue
        run = [index]
        after = index + 1
        while after < len(tokens):
            step = _next_capital(after, tokens, plain, kept, particles)
            if step < 0:
                break
            run.append(step)
            after = step + 1
        out |= _names_in(run, tokens, plain, openings, known)
        index = run[-1] + 1
    return out


def _capital(index: int, tokens: list[Token], plain: str, kept: set[int]) -> bool:
    token = tokens[index]
    return token.kind is WORD and index not in kept and plain[token.start].isupper()


def _next_capital(
    index: int, tokens: list[Token], plain: str, kept: set[int], particles: frozenset[str]
) -> int:
    """The next capitalised word of a run, over an initial's stop, a hyphen and up to two particles."""
    steps = 0
    while index < len(tokens) and steps < 3:
        if _capital(index, tokens, plain, kept):
            return index
        text = tokens[index].text
        before = plain[tokens[index - 1].start : tokens[index - 1].end]
        joins = text in particles or text == "-" or (text == "." and _INITIAL.match(before) is not None)
        joins = joins or (text == "," and before.isupper() and _loud(index + 1, tokens, plain))
        if not joins:
            return -1
        index, steps = index + 1, steps + 1
    return -1


def _loud(index: int, tokens: list[Token], plain: str) -> bool:
    """Whether the next word is written in capitals: "FICTICIO PÉREZ, ZUTANO"."""
    return index < len(tokens) and plain[tokens[index].start : tokens[index].end].isupper()


def _names_in(
    run: list[int], tokens: list[Token], plain: str, openings: set[int], known: frozenset[str]
) -> set[int]:
    """Which words of a run of capitalised words are names."""
    strange = [i for i in run if not _nobody(i, run, tokens, plain, known)]
    opens = run[0] in openings or tokens[run[0] - 1].text in ('"', "¿", "¡", "(") if run else False
    if opens and strange and strange == [run[0]] and len(run) == 1:
        return set()  # one capitalised word at the start of a sentence is most often just its first word
    out = set(strange)
    for here, after in pairwise(run):
        beside = after - here == 1
        if here in out and tokens[after - 1].text == ",":
            out.add(after)
        if beside and here in out and _shape(after, tokens, plain) != "acronym":
            out.add(after)
        if beside and after in out and here not in openings and here not in out:
            out.add(here)
        if here in out and after in out:
            out |= set(range(here, after))
    return out


def _nobody(index: int, run: list[int], tokens: list[Token], plain: str, known: frozenset[str]) -> bool:
    if tokens[index].text.lstrip("@#") in known:
        return True
    word = tokens[index].text
    return _shape(index, tokens, plain) == "acronym" and len(run) == 1 and _VOWELS.isdisjoint(word)


def _shape(index: int, tokens: list[Token], plain: str) -> str:
    word = plain[tokens[index].start : tokens[index].end]
    return "acronym" if word.isupper() and 1 < len(word) <= 6 else "word"


def _written(plain: str, tokens: list[Token], hidden: set[int], first: int, last: int, *, whole: bool) -> str:
    """The text with each stretch of hidden tokens replaced by one mask."""
    if first >= last:
        return ""
    out: list[str] = []
    at = 0 if whole else tokens[first].start
    for index in range(first, last):
        token = tokens[index]
        gap = plain[at : token.start]
        if index in hidden:
            joined = index - 1 in hidden
            out.append("" if joined else gap + MASK)
        else:
            out.append(gap + plain[token.start : token.end])
        at = token.end
    return "".join(out) + (plain[at:] if whole else "")


def count_texts_with_names(texts: Iterable[str], known: Iterable[str]) -> int:
    """In how many texts something stands that looks like somebody's full name and is not among `known`."""
    matcher = _match_known(tuple(known))
    return sum(_has_full_name(text, matcher) for text in texts)


def _has_full_name(text: str, known: Matcher) -> bool:
    """Whether two or more capitalised words stand side by side that are hidden as a name."""
    normal = normalise(text)
    tokens = tokenise(normal.folded)
    kept = {i for mark in known.find(tokens) for i in range(mark.first, mark.last)}
    openings = {first for first, _ in sentences(tokens)}
    hidden = _hidden(tokens, normal.plain, kept, openings)
    capital = {i for i in hidden if _capital(i, tokens, normal.plain, kept)}
    return any(i + step in capital for i in capital for step in (1, 2) if i + step - 1 in hidden)
