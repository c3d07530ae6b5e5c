"""The tools: each opens the published build, asks it, and answers in sentences that the pages say too."""

from collections.abc import Sequence
from typing import Annotated, Any, Final

from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import CallToolResult, TextContent
from pydantic import Field

from dashboards.exhibits import figure_history, news_entries, number_lookup
from dashboards.exhibits.own_corrections import Mistake
from dashboards.mcp_server import comparison, figures
from dashboards.mcp_server.answers import (
    Answer,
    Comparison,
    FigureRecord,
    Figures,
    HeadlinePart,
    Lookup,
    News,
    NewsLine,
    SituationHeadlines,
    SituationLine,
    Situations,
)  # fmt: skip
from dashboards.mcp_server.figures import (
    find_side,
    list_caveats,
    list_common_caveats,
    make_figures,
    tell_figure,
    tell_plainly,
)
from dashboards.mcp_server.questions import (
    MOST,
    Day,
    FigureId,
    KnownOn,
    Language,
    Limit,
    Situation,
    open_asked,
    open_figure,
    read_count,
    read_day,
)  # fmt: skip
from dashboards.metrics.headline import Headline, Headlines, find_headlines
from dashboards.queries import database
from dashboards.queries.view import View
from dashboards.text import amounts, headline_sentences, readings
from dashboards.web.badges import find_state
from pipelines.core.model import TOTAL
from pipelines.core.staleness import is_stale

LONGEST: Final = 24_000  # signs of an answer's text
LONGEST_TYPED: Final = 200


def list_situations(
    language: Language = "es", known_on: KnownOn = None
) -> Annotated[CallToolResult, Situations]:
    """Every monitored situation with its newest headline of people held, its source and its age.

    Never add up figures of two situations: they do not count the same.
    """
    view = open_asked(None, language, known_on)
    asked = [open_asked(each.id, language, known_on) for each in database.read_situations(view.build)]
    lines = [_make_line(each, find_headlines(each)) for each in asked]
    lines.sort(key=lambda line: (not line.figures, [each.age_days for each in line.figures], line.name))
    told = [line.sentence for line in lines]
    return _answer(view, Situations, told, list_common_caveats(view, []), situations=lines)


def _make_line(view: View, found: Headlines) -> SituationLine:
    held = found.held
    shown = make_figures(view, held.rows)
    if not shown:
        missing, why = headline_sentences.tell_missing(view, held)
        told = f"{view.words.of(view.situation.name)}: {missing}. {why}"
    else:
        told = " ".join(tell_figure(view, each) for each in shown)
        told = f"{view.words.of(view.situation.name)}: {told}"
    return SituationLine(
        situation=view.situation_id,
        name=view.words.of(view.situation.name),
        sentence=told,
        figures=shown,
    )


def read_headline(
    situation: Situation = None, language: Language = "es", known_on: KnownOn = None
) -> Annotated[CallToolResult, SituationHeadlines]:
    """How many are held and how many have left prison in one situation, according to whom, how sure, how old.

    Says how each figure was read again and what newer figure was passed over, and why. Leaving prison is not
    being free.
    """
    view = open_asked(situation, language, known_on)
    found = find_headlines(view)
    told = [headline_sentences.compose_answer(view, found), headline_sentences.warn_of_staleness(view, found)]
    for each in found.both:
        told += _tell_headline(view, each)
    told += tell_plainly(headline_sentences.tell_in_part(view, found))
    held, left = (_make_part(view, each) for each in found.both)
    caveats = list_caveats(view, [each.measure for each in found.both])
    return _answer(
        view, SituationHeadlines, told, caveats, situation=view.situation_id, held=held, released_to_date=left
    )


def _tell_headline(view: View, found: Headline) -> list[str]:
    rests = "; ".join(headline_sentences.list_marks(view, found))
    return [
        *(tell_figure(view, each) for each in make_figures(view, found.rows)),
        f"{rests[:1].upper()}{rests[1:]}." if rests else "",
        "" if found.rows else headline_sentences.tell_missing(view, found)[1],
        headline_sentences.compose_direction(view, found),
        *tell_plainly(headline_sentences.link_passed_over(view, found)),
    ]


def _make_part(view: View, found: Headline) -> HeadlinePart:
    return HeadlinePart(
        measure=found.measure,
        figures=make_figures(view, found.rows),
        missing=None if found.rows else headline_sentences.tell_missing(view, found)[1],
        late=bool(found.rows) and is_stale(found.as_of, view.today, found.rhythm_days),
        change=headline_sentences.compose_direction(view, found),
        passed_over=tell_plainly(headline_sentences.link_passed_over(view, found)),
    )


