"""What must never enter the data: identity numbers, phones, e-mail addresses.

The patterns are written for both regex engines in use (Python's and the one of polars), so there is one
definition of what is refused.
"""

import re
from typing import Final

import polars as pl

# An identity number after its letter or its label, a national or international phone, an e-mail.
_IDENTITY: Final = r"\b[VvEeJj]\s?[-–.]?\s?\d{1,2}[.\s]?\d{3}[.\s]?\d{3}\b"
_IDENTITY_LABEL: Final = (
    r"(?i:\bc\.?\s?i\.?|\bc[ée]dula|\bpasaporte|\bpassport)\s*(?i:n[°ºo]\.?|:)?\s*[:#]?\s*\d[\d.\s]{5,}"
)
_PHONE: Final = (
    r"(?:\+\d{1,3}[\s.-]?)?\(?\b0?4\d{2}\)?[\s.-]?\d{3}[\s.-]?\d{2}[\s.-]?\d{2}\b"
    r"|\+\d{2}[\s.-]?\d{3}[\s.-]?\d{6,7}\b"
)
_EMAIL: Final = r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
PERSONAL: Final = "|".join(f"(?:{part})" for part in (_IDENTITY, _IDENTITY_LABEL, _PHONE, _EMAIL))
MASK: Final = "▒▒▒"

_compiled: Final = re.compile(PERSONAL)


def has_personal_data(text: str) -> bool:
    """True where the text carries something like an identity number, a phone or an e-mail address."""
    return _compiled.search(text) is not None


def mask_numbers(text: str) -> str:
    """The text with every such number or address replaced by a mask."""
    return _compiled.sub(MASK, text)


def match_personal(column: str) -> pl.Expr:
    """Boolean: the column's text carries something that looks personal; false where it is null."""
    return pl.col(column).str.contains(PERSONAL).fill_null(False)


def mask_expression(expression: pl.Expr) -> pl.Expr:
    """The text with every such number or address replaced by a mask."""
    return expression.str.replace_all(PERSONAL, MASK)
