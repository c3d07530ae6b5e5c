"""The noun of a number and the measure that it stands for."""

from typing import NamedTuple

from pipelines.intake.prose.number_context import (
    FAMILIES,
    NOUNS,
    VERBS,
    Head,
    Near,
    as_head,
    find_label,
    fits_bare,
    is_held_against,
    is_strange_item,
    is_year,
    words_near,
)
from pipelines.intake.prose.text_marks import Scene
from pipelines.intake.prose.text_matching import PUNCT, WORD, Mark
from pipelines.intake.prose.written_numbers import Number

_HEADS = frozenset({"class", "breakdown", "people", "units", "compared", "ignored"})


_STOPS = frozenset({"speech", "role", "boundaries", "window", "actor", "cumulative", "part_of", "day"})


def find_head(number: Number, stop: int, start: int, scene: Scene) -> Head | None:
    """The head of a number whose sentence runs from token `start` to `stop`; None: it counts no people."""
    if _forbidden_before(number, start, scene):
        return None
    label = find_label(number, start, scene)
    if label is not None and scene.tokens[number.lead - 1].text == ":":
        return label
    if label is None and is_strange_item(number, start, scene):
        return None
    head, fits = _right(number, stop, scene)
    if head is not None:
        if head.kind == "bare" and is_year(number, scene):
            return None  # "En 2025 habían sido encarcelados 30"
        after = range(head.last, min(stop, head.last + 2))  # "15 reportes nuevos al día"
        return None if any(m.label == "rates" for i in after for m in scene.at(i)) else head
    if label is not None and fits:
        return label
    gapped = _gapped(number, stop, scene) if label is None and fits else None
    if gapped is not None:
        return gapped
    if not fits or number.form == "none" or _ages(number, stop, scene):
        return None
    if number.form == "one" and not any(i in scene.dated for i in range(number.last, number.last + 2)):
        return None
    return Head("bare", first=number.last, last=number.last) if fits_bare(number, start, scene) else None


def _forbidden_before(number: Number, start: int, scene: Scene) -> bool:
    index = number.lead - 1
    if index < start:
        return False
    tokens = scene.tokens
    if (
        tokens[index].text in ("-", ".")
        and index > start
        and tokens[index - 1].text in ("v", "e", "j", "c", "n")
    ):
        return True
    if tokens[index].text in ("$", "€", "#", "+", "/", "@"):
        return tokens[index].text != "/" or tokens[index].end == tokens[index + 1].start
    return any(mark.label == "units_before" for mark in scene.until(number.lead, max(start, index - 3)))


def _right(number: Number, stop: int, scene: Scene) -> tuple[Head | None, bool]:
    """The head after the number; and, without one, whether the number may stand alone."""
    index, strange = number.last, 0
    tokens, language = scene.tokens, scene.language
    while index < stop:
        marks = scene.at(index)
        heads = [m for m in marks if m.label in _HEADS]
        if heads:
            if _doubtful(heads, number, scene):
                heads = [m for m in heads if m.label != "units"]
            found = as_head(heads)
            return (found, found is not None)
        told = scene.dated.get(index) if index == number.last else None
        if told is not None and told.kind in ("week", "recent") and told.stop - told.start <= 3:
            if is_held_against(number, scene):
                return None, True  # "down from 903 the week before"
            return None, False  # "las dos últimas semanas", but not "426 desde que empezó el proceso"
        if index == number.last and any(m.label == "qualifier" and _more(m, scene) for m in marks):
            return None, False  # "192 más de los 875": a difference
        if any(m.label == "speech" and m.value == "said" for m in marks) and index == number.last:
            strange, index = strange + 1, marks[0].last
            continue
        if any(m.label in _STOPS for m in marks) or index in scene.dated or index in scene.named:
            return None, not strange
        skipped = next((m for m in marks if m.label in ("additional", "qualifier_after", "past")), None)
        if skipped is not None:
            index = skipped.last
            continue
        token = tokens[index]
        if token.kind is PUNCT:
            if token.text == '"':
                index += 1
                continue
            if token.text == "-" and index == number.last and _glued(index, scene):
                return None, False
            if token.text in "%$€" and index == number.last:
                return None, False
            return None, not strange
        if token.kind is not WORD:
            return None, not strange
        if token.text in language.fillers:
            index += 1
            continue
        if token.text in language.function_words:
            return None, not strange
        strange += 1
        if strange > 1:
            return None, False
        index += 1
    return None, not strange


