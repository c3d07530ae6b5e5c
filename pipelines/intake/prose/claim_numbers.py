"""One number read as a claim: in its clause, in a series, or leaning on another number."""

from pipelines.core.model import TOTAL
from pipelines.core.model import Kind as MeasureKind
from pipelines.intake.prose.claim_dates import Claim, Period, State
from pipelines.intake.prose.counted_things import Reading, find_head, read_measure
from pipelines.intake.prose.known_names import UNATTRIBUTED
from pipelines.intake.prose.number_context import FAMILIES, NOUNS, VERBS, Head, is_supported, words_near
from pipelines.intake.prose.text_marks import Attribution, Scene, attribute
from pipelines.intake.prose.text_matching import Mark
from pipelines.intake.prose.written_numbers import Number


def head_of(i: int, numbers: list[Number], span: tuple[int, int], scene: Scene) -> Head | None:
    """What the `i`th number of a sentence counts."""
    number = numbers[i]
    head = find_head(number, span[1], span[0], scene)
    if number.first in scene.changes and i + 1 < len(numbers):
        whole = find_head(numbers[i + 1], span[1], span[0], scene)
        if whole is not None and whole.kind in ("class", "people", "breakdown") and not whole.label:
            return whole._replace(first=number.last, last=number.last)
    if head is not None and head.kind == "bare" and not head.classes and i + 1 < len(numbers):
        after = numbers[i + 1]
        if _of(number, after, scene):
            whole = find_head(after, span[1], span[0], scene)
            if whole is not None and whole.kind in ("class", "people") and not whole.label:
                return whole._replace(first=number.last)
    return head


def _of(number: Number, after: Number, scene: Scene) -> bool:
    """ "61 de las 99": one number out of another."""
    gap = [t for t in scene.tokens[number.last : after.lead] if t.text != "%"]
    return 1 <= len(gap) <= 3 and all(t.text in scene.language.fillers for t in gap)


def own_words(
    i: int, numbers: list[Number], heads: list[Head | None], span: tuple[int, int], scene: Scene
) -> tuple[int, int]:
    """The words about a number: from the one before it to the one after. In "50 of 800 prisoners were
    freed" the verb is about the 50."""
    left = span[0]
    if i and _of(numbers[i - 1], numbers[i], scene):
        head = heads[i]
        right = head.last if head is not None else numbers[i].last
        if right < span[1] and scene.tokens[right].text in scene.language.relative:
            right = min([span[1], *(n.lead for n in numbers[i + 1 :])])
            # "ninguno de los 300 que prometió liberar", but "32 de los 600 que cuenta X cruzaron la puerta"
            right = min(
                [
                    right,
                    *(m.last for m in scene.mentions if head is not None and 0 < m.first - head.last <= 4),
                ]
            )
        return numbers[i].lead, right
    if i + 1 < len(numbers) and _of(numbers[i], numbers[i + 1], scene):
        numbers, heads = numbers[: i + 1] + numbers[i + 2 :], heads[: i + 1] + heads[i + 2 :]
    if i:
        before = heads[i - 1]
        counted = [
            j for j in range(i) if heads[j] is not None
        ]  # "creció en siete, de 875 a 882": not the seven
        left = numbers[counted[-1]].last if counted else span[0]
        before = heads[counted[-1]] if counted else None
        if before is not None and not before.label and before.last <= numbers[i].lead:
            left = max(left, before.last)
    right = span[1]
    if i + 1 < len(numbers):
        after = heads[i + 1]
        right = numbers[i + 1].lead
        if after is not None and after.label:
            right = min(right, after.first)
    return left, right


def one_counts(head: Head, reading: Reading, here: list[Claim], number: Number) -> bool:
    """ "una mujer" is a figure inside a list of figures, "una excarcelación" by itself."""
    if number.form == "none":
        counted = head.kind == "class" or (
            head.kind in ("people", "breakdown") and reading.source == "verb_after"
        )
        return counted and reading.family in ("release", "arrest")
    if head.kind == "class" and any(c in ("release_noun", "arrest_noun") for c in head.classes):
        return True
    event = head.kind == "people" and reading.family in ("release", "arrest")
    return bool(here) and (event or head.kind in ("breakdown", "bare") or bool(reading.breakdowns))


def attribution_of(
    number: Number, head: Head, span: tuple[int, int], scene: Scene, state: State
) -> Attribution:
    first = head.first if head.label else number.lead
    last = number.last if head.label else max(number.last, head.last)
    if any(i in scene.starts for i in range(number.last, last)):
        last = number.last  # "61 de las 99 excarcelaciones que anunció …": the noun is that of the 99
    found = attribute(first, last, scene.mentions_in(span), scene)
    if found is not None:
        return found[0]
    if state.speaker is not None:
        return Attribution(state.speaker.organisation, "carried")
    for mention in scene.mentions:
        speaks = not mention.spoken_to and (mention.marker >= 0 or mention.follows)
        if mention.first > number.first and speaks:
            return Attribution(mention.organisation, "cataphor")
    for mention in scene.mentions:
        if not mention.spoken_to:
            return Attribution(mention.organisation, "cataphor", 9)
    return Attribution(UNATTRIBUTED, "none")


