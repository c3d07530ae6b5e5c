"""The Content-Security-Policy of each page, as its meta tag states it.

Nothing is allowed but what the page itself brings. A style within the page is allowed by its hash.
"""

import base64
import hashlib
from typing import Final

# Plotly makes an empty style element and fills it by script: its content, the empty text, is allowed.
_EMPTY: Final = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
# And it measures text in an element with this one style attribute; a new version of Plotly may need another.
_MEASURING: Final = "'unsafe-hashes' 'sha256-wkY2X5hecQzbhnFCqvTpwrUJ1f4X8LH5WFjYUzv1wmU='"


def digest(text: str) -> str:
    """A text's hash as a policy names it."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def strict(style: str = "") -> str:
    """For a page without scripts; `style` is the text of its own style element."""
    styles = digest(style) if style else "'self'"
    return f"default-src 'none'; style-src {styles}; img-src 'self'; base-uri 'none'; form-action 'none'"


def framing() -> str:
    """For a page that shows other pages of the site in frames."""
    return f"{strict()}; frame-src 'self'"


def drawing() -> str:
    """For a page on which our own script draws a chart from data within the page."""
    return (
        f"default-src 'none'; script-src 'self'; style-src 'self' {_EMPTY} {_MEASURING}; "
        "img-src 'self' blob: data:; "
        "base-uri 'none'; form-action 'none'"
    )
