"""What the tools answer, as programs read it: the schemas of the structured content.

Columns have the names and meanings of the codebook (docs/marts.md, `codebook.*` in the catalogues).
"""

from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from dashboards.i18n.translations import read_words
from dashboards.queries.view import LICENCE_URL

_MEANINGS = read_words("en")


def _column(name: str) -> str:
    return _MEANINGS(f"codebook.{name}")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Figure(_Strict):
    """One published figure with its source, its age and everything that must be said beside it."""

    figure_id: str = Field(description=_column("figure_id"))
    sentence: str = Field(description="The sentence to quote: it stays true alone. Do not shorten it.")
    organisation: str = Field(description=_column("organisation"))
    organisation_name: str = Field(description=_column("name"))
    measure: str = Field(description=_column("measure"))
    kind: str = Field(description=_column("kind"))
    population: str = Field(description=_column("population"))
    breakdown: str = Field(description=_column("breakdown"))
    qualifier: str | None = Field(description=f"{_column('qualifier')} Null where the value is withheld.")
    value: int | None = Field(description=_column("value"))
    value_high: int | None = Field(description=_column("value_high"))
    withheld: bool = Field(description=_column("suppressed"))
    counted_since: date | None = Field(description=_column("period_start"))
    as_of: date = Field(description=_column("as_of"))
    as_of_precision: str = Field(description=_column("as_of_precision"))
    published: date = Field(description=_column("published"))
    age_days: int = Field(description="Days from `as_of` to the day that the answer counts to.")
    publisher: str = Field(description=_column("publisher"))
    url: str | None = Field(description=_column("url"))
    provenance: str = Field(description=_column("provenance"))
    standing: str = Field(description=_column("standing"))
    in_doubt: str | None = Field(
        description="The rule by which it is in doubt, in words; a figure in doubt is never a headline."
    )
    read_again: str = Field(description="Whether and when it was read again in its source, in words.")


class Answer(_Strict):
    """What every answer carries: which build it is of, counted to which day, under which licence."""

    build: str = Field(description="The id of the build that was asked.")
    built_at: str = Field(description="When that build was made.")
    language: str
    counted_to: date = Field(description="The day that ages are counted to.")
    known_on: date | None = Field(description="The past day that was asked for; null is all that is known.")
    licence: str = Field(default=LICENCE_URL, description="Of all figures; name the source of each.")
    sentences: list[str] = Field(description="The answer; each sentence stays true alone.")
    caveats: list[str] = Field(description="What has to be said with it.")
    left_out: int = Field(default=0, description="How many more there are than this answer lists.")


class SituationLine(_Strict):
    """One situation with its newest headline of people held, or none."""

    situation: str = Field(description=_column("situation"))
    name: str
    sentence: str
    figures: list[Figure] = Field(
        description="One figure, more that contradict each other, or none; none is not zero."
    )


class Situations(Answer):
    """Every situation, the newest figure first. Nothing is summed over them."""

    situations: list[SituationLine]


class HeadlinePart(_Strict):
    """One of the two headlines of a situation."""

    measure: str = Field(description=_column("measure"))
    figures: list[Figure] = Field(description="One figure, more that contradict each other, or none.")
    missing: str | None = Field(description="Why there is none, in words.")
    late: bool = Field(description="Whether what is given is older than its organisation's rhythm allows.")
    change: str = Field(description="Since the figure before it, or why that cannot be said, in words.")
    passed_over: list[str] = Field(description="Newer figures that are no headline, and why, in words.")


class SituationHeadlines(Answer):
    """How many are held and how many have left prison, according to the situation's own organisation."""

    situation: str
    held: HeadlinePart
    released_to_date: HeadlinePart


class Figures(Answer):
    """Figures in the order of their days."""

    situation: str
    figures: list[Figure]
    withheld: int = Field(description="How many more are withheld so as not to expose a small group.")


class FigureRecord(Answer):
    """One figure: what stands under its id, all that was stated of it, and who carried it."""

    situation: str
    figures: list[Figure]
    statements: list[str] = Field(description="Each statement of it, what became of it and why, in words.")
    carriers: list[str] = Field(description="Each publication of it and how it was read again, in words.")


class Difference(_Strict):
    """What the later figure is above the earlier one; computed here, published by nobody."""

    outcome: str = Field(description="same, rose, fell, rose_at_least or fell_at_least.")
    least: int | None = Field(description="The least that it can be; null is unbounded.")
    most: int | None = Field(description="The most that it can be; null is unbounded.")


class Comparison(Answer):
    """Two figures, and their difference where they are of one series and may be subtracted."""

    earlier: list[Figure]
    later: list[Figure]
    refusal: str | None = Field(description="Why there is no difference, as a code; null where there is one.")
    difference: Difference | None = Field(description="Null where it is refused: then there is none to give.")


class Lookup(Answer):
    """Who published a number, of what and when."""

    situation: str
    number: int | None = Field(description="The number read in the text; null where it holds none.")
    figures: list[Figure]


class NewsLine(_Strict):
    """One figure that is new or changed, or a correction of our own."""

    published: date
    changed: date
    age_days: int = Field(description="Days from `changed` to the day that the answer counts to.")
    title: str
    sentence: str
    was: str = Field(description="What stood before, in words; empty for a new figure.")
    figure_id: str = Field(description="Empty for a correction of our own.")
    url: str


class News(Answer):
    """What was published, revised or corrected since a day, the last first."""

    situation: str
    since: date
    news: list[NewsLine]