def leans(number: Number, head: Head, anchor: Claim | None, index: int, scene: Scene) -> bool:
    """ "un grupo de 60 personas reza": people of whom nothing is said are counted only beside a count, or
    where the words say that it goes on."""
    beside = anchor is not None and anchor.sentence == index
    parted = head.last < len(scene.tokens) and scene.tokens[head.last].text in (",", ":", "(")
    parted = parted and bool(scene.numbers_in((head.last, head.last + 3)))  # "4.203 personas, 3.980 con …"
    return beside or head.label or parted or is_supported(number, scene)


_OTHERWISE = frozenset({"abroad", "decided"})
_ASIDE = 24  # tokens of an aside of parts


def read_number(
    i: int, numbers: list[Number], heads: list[Head | None], span: tuple[int, int], scene: Scene, died: bool
) -> Reading | None:
    """The reading of the `i`th number of a sentence; None: it is no claim. `died`: the text has counted
    deaths in custody."""
    number, head = numbers[i], heads[i]
    if head is None:
        return None
    left, right = own_words(i, numbers, heads, span, scene)
    reading = read_measure(number, head, left, right, scene)
    beside = heads[i + 1] if i + 1 < len(heads) else None
    if not reading.family and beside is not None and _shares_verb(head, numbers[i + 1], beside, scene):
        ahead = own_words(i + 1, numbers, heads, span, scene)
        after = read_measure(numbers[i + 1], beside, *ahead, scene)
        if after.source == "verb_after":
            reading = after._replace(breakdowns=reading.breakdowns, also="")
    verb = None if reading.family else _after_aside(head, span[1], scene)
    if verb is not None:
        reading = reading._replace(family=FAMILIES[verb.value], source="verb_after", word=verb.value)
    return None if _is_elsewhere(number, head, reading, (left, right), span, scene, died) else reading


def _shares_verb(head: Head, after: Number, its: Head, scene: Scene) -> bool:
    """ "41 mujeres y 12 hombres siguen dentro": two parts of one kind before the verb of both."""
    if head.kind != "breakdown" or its.kind != "breakdown" or head.label or its.label:
        return False
    between = [t.text for t in scene.tokens[head.last : after.lead]]
    joined = between and between[-1] in scene.language.joint | {","} and len(between) <= 2
    return bool(joined) and head.breakdowns[0].split("=")[0] == its.breakdowns[0].split("=")[0]


def _after_aside(head: Head, stop: int, scene: Scene) -> Mark | None:
    """ "777 persone, fra cui 84 donne e 178 militari, rimangono in carcere": the verb straight after an aside
    of parts is about the whole before it."""
    tokens, first = scene.tokens, head.last
    if head.kind != "people" or first >= stop or tokens[first].text not in (",", "(", "-"):
        return None
    for index in range(first + 1, min(stop, first + _ASIDE)):
        if tokens[index].text not in (",", ")", "-") or not scene.numbers_in((first, index)):
            continue
        verbs = [m for m in scene.at(index + 1) if m.label == "class" and m.value in VERBS]
        if verbs:
            parts = [
                i
                for i in range(first, index)
                if any(
                    m.label == "part_of" or (m.label == "people" and m.last - m.first > 1)
                    for m in scene.at(i)
                )
            ]
            return verbs[0] if parts else None
    return None


def _is_elsewhere(
    number: Number,
    head: Head,
    reading: Reading,
    own: tuple[int, int],
    span: tuple[int, int],
    scene: Scene,
    died: bool,
) -> bool:
    """ "25 muertes en las protestas", "aprobó 379 excarcelaciones": deaths that no word puts in custody, and
    releases that are only decided. `died`: the text has counted deaths in custody."""
    left, right = own
    if reading.family != "death" and scene.values.isdisjoint(_OTHERWISE):
        return False
    words = [m.value for i in range(left, right) for m in scene.at(i) if m.label == "class"]
    if reading.family == "death" and not died:
        if (
            "died" not in head.classes
        ):  # "murieron 25 manifestantes": all of the sentence may say that they were held
            words = [m.value for i in range(*span) for m in scene.at(i) if m.label == "class"]
        bare = "death" not in head.classes and reading.word != "death"
        return bare and not any(FAMILIES.get(word) == "custody" or word == "was_held" for word in words)
    if "abroad" in words and head.kind != "class":  # "252 venezolanos fueron repatriados": no prisoners here
        return any(n.mark.value == "abroad" for n in words_near(head.last, right, True, scene) if n.cost <= 1)
    if reading.family == "release" and "decided" in words:
        return any(
            n.mark.value == "decided" for n in words_near(left, number.lead, False, scene) if n.cost <= 2
        )
    return False


