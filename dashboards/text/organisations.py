"""Who counts what, and whom a relative can ask."""

from collections.abc import Collection, Iterable

import polars as pl

from dashboards.i18n.rich_text import Cell, Link
from dashboards.i18n.translations import Named, Words
from dashboards.queries import series
from dashboards.queries.view import View
from pipelines.core.model import Measure
from pipelines.core.situation import Help

HEADED = (Measure.IN_CUSTODY.value, Measure.RELEASED_TO_DATE.value)  # measures that a headline is of


def tell_counts(view: View, organisation: str, measures: Collection[str] | None = None) -> list[str]:
    """What an organisation says that it counts, under these measures or all."""
    words = view.words
    own = series.select_rows(
        series.read_definitions(view.build, view.situation_id), organisation=organisation
    )
    return [
        f"{words('measure.' + row['measure'])}: {words.of_column(row, 'text')}"
        for row in own.to_dicts()
        if measures is None or row["measure"] in measures
    ]


def find_primary(view: View) -> Link:
    """The organisation whose figures head the pages."""
    organisation = view.situation.primary_organisation
    listed = series.select_rows(
        series.read_organisations(view.build, view.situation_id), organisation=organisation
    )
    website = listed["website"][0] if listed.height else None
    return Link(view.words("who.primary", organisation=name_in_sentence(view, organisation)), website)


def tell_who_counts_what(view: View) -> list[Cell]:
    """What the primary organisation says that it counts, and who else has published totals: of the same
    people, as “Progress” shows them, or only of others.
    """
    lines: list[Cell] = [find_primary(view), *tell_counts(view, view.situation.primary_organisation)]
    for key, others in zip(("who.others", "who.others_apart"), _list_others(view), strict=True):
        if others:
            lines.append(view.words(key, organisations=view.words.listed(others)))
    return lines


def _list_others(view: View) -> tuple[list[str], list[str]]:
    """Who has totals of the people whom the situation counts, and who has them only of others."""
    heads = series.read_heads(view.build, view.situation_id, view.known_on).filter(
        pl.col("measure").is_in(HEADED)
    )
    usual = {measure: view.population(Measure(measure)) for measure in HEADED}
    same = heads.filter(pl.col("population") == pl.col("measure").replace_strict(usual))
    first, every = set(same["organisation"]), set(heads["organisation"])
    first.discard(view.situation.primary_organisation)
    every.discard(view.situation.primary_organisation)
    return sorted(view.names[each] for each in first), sorted(view.names[each] for each in every - first)


def has_stated_rhythm(view: View, organisation: str) -> bool:
    """Whether the situation states how often an organisation's figures are expected (`rhythm_days`): what
    was read of it may come otherwise.
    """
    listed = series.read_organisations(view.build, view.situation_id)
    return series.select_rows(listed, organisation=organisation)["rhythm_days"].is_not_null().any()


def compose_help_line(view: View, entry: Help) -> Cell:
    """Where a relative can ask."""
    return [Link(entry.name, entry.url), view.words.of(entry.text)]


def name_short(view: View, organisation: str) -> str:
    """What a chart calls an organisation: its short form where it has one."""
    texts = view.situation.organisation_short_names.get(organisation, {})
    return texts.get(view.language, view.names[organisation])


def name_subject(view: View, organisation: str, first: bool = False) -> Named:
    """An organisation as the subject of a sentence, with its article; `first` begins it."""
    texts = view.situation.organisation_subjects.get(organisation, {})
    name = texts.get(view.language, name_short(view, organisation))
    return Named(name[:1].upper() + name[1:] if first else name)


def name_in_sentence(view: View, organisation: str, words: Words | None = None) -> Named:
    """An organisation within a sentence: its whole name, with the article that it takes.

    In the language of `words`, which is the view's unless another is asked for.
    """
    language = view.language if words is None else words.language
    names = series.read_organisation_names(view.build, view.situation_id, language)
    name = names.get(organisation, organisation)
    subject = view.situation.organisation_subjects.get(organisation, {}).get(language)
    if subject is None:
        return Named(name)
    article, _, rest = subject.partition(" ")
    return Named(f"{article} {name if rest[:1].isupper() else name[:1].lower() + name[1:]}")


def explain_short_names(view: View, organisations: Iterable[str]) -> str:
    """What the initials among short names stand for: UN: United Nations; empty without any."""
    told = [
        view.words("organisations.initials", short=short, name=name)
        for each in dict.fromkeys(organisations)
        if (short := name_short(view, each)).isupper() and short != (name := _name_long(view, each))
    ]
    return f"{'; '.join(told)}." if told else ""


def _name_long(view: View, organisation: str) -> str:
    texts = view.situation.organisation_long_names.get(organisation, {})
    return texts.get(view.language, view.names[organisation])
