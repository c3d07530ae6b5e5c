"""What the headline says: answer, age, change, direction, what it rests on, what it passed over."""

from datetime import date

from dashboards.i18n.rich_text import Link
from dashboards.metrics.change import Change
from dashboards.metrics.headline import Figure, Headline, Headlines
from dashboards.queries.view import View
from dashboards.text import amounts, labels
from dashboards.text.labels import tell_moment
from pipelines.core.model import Provenance


def compose_answer(view: View, found: Headlines) -> str:
    """The page's answer in one sentence, as far as there are figures."""
    words, held, left = view.words, found.held, found.left
    facts: dict[str, object] = {
        "organisation": view.names[view.situation.primary_organisation],
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
    return words(f"{confirmed}.{stated}", **facts)


def compose_progress(view: View, found: Headlines, since: date | None = None) -> str:
    """From where to where: the first figure in custody, from a day on where one is chosen, and the last; and
    how many have left prison since."""
    words, held, left = view.words, found.held, found.left
    facts: dict[str, object] = {"organisation": view.names[view.situation.primary_organisation]}
    sentences = []
    if held.rows:
        line = held.line.sort("as_of").to_dicts()
        first = next((row for row in line if since is None or row["as_of"] >= since), line[-1])
        sentences.append(
            words(
                "progress.answer_held",
                first=amounts.tell_people([first], words),
                first_day=labels.tell_moment(first, words),
                last=amounts.tell_people(held.rows, words),
                last_day=labels.tell_moment(held.rows[0], words),
                **facts,
            )
        )
    if left.rows:
        day = {
            "baseline": words.day(view.situation.baseline),
            "last_day": labels.tell_moment(left.rows[0], words),
        }
        sentences.append(
            words("progress.answer_left", last=amounts.tell_people(left.rows, words), **day, **facts)
        )
    return " ".join(sentences) or words("progress.answer_none", **facts)


def _tell_facts(view: View, found: Headline, prefix: str) -> dict[str, object]:
    words = view.words
    return {
        prefix: amounts.tell_people(found.rows, words),
        f"{prefix}_day": labels.tell_moment(found.rows[0], words),
    }


def warn_of_staleness(view: View, found: Headlines) -> str:
    """A sentence where the newest figure is older than its organisation's rhythm allows, else empty."""
    words, newest = view.words, found.freshest
    if newest is None or not found.stale:
        return ""
    facts = {
        "organisation": view.names[newest.organisation],
        "age": view.age(newest.newest),
        "day": words.day(newest.newest),
    }
    if newest.rhythm_days is None:
        return words("stale.text", **facts)
    return words("stale.text_rhythm", rhythm=words.days(round(newest.rhythm_days)), **facts)


def compose_changes(view: View, found: Headlines) -> list[str]:
    """What each series' last bulletin changed, one line a series."""
    words = view.words
    lines = []
    for each in found.both:
        if each.change is not None:
            lines.append(_compose_change(view, each, each.change))
        elif each.rows:
            key = "headline.only_one" if each.passed_over else "change.only_one"
            lines.append(words(key, measure=words(f"measure.{each.measure}")))
    if not lines and any(each.passed_over for each in found.both):
        return [words("headline.no_change")]
    return lines or [words("change.none")]


def _compose_change(view: View, found: Headline, change: Change) -> str:
    words = view.words
    facts = {
        "measure": words(f"measure.{found.measure}"),
        "before": words("amount.or").join(amounts.tell_amount(row, words) for row in change.before),
        "after": words("amount.or").join(amounts.tell_amount(row, words) for row in change.after),
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


def compose_direction(view: View, held: Headline) -> str:
    """Whether the number of people in prison rose or fell between the last two figures, in plain words."""
    words = view.words
    if held.change is None:
        return words("headline.no_direction" if held.passed_over else "glance.no_change")
    change = held.change
    days = {
        "before_day": labels.tell_moment(change.before[0], words),
        "after_day": labels.tell_moment(change.after[0], words),
    }
    if change.refusal is not None:
        return words("glance.unknown", **days)
    if change.outcome == "same":
        return words("glance.same", **days)
    return words.plural(f"glance.{change.outcome}", change.people, **days)


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
    """What was passed over, with its source: nothing or one line."""
    passed_over, words = found.passed_over, view.words
    if passed_over is None:
        return []
    row = passed_over.row
    told = words(
        f"headline.{passed_over.reason}",
        figure=amounts.tell_amount(row, words),
        day=labels.tell_moment(row, words),
        publisher=view.publisher(row["publisher"]),
        rule=words(f"doubt.{row['doubt']}") if row["doubt"] else "",
    )
    return [Link(told, row["url"])]


def tell_missing(view: View, found: Headline, *, in_part: bool = False) -> tuple[str, str]:
    """What stands in a number's place where there is no headline, and why there is none, or only a part."""
    words, organisation = view.words, view.names[found.organisation]
    if found.passed_over is None:
        why = "card.no_total" if in_part else "card.no_data"
        return words("no_data"), words(why, organisation=organisation)
    return words("headline.none"), words("headline.none_text", organisation=organisation)


def tell_in_part(view: View, found: Headlines) -> list[Link]:
    """Where no total is published of those who left: what is, one line for each way in which they left."""
    words, labels = view.words, view.situation.breakdown_labels
    return [
        Link(
            words(
                "card.in_part",
                part=words.breakdown(part, labels),
                figure=words("amount.or").join(amounts.tell_amount(row, words) for row in rows),
                day=tell_moment(rows[0], words),
                read=tell_reading(view, rows[0]),
            ),
            rows[0]["url"],
        )
        for part, rows in found.left_in_part.items()
    ]
