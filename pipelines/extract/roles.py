"""What the words before a moment make of it: since, until, on, or the end of a window."""

from pipelines.extract.language import Language
from pipelines.extract.moment import Moment
from pipelines.extract.phrases import Mark
from pipelines.extract.tokens import TIME, WORD, Token
from pipelines.model import Basis

_REPORT = 10  # tokens from a report to its day


def give_roles(
    moments: list[Moment], tokens: list[Token], marks: list[Mark], language: Language
) -> list[Moment]:
    """Moments, in reading order, with the role that their words give them."""
    ends = {m.last: m for m in marks if m.label == "role"}
    compared = {m.last for m in marks if m.label == "compared"}
    out: list[Moment] = []
    for moment in moments:
        if moment.role != "on":
            out.append(moment._replace(reach=moment.start))
            continue
        role, reach = _role(moment, out, tokens, ends, compared, language)
        vote = out and out[-1].kind == "election" and moment.start - out[-1].stop <= 2
        if role in ("on", "between") and vote:
            role = "before"  # "los comicios del 28 de julio": the vote's day, not the figure's
        out.append(moment._replace(role=role, reach=reach))
    out = _bracketed(out, tokens, language.date_joiners)
    return [_closing(moment, index, out, tokens) for index, moment in enumerate(out)]


def _bracketed(moments: list[Moment], tokens: list[Token], joiners: set[str]) -> list[Moment]:
    """ "(8 de enero - 20 de febrero)": two bare days with a dash between are a window."""
    out = list(moments)
    for index in range(len(out) - 1):
        first, second = out[index], out[index + 1]
        if first.role == second.role == "on" and second.start == first.stop + 1:
            if tokens[first.stop].text in joiners:
                out[index] = first._replace(role="joined")  # "on Thursday and Friday": the later day counts
            if tokens[first.stop].text == "-":
                out[index] = first._replace(role="since")
                out[index + 1] = second._replace(role="until")
    return out


def _role(
    moment: Moment,
    before: list[Moment],
    tokens: list[Token],
    ends: dict[int, Mark],
    compared: set[int],
    language: Language,
) -> tuple[str, int]:
    previous = before[-1] if before else None
    if previous is not None and previous.kind == "recent" and moment.start - previous.stop <= 2:
        return "since", previous.start  # "desde que empezó el proceso, el 8 de enero"
    if previous is not None and previous.pair and previous.start == moment.start:
        return ("until" if previous.role in ("between", "since") else "on"), previous.reach
    index = moment.start
    weak: Mark | None = None
    while index > max(0, moment.start - 9):
        mark = ends.get(index)
        if mark is not None and not (
            mark.value == "between" and tokens[index - 1].text in language.date_fillers
        ):
            return mark.value, mark.first
        weak = weak or mark  # "hasta las 6:30 del viernes": "del" opens a window only if nothing else does
        token = tokens[index - 1]
        if previous is not None and previous.stop == index and not previous.pair:
            break
        if token.text in language.date_joiners and previous is not None and previous.stop == index - 1:
            if previous.role in ("between", "since"):
                return "until", index - 1
            break
        if token.kind is TIME or token.text in language.date_fillers:
            index -= 1
            continue
        break
    if weak is None and _heads_a_line(moment, tokens):
        return "until", moment.start
    if weak is None or weak.value == "between":
        report = _reported(moment, tokens, compared, language)
        if report >= 0:
            return "until", report
    if weak is not None:
        return weak.value, weak.first
    return _far_role(moment, before, tokens, ends)


def _heads_a_line(moment: Moment, tokens: list[Token]) -> bool:
    """ "Foro Penal, 29 de enero: 302 excarcelados": the day between a comma and a colon is the report's."""
    after = tokens[moment.stop].text if moment.stop < len(tokens) else ""
    written = moment.basis is Basis.EXPLICIT and moment.kind == "day" and moment.stop - moment.start > 1
    return written and after == ":" and moment.start > 1 and tokens[moment.start - 1].text == ","


def _reported(moment: Moment, tokens: list[Token], compared: set[int], language: Language) -> int:
    """ "según el último informe de X, del 3 de noviembre": where the report that bears the day stands."""
    index = moment.start - 1
    while index >= 0 and tokens[index].text in language.date_fillers:
        index -= 1
    if index == moment.start - 1 or index < 0:
        return -1
    for before in range(index, max(-1, moment.start - _REPORT), -1):
        token = tokens[before]
        if token.text in language.reports:
            held_against = not compared.isdisjoint(range(before - 2, before + 1))  # "más que en el corte"
            return -1 if held_against else before
        if token.kind is not WORD and token.text != ",":
            return -1
    return -1


def _far_role(
    moment: Moment, before: list[Moment], tokens: list[Token], ends: dict[int, Mark]
) -> tuple[str, int]:
    """ "since the law took effect Feb. 20": a window's word may stand a few words off."""
    for index in range(moment.start, max(0, moment.start - 12), -1):
        mark = ends.get(index)
        if mark is not None:
            return (mark.value, mark.first) if mark.value == "since" else ("on", moment.start)
        token = tokens[index - 1]
        if token.kind is not WORD or (before and before[-1].stop >= index):
            break
    return "on", moment.start


def _closing(moment: Moment, index: int, moments: list[Moment], tokens: list[Token]) -> Moment:
    """ "between" needs its end; alone ("del 8 de enero") it only says which day."""
    before = moments[index - 1] if index else None
    if moment.role == "until" and before is not None and before.role in ("since", "between"):
        between = tokens[before.stop : moment.start]
        if len(between) <= 12 and not any(t.text in (".", ";", ",") for t in between):
            return moment._replace(closes=True)
    if moment.role != "between":
        return moment
    after = moments[index + 1] if index + 1 < len(moments) else None
    if after is not None and after.role == "until":
        return moment._replace(role="since")
    return moment._replace(role="on")