def list_figures(
    measure: Annotated[str, Field(max_length=40, description="What is counted, e.g. in_custody.")],
    organisation: Annotated[
        str | None, Field(max_length=64, description="Who says it; the situation's own when null.")
    ] = None,
    part: Annotated[str, Field(max_length=200, description="total, or key=value as in sex=female.")] = TOTAL,
    around: Annotated[
        str | None, Field(max_length=10, description="A day, YYYY-MM-DD; the newest when null.")
    ] = None,
    limit: Limit = 8,
    situation: Situation = None,
    language: Language = "es",
    known_on: KnownOn = None,
) -> Annotated[CallToolResult, Figures]:
    """What one organisation said of one measure and part around a day: each figure with standing and doubt.

    The figures of one organisation only: never join them to another's, nor subtract them by hand. Each says
    whom it counts (`population`): of two populations they are two series.
    """
    view = open_asked(situation, language, known_on)
    who, counted, which = read_count(view, organisation, measure, part)
    day = None if around is None else read_day(around)
    rows, more = figures.list_around(view, who, counted, which, day, limit)
    shown = make_figures(view, rows)
    withheld = figures.count_withheld(view, who, counted, which)
    told = [tell_figure(view, each) for each in shown]
    told += [view.words.plural("programs.withheld", withheld)] if withheld else []
    of = {"situation": view.situation_id, "figures": shown, "withheld": withheld}
    return _answer(
        view, Figures, told or [view.words("empty.text")], list_caveats(view, [counted]), more, **of
    )


def read_figure(
    figure: FigureId, language: Language = "es", known_on: KnownOn = None
) -> Annotated[CallToolResult, FigureRecord]:
    """One figure by its id: what stands, what else was stated of it and why that does not, who carried it."""
    view, about = open_figure(figure, language, known_on)
    caveats = list_caveats(view, [about["measure"]])
    of: dict[str, Any] = {"situation": view.situation_id, "statements": [], "carriers": []}
    if view.known_on is not None:
        side = find_side(view, about)
        shown = make_figures(view, [*side.standing, *side.doubted])
        told = [tell_figure(view, each) for each in shown]
        told = told or [view.words("programs.not_known", day=view.words.day(view.today))]
        return _answer(view, FigureRecord, told, caveats, figures=shown, **of)
    found = figure_history.look_up(view, figure, view.build.id)
    rows = found.now or found.history[-1:]
    shown, statements = make_figures(view, rows), readings.list_statements(view, found.history)
    of["statements"] = tell_plainly(statements)[:MOST]
    of["carriers"] = tell_plainly(readings.list_carriers(view, figure_history.list_carriers(found)))[:MOST]
    told = [tell_figure(view, each) for each in shown]
    told += [*of["statements"], *of["carriers"], *tell_plainly(found.doubts)[:MOST]]
    return _answer(view, FigureRecord, told, caveats, figures=shown, **of)


def look_up_number(
    number: Annotated[
        str, Field(max_length=LONGEST_TYPED, description="454, 9.000, 808 left; in words of `language`.")
    ],
    situation: Situation = None,
    language: Language = "es",
) -> Annotated[CallToolResult, Lookup]:
    """Who said a number that somebody has seen: who counted what, since when, what was said later.

    A number that nobody published here is said to be that, with the nearest ones; nothing is guessed.
    """
    view = open_asked(situation, language)
    words, found = view.words, number_lookup.look_up(view, number)
    shown = make_figures(view, [match.state for match in found.matches])
    reading = number_lookup.tell_reading(view, found)
    told = [*([reading] if reading else []), *(_tell_mistake(view, each) for each in found.mistakes)]
    told += [f"{each.title}. {' '.join(each.told)}" for each in found.corrected]
    for match, figure in zip(found.matches, shown, strict=True):
        told += [*_tell_match(view, match), tell_figure(view, figure)]
    if found.number is not None and not found.matches and not found.corrected:
        told.append(words("lookup.none", number=words.number(found.number)))
        told += [words("lookup.nearest")] if found.nearest else []
        told += [f"{words.number(value)}: {who}" for value, who in found.nearest]
    caveats = list_caveats(view, [match.state["measure"] for match in found.matches])
    more = found.count - len(shown) if shown else 0
    of = {"situation": view.situation_id, "number": found.number, "figures": shown}
    return _answer(view, Lookup, told, caveats, more, **of)


def _tell_mistake(view: View, mistake: Mistake) -> str:
    parts = number_lookup.tell_mistake(view, mistake)
    return " ".join((f"{view.words('lookup.ours')}: {mistake.old.figure}.", *parts))


def _tell_match(view: View, match: number_lookup.Match) -> list[str]:
    words = view.words
    title = words("lookup.match", what=match.what, who=match.who, moment=match.moment)
    state = words(f"state.{find_state(match.state)}")
    parts = (f"{amounts.tell_amount(match.state, words)}: {title}", match.since, match.carried, state)
    told = [" ".join(f"{part[:1].upper()}{part[1:]}." for part in parts if part)]
    if match.later:
        told.append(words("lookup.later", later=words.listed(list(match.later))))
    if match.others:
        apart = f" ({words('lookup.apart')})"
        others = "; ".join(f"{each}{apart if differs else ''}" for each, differs in match.others)
        told.append(f"{words('lookup.others')}: {others}.")
    return told