def _doubtful(heads: list[Mark], number: Number, scene: Scene) -> bool:
    """ "8 soldiers freed", "quedan 168 efectivos presos": a noun that is mostly no prisoner's, beside a word
    that says that here it is."""
    if {m.label for m in heads if m.label in ("units", "breakdown")} != {"units", "breakdown"}:
        return False
    tokens, language = scene.tokens, scene.language
    after = heads[0].last
    while after < len(tokens):
        if any(m.label == "class" and m.value in FAMILIES for m in scene.at(after)):
            return True
        if tokens[after].text not in language.fillers:
            break
        after += 1
    first = max(0, number.lead - 4)
    return any(
        (m.label == "part_of" and m.last >= number.lead - 1)
        or (m.label == "class" and m.value in FAMILIES and m.last >= number.lead - 2)
        for index in range(first, number.lead)
        for m in scene.at(index)
    )


def _gapped(number: Number, stop: int, scene: Scene) -> Head | None:
    """ "60 son mujeres; 170, militares; y tres, adolescentes": the comma stands for the verb."""
    tokens = scene.tokens
    if number.last + 1 >= stop or tokens[number.last].text != ",":
        return None
    after = number.last + 1
    if tokens[after].text in scene.language.copulas and tokens[number.lead - 1].text == ",":
        after += 1  # "la mayoría, 1.567, son adultos"
    marks = [m for m in scene.at(after) if m.label == "breakdown"]
    if not marks or (marks[0].last < stop and tokens[marks[0].last].text not in (",", ";", ".")):
        return None
    return as_head(marks)


def _more(mark: Mark, scene: Scene) -> bool:
    """Whether "more than" or "fewer than" stands straight before another number, with an article at most."""
    after = (
        mark.last + (scene.tokens[mark.last].text in scene.language.articles)
        if scene.tokens[mark.last :]
        else 0
    )
    return mark.value in ("more_than", "less_than") and after in scene.starts


def _ages(number: Number, stop: int, scene: Scene) -> bool:
    """ "de 14 a 17 años": the unit comes after the second number."""
    after = next(iter(scene.numbers_in((number.first + 1, stop))), None)
    if after is None or after.first >= stop or after.lead - number.last != 1:
        return False
    if scene.tokens[number.last].text not in scene.language.range_joiners | {"-"}:
        return False
    head, fits = _right(after, stop, scene)
    return head is None and not fits


def _glued(index: int, scene: Scene) -> bool:
    """ "52-year-old": a number inside a word."""
    if index + 1 >= len(scene.tokens):
        return False
    before, dash, after = scene.tokens[index - 1 : index + 2]
    return before.end == dash.start and dash.end == after.start and after.kind is WORD


_NEAR = 5


class Reading(NamedTuple):
    """What is counted. `family`: custody, arrest, release … or "" where only the context can tell.

    `also`: a second family that the same words state ("released on conditional liberty").
    """

    family: str
    source: str  # noun, verb_after, verb_before, none
    breakdowns: tuple[str, ...] = ()
    also: str = ""
    event: bool = False  # a verb of happening: "salieron"
    word: str = ""  # the class that decided


