"""Where the static site keeps what other pages show in a frame, and the code that shows it there."""

from typing import Final

from dashboards.web.html import escape_text

EMBED: Final = "embed"  # the ending of a chart's page in a frame
# The picture and the lines below it: wide where the frame is wide, as tall as a phone's picture elsewhere.
STYLE: Final = "width:100%;aspect-ratio:1200/800;min-height:560px;border:0"


def make_chart_path(language: str, name: str, ending: str = "html") -> str:
    """A chart's page on the site or one of its files; `embed.html` is its newest page in a frame."""
    return f"{language}/charts/{name}.{ending}"


def make_pinned_path(build_id: str, language: str, name: str, ending: str = "html") -> str:
    """A file of one build that no later publish changes; its page is the one in a frame."""
    return f"builds/{build_id}/{language}/{name}.{ending}"


def write_iframe(source: str, title: str) -> str:
    """HTML to copy: a frame that is as wide as its place and as high as that makes it, without a script."""
    return (
        f'<iframe src="{escape_text(source)}" title="{escape_text(title)}" loading="lazy" '
        f'style="{STYLE}"></iframe>'
    )
