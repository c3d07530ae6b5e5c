"""What the headline says: title, answer, change, direction, what it rests on, what it passed over.

What is sent, quoted or stored carries days and never ages; an age is said only where the page is read.
"""

from typing import NamedTuple

import polars as pl

from dashboards.i18n.rich_text import Link
from dashboards.metrics.breaks import number_epochs
from dashboards.metrics.change import Change
from dashboards.metrics.headline import Figure, Headline, Headlines, PassedOver
from dashboards.metrics.peak import find_peak
from dashboards.queries import series
from dashboards.queries.view import View
from dashboards.text import amounts, labels
from dashboards.text.labels import tell_moment
from dashboards.text.newer_totals import tell_newer
from dashboards.text.organisations import has_stated_rhythm, name_in_sentence
from pipelines.core.model import Measure, Precision, Provenance, Qualifier


class Title(NamedTuple):
    """A page's answer in one dated sentence, in the parts around the number that it is about."""

    before: str
    number: str  # the number and what it counts; empty where there is none
    after: str

    @property
    def text(self) -> str:
        """The sentence."""
        return "".join(self)


def compose_title(view: View, found: Headlines) -> Title:
    """How many are held, when and according to whom; without such a figure, the question."""
    words, held = view.words, found.held
    if not held.rows:
        return Title(words.about("overview.title", view.situation), "", "")
    figure = amounts.tell_amounts(held.rows, words)
    facts = {"figure": figure, "people": amounts.tell_people(held.rows, words)}
    number = words.about("today.number", view.situation, **facts)
    sentence = words.about(
        "today.title",
        view.situation,
        when=tell_on(view, held.rows[0]),
        organisation=name_in_sentence(view, held.organisation),
        number=number,
    )
    before, _, after = sentence.partition(number)
    return Title(before[:1].upper() + before[1:], number, after)


def tell_on(view: View, row: Figure) -> str:
    """A figure's moment with its preposition: el 3 de agosto de 2026, en agosto de 2026."""
    fine = "month" if row["as_of_precision"] == Precision.MONTH else "day"
    return view.words(f"when.{fine}", day=tell_moment(row, view.words))


def find_start(view: View, found: Headlines) -> Figure | None:
    """The first exact figure, from the first day that is shown, of the count that the headline is of."""
    held = found.held
    if not held.rows:
        return None
    line = number_epochs(view, held.line.sort("as_of")).filter(pl.col("as_of") <= held.as_of)
    exact = (pl.col("qualifier") == Qualifier.EXACT) & ~pl.col("contradicted")
    shown = line.filter(exact, pl.col("as_of") >= found.since, pl.col("epoch") == line["epoch"][-1])
    return shown.row(0, named=True) if shown.height and shown["as_of"][0] < held.as_of else None


def compose_lead(view: View, found: Headlines) -> list[str]:
    """Below the title, a sentence each: from how many, how many left prison meanwhile, what was not found."""
    words, left, start = view.words, found.left, find_start(view, found)
    if not found.held.rows:
        return [compose_answer(view, found)]
    sentences = []
    if start is not None:
        sentences.append(words("today.from", first=words.number(start["value"]), when=tell_on(view, start)))
    facts: dict[str, object] = {
        "organisation": name_in_sentence(view, left.organisation),
        "baseline": words.day(view.situation.baseline),
    }
    if is_not_begun(view, left):
        return sentences + tell_newer(view, found)
    if left.rows:
        facts |= {"left": amounts.tell_people(left.rows, words), "day": tell_moment(left.rows[0], words)}
        sentences.append(words.plural("today.left", max(row["value"] for row in left.rows), **facts))
    else:
        sentences.append(words("today.none_confirmed" if left.passed_over else "today.no_left", **facts))
        sentences += _tell_left_in_part(view, found)
    return sentences + tell_newer(view, found)


def is_not_begun(view: View, left: Headline) -> bool:
    """Whether the count of those who left starts after the day that is shown."""
    return not left.rows and view.situation.baseline > view.today


def _tell_left_in_part(view: View, found: Headlines) -> list[str]:
    """Where no total of those who left since the baseline is told: one of unknown start, and each way."""
    told = [tell_missing(view, found.left)[1]] if found.left.undated else []
    words, parts = view.words, [part for part, _ in _list_in_part(view, found, "today.left_part")]
    return told + ([words("today.left_in_part", parts=words.listed(parts))] if parts else [])


def compose_answer(view: View, found: Headlines) -> str:
    """The page's answer in one sentence, as far as there are figures; in a second what is known in part."""
    words, held, left = view.words, found.held, found.left
    if is_not_begun(view, left):
        return compose_held(view, held) if held.rows else tell_missing(view, held)[1]
    facts: dict[str, object] = {
        "organisation": name_in_sentence(view, view.situation.primary_organisation),
        "baseline": words.day(view.situation.baseline),
    }
    if held.rows:
        facts |= _tell_facts(view, held, "held")
    if left.rows:
        facts |= _tell_facts(view, left, "left")
    stated = f"{'held' if held.rows else 'no_held'}_{'left' if left.rows else 'no_left'}"
    confirmed = (
        "headline.answer" if any(each.passed_over and not each.rows for each in found.both) else "answer"
    )
    return " ".join([words(f"{confirmed}.{stated}", **facts), *_tell_left_in_part(view, found)])


