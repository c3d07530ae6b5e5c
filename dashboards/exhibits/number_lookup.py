"""What a number of a headline is: who counted what, since when, who carried it, what came after it.

Nothing is guessed: a number that nobody published here is said to be that, with the nearest ones. One that
this site itself showed wrongly, or that a person corrected in a publication, is said to be that first.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from dashboards.exhibits import own_corrections
from dashboards.exhibits.own_corrections import Mistake
from dashboards.queries import claim_rows, database
from dashboards.queries.memory import remember_asked
from dashboards.queries.view import View
from dashboards.text import amounts, labels, readings, statement_sentences
from dashboards.text.typed_numbers import GREATEST, read_typed
from pipelines.core.model import Kind

Row = Mapping[str, Any]
SHOWN: Final = 3  # matches, later figures and others of the day that are told
NEAR: Final = 2  # days around a figure's own, in which what others said is told beside it


@dataclass(frozen=True)
class Match:
    """One count that was given the number. `claim` leads the best supported statement of it."""

    claim: str
    what: str  # what it counts, in a title
    who: str
    moment: str
    since: str  # from when it counts; empty for people at a moment
    carried: str
    state: Row  # the statement
    later: tuple[str, ...]
    others: tuple[tuple[str, bool], ...]  # what each said, and whether its start is not known to be the same


@dataclass(frozen=True)
class CorrectedNumber:
    """A publication of which the number was read until a person corrected it. `claim` is that publication."""

    claim: str
    title: str  # what it counts, who says it and of when
    told: tuple[str, ...]  # where it was read; when it was corrected, to what and why


@dataclass(frozen=True)
class Lookup:
    """What was typed, the number read in it (None where there is none), and what is known of it."""

    typed: str
    number: int | None
    matches: tuple[Match, ...] = ()
    count: int = 0  # of all matches
    nearest: tuple[tuple[int, str], ...] = ()  # number, and who said it of what
    mistakes: tuple[Mistake, ...] = ()  # of ours, with this number
    corrected: tuple[CorrectedNumber, ...] = ()  # in whose place another number counts
    note: str = ""  # of `Typed`


@remember_asked
def look_up(view: View, typed: str) -> Lookup:
    """All that is known here of the number in a text."""
    number, note = read_typed(typed, view.language)
    if number is None:
        return Lookup(typed, None, note=note)
    of = {"situation": view.situation_id, "number": number, "limit": SHOWN}
    mistakes = own_corrections.find_mistakes_of(view, number, SHOWN)
    corrected = _list_corrected(view, database.ask(view.build, "number_corrected", **of).to_dicts())
    found = database.ask(view.build, "number_matches", **of).to_dicts()
    if found:
        matches = tuple(_make_match(view, row) for row in found)
        return Lookup(typed, number, matches, found[0]["matches"], (), mistakes, corrected, note)
    if corrected:  # then somebody was read to have published it: nothing else is looked for in its place
        return Lookup(typed, number, mistakes=mistakes, corrected=corrected, note=note)
    rows = database.ask(view.build, "number_nearest", **of).to_dicts()
    nearest = tuple((row["value"], _tell_briefly(view, row)) for row in rows)
    return Lookup(typed, number, nearest=nearest, mistakes=mistakes, note=note)


def tell_reading(view: View, found: Lookup) -> str:
    """Why no number was read in what was typed, or which of several was; empty where there is only one."""
    words = view.words
    if found.number is None:
        most = words.number(GREATEST)
        return words(f"lookup.{found.note or 'no_number'}", typed=found.typed, most=most)
    return words("lookup.several", number=words.number(found.number)) if found.note else ""


def tell_mistake(view: View, mistake: Mistake) -> tuple[str, str, str]:
    """What a mistake of ours was about and when it stood; why it was wrong; what stands now."""
    stood = f"{mistake.old.about}. {mistake.shown}."
    now = f"{view.words('corrected.stands')}: {mistake.new.figure}, {mistake.new.about}."
    return stood, mistake.why, now


def _list_corrected(view: View, rows: list[dict[str, Any]]) -> tuple[CorrectedNumber, ...]:
    words, claims = view.words, claim_rows.find_claims(view, (row["claim_id"] for row in rows))
    return tuple(
        CorrectedNumber(
            claim=claim["claim_id"],
            title=words(
                "lookup.match",
                what=labels.name_counted(view, claim["measure"], claim["population"], claim["breakdown"]),
                who=statement_sentences.name_speaker_in_sentence(view, claim["organisation"]),
                moment=words("lookup.moment", day=labels.tell_moment(claim, words))
                if claim["as_of"]
                else words("no_day"),
            ),
            told=(
                words(
                    "lookup.corrected",
                    publisher=view.publisher(claim["publisher"]),
                    day=words.day(claim["published"]),
                ),
                readings.tell_correction(view, row),
            ),
        )
        for row in rows
        if (claim := claims.get(row["claim_id"]))
    )


def _make_match(view: View, row: Row) -> Match:
    words = view.words
    keys = ("organisation", "measure", "population", "breakdown", "as_of")
    same = {"situation": view.situation_id, **{key: row[key] for key in keys}}
    after = {**same, "as_of": row["last_day"]}
    later = []
    if row["kind"] in (
        Kind.STOCK,
        Kind.CUMULATIVE,
    ):  # what another window or announcement counts is no later word
        asked = database.ask(view.build, "figures_after", **after, baseline=row["baseline"], limit=2)
        later = asked.to_dicts()
    others = database.ask(view.build, "figures_beside", **same, days=NEAR, limit=SHOWN).to_dicts()
    window = labels.tell_window(row, words)
    return Match(
        claim=row["claim_id"],
        what=labels.name_counted(view, row["measure"], row["population"], row["breakdown"]),
        who=statement_sentences.name_speaker_in_sentence(view, row["organisation"]),
        moment=_tell_days(view, row),
        since=window,
        carried=words.plural("hover.carriers", int(row["carried"])),
        state=row,
        later=tuple(_tell_later(view, row, each) for each in later),
        others=tuple((_tell_other(view, row, each), _count_apart(row, each)) for each in others),
    )


def _count_apart(one: Row, other: Row) -> bool:
    start = one["baseline"]
    return one["kind"] == Kind.CUMULATIVE and (start is None or start != other["baseline"])


def _tell_days(view: View, row: Row) -> str:
    """The moment, or the first and the last of which the number was said; others may lie between."""
    words = view.words
    first, last = row["first_day"], row["last_day"]
    if first == last:
        return words("lookup.moment", day=labels.tell_moment(row, words))
    return words("lookup.moments", first=words.day(first), last=words.day(last))


def _tell_later(view: View, row: Row, later: Row) -> str:
    words, day = view.words, view.words.short_day(later["as_of"])
    window = "" if later["baseline"] == row["baseline"] else labels.tell_window(later, words)
    amount = words.number(later["value"])
    if window:
        return words("lookup.later_since", amount=amount, day=day, window=window)
    return words("lookup.later_one", amount=amount, day=day)


def _tell_other(view: View, row: Row, other: Row) -> str:
    words = view.words
    told = [amounts.tell_amount(other, words)]
    told += [labels.tell_window(other, words)] if labels.tell_window(other, words) else []
    told += [words.short_day(other["as_of"])] if other["as_of"] != row["as_of"] else []
    who = statement_sentences.name_speaker(view, other["organisation"])
    return words("lookup.other", who=who, told=", ".join(told))


def _tell_briefly(view: View, row: Row) -> str:
    words = view.words
    what = labels.name_counted(view, row["measure"], row["population"], row["breakdown"])
    return words(
        "lookup.brief",
        what=labels.lower_first(what),
        who=statement_sentences.name_speaker_in_sentence(view, row["organisation"]),
        day=labels.tell_short_moment(row, words),
    )
