"""Two numbers that say one thing: ranges ("entre 60 y 70"), and changes ("de 940 a 807")."""

from itertools import pairwise

from pipelines.extract.language import Language
from pipelines.extract.number import Number
from pipelines.extract.phrases import Mark
from pipelines.extract.tokens import Token


def join_ranges(
    numbers: list[Number], tokens: list[Token], marks: list[Mark], language: Language
) -> list[Number]:
    """Numbers with those of a range joined to one."""
    between = {m.last for m in marks if m.label == "role" and m.value == "between"}
    about = {m.last for m in marks if m.label == "qualifier" and m.value == "about"}
    out: list[Number] = []
    for number in numbers:
        low = out[-1] if out else None
        if low is not None and low.high is None and low.value < number.value and low.form != "one":
            gap = [t.text for t in tokens[low.last : number.first]]
            opened = low.first in between or low.first in about
            if gap == ["-"] or (opened and len(gap) == 1 and gap[0] in language.range_joiners):
                lead = low.first - 1 if low.first in between else low.first
                out[-1] = low._replace(
                    last=number.last, high=number.value, qualifier="range", lead=lead, grouped=True
                )
                continue
        out.append(number)
    return out


def find_changes(numbers: list[Number], tokens: list[Token], language: Language) -> dict[int, Number]:
    """ "bajó de 940 a 807": the older count, by its first token, with the newer one."""
    out = {}
    for older, newer in pairwise(numbers):
        gap = [t.text for t in tokens[older.last : newer.lead]]
        if older.high is not None or len(gap) > 12 or not gap or gap[-1] not in language.change_to:
            continue
        if older.lead and tokens[older.lead - 1].text in language.change_from:
            # "de 14 a 17 años" is a range; a change is between counts that are close
            near = older.value < 4 * newer.value and newer.value < 4 * older.value
            if len(gap) == 1 and near and older.value != newer.value and max(older.value, newer.value) > 20:
                out[older.first] = newer
    return out
