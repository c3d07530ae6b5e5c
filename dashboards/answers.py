"""The Overview's sentences: the answer, the cards, what changed, who counts what."""

from collections.abc import Sequence

from dashboards import headline, latest, markup, queries, telling, terms
from dashboards.changes import Change
from dashboards.latest import Latest
from dashboards.markup import Cell, Link
from dashboards.view import View
from pipelines.model import Measure
from pipelines.situation import Help


def answer(view: View, held: Latest | None, left: Latest | None) -> str:
    """The page's answer in one sentence, as far as there are figures."""
    words = view.words
    facts: dict[str, object] = {
        "organisation": view.names[view.situation.primary_organisation],
        "baseline": words.day(view.situation.baseline),
    }
    if held is not None:
        facts |= _facts(view, held, "held")
    if left is not None:
        facts |= _facts(view, left, "left")
    stated = f"{'held' if held else 'no_held'}_{'left' if left else 'no_left'}"
    missing = [measure for measure, found in _both(held, left) if found is None]
    confirmed = "headline.answer" if unconfirmed(view, *missing) else "answer"
    return words(f"{confirmed}.{stated}", **facts)


def _both(held: Latest | None, left: Latest | None) -> list[tuple[Measure, Latest | None]]:
    return [(Measure.IN_CUSTODY, held), (Measure.RELEASED_TO_DATE, left)]


def unconfirmed(view: View, *measures: Measure) -> bool:
    """Whether something was published under one of these measures that may be no headline."""
    return any(latest.passed_over(view, measure) is not None for measure in measures)


def progress(view: View, held: Latest | None, left: Latest | None) -> str:
    """From where to where: the first and the last figure in custody, and how many have left prison since."""
    words = view.words
    facts: dict[str, object] = {"organisation": view.names[view.situation.primary_organisation]}
    sentences = []
    if held is not None:
        first = held.points.sort("as_of").to_dicts()[0]
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
    if left is not None:
        day = {
            "baseline": words.day(view.situation.baseline),
            "last_day": telling.moment(left.rows[0], words),
        }
        sentences.append(words("progress.answer_left", last=telling.people(left.rows, words), **day, **facts))
    return " ".join(sentences) or words("progress.answer_none", **facts)


def _facts(view: View, found: Latest, prefix: str) -> dict[str, object]:
    words = view.words
    return {
        prefix: telling.people(found.rows, words),
        f"{prefix}_day": telling.moment(found.rows[0], words),
        f"{prefix}_age": words.age(found.as_of, view.today),
    }


def staleness(view: View, held: Latest | None, left: Latest | None) -> str:
    """A sentence where the newest figure is older than its organisation's rhythm allows, else empty."""
    words = view.words
    known = [each for each in (held, left) if each is not None]
    if not known or not all(each.stale for each in known):
        return ""
    newest = max(known, key=lambda each: each.newest)
    facts = {
        "organisation": view.names[newest.organisation],
        "age": words.age(newest.newest, view.today),
        "day": words.day(newest.newest),
    }
    if newest.rhythm_days is None:
        return words("stale.text", **facts)
    return words("stale.text_rhythm", rhythm=words.days(round(newest.rhythm_days)), **facts)


def held_card(view: View, held: Latest | None) -> str:
    """The card of people in custody."""
    return _card(view, held, Measure.IN_CUSTODY, view.words(f"measure.{Measure.IN_CUSTODY}"), "held")


def left_card(view: View, left: Latest | None) -> str:
    """The card of people released from prison since the baseline."""
    words = view.words
    label = words("card.left", since=words.day(view.situation.baseline))
    return _card(view, left, Measure.RELEASED_TO_DATE, label, "left", [] if left else _in_part(view))


def _in_part(view: View) -> list[Cell]:
    """Where no total is published of those who left: what is, one line for each way in which they left."""
    words, labels = view.words, view.situation.breakdown_labels
    return [
        Link(
            words(
                "card.in_part",
                part=words.breakdown(part, labels),
                figure=words("amount.or").join(telling.figure(row, words) for row in rows),
                day=telling.moment(rows[0], words),
                read=headline.read_again(view, rows[0]),
            ),
            rows[0]["url"],
        )
        for part, rows in latest.left_prison_in_part(view).items()
    ]


def _card(
    view: View, found: Latest | None, measure: Measure, label: str, tone: str, in_part: Sequence[Cell] = ()
) -> str:
    words, passed = view.words, headline.passed(view, measure)
    if found is None:
        number, text = headline.missing(view, measure)
        if in_part and not passed:
            text = words("card.no_total", organisation=view.names[view.situation.primary_organisation])
        return markup.card(label, number, [text, *passed, *in_part], [], f"{tone} lm-missing")
    first = found.rows[0]
    number = words("amount.or").join(telling.figure(row, words) for row in found.rows)
    lines: list[Cell] = [
        words("card.when", day=telling.moment(first, words), age=words.age(found.as_of, view.today)),
        words("card.who", organisation=view.names[found.organisation]),
        *(
            Link(words("card.source", publisher=view.publisher(row["publisher"])), row["url"])
            for row in found.rows
        ),
        *passed,
    ]
    flags = terms.each_opened(headline.marks(view, found), words)
    return markup.card(label, number, lines, flags, tone)


def changes(view: View, held: Latest | None, left: Latest | None) -> list[str]:
    """What each series' last bulletin changed, one line a series."""
    words = view.words
    lines = []
    for measure, found in _both(held, left):
        if found is not None and found.change is not None:
            lines.append(_changed(view, found, found.change))
        elif found is not None:
            key = "headline.only_one" if unconfirmed(view, measure) else "change.only_one"
            lines.append(words(key, measure=words(f"measure.{measure}")))
    if not lines and unconfirmed(view, Measure.IN_CUSTODY, Measure.RELEASED_TO_DATE):
        return [words("headline.no_change")]
    return lines or [words("change.none")]


def _changed(view: View, found: Latest, change: Change) -> str:
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


def who_counts_what(view: View) -> list[Cell]:
    """What the primary organisation says that it counts, and who else has published totals."""
    words, situation = view.words, view.situation
    counts = queries.definitions(view.build, view.situation_id)
    own = queries.only(counts, organisation=situation.primary_organisation)
    lines: list[Cell] = [
        f"{words('measure.' + row['measure'])}: {words.of({'es': row['text_es'], 'en': row['text_en']})}"
        for row in own.to_dicts()
    ]
    website = _website(view, situation.primary_organisation)
    lines.insert(
        0, Link(words("who.primary", organisation=view.names[situation.primary_organisation]), website)
    )
    others = _others(view)
    if others:
        lines.append(words("who.others", organisations=words.listed(others)))
    return lines


def _website(view: View, organisation: str) -> str | None:
    frame = queries.only(queries.organisations(view.build, view.situation_id), organisation=organisation)
    return frame["website"][0] if frame.height else None


def _others(view: View) -> list[str]:
    heads = queries.series_heads(view.build, view.situation_id, view.known_on)
    measures = [Measure.IN_CUSTODY.value, Measure.RELEASED_TO_DATE.value]
    named = heads.filter(heads["measure"].is_in(measures))["organisation"].unique().to_list()
    primary = view.situation.primary_organisation
    return sorted(view.names[each] for each in named if each != primary)


def help_line(view: View, entry: Help) -> Cell:
    """Where a relative can ask."""
    return [Link(entry.name, entry.url), view.words.of(entry.text)]