def read_measure(number: Number, head: Head, left: int, right: int, scene: Scene) -> Reading:
    """Read the measure of a number whose own words run from token `left` to `right`."""
    after = words_near(max(head.last, number.last) if not head.label else number.last, right, True, scene)
    before = words_near(left, head.first if head.label else number.lead, False, scene)
    breakdowns = _breakdowns(head, after, before)
    nouns = [FAMILIES[c] for c in head.classes if c in NOUNS]
    if nouns:
        return _with_noun(nouns[0], number, head, after, before, breakdowns, scene)
    return _without_noun(head, after, before, breakdowns, scene)


def _breakdowns(head: Head, after: list[Near], before: list[Near]) -> tuple[str, ...]:
    out = list(head.breakdowns)
    prisons = [n for n in after if n.mark.value.startswith("facility=")]
    after = (
        after if len(prisons) < 2 else [n for n in after if n not in prisons]
    )  # "de El Rodeo y La Crisálida"
    keys = {part.split("=")[0] for b in out for part in b.split(";")}
    for near in after:
        value = near.mark.value
        key = value.split("=")[0]
        limit = 1 if head.kind != "bare" else 2
        if value.startswith("facility="):
            limit = 3  # "fueron liberados el sábado de la Zona 7"
        if value == "status=excluded_from_amnesty":
            limit = 16
        if near.mark.label != "breakdown" or near.cost > limit or key in keys or _pointless(key, keys):
            continue
        out.append(value)
        keys.add(key)
    if not out:
        for near in before:
            if near.mark.label == "breakdown" and near.cost <= 1 and _predicate(near.mark.value, head):
                out.append(near.mark.value)
                break
    for near in before:
        if near.mark.value == "status=excluded_from_amnesty" and near.cost <= 12:
            return (near.mark.value,)
    return tuple(out[:2])


def _predicate(value: str, head: Head) -> bool:
    if head.kind not in ("people", "bare"):
        return value.startswith(("basis=", "status=whereabouts_unknown"))
    return value.startswith(("status=", "sentenced=", "health=", "group=", "basis="))


def _pointless(key: str, keys: set[str]) -> bool:
    """A prison named after "15 hombres" says where they left from; the part is still the men."""
    where = key in ("facility", "place", "region", "reason", "basis", "channel")
    return where and bool(keys - {"prior_status"})


def _with_noun(
    family: str,
    number: Number,
    head: Head,
    after: list[Near],
    before: list[Near],
    breakdowns: tuple[str, ...],
    scene: Scene,
) -> Reading:
    word = next(c for c in head.classes if c in NOUNS)
    partitive = 1 <= head.first - number.last <= 2 and not head.label  # "1.515 dos detidos … já foram soltos"
    if family == "custody":
        for near in after:
            found = FAMILIES.get(near.mark.value, "") if near.mark.label == "class" else ""
            open_road = scene.barrier(head.last, near.mark.first) == 0
            if found not in ("", "custody") and near.cost <= (_NEAR if partitive or open_road else 2):
                return Reading(
                    found, "verb_after", breakdowns, _second(found, after), _event(near), near.mark.value
                )
            if found == "custody" and near.mark.value == "custody_verb" and near.cost <= 2:
                return Reading(family, "noun", breakdowns, word="custody_verb")
        governing = _governing(before)
        if governing is not None:
            found = FAMILIES[governing.mark.value]
            return Reading(
                found,
                "verb_before",
                breakdowns,
                _second(found, after),
                _event(governing),
                governing.mark.value,
            )
        return Reading(family, "noun", breakdowns, word=word)
    if family == "release":
        if any(FAMILIES.get(n.mark.value) == "promise" and n.cost <= 3 for n in (*before, *after)):
            return Reading("promise", "noun", breakdowns, word="promise")
        if any(n.mark.value == "freedom" and n.cost <= 1 for n in after):
            return Reading("freedom", "noun", breakdowns, word="freedom")
    if family == "beneficiary" and any(n.mark.value == "freedom" and n.cost <= 1 for n in after):
        return Reading("freedom", "noun", breakdowns, word="freedom")
    return Reading(family, "noun", breakdowns, _second(family, after), word=word)


