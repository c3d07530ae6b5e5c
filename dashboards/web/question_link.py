"""The link "something is wrong here", which opens the group's own channel; none where there is no channel."""

from dashboards.queries.view import View
from dashboards.web.html import APP, Html, escape_text
from pipelines.core.question_channel import WrittenQuestion, make_link


def render_question_link(
    view: View, question: WrittenQuestion, medium: Html = APP, style: str = "", whole: bool = False
) -> str:
    """The link as HTML; empty where the situation names no channel.

    `whole` leaves the frame that the page is shown in.
    """
    channel = view.situation.questions
    if channel is None:
        return ""
    link = make_link(channel, question)
    styles = escape_text(f"{medium.prefix}wrong {style}".strip())
    if whole:
        target = ' target="_top"'
    else:
        target = ' target="_blank"' if medium is APP and channel.mail is None else ""
    return (
        f'<a class="{styles}" href="{escape_text(link)}"{target} rel="noopener noreferrer nofollow">'
        f"{escape_text(view.words('question.link'))}</a>"
    )
