"""The words beside a number: its label, and what supports or forbids that it counts."""

from typing import NamedTuple

from pipelines.intake.prose.text_marks import Scene
from pipelines.intake.prose.text_matching import BREAK, PUNCT, WORD, Mark
from pipelines.intake.prose.written_numbers import Number

_CLAUSE = 14  # tokens within which a clause says that it totals
_LONGEST = 16  # tokens of the longest name
_GOES_ON = ("cumulative", "speech", "additional", "announce")


def is_supported(number: Number, scene: Scene) -> bool:
    """Whether the words beside a bare number say that it goes on counting: "haber confirmado 53", "son 349",
    "32 el domingo", "etapa: 459"."""
    language, tokens = scene.language, scene.tokens
    if in_list_of_speakers(number, scene):
        return True
    if counts_since(number.last, scene) or number.first in scene.changes or number in scene.changes.values():
        return True
    if number.lead >= 2 and tokens[number.lead - 1].text == "(" and number.lead - 2 in scene.dated:
        return True  # "hace una semana (1.793)"
    if number.lead < number.first or number.last in scene.dated or number.last + 1 in scene.dated:
        return True
    if any(m.reach == number.last for m in scene.moments) or _goes_on_after(number, scene):
        return True
    dated = False
    for index in range(number.lead - 1, max(-1, number.lead - 7), -1):
        token = tokens[index]
        if index in scene.dated:
            dated = True
            continue  # "subió ese día a 372"
        if dated and token.text in ",;":
            return True  # "431 desde el 8 de enero, el domingo 35"
        if dated and index + 1 in scene.ends | {e + 1 for e in scene.ends}:
            return True  # "el domingo iban 17 y el lunes 41"
        if token.text == ":" or token.text in language.copulas:
            return True
        if token.text == "," and index - 1 in scene.named:
            return True  # "Foro Penal eleva la cifra a 41; JEP, a 53"
        marks = [m for first in range(max(0, index - 3), index + 1) for m in scene.at(first)]
        if any(m.last == index + 1 and m.label in _GOES_ON for m in marks):
            return True
        if token.text not in language.lead_in and token.text not in language.fillers:
            break
    return _totals_up(number, scene)


def in_list_of_speakers(number: Number, scene: Scene) -> bool:
    """ "Foro Penal suma 448, JEP 455 y la Plataforma 462": a number straight after a name that opens an item
    of a list, after another number."""
    close = scene.mentions_in((number.lead - _LONGEST, number.lead))
    gap = scene.tokens[number.lead - 1].text in scene.language.lead_in  # "X lo sitúa en 84 y JEP en 81"
    mention = next((m for m in close if m.named and number.lead - gap <= m.last <= number.lead), None)
    if mention is None:
        return False
    before = mention.first - 1
    while before > 0 and scene.tokens[before].text in scene.language.articles:
        before -= 1
    opens = scene.tokens[before].text in scene.language.joint | {",", ";", ":"}
    return opens and any(n.last <= before for n in scene.numbers_in((max(0, before - 25), before)))


def _totals_up(number: Number, scene: Scene) -> bool:
    """ "bringing the total since the law took effect to 22": a running total, said a clause before."""
    language = scene.language
    if scene.tokens[number.lead - 1].text not in language.change_to | language.lead_in:
        return False
    for index in range(number.lead - 1, max(-1, number.lead - _CLAUSE), -1):
        if index in scene.counted or scene.tokens[index].text in ",;:.(":
            return False
        if any(m.label == "cumulative" for m in scene.at(index)):
            return True
    return False


def _goes_on_after(number: Number, scene: Scene) -> bool:
    """ "las 406 que anunció …", "60 ocurrieron el 25", "uno menos que los 275 de su recuento"."""
    tokens, language = scene.tokens, scene.language
    if number.last < len(tokens) and tokens[number.last].text in language.relative:
        return any(m.label in ("speech", "announce") for m in scene.at(number.last + 1))
    index = number.last
    while index < min(len(tokens), number.last + 3) and tokens[index].text in language.fillers:
        index += 1
    if index in scene.dated and index > number.last:
        return True
    return is_held_against(number, scene)


def counts_since(last: int, scene: Scene) -> bool:
    """ "65 desde que entró en vigor la ley": since then, whenever that was."""
    after = last + 1 if last < len(scene.tokens) and scene.tokens[last].kind is WORD else last
    for index in {last, after}:
        roles = {m.value for m in scene.at(index) if m.label == "role"}
        if "since" in roles and (
            "between" not in roles or not scene.dated.keys().isdisjoint(range(index + 1, index + 3))
        ):
            return True  # "freed from Ramo Verde" opens no window
    return False