def _second(family: str, after: list[Near]) -> str:
    if family == "release" and any(n.mark.value == "conditional" and n.cost <= 2 for n in after):
        return "restricted"
    return ""


def _why(near: Near, scene: Scene) -> bool:
    """ "se redujo a 678 tras las excarcelaciones": why it changed, not what was counted."""
    first = near.mark.first
    return any(t.text in scene.language.causes for t in scene.tokens[max(0, first - 3) : first])


def _event(near: Near) -> bool:
    return near.mark.value in ("release_verb", "release_people", "arrest_verb")


def _governing(before: list[Near]) -> Near | None:
    """ "la excarcelación de 116 presos políticos": the word just before the number."""
    for near in before:
        if near.mark.label == "class" and near.mark.value in FAMILIES:
            if FAMILIES[near.mark.value] in ("release", "promise", "arrest", "death") and near.cost <= 1:
                return near
            if near.mark.value != "restricted":  # "recobraron la libertad, bajo restricciones, 55 presos"
                return None
    return None


def _without_noun(
    head: Head, after: list[Near], before: list[Near], breakdowns: tuple[str, ...], scene: Scene
) -> Reading:
    verbs = [FAMILIES[c] for c in head.classes if c in VERBS]
    near_after = [n for n in after if n.mark.label == "class" and n.mark.value in FAMILIES]
    if head.kind == "bare":
        near_after = [n for n in near_after if not _why(n, scene)]
    near_before = [n for n in before if n.mark.label == "class" and n.mark.value in FAMILIES]
    limit = _NEAR if head.kind != "breakdown" else 1
    if near_after and near_after[0].mark.value == "custody_noun":
        limit = max(limit, 3)
    options = [n for n in near_after if n.cost <= limit]
    restricted = next((n for n in near_after if FAMILIES[n.mark.value] == "restricted" and n.cost <= 6), None)
    governing = _governing(before)
    if governing is not None and FAMILIES[governing.mark.value] == "release" and restricted is not None:
        return Reading("release", "verb_before", breakdowns, _second("release", after), True, "release_noun")
    if restricted is not None and all(FAMILIES[n.mark.value] in ("custody", "restricted") for n in options):
        return Reading("restricted", "verb_after", breakdowns, word="restricted")
    best: Near | None = options[0] if options else None
    if near_before and near_before[0].cost <= _NEAR:
        handicap = 2 if head.kind in ("people", "breakdown") else 0
        if best is None or near_before[0].cost + handicap < best.cost + (2 if head.kind == "bare" else 0):
            best = near_before[0]
    if best is not None and best.mark.value == "custody_noun":
        # "people held for political reasons have applied": the verb says more than the participle
        stronger = [n for n in options if FAMILIES[n.mark.value] != "custody" and n.cost <= 2]
        best = stronger[0] if stronger else (governing or best)
    if best is not None and best.after and best.mark.value == "arrest_verb" and governing is not None:
        best = governing  # "the release of 381 people arrested after the vote"
    if verbs and (best is None or best.cost > 0 or not best.after):
        return Reading(verbs[0], "verb_after", breakdowns, word=head.classes[0])
    if best is None:
        return Reading("", "none", breakdowns)
    found = FAMILIES[best.mark.value]
    source = "verb_after" if best.after else "verb_before"
    also = _second(found, after)
    if found == "release" and best.after and any(n.mark.value == "promise" for n in options):
        found = "promise"
    out = any(FAMILIES[n.mark.value] == "release" and n.cost <= 2 for n in near_after)
    if found == "restricted" and out and not best.after:  # "concedió medidas a 31, que ya salieron"
        return Reading("release", source, breakdowns, "restricted", True, "release_verb")
    return Reading(found, source, breakdowns, also, _event(best), best.mark.value)
