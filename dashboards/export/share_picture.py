"""The picture that a messaging app shows of an address: the figure, its day and its source in large type.

Chromium draws several in one go, one below the other; they are cut apart here.
"""

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from PIL import Image

from dashboards.charts import fonts
from dashboards.exhibits.exhibit import Exhibit, name_counted_thing
from dashboards.exhibits.situations import tell_signer
from dashboards.export import chromium
from dashboards.metrics import headline
from dashboards.metrics.headline import find_headlines
from dashboards.queries import series
from dashboards.queries.view import View
from dashboards.text import amounts, labels, statement_sentences
from dashboards.text.organisations import name_in_sentence
from dashboards.web import headline_card
from dashboards.web.headline_card import Card

WIDTH, HEIGHT = 1200, 630
LINE_LETTERS: Final = 90  # of a title in the largest letters
TEMPLATES: Final = Path(__file__).resolve().parent / "templates"


@dataclass(frozen=True)
class Picture:
    """What one picture says."""

    name: str
    kicker: str
    source: str
    title: str = ""
    figure: str = ""
    moment: str = ""
    sides: tuple[Card, ...] = ()

    @property
    def letters(self) -> str:
        """How large the title's are: a sentence is made smaller, never cut within a number."""
        room = 110 if self.figure else 220
        return "" if len(self.title) <= LINE_LETTERS else "long" if len(self.title) <= room else "longest"


def draw(view: View, pictures: Sequence[Picture]) -> Iterator[bytes]:
    """Pictures as PNG in few colours, in order. Raises MissingBrowserError, PictureFailedError."""
    shot = chromium.print_png(write_page(view, pictures), WIDTH, HEIGHT * len(pictures))
    with Image.open(io.BytesIO(shot)) as image:
        whole = image.convert("RGB")
    for number in range(len(pictures)):
        cut = whole.crop((0, number * HEIGHT, WIDTH, (number + 1) * HEIGHT))
        out = io.BytesIO()
        few = cut.quantize(32, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        few.save(out, "PNG")
        yield out.getvalue()


def write_page(view: View, pictures: Sequence[Picture]) -> str:
    """The pictures as a page, one below the other; figures of another group are shown under its name."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    return environment.get_template("share_picture.html").render(
        pictures=pictures,
        signer=tell_signer(view),
        language=view.language,
        face=Markup(fonts.write_face()),
        family=Markup(fonts.FAMILY),
    )


def make_home(view: View) -> Picture:
    """Both headline figures, each with its day; of a day gone back to, as they were known then."""
    words, found = view.words, find_headlines(view)
    since = words.short_day(view.situation.baseline)
    sides = tuple(
        replace(
            headline_card.build_card(view, each), label=headline_card.name_card(view, each.measure, since)
        )
        for each in found.both
    )
    who = words("card.who", organisation=name_in_sentence(view, found.held.organisation))
    build = words("site.build_short", build=view.build.id)
    return Picture("home", make_kicker(view), _add_known(view, f"{who}. {build}."), sides=sides)


def make_titled(view: View, name: str, title: str) -> Picture:
    """A page that is about many figures: its title, and who publishes them."""
    return Picture(
        name, make_kicker(view), statement_sentences.compose_source(view, _read_shown(view)), title
    )


def make_chart(view: View, name: str, exhibit: Exhibit) -> Picture:
    """A chart by its title, with its newest figure where its rows are of one series."""
    figure, moment = _find_newest(view, exhibit)
    return Picture(f"chart-{name}", make_kicker(view), exhibit.source, exhibit.title, figure, moment)


def make_figure(view: View, row: Mapping[str, Any], note: str = "") -> Picture:
    """One statement: who counts what, how many on which day, through whom; no number where withheld.

    `note` says what became of it since.
    """
    words = view.words
    hidden = row["value"] is None and row.get("fewer_than") is None
    return Picture(
        "figure",
        make_kicker(view),
        " ".join(filter(None, (note, _tell_publication(view, row)))),
        f"{statement_sentences.name_speaker(view, row['organisation'])}: {name_counted_thing(view, row)}",
        words("doubts.withheld") if hidden else amounts.tell_amount(row, words),
        labels.tell_short_moment(row, words) if row["as_of"] else "",
    )


def make_kicker(view: View) -> str:
    """The name of the project and of the situation."""
    return f"{view.words('app.name')} · {view.words.of(view.situation.name)}"


def _tell_publication(view: View, row: Mapping[str, Any]) -> str:
    words = view.words
    told = words(
        "quote.published", day=words.day(row["published"]), publisher=view.publisher(row["publisher"])
    )
    marks = [words(f"doubt.{row['doubt']}")] if row.get("doubt") else []
    if row.get("standing", "stands") != "stands":
        marks.append(labels.tell_standing(row, words))
    notes = "; ".join([told, *marks])
    return _add_known(
        view, f"{notes[:1].upper()}{notes[1:]}. {words('site.build_short', build=view.build.id)}."
    )


def _add_known(view: View, text: str) -> str:
    if view.known_on is None:
        return text
    return f"{text} {view.words('known.source', day=view.words.day(view.today))}"


def _read_shown(view: View) -> Any:
    return find_headlines(view).shown


def _find_newest(view: View, exhibit: Exhibit) -> tuple[str, str]:
    """The chart's newest figure and its moment, where its rows are figures of one series."""
    frame = exhibit.frame
    needed = {"as_of", "qualifier", "value", "value_high", "as_of_precision", "organisation", "measure"}
    if frame.is_empty() or not needed <= set(frame.columns):
        return "", ""
    if frame["organisation"].n_unique() > 1 or frame["measure"].n_unique() > 1:
        return "", ""
    frame = frame.sort("as_of", maintain_order=True)
    row = headline.list_newest(view, frame)[-1]
    if headline.select_told(view, series.select_rows(frame, baseline=row["baseline"])).is_empty():
        return "", ""
    return amounts.tell_amount(row, view.words), labels.tell_short_moment(row, view.words)