def compose_held(view: View, held: Headline) -> str:
    """How many are held, of which day and according to whom, and nothing else."""
    words = view.words
    facts = {
        "organisation": name_in_sentence(view, held.organisation),
        "people": amounts.tell_people(held.rows, words),
        "when": tell_on(view, held.rows[0]),
    }
    return f"{words.plural('quote.in_custody', max(row['value'] for row in held.rows), **facts)}."


def _tell_facts(view: View, found: Headline, prefix: str) -> dict[str, object]:
    words = view.words
    return {
        prefix: amounts.tell_people(found.rows, words),
        f"{prefix}_day": labels.tell_moment(found.rows[0], words),
    }


def warn_of_staleness(view: View, found: Headlines) -> str:
    """A sentence where the newest total is older than its organisation's rhythm allows, else empty."""
    words, newest = view.words, found.freshest
    if newest is None or not found.stale:
        return ""
    facts = {
        "organisation": name_in_sentence(view, newest.organisation),
        "people": _name_counted(view, newest.measure),
        "day": words.day(newest.newest),
    }
    if newest.rhythm_days is None:
        return words("stale.text", **facts)
    key = "expected" if has_stated_rhythm(view, newest.organisation) else "rhythm"
    return words(f"stale.text_{key}", rhythm=words.days(round(newest.rhythm_days)), **facts)


def tell_old(view: View, found: Headline) -> str:
    """Where a headline's series is late for its organisation: how often one comes, or is expected."""
    words = view.words
    if not found.rows or not found.stale:
        return ""
    if found.rhythm_days is None:
        return words("card.old")
    key = "expected" if has_stated_rhythm(view, found.organisation) else "rhythm"
    return words(f"card.old_{key}", rhythm=words.days(round(found.rhythm_days)))


def compose_changes(view: View, found: Headlines) -> list[str]:
    """What each series' last bulletin changed, one line a series."""
    words = view.words
    lines = []
    for each in found.both:
        if each.change is not None:
            lines.append(compose_change(view, words(f"measure.{each.measure}"), each.change))
        elif each.rows:
            key = "headline.only_one" if each.passed_over else "change.only_one"
            lines.append(words(key, measure=words(f"measure.{each.measure}")))
    if not lines and any(each.passed_over for each in found.both):
        return [words("headline.no_change")]
    return lines or [words("change.none")]


def compose_change(view: View, what: str, change: Change) -> str:
    """From which figure to which, and by how many or why that is not said; `what` is what they count."""
    words = view.words
    facts = {
        "measure": what,
        "before": amounts.tell_amounts(change.before, words),
        "after": amounts.tell_amounts(change.after, words),
        "before_day": labels.tell_moment(change.before[0], words),
        "after_day": labels.tell_moment(change.after[0], words),
    }
    sentences = [words("change.facts", **facts)]
    if change.refusal is not None:
        return " ".join([*sentences, words(f"change.refused_{change.refusal}")])
    same = change.outcome == "same"
    sentences.append(
        words("change.same") if same else words.plural(f"change.{change.outcome}", change.people)
    )
    if change.since_exact:
        sentences.append(words("change.since_exact", day=facts["before_day"]))
    return " ".join(sentences)


def compose_direction(view: View, found: Headline) -> str:
    """Whether a headline rose or fell since the figure before it; empty where that says nothing."""
    words, change = view.words, found.change
    if change is None:
        if found.measure is not Measure.IN_CUSTODY:
            return ""
        return words("headline.no_direction" if found.passed_over else "glance.no_change")
    facts = {
        "before": amounts.tell_amounts(change.before, words),
        "day": tell_moment(change.before[0], words),
    }
    if change.refusal is not None:
        return f"{words('card.before', **facts)} {words(f'change.refused_{change.refusal}')}"
    if change.outcome == "same":
        return words("card.same", **facts)
    return words.plural(f"card.{change.outcome}", change.people, **facts)


def compose_peak(view: View, held: Headline, first: Figure | None, short: bool = False) -> str:
    """The highest figure of people held, where it is above the headline and not the `first` that is told
    beside it; its day `short` for a list.
    """
    words, peak = view.words, find_peak(view, held)
    if peak is None or (first is not None and peak.row["as_of"] == first["as_of"]):
        return ""
    tell_day = labels.tell_short_moment if short else tell_moment
    facts = {"value": amounts.tell_amount(peak.row, words), "day": tell_day(peak.row, words)}
    if peak.since is None:
        return words("card.peak", **facts)
    return words("card.peak_since", start=words.tick(peak.since, "yMMMM"), **facts)


