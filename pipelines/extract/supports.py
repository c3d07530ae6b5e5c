"""Whether the words beside a number say that it goes on counting, since when, or against which other."""

from pipelines.extract.number import Number
from pipelines.extract.scene import Scene
from pipelines.extract.tokens import WORD

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
