"""What is new since a day, a line for each kind: withdrawn, corrected, in doubt, added, read again."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import polars as pl

from dashboards.exhibits import own_corrections
from dashboards.i18n.rich_text import Cell, Link
from dashboards.queries import database
from dashboards.queries.memory import remember
from dashboards.queries.view import View
from dashboards.text import amounts, labels
from dashboards.text.organisations import name_in_sentence

USUAL_DAYS: Final = 30  # without a last visit
MOST_NAMED: Final = 3  # figures in doubt, organisations; of our mistakes on the front page none is left out


@dataclass(frozen=True)
class NewsLine:
    """One line: its kind (the name of its badge) and what it says."""

    kind: str
    said: Cell


@remember
def list_turns(view: View) -> tuple[date, ...]:
    """The days of the last `USUAL_DAYS`, earliest first, from which on less is new than before; and today."""
    since = find_usual_day(view)
    found = database.ask(view.build, "news_turns", situation=view.situation_id, since=since)
    return tuple(dict.fromkeys([since, *(day for day in found["day"] if day < view.today), view.today]))


def find_usual_day(view: View) -> date:
    """The day from which on news is told where the reader chose none."""
    return view.today - timedelta(days=USUAL_DAYS)


@remember
def summarize_news(view: View, since: date) -> tuple[NewsLine, ...]:
    """What is new or changed since a day, that day included; what is worst for a reader first."""
    words = view.words
    lines = [*_list_mistakes(view, since), *_list_doubts(view, since)]
    found = database.ask(view.build, "news_by_organisation", situation=view.situation_id, since=since)
    added = dict(found.filter(pl.col("added") > 0).select("organisation", "added").iter_rows())
    if added:
        by = [words("news.added_by", organisation=name_in_sentence(view, who)) for who in added]
        told = words.plural("news.added", sum(added.values()), organisations=_list_some(view, by))
        lines.append(NewsLine("added", told))
    read = int(found["read_again"].sum())
    if read:
        lines.append(NewsLine("read", words.plural("news.read_again", read)))
    if not added:
        lines.append(NewsLine("none", words("news.nobody")))
    return tuple(lines)


def _list_mistakes(view: View, since: date) -> list[NewsLine]:
    """Our own mistakes: those of the front page each, the others counted."""
    words, reach = view.words, own_corrections.FRONT
    every = max(1, own_corrections.count_mistakes(view, reach))
    front = [
        each
        for each in own_corrections.list_mistakes(view, reach=reach, per_page=every)
        if each.decided >= since
    ]
    lines = [_tell_mistake(view, each) for each in sorted(front, key=lambda each: not each.removed)]
    days = [each for each in own_corrections.list_days(view) if each.decided >= since]
    if days:
        counts = {name: sum(getattr(each, name) for each in days) for name in ("removed", "changed")}
        told = words.listed(
            [words.plural(f"news.rest_{name}", count) for name, count in counts.items() if count]
        )
        link = Link(words("news.corrected_link"), _make_address(view, "corrected"), outside=False)
        lines.append(NewsLine("corrected", [words("news.corrected_rest", told=told), link]))
    return lines


def _tell_mistake(view: View, mistake: own_corrections.Mistake) -> NewsLine:
    words, old = view.words, mistake.old
    facts = {
        "old": old.figure,
        "about": labels.lower_first(old.about),
        "why": mistake.why.split(". ")[0].rstrip(".") + ".",
    }
    if not mistake.removed:
        return NewsLine("corrected", words("news.corrected", **facts))
    if mistake.new.figure == words("corrected.nothing"):
        return NewsLine("withdrawn", words("news.withdrawn_empty", **facts))
    return NewsLine("withdrawn", words("news.withdrawn", new=mistake.new.figure, **facts))


def _list_doubts(view: View, since: date) -> list[NewsLine]:
    words = view.words
    rows = database.ask(view.build, "news_in_doubt", situation=view.situation_id, since=since).to_dicts()
    if not rows:
        return []
    told = _list_some(view, [amounts.tell_amount(row, words) for row in rows])
    why = words(f"doubt.{rows[0]['doubt']}")
    return [NewsLine("doubt", words.plural("news.doubted", len(rows), figures=told, why=why))]


def _list_some(view: View, names: list[str]) -> str:
    """The first names as a sentence lists them, and how many more there are."""
    rest = len(names) - MOST_NAMED
    if rest <= 0:
        return view.words.listed(names)
    return view.words("news.others", names=", ".join(names[:MOST_NAMED]), count=view.words.number(rest))


def _make_address(view: View, page: str) -> str:
    return f"{page}?situation={view.situation_id}&lang={view.language}"
