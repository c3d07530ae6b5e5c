"""The Overview's sentences: the answer, whether it is old, what changed."""

from dashboards import telling
from dashboards.changes import Change
from dashboards.latest import Headline, Headlines
from dashboards.view import View


def answer(view: View, found: Headlines) -> str:
    """The page's answer in one sentence, as far as there are figures."""
    words, held, left = view.words, found.held, found.left
    facts: dict[str, object] = {
        "organisation": view.names[view.situation.primary_organisation],
        "baseline": words.day(view.situation.baseline),
    }
    if held.rows:
        facts |= _facts(view, held, "held")
    if left.rows:
        facts |= _facts(view, left, "left")
    stated = f"{'held' if held.rows else 'no_held'}_{'left' if left.rows else 'no_left'}"
    confirmed = (
        "headline.answer" if any(each.passed_over and not each.rows for each in found.both) else "answer"
    )
    return words(f"{confirmed}.{stated}", **facts)


def progress(view: View, found: Headlines) -> str:
    """From where to where: the first and the last figure in custody, and how many have left prison since."""
    words, held, left = view.words, found.held, found.left
    facts: dict[str, object] = {"organisation": view.names[view.situation.primary_organisation]}
    sentences = []
    if held.rows:
        first = held.line.sort("as_of").to_dicts()[0]
        sentences.append(
            words(
                "progress.answer_held",
                first=telling.people([first], words),
                first_day=telling.moment(first, words),
                last=telling.people(held.rows, words),
                last_day=telling.moment(held.rows[0], words),
                **facts,
            )
        )
    if left.rows:
        day = {
            "baseline": words.day(view.situation.baseline),
            "last_day": telling.moment(left.rows[0], words),
        }
        sentences.append(words("progress.answer_left", last=telling.people(left.rows, words), **day, **facts))
    return " ".join(sentences) or words("progress.answer_none", **facts)


def _facts(view: View, found: Headline, prefix: str) -> dict[str, object]:
    words = view.words
    return {
        prefix: telling.people(found.rows, words),
        f"{prefix}_day": telling.moment(found.rows[0], words),
        f"{prefix}_age": words.age(found.as_of, view.today),
    }


def staleness(view: View, found: Headlines) -> str:
    """A sentence where the newest figure is older than its organisation's rhythm allows, else empty."""
    words, newest = view.words, found.freshest
    if newest is None or not found.stale:
        return ""
    facts = {
        "organisation": view.names[newest.organisation],
        "age": words.age(newest.newest, view.today),
        "day": words.day(newest.newest),
    }
    if newest.rhythm_days is None:
        return words("stale.text", **facts)
    return words("stale.text_rhythm", rhythm=words.days(round(newest.rhythm_days)), **facts)


def changes(view: View, found: Headlines) -> list[str]:
    """What each series' last bulletin changed, one line a series."""
    words = view.words
    lines = []
    for each in found.both:
        if each.change is not None:
            lines.append(_changed(view, each, each.change))
        elif each.rows:
            key = "headline.only_one" if each.passed_over else "change.only_one"
            lines.append(words(key, measure=words(f"measure.{each.measure}")))
    if not lines and any(each.passed_over for each in found.both):
        return [words("headline.no_change")]
    return lines or [words("change.none")]


def _changed(view: View, found: Headline, change: Change) -> str:
    words = view.words
    facts = {
        "measure": words(f"measure.{found.measure}"),
        "before": words("amount.or").join(telling.figure(row, words) for row in change.before),
        "after": words("amount.or").join(telling.figure(row, words) for row in change.after),
        "before_day": telling.moment(change.before[0], words),
        "after_day": telling.moment(change.after[0], words),
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
