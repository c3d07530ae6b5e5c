"""What a reader on a phone takes in at once: whether the number rises or falls, what it does not say, and
the text to send on."""

from html import escape
from typing import Final
from urllib.parse import urlencode

from dashboards import answers, markup, telling
from dashboards.latest import Headline, Headlines
from dashboards.view import View

STEPS: Final = ("custody", "house", "measures", "free")  # the ladder, lowest first


def direction(view: View, held: Headline) -> str:
    """Whether the number of people in prison rose or fell between the last two figures, in plain words."""
    words = view.words
    if held.change is None:
        return words("headline.no_direction" if held.passed_over else "glance.no_change")
    change = held.change
    days = {
        "before_day": telling.moment(change.before[0], words),
        "after_day": telling.moment(change.after[0], words),
    }
    if change.refusal is not None:
        return words("glance.unknown", **days)
    if change.outcome == "same":
        return words("glance.same", **days)
    return words.plural(f"glance.{change.outcome}", change.people, **days)


def html(view: View, found: Headlines) -> str:
    """Below the two figures: the direction, whom it says nothing of, what a word means, and sending it on."""
    words = view.words
    return (
        '<div class="lm-glance">'
        + f"<p>{escape(direction(view, found.held))} <strong>{escape(words('glance.no_person'))}</strong></p>"
        + '<div class="lm-asides">'
        + markup.folded(words("glance.word"), ladder(view))
        + markup.folded(words("glance.send"), _send(view, found))
        + "</div></div>"
    )


def ladder(view: View) -> str:
    """What *excarcelado* means, and the four steps from prison to full freedom."""
    words = view.words
    steps = "".join(f"<li>{escape(words(f'family.step_{step}'))}</li>" for step in STEPS)
    return markup.paragraph(words("family.word_text")) + f'<ol class="lm-list">{steps}</ol>'


def message(view: View, found: Headlines) -> str:
    """What is sent: the answer with its days and its source, and that it is about nobody in particular."""
    words = view.words
    name = words.about("overview.title", view.situation)
    return "\n".join([name, answers.answer(view, found), words("glance.no_person")])


def _send(view: View, found: Headlines) -> str:
    """The text and a button; static/page.js sends or copies it with the address. No other host has a part."""
    words = view.words
    kept = {"situation": view.situation_id, "lang": view.language}
    if view.known_on is not None:
        kept["known"] = view.known_on.isoformat()
    said = {"copied": words("glance.copied"), "selected": words("glance.selected")}
    data = "".join(f' data-{key}="{escape(text)}"' for key, text in said.items())
    return (
        markup.paragraph(words("glance.send_note"))
        + f'<p class="lm-message">{escape(message(view, found))}</p>'
        + f'<button type="button" class="lm-send" data-address="./?{escape(urlencode(kept))}"{data}>'
        + f"{escape(words('glance.send_button'))}</button>"
        + '<p class="lm-sent" role="status"></p>'
    )
