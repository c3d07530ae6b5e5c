"""What a number counts: the noun it stands before, the label it stands after, or nothing said at all."""

from pipelines.extract.bare import fits_bare, is_year
from pipelines.extract.labels import Head, as_head, find_label, is_strange_item
from pipelines.extract.nearness import FAMILIES
from pipelines.extract.number import Number
from pipelines.extract.phrases import Mark
from pipelines.extract.scene import Scene
from pipelines.extract.supports import is_held_against
from pipelines.extract.tokens import PUNCT, WORD

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