_NONE = 99  # the cost of a moment that is not there
_OPENS = 5  # tokens before a sentence's subject
_NEAR = 7  # tokens between two members of a series


def find_sibling(
    number: Number, head: Head, attribution: Attribution, sentence: int, state: State
) -> Claim | None:
    """The claim just before a number, in its sentence and by its speaker, with little between them."""
    last = state.claims[-1] if state.claims else None
    if last is None or last.sentence != sentence or last.attribution.organisation != attribution.organisation:
        return None
    end = max(last.number.last, last.head.last)
    begin = head.first if head.label else number.lead
    return last if 0 <= begin - end <= _NEAR else None


def is_series(head: Head, breakdowns: tuple[str, ...], before: Claim) -> bool:
    """ "10 estadounidenses y 16 venezolanos", "60 are Venezuelan; one holds dual nationality": two parts of
    one kind, of the same whole."""
    if head.kind not in ("breakdown", "bare") or head.label or before.breakdown == TOTAL or not breakdowns:
        return False
    return _key(breakdowns[0]) == _key(before.breakdown) and before.breakdown.split(";") != list(breakdowns)


def is_partitive(number: Number, head: Head, scene: Scene) -> bool:
    """ "dos de los liberados son italianos": a part of those just counted."""
    tokens, language = scene.tokens, scene.language
    if head.kind != "class" or head.label or head.first != number.last + 2:
        return False
    return tokens[number.last].text in language.fillers and tokens[number.last + 1].text in language.articles


def share_window(period: Period, before: Claim) -> Period:
    """ "en la última semana hubo cinco detenciones y ninguna excarcelación": the window is that of both."""
    theirs = before.period
    if period.window or not theirs.window or before.measure.kind is not MeasureKind.FLOW:
        return period
    if period.cost == period.cost_start == _NONE:
        return theirs
    if period.as_of is not None:
        return period
    return period._replace(start=theirs.start, window=theirs.window, cost_start=theirs.cost_start)


def _subject(first: int, span: tuple[int, int], scene: Scene) -> Mark | None:
    """ "El número de presos aumentó en 12 con respecto a … y se ubicó en 1.953": the noun that opens the
    sentence, where no other word of a measure stands between."""
    told = [
        m for i in range(span[0], first) for m in scene.at(i) if m.label == "class" and m.value in FAMILIES
    ]
    if not told or len({FAMILIES[m.value] for m in told}) != 1 or told[0].value not in NOUNS:
        return None
    opens = told[0].first - span[0] <= _OPENS and not any(
        i in scene.counted for i in range(span[0], told[0].first)
    )
    return told[0] if opens else None


def _named_after(first: int, span: tuple[int, int], scene: Scene) -> Mark | None:
    """ "De 687 a 631: el número de presos políticos cayó": what changed is named after the two counts."""
    newer = scene.changes.get(first)
    after = newer.last if newer is not None else first + 1
    for index in range(after, span[1]):
        if index in scene.starts:
            return None
        nouns = [m for m in scene.at(index) if m.label == "class" and m.value in NOUNS]
        if nouns:
            return nouns[0]
    return None


def _key(breakdown: str) -> str:
    return breakdown.split("=", 1)[0]


def find_topic(first: int, span: tuple[int, int], scene: Scene) -> Mark | None:
    """ "Así salieron el miércoles, cárcel por cárcel: Tocorón (14), Yare III (2)": what is said before a
    colon, without a number, is what the numbers after it count."""
    changed = {i for older, newer in scene.changes.items() for i in (older, newer.first)}
    if first in changed:  # "la lista de presos creció en siete personas, de 875 a 882"
        nouns = [
            m for i in range(span[0], first) for m in scene.at(i) if m.label == "class" and m.value in NOUNS
        ]
        return nouns[-1] if nouns else _named_after(first, span, scene)
    close = [*scene.until(first, first - 5), *scene.until(first - 1, first - 5)]
    if any(
        m.label == "cumulative" for m in close
    ):  # "El número de presos aumentó en 12 … y se ubicó en 1.953"
        return _subject(first, span, scene)
    colon = next((i for i in range(span[0], first) if scene.tokens[i].text == ":"), None)
    if colon is None or scene.numbers_in((span[0], colon)):
        return None
    told = [
        m for i in range(span[0], colon) for m in scene.at(i) if m.label == "class" and m.value in FAMILIES
    ]
    told = [m for m in told if m.value != "promise"]
    return told[-1] if told and len({FAMILIES[m.value] for m in told}) == 1 else None