def compose_message(view: View, found: Headlines) -> str:
    """What is sent: the answer with its days and its source, and that it is about nobody in particular."""
    words = view.words
    name = words.about("overview.title", view.situation)
    return "\n".join([name, compose_answer(view, found), words("glance.no_person")])


def list_marks(view: View, found: Headline) -> list[str]:
    """All that a reader must know of a headline's figure: its marks, then what it rests on."""
    words = view.words
    said = [mark for row in found.rows for mark in labels.list_marks(row, words, reading=False)]
    said += [ground for row in found.rows for ground in _list_grounds(view, row)]
    return list(dict.fromkeys(said))


def _list_grounds(view: View, row: Figure) -> list[str]:
    """That it is first hand, whether it was read again, and the origins that it rests on where it was not."""
    words = view.words
    said = [words("headline.first_hand")] if row["provenance"] == Provenance.PRIMARY else []
    said.append(tell_reading(view, row))
    if row["checked"] is None and row["origins"] > 1:
        said.append(words.plural("headline.two_origins", row["origins"]))
    return said


def tell_reading(view: View, row: Figure) -> str:
    """Whether a statement was read again, where and when: leída de nuevo en su fuente el 25 nov 2026."""
    words = view.words
    if row["checked"] is None:
        return words("checked.none" if view.known_on is None else "headline.unread_then")
    return words(f"checked.{row['checked']}", day=words.short_day(row["checked_on"]))


def link_passed_over(view: View, found: Headline) -> list[Link]:
    """What was passed over, each with its source: a line for each."""
    return [_link_passed(view, each) for each in found.passed_over]


def _link_passed(view: View, passed: PassedOver) -> Link:
    row, words = passed.row, view.words
    told = words(
        f"headline.{passed.reason}",
        figure=amounts.tell_amount(row, words),
        day=labels.tell_moment(row, words),
        publisher=view.publisher(row["publisher"]),
        rule=words(f"doubt.{row['doubt']}") if row["doubt"] else "",
    )
    return Link(told, row["url"])


def tell_missing(view: View, found: Headline) -> tuple[str, str]:
    """What stands in a number's place where there is no headline, and in a sentence true alone why: that
    its count had not begun, that no total is confirmed, that there are figures and no total, or none.
    """
    words, organisation = view.words, name_in_sentence(view, found.organisation)
    of = {"organisation": organisation, "people": _name_counted(view, found.measure)}
    left = found.measure is Measure.RELEASED_TO_DATE
    if left and is_not_begun(view, found):
        return words("no_data"), words("card.not_begun", people=of["people"])
    if found.passed_over:
        return words("headline.none"), words("headline.none_text", **of)
    if found.undated:
        of |= {"people": words(f"measure_in_sentence.{found.measure}")}
        facts = {
            "figure": amounts.tell_amounts(found.undated, words),
            "day": tell_moment(found.undated[0], words),
        }
        return words("card.undated"), words("card.undated_text", **facts, **of)
    asked = (view.build, view.situation_id, found.organisation)
    told = series.read_measures_told(*asked, known_on=view.known_on)
    if told & ({Measure.RELEASED, Measure.RELEASED_TO_DATE} if left else {found.measure}):
        return words("card.none_in_all"), words("card.no_total", **of)
    return words("no_data"), words("card.no_data", **of)


def _name_counted(view: View, measure: Measure) -> str:
    """What a headline counts, within a sentence: people held, or who left prison since the baseline."""
    words = view.words
    people = words(f"measure_in_sentence.{measure}")
    if measure is Measure.IN_CUSTODY:
        return people
    return f"{people} {words('window.since', day=words.day(view.situation.baseline))}"


def tell_in_part(view: View, found: Headlines) -> list[Link]:
    """Where no total is published of those who left: what is, one line for each way in which they left."""
    return [Link(told, row["url"]) for told, row in _list_in_part(view, found, "card.in_part")]


def _list_in_part(view: View, found: Headlines, key: str) -> list[tuple[str, Figure]]:
    """Each way in which people left, in words of `key`, and the figure of it."""
    words, labels = view.words, view.situation.breakdown_labels
    return [
        (
            words(
                key,
                part=words.breakdown(part, labels),
                figure=amounts.tell_amounts(rows, words),
                day=tell_moment(rows[0], words),
                read=tell_reading(view, rows[0]),
            ),
            rows[0],
        )
        for part, rows in found.left_in_part.items()
    ]


def tell_part_of_left(view: View, found: Headlines) -> tuple[str, float] | None:
    """The largest part that is stated of the headline of those who left, of the same day, and its share."""
    words, left = view.words, found.left
    stated = [(part, row) for part, row in found.parts_of_left.items() if row["qualifier"] == Qualifier.EXACT]
    if not stated or len(left.rows) != 1 or left.rows[0]["qualifier"] != Qualifier.EXACT:
        return None
    part, row = max(stated, key=lambda each: each[1]["value"])
    named = words.breakdown(part, view.situation.breakdown_labels)
    return (
        words("card.part", figure=words.number(row["value"]), part=labels.lower_first(named)),
        row["value"] / left.rows[0]["value"],
    )