def is_held_against(number: Number, scene: Scene) -> bool:
    """Whether a number is the other count of a comparison: "uno menos que los 275", "down from 940"."""
    before = number.lead - 1
    if number.first in scene.changes:
        return True
    direct = scene.until(number.lead, max(0, before - 4))
    if any(m.label == "compared" and m.last - m.first > 1 for m in direct):
        return True
    if before <= 0 or scene.tokens[before].text not in scene.language.articles:
        return False
    marks = [m for first in range(before - 3, before) for m in scene.at(first)]
    if any(m.label == "compared" and m.last >= before for m in marks):
        return True
    # "192 más de los 875": the number before is the difference
    return any(m.label == "qualifier" and m.last == before and m.first in scene.ends for m in marks)


def fits_bare(number: Number, start: int, scene: Scene) -> bool:
    """Whether a number without a noun can be a figure: not a name's number, not a year."""
    index = number.lead - 1
    if is_year(number, scene):
        return False
    if index < start:
        return True
    before = scene.tokens[index]
    if before.text in (",", "(") and _aged(number, index, start, scene):
        return False
    if before.kind is not WORD or number.lead < number.first:
        return True
    if not scene.capital(index) or all(t.kind is PUNCT for t in scene.tokens[start:index]):
        return True
    return index in scene.named and (
        before.text in scene.language.lead_in or in_list_of_speakers(number, scene)
    )


def is_year(number: Number, scene: Scene) -> bool:
    plain = number.form == "figure" and not number.grouped and len(scene.tokens[number.first].text) == 4
    return plain and 1900 <= number.value <= 2100


def _aged(number: Number, comma: int, start: int, scene: Scene) -> bool:
    """ "Fulano, 56, habló": a number between commas after a name is the person's age."""
    after = scene.tokens[number.last].text if number.last < len(scene.tokens) else ""
    name = comma - 1
    if after not in (",", ")") or name < start or number.value > 110 or name in scene.places:
        return False
    if scene.tokens[name].text in scene.language.kin:
        return True
    return scene.tokens[name].kind is WORD and scene.capital(name)


_ITEM = 6  # tokens of a list item's label
_LABEL_GAP = frozenset({":", ",", "-", "(", "="})


class Head(NamedTuple):
    """What a number counts. `kind`: class, people, breakdown or bare; what its noun means."""

    kind: str
    classes: tuple[str, ...] = ()
    breakdowns: tuple[str, ...] = ()
    first: int = -1
    last: int = -1
    label: bool = False  # the noun stands before the number: "Mujeres: 24"


def as_head(marks: list[Mark]) -> Head | None:
    """What the marks at one token make of a number; None: a unit or a comparison."""
    first, last = marks[0].first, marks[0].last
    if any(m.label in ("units", "compared", "ignored") for m in marks):
        return None
    classes = tuple(m.value for m in marks if m.label == "class")
    breakdowns = tuple(m.value for m in marks if m.label == "breakdown")
    if any(not c.endswith("_verb") for c in classes):
        return Head("class", classes, breakdowns, first, last)
    if breakdowns:
        return Head("breakdown", classes, breakdowns, first, last)
    if classes:
        return Head("bare", classes, (), first, first)
    return Head("people", (), (), first, last)


def find_label(number: Number, start: int, scene: Scene) -> Head | None:
    """ "Mujeres: 24", "Tocorón, 14;", "Valencia (30)"."""
    index = number.lead - 1
    gap = 0
    while index > start and scene.tokens[index].text in _LABEL_GAP and gap < 2:
        index, gap = index - 1, gap + 1
    if index < start:
        return None
    if not gap:
        copula = _said_label(index, start, scene)
        if copula is not None:
            return copula
    ending = [m for m in _ending(index + 1, start, scene) if m.label in ("class", "breakdown", "people")]
    if not ending:
        return None
    first = ending[-1].first
    if next(m for m in ending if m.first == first).value == "amnesty":
        return None  # the law's name before a colon is nobody's label
    if _counted_already(first, scene, start):
        return None
    head = as_head([m for m in scene.marks[first] if m.label in ("class", "breakdown", "people")])
    if head is None or head.kind == "bare" or (gap == 0 and head.kind != "breakdown"):
        return None
    return Head(head.kind, head.classes, head.breakdowns, first, index + 1, label=True)


