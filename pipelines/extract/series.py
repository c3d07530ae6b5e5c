"""Numbers in a series: what one says of its window or its whole holds for the next beside it."""

from pipelines.extract.labels import Head
from pipelines.extract.model import Claim, State
from pipelines.extract.nearness import FAMILIES, NOUNS
from pipelines.extract.number import Number
from pipelines.extract.periods import Period
from pipelines.extract.phrases import Mark
from pipelines.extract.scene import Scene
from pipelines.extract.speakers import Attribution
from pipelines.model import TOTAL
from pipelines.model import Kind as MeasureKind

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
