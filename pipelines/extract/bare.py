"""Numbers without a noun: which can be figures, and which are years, ages or part of a name."""

from pipelines.extract.number import Number
from pipelines.extract.scene import Scene
from pipelines.extract.supports import in_list_of_speakers
from pipelines.extract.tokens import PUNCT, WORD


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
