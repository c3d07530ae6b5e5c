"""What only the whole text shows: a day told after the parts it dates, and the same claim told twice."""

from pipelines.extract.model import Claim, Day
from pipelines.model import TOTAL, Basis, Kind

_BLANK = 2  # lines without a figure between two labels of one list


def finish(claims: list[Claim], told: list[tuple[int, Day]]) -> list[Claim]:
    """The claims of a text, dated by later sentences where nothing before dated them, each once. `told`: the
    sentences that only name a cut-off, and which."""
    claims = _told_after(claims, told)
    return _distinct([_dated_later(claim, claims) for claim in claims])


def _told_after(claims: list[Claim], told: list[tuple[int, Day]]) -> list[Claim]:
    """ "893 presos. Es el dato del reporte con corte al 8 de diciembre.": the day follows the count, or the
    list of labels, and is that of their parts too."""
    out = list(claims)
    for sentence, (as_of, basis, precision) in told:
        above = sentence - 1
        dated: list[Claim] = []
        for index in range(len(out) - 1, -1, -1):
            claim = out[index]
            if claim.sentence > above or claim.sentence < above - (_BLANK if claim.head.label else 0):
                continue
            if _undated(claim):
                out[index] = claim._replace(as_of=as_of, basis=basis, precision=precision)
                dated.append(claim)
                above = min(above, claim.sentence)
        wholes = {(c.attribution.organisation, c.measure) for c in dated if c.breakdown == TOTAL}
        for index, claim in enumerate(out):
            part = claim.breakdown != TOTAL and claim.sentence > sentence and _undated(claim)
            if part and (claim.attribution.organisation, claim.measure) in wholes:
                out[index] = claim._replace(as_of=as_of, basis=basis, precision=precision)
    return out


def _undated(claim: Claim) -> bool:
    """Whether only the publication day dates a claim."""
    return claim.basis is Basis.PUBLICATION_DATE and claim.period.as_of is None


def _dated_later(claim: Claim, claims: list[Claim]) -> Claim:
    """Parts told before their dated total ("… un cubano. Al 5 de marzo el total es de 526") are of its
    day."""
    if claim.basis is not Basis.PUBLICATION_DATE:
        return claim
    weekly = claim.period.window == "week" and claim.measure.kind is Kind.FLOW
    if not weekly and (claim.breakdown == TOTAL or claim.family != "custody"):
        return claim
    days = {
        (c.as_of, c.basis)
        for c in claims
        if c.family == "custody"
        and c.breakdown == TOTAL
        and c.sentence > claim.sentence
        and c.attribution.organisation == claim.attribution.organisation
        and c.number.value > claim.number.value
        and c.basis is Basis.EXPLICIT
        and not c.held_against
    }
    if len(days) != 1:
        return claim
    as_of, basis = days.pop()
    return claim._replace(as_of=as_of, basis=basis)


def _distinct(claims: list[Claim]) -> list[Claim]:
    out: dict[tuple[object, ...], Claim] = {}
    for claim in claims:
        key = (
            claim.attribution.organisation,
            claim.measure,
            claim.breakdown,
            claim.number.value,
            claim.as_of,
        )
        out.setdefault(key, claim)
    return list(out.values())