def compare_figures(
    figure: FigureId, other: FigureId, language: Language = "es", known_on: KnownOn = None
) -> Annotated[CallToolResult, Comparison]:
    """Two figures by id, and their difference only where they are of one series and may be subtracted.

    Where they may not (two organisations, two definitions, a moment and a period, two starts, a small group
    that is withheld, a figure in doubt …), the reason is given and no difference: then there is none to give,
    and none may be worked out from the two values.
    """
    asked = [open_figure(each, language, known_on) for each in (figure, other)]
    asked.sort(key=lambda each: each[1]["as_of"])
    (view, about), (other_view, other_about) = asked
    one, two = find_side(view, about), find_side(other_view, other_about)
    earlier, later = comparison.list_shown(view, one), comparison.list_shown(other_view, two)
    difference, refusal, sentences = comparison.compare(view, one, two)
    told = [tell_figure(view, each) for each in earlier] + [tell_figure(other_view, each) for each in later]
    caveats = list_caveats(view, [about["measure"], other_about["measure"]])
    of: dict[str, Any] = {"earlier": earlier, "later": later, "difference": difference, "refusal": refusal}
    return _answer(view, Comparison, [*sentences, *told], caveats, **of)


def list_changes(
    since: Day, limit: Limit = 10, situation: Situation = None, language: Language = "es"
) -> Annotated[CallToolResult, News]:
    """What was published, revised or corrected since a day, that day included, the last first."""
    view = open_asked(situation, language)
    day = read_day(since)
    if day > view.today:
        raise ToolError(f"{day} is still to come: since is a day up to {view.today}")
    found = news_entries.find_news(view, day)
    ours = [*news_entries.list_front_page_corrections(view), *news_entries.list_correction_days(view)]
    ours = [entry for entry in ours if entry.changed >= day]
    shown = news_entries.merge_entries(ours, found.entries)[:limit]
    told = [line for entry in shown for line in _tell_entry(view, entry)] or [view.words("news.nobody")]
    news = [_make_news_line(view, entry) for entry in shown]
    more = found.size + len(ours) - len(shown)
    of = {"situation": view.situation_id, "since": day, "news": news}
    return _answer(view, News, told, list_caveats(view, []), more, **of)


def _make_news_line(view: View, entry: news_entries.NewsEntry) -> NewsLine:
    return NewsLine(
        published=entry.day,
        changed=entry.changed,
        age_days=(view.today - entry.changed).days,
        title=entry.title,
        sentence=entry.text,
        was=entry.was,
        figure_id=entry.figure,
        url=entry.url,
    )


def _tell_entry(view: View, entry: news_entries.NewsEntry) -> list[str]:
    told = view.words(
        "programs.news",
        sentence=entry.text,
        url=entry.url or view.words("no_data"),
        age=view.age_in_days(entry.changed),
    )
    return [entry.title, entry.was, f"{told} [figure_id {entry.figure}]" if entry.figure else told]


def _answer(
    view: View, kind: type[Answer], told: Sequence[str], caveats: Sequence[str], more: int = 0, **of: Any
) -> CallToolResult:
    words, told = view.words, [line for line in told if line]
    answer = kind(
        build=view.build.id,
        built_at=view.build.built_at,
        language=view.language,
        counted_to=view.today,
        known_on=view.today if view.known_on is not None else None,
        sentences=told,
        caveats=list(caveats),
        left_out=more,
        **of,
    )
    last = [
        *([words.plural("programs.more", more)] if more else []),
        *caveats,
        words(
            "programs.edition",
            build=view.build.id,
            day=words.day(view.today),
            licence=words("footer.licence"),
        ),
    ]
    text = "\n".join([*_cut(view, told, LONGEST - sum(map(len, last))), *last])
    return CallToolResult(
        content=[TextContent(type="text", text=text)], structured_content=answer.model_dump(mode="json")
    )


def _tell_edition(view: View) -> str:
    words, day = view.words, view.words.day(view.today)
    return words("programs.edition", build=view.build.id, day=day, licence=words("footer.licence"))


def _cut(view: View, told: Sequence[str], most: int) -> list[str]:
    """Whole sentences up to a length: half a sentence could lose its hedge."""
    kept: list[str] = []
    for line in told:
        most -= len(line) + 1
        if most < 0:
            return [*kept, view.words("programs.cut")]
        kept.append(line)
    return kept


TOOLS: Final = (
    list_situations, read_headline, list_figures, read_figure, look_up_number, compare_figures, list_changes,
)  # fmt: skip
