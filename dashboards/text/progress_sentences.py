"""What the page of progress answers for the period that it shows: from how many to how many."""

from datetime import date

import polars as pl

from dashboards.metrics.headline import Headlines, find_by
from dashboards.queries.view import View
from dashboards.text import amounts
from dashboards.text.headline_sentences import compose_held, tell_missing
from dashboards.text.labels import tell_moment
from dashboards.text.organisations import name_in_sentence


def compose_progress(
    view: View, found: Headlines, since: date | None = None, until: date | None = None
) -> str:
    """The first figure in custody of a period and the last by its end, and how many had left prison by then.

    Of a period without any, the last figures before it, which are said to be older.
    """
    words, since, until = view.words, since or found.since, until or found.until
    held, left = find_by(found.held, until), find_by(found.left, until)
    facts: dict[str, object] = {"organisation": name_in_sentence(view, view.situation.primary_organisation)}
    sentences = []
    if held.rows:
        last = held.rows[0]
        shown = held.line.filter(pl.col("as_of").is_between(since, last["as_of"])).sort("as_of")
        if shown.height and shown["as_of"][0] < last["as_of"]:
            first = shown.row(0, named=True)
            sentences.append(
                words(
                    "progress.answer_held",
                    first=amounts.tell_people([first], words),
                    first_day=tell_moment(first, words),
                    last=amounts.tell_people(held.rows, words),
                    last_day=tell_moment(last, words),
                    **facts,
                )
            )
        else:  # nothing confirmed after the first: one figure is no way from here to there
            sentences.append(compose_held(view, held))
    if left.rows:
        day = {"baseline": words.day(view.situation.baseline), "last_day": tell_moment(left.rows[0], words)}
        sentences.append(
            words("progress.answer_left", last=amounts.tell_people(left.rows, words), **day, **facts)
        )
    if sentences:
        older = all(each.as_of < since for each in (held, left) if each.rows)
        return " ".join(sentences + ([words.plural("progress.older", len(sentences))] if older else []))
    if any(each.rows for each in found.both):
        return words("progress.none_by", day=words.day(until), **facts)
    missing = next((each for each in found.both if each.passed_over), found.held)
    return tell_missing(view, missing)[1]