def is_strange_item(number: Number, start: int, scene: Scene) -> bool:
    """ "Visitas negadas: 12": an item of a list whose label says nothing that is known."""
    colon = number.lead - 1
    if colon <= start or scene.tokens[colon].text != ":" or colon - start > _ITEM:
        return False
    if start == 0 or scene.tokens[start - 1].kind is not BREAK:
        return False
    words = [i for i in range(start, colon) if scene.tokens[i].kind is WORD]
    known = scene.marked | scene.named | scene.dated.keys()
    return bool(words) and not any(i in known for i in words)


def _said_label(index: int, start: int, scene: Scene) -> Head | None:
    """ "Los extranjeros son 89", "las mujeres presas suman 120", "sin condena hay 528"."""
    copula = scene.tokens[index].text in scene.language.copulas | scene.language.there_is
    if not copula:
        running = [m for m in _ending(index + 1, start, scene) if m.label == "cumulative"]
        if not running:
            return None
        index = running[0].first
    marks = _ending(index, start, scene)
    adjective = [m for m in marks if m.label == "class" and m.value == "custody_noun"]
    if adjective and not any(m.label == "breakdown" for m in marks):
        marks = _ending(adjective[0].first, start, scene)
    breakdowns = tuple(m.value for m in marks if m.label == "breakdown")
    if not breakdowns or _counted_already(marks[0].first, scene, start):
        return None
    first = next(m.first for m in marks if m.label == "breakdown")
    opens = first - start <= 3 or any(
        scene.tokens[i].text in ".,;:y" for i in range(max(start, first - 3), first)
    )
    return Head("breakdown", (), breakdowns, first, index, label=True) if opens else None


def _ending(last: int, start: int, scene: Scene) -> list[Mark]:
    """The marks that end just before token `last`."""
    return scene.until(last, max(start, last - 6))


def _counted_already(first: int, scene: Scene, start: int) -> bool:
    """Whether the noun at `first` is the head of a number just before it."""
    for number in scene.numbers_in((start, first)):
        if start <= number.first and number.last <= first and first - number.last <= 4:
            between = scene.tokens[number.last : first]
            if scene.tokens[number.lead - 1].text == ":" and number.lead > start and not between:
                continue  # "Mujeres: 24 Hombres: 30", but not ": 12 en El Rodeo, 5 en …"
            if all(t.kind is WORD and t.text not in scene.language.joint for t in between):
                return True
    return False


NOUNS = {
    "custody_noun": "custody",
    "arrest_noun": "arrest",
    "release_noun": "release",
    "release_people": "release",
    "restricted": "restricted",
    "freedom": "freedom",
    "application": "application",
    "beneficiary": "beneficiary",
    "benefited": "beneficiary",
    "death": "death",
    "died": "death",
}


VERBS = {
    "custody_verb": "custody",
    "arrest_verb": "arrest",
    "release_verb": "release",
    "promise": "promise",
}


FAMILIES = {**NOUNS, **VERBS}


class Near(NamedTuple):
    cost: int
    mark: Mark
    after: bool


def words_near(first: int, last: int, after: bool, scene: Scene) -> list[Near]:
    """Class and breakdown marks between two tokens, with the cost of reaching each from the number."""
    out = []
    for index in range(first, last):
        for mark in scene.at(index):
            if mark.label not in ("class", "breakdown") or mark.last > last:
                continue
            path = range(first, index) if after else range(mark.last, last)
            cost = 2 * scene.barrier(path.start, path.stop) + len(path) // 3
            if after and mark.value == "custody_noun" and any(_new_clause(i, scene) for i in path):
                cost += 9
            elif after and mark.value in VERBS and _second_verb(path, scene):
                cost += 6
            out.append(Near(cost, mark, after))
    return sorted(out, key=lambda n: (n.cost, n.mark.first if after else -n.mark.first))


def _second_verb(path: range, scene: Scene) -> bool:
    """ "han liberado a once y mantienen a mil": a verb straight after "and" has its own number."""
    return len(path) > 0 and scene.tokens[path[-1]].text in scene.language.joint


def _new_clause(index: int, scene: Scene) -> bool:
    """ "llegó a 452 y los detenidos superan …": and, with an article, opens with another subject."""
    tokens, language = scene.tokens, scene.language
    return tokens[index].text in language.joint and tokens[index + 1].text in language.articles
