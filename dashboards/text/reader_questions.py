"""What "something is wrong here" writes for its reader: about a figure, a chart or a page."""

from collections.abc import Mapping
from typing import Any

from dashboards.queries.view import View
from dashboards.text import amounts, labels, statement_sentences
from pipelines.core.question_channel import WrittenQuestion


def ask_about_figure(view: View, row: Mapping[str, Any], address: str) -> WrittenQuestion:
    """A question about one statement of a figure (a row as in `statement_sentences.quote`).

    Of a number that is withheld, in doubt or does not stand it is said that it is so, without the number.
    """
    words = view.words
    moment = labels.tell_moment(row, words) if row["as_of"] else words("no_day")
    if row["value"] is None:
        value = words("question.value_withheld")
    elif row["doubt"]:
        value = words("question.value_doubted")
    elif row["standing"] != "stands":
        value = labels.tell_standing(row, words)
    else:
        value = ""
    return _write(
        view,
        subject=words("question.about_figure", name=row["figure_id"]),
        about=words(
            "question.named",
            organisation=statement_sentences.name_speaker(view, row["organisation"]),
            what=labels.name_with_window(view, dict(row)),
            moment=moment,
        )
        if value
        else f"{statement_sentences.compose_statement(view, row)}.",
        facts=(
            words("question.figure", name=row["figure_id"]),
            words("question.build", build=view.build.id),
            words("question.value", value=value or amounts.tell_amount(row, words)),
            words("question.day", day=moment),
        ),
        address=address,
    )


def ask_about_chart(view: View, name: str, title: str, address: str) -> WrittenQuestion:
    """A question about a chart or a table by its name, with the title that it shows."""
    return _ask_about_named(view, "chart", name, title, address)


def ask_about_page(view: View, name: str, title: str, address: str) -> WrittenQuestion:
    """A question about a page by its name, with the title that it shows."""
    return _ask_about_named(view, "page", name, title, address)


def _ask_about_named(view: View, kind: str, name: str, title: str, address: str) -> WrittenQuestion:
    words = view.words
    facts = [
        words(f"question.{kind}", name=name),
        words("question.build", build=view.build.id),
        words("question.situation", name=view.situation_id),
    ]
    if view.known_on is not None:
        facts.append(words("question.known", day=words.day(view.today)))
    return _write(view, words(f"question.about_{kind}", name=name), title, tuple(facts), address)


def _write(view: View, subject: str, about: str, facts: tuple[str, ...], address: str) -> WrittenQuestion:
    words = view.words
    where = (words("question.address", address=address),) if address else ()
    return WrittenQuestion(
        subject=f"{words('app.name')}: {subject}",
        about=about,
        facts=(*facts, *where),
        asks=(f"{words('question.wrong')} ", "", words("question.no_names")),
    )
