"""The forms of a reference: BibTeX entries and YAML blocks, each text escaped as its form wants it."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LATEX: Final = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",  # BibTeX counts braces, a backslash before them or not
    "}": r"\textbraceright{}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
}


def bibtex_entry(key: str, author: str, title: str, day: date, **fields: str) -> str:
    """One @misc entry in UTF-8; author and title in double braces, so that no name is taken apart."""
    entries = {
        "author": f"{{{_latex(author)}}}",
        "title": f"{{{_latex(title)}}}",
        "year": str(day.year),
        "month": MONTHS[day.month - 1],
        **{
            name: value if name == "url" else _latex(re.sub(r"\s+", " ", value).strip())
            for name, value in fields.items()
            if value.strip()
        },
    }
    if "url" in entries:
        entries["url"] = entries["url"].translate({ord("{"): "%7B", ord("}"): "%7D", ord("\\"): "%5C"})
    lines = (f"  {name} = {value if name == 'month' else f'{{{value}}}'}" for name, value in entries.items())
    return f"@misc{{{re.sub(r'[^A-Za-z0-9-]', '-', key)},\n" + ",\n".join(lines) + "\n}\n"


def _latex(text: str) -> str:
    """Text that LaTeX prints as it stands."""
    return "".join(_LATEX.get(character, character) for character in text)


def yaml_lines(content: Mapping[str, Any], indent: str = "") -> list[str]:
    """A mapping as YAML in blocks; every text is a quoted scalar, which YAML reads as JSON does."""
    lines = []
    for name, value in content.items():
        if value is None or value == []:
            continue
        if isinstance(value, str):
            lines.append(f"{indent}{name}: {json.dumps(value, ensure_ascii=False)}")
        elif isinstance(value, Mapping):
            lines += [f"{indent}{name}:", *yaml_lines(value, indent + "  ")]
        else:
            lines += [f"{indent}{name}:", *_items(value, indent + "  ")]
    return lines


def _items(items: Sequence[Mapping[str, Any]], indent: str) -> list[str]:
    lines = []
    for item in items:
        first, *rest = yaml_lines(item, indent + "  ")
        lines += [f"{indent}- {first.strip()}", *rest]
    return lines
