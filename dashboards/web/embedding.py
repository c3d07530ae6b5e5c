"""Where pages that others show in a frame are, and the code that shows them there.

The frame's page says how high it is (static/frame.js), and a small script beside the frame listens
(static/embed.js). Both stand under a version: what a page of somebody's holds keeps working.
"""

from pathlib import Path
from typing import Final

from dashboards.i18n.translations import Words
from dashboards.web.html import escape_text

EMBED: Final = "embed"  # the ending of a chart's page in a frame
STATIC: Final = Path(__file__).resolve().parent / "static"
SCRIPTS: Final = "embed/v1/"  # where both scripts are, below the site or the app
HOST, FRAME = f"{SCRIPTS}embed.js", f"{SCRIPTS}frame.js"
# Without the script a frame has one height for its width, as nearly as a style can say it: a wide picture and
# the lines below it; on a phone, where the frame is about as wide as the screen, a tall one.
WIDE_LEAST, PHONE, LINES = 420, 560, 90  # pixels: the least height, the widest phone, the lines below
STYLE: Final = (
    f"width:100%;aspect-ratio:3/2;border:0;"
    f"min-height:max({WIDE_LEAST}px,min(125vw + {LINES}px,({PHONE}px - 100vw)*999))"
)

ROWS: Final = 12  # of a table without a picture


def tell_rows(words: Words, count: int) -> str:
    """How many of a table's rows stand in the frame, where not all do."""
    if count <= ROWS:
        return ""
    return words("site.embed_rows", shown=words.number(ROWS), count=words.number(count))


def make_chart_path(language: str, name: str, ending: str = "html") -> str:
    """A chart's page on the site or one of its files; `embed.html` is its newest page in a frame."""
    return f"{language}/charts/{name}.{ending}"


def make_pinned_path(build_id: str, language: str, name: str, ending: str = "html") -> str:
    """A file of one build that no later publish changes; its page is the one in a frame."""
    return f"builds/{build_id}/{language}/{name}.{ending}"


def make_app_path(language: str, situation: str, name: str) -> str:
    """A chart's or a figure's page in a frame, below the app."""
    return f"embed/{language}/{situation}/{name}"


def write_iframe(source: str, title: str, script: str) -> str:
    """HTML to copy: a frame as wide as its place, and the script that gives it the height of its content."""
    return _write_frame(source, title, f'style="{STYLE}"') + write_script(script)


def write_sized_iframe(source: str, title: str, width: int, height: int) -> str:
    """A frame of these pixels, for programs that ask for some."""
    return _write_frame(source, title, f'width="{width}" height="{height}" style="max-width:100%;border:0"')


def write_script(script: str) -> str:
    """The element that loads the script beside a frame."""
    return f'<script async src="{escape_text(script)}"></script>'


def find_height(width: int) -> int:
    """About how high a frame of this width is in pixels, when the script has not said it."""
    return round(width * 1.25) + LINES if width < PHONE else max(WIDE_LEAST, round(width * 2 / 3))


def read_script(name: str) -> bytes:
    """One of the two scripts as it is served; `name` as in its path. Raises KeyError for any other."""
    if name not in (HOST, FRAME):
        raise KeyError(name)
    return (STATIC / name.rsplit("/", 1)[-1]).read_bytes()


def _write_frame(source: str, title: str, look: str) -> str:
    return f'<iframe src="{escape_text(source)}" title="{escape_text(title)}" loading="lazy" {look}></iframe>'
